import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Column } from '../../src/core/statement.ts';
import { dataTests } from '../../src/data-tests/index.ts';
import { duckdb, postgres, type TriedWarehouse } from './warehouses.ts';

type Given = Readonly<Record<string, unknown>>;
/** The test, what it is about, its arguments, and the number of bad rows or the rows themselves. */
type Case = readonly [name: string, from: string, given: Given, bad: number | readonly (readonly (string | null)[])[]];

const where = (from: string, condition: string): string => `(select * from ${from} where ${condition}) dbt_subquery`;
const due = '"Total Due"';

const builtIn: readonly Case[] = [
  ['not_null', 'people', { column_name: 'name' }, 0],
  ['not_null', 'people', { column_name: 'country' }, 1],
  ['not_null', where('people', 'id = 1'), { column_name: 'country' }, 0],
  ['not_null', 'orders', { column_name: due }, [['13', '9', "it's", null, null, '1']]],
  ['not_null', 'empty_table', { column_name: 'id' }, 0],
  ['unique', 'people', { column_name: 'name' }, 0],
  ['unique', 'people', { column_name: 'id' }, [['3', '2']]],
  ['unique', where('people', "name <> 'Di'"), { column_name: 'id' }, 0],
  ['unique', 'lines', { column_name: "sku || coalesce(note, '-')" }, [['a-', '2']]],
  ['unique', 'empty_table', { column_name: 'id' }, 0],
  ['accepted_values', 'people', { column_name: 'country', values: ['DE', 'de', 'US'] }, 0],
  ['accepted_values', 'people', { column_name: 'country', values: ['DE', 'de'] }, [['US', '2']]],
  ['accepted_values', 'orders', { column_name: 'status', values: ['placed', 'shipped', 'lost', "it's"] }, 0],
  ['accepted_values', 'people', { column_name: 'age', values: [36, 17, 80], quote: false }, 0],
  ['accepted_values', 'people', { column_name: 'age', values: [36, 17, 80] }, 0],
  ['accepted_values', 'people', { column_name: 'age', values: ['36', 17], quote: false }, [['80', '2']]],
  ['accepted_values', 'orders', { column_name: 'net', values: ['tax * 5', 0], quote: 'false' }, [['1', '1']]],
  ['accepted_values', 'empty_table', { column_name: 'name', values: ['a'] }, 0],
  [
    'relationships',
    'orders',
    { column_name: 'person_id', to: where('people', 'id < 3'), field: 'id' },
    [['13', '9', "it's", null, null, '1']],
  ],
  ['relationships', where('orders', 'person_id < 3'), { column_name: 'person_id', to: 'people', field: 'id' }, 0],
  ['relationships', 'people', { column_name: 'id', to: 'empty_table', field: 'id' }, 4],
  ['relationships', 'empty_table', { column_name: 'id', to: 'people', field: 'id' }, 0],
];

const rowCounts: readonly Case[] = [
  ['row_count_equals', 'people', { count: 5 }, 0],
  ['row_count_equals', 'people', { count: 4 }, [['5', '4']]],
  ['row_count_equals', 'empty_table', { count: 0 }, 0],
  ['row_count_at_least', 'people', { count: '5' }, 0],
  ['row_count_at_least', 'people', { count: 6 }, [['5', 'at least 6']]],
  ['row_count_at_least', 'empty_table', { count: 1 }, [['0', 'at least 1']]],
  ['row_count_between', 'people', { min: 5, max: 5 }, 0],
  ['row_count_between', 'people', { min: 1, max: 4 }, [['5', '1 to 4']]],
  ['row_count_between', 'empty_table', { min: 1, max: 2 }, 1],
  ['expect_table_row_count_to_equal', 'people', { value: 5 }, 0],
  ['expect_table_row_count_to_equal', 'people', { value: 2, group_by: ['country'] }, 3],
  ['expect_table_row_count_to_equal', 'people', { value: 2, row_condition: "country = 'US'" }, 0],
  ['expect_table_row_count_to_equal', 'empty_table', { value: 1 }, 1],
  ['expect_table_row_count_to_be_between', 'people', { min_value: 1, max_value: 5 }, 0],
  ['expect_table_row_count_to_be_between', 'people', { max_value: 5, strictly: true }, 1],
  ['expect_table_row_count_to_be_between', 'people', { min_value: 2, group_by: ['country', 'age'] }, 3],
  ['expect_table_row_count_to_be_between', 'empty_table', { min_value: 1 }, 1],
  ['equal_rowcount', 'people', { compare_model: 'orders' }, 0],
  ['equal_rowcount', 'people', { compare_model: 'lines' }, [['5', '7']]],
  ['equal_rowcount', where('people', 'id < 3'), { compare_model: 'people', group_by_columns: ['country'] }, 2],
  ['equal_rowcount', 'people', { compare_model: 'people', group_by_columns: ['country'] }, 0],
  ['equal_rowcount', 'empty_table', { compare_model: 'empty_table' }, 0],
  ['fewer_rows_than', 'people', { compare_model: 'lines' }, 0],
  ['fewer_rows_than', 'people', { compare_model: 'orders' }, 1],
  ['fewer_rows_than', where('people', "name <> 'Di'"), { compare_model: 'people', group_by_columns: ['country'] }, 3],
  ['fewer_rows_than', 'empty_table', { compare_model: 'people' }, 0],
  ['expect_table_row_count_to_equal_other_table', 'people', { compare_model: 'orders' }, 0],
  ['expect_table_row_count_to_equal_other_table', 'people', { compare_model: 'lines' }, 1],
  [
    'expect_table_row_count_to_equal_other_table',
    'people',
    { compare_model: 'orders', group_by: ['id'], compare_group_by: ['person_id'] },
    3,
  ],
  [
    'expect_table_row_count_to_equal_other_table',
    'people',
    { compare_model: 'people', row_condition: 'age > 20', compare_row_condition: 'age < 20' },
    1,
  ],
  ['expect_table_row_count_to_equal_other_table', 'empty_table', { compare_model: 'people', compare_row_condition: 'id = 77' }, 0],
  [
    'expect_table_row_count_to_equal_other_table_times_factor',
    where('lines', "sku = 'a'"),
    { compare_model: where('people', 'id = 1'), factor: 2 },
    0,
  ],
  ['expect_table_row_count_to_equal_other_table_times_factor', 'people', { compare_model: 'people', factor: 2 }, 1],
  ['expect_table_row_count_to_equal_other_table_times_factor', 'empty_table', { compare_model: 'empty_table', factor: 12 }, 0],
];

