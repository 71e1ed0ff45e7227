// Pieces of SQL that several data tests are made of.
import type { Dialect } from '../adapters/dialect.ts';
import { flag, type Kind, optional, otherwise, sql, sqlList } from './arguments.ts';

/** Arguments of most expect_* tests. */
export const rowCondition = { row_condition: optional(sql) };
export const groupBy = { group_by: optional(sqlList) };
export const bounds = { min_value: optional(sql), max_value: optional(sql) };
export const strictly = { strictly: otherwise(false, flag) };

export interface Bounds {
  readonly min_value: string | undefined;
  readonly max_value: string | undefined;
}

export const noBounds = ({ min_value, max_value }: Bounds): string | undefined =>
  min_value === undefined && max_value === undefined ? 'needs min_value, max_value or both' : undefined;

/** A condition; an unknown (NULL) value neither holds nor fails. */
export function between(value: string, { min_value, max_value }: Bounds, inclusive: boolean): string {
  const [above, below] = inclusive ? ['>=', '<='] : ['>', '<'];
  return [
    ...(min_value === undefined ? [] : [`${value} ${above} ${min_value}`]),
    ...(max_value === undefined ? [] : [`${value} ${below} ${max_value}`]),
  ].join(' and ');
}

export const where = (...conditions: readonly (string | undefined)[]): string => {
  const given = conditions.filter((condition) => condition !== undefined);
  return given.length === 0 ? '' : `\nwhere ${given.map((condition) => `(${condition})`).join(' and ')}`;
};

/** `condition` restricts which rows a predicate judges. */
export const among = (condition: string | undefined, predicate: string): string =>
  condition === undefined ? predicate : `(${condition}) and ${predicate}`;

/** 'a, b, ' for the front of a select list. */
export const listed = (columns: readonly string[] | undefined): string => (columns ?? []).map((column) => `${column}, `).join('');
export const grouped = (columns: readonly string[] | undefined): string =>
  columns === undefined || columns.length === 0 ? '' : `\ngroup by ${columns.join(', ')}`;

/** Values for `in (…)`: literals, or SQL as it is written. */
export const list = (values: readonly string[], quoted: boolean, dialect: Dialect): string =>
  values.map((value) => (quoted ? dialect.literal(value) : value)).join(', ');

/** Rows that are known without asking the warehouse; all values are text. */
export function literalRows(columns: readonly string[], rows: readonly (readonly string[])[], dialect: Dialect): string {
  const select = (row: readonly string[]): string =>
    `select ${columns.map((column, index) => `cast(${dialect.literal(row[index] ?? '')} as varchar) as ${column}`).join(', ')}`;
  return rows.length === 0 ? `${select([])} where 1 = 0` : rows.map(select).join('\nunion all ');
}

const dateparts = ['second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const;

export const datepart: Kind<(typeof dateparts)[number]> = {
  kind: dateparts.join(', '),
  read: (value) => (typeof value === 'string' ? dateparts.find((one) => one === value.toLowerCase()) : undefined),
};

/** Postgres has no quarters in intervals. */
export const interval = (count: number, part: string): string =>
  part === 'quarter' ? `interval '${count * 3} month'` : `interval '${count} ${part}'`;
