import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { duckdbDialect } from '../../src/adapters/duckdb/dialect.ts';
import { ConfigReader } from '../../src/core/config-reader.ts';
import { DwhError, type Problem } from '../../src/core/problem.ts';
import { checkArguments, dataTests } from '../../src/data-tests/index.ts';
import { hasProblem, throws } from '../support/rejects.ts';

const test = suite('arguments of data tests');

function found(name: string, given: Readonly<Record<string, unknown>>, underColumn = true): readonly Problem[] {
  const problems: Problem[] = [];
  const reader = new ConfigReader(given, { locate: (path) => ({ file: 'models/schema.yml', line: 7 + path.length, column: 3 }), problems });
  const dataTest = dataTests.get(name);
  if (!dataTest) throw new Error(`${name} is no data test`);
  checkArguments(dataTest, reader, underColumn);
  return problems;
}

const sql = (name: string, given: Readonly<Record<string, unknown>>, column?: string): string =>
  dataTests.get(name)?.sql({ model: 'orders', arguments: given, ...(column !== undefined && { column }) }, duckdbDialect) ?? '';

test('a misspelt argument is reported where it stands, with the nearest', () => {
  hasProblem(found('accepted_values', { values: ['a'], qoute: false }), {
    code: 'test-argument',
    message: "'qoute' is not an argument of the test 'accepted_values'",
    hint: "Did you mean 'quote'?",
    at: 'models/schema.yml:8',
  });
  hasProblem(found('not_null', { nothing_like_it: 1 }), { hint: 'It takes: column_name' });
});

test('all that is wrong is reported at once', () => {
  assert.is(found('relationships', { too: "ref('x')", field: [] }).length, 3);
});

test('a missing argument is named with what it should be', () => {
  hasProblem(found('relationships', { field: 'id' }), {
    message: "the test 'relationships' needs 'to': a ref() or source()",
    at: 'models/schema.yml:7',
  });
});

test('values of the wrong kind are shown', () => {
  hasProblem(found('row_count_equals', { count: 'many' }, false), {
    message: `'count' of the test 'row_count_equals' should be a whole number, and is "many"`,
  });
  hasProblem(found('row_count_equals', { count: 1.5 }, false), { message: 'and is 1.5' });
  hasProblem(found('accepted_values', { values: ['a', null] }), { message: 'none of them empty, and is ["a",null]' });
  hasProblem(found('accepted_values', { values: [] }), { message: 'and is []' });
  hasProblem(found('mutually_exclusive_ranges', { lower_bound_column: 'a', upper_bound_column: 'b', gaps: 'none' }, false), {
    message: "should be 'not_allowed' or 'allowed' or 'required', and is \"none\"",
  });
  hasProblem(found('expect_column_pair_values_to_be_in_set', { column_A: 'a', column_B: 'b', value_pairs_set: [[1, 2, 3]] }, false), {
    message: 'a list of pairs of values',
  });
});

test('what a template will make is not judged before it is made', () => {
  assert.equal(found('row_count_equals', { count: "{{ var('plays') }}" }, false), []);
  assert.equal(found('accepted_values', { values: "{{ var('statuses') }}", quote: '{{ false }}' }), []);
  assert.equal(found('accepted_range', { min_value: "{{ var('low') }}" }), []);
});

test('arguments that do not go together are reported', () => {
  hasProblem(found('accepted_range', {}), { message: "the test 'accepted_range' needs min_value, max_value or both" });
  hasProblem(found('row_count_between', { min: 5, max: 4 }, false), { message: 'has min 5 above max 4' });
  hasProblem(found('equality', { compare_model: "ref('x')", compare_columns: ['a'], exclude_columns: ['b'] }, false), {
    message: 'not both',
  });
});

test('a test of a column stands under one, or names it; a test of a model stands under none', () => {
  hasProblem(found('unique', {}, false), { message: 'is about one column, and stands under none' });
  assert.equal(found('unique', { column_name: 'a || b' }, false), []);
  hasProblem(found('equal_rowcount', { compare_model: "ref('x')" }, true), {
    message: 'is about a whole model, and stands under a column',
  });
  assert.equal(found('expression_is_true', { expression: '> 0' }, true), []);
  assert.equal(found('expression_is_true', { expression: 'a > 0' }, false), []);
});

test('the query refuses what a template made wrong', () => {
  const error = throws(() => sql('row_count_equals', { count: 'many', cuont: 1 }), { code: 'test-argument', message: 'a whole number' });
  assert.instance(error, DwhError);
  throws(() => sql('accepted_range', {}, 'id'), { message: 'needs min_value, max_value or both' });
});

test('texts become literals, SQL stays as it is', () => {
  assert.match(sql('accepted_values', { values: ["it's", 1, true] }, 'x'), "not in ('it''s', '1', 'True')");
  assert.match(sql('accepted_values', { values: ['1', 'y'], quote: false }, '"X"'), '"X" not in (1, y)');
  assert.match(sql('expect_column_values_to_match_regex', { regex: "[^']\\d" }, 'x'), "'[^'']\\d'");
});

test('a column under the test comes before one among its arguments', () => {
  assert.match(sql('not_null', { column_name: 'a' }), 'a is null');
  assert.match(sql('not_null', {}, '"B"'), '"B" is null');
});

test.run();
