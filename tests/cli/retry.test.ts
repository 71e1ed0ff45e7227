import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ended, startCli } from '../support/cli.ts';
import { type Fixture, project } from '../support/fixture.ts';

const test = suite('cli: retry');

const PROJECT = 'name: shop\nvars: {rows: 3, day: none}\n';
const ORDERS = 'select range as id from range({{ var("rows") }})';
const KEYS = 'version: 2\nmodels: [{name: orders, columns: [{name: id, data_tests: [unique, not_null]}]}]\n';
const BROKEN = 'select no_such from {{ ref("orders") }}';

interface Artifact {
  readonly metadata: Readonly<Record<string, string>>;
  readonly args: Readonly<Record<string, unknown>>;
  readonly results: readonly { readonly unique_id: string; readonly status: string; readonly message: string | null }[];
}

const artifact = (shop: Fixture): Artifact => JSON.parse(readFileSync(shop.path('target/run_results.json'), 'utf8')) as Artifact;

/** By the part of the id that names the node. */
const states = (shop: Fixture): Readonly<Record<string, string>> =>
  Object.fromEntries(artifact(shop).results.map(({ unique_id, status }) => [unique_id.split('.')[2] ?? unique_id, status]));

const started = (stdout: string): readonly string[] =>
  [...stdout.matchAll(/START (?:\w+ model main\.|test )(\w+)/g)].map(([, name = '']) => name).sort();

test('what failed is run again with what it held up; the results of the others stay', async () => {
  const shop = await project({
    'project.yml': PROJECT,
    'models/orders.sql': ORDERS,
    'models/keys.yml': KEYS,
    'models/totals.sql': BROKEN,
    'models/report.sql': 'select * from {{ ref("totals") }}',
    'models/other.sql': "select '{{ run_started_at }}' as at, '{{ var(\"day\") }}' as day",
    'models/late.sql': "select '{{ run_started_at }}' as at, '{{ var(\"day\") }}' as day, id from {{ ref('totals') }}",
  });
  const first = await shop.cli(['build', '--vars', '{day: monday}']);
  assert.is(first.code, 1, first.stdout);
  const before = artifact(shop);
  await shop.write('models/totals.sql', 'select id from {{ ref("orders") }}');
  const second = await shop.cli(['retry']);
  assert.is(second.code, 0, second.stdout + second.stderr);
  assert.equal(started(second.stdout), ['late', 'report', 'totals']);
  const after = artifact(shop);
  assert.equal(
    after.results.map(({ unique_id }) => unique_id),
    before.results.map(({ unique_id }) => unique_id),
  );
  assert.equal(new Set(Object.values(states(shop))), new Set(['success', 'pass']));
  assert.is(after.metadata.invocation_started_at, before.metadata.invocation_started_at);
  assert.is.not(after.metadata.invocation_id, before.metadata.invocation_id);
  assert.is(after.args.which, 'build');
  const [seen] = await shop.query('select distinct l.at = o.at, l.day from late l, other o');
  assert.equal(seen, ['true', 'monday']);

  const third = await shop.cli(['retry']);
  assert.is(third.code, 0);
  assert.match(third.stdout, 'Nothing to retry');
  assert.equal(artifact(shop), after);
});

test('a node that was held back is tested by all of its tests again', async () => {
  const shop = await project({
    'project.yml': PROJECT,
    'models/orders.sql': 'select 1 as id union all select 1',
    'models/keys.yml': KEYS,
  });
  assert.is((await shop.cli(['build'])).code, 1);
  assert.equal(states(shop), { orders: 'error', not_null_orders_id: 'pass', unique_orders_id: 'fail' });
  // Mends what failed, and breaks what had passed.
  await shop.write('models/orders.sql', 'select 1 as id union all select null');
  assert.is((await shop.cli(['retry'])).code, 1);
  assert.equal(states(shop), { orders: 'error', not_null_orders_id: 'fail', unique_orders_id: 'pass' });
  await shop.write('models/orders.sql', 'select 1 as id');
  assert.is((await shop.cli(['retry'])).code, 0);
  assert.equal(states(shop), { orders: 'success', not_null_orders_id: 'pass', unique_orders_id: 'pass' });
});

/** Of `a_first`, `b_slow` and `c_last`, on one connection; killed while `b_slow` runs. */
async function killedInTheMiddle(signal: 'SIGKILL' | 'SIGINT'): Promise<Fixture> {
  const shop = await project({
    'project.yml': PROJECT,
    'models/a_first.sql': '{{ config(materialized="table") }} select 1 as id',
    'models/b_slow.sql':
      '-- depends_on: {{ ref("a_first") }}\n{{ config(materialized="table") }} select sum(range) as total from range({{ var("rows") }})',
    'models/c_last.sql': '-- depends_on: {{ ref("b_slow") }}\nselect 1 as id',
  });
  // What stands there of an earlier run is not what is gone on with.
  assert.is((await shop.cli(['run', '-s', 'a_first'])).code, 0);
  const child = startCli(['run', '--vars', '{rows: 4000000000000, day: monday}', '--threads', '1'], { cwd: shop.dir });
  child.stdout?.on('data', (text: Buffer) => {
    if (String(text).includes('START table model main.b_slow')) setTimeout(() => child.kill(signal), 100);
  });
  const result = await ended(child);
  assert.is(result.signal ?? result.code, signal === 'SIGKILL' ? 'SIGKILL' : 130, result.stdout);
  return shop;
}