const nullsAndKeys: readonly Case[] = [
  ['at_least_one', 'people', { column_name: 'country' }, 0],
  ['at_least_one', where('people', 'country is null'), { column_name: 'country' }, [['1', '0']]],
  ['at_least_one', 'people', { column_name: 'email', group_by_columns: ['country'] }, [['de', '1', '0']]],
  ['at_least_one', 'empty_table', { column_name: 'id' }, 1],
  ['not_constant', 'people', { column_name: 'country' }, 0],
  ['not_constant', where('people', "country = 'US'"), { column_name: 'age' }, [['80', '2']]],
  ['not_constant', 'readings', { column_name: 'n', group_by_columns: ['meter', 'seen_at'] }, 6],
  ['not_constant', 'empty_table', { column_name: 'id' }, 0],
  ['not_null_proportion', 'people', { column_name: 'country', at_least: 0.8 }, 0],
  ['not_null_proportion', 'people', { column_name: 'country', at_least: 0.81 }, 1],
  ['not_null_proportion', 'people', { column_name: 'name', at_least: 0.5, at_most: 0.9 }, 1],
  ['not_null_proportion', 'people', { column_name: 'email', at_least: 1, group_by_columns: ['country'] }, 1],
  ['not_null_proportion', 'empty_table', { column_name: 'id', at_least: 0.5 }, 0],
  ['expect_column_values_to_not_be_null', 'people', { column_name: 'country' }, 1],
  ['expect_column_values_to_not_be_null', 'people', { column_name: 'country', row_condition: 'age is not null' }, 0],
  ['expect_column_values_to_not_be_null', 'empty_table', { column_name: 'id' }, 0],
  ['expect_column_values_to_be_null', 'people', { column_name: 'email' }, 4],
  ['expect_column_values_to_be_null', 'people', { column_name: 'email', row_condition: 'id = 2' }, 0],
  ['expect_column_values_to_be_null', 'empty_table', { column_name: 'id' }, 0],
  ['expect_column_values_to_be_unique', 'people', { column_name: 'id' }, 1],
  ['expect_column_values_to_be_unique', 'people', { column_name: 'id', row_condition: 'age is null or age < 50' }, 0],
  ['expect_column_values_to_be_unique', 'empty_table', { column_name: 'id' }, 0],
  ['unique_combination_of_columns', where('lines', 'order_id = 10'), { combination_of_columns: ['order_id', 'sku'] }, 0],
  ['unique_combination_of_columns', 'lines', { combination_of_columns: ['order_id', 'line'] }, 3],
  ['unique_combination_of_columns', 'orders', { combination_of_columns: ['id', 'Total Due'], quote_columns: true }, 0],
  ['unique_combination_of_columns', 'empty_table', { combination_of_columns: ['id'] }, 0],
  ['expect_compound_columns_to_be_unique', 'lines', { column_list: ['order_id', 'line'] }, 2],
  [
    'expect_compound_columns_to_be_unique',
    'lines',
    { column_list: ['order_id', 'line'], ignore_row_if: 'any_value_is_missing' },
    [['10', '2', '2']],
  ],
  ['expect_compound_columns_to_be_unique', 'lines', { column_list: ['order_id', 'sku'], row_condition: 'order_id is not null' }, 0],
  ['expect_compound_columns_to_be_unique', 'empty_table', { column_list: ['id', 'name'] }, 0],
  [
    'expect_select_column_values_to_be_unique_within_record',
    'lines',
    { column_list: ['sku', 'note'], ignore_row_if: 'any_value_is_missing' },
    [['11', null, 'b', 'b']],
  ],
  ['expect_select_column_values_to_be_unique_within_record', 'lines', { column_list: ['sku', 'note'] }, 3],
  [
    'expect_select_column_values_to_be_unique_within_record',
    where('lines', 'line = 2'),
    { column_list: ['sku', 'note'], quote_columns: true },
    0,
  ],
  ['expect_select_column_values_to_be_unique_within_record', 'empty_table', { column_list: ['id', 'id'] }, 0],
];

