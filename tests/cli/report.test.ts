import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EventBody, NodeResult, Status } from '../../src/core/event.ts';
import { uniqueId } from '../../src/core/node.ts';
import { DwhError, type Problem } from '../../src/core/problem.ts';
import { tempDir } from '../support/temp-dir.ts';
import { dwh } from './fake-system.ts';

const test = suite('cli: streams, exit status, artifacts');

const orders = uniqueId('model', 'shop', 'orders');
const warning: Problem = { code: 'unknown-key', message: "'materialised' is not a key", severity: 'warning' };

const result = (status: Status, more: Partial<NodeResult> = {}): NodeResult => ({
  node: orders,
  status,
  ms: 120,
  startedAt: 1,
  executeAt: 2,
  endedAt: 122,
  thread: 0,
  adapterResponse: {},
  warnings: [],
  ...more,
});

function run(
  results: readonly NodeResult[],
  more: { readonly command?: string; readonly targetPath?: string; readonly interrupted?: boolean } = {},
): EventBody[] {
  const { command = 'run', interrupted = false, targetPath = join(tempDir(), 'target') } = more;
  return [
    {
      type: 'run-started',
      command,
      version: '0.1.0',
      adapter: 'duckdb',
      target: 'dev',
      threads: 4,
      targetPath,
      nodes: [
        {
          node: orders,
          resource_type: 'model',
          label: 'table model main.orders',
          file: 'models/orders.sql',
          line: 1,
          name: 'orders',
          path: 'orders.sql',
          materialized: 'table',
        },
      ],
      found: { models: 1 },
    },
    ...results.map((one): EventBody => ({ type: 'node-finished', result: one })),
    { type: 'run-finished', ms: 1500, interrupted },
  ];
}

const outcomes: readonly (readonly [name: string, events: readonly EventBody[], status: number, argv?: readonly string[]])[] = [
  ['all well', run([result('success')]), 0],
  ['a warning', run([result('warn')]), 0],
  ['warnings on the way', run([result('success', { warnings: [warning] })]), 0],
  ['skipped alone', run([result('skipped')]), 0],
  ['a no-op', run([result('no-op')]), 0],
  ['an error', run([result('error')]), 1],
  ['a failed test', run([result('fail')]), 1],
  ['a runtime error', run([result('runtime error')]), 1],
  ['a partial success', run([result('partial success')]), 1],
  ['an error in the project', [{ type: 'problems', problems: [{ code: 'ref-not-found', message: 'x' }] }], 2],
  ['a warning in the project', [{ type: 'problems', problems: [warning] }], 0],
  ['interrupted', run([result('success')], { interrupted: true }), 130],
  ['interrupted with an error', run([result('error')], { interrupted: true }), 130],
  ['a warning, with --warn-error', run([result('warn')]), 1, ['--warn-error']],
  ['warnings on the way, with --warn-error', run([result('success', { warnings: [warning] })]), 1, ['--warn-error']],
  ['a warning in the project, with --warn-error', [{ type: 'problems', problems: [warning] }], 2, ['--warn-error']],
  ['all well, with --warn-error', run([result('success')]), 0, ['--warn-error']],
];
for (const [name, events, status, argv = []] of outcomes) {
  test(`exit status ${status}: ${name}`, async () => {
    assert.is((await dwh(['run', ...argv], { events })).status, status);
  });
}

test('an error that the engine throws is reported where the report goes, and exits with 2', async () => {
  const engine = async (): Promise<void> => {
    throw new DwhError([{ code: 'project-missing', message: 'there is no project in /shop', hint: 'Make one with: dwh init' }]);
  };
  const { status, stdout, stderr } = await dwh(['run'], { engine });
  assert.is(status, 2);
  assert.is(stdout, 'error[project-missing] there is no project in /shop\n  Make one with: dwh init\n');
  assert.is(stderr, '');
});

test('a bug says so, with its stack, and exits with 3', async () => {
  const engine = async (): Promise<void> => {
    throw new TypeError('x is not a function', { cause: new Error('the cause') });
  };
  const { status, stderr } = await dwh(['run', '-s', 'a'], { engine });
  assert.is(status, 3);
  assert.match(stderr, /^dwh \S+ has a bug: .*\nTypeError: x is not a function\n {4}at .*/);
  assert.match(stderr, 'caused by: Error: the cause');
  assert.match(stderr, 'the command: dwh run -s a\n');
});

test('Ctrl-C aborts the run, which then ends with 130', async () => {
  const { status, stdout } = await dwh(['run'], {
    async engine(_request, { signal }, _emit, interrupt) {
      interrupt();
      assert.is(signal.aborted, true);
      throw new DwhError([{ code: 'cancelled', message: 'cancelled' }]);
    },
  });
  assert.is(status, 130);
  assert.match(stdout, 'Interrupted: cancelling what is running.');
});

test('Ctrl-C when the run has finished changes nothing', async () => {
  const { status } = await dwh(['run'], {
    async engine(_request, _deps, emit, interrupt) {
      for (const event of run([result('success')])) emit(event);
      interrupt();
    },
  });
  assert.is(status, 0);
});

test('answers go to stdout, and what is said on the way to stderr', async () => {
  const events: EventBody[] = [
    { type: 'problems', problems: [warning] },
    { type: 'output', text: 'shop.orders\nshop.customers\n' },
  ];
  for (const command of ['ls', 'compile']) {
    const { stdout, stderr } = await dwh([command], { events });
    assert.is(stdout, 'shop.orders\nshop.customers\n');
    assert.match(stderr, 'warning[unknown-key]');
  }
  const { stdout, stderr } = await dwh(['debug'], { events });
  assert.match(stdout, 'warning[unknown-key]');
  assert.is(stderr, '');
});

