import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { databaseOf } from '../support/database.ts';
import { project, results, statuses } from '../support/fixture.ts';
import { hasProblem, rejects } from '../support/rejects.ts';

const test = suite('engine: hooks');

/** Each writes a line of a log, which is made before the run. */
const LOG = 'on-run-start: create table if not exists main.log (seq bigint, what varchar)\n';
const log = (what: string): string => `insert into main.log select count(*), ${what} from main.log`;
const logged = 'select what from log order by seq';

for (const command of ['run', 'build'])
  test(`${command}: before and after, in their order, with what the node knows`, async () => {
    const shop = await project({
      'project.yml': `name: shop\n${LOG}models:\n  +pre-hook: "${log("'project: {{ this.identifier }}'")}"\n`,
      'models/orders.sql': `{{ config(
  materialized='table',
  pre_hook=["${log("'before: {{ model.name }}'")}", {'sql': "${log("'before, outside'")}", 'transaction': false}],
  post_hook=["${log("(select 'after: ' || max(id) from {{ this }})")}", after_commit("${log("'after, outside'")}"), "{% if target.name == 'x' %}no{% endif %}"]
) }} select 1 as id`,
      'tests/any.sql': "select 1 from {{ ref('orders') }} where id <> 1",
    });
    assert.is(statuses(await shop.run(command))['model.shop.orders'], 'success');
    // Those outside of the transaction come before and after those within.
    assert.equal(await shop.query(logged), [
      ['before, outside'],
      ['project: orders'],
      ['before: orders'],
      ['after: 1'],
      ['after, outside'],
    ]);
  });

test('hooks inside belong to the transaction: nothing is left of a node that fails in them', async () => {
  const shop = await project({
    'project.yml': `name: shop\n${LOG}`,
    'models/orders.sql': `{{ config(materialized='table', pre_hook=["${log("'inside'")}", before_begin("${log("'outside'")}")], post_hook="select no_such_column") }} select 1 as id`,
  });
  const events = await shop.run('run');
  assert.equal(statuses(events)['model.shop.orders'], 'error');
  assert.match(results(events).get('model.shop.orders')?.message ?? '', 'no_such_column');
  assert.equal(await shop.query(logged), [['outside']]);
  assert.equal(await shop.query("select table_name from duckdb_tables() where table_name <> 'log'"), []);
});

test('a hook finds what was just made, for the first time too, and may take it away', async () => {
  const look = "select {{ load_relation(this) is none }}, '{{ adapter.get_columns_in_relation(this) | map(attribute='name') | join }}'";
  const shop = await project({
    'project.yml': `name: shop\non-run-start: create table if not exists main.log (missing boolean, columns varchar)\nseeds:\n  shop:\n    gone: {+post-hook: "{% do adapter.drop_relation(this) %}"}\n`,
    'seeds/gone.csv': 'id\n1\n',
    'models/orders.sql': `{{ config(materialized='table', post_hook="insert into main.log ${look}") }} select 1 as id`,
    'models/watch.sql': "select '{{ load_relation(ref('gone')) is none }}' as missing",
  });
  for (const runs of [1, 2]) {
    const built = statuses(await shop.build());
    assert.equal([built['model.shop.orders'], built['seed.shop.gone']], ['success', 'success']);
    assert.equal(await shop.query('from log'), Array(runs).fill(['false', 'id']));
    assert.equal(await shop.query('from watch'), [['True']]);
    assert.equal(await shop.query("select count(*) from duckdb_tables() where table_name = 'gone'"), [['0']]);
  }
});

test('a hook after the commit that fails is an error of its node, which stays public', async () => {
  const shop = await project({
    'project.yml': 'name: shop\n',
    'models/orders.sql': `{{ config(materialized='table', post_hook={'sql': 'select no_such_column', 'transaction': false}) }} select 1 as id`,
    'models/report.sql': "select * from {{ ref('orders') }}",
  });
  const events = await shop.run('run');
  assert.equal(statuses(events), { 'model.shop.orders': 'error', 'model.shop.report': 'skipped' });
  assert.equal(await shop.query('from orders'), [['1']]);
});