const sets: readonly Case[] = [
  ['not_accepted_values', 'people', { column_name: 'country', values: ['FR'] }, 0],
  ['not_accepted_values', 'people', { column_name: 'country', values: ['US', 'FR'] }, [['US', '2']]],
  ['not_accepted_values', 'people', { column_name: 'age', values: [80], quote: false }, 1],
  ['not_accepted_values', 'empty_table', { column_name: 'name', values: ['x'] }, 0],
  ['expect_column_values_to_be_in_set', 'people', { column_name: 'country', value_set: ['DE', 'de', 'US'] }, 1],
  [
    'expect_column_values_to_be_in_set',
    'people',
    { column_name: 'country', value_set: ['DE', 'de', 'US'], row_condition: 'country is not null' },
    0,
  ],
  [
    'expect_column_values_to_be_in_set',
    'people',
    { column_name: 'age', value_set: [80], quote_values: false, row_condition: 'age < 50 or id = 1' },
    2,
  ],
  ['expect_column_values_to_be_in_set', 'empty_table', { column_name: 'name', value_set: ['x'] }, 0],
  ['expect_column_values_to_not_be_in_set', 'people', { column_name: 'country', value_set: ['FR', "it's"] }, 0],
  ['expect_column_values_to_not_be_in_set', 'people', { column_name: 'country', value_set: ['US'] }, 2],
  ['expect_column_values_to_not_be_in_set', 'empty_table', { column_name: 'name', value_set: ['x'] }, 0],
  ['expect_column_distinct_values_to_be_in_set', where('people', 'id < 3'), { column_name: 'country', value_set: ['DE', 'de', 'US'] }, 0],
  ['expect_column_distinct_values_to_be_in_set', 'people', { column_name: 'country', value_set: ['DE', 'de'] }, 2],
  ['expect_column_distinct_values_to_be_in_set', 'empty_table', { column_name: 'name', value_set: ['x'] }, 0],
  ['expect_column_distinct_values_to_contain_set', 'people', { column_name: 'country', value_set: ['US', 'DE'] }, 0],
  [
    'expect_column_distinct_values_to_contain_set',
    'people',
    { column_name: 'country', value_set: ['US', 'FR', 'IT'] },
    [
      ['FR', 'not there'],
      ['IT', 'not there'],
    ],
  ],
  [
    'expect_column_distinct_values_to_contain_set',
    'people',
    { column_name: 'age', value_set: [80, 81], quote_values: false },
    [['81', 'not there']],
  ],
  ['expect_column_distinct_values_to_contain_set', 'people', { column_name: 'age', value_set: [80] }, 0],
  ['expect_column_distinct_values_to_contain_set', 'empty_table', { column_name: 'name', value_set: ['x'] }, 1],
  [
    'expect_column_distinct_values_to_equal_set',
    'people',
    { column_name: 'country', value_set: ['US', 'DE', 'de'], row_condition: 'country is not null' },
    0,
  ],
  ['expect_column_distinct_values_to_equal_set', 'people', { column_name: 'country', value_set: ['US', 'DE', 'FR'] }, 3],
  ['expect_column_distinct_values_to_equal_set', 'empty_table', { column_name: 'name', value_set: ['x'] }, 1],
  ['expect_column_most_common_value_to_be_in_set', 'people', { column_name: 'country', value_set: ['US'], top_n: 1 }, 0],
  ['expect_column_most_common_value_to_be_in_set', 'people', { column_name: 'country', value_set: ['DE', 'de'], top_n: 1 }, [['US', '2']]],
  [
    'expect_column_most_common_value_to_be_in_set',
    'people',
    { column_name: 'age', value_set: [80], top_n: 1, quote_values: false, data_type: 'integer' },
    0,
  ],
  ['expect_column_most_common_value_to_be_in_set', 'empty_table', { column_name: 'name', value_set: ['x'], top_n: 2 }, 0],
  [
    'expect_column_pair_values_to_be_in_set',
    where('people', 'id < 3'),
    {
      column_A: 'id',
      column_B: 'country',
      value_pairs_set: [
        [1, "'DE'"],
        [2, "'de'"],
      ],
    },
    0,
  ],
  [
    'expect_column_pair_values_to_be_in_set',
    'people',
    {
      column_A: 'id',
      column_B: 'age',
      value_pairs_set: [
        [1, 36],
        [2, 17],
      ],
    },
    3,
  ],
  ['expect_column_pair_values_to_be_in_set', 'empty_table', { column_A: 'id', column_B: 'id', value_pairs_set: [[1, 1]] }, 0],
];