for (const signal of ['SIGKILL', 'SIGINT'] as const)
  test(`after ${signal} it goes on where the run was`, async () => {
    const shop = await killedInTheMiddle(signal);
    const { code, stdout, stderr } = await shop.cli(['retry', '--vars', '{rows: 10}']);
    assert.is(code, 0, stdout + stderr);
    assert.equal(started(stdout), ['b_slow', 'c_last']);
    assert.equal(states(shop), { a_first: 'success', b_slow: 'success', c_last: 'success' });
    assert.equal(artifact(shop).args.vars, { rows: 10, day: 'monday' });
  });

test('after --fail-fast what was not begun runs, too', async () => {
  const shop = await project({
    'project.yml': PROJECT,
    'models/a_broken.sql': 'select no_such',
    ...Object.fromEntries([1, 2, 3, 4].map((n) => [`models/b_${n}.sql`, `select ${n} as id`])),
  });
  assert.is((await shop.cli(['run', '-x', '--threads', '1'])).code, 1);
  await shop.write('models/a_broken.sql', 'select 1 as id');
  const { code, stdout } = await shop.cli(['retry']);
  assert.is(code, 0, stdout);
  assert.equal(Object.values(states(shop)), Array(5).fill('success'));
});

test('run-operation is called again, with its arguments', async () => {
  const shop = await project({
    'project.yml': PROJECT,
    'macros/mark.sql': '{% macro mark(name) %}{% do run_query("create table " ~ name ~ " as select no_such") %}{% endmacro %}',
  });
  assert.is((await shop.cli(['run-operation', 'mark', '--args', '{name: marked}'])).code, 1);
  await shop.write(
    'macros/mark.sql',
    '{% macro mark(name) %}{% do run_query("create table " ~ name ~ " as select 1 as id") %}{% endmacro %}',
  );
  const { code, stdout, stderr } = await shop.cli(['retry']);
  assert.is(code, 0, stdout + stderr);
  assert.equal(await shop.query('select id from marked'), [['1']]);
  assert.match((await shop.cli(['retry'])).stdout, 'Nothing to retry');
});

test('a hook alone that failed is not told as if all had gone well', async () => {
  const shop = await project({ 'project.yml': `${PROJECT}\non-run-end: select no_such\n`, 'models/a.sql': 'select 1 as id' });
  assert.is((await shop.cli(['run'])).code, 1);
  const { code, stdout } = await shop.cli(['retry']);
  assert.is(code, 0);
  assert.match(stdout, 'Nothing to retry: only hooks of the project failed');
});

test('commands are told as they are written', async () => {
  const shop = await project({ 'project.yml': PROJECT, 'models/a.sql': 'select 1 as id' });
  assert.is((await shop.cli(['docs', 'generate'])).code, 0);
  assert.match((await shop.cli(['retry'])).stdout, "Nothing to retry: all that 'dwh docs generate' had to do went well");
});

test('a secret in a var is not kept, and asked for by name', async () => {
  const shop = await project({ 'project.yml': PROJECT, 'models/a.sql': 'select no_such, {{ var("day") | length }} as n' });
  const env = { DBT_ENV_SECRET_DAY: 'never-to-be-seen' };
  assert.is((await shop.cli(['run', '--vars', '{day: never-to-be-seen, rows: 4}'], env)).code, 1);
  assert.not.match(await shop.read('target/run_results.json'), 'never-to-be-seen');
  await shop.write('models/a.sql', 'select {{ var("day") | length }} as n, {{ var("rows") }} as rows');
  const asked = await shop.cli(['retry'], env);
  assert.is(asked.code, 2);
  assert.match(asked.stderr + asked.stdout, "error[retry-needs-secret] the first run had a secret in the var 'day'");
  assert.is((await shop.cli(['retry', '--vars', '{day: never-to-be-seen}'], env)).code, 0);
  assert.equal(await shop.query('select n, rows from a'), [['16', '4']]);
});

test('a run of dbt is gone on with', async () => {
  const shop = await project({
    'project.yml': PROJECT,
    'models/a.sql': 'select 1 as id',
    'models/b.sql': 'select {{ var("rows") }} as id',
  });
  const row = (id: string, status: string): unknown => ({ unique_id: id, status, timing: [], message: null, batch_results: null });
  await shop.write(
    'kept/run_results.json',
    JSON.stringify({
      metadata: {
        generated_at: '2026-01-02T03:04:05.000000Z',
        invocation_id: 'x',
        invocation_started_at: '2026-01-02T03:04:00.000000+00:00',
      },
      results: [row('model.shop.a', 'success'), row('model.shop.b', 'skipped'), row('operation.shop.shop-on-run-end-0', 'error')],
      elapsed_time: 5,
      args: {
        which: 'run',
        vars: { rows: 8 },
        select: [],
        exclude: [],
        selector: '',
        full_refresh: false,
        log_format: 'default',
        target: null,
      },
    }),
  );
  const { code, stdout, stderr } = await shop.cli(['retry', '--state', 'kept']);
  assert.is(code, 0, stdout + stderr);
  assert.match(stdout, 'Going on with dwh run of 2026-01-02 03:04:00 UTC: 1 of 3 nodes');
  assert.equal(started(stdout), ['b']);
  assert.equal(await shop.query('select id from b'), [['8']]);
});

test('without an earlier run, and with a file that is none, it exits with 2', async () => {
  const shop = await project({ 'project.yml': PROJECT, 'models/a.sql': 'select 1 as id' });
  const nothing = await shop.cli(['retry']);
  assert.is(nothing.code, 2);
  assert.match(nothing.stderr, 'error[no-earlier-run] there is no run to go on with: target/ has no run_results.json');
  await shop.write('target/run_results.json', '{"results": [');
  const cut = await shop.cli(['retry']);
  assert.is(cut.code, 2);
  assert.match(cut.stderr, 'target/run_results.json cannot be read as the record of a run');
});

test.run();
