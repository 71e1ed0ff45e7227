// Transactions, cursors, prepared statements, SHOW and RESET, by synopsis.
// https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_commands.html

const isolation = 'isolation level level:{ serializable | read committed | read uncommitted | repeatable read | snapshot }';
const modes = `[ { ${isolation} | mode:{ read write | read only } } [ , ] ]*`;
const like = '[ like <like:string> ] [ limit <limit:number> ]';

/** [the statement's name, its synopsis] */
export const sessionCommands: readonly (readonly [string, string])[] = [
  ['begin', `begin [ work | transaction ] ${modes}`],
  ['begin', `start transaction ${modes}`],
  ['commit', 'commit [ work | transaction ]'],
  ['commit', 'end [ work | transaction ]'],
  ['rollback', 'rollback [ work | transaction ]'],
  ['rollback', 'abort [ work | transaction ]'],
  ['lock', 'lock [ table ] <table:relation>…'],
  [
    'set session authorization',
    'set { session session | local session | session } authorization { default | <user:name> | <user:string> }',
  ],
  ['set transaction', `set session characteristics as transaction ${modes}`],
  ['set transaction', `set transaction ${modes}`],
  ['reset', 'reset all'],
  ['reset use', 'reset use'],
  ['reset session authorization', 'reset session authorization'],
  ['reset', 'reset <parameter:relation>'],
  ['use', 'use <database:name>'],

  ['declare', 'declare <cursor:name> cursor for <query:query>'],
  ['fetch', 'fetch [ direction:{ next | all | forward all } | [ forward ] <count:number> | forward ] { from | in } <cursor:name>'],
  ['close', 'close { all | <cursor:name> }'],
  ['prepare', 'prepare <plan:name> [ ( <type:type>… ) ] as <statement:statement>'],
  ['execute', 'execute <plan:name> [ ( [ <argument:expression>… ] ) ]'],
  ['deallocate', 'deallocate [ prepare ] { all | <plan:name> }'],
  ['cancel', 'cancel <process:number> [ <message:string> ]'],

  ['show databases', `show databases [ from data_catalog [ account <account:string>… ] [ iam_role { default | <role:string> } ] ] ${like}`],
  ['show schemas', `show schemas from database <database:name> ${like}`],
  ['show tables', `show tables from schema <schema:relation> ${like}`],
  ['show columns', `show columns from table <table:relation> ${like}`],
  [
    'show constraints',
    'show constraints { primary keys | foreign keys [ exported ] } from table <table:relation> [ limit <limit:number> ]',
  ],
  ['show functions', `show functions from schema <schema:relation> ${like}`],
  ['show procedures', `show procedures from schema <schema:relation> ${like}`],
  ['show parameters', `show parameters of { function | procedure } <routine:relation> ( [ <type:type>… ] ) ${like}`],
  [
    'show grants',
    'show grants on what:{ database | schema | table | function | procedure | datashare } <object:relation> [ ( [ <type:type>… ] ) ] [ for [ role | group ] <grantee:name> ] [ limit <limit:number> ]',
  ],
  ['show grants', 'show grants for [ role | group ] <grantee:name> [ from database <database:name> ] [ limit <limit:number> ]'],
  ['show column grants', 'show column grants on table <table:relation> [ for [ role ] <grantee:name> ] [ limit <limit:number> ]'],
  ['show datashares', `show datashares ${like}`],
  [
    'show policies',
    'show { rls | masking } policies [ on <table:relation> [ for { public | [ role ] <grantee:name> } ] | from database <database:name> ] [ limit <limit:number> ]',
  ],
  ['show external table', 'show external table <table:relation> [ partition ]'],
  ['show materialized view', 'show materialized view <view:relation>'],
  ['show table', 'show table <table:relation>'],
  ['show view', 'show view <view:relation>'],
  ['show procedure', 'show procedure <routine:relation> [ ( [ <type:type>… ] ) ]'],
  ['show model', 'show model { all | <model:relation> }'],
  ['show', 'show all'],
  ['show', 'show transaction isolation level'],
  ['show', 'show session authorization'],
  ['show', 'show time zone'],
  ['show', 'show <parameter:relation>'],

  ['desc datashare', 'desc datashare <share:name> [ of [ account <account:string> ] namespace <namespace:string> ]'],
  ['desc identity provider', 'desc identity provider <provider:name>'],
];