const rowExpressions: readonly Case[] = [
  ['expression_is_true', 'orders', { expression: `net + tax = ${due}` }, 0],
  ['expression_is_true', 'orders', { expression: 'net > 1' }, 2],
  ['expression_is_true', 'orders', { column_name: 'tax', expression: '>= 0' }, 0],
  ['expression_is_true', 'orders', { column_name: due, expression: '> 6' }, 3],
  ['expression_is_true', 'empty_table', { expression: 'id = 1' }, 0],
  ['accepted_range', 'people', { column_name: 'age', min_value: 17, max_value: 80 }, 0],
  ['accepted_range', 'people', { column_name: 'age', min_value: 17, max_value: 80, inclusive: false }, 3],
  ['accepted_range', 'people', { column_name: 'age', max_value: 'id * 20' }, 2],
  ['accepted_range', 'people', { column_name: 'age', min_value: 0 }, 0],
  ['accepted_range', 'empty_table', { column_name: 'id', min_value: 0 }, 0],
  ['not_empty_string', 'people', { column_name: 'country' }, 0],
  ['not_empty_string', 'people', { column_name: 'name' }, 1],
  ['not_empty_string', 'people', { column_name: 'name', trim_whitespace: false }, 0],
  ['not_empty_string', 'people', { column_name: 'email' }, 1],
  ['not_empty_string', 'empty_table', { column_name: 'name' }, 0],
  ['expect_column_values_to_be_between', 'people', { column_name: 'age', min_value: 17, max_value: 80 }, 0],
  ['expect_column_values_to_be_between', 'people', { column_name: 'age', max_value: 80, strictly: true }, 2],
  ['expect_column_values_to_be_between', 'people', { column_name: 'age', max_value: 50, row_condition: 'id < 3' }, 0],
  ['expect_column_values_to_be_between', 'empty_table', { column_name: 'id', max_value: 1 }, 0],
  ['expect_column_value_lengths_to_be_between', 'people', { column_name: 'name', min_value: 2, max_value: 3 }, 0],
  ['expect_column_value_lengths_to_be_between', 'people', { column_name: 'email', min_value: 1 }, 1],
  ['expect_column_value_lengths_to_be_between', 'empty_table', { column_name: 'name', min_value: 1 }, 0],
  ['expect_column_value_lengths_to_equal', 'people', { column_name: 'country', value: 2 }, 0],
  ['expect_column_value_lengths_to_equal', 'people', { column_name: 'name', value: 2 }, 1],
  ['expect_column_value_lengths_to_equal', 'empty_table', { column_name: 'name', value: 2 }, 0],
  ['expect_column_pair_values_to_be_equal', 'orders', { column_A: 'net + tax', column_B: due }, 0],
  ['expect_column_pair_values_to_be_equal', 'orders', { column_A: 'net', column_B: 'tax' }, 3],
  ['expect_column_pair_values_to_be_equal', 'orders', { column_A: 'net', column_B: 'tax', row_condition: "status = 'lost'" }, 0],
  ['expect_column_pair_values_to_be_equal', 'empty_table', { column_A: 'id', column_B: 'id' }, 0],
  ['expect_column_pair_values_A_to_be_greater_than_B', 'orders', { column_A: 'net', column_B: 'tax', or_equal: true }, 0],
  ['expect_column_pair_values_A_to_be_greater_than_B', 'orders', { column_A: 'net', column_B: 'tax' }, 1],
  ['expect_column_pair_values_A_to_be_greater_than_B', 'empty_table', { column_A: 'id', column_B: 'id' }, 0],
  ['expect_column_values_to_have_consistent_casing', 'people', { column_name: 'name' }, 0],
  ['expect_column_values_to_have_consistent_casing', 'people', { column_name: 'country' }, [['1']]],
  [
    'expect_column_values_to_have_consistent_casing',
    'people',
    { column_name: 'country', display_inconsistent_columns: true },
    [['de', '2']],
  ],
  ['expect_column_values_to_have_consistent_casing', 'empty_table', { column_name: 'name' }, 0],
];

const patterns: readonly Case[] = [
  ['expect_column_values_to_match_like_pattern', 'people', { column_name: 'email', like_pattern: '%@%' }, 1],
  ['expect_column_values_to_match_like_pattern', 'people', { column_name: 'email', like_pattern: '%@%', row_condition: "email <> ''" }, 0],
  ['expect_column_values_to_match_like_pattern', 'empty_table', { column_name: 'name', like_pattern: 'x' }, 0],
  ['expect_column_values_to_not_match_like_pattern', 'people', { column_name: 'email', like_pattern: '%&%' }, 0],
  ['expect_column_values_to_not_match_like_pattern', 'people', { column_name: 'email', like_pattern: '%@x%' }, 2],
  ['expect_column_values_to_not_match_like_pattern', 'empty_table', { column_name: 'name', like_pattern: 'x' }, 0],
  ['expect_column_values_to_match_like_pattern_list', 'people', { column_name: 'country', like_pattern_list: ['D%', 'd%', '_S'] }, 0],
  [
    'expect_column_values_to_match_like_pattern_list',
    'people',
    { column_name: 'country', like_pattern_list: ['D%', '%E'], match_on: 'all' },
    3,
  ],
  ['expect_column_values_to_match_like_pattern_list', 'empty_table', { column_name: 'name', like_pattern_list: ['x'] }, 0],
  ['expect_column_values_to_not_match_like_pattern_list', 'people', { column_name: 'country', like_pattern_list: ['D%', '%X'] }, 0],
  [
    'expect_column_values_to_not_match_like_pattern_list',
    'people',
    { column_name: 'country', like_pattern_list: ['D%', '%X'], match_on: 'all' },
    1,
  ],
  ['expect_column_values_to_not_match_like_pattern_list', 'empty_table', { column_name: 'name', like_pattern_list: ['x'] }, 0],
  ['expect_column_values_to_match_regex', 'people', { column_name: 'country', regex: '[DU]' }, 1],
  ['expect_column_values_to_match_regex', 'people', { column_name: 'country', regex: '^(us|de)$', flags: 'i', is_raw: true }, 0],
  [
    'expect_column_values_to_match_regex',
    'people',
    { column_name: 'email', regex: "^[^']+@[a-z]{1,2}\\.org$", row_condition: 'id is not null' },
    1,
  ],
  ['expect_column_values_to_match_regex', 'empty_table', { column_name: 'name', regex: 'x' }, 0],
  ['expect_column_values_to_not_match_regex', 'people', { column_name: 'country', regex: '[0-9]' }, 0],
  ['expect_column_values_to_not_match_regex', 'people', { column_name: 'country', regex: 's', flags: 'i' }, 2],
  ['expect_column_values_to_not_match_regex', 'empty_table', { column_name: 'name', regex: 'x' }, 0],
  ['expect_column_values_to_match_regex_list', 'people', { column_name: 'country', regex_list: ['^D', '^d', 'S$'] }, 0],
  ['expect_column_values_to_match_regex_list', 'people', { column_name: 'country', regex_list: ['^D', 'E$'], match_on: 'all' }, 3],
  ['expect_column_values_to_match_regex_list', 'empty_table', { column_name: 'name', regex_list: ['x'] }, 0],
  ['expect_column_values_to_not_match_regex_list', 'people', { column_name: 'country', regex_list: ['^D', 'X$'], match_on: 'any' }, 0],
  [
    'expect_column_values_to_not_match_regex_list',
    'people',
    { column_name: 'country', regex_list: ['^d', 'x$'], match_on: 'all', flags: 'i' },
    2,
  ],
  ['expect_column_values_to_not_match_regex_list', 'empty_table', { column_name: 'name', regex_list: ['x'] }, 0],
];

