import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Problem } from '../../../src/core/problem.ts';
import { project, results } from '../../support/fixture.ts';
import { hasProblem } from '../../support/rejects.ts';

const test = suite('engine: mistakes of unit tests');

const FILES = {
  'project.yml': 'name: shop\n',
  'models/sources.yml': 'sources: [{name: raw, tables: [{name: lines}]}]\n',
  'models/orders.sql': "select id, name from {{ source('raw', 'lines') }}",
  'seeds/names.csv': 'id,name\n1,a\n',
  'models/named.sql': "select id, name from {{ ref('names') }}",
  'models/report.sql': `{{ config(materialized='incremental') }}select o.id, o.name from {{ ref('orders') }} o
{% if is_incremental() %}where id > (select max(id) from {{ this }}){% endif %}`,
};

/** What is said of the one unit test, in the file that begins with these lines. */
async function said(lines: readonly string[]): Promise<{ readonly status: string | undefined; readonly problems: readonly Problem[] }> {
  const shop = await project({ ...FILES, 'models/units.yml': ['unit_tests:', ...lines, ''].join('\n') });
  const events = await shop.run('test');
  const [result] = [...results(events).values()];
  return { status: result?.status, problems: [...(result?.problem ? [result.problem] : []), ...(result?.warnings ?? [])] };
}

const head = (model: string): readonly string[] => ['  - name: one', `    model: ${model}`, '    given:'];
const expects = (rows = '[]'): string => `    expect: {rows: ${rows}}`;

test('a column that an input, or the model, does not have: the row, and the columns that there are', async () => {
  const input = await said([
    ...head('named'),
    "      - input: ref('names')",
    '        rows:',
    '          - {id: 1, name: a}',
    '          - {id: 2, nam: b}',
    expects(),
  ]);
  assert.is(input.status, 'error');
  hasProblem(input.problems, {
    code: 'unit-test-column',
    message: "the input ref('names') has no column 'nam'; it has: id, name",
    at: 'models/units.yml:8:13',
    hint: "Did you mean 'name'?",
  });
  // What raw.lines has nobody can tell, so that orders may have any column.
  const known = await said([
    ...head('report'),
    "      - input: ref('orders')",
    '        format: csv',
    '        rows: |',
    '          id,name',
    '          1,a',
    '    expect:',
    '      rows:',
    '        - {id: 1}',
    '        - {idd: 2}',
  ]);
  assert.is(known.status, 'error');
  hasProblem(known.problems, {
    code: 'unit-test-column',
    message: "the model 'report' has no column 'idd'; it has: id, name",
    at: 'models/units.yml:13',
    hint: "Did you mean 'id'?",
  });
});

test('what the model reads and nobody gave', async () => {
  const { status, problems } = await said([...head('report').slice(0, 2), '    given: []', expects()]);
  assert.is(status, 'error');
  hasProblem(problems, {
    code: 'unit-test-input',
    message: "the model 'report' reads ref('orders'), and the unit test 'one' gives no rows for it",
  });
  const source = await said([...head('orders').slice(0, 2), '    given: []', expects()]);
  hasProblem(source.problems, { code: 'unit-test-input', message: "the model 'orders' reads source('raw', 'lines')" });
  const own = await said([
    ...head('report'),
    "      - {input: ref('orders'), rows: [{id: 1, name: a}]}",
    '    overrides: {macros: {is_incremental: true}}',
    expects(),
  ]);
  hasProblem(own.problems, {
    code: 'unit-test-input',
    message: "the model 'report' reads this, and the unit test 'one' gives no rows for it",
  });
});

test('what is given and the model does not read, but for `this`, which a full refresh does not read', async () => {
  const { status, problems } = await said([...head('report'), "      - {input: ref('order'), rows: []}", expects()]);
  assert.is(status, 'error');
  hasProblem(problems, {
    code: 'unit-test-input',
    message: "the unit test 'one' gives ref('order'), which the model 'report' does not read",
    at: 'models/units.yml:5',
    hint: "Did you mean ref('orders')?",
  });
  const own = await said([
    ...head('report'),
    "      - {input: ref('orders'), rows: [{id: 1, name: a}]}",
    '      - {input: this, rows: [{id: 5}]}',
    expects('[{id: 1}]'),
  ]);
  assert.equal(own, { status: 'pass', problems: [] });
  const twice = await said([
    ...head('report'),
    ...['a', 'b'].map((name) => `      - {input: ref('orders'), rows: [{id: 1, name: ${name}}]}`),
    expects(),
  ]);
  hasProblem(twice.problems, { code: 'unit-test-input', message: "the input ref('orders') is given twice", at: 'models/units.yml:6' });
});

test('rows of which nobody can tell the columns', async () => {
  const { status, problems } = await said([...head('orders'), "      - {input: \"source('raw', 'lines')\", rows: []}", expects()]);
  assert.is(status, 'error');
  hasProblem(problems, { code: 'unit-test-column', message: "nobody can tell the columns of the input source('raw', 'lines')" });
});

test('an override that overrides nothing is a warning', async () => {
  const { status, problems } = await said([
    ...head('report'),
    "      - {input: ref('orders'), rows: [{id: 1, name: a}]}",
    '    overrides: {macros: {is_incremental: false, is_incremental_: true}}',
    expects('[{id: 1}]'),
  ]);
  assert.is(status, 'pass');
  hasProblem(problems, { code: 'unit-test-override', hint: "Did you mean 'is_incremental'?" });
});

test('a mistake in the query is shown at its own line, one in a given query at the rows', async () => {
  const shop = await project({
    ...FILES,
    'models/orders.sql': "select id,\n  no_such_column\nfrom {{ source('raw', 'lines') }}",
    'models/units.yml': `unit_tests:
  - name: model
    model: orders
    given: [{input: "source('raw', 'lines')", rows: [{id: 1}]}]
    expect: {rows: []}
  - name: rows
    model: orders
    given:
      - input: source('raw', 'lines')
        format: sql
        rows: |
          select nothing_of_it
    expect: {rows: []}
`,
  });
  const done = results(await shop.run('test'));
  const at = (name: string): string => {
    const problem = done.get(`unit_test.shop.orders.${name}` as never)?.problem;
    return `${problem?.code} ${problem?.at?.file}:${problem?.at?.line}`;
  };
  assert.is(at('model'), 'database-error models/orders.sql:2');
  assert.is(at('rows'), 'database-error models/units.yml:12');
});

test.run();
