// Which columns a model has, and of which types. The columns are known before the query is made, so the query is the verdict.
import type { Dialect } from '../adapters/dialect.ts';
import type { Column } from '../core/statement.ts';
import { choice, integer, optional, otherwise, relation, required, text, textList } from './arguments.ts';
import { type DataTest, dataTest } from './data-test.ts';
import { literalRows } from './fragments.ts';

const columnsOf = (): readonly string[] => ['model'];
const unquoted = (name: string): string => name.replace(/^"(.*)"$/, '$1');
const folded = (name: string): string => unquoted(name).toLowerCase();

/** dbt_expectations passes names through this filter before it compares them; upper and lower both mean: whatever the case. */
const transform = { transform: otherwise('upper', choice('upper', 'lower', 'trim', 'string')) };
const folding = (given: { readonly transform: 'upper' | 'lower' | 'trim' | 'string' }): ((name: string) => string) =>
  given.transform === 'upper' || given.transform === 'lower' ? folded : (name) => unquoted(name).trim();

const findings = (rows: readonly (readonly [column: string, finding: string])[], dialect: Dialect): string =>
  literalRows(['column_name', 'finding'], rows, dialect);

const columnToExist = dataTest({
  name: 'expect_column_to_exist',
  summary: "the column is there; with `column_index`, as the model's first (1), second (2), … column",
  arguments: { column_index: optional(integer), ...transform },
  example: {},
  columnsOf,
  query: ({ column, given, columns }, dialect) => {
    const fold = folding(given);
    const index = columns('model').findIndex((one) => fold(one.name) === fold(column)) + 1;
    if (index === 0) return findings([[unquoted(column), 'not there']], dialect);
    const misplaced = given.column_index !== undefined && given.column_index !== index;
    return findings(misplaced ? [[unquoted(column), `column ${index}, and not ${given.column_index}`]] : [], dialect);
  },
});

const countFinding = (found: number, wanted: string, holds: boolean, dialect: Dialect): string =>
  literalRows(['column_count', 'expected'], holds ? [] : [[String(found), wanted]], dialect);

const columnCountEqual = dataTest({
  name: 'expect_table_column_count_to_equal',
  summary: 'the model has `value` columns',
  on: 'model',
  arguments: { value: required(integer) },
  example: { value: 7 },
  columnsOf,
  query: ({ given, columns }, dialect) =>
    countFinding(columns('model').length, `${given.value}`, columns('model').length === given.value, dialect),
});

const columnCountBetween = dataTest({
  name: 'expect_table_column_count_to_be_between',
  summary: 'the model has `min_value` to `max_value` columns',
  on: 'model',
  arguments: { min_value: otherwise(0, integer), max_value: optional(integer) },
  example: { min_value: 1, max_value: 4 },
  columnsOf,
  query: ({ given: { min_value, max_value }, columns }, dialect) => {
    const count = columns('model').length;
    return countFinding(
      count,
      `${min_value} to ${max_value ?? 'any number'}`,
      count >= min_value && count <= (max_value ?? count),
      dialect,
    );
  },
});

const columnCountEqualOther = dataTest({
  name: 'expect_table_column_count_to_equal_other_table',
  summary: 'the model has as many columns as `compare_model`',
  on: 'model',
  arguments: { compare_model: required(relation) },
  example: { compare_model: "ref('stg_orders')" },
  columnsOf: () => ['model', 'compare_model'],
  query: ({ columns }, dialect) => {
    const [own, other] = [columns('model').length, columns('compare_model').length];
    return countFinding(own, `${other}`, own === other, dialect);
  },
});

type Judge = (wanted: readonly string[], there: readonly string[]) => readonly (readonly [string, string])[];
const missing: Judge = (wanted, there) => wanted.filter((name) => !there.includes(name)).map((name) => [name, 'not there']);
const extra: Judge = (wanted, there) => there.filter((name) => !wanted.includes(name)).map((name) => [name, 'not in the list']);

const columnSet = (name: string, summary: string, judge: Judge): DataTest =>
  dataTest({
    name,
    summary,
    on: 'model',
    arguments: { column_list: required(textList), ...transform },
    example: { column_list: ['id', 'amount'] },
    columnsOf,
    query: ({ given, columns }, dialect) => {
      const fold = folding(given);
      const there = columns('model').map((column) => fold(column.name));
      return findings(judge(given.column_list.map(fold), there), dialect);
    },
  });

/** A type without its length answers for all lengths; the dialect's own spelling is as good as any other. */
function isOfType(column: Column, wanted: string, dialect: Dialect): boolean {
  const spelt = [wanted.toLowerCase(), dialect.columnType(wanted).toLowerCase()];
  const type = column.type.toLowerCase();
  const bare = type.replace(/\s*\(.*\)/, '');
  return spelt.some((one) => one === type || (!one.includes('(') && one === bare));
}

const typeFinding = (columns: readonly Column[], name: string, types: readonly string[], dialect: Dialect): string => {
  const found = columns.find((column) => folded(column.name) === folded(name));
  const well = found && types.some((type) => isOfType(found, type, dialect));
  return literalRows(
    ['column_name', 'found', 'expected'],
    well ? [] : [[unquoted(name), found?.type ?? 'not there', types.join(', ')]],
    dialect,
  );
};

const ofType = dataTest({
  name: 'expect_column_values_to_be_of_type',
  summary: "the column's type is `column_type`, with or without its length",
  arguments: { column_type: required(text) },
  example: { column_type: 'date' },
  columnsOf,
  query: ({ column, given, columns }, dialect) => typeFinding(columns('model'), column, [given.column_type], dialect),
});

const inTypeList = dataTest({
  name: 'expect_column_values_to_be_in_type_list',
  summary: "the column's type is one of `column_type_list`",
  arguments: { column_type_list: required(textList) },
  example: { column_type_list: ['date', 'timestamp'] },
  columnsOf,
  query: ({ column, given, columns }, dialect) => typeFinding(columns('model'), column, given.column_type_list, dialect),
});

export const tableShape: readonly DataTest[] = [
  columnToExist,
  columnCountEqual,
  columnCountBetween,
  columnCountEqualOther,
  columnSet('expect_table_columns_to_contain_set', 'the model has these columns', missing),
  columnSet('expect_table_columns_to_not_contain_set', 'the model has none of these columns', (wanted, there) =>
    wanted.filter((name) => there.includes(name)).map((name) => [name, 'there']),
  ),
  columnSet('expect_table_columns_to_match_set', 'the model has these columns and no others, in any order', (wanted, there) => [
    ...missing(wanted, there),
    ...extra(wanted, there),
  ]),
  columnSet('expect_table_columns_to_match_ordered_list', 'the model has these columns and no others, in this order', (wanted, there) =>
    Array.from({ length: Math.max(wanted.length, there.length) }, (_, index) => [there[index] ?? '', wanted[index] ?? ''] as const)
      .map(
        ([found, expected], index) =>
          [found, `column ${index + 1}, expected ${expected === '' ? 'no more' : expected}`, found === expected] as const,
      )
      .flatMap(([found, finding, well]) => (well ? [] : [[found, finding] as const])),
  ),
  ofType,
  inTypeList,
];