const between = (name: string, column: string, good: Given, bad: Given): readonly Case[] => [
  [name, 'numbers', { column_name: column, ...good }, 0],
  [name, 'numbers', { column_name: column, ...bad }, 1],
  [name, 'empty_table', { column_name: 'id', ...good }, name.includes('unique_value_count') ? 1 : 0],
];

const aggregates: readonly Case[] = [
  ...between('expect_column_max_to_be_between', 'x', { min_value: 10, max_value: 10 }, { max_value: 10, strictly: true }),
  ...between('expect_column_min_to_be_between', 'x', { min_value: 1 }, { min_value: 4, group_by: ['grp'] }),
  ...between('expect_column_mean_to_be_between', 'x', { min_value: 4, max_value: 4 }, { min_value: 5 }),
  ...between('expect_column_median_to_be_between', 'x', { min_value: 2.5, max_value: 2.5 }, { max_value: 2 }),
  ...between('expect_column_sum_to_be_between', 'x', { min_value: 16, max_value: 16 }, { min_value: 17, row_condition: "grp = 'a'" }),
  ...between('expect_column_stdev_to_be_between', 'x', { min_value: 4, max_value: 4.1 }, { max_value: 0.5, group_by: ['grp'] }),
  ...between('expect_column_unique_value_count_to_be_between', 'x', { min_value: 4, max_value: 4 }, { min_value: 5 }),
  ...between('expect_column_proportion_of_unique_values_to_be_between', 'x', { min_value: 1 }, { max_value: 0.99 }),
  ...between('expect_column_quantile_values_to_be_between', 'x', { quantile: 0, max_value: 1 }, { quantile: 0.5, min_value: 3 }),
  ['expect_column_distinct_count_to_equal', 'numbers', { column_name: 'x', value: 4 }, 0],
  ['expect_column_distinct_count_to_equal', 'numbers', { column_name: 'x', value: 3, group_by: ['grp'], quote_values: true }, [['b', '1']]],
  ['expect_column_distinct_count_to_equal', 'empty_table', { column_name: 'id', value: 0 }, 0],
  ['expect_column_distinct_count_to_be_greater_than', 'numbers', { column_name: 'x', value: 3 }, 0],
  ['expect_column_distinct_count_to_be_greater_than', 'numbers', { column_name: 'x', value: 4 }, 1],
  ['expect_column_distinct_count_to_be_greater_than', 'empty_table', { column_name: 'id', value: 0 }, 1],
  ['expect_column_distinct_count_to_be_less_than', 'numbers', { column_name: 'x', value: 5 }, 0],
  ['expect_column_distinct_count_to_be_less_than', 'numbers', { column_name: 'x', value: 4 }, 1],
  ['expect_column_distinct_count_to_be_less_than', 'empty_table', { column_name: 'id', value: 1 }, 0],
  [
    'expect_column_distinct_count_to_equal_other_table',
    'people',
    { column_name: 'id', compare_model: 'numbers', compare_column_name: 'y', row_condition: 'age > 0', compare_row_condition: 'x < 4' },
    0,
  ],
  ['expect_column_distinct_count_to_equal_other_table', 'people', { column_name: 'id', compare_column_name: 'country' }, 0],
  ['expect_column_distinct_count_to_equal_other_table', 'people', { column_name: 'id', compare_column_name: 'name' }, [['3', '5']]],
  ['expect_column_distinct_count_to_equal_other_table', 'empty_table', { column_name: 'id', compare_column_name: 'name' }, 0],
  ['expect_multicolumn_sum_to_equal', 'orders', { column_list: ['net', 'tax'], sum_total: 20.5 }, 0],
  [
    'expect_multicolumn_sum_to_equal',
    'orders',
    { column_list: ['net', 'tax'], sum_total: due, row_condition: 'net is not null', group_by: ['id'] },
    0,
  ],
  ['expect_multicolumn_sum_to_equal', 'orders', { column_list: ['net', 'tax'], sum_total: '19' }, 1],
  ['expect_multicolumn_sum_to_equal', 'empty_table', { column_list: ['id'], sum_total: 1 }, 0],
];

