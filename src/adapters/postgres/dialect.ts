// Postgres' SQL text. Tables are swapped by two renames in one transaction; a view is bound to what it reads.
// https://www.postgresql.org/docs/current/sql-commands.html
import type { Relation, RelationKind, RelationState } from '../../core/relation.ts';
import { statement } from '../../core/statement.ts';
import { ALL_ENFORCED } from '../constraints.ts';
import type { Dialect } from '../dialect.ts';
import { grantsOf } from '../grantees.ts';
import { changes, columnList, createView, query, quote, relationName, tableBody, tableParts, whole, withoutSizes } from '../sql.ts';
import type { TableOptions } from '../table-options.ts';
import { catalog } from './catalog.ts';
import { functions } from './functions.ts';
import { literal } from './literal.ts';
import { materializedViews } from './materialized-views.ts';
import { showRightsSql } from './rights.ts';
import { indexStatements, isUnlogged, tableOptions } from './table-options.ts';
import { columnType } from './types.ts';
import { unquoted } from './unquoted.ts';

const WORDS: Readonly<Record<RelationKind, string>> = {
  table: 'table',
  view: 'view',
  materialized_view: 'materialized view',
  external: 'foreign table',
};
const word = ({ kind }: Pick<RelationState, 'kind'>): string => WORDS[kind];

const table = (options: TableOptions | undefined): string => (isUnlogged(options) ? 'unlogged table' : 'table');

/**
 * Arrays compare NULLs as equal, and unlike `is not distinct from` their equality can be hashed. An array in an array is one of
 * more dimensions, and NULL there the same as an empty one.
 * https://www.postgresql.org/docs/current/functions-array.html
 */
const nullSafeEquals = (left: string, right: string, type: string): string =>
  type.endsWith('[]') ? `${left} is not distinct from ${right}` : `array[${left}] = array[${right}]`;

const comment = (text: string): string => (text === '' ? 'null' : literal(text));

/** `create or replace view` keeps to the older view's columns. https://www.postgresql.org/docs/current/sql-createview.html */
function cannotReplace(relation: Relation): never {
  throw new Error(`Postgres cannot replace ${relationName(relation)} in one step`);
}

export const postgresDialect: Dialect = {
  name: 'postgres',
  parents: [],
  transactionalDdl: true,
  replaces: false,
  inPlace: false,
  writesTogether: true,
  needsStrategy: true,
  viewsAreUnchecked: false,
  isShared: true,
  // https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-ROWS
  holdsRows: 'for share',
  knowsOutcomes: true,
  readsFiles: false,
  maxIdentifierBytes: 63,
  ignoresCase: false,
  unquoted,
  defaultSchema: 'public',
  currentTimestamp: 'localtimestamp',
  quote,
  templateType: (type) => type,
  typesAreWhole: false,
  reachesDatabases: false,
  literal,
  selected: (rows) => ({ _message: `SELECT ${rows}`, code: 'SELECT', rows_affected: rows }),
  roomyType: (type) => (/^(character varying|varchar)\s*\(/i.test(type) ? 'character varying' : type),
  fromJson: (json, type) =>
    type.endsWith('[]')
      ? `cast(array(select jsonb_array_elements_text(cast(${literal(json)} as jsonb))) as ${type})`
      : `cast(${literal(json)} as ${type})`,
  relationName,
  columnType,
  nullSafeEquals,
  regexMatches: (text, pattern, flags) => `(${text} ${flags === 'i' ? '~*' : '~'} ${pattern})`,
  createSchema: (place) => [statement(`create schema if not exists ${quote(place.schema)}`)],
  dropSchema: (place) => [statement(`drop schema if exists ${quote(place.schema)} cascade`)],
  tableOptions,
  furnish: (made, relation, options) => indexStatements(made, relation, options, { quote, relationName }),
  constraints: ALL_ENFORCED,
  altersConstraints: true,
  contractType: (type) => familyOf(withoutSizes(type)),
  referencedName: relationName,
  tableParts,
  defineTable: (relation, defined, options) => [
    statement(`create ${table(options)} ${relationName(relation)} ${tableBody(tableParts(defined))}`),
  ],
  renameConstraint: (relation, from, to) => [
    statement(`alter table ${relationName(relation)} rename constraint ${quote(from)} to ${quote(to)}`),
  ],
  createTable: (relation, columns, options) => [statement(`create ${table(options)} ${relationName(relation)} (${columnList(columns)})`)],
  createTableAs: (relation, sql, options) => [statement(`create ${table(options)} ${relationName(relation)} as ${query(sql)}`)],
  replaceTableAs: cannotReplace,
  createView,
  replaceView: cannotReplace,
  functions,
  materializedViews,
  ...whole({ word, comment }),
  ...changes({ nullSafeEquals }),
  alterColumnType: (relation, { name, type }) => [
    statement(`alter table ${relationName(relation)} alter column ${quote(name)} type ${type} using ${quote(name)}::${type}`),
  ],
  catalog,
  grants: grantsOf(unquoted, false, showRightsSql),
};

/** As dbt-postgres compares them: text of any length is text, and so with integers of two and four bytes, and floats. */
const FAMILIES: Readonly<Record<string, string>> = {
  'character varying': 'text',
  varchar: 'text',
  character: 'text',
  bpchar: 'text',
  name: 'text',
  smallint: 'integer',
  real: 'double precision',
};
const familyOf = (type: string): string => FAMILIES[type.toLowerCase()] ?? type;