test('what a pre-hook makes is there for the query, its columns, and the plan', async () => {
  const shop = await project({
    'project.yml': 'name: shop\n',
    'models/orders.sql': `{{ config(materialized='incremental', unique_key='id', pre_hook="create or replace table main.fresh as select {{ var('n') }} as id") }}
select id from main.fresh`,
    'tests/any.sql': "select 1 from {{ ref('orders') }} where id < 0",
  });
  for (const [n, command] of [
    [1, 'run'],
    [2, 'run'],
    [3, 'build'],
  ] as const)
    assert.is(statuses(await shop.run(command, { vars: { n }, select: 'orders' }))['model.shop.orders'], 'success');
  assert.equal(await shop.query('from orders order by id'), [['1'], ['2'], ['3']]);
});

test('hooks of a node that is held back: what comes before its publication has run, what belongs to it has not', async () => {
  const shop = await project({
    'project.yml': `name: shop\n${LOG}`,
    'models/orders.sql': `{{ config(materialized='table', pre_hook="${log("'before'")}", post_hook="${log("'after'")}") }} select 1 as id`,
    'tests/none.sql': "select * from {{ ref('orders') }}",
  });
  assert.is(statuses(await shop.build())['model.shop.orders'], 'error');
  assert.equal(await shop.query(logged), [['before']]);
});

test('is_incremental and this are in hooks what they are in the model', async () => {
  const shop = await project({
    'project.yml': `name: shop\n${LOG}`,
    'models/orders.sql': `{{ config(materialized='incremental', post_hook="${log("'{{ is_incremental() }} {{ this }}'")}") }} select 1 as id`,
  });
  await shop.run('run');
  await shop.run('run');
  assert.equal(await shop.query(logged), [['False "dwh"."main"."orders"'], ['True "dwh"."main"."orders"']]);
});

test('on-run-start and on-run-end run around everything, in order; the end sees results and schemas', async () => {
  const shop = await project({
    'project.yml': `name: shop
on-run-start:
  - create table if not exists main.log (seq bigint, what varchar)
  - "${log("'start {{ selected_resources | length }}'")}"
on-run-end:
  - "{{ end_of_run(results, schemas, database_schemas) }}"
  - "${log("'end'")}"
`,
    'macros/end_of_run.sql': `{% macro end_of_run(results, schemas, places) %}
insert into main.log
{% for res in results | sort(attribute='unique_id') %}
select 10 + {{ loop.index }}, '{{ res.node.name }} {{ res.status }} {{ res.message or '' }} {{ res.failures }} {{ res.execution_time >= 0 }} {{ res.node.unique_id == res.unique_id and 'select' in res.node.compiled_code }}'
union all {% endfor %}
select 90, '{{ schemas | sort | join(', ') }} {{ places | length }} {{ execute }}'
{% endmacro %}`,
    'models/orders.sql': "{{ config(materialized='table') }} select 1 as id union all select 1",
    'models/marts/report.sql': "{{ config(schema='marts') }} select 1 as id",
    'models/orders.yml': 'models: [{name: orders, columns: [{name: id, data_tests: [{unique: {config: {severity: warn}}}]}]}]\n',
  });
  const events = await shop.build();
  assert.equal(
    Object.entries(statuses(events)).filter(([id]) => id.startsWith('operation')),
    [
      ['operation.shop.shop-on-run-end-0', 'success'],
      ['operation.shop.shop-on-run-end-1', 'success'],
      ['operation.shop.shop-on-run-start-0', 'success'],
      ['operation.shop.shop-on-run-start-1', 'success'],
    ],
  );
  assert.equal(await shop.query(logged), [
    ['start 3'],
    ['end'],
    ['orders success CREATE TABLE (2 rows) None True True'],
    ['report success CREATE VIEW None True True'],
    ['unique_orders_id warn Got 1 result, configured to warn if != 0 1 True True'],
    ['main, main_marts 2 True'],
  ]);
});

const START_FAILS = `name: shop
on-run-start:
  - create table main.log (seq bigint, what varchar)
  - select no_such_column
  - "${log("'not reached'")}"
on-run-end: "${log("'end {{ results | map(attribute='status') | join }}'")}"
`;

test('an error in on-run-start skips the hooks behind it; nodes run all the same, as in dbt', async () => {
  const shop = await project({ 'project.yml': START_FAILS, 'models/orders.sql': 'select 1 as id' });
  assert.equal(statuses(await shop.run('run')), {
    'model.shop.orders': 'success',
    'operation.shop.shop-on-run-end-0': 'success',
    'operation.shop.shop-on-run-start-0': 'success',
    'operation.shop.shop-on-run-start-1': 'error',
    'operation.shop.shop-on-run-start-2': 'skipped',
  });
  assert.equal(await shop.query(logged), [['end errorsuccess']]);
});