const sequences: readonly Case[] = [
  [
    'mutually_exclusive_ranges',
    where('periods', "owner in ('a', 'b')"),
    { lower_bound_column: 'starts', upper_bound_column: 'ends', partition_by: 'owner' },
    0,
  ],
  [
    'mutually_exclusive_ranges',
    where('periods', "owner = 'c'"),
    { lower_bound_column: 'starts', upper_bound_column: 'ends' },
    [['0', '2', '1', '1']],
  ],
  [
    'mutually_exclusive_ranges',
    where('periods', "owner in ('a', 'b')"),
    { lower_bound_column: 'starts', upper_bound_column: 'ends', partition_by: 'owner', gaps: 'not_allowed' },
    1,
  ],
  [
    'mutually_exclusive_ranges',
    where('periods', "owner in ('a', 'b')"),
    { lower_bound_column: 'starts', upper_bound_column: 'ends', partition_by: ['owner'], gaps: 'required' },
    2,
  ],
  [
    'mutually_exclusive_ranges',
    where('periods', "owner in ('d', 'e', 'f')"),
    { lower_bound_column: 'starts', upper_bound_column: 'ends', partition_by: 'owner' },
    3,
  ],
  [
    'mutually_exclusive_ranges',
    where('periods', "owner = 'd'"),
    { lower_bound_column: 'starts', upper_bound_column: 'ends', zero_length_range_allowed: true },
    0,
  ],
  ['mutually_exclusive_ranges', 'empty_table', { lower_bound_column: 'id', upper_bound_column: 'id' }, 0],
  ['sequential_values', where('readings', "meter = 'a'"), { column_name: 'n' }, 0],
  ['sequential_values', where('readings', "meter = 'a'"), { column_name: 'n * 2', interval: 2 }, 0],
  [
    'sequential_values',
    'readings',
    { column_name: 'n', group_by_columns: ['meter'] },
    [
      ['b', '3', '1'],
      ['b', '3', '3'],
    ],
  ],
  ['sequential_values', where('readings', "meter = 'a'"), { column_name: 'seen_at', datepart: 'hour', interval: 1 }, 0],
  ['sequential_values', where('readings', "meter = 'b'"), { column_name: 'seen_at', datepart: 'hour' }, 1],
  ['sequential_values', 'empty_table', { column_name: 'id' }, 0],
  ['expect_column_values_to_be_increasing', 'readings', { column_name: 'n', sort_column: 'seen_at', group_by: ['meter'] }, 1],
  [
    'expect_column_values_to_be_increasing',
    'readings',
    { column_name: 'n', sort_column: 'seen_at', group_by: ['meter'], strictly: false },
    0,
  ],
  ['expect_column_values_to_be_increasing', where('readings', "meter = 'a'"), { column_name: 'n', step: 1 }, 0],
  ['expect_column_values_to_be_increasing', where('readings', "meter = 'a'"), { column_name: 'n', step: 2 }, 2],
  ['expect_column_values_to_be_increasing', 'empty_table', { column_name: 'id' }, 0],
  ['expect_column_values_to_be_decreasing', where('readings', "meter = 'a'"), { column_name: '-n', sort_column: 'seen_at' }, 0],
  ['expect_column_values_to_be_decreasing', 'readings', { column_name: 'n', sort_column: 'seen_at', row_condition: "meter = 'a'" }, 2],
  ['expect_column_values_to_be_decreasing', 'empty_table', { column_name: 'id' }, 0],
];

const recency: readonly Case[] = [
  ['recency', where('fresh', "store = 'new'"), { field: 'seen_at', datepart: 'day', interval: 1 }, 0],
  ['recency', where('fresh', "store = 'old'"), { field: 'seen_at', datepart: 'quarter', interval: 1 }, 1],
  ['recency', 'fresh', { field: 'seen_at', datepart: 'week', interval: 2, group_by_columns: ['store'], ignore_time_component: true }, 1],
  ['recency', 'empty_table', { field: 'seen_at', datepart: 'day', interval: 1 }, 0],
  ['expect_row_values_to_have_recent_data', 'fresh', { column_name: 'seen_at', datepart: 'day', interval: 1 }, 0],
  [
    'expect_row_values_to_have_recent_data',
    'fresh',
    { column_name: 'seen_at', datepart: 'day', interval: 1, row_condition: "store <> 'new'" },
    1,
  ],
  ['expect_row_values_to_have_recent_data', where('fresh', "store = 'odd'"), { column_name: 'seen_at', datepart: 'day', interval: 1 }, 1],
  ['expect_row_values_to_have_recent_data', 'empty_table', { column_name: 'seen_at', datepart: 'day', interval: 1 }, 1],
  [
    'expect_grouped_row_values_to_have_recent_data',
    where('fresh', "store <> 'old'"),
    { group_by: ['store'], timestamp_column: 'seen_at', datepart: 'day', interval: 1 },
    0,
  ],
  [
    'expect_grouped_row_values_to_have_recent_data',
    'fresh',
    { group_by: ['store'], timestamp_column: 'seen_at', datepart: 'month', interval: 1 },
    1,
  ],
  [
    'expect_grouped_row_values_to_have_recent_data',
    'fresh',
    { group_by: ['store'], timestamp_column: 'seen_at', datepart: 'day', interval: 1, row_condition: "store = 'nobody'" },
    1,
  ],
  [
    'expect_grouped_row_values_to_have_recent_data',
    'empty_table',
    { group_by: ['id', 'name'], timestamp_column: 'seen_at', datepart: 'day', interval: 1 },
    1,
  ],
];

