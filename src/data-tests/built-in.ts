// dbt's own four: not_null, unique, accepted_values, relationships. https://docs.getdbt.com/reference/resource-properties/data-tests
import { flag, otherwise, relation, required, sql, values } from './arguments.ts';
import { dataTest } from './data-test.ts';
import { grouped, list, where } from './fragments.ts';

export const notNull = dataTest({
  name: 'not_null',
  summary: 'no value is NULL',
  arguments: {},
  example: {},
  badRows: ({ column }) => `${column} is null`,
});

/** One bad row per value that is there twice or more. */
export const duplicates = (model: string, column: string, condition: string | undefined): string =>
  `select ${column} as unique_field, count(*) as n_records\nfrom ${model}${where(`${column} is not null`, condition)}${grouped([column])}\nhaving count(*) > 1`;

export const unique = dataTest({
  name: 'unique',
  summary: 'no value is there twice; NULLs are not compared',
  arguments: {},
  example: {},
  query: ({ model, column }) => duplicates(model, column, undefined),
  scan: ({ column }) => `count(${column}) - count(distinct ${column})`,
});

/** One bad row per value, with the number of rows that have it. */
export const valueCounts = (model: string, column: string, bad: string): string =>
  `select ${column} as value_field, count(*) as n_records\nfrom ${model}\nwhere ${bad}${grouped([column])}`;

export const acceptedValues = dataTest({
  name: 'accepted_values',
  summary: 'every value is one of `values`; NULLs are not compared. With `quote: false` the values are numbers or SQL',
  arguments: { values: required(values), quote: otherwise(true, flag) },
  example: { values: ['placed', 'shipped'] },
  badRows: ({ column, given }, dialect) => `${column} not in (${list(given.values, given.quote, dialect)})`,
  query: ({ model, column, given }, dialect) =>
    valueCounts(model, column, `${column} not in (${list(given.values, given.quote, dialect)})`),
});

/**
 * The rows without a parent. The parent stands in a CTE: in a derived table, DuckDB would take a misspelt `field` for a column
 * of the child, and every row would find itself.
 */
export const orphans = (
  child: { readonly model: string; readonly column: string; readonly condition?: string },
  parent: { readonly model: string; readonly column: string; readonly condition?: string },
): string => `with dwh_parent as (
  select ${parent.column} as dwh_key from ${parent.model}${where(parent.condition)}
)
select *
from ${child.model}${where(`${child.column} is not null`, child.condition)}
  and not exists (select 1 from dwh_parent where dwh_parent.dwh_key = ${child.column})`;

export const relationships = dataTest({
  name: 'relationships',
  summary: 'every value is there in the column `field` of `to`; NULLs are not compared',
  arguments: { to: required(relation), field: required(sql) },
  example: { to: "ref('customers')", field: 'id' },
  query: ({ model, column, given }) => orphans({ model, column }, { model: given.to, column: given.field }),
});
