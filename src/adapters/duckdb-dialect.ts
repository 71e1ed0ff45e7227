// DuckDB's SQL text. Tables and views are replaced in one step, DDL is transactional, names fold case but keep it, and a
// view survives when what it reads is dropped and made again. https://duckdb.org/docs/stable/sql/introduction
import type { Relation, RelationState } from '../core/relation.ts';
import { type Column, statement } from '../core/statement.ts';
import type { Dialect } from './adapter.ts';
import { columnType } from './duckdb-types.ts';
import { allOf, havePartners } from './partners.ts';

const quote = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;

/** A NUL ends the text of a statement, so one inside a literal is made by chr(0). */
function literal(text: string): string {
  const parts = text.split('\0').map((part) => `'${part.replaceAll("'", "''")}'`);
  return parts.length === 1 ? (parts[0] ?? "''") : `(${parts.join(' || chr(0) || ')})`;
}

const schemaName = ({ database, schema }: Pick<Relation, 'database' | 'schema'>): string =>
  [...(database === undefined ? [] : [database]), schema].map(quote).join('.');

const relationName = (relation: Relation): string => `${schemaName(relation)}.${quote(relation.identifier)}`;

/** In parentheses, so that a second statement is refused; the semicolon that people end a query with goes. */
const query = (sql: string): string => `(\n${sql.replace(/(?:\s*;)+\s*$/, '')}\n)`;

/** DuckDB has no materialized views; what is not a view is a table to it. */
const word = ({ kind }: Pick<RelationState, 'kind'>): 'table' | 'view' => (kind === 'view' ? 'view' : 'table');

/** A comment takes a literal only, and no expression. */
const comment = (text: string): string => literal(text.replaceAll('\0', ''));

const columnList = (columns: readonly Column[]): string => columns.map(({ name, type }) => `${quote(name)} ${type}`).join(', ');

const nullSafeEquals = (left: string, right: string): string => `${left} is not distinct from ${right}`;

export const duckdbDialect: Dialect = {
  name: 'duckdb',
  transactionalDdl: true,
  replaces: true,
  inPlace: false,
  readsFiles: true,
  // DuckDB sets no limit; this one keeps names printable.
  maxIdentifierBytes: 1024,
  ignoresCase: true,
  unquoted: (name) => name,
  defaultSchema: 'main',
  currentTimestamp: 'cast(current_timestamp as timestamp)',
  quote,
  literal,
  relationName,
  columnType,
  nullSafeEquals,
  regexMatches: (text, pattern, flags) => `regexp_matches(${text}, ${pattern}${flags === '' ? '' : `, ${literal(flags)}`})`,
  createSchema: (place) => [statement(`create schema if not exists ${schemaName(place)}`)],
  dropSchema: (place) => [statement(`drop schema if exists ${schemaName(place)} cascade`)],
  tableOptions: () => ({}),
  furnish: () => ({ stage: [], publish: [] }),
  createTable: (relation, columns) => [statement(`create table ${relationName(relation)} (${columnList(columns)})`)],
  createTableAs: (relation, sql) => [statement(`create table ${relationName(relation)} as ${query(sql)}`)],
  replaceTableAs: (relation, sql) => [statement(`create or replace table ${relationName(relation)} as ${query(sql)}`)],
  createView: (relation, sql) => [statement(`create view ${relationName(relation)} as ${query(sql)}`)],
  replaceView: (relation, sql) => [statement(`create or replace view ${relationName(relation)} as ${query(sql)}`)],
  drop: (state) => [statement(`drop ${word(state)} if exists ${relationName(state.relation)}`)],
  rename: (state, to) => [statement(`alter ${word(state)} ${relationName(state.relation)} rename to ${quote(to)}`)],
  // Not `using`: a row with two partners would be counted twice.
  deleteUsing: (target, staged, match) => [
    statement(`delete from ${relationName(target)} as t where ${havePartners(match, relationName(staged), { nullSafeEquals })}`),
  ],
  merge(target, staged, match, columns, update) {
    const names = columns.map(quote);
    const set = update.map((name) => `${quote(name)} = s.${quote(name)}`);
    return [
      statement(
        [
          `merge into ${relationName(target)} as t using ${relationName(staged)} as s on (${allOf(match, 't', 's', { nullSafeEquals })})`,
          ...(set.length > 0 ? [`when matched then update set ${set.join(', ')}`] : []),
          `when not matched then insert (${names.join(', ')}) values (${names.map((name) => `s.${name}`).join(', ')})`,
        ].join('\n'),
      ),
    ];
  },
  addColumns: (relation, columns) =>
    columns.map((column) => statement(`alter table ${relationName(relation)} add column ${columnList([column])}`)),
  dropColumns: (relation, columns) => columns.map((name) => statement(`alter table ${relationName(relation)} drop column ${quote(name)}`)),
  alterColumnType: (relation, { name, type }) => [
    statement(`alter table ${relationName(relation)} alter column ${quote(name)} type ${type}`),
  ],
  commentOn: (state, text) => [statement(`comment on ${word(state)} ${relationName(state.relation)} is ${comment(text)}`)],
  commentOnColumn: (state, column, text) => [
    statement(`comment on column ${relationName(state.relation)}.${quote(column)} is ${comment(text)}`),
  ],
};