const comparisons: readonly Case[] = [
  ['cardinality_equality', 'people', { column_name: 'country', to: 'people', field: 'country' }, 0],
  ['cardinality_equality', 'people', { column_name: 'id', to: 'orders', field: 'person_id' }, 4],
  ['cardinality_equality', 'empty_table', { column_name: 'id', to: 'empty_table', field: 'id' }, 0],
  ['equality', 'numbers', { compare_model: 'numbers' }, 0],
  ['equality', 'numbers', { compare_model: 'numbers_again' }, 2],
  ['equality', 'numbers', { compare_model: 'numbers_again', precision: 3 }, 0],
  ['equality', 'numbers', { compare_model: 'numbers_again', exclude_columns: ['Y'] }, 0],
  ['equality', 'numbers', { compare_model: 'numbers_again', compare_columns: ['grp', 'x'] }, 0],
  ['equality', 'numbers', { compare_model: where('numbers_again', "grp = 'a'"), compare_columns: ['grp'] }, [['a_minus_b', 'b']]],
  ['equality', 'numbers', { compare_model: 'people' }, 8],
  ['equality', 'empty_table', { compare_model: 'empty_table' }, 0],
  ['relationships_where', 'orders', { column_name: 'person_id', to: 'people', field: 'id', from_condition: 'person_id <> 9' }, 0],
  ['relationships_where', 'orders', { column_name: 'person_id', to: 'people', field: 'id', to_condition: 'id > 1' }, 3],
  ['relationships_where', 'empty_table', { column_name: 'id', to: 'people', field: 'id' }, 0],
  [
    'expect_table_aggregation_to_equal_other_table',
    'numbers',
    { expression: 'sum(x)', compare_model: 'numbers_again', group_by: ['grp'] },
    0,
  ],
  [
    'expect_table_aggregation_to_equal_other_table',
    'numbers',
    { expression: 'max(y)', compare_model: 'numbers', compare_expression: 'max(x)' },
    [['5.0000', '10', '5']],
  ],
  [
    'expect_table_aggregation_to_equal_other_table',
    'numbers',
    { expression: 'max(y)', compare_model: 'numbers', compare_expression: 'max(x)', tolerance: 5 },
    0,
  ],
  [
    'expect_table_aggregation_to_equal_other_table',
    'numbers',
    { expression: 'max(y)', compare_model: 'numbers', compare_expression: 'max(x)', tolerance_percent: 1 },
    0,
  ],
  [
    'expect_table_aggregation_to_equal_other_table',
    'people',
    { expression: 'count(*)', compare_model: 'orders', group_by: ['id'], compare_group_by: ['person_id'] },
    3,
  ],
  ['expect_table_aggregation_to_equal_other_table', 'empty_table', { expression: 'sum(id)', compare_model: 'empty_table' }, 0],
];

const tableShape: readonly Case[] = [
  ['expect_column_to_exist', 'people', { column_name: 'Country' }, 0],
  ['expect_column_to_exist', 'orders', { column_name: due, column_index: 4 }, 0],
  ['expect_column_to_exist', 'orders', { column_name: due, column_index: 1 }, [['Total Due', 'column 4, and not 1']]],
  ['expect_column_to_exist', 'people', { column_name: 'land' }, [['land', 'not there']]],
  ['expect_column_to_exist', 'empty_table', { column_name: 'ID', transform: 'trim' }, 1],
  ['expect_table_column_count_to_equal', 'people', { value: 5 }, 0],
  ['expect_table_column_count_to_equal', 'people', { value: 6 }, [['5', '6']]],
  ['expect_table_column_count_to_equal', 'empty_table', { value: 3 }, 0],
  ['expect_table_column_count_to_be_between', 'people', { min_value: 5, max_value: 5 }, 0],
  ['expect_table_column_count_to_be_between', 'people', { max_value: 4 }, [['5', '0 to 4']]],
  ['expect_table_column_count_to_be_between', 'empty_table', { min_value: 1 }, 0],
  ['expect_table_column_count_to_equal_other_table', 'people', { compare_model: where('people', 'id = 1') }, 0],
  ['expect_table_column_count_to_equal_other_table', 'people', { compare_model: 'orders' }, [['5', '6']]],
  ['expect_table_column_count_to_equal_other_table', 'empty_table', { compare_model: 'periods' }, 0],
  ['expect_table_columns_to_contain_set', 'people', { column_list: ['AGE', 'id'] }, 0],
  ['expect_table_columns_to_contain_set', 'people', { column_list: ['land', 'id'] }, [['land', 'not there']]],
  ['expect_table_columns_to_contain_set', 'empty_table', { column_list: ['id'] }, 0],
  ['expect_table_columns_to_not_contain_set', 'people', { column_list: ['land'] }, 0],
  ['expect_table_columns_to_not_contain_set', 'people', { column_list: ['land', 'id'] }, [['id', 'there']]],
  ['expect_table_columns_to_not_contain_set', 'empty_table', { column_list: ['x'] }, 0],
  ['expect_table_columns_to_match_set', 'periods', { column_list: ['ends', 'OWNER', 'starts'] }, 0],
  [
    'expect_table_columns_to_match_set',
    'periods',
    { column_list: ['ends', 'owner', 'more'] },
    [
      ['more', 'not there'],
      ['starts', 'not in the list'],
    ],
  ],
  ['expect_table_columns_to_match_set', 'empty_table', { column_list: ['id', 'name', 'seen_at'] }, 0],
  ['expect_table_columns_to_match_ordered_list', 'periods', { column_list: ['owner', 'starts', 'ends'] }, 0],
  ['expect_table_columns_to_match_ordered_list', 'periods', { column_list: ['owner', 'ends', 'starts'] }, 2],
  ['expect_table_columns_to_match_ordered_list', 'periods', { column_list: ['owner', 'starts'] }, [['ends', 'column 3, expected no more']]],
  ['expect_table_columns_to_match_ordered_list', 'empty_table', { column_list: ['id', 'name', 'seen_at'] }, 0],
  ['expect_column_values_to_be_of_type', 'people', { column_name: 'age', column_type: 'INTEGER' }, 0],
  ['expect_column_values_to_be_of_type', 'people', { column_name: 'age', column_type: 'int' }, 0],
  ['expect_column_values_to_be_of_type', 'people', { column_name: 'age', column_type: 'date' }, [['age', 'integer', 'date']]],
  ['expect_column_values_to_be_of_type', 'empty_table', { column_name: 'no_such', column_type: 'date' }, 1],
  ['expect_column_values_to_be_in_type_list', 'orders', { column_name: due, column_type_list: ['decimal', 'numeric'] }, 0],
  ['expect_column_values_to_be_in_type_list', 'orders', { column_name: due, column_type_list: ['decimal(9,2)', 'date'] }, 1],
  ['expect_column_values_to_be_in_type_list', 'empty_table', { column_name: 'id', column_type_list: ['integer'] }, 0],
];

