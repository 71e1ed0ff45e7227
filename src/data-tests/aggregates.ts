// An aggregate of a column, over the model or each of its groups, and the bounds it is within.
import { flag, number, optional, otherwise, relation, required, sql, sqlList } from './arguments.ts';
import { type DataTest, dataTest, type Subject } from './data-test.ts';
import { between, bounds, groupBy, grouped, listed, noBounds, rowCondition, strictly, where } from './fragments.ts';

const aggregateArguments = { ...bounds, ...groupBy, ...rowCondition, ...strictly };

function outOfBounds({ model, given }: Subject<typeof aggregateArguments>, value: string): string {
  const { group_by: groups } = given;
  return `select ${listed(groups)}${value} as value_found\nfrom ${model}${where(given.row_condition)}${grouped(groups)}\nhaving not (${between(value, given, !given.strictly)})`;
}

const aggregate = (name: string, what: string, value: (column: string) => string): DataTest =>
  dataTest({
    name,
    summary: `${what} is within the bounds; without a value (no rows, only NULLs) it passes`,
    arguments: aggregateArguments,
    example: { min_value: 0, max_value: 10 },
    check: noBounds,
    query: (subject) => outOfBounds(subject, value(subject.column)),
  });

const quantile = (column: string, share: number): string => `percentile_cont(${share}) within group (order by ${column})`;

const quantileBetween = dataTest({
  name: 'expect_column_quantile_values_to_be_between',
  summary: 'the quantile, interpolated, is within the bounds',
  arguments: { quantile: required(number), ...aggregateArguments },
  example: { quantile: 0.95, max_value: 2 },
  check: (given) =>
    given.quantile < 0 || given.quantile > 1 ? `needs a quantile from 0 to 1, and has ${given.quantile}` : noBounds(given),
  query: (subject) => outOfBounds(subject, quantile(subject.column, subject.given.quantile)),
});

const countArguments = { value: required(sql), quote_values: otherwise(true, flag), ...groupBy, ...rowCondition };

const distinctCount = (name: string, operator: '=' | '>' | '<', what: string): DataTest =>
  dataTest({
    name,
    summary: `the number of distinct values is ${what} \`value\`; a NULL is none`,
    arguments: countArguments,
    example: { value: 10 },
    query: ({ model, column, given }: Subject<typeof countArguments>) =>
      `select ${listed(given.group_by)}count(distinct ${column}) as distinct_count\nfrom ${model}${where(given.row_condition)}${grouped(given.group_by)}\nhaving not (count(distinct ${column}) ${operator} ${given.value})`,
  });

const distinctCountOther = dataTest({
  name: 'expect_column_distinct_count_to_equal_other_table',
  summary: 'the column has as many distinct values as `compare_column_name` of `compare_model` (default: the same column, the same model)',
  arguments: {
    compare_model: optional(relation),
    compare_column_name: optional(sql),
    ...rowCondition,
    compare_row_condition: optional(sql),
  },
  example: { compare_model: "ref('orders')", compare_column_name: 'customer_id' },
  query: ({ model, column, given }) => `select own.distinct_count, other.distinct_count as compare_distinct_count
from (select count(distinct ${column}) as distinct_count from ${model}${where(given.row_condition)}) as own
cross join (select count(distinct ${given.compare_column_name ?? column}) as distinct_count from ${given.compare_model ?? model}${where(given.compare_row_condition)}) as other
where own.distinct_count <> other.distinct_count`,
});

const multicolumnSum = dataTest({
  name: 'expect_multicolumn_sum_to_equal',
  summary: 'the sums of the columns add up to `sum_total`, a number or an expression that is summed too',
  on: 'model',
  arguments: { column_list: required(sqlList), sum_total: required(sql), ...groupBy, ...rowCondition },
  example: { column_list: ['net', 'tax'], sum_total: 'gross' },
  query: ({ model, given }) => {
    const total = Number.isNaN(Number(given.sum_total)) ? `sum(${given.sum_total})` : given.sum_total;
    const sum = given.column_list.map((column) => `sum(${column})`).join(' + ');
    return `select ${listed(given.group_by)}${sum} as column_sum, ${total} as sum_total\nfrom ${model}${where(given.row_condition)}${grouped(given.group_by)}\nhaving not (${sum} = ${total})`;
  },
});

export const aggregates: readonly DataTest[] = [
  aggregate('expect_column_max_to_be_between', 'the greatest value', (column) => `max(${column})`),
  aggregate('expect_column_min_to_be_between', 'the smallest value', (column) => `min(${column})`),
  aggregate('expect_column_mean_to_be_between', 'the mean', (column) => `avg(${column})`),
  aggregate('expect_column_median_to_be_between', 'the median', (column) => quantile(column, 0.5)),
  aggregate('expect_column_sum_to_be_between', 'the sum', (column) => `sum(${column})`),
  aggregate('expect_column_stdev_to_be_between', 'the standard deviation of the sample', (column) => `stddev_samp(${column})`),
  aggregate('expect_column_unique_value_count_to_be_between', 'the number of distinct values', (column) => `count(distinct ${column})`),
  aggregate(
    'expect_column_proportion_of_unique_values_to_be_between',
    'the share of distinct values among all that are not NULL',
    (column) => `count(distinct ${column}) * 1.0 / nullif(count(${column}), 0)`,
  ),
  quantileBetween,
  distinctCount('expect_column_distinct_count_to_equal', '=', 'exactly'),
  distinctCount('expect_column_distinct_count_to_be_greater_than', '>', 'greater than'),
  distinctCount('expect_column_distinct_count_to_be_less_than', '<', 'less than'),
  distinctCountOther,
  multicolumnSum,
];
