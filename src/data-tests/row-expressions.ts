// What must hold in each row: an expression, a range, an order between two columns.
import { flag, optional, otherwise, required, sql } from './arguments.ts';
import { dataTest } from './data-test.ts';
import { among, between, bounds, noBounds, rowCondition, strictly } from './fragments.ts';

export const expressionIsTrue = dataTest({
  name: 'expression_is_true',
  summary: 'the expression holds in every row; under a column, it goes on from the column (`>= 0`). An unknown (NULL) result passes',
  on: 'either',
  arguments: { expression: required(sql) },
  example: { expression: 'net + tax = gross' },
  badRows: ({ column, hasColumn, given }) => `not (${hasColumn ? `${column} ` : ''}${given.expression})`,
});

export const acceptedRange = dataTest({
  name: 'accepted_range',
  summary: 'every value is within the bounds, which belong to the range unless `inclusive: false`; NULLs pass',
  arguments: { ...bounds, inclusive: otherwise(true, flag) },
  example: { min_value: 0, max_value: 100 },
  check: noBounds,
  badRows: ({ column, given }) => `not (${between(column, given, given.inclusive)})`,
});

export const notEmptyString = dataTest({
  name: 'not_empty_string',
  summary: 'no text is empty, or only blanks unless `trim_whitespace: false`; NULLs pass',
  arguments: { trim_whitespace: otherwise(true, flag) },
  example: {},
  badRows: ({ column, given }) => `${given.trim_whitespace ? `trim(${column})` : column} = ''`,
});

export const expectBetween = dataTest({
  name: 'expect_column_values_to_be_between',
  summary: 'every value is within the bounds; NULLs pass. With `strictly`, the bounds do not belong to the range',
  arguments: { ...bounds, ...rowCondition, ...strictly },
  example: { min_value: 0, max_value: 10 },
  check: noBounds,
  badRows: ({ column, given }) => among(given.row_condition, `not (${between(column, given, !given.strictly)})`),
});

export const expectLengthBetween = dataTest({
  name: 'expect_column_value_lengths_to_be_between',
  summary: "every text's length, in characters, is within the bounds; NULLs pass",
  arguments: { ...bounds, ...rowCondition, ...strictly },
  example: { min_value: 1, max_value: 40 },
  check: noBounds,
  badRows: ({ column, given }) => among(given.row_condition, `not (${between(`length(${column})`, given, !given.strictly)})`),
});

export const expectLengthEqual = dataTest({
  name: 'expect_column_value_lengths_to_equal',
  summary: 'every text has `value` characters; NULLs pass',
  arguments: { value: required(sql), ...rowCondition },
  example: { value: 2 },
  badRows: ({ column, given }) => among(given.row_condition, `not (length(${column}) = ${given.value})`),
});

const twoColumns = { column_A: required(sql), column_B: required(sql), ...rowCondition };

export const expectPairEqual = dataTest({
  name: 'expect_column_pair_values_to_be_equal',
  summary: '`column_A` equals `column_B` in every row; a pair with a NULL is not compared',
  on: 'model',
  arguments: twoColumns,
  example: { column_A: 'gross', column_B: 'net + tax' },
  badRows: ({ given }) => among(given.row_condition, `not (${given.column_A} = ${given.column_B})`),
});

export const expectPairGreater = dataTest({
  name: 'expect_column_pair_values_A_to_be_greater_than_B',
  summary: '`column_A` is greater than `column_B` in every row, or equal with `or_equal`; a pair with a NULL is not compared',
  on: 'model',
  arguments: { ...twoColumns, or_equal: otherwise(false, flag) },
  example: { column_A: 'delivered_at', column_B: 'ordered_at' },
  badRows: ({ given }) => among(given.row_condition, `not (${given.column_A} ${given.or_equal ? '>=' : '>'} ${given.column_B})`),
});

export const expectConsistentCasing = dataTest({
  name: 'expect_column_values_to_have_consistent_casing',
  summary: 'no two values differ only in upper and lower case. With `display_inconsistent_columns` each such value is a failure of its own',
  arguments: { display_inconsistent_columns: otherwise(false, flag), row_condition: optional(sql) },
  example: {},
  query: ({ model, column, given }) => {
    const spellings = `select lower(${column}) as value_field, count(distinct ${column}) as spellings\nfrom ${model}${given.row_condition === undefined ? '' : `\nwhere ${given.row_condition}`}\ngroup by lower(${column})\nhaving count(distinct ${column}) > 1`;
    return given.display_inconsistent_columns
      ? spellings
      : `select count(*) as inconsistent_values\nfrom (\n${spellings}\n) as found\nhaving count(*) > 0`;
  },
});