const all = { builtIn, rowCounts, nullsAndKeys, sets, rowExpressions, patterns, aggregates, sequences, recency, comparisons, tableShape };

async function badRows(warehouse: TriedWarehouse, [name, model, given]: Case): Promise<readonly (readonly (string | null)[])[]> {
  const test = dataTests.get(name);
  assert.ok(test, `${name} is no data test`);
  const { column_name: column, ...rest } = given;
  const columns: Record<string, readonly Column[]> = {};
  for (const of of test?.columnsOf(rest) ?? []) columns[of] = await warehouse.describe(of === 'model' ? model : String(rest[of]));
  const task = { model, arguments: rest, columns, ...(typeof column === 'string' && { column }) };
  const sql = test?.sql(task, warehouse.dialect) ?? '';
  try {
    // As the engine runs it: in a subquery.
    const rows = await warehouse.rows(`select * from (\n${sql}\n) as bad`);
    if (test?.failCalc !== undefined) {
      const [[failures] = []] = await warehouse.rows(`select ${test.failCalc} from (\n${sql}\n) as bad`);
      assert.is(Number(failures) > 0, rows.length > 0, `fail_calc gives ${failures} for ${rows.length} rows`);
    }
    if (test?.scan) {
      const [[count] = []] = await warehouse.rows(`select ${test.scan(task, warehouse.dialect)} from ${model}`);
      assert.is(Number(count) > 0, rows.length > 0, `the shared scan gives ${count} for ${rows.length} rows`);
    }
    return rows;
  } catch (error) {
    throw new Error(
      `${warehouse.name}: ${name} ${JSON.stringify(given)} on ${model}: ${error instanceof Error ? error.message : String(error)}\n${sql}`,
    );
  }
}

const sorted = (rows: readonly (readonly (string | null)[])[]): string[] => rows.map((row) => JSON.stringify(row)).sort();

function tried(test: ReturnType<typeof suite>, open: () => Promise<TriedWarehouse>, exact: boolean): void {
  let opened: Promise<TriedWarehouse> | undefined;
  test.after(async () => (await opened)?.close());
  for (const [theme, cases] of Object.entries(all)) {
    test(theme, async () => {
      opened ??= open();
      const warehouse = await opened;
      const wrong: string[] = [];
      for (const one of cases) {
        const [name, from, given, bad] = one;
        const rows = await badRows(warehouse, one).catch((error: unknown) => `${error instanceof Error ? error.message : error}`);
        const well =
          typeof rows !== 'string' &&
          (typeof bad === 'number' || !exact
            ? rows.length === (typeof bad === 'number' ? bad : bad.length)
            : sorted(rows).join('\n') === sorted(bad).join('\n'));
        if (!well)
          wrong.push(
            `${name} ${JSON.stringify(given)} on ${from}\n  gives ${typeof rows === 'string' ? rows : sorted(rows).join('\n  ')}\n  expected ${JSON.stringify(bad)}`,
          );
      }
      assert.is(wrong.length, 0, wrong.join('\n'));
    });
  }
}

const onDuckdb = suite('data tests on DuckDB');
tried(onDuckdb, duckdb, true);

onDuckdb('every data test is tried where it passes, where it fails, and on an empty table', () => {
  const cases = Object.values(all).flat();
  const untried = [...dataTests.keys()].filter((name) => {
    const own = cases.filter(([test]) => test === name);
    const passes = own.some(([, , , bad]) => bad === 0);
    const fails = own.some(([, , , bad]) => bad !== 0);
    return !(passes && fails && own.some(([, from]) => from === 'empty_table'));
  });
  assert.equal(untried, []);
});

onDuckdb('a misspelt field of the parent is an error, also when the child has a column of that name', async () => {
  const warehouse = await duckdb();
  const sql =
    dataTests
      .get('relationships')
      ?.sql({ model: 'orders', column: 'person_id', arguments: { to: 'people', field: 'person_id' } }, warehouse.dialect) ?? '';
  const failed = await warehouse.rows(`select * from (${sql}) as bad`).then(
    () => false,
    () => true,
  );
  assert.ok(failed);
});

onDuckdb.run();

const onPostgres = suite('data tests on Postgres');
tried(onPostgres, postgres, false);
onPostgres.run();