test('with skip_nodes_if_on_run_start_fails an error in on-run-start skips the nodes, too; on-run-end still runs', async () => {
  const flags = 'flags: {skip_nodes_if_on_run_start_fails: true}\n';
  const shop = await project({ 'project.yml': START_FAILS + flags, 'models/orders.sql': 'select 1 as id' });
  const events = await shop.run('run');
  assert.equal(statuses(events), {
    'model.shop.orders': 'skipped',
    'operation.shop.shop-on-run-end-0': 'success',
    'operation.shop.shop-on-run-start-0': 'success',
    'operation.shop.shop-on-run-start-1': 'error',
    'operation.shop.shop-on-run-start-2': 'skipped',
  });
  assert.is(results(events).get('model.shop.orders')?.message, 'the hook operation.shop.shop-on-run-start-1 failed');
  const { problem } = results(events).get('operation.shop.shop-on-run-start-1') ?? {};
  hasProblem(problem ? [problem] : [], { code: 'database-error', message: 'no_such_column', at: 'project.yml:4:12' });
  assert.equal(await shop.query(logged), [['end errorskipped']]);
});

test('a ref in a hook makes the node wait for what it names', async () => {
  const shop = await project({
    'project.yml': 'name: shop\nmodels: {+materialized: table}\n',
    'models/a.sql': `{{ config(post_hook="create or replace table main.copy as select * from {{ ref('z') }}") }} select 1 as id`,
    'models/z.sql': 'select 26 as id',
  });
  assert.equal(statuses(await shop.run('run')), { 'model.shop.a': 'success', 'model.shop.z': 'success' });
  assert.equal(await shop.query('from copy'), [['26']]);
  await shop.write('models/z.sql', 'select wrong');
  assert.equal(statuses(await shop.run('run')), { 'model.shop.a': 'skipped', 'model.shop.z': 'error' });
});

test('a mistake in a hook of the project is shown where it stands', async () => {
  const shop = await project({
    'project.yml': 'name: shop\non-run-end:\n  - select 1\n  - "select {{ no_such_name }}"\n',
    'models/orders.sql': 'select 1 as id',
  });
  await rejects(shop.run('run'), { code: 'undefined-name', at: 'project.yml:4:' });
});

test('with nothing to do, hooks do nothing', async () => {
  const shop = await project({
    'project.yml': 'name: shop\non-run-start: create table main.log (id int)\n',
    'models/orders.sql': 'select 1 as id',
  });
  assert.equal(statuses(await shop.run('run', { select: 'no_such_model' })), {});
  const database = await databaseOf(shop);
  assert.equal(await database.relations(), []);
  database.close();
});

test('several statements in one hook, comments, and a hook that renders to nothing', async () => {
  const shop = await project({
    'project.yml': 'name: shop\n',
    'models/orders.sql': `{{ config(
  materialized='table',
  pre_hook=["create table main.one (id int); insert into main.one values (1); -- done", "-- nothing", "{% if false %}x{% endif %}"],
  post_hook="{% do run_query('create table main.two as select * from ' ~ this) %}"
) }} select * from main.one`,
  });
  assert.equal(statuses(await shop.run('run')), { 'model.shop.orders': 'success' });
  assert.equal(await shop.query('select (from one), (from two)'), [['1', '1']]);
});

test('a relation that a hook makes or drops is known to what runs after it', async () => {
  const shop = await project({
    'project.yml': 'name: shop\nmodels: {+materialized: table}\n',
    'models/first.sql': `{{ config(post_hook="drop table if exists main.second; create view main.second as select 1 as id") }} select 1 as id`,
    'models/second.sql': "select 2 as id from {{ ref('first') }}",
  });
  for (let run = 0; run < 2; run++) {
    const events = await shop.run('run');
    assert.equal(
      statuses(events),
      { 'model.shop.first': 'success', 'model.shop.second': 'success' },
      results(events).get('model.shop.second')?.message ?? '',
    );
  }
  assert.equal(await shop.query('from second'), [['2']]);
});

test.run();
