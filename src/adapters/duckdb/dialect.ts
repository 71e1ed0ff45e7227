// DuckDB's SQL text. Tables and views are replaced in one step, DDL is transactional, names fold case but keep it, and a
// view survives when what it reads is dropped and made again. https://duckdb.org/docs/stable/sql/introduction
import type { RelationState } from '../../core/relation.ts';
import { statement } from '../../core/statement.ts';
import { ALL_ENFORCED } from '../constraints.ts';
import type { Dialect } from '../dialect.ts';
import { changes, columnList, createView, query, quote, relationName, schemaName, tableBody, tableParts, whole } from '../sql.ts';
import { catalog } from './catalog.ts';
import { functions } from './functions.ts';
import { literal } from './literal.ts';
import { fileTables } from './output-files.ts';
import { indexStatements, tableOptions } from './table-options.ts';
import { columnType } from './types.ts';

/** DuckDB has no materialized views; what is not a view is a table to it. */
const word = ({ kind }: Pick<RelationState, 'kind'>): 'table' | 'view' => (kind === 'view' ? 'view' : 'table');

/** A comment takes a literal only, and no expression. */
const comment = (text: string): string => (text === '' ? 'null' : literal(text.replaceAll('\0', '')));

const nullSafeEquals = (left: string, right: string): string => `${left} is not distinct from ${right}`;

export const duckdbDialect: Dialect = {
  name: 'duckdb',
  parents: [],
  transactionalDdl: true,
  replaces: true,
  inPlace: false,
  writesTogether: true,
  needsStrategy: false,
  viewsAreUnchecked: false,
  isShared: false,
  holdsRows: undefined,
  knowsOutcomes: true,
  readsFiles: true,
  fileTables,
  // DuckDB sets no limit; this one keeps names printable.
  maxIdentifierBytes: 1024,
  ignoresCase: true,
  unquoted: (name) => name,
  defaultSchema: 'main',
  currentTimestamp: 'cast(current_timestamp as timestamp)',
  quote,
  templateType: (type) => type.toUpperCase(),
  typesAreWhole: true,
  reachesDatabases: true,
  literal,
  selected: () => ({ _message: 'OK' }),
  roomyType: (type) => type,
  fromJson: (json, type) => `cast(cast(${literal(json)} as json) as ${type})`,
  relationName: (relation) => relation.external ?? relationName(relation),
  columnType,
  nullSafeEquals,
  regexMatches: (text, pattern, flags) => `regexp_matches(${text}, ${pattern}${flags === '' ? '' : `, ${literal(flags)}`})`,
  createSchema: (place) => [statement(`create schema if not exists ${schemaName(place)}`)],
  dropSchema: (place) => [statement(`drop schema if exists ${schemaName(place)} cascade`)],
  tableOptions,
  furnish: (_made, relation, options) => ({ stage: [], publish: indexStatements(relation, options) }),
  constraints: ALL_ENFORCED,
  // A foreign key goes only with its table, and keeps the name that the table was made under:
  // https://duckdb.org/docs/stable/sql/statements/alter_table, https://github.com/duckdb/duckdb/issues/24648
  altersConstraints: false,
  contractType: (type) => type,
  // A database before it is taken for another one. https://duckdb.org/docs/stable/sql/constraints#foreign-keys
  referencedName: ({ schema, identifier }) => relationName({ schema, identifier }),
  tableParts,
  defineTable: (relation, defined) => [statement(`create table ${relationName(relation)} ${tableBody(tableParts(defined))}`)],
  renameConstraint: () => [],
  createTable: (relation, columns) => [statement(`create table ${relationName(relation)} (${columnList(columns)})`)],
  createTableAs: (relation, sql) => [statement(`create table ${relationName(relation)} as ${query(sql)}`)],
  replaceTableAs: (relation, sql) => [statement(`create or replace table ${relationName(relation)} as ${query(sql)}`)],
  createView,
  replaceView: (relation, sql) => [statement(`create or replace view ${relationName(relation)} as ${query(sql)}`)],
  functions,
  materializedViews: undefined,
  ...whole({ word, comment }),
  ...changes({ nullSafeEquals }),
  alterColumnType: (relation, { name, type }) => [
    statement(`alter table ${relationName(relation)} alter column ${quote(name)} type ${type}`),
  ],
  catalog,
  grants: undefined,
};
