// SQL text that all warehouses write alike, and what DuckDB and Postgres do in the same words.
import type { Relation, RelationState } from '../core/relation.ts';
import { type Column, statement } from '../core/statement.ts';
import type { TableDefinition } from './constraints.ts';
import type { Dialect } from './dialect.ts';
import { allOf, havePartners } from './partners.ts';

export const quote = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;

export const schemaName = ({ database, schema }: Pick<Relation, 'database' | 'schema'>): string =>
  [...(database === undefined ? [] : [database]), schema].map(quote).join('.');

export const relationName = (relation: Relation): string => `${schemaName(relation)}.${quote(relation.identifier)}`;

/** Without the semicolon that people end a query with. */
export const unended = (sql: string): string => sql.replace(/(?:\s*;)+\s*$/, '');

/** In parentheses, so that a second statement is refused. */
export const query = (sql: string): string => `(\n${unended(sql)}\n)`;

export const columnList = (columns: readonly Column[]): string => columns.map(({ name, type }) => `${quote(name)} ${type}`).join(', ');

export const tableParts = ({ columns, constraints }: TableDefinition): readonly string[] => [
  ...columns.map(({ name, type, constraints: own }) => [quote(name), type, ...own].join(' ')),
  ...constraints.map(({ name, sql }) => `${name === undefined ? '' : `constraint ${quote(name)} `}${sql}`),
];

/** Behind the name in `create table`. */
export const tableBody = (parts: readonly string[]): string => `(\n  ${parts.join(',\n  ')}\n)`;

/** Without sizes: a contract says text or numeric, and not how wide. */
export const withoutSizes = (type: string): string => type.replaceAll(/\s*\([^)]*\)/g, '');

export const createView: Dialect['createView'] = (relation, sql) => [statement(`create view ${relationName(relation)} as ${query(sql)}`)];

interface Words {
  /** What the warehouse calls it. */
  word(state: Pick<RelationState, 'kind'>): string;
  /** A comment as a statement takes it; '' is none. */
  comment(text: string): string;
}

/** What is done to a relation as a whole, whatever its kind. */
export const whole = ({ word, comment }: Words): Pick<Dialect, 'drop' | 'rename' | 'commentOn' | 'commentOnColumn'> => ({
  drop: (state) => [statement(`drop ${word(state)} if exists ${relationName(state.relation)}`)],
  rename: (state, to) => [statement(`alter ${word(state)} ${relationName(state.relation)} rename to ${quote(to)}`)],
  commentOn: (state, text) => [statement(`comment on ${word(state)} ${relationName(state.relation)} is ${comment(text)}`)],
  commentOnColumn: (state, column, text) => [
    statement(`comment on column ${relationName(state.relation)}.${quote(column)} is ${comment(text)}`),
  ],
});

type Changes = Pick<Dialect, 'deleteUsing' | 'merge' | 'addColumns' | 'dropColumns'>;

export const changes = (comparing: Pick<Dialect, 'nullSafeEquals'>): Changes => ({
  // Not `using`: a row with two partners would be counted twice.
  deleteUsing: (target, staged, match) => [
    statement(`delete from ${relationName(target)} as t where ${havePartners(match, relationName(staged), comparing)}`),
  ],
  merge(target, staged, match, columns, update) {
    const names = columns.map(quote);
    const set = update.map((name) => `${quote(name)} = s.${quote(name)}`);
    return [
      statement(
        [
          `merge into ${relationName(target)} as t using ${relationName(staged)} as s on (${allOf(match, 't', 's', comparing)})`,
          ...(set.length > 0 ? [`when matched then update set ${set.join(', ')}`] : []),
          `when not matched then insert (${names.join(', ')}) values (${names.map((name) => `s.${name}`).join(', ')})`,
        ].join('\n'),
      ),
    ];
  },
  addColumns: (relation, columns) =>
    columns.map((column) => statement(`alter table ${relationName(relation)} add column ${columnList([column])}`)),
  dropColumns: (relation, columns) => columns.map((name) => statement(`alter table ${relationName(relation)} drop column ${quote(name)}`)),
});