test('with --quiet there are errors and answers, nothing else', async () => {
  const events: EventBody[] = [...run([result('success'), result('warn')]), { type: 'output', text: 'asked for' }];
  assert.is((await dwh(['run', '-q'], { events })).stdout, 'asked for\n');
  const { stdout } = await dwh(['run', '-q'], { events: run([result('error', { message: 'no such table' })]) });
  assert.match(stdout, 'Error in table model main.orders');
  assert.not.match(stdout, 'Done.');
});

test('with --log-format json every line of stdout is one object, and stderr is empty', async () => {
  const events: EventBody[] = [{ type: 'problems', problems: [warning] }, ...run([result('error')]), { type: 'output', text: 'a\nb\n' }];
  const { stdout, stderr } = await dwh(['run', '--log-format', 'json'], { events });
  assert.is(stderr, '');
  const lines = stdout.trimEnd().split('\n');
  for (const line of lines) assert.equal(Object.keys(JSON.parse(line)), ['data', 'info']);
  assert.is(lines.length, 11);
});

/** Colours and cursor movement alike begin with it. */
const ESC = '\u001b';

test('control characters go to a terminal only, and never where CI is set', async () => {
  const events = run([result('error')]);
  const has = async (fake: Parameters<typeof dwh>[1], argv: readonly string[] = []): Promise<boolean> =>
    (await dwh(['run', ...argv], { events, ...fake })).stdout.includes(ESC);
  assert.is(await has({ tty: true }), true);
  assert.is(await has({ tty: false }), false);
  assert.is(await has({ tty: true, env: { CI: 'true' } }), false);
  assert.is(await has({ tty: true, env: { TERM: 'dumb' } }), false);
  assert.is(await has({ tty: false }, ['--use-colors']), true);
  assert.is(await has({ tty: false, env: { DBT_USE_COLORS: 'true' } }), true);
  assert.is(await has({ tty: true, env: { CI: 'true' } }, ['--no-use-colors']), false);
});

test('NO_COLOR and --no-use-colors leave no colours on a terminal', async () => {
  const colours = new RegExp(`${ESC}\\[\\d+m`);
  const events = run([result('error')]);
  assert.match((await dwh(['run'], { events, tty: true })).stdout, colours);
  assert.not.match((await dwh(['run'], { events, tty: true, env: { NO_COLOR: '1' } })).stdout, colours);
  assert.not.match((await dwh(['run', '--no-use-colors'], { events, tty: true })).stdout, colours);
  assert.match((await dwh(['run'], { events, tty: true, env: { NO_COLOR: '' } })).stdout, colours);
});

test('run_results.json is written beside the other artifacts; also of a run that was interrupted', async () => {
  for (const interrupted of [false, true]) {
    const targetPath = join(tempDir(), 'target');
    await dwh(['run', '-s', 'orders'], { events: run([result('success')], { targetPath, interrupted }) });
    const written = JSON.parse(readFileSync(join(targetPath, 'run_results.json'), 'utf8'));
    assert.is(written.results[0].unique_id, 'model.shop.orders');
    assert.equal(written.args, { which: 'run', invocation_command: 'dwh run -s orders', select: ['orders'] });
  }
});

test('what only looks writes no run_results.json', async () => {
  const targetPath = join(tempDir(), 'target');
  const events = (command: string): EventBody[] => run([result('success')], { command, targetPath });
  await dwh(['show', '-s', 'orders'], { events: events('show') });
  await dwh(['run', '--dry-run'], { events: events('run') });
  await dwh(['run', '--no-write-json'], { events: events('run') });
  assert.is(existsSync(targetPath), false);
});

test('source freshness writes sources.json, or the file that is named', async () => {
  const cwd = tempDir();
  const events = run([result('pass', { freshness: { maxLoadedAt: 1000, snapshottedAt: 3500, criteria: {} } })], {
    command: 'source freshness',
    targetPath: join(cwd, 'target'),
  });
  await dwh(['source', 'freshness'], { events, cwd });
  assert.is(JSON.parse(readFileSync(join(cwd, 'target/sources.json'), 'utf8')).results[0].max_loaded_at_time_ago_in_s, 2.5);
  await dwh(['source', 'freshness', '-o', 'out/fresh.json'], { events, cwd });
  assert.is(existsSync(join(cwd, 'out/fresh.json')), true);
  assert.is(existsSync(join(cwd, 'target/run_results.json')), false);
});

test('an artifact that cannot be written is an error, and names the file', async () => {
  const cwd = tempDir();
  mkdirSync(join(cwd, 'target'));
  writeFileSync(join(cwd, 'target/run_results.json.new'), '');
  mkdirSync(join(cwd, 'target/run_results.json'));
  const { status, stdout } = await dwh(['run'], { cwd, events: run([result('success')], { targetPath: join(cwd, 'target') }) });
  assert.is(status, 1);
  assert.match(stdout, 'error[artifact-unwritable] target/run_results.json could not be written');
});

test('the command that reproduces a failure repeats what it needs', async () => {
  const { stdout } = await dwh(['run', '-t', 'prod', '--vars', "{who: 'me'}"], { events: run([result('error')]) });
  assert.match(stdout, "again: dwh run -s orders --target prod --vars '{who: '\\''me'\\''}'\n");
});

test('a query of the command line is named again, as it was given', async () => {
  const { stderr } = await dwh(['compile', '-t', 'prod', '--inline', "select '{{ ref('x') }}'"], { events: run([result('error')]) });
  assert.match(stderr, "again: dwh run --inline 'select '\\''{{ ref('\\''x'\\'') }}'\\''' --target prod\n");
});

test.run();
