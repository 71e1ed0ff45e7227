// The plan of a load: what is done in its one transaction, for tables that are there or not, and by whom files are read.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Dialect } from '../../src/adapters/dialect.ts';
import { duckdbDialect } from '../../src/adapters/duckdb/dialect.ts';
import type { Step } from '../../src/core/plan.ts';
import type { Decision, ScannedFile } from '../../src/loading/index.ts';
import { type CopyTask, copyPlan, formatProblem } from '../../src/materializations/index.ts';
import { format, listed, spec } from '../loading/support.ts';
import { hasProblem } from '../support/rejects.ts';

const test = suite('materializations: copy');

const relation = { schema: 'raw', identifier: 'events' };
const nothing: Decision = { load: [], skip: [], changed: [], touched: [], gone: [], empties: false };

const file = (key: string, rows?: number): ScannedFile => ({
  ...listed(key, `/data/${key}`, 10),
  content: 'c',
  packed: false,
  ...(rows !== undefined && { clean: { rows, forms: new Uint8Array(1) } }),
});

function task(scanned: readonly ScannedFile[], changes: Partial<CopyTask> = {}): CopyTask {
  return {
    relation,
    existing: { relation, kind: 'table' },
    columns: [{ name: 'ts', type: 'bigint' }],
    format: format('ts:bigint'),
    decision: { ...nothing, load: scanned },
    scanned,
    rows: new Map(scanned.flatMap(({ key, clean }) => (clean?.rows === undefined ? [] : [[key, clean.rows] as const]))),
    ...changes,
  };
}

const text = (step: Step): string => ('run' in step ? step.run.sql : 'read' in step ? step.read.shown : 'another step');
const steps = (of: CopyTask, dialect: Dialect = duckdbDialect): readonly string[] =>
  copyPlan(of, dialect).publish.map((step) => text(step).split('\n')[0] ?? '');

test('clean files are read by the warehouse, the others record by record, behind them', () => {
  assert.equal(steps(task([file('a', 2), file('b'), file('c', 1)])), [
    'insert into "raw"."events" ("ts")',
    '-- copy 1 file record by record into "raw"."events"',
  ]);
});

test('a table that is not there is made first; one that is loaded again is emptied', () => {
  assert.equal(steps(task([file('a', 2)], { existing: undefined }))[0], 'create table "raw"."events" ("ts" bigint)');
  assert.equal(steps(task([file('a', 2)], { decision: { ...nothing, empties: true } }))[0], 'delete from "raw"."events"');
  assert.equal(steps(task([], { existing: undefined, decision: { ...nothing, empties: true } })), [
    'create table "raw"."events" ("ts" bigint)',
  ]);
});

test('files without a row need no statement', () => {
  assert.equal(steps(task([file('a', 0), file('b', 0)])), []);
});

test("thousands of files are read in several statements, each of which must give its files' rows", () => {
  const { publish } = copyPlan(task(Array.from({ length: 4001 }, (_, index) => file(`f${index}`, 2))), duckdbDialect);
  assert.is(publish.length, 3);
  const [first] = publish;
  const judge = first && 'run' in first ? first.judge : undefined;
  const result = (rowCount: number) => judge?.({ columns: [], rows: [], rowCount });
  assert.is(result(4000), undefined);
  const problem = result(3999);
  hasProblem(problem ? [problem] : [], {
    code: 'load-count',
    message: 'the files have 4000 records, and the warehouse read 3999',
    at: 'models/sources.yml',
  });
});

test('a warehouse that cannot read files gets all of them record by record', () => {
  assert.equal(steps(task([file('a', 2), file('b')]), { ...duckdbDialect, readsFiles: false }), [
    '-- copy 2 files record by record into "raw"."events"',
  ]);
});

test('parquet files are for warehouses that can read them', () => {
  const problem = formatProblem(spec({ format: 'parquet' }), { ...duckdbDialect, name: 'postgres', readsFiles: false });
  hasProblem(problem ? [problem] : [], {
    code: 'load-place',
    message: 'parquet files cannot be loaded into postgres',
    at: 'models/sources.yml:7:9',
  });
  assert.is(formatProblem(spec({ format: 'parquet' }), duckdbDialect), undefined);
  assert.is(formatProblem(spec(), { ...duckdbDialect, readsFiles: false }), undefined);
});

test('nothing is staged or cleaned up, and the table itself is what tests read', () => {
  const { stage, cleanup, candidate, verb, warnings } = copyPlan(
    task([file('a', 1)], { format: format('ts:bigint', { options: { maxerror: 1 } }) }),
    duckdbDialect,
  );
  assert.equal([stage, cleanup, candidate, verb, warnings?.length], [[], [], relation, 'LOAD', 1]);
});

test.run();
