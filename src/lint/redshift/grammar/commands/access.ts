// Users, groups, roles, datashares, policies, identity providers: by synopsis.
// https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_commands.html

const userOptions =
  '[ [ with ] { createdb | nocreatedb | createuser | nocreateuser | syslog access { restricted | unrestricted } | password { <password:string> | disable } | valid until { <until:string> | infinity } | connection limit { <limit:number> | unlimited } | session timeout <timeout:number> | reset session timeout | externalid <id:string> } ]*';
const grantees = '{ public | role <role:name> | <user:name> }…';

export const accessCommands: readonly (readonly [string, string])[] = [
  ['create user', `create user <name:name> [ with ] [ in group <group:name>… ] ${userOptions} [ in group <group:name>… ] ${userOptions}`],
  ['alter user', `alter user <name:name> rename to <to:name>`],
  ['alter user', `alter user <name:name> { set <parameter:word> { to | = } { default | <value:expression> } | reset <parameter:word> }`],
  ['alter user', `alter user <name:name> ${userOptions}`],
  ['drop user', 'drop user if:[ if exists ] <name:name>…'],
  ['create group', 'create group <name:name> [ [ with ] user <user:name>… ]'],
  ['alter group', 'alter group <name:name> { add user <user:name>… | drop user <user:name>… | rename to <to:name> }'],
  ['drop group', 'drop group <name:name>'],
  ['create role', 'create role <name:name> [ externalid <id:string> ]'],
  ['alter role', 'alter role <name:name> [ with ] { rename [ to ] <to:name> | owner to <to:name> | externalid [ to ] <id:string> }*'],
  ['drop role', 'drop role <name:name> [ force | restrict ]'],

  ['create datashare', 'create datashare <share:name> [ [ set ] publicaccessible [ = ] [ true | false ] ]'],
  [
    'alter datashare',
    'alter datashare <share:name> { { add | remove } { table <table:relation>… | schema <schema:name>… | function <function:relation> ( [ <type:type>… ] ) | all tables in schema <schema:name>… | all functions in schema <schema:name>… } | set publicaccessible [ = ] { true | false } | set includenew [ = ] { true | false } for schema <schema:name> }',
  ],
  ['drop datashare', 'drop datashare <share:name>'],

  [
    'create rls policy',
    'create rls policy <policy:relation> [ with ( { <column:name> <type:type> }… ) [ [ as ] <alias:name> ] ] using ( <condition:expression> )',
  ],
  ['alter rls policy', 'alter rls policy <policy:relation> using ( <condition:expression> )'],
  ['drop rls policy', 'drop rls policy if:[ if exists ] <policy:relation> [ cascade | restrict ]'],
  ['attach rls policy', `attach rls policy <policy:relation> on [ table ] <table:relation>… to ${grantees}`],
  ['detach rls policy', `detach rls policy <policy:relation> on [ table ] <table:relation>… from ${grantees}`],
  [
    'create masking policy',
    'create masking policy if:[ if not exists ] <policy:relation> with ( { <column:name> <type:type> }… ) using ( <mask:expression>… )',
  ],
  ['alter masking policy', 'alter masking policy <policy:relation> using ( <mask:expression>… )'],
  ['drop masking policy', 'drop masking policy if:[ if exists ] <policy:relation>'],
  [
    'attach masking policy',
    `attach masking policy <policy:relation> on <table:relation> ( <column:expression>… ) [ using ( <column:expression>… ) ] to ${grantees} [ priority <priority:number> ]`,
  ],
  ['detach masking policy', `detach masking policy <policy:relation> on <table:relation> ( <column:expression>… ) from ${grantees}`],

  [
    'create identity provider',
    'create identity provider <provider:name> type <type:word> namespace <namespace:string> [ parameters <parameters:string> | application_arn <arn:string> | iam_role { default | <role:string> } | auto_create_roles { true | false } [ include groups like <pattern:string> | exclude groups like <pattern:string> ] ]*',
  ],
  [
    'alter identity provider',
    'alter identity provider <provider:name> [ parameters <parameters:string> | namespace <namespace:string> | iam_role { default | <role:string> } | auto_create_roles { true | false } [ include groups like <pattern:string> | exclude groups like <pattern:string> ] | enable | disable ]*',
  ],
  ['drop identity provider', 'drop identity provider <provider:name> [ cascade ]'],
  ['alter system', 'alter system set <parameter:word> = { <value:word> | <value:string> }'],
];
