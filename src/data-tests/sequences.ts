// Rows in an order: ranges that do not overlap, values one step apart, values that only rise or only fall.
import { choice, flag, integer, number, optional, otherwise, required, sql, sqlList } from './arguments.ts';
import { type DataTest, dataTest } from './data-test.ts';
import { datepart, groupBy, interval, listed, rowCondition, where } from './fragments.ts';

const partition = (columns: readonly string[] | undefined): string =>
  columns === undefined || columns.length === 0 ? '' : `partition by ${columns.join(', ')} `;

const NEXT = { not_allowed: '=', allowed: '<=', required: '<' } as const;

export const mutuallyExclusiveRanges = dataTest({
  name: 'mutually_exclusive_ranges',
  summary:
    'no range overlaps the next one of its partition. `gaps`: allowed, not_allowed (each begins where the last ends) or required. A bound that is NULL fails, and so does an empty range unless `zero_length_range_allowed`',
  on: 'model',
  arguments: {
    lower_bound_column: required(sql),
    upper_bound_column: required(sql),
    partition_by: optional(sqlList),
    gaps: otherwise('allowed', choice('not_allowed', 'allowed', 'required')),
    zero_length_range_allowed: otherwise(false, flag),
  },
  example: { lower_bound_column: 'valid_from', upper_bound_column: 'valid_to', partition_by: 'customer_id', gaps: 'not_allowed' },
  query: ({ model, given }) => {
    const { lower_bound_column: lower, upper_bound_column: upper, partition_by: groups } = given;
    const order = `over (${partition(groups)}order by ${lower}, ${upper})`;
    return `select *
from (
  select ${listed(groups)}${lower} as lower_bound, ${upper} as upper_bound, lead(${lower}) ${order} as next_lower_bound, lead(1) ${order} as has_next
  from ${model}
) as ranges
where not coalesce(lower_bound ${given.zero_length_range_allowed ? '<=' : '<'} upper_bound, false)
  or (has_next = 1 and not coalesce(upper_bound ${NEXT[given.gaps]} next_lower_bound, false))`;
  },
});

export const sequentialValues = dataTest({
  name: 'sequential_values',
  summary: 'sorted, each value is `interval` more than the one before, in each group; with `datepart` the values are timestamps',
  arguments: { interval: otherwise(1, number), datepart: optional(datepart), group_by_columns: otherwise<readonly string[]>([], sqlList) },
  example: { interval: 1, datepart: 'hour' },
  check: (given) =>
    given.datepart !== undefined && !Number.isInteger(given.interval)
      ? `needs a whole interval with a datepart, and has ${given.interval}`
      : undefined,
  query: ({ model, column, given: { interval: step, datepart: part, group_by_columns: groups } }) => {
    const next = part === undefined ? `previous_value + ${step}` : `cast(previous_value as timestamp) + ${interval(step, part)}`;
    return `select *
from (
  select ${listed(groups)}${column} as value_field, lag(${column}) over (${partition(groups)}order by ${column}) as previous_value
  from ${model}
) as steps
where not (${part === undefined ? 'value_field' : 'cast(value_field as timestamp)'} = ${next})`;
  },
});

const monotone = (name: string, what: string, operator: '>' | '<'): DataTest =>
  dataTest({
    name,
    summary: `sorted by \`sort_column\` (default: the column itself), each value is ${what} the one before, or equal with \`strictly: false\`; with \`step\` the difference is exactly that`,
    arguments: { sort_column: optional(sql), strictly: otherwise(true, flag), ...rowCondition, ...groupBy, step: optional(integer) },
    example: { sort_column: 'read_at' },
    query: ({ model, column, given }) => {
      const order = `${partition(given.group_by)}order by ${given.sort_column ?? column}`;
      const step = given.step === undefined ? '' : ` and value_field - previous_value = ${given.step}`;
      return `select *
from (
  select ${listed(given.group_by)}${given.sort_column ?? column} as sort_field, ${column} as value_field, lag(${column}) over (${order}) as previous_value
  from ${model}${where(given.row_condition)}
) as steps
where not (value_field ${operator}${given.strictly ? '' : '='} previous_value${step})`;
    },
  });

export const monotoneTests: readonly DataTest[] = [
  monotone('expect_column_values_to_be_increasing', 'greater than', '>'),
  monotone('expect_column_values_to_be_decreasing', 'less than', '<'),
];
