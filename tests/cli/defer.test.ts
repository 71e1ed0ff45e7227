import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { copyFixture, type Fixture, output, results } from '../support/fixture.ts';
import { onServer, postgresTarget } from '../support/postgres.ts';

const test = suite('cli: --defer and clone');

/** Built in `prod`, with its artifacts in dwh-state/; nothing is in `dev`. */
async function produced(): Promise<Fixture> {
  const shop = copyFixture('defer');
  const { code, stdout } = await shop.cli(['build', '--target', 'prod', '--target-path', 'dwh-state']);
  assert.is(code, 0, stdout);
  return shop;
}

const compiled = async (shop: Fixture, ...options: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await shop.cli(['compile', '-s', 'report', ...options]);
  assert.is(code, 0, stderr);
  return stdout;
};
const relations = (shop: Fixture, schema: string): Promise<readonly (readonly (string | null)[])[]> =>
  shop.query(`select table_name, table_type from information_schema.tables where table_schema = '${schema}' order by 1`, 'shop.duckdb');

/** `dwh-state` was written by this dwh; `dbt-state` is what dbt 1.11 wrote of the same project, without what nobody reads. */
for (const state of ['dwh-state', 'dbt-state'])
  test(`${state}: what is not built here is read from there, through ephemeral models and by tests as well`, async () => {
    const shop = await produced();
    const sql = await compiled(shop, '--defer', '--state', state);
    assert.match(sql, 'from "shop"."prod"."orders"');
    assert.match(sql, 'join "shop"."prod"."cities"');
    const { code, stdout } = await shop.cli(['build', '-s', 'report', '--defer', '--state', state]);
    assert.is(code, 0, stdout);
    assert.match(stdout, 'Done. PASS=3 WARN=0 ERROR=0 SKIP=0 NO-OP=0 TOTAL=3');
    assert.equal(await relations(shop, 'dev'), [['report', 'VIEW']]);
    assert.equal(await shop.query('select made from dev.report order by id', 'shop.duckdb'), [['prod'], ['prod']]);
    const manifest = JSON.parse(readFileSync(shop.path('target/manifest.json'), 'utf8'));
    const { config, ...there } = manifest.nodes['model.shop.orders'].defer_relation;
    assert.equal(there, {
      database: 'shop',
      schema: 'prod',
      alias: 'orders',
      relation_name: '"shop"."prod"."orders"',
      resource_type: 'model',
      name: 'orders',
      description: '',
      compiled_code: state === 'dwh-state' ? " select 1 as id, 'prod' as made union all select 2, 'prod'" : null,
      meta: {},
      tags: [],
    });
    assert.is(config.materialized, 'table');
    assert.is(manifest.nodes['model.shop.light'].defer_relation, undefined);
  });

test('what is there is read here, unless --favor-state; what the run builds is always its own', async () => {
  const shop = await produced();
  assert.is((await shop.cli(['run', '-s', 'orders'])).code, 0);
  const state = ['--defer', '--state', 'dwh-state'];
  const sql = await compiled(shop, ...state);
  assert.match(sql, 'from "shop"."dev"."orders"');
  assert.match(sql, 'join "shop"."prod"."cities"');
  assert.match(await compiled(shop, ...state, '--favor-state'), 'from "shop"."prod"."orders"');
  const { code, stdout } = await shop.cli(['run', '-s', 'orders', 'report', ...state, '--favor-state']);
  assert.is(code, 0, stdout);
  assert.equal(await shop.query('select made from dev.report where id = 2', 'shop.duckdb'), [['dev']]);
});

test('test, show and the engine defer, too; the variables of the environment say the same', async () => {
  const shop = await produced();
  const env = { DBT_DEFER: 'true', DBT_DEFER_STATE: 'dwh-state', DBT_FAVOR_STATE: '1' };
  const tested = await shop.cli(['test'], env);
  assert.is(tested.code, 0, tested.stdout);
  const shown = await shop.cli(['show', '--inline', "select made from {{ ref('report') }} order by id", '--output', 'json'], env);
  assert.equal(JSON.parse(shown.stdout), { show: [{ made: 'prod' }, { made: 'prod' }] });
  const events = await shop.run('show', { select: 'report', defer: true, deferState: 'dwh-state' });
  assert.match(output(events), 'Bonn');
});

test('clone makes views of what is there, leaves what is here, and replaces it with --full-refresh', async () => {
  const shop = await produced();
  assert.is((await shop.cli(['seed'])).code, 0);
  const first = await shop.run('clone', { state: 'dbt-state' });
  assert.equal([...results(first)].map(([id, { status, message }]) => [id, status, message]).sort(), [
    ['model.shop.orders', 'success', 'CREATE VIEW'],
    ['model.shop.report', 'success', 'CREATE VIEW'],
    ['seed.shop.cities', 'success', 'No-op'],
  ]);
  assert.equal(await relations(shop, 'dev'), [
    ['cities', 'BASE TABLE'],
    ['orders', 'VIEW'],
    ['report', 'VIEW'],
  ]);
  assert.equal(await shop.query('select made from dev.report where id = 2', 'shop.duckdb'), [['prod']]);
  const again = await shop.cli(['clone', '--state', 'dwh-state', '--full-refresh', '-s', 'cities']);
  assert.is(again.code, 0, again.stdout);
  assert.equal((await relations(shop, 'dev'))[0], ['cities', 'VIEW']);
  // A view of itself would be lost.
  const itself = await shop.cli(['clone', '--state', 'dwh-state', '--full-refresh', '--target', 'prod']);
  assert.is(itself.code, 0, itself.stdout);
  assert.match(itself.stdout, '"shop"."prod"."orders" is the relation of --state itself');
  assert.equal(await relations(shop, 'prod'), [
    ['cities', 'BASE TABLE'],
    ['orders', 'BASE TABLE'],
    ['report', 'VIEW'],
  ]);
});

test('on Postgres as well', async () => {
  const target = await postgresTarget();
  const shop = copyFixture('defer');
  const outputs = { dev: { ...target, schema: 'dev' }, prod: { ...target, schema: 'prod' } };
  await shop.write('profiles.yml', JSON.stringify({ shop: { target: 'dev', outputs } }));
  await shop.run('build', { target: 'prod', targetPath: 'dwh-state' });
  const built = await shop.run('build', { select: 'report', defer: true, state: 'dwh-state' });
  assert.equal(new Set([...results(built).values()].map(({ status }) => status)), new Set(['success', 'pass']));
  await shop.run('clone', { state: 'dwh-state', fullRefresh: true });
  const { rows } = await onServer(target.dbname, (client) =>
    client.query("select table_name, table_type from information_schema.tables where table_schema = 'dev' order by 1"),
  );
  assert.equal(rows, [
    { table_name: 'cities', table_type: 'VIEW' },
    { table_name: 'orders', table_type: 'VIEW' },
    { table_name: 'report', table_type: 'VIEW' },
  ]);
});

test('without a state, or a manifest in it, nothing runs', async () => {
  const shop = copyFixture('defer');
  for (const [args, said] of [
    [['run', '--defer'], 'nothing says where its manifest.json is'],
    [['clone'], 'nothing says where its manifest.json is'],
    [['run', '--defer', '--state', 'dbt-state', '--defer-state', 'nowhere'], 'nowhere/manifest.json, which is not there'],
  ] as const) {
    const { code, stdout, stderr } = await shop.cli(args);
    assert.is(code, 2);
    assert.match(stdout + stderr, 'error[defer-needs-state]');
    assert.match(stdout + stderr, said);
  }
});

test.run();
