// How many rows a model has: a number, or another model's count. The one bad row says what was found.
import { integer, number, optional, otherwise, relation, required, sql, sqlList } from './arguments.ts';
import { dataTest } from './data-test.ts';
import { between, bounds, groupBy, grouped, listed, noBounds, rowCondition, strictly, where } from './fragments.ts';

const count = required(integer);

const counted = (model: string, wanted: string, holds: string): string =>
  `select count(*) as row_count, ${wanted} as expected\nfrom ${model}\nhaving not (${holds})`;

const verdict = (holds: string): string => `case when ${holds} then 0 else 1 end`;

export const rowCountEquals = dataTest({
  name: 'row_count_equals',
  summary: 'the model has exactly `count` rows',
  on: 'model',
  arguments: { count },
  example: { count: 24 },
  query: ({ model, given }) => counted(model, `${given.count}`, `count(*) = ${given.count}`),
  scan: ({ given }) => verdict(`count(*) = ${given.count}`),
});

export const rowCountAtLeast = dataTest({
  name: 'row_count_at_least',
  summary: 'the model has `count` rows or more',
  on: 'model',
  arguments: { count },
  example: { count: 1 },
  query: ({ model, given }) => counted(model, `'at least ${given.count}'`, `count(*) >= ${given.count}`),
  scan: ({ given }) => verdict(`count(*) >= ${given.count}`),
});

export const rowCountBetween = dataTest({
  name: 'row_count_between',
  summary: 'the model has `min` to `max` rows, both included',
  on: 'model',
  arguments: { min: required(integer), max: required(integer) },
  example: { min: 1000, max: 5000 },
  check: ({ min, max }) => (min > max ? `has min ${min} above max ${max}` : undefined),
  query: ({ model, given: { min, max } }) => counted(model, `'${min} to ${max}'`, `count(*) >= ${min} and count(*) <= ${max}`),
  scan: ({ given: { min, max } }) => verdict(`count(*) >= ${min} and count(*) <= ${max}`),
});

export const expectRowCountEqual = dataTest({
  name: 'expect_table_row_count_to_equal',
  summary: 'the model, or each of its groups, has exactly `value` rows',
  on: 'model',
  arguments: { value: required(sql), ...groupBy, ...rowCondition },
  example: { value: 24 },
  query: ({ model, given }) =>
    `select ${listed(given.group_by)}count(*) as row_count\nfrom ${model}${where(given.row_condition)}${grouped(given.group_by)}\nhaving not (count(*) = ${given.value})`,
});

export const expectRowCountBetween = dataTest({
  name: 'expect_table_row_count_to_be_between',
  summary: 'the number of rows of the model, or of each of its groups, is within the bounds',
  on: 'model',
  arguments: { ...bounds, ...groupBy, ...rowCondition, ...strictly },
  example: { min_value: 1, max_value: 100 },
  check: noBounds,
  query: ({ model, given }) =>
    `select ${listed(given.group_by)}count(*) as row_count\nfrom ${model}${where(given.row_condition)}${grouped(given.group_by)}\nhaving not (${between('count(*)', given, !given.strictly)})`,
});

interface Side {
  readonly model: string;
  readonly groups: readonly string[];
  readonly condition?: string | undefined;
}

/** Both counts, group by group; a group that one side does not have counts 0 there. NULL is a group like others. */
function bothCounts(own: Side, other: Side): string {
  const names = own.groups.map((_, index) => `group_${index + 1}`);
  const side = ({ model, groups, condition }: Side, counts: string): string =>
    `  select ${groups.map((group, index) => `${group} as ${names[index] ?? ''}, `).join('')}${counts} from ${model}${where(condition)}${grouped(groups)}`;
  return `select ${listed(names)}sum(row_count) as row_count, sum(compare_row_count) as compare_row_count
from (
${side(own, 'count(*) as row_count, 0 as compare_row_count')}
  union all
${side(other, '0, count(*)')}
) as counts${grouped(names)}`;
}

const compareArguments = { compare_model: required(relation), group_by_columns: otherwise<readonly string[]>([], sqlList) };

export const equalRowcount = dataTest({
  name: 'equal_rowcount',
  summary: 'the model has as many rows as `compare_model`, in each group',
  on: 'model',
  arguments: compareArguments,
  example: { compare_model: "ref('stg_orders')" },
  failCalc: 'coalesce(sum(abs(row_count - compare_row_count)), 0)',
  query: ({ model, given: { compare_model, group_by_columns: groups } }) =>
    `${bothCounts({ model, groups }, { model: compare_model, groups })}\nhaving sum(row_count) <> sum(compare_row_count)`,
});

export const fewerRowsThan = dataTest({
  name: 'fewer_rows_than',
  summary: 'the model has fewer rows than `compare_model`, in each group',
  on: 'model',
  arguments: compareArguments,
  example: { compare_model: "ref('raw_orders')" },
  failCalc: 'coalesce(sum(case when row_count = compare_row_count then 1 else row_count - compare_row_count end), 0)',
  query: ({ model, given: { compare_model, group_by_columns: groups } }) =>
    `${bothCounts({ model, groups }, { model: compare_model, groups })}\nhaving sum(row_count) >= sum(compare_row_count)`,
});

const otherTable = {
  compare_model: required(relation),
  ...groupBy,
  compare_group_by: optional(sqlList),
  ...rowCondition,
  compare_row_condition: optional(sql),
};

const sides = (
  model: string,
  given: {
    readonly compare_model: string;
    readonly group_by: readonly string[] | undefined;
    readonly compare_group_by: readonly string[] | undefined;
    readonly row_condition: string | undefined;
    readonly compare_row_condition: string | undefined;
  },
): readonly [Side, Side] => {
  const groups = given.group_by ?? [];
  return [
    { model, groups, condition: given.row_condition },
    { model: given.compare_model, groups: given.compare_group_by ?? groups, condition: given.compare_row_condition ?? given.row_condition },
  ];
};

const sameGroups = (given: {
  readonly group_by: readonly string[] | undefined;
  readonly compare_group_by: readonly string[] | undefined;
}): string | undefined =>
  given.compare_group_by !== undefined && given.compare_group_by.length !== (given.group_by ?? []).length
    ? 'needs as many compare_group_by as group_by'
    : undefined;

export const expectRowCountEqualOther = dataTest({
  name: 'expect_table_row_count_to_equal_other_table',
  summary: 'the model has as many rows as `compare_model` (times `factor`), in each group',
  on: 'model',
  arguments: { ...otherTable, factor: otherwise(1, number) },
  example: { compare_model: "ref('stg_orders')" },
  check: sameGroups,
  query: ({ model, given }) => `${bothCounts(...sides(model, given))}\nhaving sum(row_count) <> sum(compare_row_count) * ${given.factor}`,
});

export const expectRowCountEqualOtherTimes = dataTest({
  name: 'expect_table_row_count_to_equal_other_table_times_factor',
  summary: 'the model has `factor` times the rows of `compare_model`, in each group',
  on: 'model',
  arguments: { ...otherTable, factor: required(number) },
  example: { compare_model: "ref('customers')", factor: 12 },
  check: sameGroups,
  query: ({ model, given }) => `${bothCounts(...sides(model, given))}\nhaving sum(row_count) <> sum(compare_row_count) * ${given.factor}`,
});
