import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DwhError } from '../../src/core/problem.ts';
import { databaseOf, readingDuring } from '../support/database.ts';
import { project, results, statuses } from '../support/fixture.ts';
import { hasProblem, rejects } from '../support/rejects.ts';

const test = suite('materializations: view, table, ephemeral, and one after the other');

const shop = (files: Readonly<Record<string, string>>) => project({ 'project.yml': 'name: shop\n', ...files });

test('a view is its query, a table its rows at the time', async () => {
  const fixture = await shop({
    'seeds/raw.csv': 'id\n1\n2\n',
    'models/as_view.sql': "select id from {{ ref('raw') }} -- no semicolon, a comment",
    'models/as_table.sql': "{{ config(materialized='table') }} with recent as (select id from {{ ref('raw') }}) select * from recent;\n",
  });
  const events = await fixture.build();
  assert.is(results(events).get('model.shop.as_view')?.message, 'CREATE VIEW');
  assert.is(results(events).get('model.shop.as_table')?.message, 'CREATE TABLE (2 rows)');
  assert.equal(results(events).get('model.shop.as_table')?.adapterResponse, {
    _message: 'CREATE TABLE 2',
    code: 'CREATE TABLE',
    rows_affected: 2,
  });
  assert.is(results(events).get('model.shop.as_table')?.relationName, '"dwh"."main"."as_table"');
  const database = await databaseOf(fixture);
  await database.rows('insert into main.raw values (3)');
  assert.equal(await database.rows('select (select count(*) from main.as_view), (select count(*) from main.as_table)'), [['3', '2']]);
  database.close();
});

test('a table follows its query, columns and all', async () => {
  const fixture = await shop({ 'models/orders.sql': "{{ config(materialized='table') }} select 1 as id" });
  await fixture.run('run');
  await fixture.write('models/orders.sql', "{{ config(materialized='table') }} select 'a' as name, 2.5 as price");
  await fixture.run('run');
  assert.equal(await fixture.query('from orders'), [['a', '2.5']]);
});

test('a view of a table that is made anew goes on', async () => {
  const fixture = await shop({
    'models/orders.sql': "{{ config(materialized='table') }} select 1 as id",
    'models/orders_view.sql': "select * from {{ ref('orders') }}",
  });
  await fixture.run('run');
  await fixture.write('models/orders.sql', "{{ config(materialized='table') }} select 2 as id");
  assert.equal(statuses(await fixture.run('run', { select: 'orders' })), { 'model.shop.orders': 'success' });
  assert.equal(await fixture.query('from orders_view'), [['2']]);
});

for (const command of ['run', 'build'])
  test(`${command}: each materialization takes the place of any other, and readers find one or the other`, async () => {
    const fixture = await shop({ 'tests/some.sql': "select 1 where not exists (from {{ ref('orders') }})" });
    const database = await databaseOf(fixture);
    const order = ['view', 'table', 'view', 'incremental', 'view', 'table', 'incremental', 'table', 'incremental', 'view'];
    let expected = '';
    for (const [step, materialized] of order.entries()) {
      await fixture.write(
        'models/orders.sql',
        `{{ config(materialized='${materialized}', unique_key='id') }} select 1 as id, ${step} as step`,
      );
      const query = 'select step from main.orders';
      const before = expected;
      expected = String(step);
      const answers = await readingDuring(database, query, async () => {
        const events = await fixture.run(command, { select: 'orders' });
        assert.is(statuses(events)['model.shop.orders'], 'success', `${step}: ${results(events).get('model.shop.orders')?.message}`);
      });
      assert.equal(before === '' ? answers.slice(-1) : answers, before === '' ? [expected] : [before, expected]);
      assert.equal(await database.relations(), [`main.orders (${materialized === 'view' ? 'view' : 'table'})`]);
    }
    database.close();
  });

