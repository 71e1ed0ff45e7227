// What counts as a difference between two records, and when a report of them fails.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { PROJECTS } from '../dbt-projects/steps.ts';
import { differences } from './compare.ts';
import { report } from './comparison.ts';
import type { Recorded } from './sides.ts';

const test = suite('dbt: the comparison');

const record = (rows: Recorded['tables'][string]['rows'], status = 'success'): Recorded => ({
  steps: [
    {
      args: ['run'],
      exit: 0,
      error: '',
      artifacts: { 'run_results.json': { results: [{ unique_id: 'model.shop.orders', status, compiled_code: 'select  1' }] } },
    },
  ],
  tables: { 'main.orders (BASE TABLE)': { marks: [], columns: [['id', 'INTEGER', null]], rows } },
});

test('a cell, a status, a type and a missing table are differences; the order of rows and blanks are none', () => {
  const dbt = record([['1'], ['2']]);
  assert.equal(differences('shop', 'duckdb', dbt, record([['2'], ['1']])), []);
  const paths = (dwh: Recorded): readonly string[] => differences('shop', 'duckdb', dbt, dwh).map(({ path }) => path);
  assert.equal(paths(record([['1'], ['3']])), ['table main.orders (BASE TABLE) rows']);
  assert.equal(paths(record([['1'], ['2'], ['2']])), ['table main.orders (BASE TABLE) rows']);
  assert.equal(paths(record([['1'], ['2']], 'error')), ['run_results.json results.model.shop.orders.status']);
  assert.equal(paths({ ...dbt, tables: {} }), ['table main.orders (BASE TABLE)']);
  const bigint = { 'main.orders (BASE TABLE)': { marks: [], columns: [['id', 'BIGINT', null]], rows: [['1'], ['2']] } };
  assert.equal(paths({ ...dbt, tables: bigint }), ['table main.orders (BASE TABLE) columns']);
  const marked = { 'main.orders (BASE TABLE)': { marks: [['comment', 'x']], columns: [['id', 'INTEGER', null]], rows: [['1'], ['2']] } };
  assert.equal(paths({ ...dbt, tables: marked }), ['table main.orders (BASE TABLE) marks']);
  const [step] = dbt.steps;
  assert.ok(step);
  assert.equal(paths({ ...dbt, steps: [{ ...step, exit: 1 }] }), ['exit']);
});

test('a report fails for what no line of the list allows, and for lines that allow nothing when all projects were compared', () => {
  const dbt = record([['1']]);
  const of = (project: string, dwh: Recorded) => ({
    project,
    engine: 'duckdb' as const,
    dbt,
    differences: differences(project, 'duckdb', dbt, dwh),
  });
  assert.is(report([of('shop', dbt)]).failed, false);
  const cell = report([of('shop', record([['2']]))]);
  assert.is(cell.failed, true);
  assert.match(cell.text, 'shop duckdb, step 0: table main.orders (BASE TABLE) rows');
  const all = report(Object.keys(PROJECTS).map((project) => of(project, dbt)));
  assert.is(all.failed, true);
  assert.match(all.text, 'no longer differs on duckdb: ');
  assert.not.match(all.text, 'no longer differs on postgres: ');
});

test.run();
