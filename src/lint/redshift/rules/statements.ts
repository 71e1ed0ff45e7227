// What the grammar takes and Redshift refuses all the same: in definitions, changes, loads and transactions.
import { type Rule, refusal } from './rule.ts';

const table = 'r_CREATE_TABLE_NEW';
const alter = 'r_ALTER_TABLE';
const types = 'c_Supported_data_types';
const names = 'r_names';
const isolation = 'c_serial_isolation';

export const statementRules = {
  'unsupported-type': refusal(
    '0A000',
    'Column "{table}.{column}" has unsupported type "{type}".',
    'c_unsupported-postgresql-datatypes',
    'A column cannot have the type {type}.',
    '{instead}',
  ),
  'unknown-type': refusal('42704', 'type "{type}" does not exist', types, 'Redshift has no type {type}.', '{instead}'),
  'type-length': refusal('22023', '{says}', types, '{type} takes {takes}.'),

  'duplicate-column': refusal('42701', 'column "{name}" specified more than once', table, 'Two columns have the name {name}.'),
  'missing-column': refusal('42703', 'column "{name}" named in key does not exist', table, 'The table has no column {name}.'),
  'system-column': refusal(
    '42701',
    'column name "{name}" conflicts with a system column name',
    'c_unsupported-postgresql-features',
    'Columns are never called oid, tableoid, xmin, cmin, xmax, cmax or ctid.',
  ),
  'long-name': refusal(
    '42622',
    'identifier "{name}" will be truncated',
    names,
    'A name has at most 127 bytes; this one has {bytes} and would be cut, perhaps to one that is taken.',
  ),
  'temporary-schema': refusal(
    '42P16',
    'cannot create temporary relation in non-temporary schema',
    table,
    'A temporary table has no schema.',
    'Leave the schema out.',
  ),
  'temporary-name': refusal(
    '42P16',
    'cannot rename a permanent table to a temporary name',
    alter,
    'A name that begins with # is a temporary table’s.',
  ),
  'system-schema': refusal('42939', 'unacceptable schema name "{name}"', 'r_CREATE_SCHEMA', 'Names of schemas do not begin with pg_.'),
  'too-many-columns': refusal('54011', 'tables can have at most 1600 columns', table, 'A table or view has at most 1,600 columns.'),
  'two-keys': refusal('42P16', 'multiple {what} specified for table "{table}"', table, 'A table has one {what} at most.'),
  'dist-conflict': refusal(
    '42P16',
    'DISTSTYLE {style} cannot be specified with DISTKEY',
    table,
    'A distribution key goes with DISTSTYLE KEY only.',
  ),
  'dist-key-missing': refusal('42P16', 'DISTSTYLE KEY requires a DISTKEY', table, 'DISTSTYLE KEY needs a DISTKEY.'),
  'sort-columns': refusal('54011', 'too many sort key columns', table, 'A sort key has at most {most} columns.'),
  'key-type': refusal('0A000', 'type "{type}" cannot be used as {what}', table, 'A column of type {type} is no {what}.'),
  'encoding-type': refusal(
    '0A000',
    'invalid encoding type specified for column "{column}"',
    'c_Compression_encodings',
    'The encoding {encoding} does not go with the type {type}.',
  ),
  'identity-type': refusal('42601', 'identity column type must be INT or BIGINT', table, 'An identity column is INT or BIGINT.'),
  'identity-default': refusal(
    '42601',
    'multiple default values specified for column "{column}"',
    table,
    'A column has either a default or an identity.',
  ),
  'default-expression': refusal('0A000', 'cannot use {what} in default expression', table, 'A default has no {what}.'),
  'like-attributes': refusal(
    '0A000',
    'table attributes cannot be specified with LIKE',
    table,
    'A table made LIKE another takes its distribution and sort key from it.',
  ),
  'add-column-attribute': refusal(
    '0A000',
    'ALTER TABLE ADD COLUMN does not support {what}',
    alter,
    'A column is added with DEFAULT, ENCODE, COLLATE and NOT NULL only.',
    'Create the table anew and copy the rows.',
  ),
  'add-not-null': refusal(
    '0A000',
    'ALTER TABLE ADD COLUMN defined as NOT NULL must have a non-null default expression',
    alter,
    'A column that is added NOT NULL needs a default.',
    'Add a default.',
  ),
  'alter-type': refusal(
    '0A000',
    'cannot alter type of a column of type other than varchar',
    alter,
    'Only the width of varchar and varbyte columns changes.',
    'Add a column of the new type, copy, drop the old one, rename.',
  ),
  'mv-clause': refusal(
    '0A000',
    '{what} is not supported in a materialized view definition',
    'materialized-view-create-sql-command',
    'A materialized view has no {what}.',
  ),
  'mv-relation': refusal(
    '0A000',
    'materialized views cannot be created on {what}',
    'materialized-view-create-sql-command',
    'A materialized view does not read {what}.',
  ),
  'mv-mutable': refusal(
    '0A000',
    'function {name} is mutable and not supported with auto refresh',
    'materialized-view-create-sql-command',
    'A materialized view with AUTO REFRESH YES does not call {name}.',
    'Leave AUTO REFRESH out.',
  ),
  'replaced-view-columns': refusal(
    '42P16',
    '{says}',
    'r_CREATE_VIEW',
    'A view is replaced by a query with the same columns only; that of before has {columns}.',
    'Drop the view and create it again.',
  ),
  'unqualified-in-late-binding-view': refusal(
    '42601',
    'All the relation names inside should be qualified when creating views with no schema binding.',
    'r_CREATE_VIEW',
    'A late-binding view names every relation with its schema; {name} has none.',
    'Write schema.{name}.',
  ),

  'values-subquery': refusal(
    '0A000',
    "can't use subqueries in multi-row VALUES",
    'c_Examples_of_INSERT_30',
    'Several rows of VALUES hold no subqueries.',
    'Write insert … select.',
  ),
  'values-width': refusal(
    '42601',
    'VALUES lists must all be the same length',
    'r_INSERT_30',
    'The rows of VALUES have different numbers of values.',
  ),
  'insert-width': refusal('42601', '{says}', 'r_INSERT_30', 'The columns and the values are not equal in number.'),
  'update-outer-join': refusal(
    '0A000',
    'Target table must be part of an equijoin predicate',
    'r_UPDATE',
    'UPDATE … FROM has no outer join.',
    'Put the join into a subquery.',
  ),
  'merge-self': refusal(
    '0A000',
    'MERGE source and target cannot be the same table',
    'r_MERGE',
    'The source of MERGE is another table than its target.',
  ),
  'merge-system': refusal('0A000', 'MERGE is not supported on {name}', 'r_MERGE', 'MERGE writes to no system table.'),

  'copy-authorization': refusal(
    '42601',
    'No valid credentials were provided',
    'copy-parameters-authorization',
    'COPY and UNLOAD need IAM_ROLE, CREDENTIALS or access keys.',
  ),
  'copy-conflict': refusal(
    '42601',
    '{one} option cannot be used with {other}',
    'r_COPY-parameters',
    '{one} and {other} do not go together.',
  ),
  'copy-value': refusal('22023', 'invalid value for {one}', 'r_COPY-parameters', '{one} takes {takes}.'),
  'copy-columnar': refusal(
    '0A000',
    '{one} option is not supported for {other}',
    'copy-usage_notes-copy-from-columnar',
    'COPY of {other} files does not take {one}.',
  ),
  'copy-twice': refusal('42601', 'conflicting or redundant options', 'r_COPY-parameters', '{one} is given twice.'),
  'copy-job': refusal('0A000', '{one} is not supported with COPY JOB', 'r_COPY-JOB', 'COPY … JOB CREATE does not take {one}.'),
  'unload-limit': refusal(
    '0A000',
    'LIMIT clause is not supported in the outer SELECT of UNLOAD',
    'r_UNLOAD',
    'The query of UNLOAD has no LIMIT at its top.',
    'Put it into a subquery: select * from (select … limit n).',
  ),

  'in-transaction': refusal(
    '25001',
    '{what} cannot run inside a transaction block',
    isolation,
    '{what} runs outside of transactions only.',
    'Commit before it.',
  ),
  'cursor-outside': refusal(
    '25P01',
    'DECLARE CURSOR may only be used in transaction blocks',
    'declare',
    'A cursor is declared within a transaction.',
    'Begin before it.',
  ),
  'second-cursor': refusal(
    '0A000',
    'only one cursor may be open at a time',
    'declare',
    'One cursor may be open in a session.',
    'Close the other first.',
  ),
  'unknown-cursor': refusal('34000', 'cursor "{name}" does not exist', 'fetch', 'No cursor of this name is open.'),
  'unknown-parameter': refusal(
    '42704',
    'unrecognized configuration parameter "{name}"',
    'cm_chap_ConfigurationRef',
    'Redshift has no parameter {name}.',
  ),
  'parameter-value': refusal(
    '22023',
    'invalid value for parameter "{name}": "{value}"',
    'cm_chap_ConfigurationRef',
    '{name} takes {takes}.',
  ),
} as const satisfies Readonly<Record<string, Rule>>;
