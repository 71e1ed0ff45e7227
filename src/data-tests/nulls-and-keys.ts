// Missing values and keys: of one column, and of several together.
import { choice, flag, number, otherwise, required, sqlList } from './arguments.ts';
import { duplicates } from './built-in.ts';
import { dataTest } from './data-test.ts';
import { among, grouped, listed, rowCondition, where } from './fragments.ts';

const groups = { group_by_columns: otherwise<readonly string[]>([], sqlList) };

export const atLeastOne = dataTest({
  name: 'at_least_one',
  summary: 'some value is not NULL, in each group; an empty table fails',
  arguments: groups,
  example: {},
  query: ({ model, column, given: { group_by_columns } }) =>
    `select ${listed(group_by_columns)}count(*) as row_count, count(${column}) as value_count\nfrom ${model}${grouped(group_by_columns)}\nhaving count(${column}) = 0`,
});

export const notConstant = dataTest({
  name: 'not_constant',
  summary: 'the values that are not NULL are not all the same, in each group',
  arguments: groups,
  example: {},
  query: ({ model, column, given: { group_by_columns } }) =>
    `select ${listed(group_by_columns)}min(${column}) as only_value, count(*) as row_count\nfrom ${model}${grouped(group_by_columns)}\nhaving count(distinct ${column}) = 1`,
});

export const notNullProportion = dataTest({
  name: 'not_null_proportion',
  summary: 'the share of values that are not NULL is `at_least` to `at_most`, in each group; an empty table passes',
  arguments: { at_least: required(number), at_most: otherwise(1, number), ...groups },
  example: { at_least: 0.95 },
  query: ({ model, column, given: { at_least, at_most, group_by_columns } }) => {
    const share = `count(${column}) * 1.0 / nullif(count(*), 0)`;
    return `select ${listed(group_by_columns)}${share} as not_null_proportion\nfrom ${model}${grouped(group_by_columns)}\nhaving ${share} < ${at_least} or ${share} > ${at_most}`;
  },
});

export const expectNotNull = dataTest({
  name: 'expect_column_values_to_not_be_null',
  summary: 'no value is NULL',
  arguments: rowCondition,
  example: {},
  badRows: ({ column, given }) => among(given.row_condition, `${column} is null`),
});

export const expectNull = dataTest({
  name: 'expect_column_values_to_be_null',
  summary: 'every value is NULL',
  arguments: rowCondition,
  example: { row_condition: "status = 'open'" },
  badRows: ({ column, given }) => among(given.row_condition, `${column} is not null`),
});

export const expectUnique = dataTest({
  name: 'expect_column_values_to_be_unique',
  summary: 'no value is there twice; NULLs are not compared',
  arguments: rowCondition,
  example: {},
  query: ({ model, column, given }) => duplicates(model, column, given.row_condition),
});

const together = (model: string, columns: readonly string[], ...conditions: readonly (string | undefined)[]): string =>
  `select ${listed(columns)}count(*) as n_records\nfrom ${model}${where(...conditions)}${grouped(columns)}\nhaving count(*) > 1`;

export const uniqueCombination = dataTest({
  name: 'unique_combination_of_columns',
  summary: 'no two rows have the same values in these columns; a NULL equals a NULL',
  on: 'model',
  arguments: { combination_of_columns: required(sqlList), quote_columns: otherwise(false, flag) },
  example: { combination_of_columns: ['order_id', 'line'] },
  query: ({ model, given }, dialect) =>
    together(model, given.quote_columns ? given.combination_of_columns.map((one) => dialect.quote(one)) : given.combination_of_columns),
});

const ofColumns = {
  column_list: required(sqlList),
  quote_columns: otherwise(false, flag),
  ignore_row_if: otherwise('all_values_are_missing', choice('all_values_are_missing', 'any_value_is_missing')),
  ...rowCondition,
};

const missing = (columns: readonly string[], ignored: 'all_values_are_missing' | 'any_value_is_missing'): string =>
  columns.map((column) => `${column} is not null`).join(ignored === 'all_values_are_missing' ? ' or ' : ' and ');

export const expectCompoundUnique = dataTest({
  name: 'expect_compound_columns_to_be_unique',
  summary:
    'no two rows have the same values in these columns; rows where all of them (or, as `ignore_row_if` says, any) are NULL do not count',
  on: 'model',
  arguments: ofColumns,
  example: { column_list: ['order_id', 'line'], ignore_row_if: 'any_value_is_missing' },
  query: ({ model, given }, dialect) => {
    const columns = given.quote_columns ? given.column_list.map((one) => dialect.quote(one)) : given.column_list;
    return together(model, columns, given.row_condition, missing(columns, given.ignore_row_if));
  },
});

export const expectUniqueWithinRecord = dataTest({
  name: 'expect_select_column_values_to_be_unique_within_record',
  summary: 'in each row these columns have different values, all of them given; which rows do not count, `ignore_row_if` says',
  on: 'model',
  arguments: ofColumns,
  example: { column_list: ['home_phone', 'work_phone'], ignore_row_if: 'any_value_is_missing' },
  badRows: ({ given }, dialect) => {
    const columns = given.quote_columns ? given.column_list.map((one) => dialect.quote(one)) : given.column_list;
    const same = columns.flatMap((a, index) => columns.slice(index + 1).map((b) => `${a} = ${b}`));
    const bad = [...columns.map((column) => `${column} is null`), ...same].join(' or ');
    return among(given.row_condition, `(${missing(columns, given.ignore_row_if)}) and (${bad})`);
  },
});