test('--full-refresh builds an incremental model anew, and full_refresh in its config wins both ways', async () => {
  const model = (more: string): string =>
    `{{ config(materialized='incremental'${more}) }} select {{ var('n') }} as n, {{ is_incremental() }} as added, {{ flags.FULL_REFRESH }} as refresh`;
  const fixture = await shop({
    'models/plain.sql': model(''),
    'models/never.sql': model(', full_refresh=false'),
    'models/always.sql': model(', full_refresh=true'),
  });
  await fixture.run('run', { vars: { n: 1 } });
  await fixture.run('run', { vars: { n: 2 } });
  const rows = (name: string) => fixture.query(`from ${name} order by n`);
  assert.equal(await rows('plain'), [
    ['1', 'false', 'false'],
    ['2', 'true', 'false'],
  ]);
  assert.equal(await rows('never'), [
    ['1', 'false', 'false'],
    ['2', 'true', 'false'],
  ]);
  assert.equal(await rows('always'), [['2', 'false', 'false']]);
  await fixture.run('run', { vars: { n: 3 }, fullRefresh: true });
  assert.equal(await rows('plain'), [['3', 'false', 'true']]);
  assert.equal((await rows('never')).at(-1), ['3', 'true', 'true']);
  assert.is((await rows('never')).length, 3);
  assert.equal(await rows('always'), [['3', 'false', 'true']]);
});

test('an ephemeral model lives in those that use it: nested, twice, beside a with clause, and in tests', async () => {
  const fixture = await shop({
    'seeds/raw.csv': 'id,amount\n1,10\n2,20\n',
    'models/doubled.sql': "{{ config(materialized='ephemeral') }} select id, amount * 2 as amount from {{ ref('raw') }};",
    'models/large.sql':
      "{{ config(materialized='ephemeral') }} with big as (select * from {{ ref('doubled') }} where amount > 20) select * from big",
    'models/pairs.sql': `{{ config(materialized='table') }} -- with this comment
/* with */ with recursive l as (select * from {{ ref('large') }})
select l.amount, d.id from l join {{ ref('doubled') }} d on true join {{ ref('large') }} again on true order by d.id`,
    'models/models.yml': `models:
  - name: large
    columns: [{name: id, data_tests: [unique, {accepted_values: {values: [2]}}]}]
  - name: pairs
    data_tests: [{row_count_equals: {count: 2}}]
`,
    'tests/none_small.sql': "select * from {{ ref('large') }} where amount < 20",
  });
  const events = await fixture.build();
  assert.equal(Object.values(statuses(events)), ['success', 'success', 'pass', 'pass', 'pass', 'pass']);
  assert.equal(await fixture.query('from pairs'), [
    ['40', '1'],
    ['40', '2'],
  ]);
  assert.equal(await fixture.query('select count(*) from duckdb_views() where not internal'), [['0']]);

  // What is built from a query that fails its test is skipped.
  await fixture.write('tests/none_small.sql', "select * from {{ ref('large') }} where amount > 20");
  assert.equal(Object.values(statuses(await fixture.build())), ['skipped', 'success', 'pass', 'fail', 'skipped', 'pass']);
});

test("an error inside an ephemeral model is shown at that model's line, whoever used it", async () => {
  const fixture = await shop({
    'models/inner.sql': "{{ config(materialized='ephemeral') }}\n\nselect\n  no_such_column\nfrom (select 1 as id)",
    'models/outer.sql': "{{ config(materialized='ephemeral') }} select * from {{ ref('inner') }}",
    'models/orders.sql': "{{ config(materialized='table') }}\nselect * from {{ ref('outer') }}",
    'models/late.sql': "{{ config(materialized='table') }}\nselect 1 as id, (select min(1) from {{ ref('fine') }}),\n  wrong",
    'models/fine.sql': "{{ config(materialized='ephemeral') }}\nselect 1 as id",
  });
  const events = await fixture.run('run');
  assert.equal(results(events).get('model.shop.orders')?.problem?.at, { file: 'models/inner.sql', line: 4, column: 3 });
  assert.equal(results(events).get('model.shop.late')?.problem?.at, { file: 'models/late.sql', line: 3, column: 3 });
});

test('a query that ends with a semicolon has its errors at their lines, too', async () => {
  const fixture = await shop({ 'models/orders.sql': "{{ config(materialized='table') }}\nselect\n  wrong;\n" });
  const events = await fixture.run('run');
  assert.equal(results(events).get('model.shop.orders')?.problem?.at, { file: 'models/orders.sql', line: 3, column: 3 });
});

test('a second statement in a model is refused', async () => {
  const fixture = await shop({
    'models/orders.sql': "{{ config(materialized='table') }} select 1 as id; drop table kept",
    'seeds/kept.csv': 'id\n1\n',
  });
  const events = await fixture.build();
  assert.is(statuses(events)['model.shop.orders'], 'error');
  assert.equal(await fixture.query('from kept'), [['1']]);
});

