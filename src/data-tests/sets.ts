// Values and the set they may, must not or must belong to.
import { flag, integer, otherwise, pairs, required, sql, text, values } from './arguments.ts';
import { valueCounts } from './built-in.ts';
import { dataTest } from './data-test.ts';
import { among, grouped, list, rowCondition, where } from './fragments.ts';

export const notAcceptedValues = dataTest({
  name: 'not_accepted_values',
  summary: 'no value is one of `values`',
  arguments: { values: required(values), quote: otherwise(true, flag) },
  example: { values: ['test', 'unknown'] },
  badRows: ({ column, given }, dialect) => `${column} in (${list(given.values, given.quote, dialect)})`,
  query: ({ model, column, given }, dialect) => valueCounts(model, column, `${column} in (${list(given.values, given.quote, dialect)})`),
});

const valueSet = { value_set: required(values), quote_values: otherwise(true, flag), ...rowCondition };

export const expectInSet = dataTest({
  name: 'expect_column_values_to_be_in_set',
  summary: 'every value is in `value_set`; a NULL is not (say `row_condition: "x is not null"` to leave it out)',
  arguments: valueSet,
  example: { value_set: ['a', 'b'] },
  badRows: ({ column, given }, dialect) =>
    among(given.row_condition, `(${column} is null or ${column} not in (${list(given.value_set, given.quote_values, dialect)}))`),
});

export const expectNotInSet = dataTest({
  name: 'expect_column_values_to_not_be_in_set',
  summary: 'no value is in `value_set`',
  arguments: valueSet,
  example: { value_set: ['x', 'y'] },
  badRows: ({ column, given }, dialect) =>
    among(given.row_condition, `${column} in (${list(given.value_set, given.quote_values, dialect)})`),
});

const present = (model: string, column: string, condition: string | undefined): string =>
  `with present as (\n  select distinct ${column} as value_field from ${model}${where(condition)}\n)`;

const unexpected = (set: string): string =>
  `select cast(value_field as varchar) as value_field, 'not in the set' as finding from present where value_field is null or value_field not in (${set})`;

/** A literal takes the type of what it is compared with, so each value has a select of its own. */
const absent = (items: readonly string[]): string =>
  items
    .map(
      (item) =>
        `select cast(${item} as varchar) as value_field, 'not there' as finding where not exists (select 1 from present where value_field = ${item})`,
    )
    .join('\nunion all ');

export const expectDistinctInSet = dataTest({
  name: 'expect_column_distinct_values_to_be_in_set',
  summary: 'every distinct value is in `value_set`; a NULL is not',
  arguments: valueSet,
  example: { value_set: ['a', 'b', 'c'] },
  query: ({ model, column, given }, dialect) =>
    `${present(model, column, given.row_condition)}\n${unexpected(list(given.value_set, given.quote_values, dialect))}`,
});

export const expectDistinctContainSet = dataTest({
  name: 'expect_column_distinct_values_to_contain_set',
  summary: 'every value of `value_set` is there',
  arguments: valueSet,
  example: { value_set: ['a', 'b'] },
  query: ({ model, column, given }, dialect) =>
    `${present(model, column, given.row_condition)}\n${absent(given.value_set.map((value) => list([value], given.quote_values, dialect)))}`,
});

export const expectDistinctEqualSet = dataTest({
  name: 'expect_column_distinct_values_to_equal_set',
  summary: 'the distinct values are those of `value_set`, all of them and no others; a NULL is another',
  arguments: valueSet,
  example: { value_set: ['a', 'b'] },
  query: ({ model, column, given }, dialect) => {
    const items = given.value_set.map((value) => list([value], given.quote_values, dialect));
    return `${present(model, column, given.row_condition)}\n${unexpected(items.join(', '))}\nunion all ${absent(items)}`;
  },
});

export const expectMostCommonInSet = dataTest({
  name: 'expect_column_most_common_value_to_be_in_set',
  summary:
    'the `top_n` most common values are in `value_set`; values as common as the last of them count too. Without `quote_values` they are compared as `data_type`',
  arguments: {
    value_set: required(values),
    top_n: required(integer),
    quote_values: otherwise(true, flag),
    data_type: otherwise('decimal', text),
    ...rowCondition,
  },
  example: { value_set: ['US', 'DE'], top_n: 1 },
  query: ({ model, column, given }, dialect) => {
    const compared = given.quote_values ? column : `cast(${column} as ${given.data_type})`;
    const set = given.quote_values
      ? list(given.value_set, true, dialect)
      : given.value_set.map((value) => `cast(${value} as ${given.data_type})`).join(', ');
    return `select value_field, n_records
from (
  select ${compared} as value_field, count(*) as n_records, rank() over (order by count(*) desc) as place
  from ${model}${where(given.row_condition)}${grouped([compared])}
) as ranked
where place <= ${given.top_n} and value_field not in (${set})`;
  },
});

export const expectPairInSet = dataTest({
  name: 'expect_column_pair_values_to_be_in_set',
  summary: "each row's pair of values is one of `value_pairs_set`, written as SQL; a NULL fits any value",
  on: 'model',
  arguments: { column_A: required(sql), column_B: required(sql), value_pairs_set: required(pairs), ...rowCondition },
  example: {
    column_A: 'status',
    column_B: 'is_open',
    value_pairs_set: [
      ["'placed'", 'true'],
      ["'done'", 'false'],
    ],
  },
  badRows: ({ given }) => {
    const one = ([a, b]: readonly [string, string]): string => `(${given.column_A} = ${a} and ${given.column_B} = ${b})`;
    return among(given.row_condition, `not (${given.value_pairs_set.map(one).join(' or ')})`);
  },
});
