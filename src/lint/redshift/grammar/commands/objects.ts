// Tables' upkeep, schemas, databases, external data, routines: by synopsis.
// https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_commands.html

const behavior = 'behavior:[ cascade | restrict ]';
const signature = '( [ { [ in | out | inout ] <argument:name> <type:type> | [ in | out | inout ] <type:type> }… ] )';
const quota = 'quota { <quota:number> [ mb | gb | tb ] | unlimited }';
const role = 'iam_role { default | session | <role:string> }';
const columns = '<column:name>…';
const properties = 'table properties ( { <property:string> = <value:string> }… )';
const external = `[ row format { delimited [ fields terminated by <delimiter:string> ] [ lines terminated by <delimiter:string> ] | serde <serde:string> [ with serdeproperties ( { <property:string> = <value:string> }… ) ] } ] [ stored as { inputformat <format:string> outputformat <format:string> | <format:word> } ] location <location:string> [ ${properties} ]`;

export const objectCommands: readonly (readonly [string, string])[] = [
  ['truncate', 'truncate [ table ] <table:relation>'],
  [
    'vacuum',
    'vacuum mode:[ full | sort only | delete only | reindex | recluster ] [ <table:relation> ] [ to <percent:number> percent ] boost:[ boost ]',
  ],
  ['analyze compression', `analyze compression [ <table:relation> [ ( ${columns} ) ] ] [ comprows <rows:number> ]`],
  ['analyze', `analyze verbose:[ verbose ] [ <table:relation> [ ( ${columns} ) ] ] which:[ predicate columns | all columns ]`],
  ['refresh materialized view', `refresh materialized view <view:relation> ${behavior}`],
  ['alter materialized view', 'alter materialized view <view:relation> auto refresh which:{ yes | no }'],
  [
    'alter materialized view',
    'alter materialized view <view:relation> alter { distkey <column:name> | diststyle { all | even | auto | key distkey <column:name> } | [ compound ] sortkey ( <column:name>… ) | sortkey { auto | none } }',
  ],
  [
    'alter materialized view',
    'alter materialized view <view:relation> row level security { on | off } [ conjunction type { and | or } ] [ for datashares ]',
  ],
  ['alter external view', 'alter external view <view:relation> { [ force ] as ( <query:query> ) | [ force ] remove definition }'],
  [
    'comment',
    'comment on what:{ table | view | materialized view | column | schema | database | constraint | function | procedure } <object:relation> [ . <part:word> ] [ ( [ <type:type>… ] ) ] [ on <table:relation> ] is { <text:string> | null }',
  ],

  ['drop table', `drop table if:[ if exists ] <name:relation>… ${behavior}`],
  ['drop view', `drop external view if:[ if exists ] <name:relation>… ${behavior}`],
  ['drop view', `drop view if:[ if exists ] <name:relation>… ${behavior}`],
  ['drop materialized view', `drop materialized view if:[ if exists ] <name:relation>… ${behavior}`],
  ['drop schema', `drop schema if:[ if exists ] <name:relation>… [ drop external database ] ${behavior}`],
  ['drop database', 'drop database if:[ if exists ] <name:name> [ force ]'],
  ['drop function', `drop function if:[ if exists ] <name:relation> ${signature} ${behavior}`],
  ['drop procedure', `drop procedure if:[ if exists ] { <name:relation> [ ${signature} ] }… ${behavior}`],
  ['drop library', 'drop library <name:name>'],
  ['drop model', 'drop model if:[ if exists ] <name:relation>'],

  ['create schema', `create schema if:[ if not exists ] <name:name> [ authorization <owner:name> ] [ ${quota} ]`],
  ['create schema', `create schema authorization <owner:name> [ ${quota} ]`],
  ['alter schema', `alter schema <name:name> { rename to <to:name> | owner to <to:name> | ${quota} }`],
  [
    'create external schema',
    `create external schema if:[ if not exists ] <name:name> from { { data catalog | data_catalog } [ database <database:string> ] [ schema <schema:string> ] [ region <region:string> ] | hive metastore database <database:string> [ schema <schema:string> ] uri <uri:string> [ port <port:number> ] | { postgres | mysql } database <database:string> [ schema <schema:string> ] uri <uri:string> [ port <port:number> ] | redshift database <database:string> [ schema <schema:string> ] | kinesis | { kafka | msk } } [ region <region:string> | uri <uri:string> | ${role} | secret_arn <secret:string> | catalog_role { session | <role:string> } | catalog_id <catalog:string> | authentication { none | iam | mtls } | authentication_arn <arn:string> | cluster_arn <arn:string> | create external database if not exists ]*`,
  ],
  [
    'alter external schema',
    `alter external schema <name:name> [ ${role} | authentication { none | iam | mtls } | authentication_arn <arn:string> | secret_arn <secret:string> | uri <uri:string> ]*`,
  ],
  [
    'create external table',
    `create external table <name:relation> ( { <column:name> <type:type> }… ) [ partitioned by ( { <column:name> <type:type> }… ) ] ${external}`,
  ],
  ['create external table as', `create external table <name:relation> [ partitioned by ( ${columns} ) ] ${external} as <query:query>`],
  [
    'create database',
    'create database <name:name> [ with permissions | with data catalog schema <schema:string> | with no data catalog schema | with ] [ owner [ = ] <owner:name> | connection limit [ = ] { <limit:number> | unlimited } | collate { case_sensitive | ci | cs | case_insensitive } | isolation level { serializable | snapshot } | from integration <integration:string> [ database <database:string> ] [ set { <option:word> [ = ] { <value:word> | <value:number> } }* ] | from arn <arn:string> | from datashare <share:name> of [ account { <account:string> | <account:number> } ] namespace { <namespace:string> | <namespace:name> } | with permissions | with data catalog schema <schema:string> | with no data catalog schema | with | iam_role { default | session | <role:string> } ]*',
  ],
  [
    'alter database',
    'alter database <name:name> { rename to <to:name> | owner to <to:name> | [ connection limit { <limit:number> | unlimited } | collate { case_sensitive | case_insensitive } | isolation level { serializable | snapshot } ]* }',
  ],
  [
    'alter database',
    'alter database <name:name> integration { refresh { { all | inerror } tables [ in schema <schema:name>… ] | tables <table:relation>… | table <table:relation>… } | set { <option:word> = <value:word> }* }',
  ],
  ['alter function', `alter { function | procedure } <name:relation> ${signature} { rename to <to:name> | owner to <to:name> }`],
  ['alter procedure', 'alter procedure <name:relation> { rename to <to:name> | owner to <to:name> }'],
  ['alter materialized view', 'alter table <view:relation> alter autorefresh = which:{ true | false }'],
  ['call', 'call <routine:relation> ( [ <argument:expression>… ] )'],
  [
    'create library',
    'create [ or replace ] library <name:name> language plpythonu from <source:string> { [ with ] credentials [ as ] <credentials:string> | iam_role { default | <role:string> } | access_key_id <key:string> secret_access_key <secret:string> [ session_token <token:string> ] | region [ as ] <region:string> }*',
  ],
  [
    'create model',
    `create model <name:relation> from { ( <query:query> ) | <table:relation> | <job:string> } [ target <target:name> | function <function:relation> [ ( <type:type>… ) ] | returns <type:type> | sagemaker <endpoint:string> [ : <region:string> ] | ${role} | auto { on | off } | model_type <model:word> | problem_type { <problem:word> | ( <problem:word>… ) } | objective <objective:string> | preprocessors <text:string> | hyperparameters { default [ except ( { <parameter:word> { <value:string> | <value:number> } }… ) ] | auto } | settings ( { <setting:word> { <value:string> | <value:number> | <value:word> } }… ) ]*`,
  ],
  [
    'create model',
    `create model <name:relation> function <function:relation> ( <type:type>… ) returns <type:type> sagemaker <endpoint:string> ${role} [ settings ( { <setting:word> { <value:string> | <value:number> } }… ) ]`,
  ],
  ['copy job', 'copy job { run <job:name> | list | show <job:name> | drop <job:name> | alter <job:name> [ auto { on | off } ] }'],
];
