// on-run-start and on-run-end: in which commands they run, in which they are only compiled, in what order, and what they see.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Event } from '../../src/core/event.ts';
import { type Fixture, project, results } from '../support/fixture.ts';

const test = suite('engine: hooks of the project');

const SHOP = {
  'project.yml': `name: shop
on-run-start:
  - create table if not exists main.log (what varchar)
  - "insert into main.log values ('start {{ flags.WHICH }}')"
on-run-end: "insert into main.log select 'end {{ flags.WHICH }} {{ results | length }}' from {{ ref('orders') }} limit 1"
`,
  'models/orders.sql': 'select 1 as id',
  'seeds/rates.csv': 'id\n1\n',
  'snapshots/orders_then.yml':
    "snapshots: [{name: orders_then, relation: ref('orders'), config: {unique_key: id, strategy: check, check_cols: all}}]\n",
  'models/properties.yml': `models: [{name: orders, columns: [{name: id, data_tests: [unique]}]}]
exposures: [{name: board, type: dashboard, owner: {name: Ann}, depends_on: ["ref('orders')"]}]
`,
};

/** Those that have a result, and how it went. */
const hooks = (events: readonly Event[]): readonly (readonly [string, string])[] =>
  [...results(events)].flatMap(([id, { status }]) => (id.startsWith('operation.') ? [[id.replace(/^.*\./, ''), status] as const] : []));
const logged = async (shop: Fixture): Promise<readonly string[]> => {
  const rows = await shop.query('select what from main.log');
  await shop.query('delete from main.log');
  return rows.map(([what]) => String(what));
};
const ALL = ['shop-on-run-start-0', 'shop-on-run-start-1', 'shop-on-run-end-0'].map((name) => [name, 'success'] as const);

test('commands that work on nodes run them, each with its results; exposures count', async () => {
  const shop = await project(SHOP);
  await shop.run('run');
  await logged(shop);
  for (const [command, count] of Object.entries({ run: 1, seed: 1, snapshot: 1, test: 1, build: 5 })) {
    assert.equal(hooks(await shop.run(command)), ALL, command);
    assert.equal(await logged(shop), [`start ${command}`, `end ${command} ${count}`]);
  }
});

test('compile and docs generate compile them: results, files and manifest.json have their SQL, and nothing runs', async () => {
  const shop = await project(SHOP);
  await shop.run('run');
  await logged(shop);
  const compile = await shop.run('compile', { args: { which: 'compile' } });
  assert.equal(hooks(compile), ALL);
  const id = 'operation.shop.shop-on-run-end-0';
  const sql = `insert into main.log select 'end compile 0' from "dwh"."main"."orders" limit 1`;
  assert.is(results(compile).get(id as never)?.compiledCode, sql);
  assert.is((await shop.read('target/compiled/shop/project.yml/shop-on-run-end-0.sql')).trim(), sql);
  assert.is(JSON.parse(await shop.read('target/manifest.json')).nodes[id].compiled_code, sql);

  const docs = await shop.run('docs generate', { args: { which: 'generate' } });
  assert.equal(hooks(docs), ALL);
  assert.match(JSON.parse(await shop.read('target/manifest.json')).nodes[id].compiled_code, 'end generate 0');
  assert.equal(await logged(shop), []);
});

test('what is compiled may be chosen by their tags, and by what they read', async () => {
  const shop = await project(SHOP);
  const chosen = async (select: string): Promise<readonly string[]> => hooks(await shop.run('compile', { select })).map(([name]) => name);
  assert.equal(await chosen('orders'), []);
  assert.equal(await chosen('orders+'), ['shop-on-run-end-0']);
  assert.equal(await chosen('tag:on-run-start'), ['shop-on-run-start-0', 'shop-on-run-start-1']);
});