test('sql_header goes before the statements of its model, and before its columns are asked for', async () => {
  for (const materialized of ['table', 'incremental'])
    for (const command of ['run', 'build']) {
      const fixture = await shop({
        'models/orders.sql': `{{ config(materialized='${materialized}', unique_key='n', sql_header='create or replace temp macro twice(x) as x * 2;') }} select twice(21) as n`,
        'tests/right.sql': "select n from {{ ref('orders') }} where n <> 42",
      });
      for (let run = 0; run < 2; run++) {
        const events = await fixture.run(command);
        assert.is(statuses(events)['model.shop.orders'], 'success', results(events).get('model.shop.orders')?.message ?? '');
      }
      assert.equal(await fixture.query('from orders'), [['42']]);
    }
});

test("a misspelt materialization is told with the project's own", async () => {
  const fixture = await shop({
    'macros/lookup.sql': "{% materialization lookup_table, default %}{{ return({'relations': [this]}) }}{% endmaterialization %}",
    'models/orders.sql': "{{ config(materialized='lookup_tabel') }} select 1 as id",
  });
  await rejects(fixture.run('parse'), { code: 'materialization-not-found', hint: "Did you mean 'lookup_table'?" });
});

test('materializations that are not there, and their configs, are mistakes of the project, all told at once', async () => {
  const fixture = await shop({
    'models/orders.sql': "{{ config(materialized='incremental_table') }} select 1 as id",
    'models/kept.sql': "{{ config(materialized='materialized_view') }} select 1 as id",
    'models/added.sql': "{{ config(materialized='incremental', on_schema_change='apend') }} select 1 as id",
    'models/fine.sql': "{{ config(materialized='table', incremental_strategy='whatever', on_schema_change='ignore') }} select 1 as id",
  });
  const error = await rejects(fixture.run('parse'), {
    code: 'materialization-not-found',
    message: "'incremental_table'",
    at: 'models/orders.sql:1',
  });
  const { problems } = error as DwhError;
  hasProblem(problems, {
    code: 'materialization-unsupported',
    message: 'duckdb has no materialized views',
    hint: 'materialized: table',
    at: 'models/kept.sql:1',
  });
  hasProblem(problems, { code: 'config-value', message: "'on_schema_change' is 'apend'", at: 'models/added.sql:1' });
  assert.is(problems.length, 3);
});

test("a materialization or a strategy of the project's own is no mistake of the project", async () => {
  const fixture = await shop({
    'macros/own.sql': `{% materialization mirror, default %}{{ return({'relations': []}) }}{% endmaterialization %}
{% macro get_incremental_mirror_sql(arguments) %}select 1{% endmacro %}`,
    'models/orders.sql': "{{ config(materialized='mirror') }} select 1 as id",
    'models/added.sql': "{{ config(materialized='incremental', incremental_strategy='mirror') }} select 1 as id",
  });
  const events = await fixture.run('parse');
  assert.equal(
    events.filter(({ type }) => type === 'problems'),
    [],
  );
  const found = results(await fixture.run('run'));
  assert.is(found.get('model.shop.added')?.status, 'success');
  assert.is(found.get('model.shop.orders')?.problem?.code, 'materialization-without-main');
});

test('a strategy that is none fails when it is needed: the project is read, and the table made, as with dbt', async () => {
  const fixture = await shop({
    'models/added.sql': "{{ config(materialized='incremental', incremental_strategy='upsert_it') }} select 1 as id",
  });
  const warned = (await fixture.run('parse')).flatMap((event) => (event.type === 'problems' ? event.problems : []));
  assert.is(warned.length, 1);
  assert.is(warned[0]?.severity, 'warning');
  hasProblem(warned, {
    code: 'config-value',
    message: "'incremental_strategy' is 'upsert_it', and may be 'append'",
    hint: 'get_incremental_upsert_it_sql',
    at: 'models/added.sql:1',
  });
  const status = async (command: 'run', more?: { fullRefresh: boolean }) =>
    results(await fixture.run(command, more)).get('model.shop.added')?.status;
  assert.is(await status('run'), 'success');
  assert.is(await status('run'), 'error');
  assert.is(await status('run', { fullRefresh: true }), 'success');
});

test('a model that compiles to nothing is an error', async () => {
  const fixture = await shop({ 'models/orders.sql': '{% if false %} select 1 {% endif %}' });
  const { problem } = results(await fixture.run('run')).get('model.shop.orders') ?? {};
  assert.is(problem?.code, 'empty-model');
  assert.is(problem?.at?.file, 'models/orders.sql');
});

test.run();
