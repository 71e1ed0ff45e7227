// A model against another one, by what is in them.
import { integer, number, optional, otherwise, relation, required, sql, sqlList } from './arguments.ts';
import { dataTest } from './data-test.ts';
import { groupBy, grouped, listed, literalRows, rowCondition, where } from './fragments.ts';

export const cardinalityEquality = dataTest({
  name: 'cardinality_equality',
  summary: 'each value is there as often as in the column `field` of `to`',
  arguments: { to: required(relation), field: required(sql) },
  example: { to: "ref('orders')", field: 'order_id' },
  query: ({ model, column, given }) => {
    const own = `select ${column} as value_field, count(*) as n_records from ${model}${grouped([column])}`;
    const other = `select ${given.field} as value_field, count(*) as n_records from ${given.to}${grouped([given.field])}`;
    return differences(own, other);
  },
});

/** Rows of one query and not of the other, as sets; the queries stand in CTEs so that each is made once. */
const differences = (own: string, other: string): string => `with dwh_own as (
${own}
), dwh_other as (
${other}
)
select 'a_minus_b' as which_diff, a_minus_b.* from (select * from dwh_own except select * from dwh_other) as a_minus_b
union all
select 'b_minus_a' as which_diff, b_minus_a.* from (select * from dwh_other except select * from dwh_own) as b_minus_a`;

const isFractional = (type: string): boolean => /^(decimal|numeric|double|float|real)/i.test(type);
const folded = (name: string): string => name.replace(/^"(.*)"$/, '$1').toLowerCase();

export const equality = dataTest({
  name: 'equality',
  summary:
    'the model and `compare_model` have the same rows, each counted once, in `compare_columns` or all but `exclude_columns`; `precision` rounds numbers with decimals. Different columns fail',
  on: 'model',
  arguments: {
    compare_model: required(relation),
    compare_columns: optional(sqlList),
    exclude_columns: optional(sqlList),
    precision: optional(integer),
  },
  example: { compare_model: "ref('expected_orders')", compare_columns: ['id', 'amount'] },
  failCalc:
    "count(*) + coalesce(abs(sum(case when which_diff = 'a_minus_b' then 1 else 0 end) - sum(case when which_diff = 'b_minus_a' then 1 else 0 end)), 0)",
  columnsOf: (given) =>
    given.compare_columns && (given.precision === undefined || given.precision === null) ? [] : ['model', 'compare_model'],
  check: (given) => (given.compare_columns && given.exclude_columns ? 'takes compare_columns or exclude_columns, not both' : undefined),
  query: ({ model, given, columns }, dialect) => {
    const excluded = new Set(given.exclude_columns?.map(folded));
    const own = columns('model').filter((column) => !excluded.has(folded(column.name)));
    const other = columns('compare_model').filter((column) => !excluded.has(folded(column.name)));
    if (!given.compare_columns) {
      const missing = own.filter((column) => !other.some((one) => folded(one.name) === folded(column.name)));
      const extra = other.filter((column) => !own.some((one) => folded(one.name) === folded(column.name)));
      const rows = [...missing.map(({ name }) => ['a_minus_b', name]), ...extra.map(({ name }) => ['b_minus_a', name])];
      if (rows.length > 0) return literalRows(['which_diff', 'column_name'], rows, dialect);
    }
    const select = (from: string): string => `select ${chosen.join(', ')} from ${from}`;
    const rounded = (name: string): string => {
      const type = own.find((column) => folded(column.name) === folded(name))?.type ?? '';
      return given.precision !== undefined && isFractional(type)
        ? `round(cast(${name} as decimal(38, ${Math.max(given.precision, 10)})), ${given.precision}) as ${name}`
        : name;
    };
    const chosen = (given.compare_columns ?? own.map((column) => dialect.quote(column.name))).map(rounded);
    return differences(select(model), select(given.compare_model));
  },
});

export const expectAggregationEqualOther = dataTest({
  name: 'expect_table_aggregation_to_equal_other_table',
  summary:
    'the aggregate `expression` is the same in `compare_model`, in each group, give or take `tolerance` and the share `tolerance_percent` (0.05 is 5%); a group that is not there counts 0',
  on: 'model',
  arguments: {
    expression: required(sql),
    compare_model: required(relation),
    compare_expression: optional(sql),
    ...groupBy,
    compare_group_by: optional(sqlList),
    ...rowCondition,
    compare_row_condition: optional(sql),
    tolerance: otherwise(0, number),
    tolerance_percent: optional(number),
  },
  example: { expression: 'sum(amount)', compare_model: "ref('payments')", group_by: ['order_id'] },
  check: (given) =>
    given.compare_group_by !== undefined && given.compare_group_by.length !== (given.group_by ?? []).length
      ? 'needs as many compare_group_by as group_by'
      : undefined,
  query: ({ model, given }) => {
    const groups = given.group_by ?? [];
    const names = groups.map((_, index) => `group_${index + 1}`);
    const otherGroups = given.compare_group_by ?? groups;
    const otherCondition = given.compare_row_condition ?? given.row_condition;
    const difference = 'abs(coalesce(max(expression), 0) - coalesce(max(compare_expression), 0))';
    const share =
      given.tolerance_percent === undefined ? '' : ` and ${difference} > ${given.tolerance_percent} * abs(coalesce(max(expression), 0))`;
    return `select ${listed(names)}max(expression) as expression, max(compare_expression) as compare_expression, ${difference} as difference
from (
  select ${groups.map((group, index) => `${group} as ${names[index] ?? ''}, `).join('')}${given.expression} as expression, null as compare_expression from ${model}${where(given.row_condition)}${grouped(groups)}
  union all
  select ${listed(otherGroups)}null, ${given.compare_expression ?? given.expression} from ${given.compare_model}${where(otherCondition)}${grouped(otherGroups)}
) as compared${grouped(names)}
having ${difference} > ${given.tolerance}${share}`;
  },
});