test('ls, show, clone and run-operation leave them alone', async () => {
  const shop = await project({
    ...SHOP,
    'macros/tidy.sql': "{% macro tidy() %}{% do run_query('select 1') %}{% endmacro %}",
    'profiles.yml':
      '{shop: {target: dev, outputs: {dev: {type: duckdb, path: shop.duckdb}, copy: {type: duckdb, path: shop.duckdb, schema: copy}}}}',
  });
  const base = { profilesDir: shop.dir, profile: 'shop' };
  await shop.run('run', base);
  const before = await shop.query('select count(*) from main.log', 'shop.duckdb');
  await shop.write('state/manifest.json', await shop.read('target/manifest.json'));
  assert.equal(hooks(await shop.run('ls', base)), []);
  assert.equal(hooks(await shop.run('show', { ...base, select: 'orders' })), []);
  assert.equal(hooks(await shop.run('clone', { ...base, target: 'copy', state: 'state' })), []);
  assert.equal(await shop.query('select count(*) from copy.orders', 'shop.duckdb'), [['1']]);
  await shop.run('run-operation', { ...base, operation: { macro: 'tidy', args: {} } });
  assert.equal(await shop.query('select count(*) from main.log', 'shop.duckdb'), before);
});

test("hooks of packages come behind the project's own, by the packages' names, and are counted on", async () => {
  const of = (name: string): string => `name: ${name}\non-run-start: ["select '${name} 1'", "select '${name} 2'"]\n`;
  const shop = await project({
    'project.yml': of('middle'),
    'models/orders.sql': 'select 1 as id',
    'dbt_packages/zoo/dbt_project.yml': of('zoo'),
    'dbt_packages/ark/dbt_project.yml': of('ark'),
    'packages.yml': 'packages: [{local: dbt_packages/zoo}, {local: dbt_packages/ark}]\n',
  });
  assert.equal(
    [...results(await shop.run('run')).values()].flatMap(({ node, message }) => (node.startsWith('operation.') ? [message] : [])),
    [
      'middle.on-run-start.0 passed',
      'middle.on-run-start.1 passed',
      'ark.on-run-start.2 passed',
      'ark.on-run-start.3 passed',
      'zoo.on-run-start.4 passed',
      'zoo.on-run-start.5 passed',
    ],
  );
});

test('on-run-end sees the hooks that failed before it, exposures, and only the schemas in which something was made', async () => {
  const shop = await project({
    ...SHOP,
    'project.yml': `name: shop
on-run-start: [select 1, select no_such]
on-run-end:
  - create table main.log (what varchar)
  - "{% for one in results %}insert into main.log values ('{{ one.node.resource_type }} {{ one.status }}');{% endfor %}"
  - "insert into main.log values ('{{ schemas | sort | join(' ') }}')"
`,
    'models/wrong.sql': "{{ config(schema='lost') }} select no_such",
    'models/made.sql': "{{ config(schema='marts') }} select 1 as id",
  });
  await shop.run('build');
  const [last, ...seen] = [...(await logged(shop))].reverse();
  assert.is(last, 'main main_marts');
  assert.equal(seen.sort(), [
    'exposure no-op',
    'model error',
    'model success',
    'model success',
    'operation error',
    'seed success',
    'snapshot success',
    'test pass',
  ]);
});

test('an exposure is skipped where what it shows failed, and that is no failure of its own', async () => {
  const shop = await project({
    'project.yml': 'name: shop\n',
    'models/orders.sql': 'select no_such',
    'models/properties.yml': SHOP['models/properties.yml'],
  });
  const run = async (select: string): Promise<unknown> =>
    [...results(await shop.build({ select })).values()].map(({ node, status, message }) => [node.replace(/^.*\./, ''), status, message]);
  assert.equal(await run('board'), [['board', 'no-op', 'NO-OP']]);
  const [orders, board] = (await run('orders+ test_type:unit')) as [string, string][];
  assert.equal(
    [orders?.slice(0, 2), board?.slice(0, 2)],
    [
      ['orders', 'error'],
      ['board', 'skipped'],
    ],
  );
});

test.run();
