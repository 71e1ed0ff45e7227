import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Database, databaseOf, readingDuring } from '../support/database.ts';
import { type Fixture, project, results, statuses } from '../support/fixture.ts';

const test = suite('engine: publication after tests');

/** orders, of the given kind, has a positive amount per order; report stands behind it. `source_orders` is the test's to fill. */
const orders = (materialized: string, severity = 'error'): Promise<Fixture> =>
  project({
    'project.yml': 'name: shop\n',
    'models/orders.sql': `{{ config(materialized='${materialized}', unique_key='id') }}
select id, amount from {{ source('raw', 'source_orders') }}`,
    'models/report.sql': "{{ config(materialized='table') }} select sum(amount) as total from {{ ref('orders') }}",
    'models/shop.yml': `sources:
  - name: raw
    schema: main
    tables: [{name: source_orders}]
models:
  - name: orders
    columns:
      - name: amount
        data_tests:
          - accepted_range: {min_value: 0, config: {severity: ${severity}}}
`,
  });

const arrive = (database: Database, ...amounts: readonly number[]): Promise<unknown> =>
  database.rows(
    `create or replace table main.source_orders as select i as id, amount from (values ${amounts.map((amount, index) => `(${index + 1}, ${amount})`).join(', ')}) v(i, amount)`,
  );

const TEST = /^test\.shop\.accepted_range_orders_amount/;
const idOf = (events: Parameters<typeof statuses>[0], pattern: RegExp): string =>
  Object.keys(statuses(events)).find((id) => pattern.test(id)) ?? '';

for (const [materialized, kind] of [
  ['table', 'table'],
  ['incremental', 'table'],
  ['view', 'view'],
] as const) {
  test(`${materialized}: what fails its test is not published; the old state stays before, during and after`, async () => {
    const shop = await orders(materialized);
    const database = await databaseOf(shop);
    await arrive(database, 10, 20);
    await shop.build();
    await arrive(database, 10, -1, 30);
    // A view's rows come from below, so its old state is its query.
    if (materialized === 'view')
      await shop.write('models/orders.sql', "select id, amount * 2 as amount from {{ source('raw', 'source_orders') }}");
    const old = materialized === 'view' ? '10, -1, 30' : '10, 20';

    const answers = await readingDuring(database, 'select amount from main.orders order by id', async () => {
      const events = await shop.build();
      const failed = idOf(events, TEST);
      assert.equal(statuses(events), { 'model.shop.orders': 'error', 'model.shop.report': 'skipped', [failed]: 'fail' });
      assert.is(
        results(events).get('model.shop.orders')?.message,
        `held back by ${failed}: Got 1 result, configured to fail if != 0; what was published before stays as it was`,
      );
      assert.is(results(events).get('model.shop.report')?.message, 'waits for model.shop.orders, which was not published');
    });
    assert.equal(answers, [old]);
    assert.equal(await database.relations(), [`main.orders (${kind})`, 'main.report (table)', 'main.source_orders (table)']);
    assert.equal(await database.rows('select total from main.report'), [['30']]);

    await arrive(database, 10, 21, 30);
    const mended = await readingDuring(database, 'select amount from main.orders order by id', async () => {
      assert.equal(Object.values(statuses(await shop.build())), ['success', 'success', 'pass']);
    });
    // One state after the other, and nothing between.
    assert.equal(mended, materialized === 'view' ? ['10, 21, 30', '20, 42, 60'] : ['10, 20', '10, 21, 30']);
    assert.equal(await database.relations(), [`main.orders (${kind})`, 'main.report (table)', 'main.source_orders (table)']);
    database.close();
  });

  test(`${materialized}: a first build that fails its test leaves no relation`, async () => {
    const shop = await orders(materialized);
    const database = await databaseOf(shop);
    await arrive(database, -1);
    const events = await shop.build();
    assert.equal(statuses(events), { 'model.shop.orders': 'error', 'model.shop.report': 'skipped', [idOf(events, TEST)]: 'fail' });
    assert.equal(await database.relations(), ['main.source_orders (table)']);
    database.close();
  });

  test(`${materialized}: a warning holds nothing back`, async () => {
    const shop = await orders(materialized, 'warn');
    const database = await databaseOf(shop);
    await arrive(database, 10, -1);
    const events = await shop.build();
    assert.equal(statuses(events), { 'model.shop.orders': 'success', 'model.shop.report': 'success', [idOf(events, TEST)]: 'warn' });
    assert.equal(await database.rows('select amount from main.orders order by id'), [['10'], ['-1']]);
    database.close();
  });

  test(`${materialized}: run publishes without tests, and so does --publish always before them`, async () => {
    const shop = await orders(materialized);
    const database = await databaseOf(shop);
    await arrive(database, -1);
    assert.equal(statuses(await shop.run('run')), { 'model.shop.orders': 'success', 'model.shop.report': 'success' });
    assert.equal(await database.rows('select total from main.report'), [['-1']]);
    await arrive(database, -2);
    const events = await shop.build({ publish: 'always' });
    assert.equal(statuses(events), { 'model.shop.orders': 'success', 'model.shop.report': 'skipped', [idOf(events, TEST)]: 'fail' });
    assert.equal(await database.rows('select amount from main.orders'), [['-2']]);
    assert.equal(await database.relations(), [`main.orders (${kind})`, 'main.report (table)', 'main.source_orders (table)']);
    database.close();
  });
}

test('the config publish: always frees one model, and the command line wins over it', async () => {
  const shop = await orders('table');
  const database = await databaseOf(shop);
  await arrive(database, -1);
  await shop.write('project.yml', 'name: shop\nmodels: {shop: {orders: {+publish: always}}}\n');
  assert.is(statuses(await shop.build())['model.shop.orders'], 'success');
  await arrive(database, -2);
  assert.is(statuses(await shop.build({ publish: 'tested' }))['model.shop.orders'], 'error');
  assert.equal(await database.rows('select amount from main.orders'), [['-1']]);
  database.close();
});

test('while a node is tested, others see its old rows and its tests the new ones', async () => {
  const shop = await orders('table');
  const database = await databaseOf(shop);
  await arrive(database, 10);
  await shop.build();
  await arrive(database, 99);
  // Both are gates of orders; their rows are kept, so they tell what was to be seen.
  const kept = "{{ config(severity='warn', store_failures=true) }}";
  await shop.write('tests/candidate.sql', `${kept} select amount from {{ ref('orders') }}`);
  await shop.write('tests/public.sql', `${kept} -- depends_on: {{ ref('orders') }}\nselect amount from main.orders`);
  const events = await shop.build();
  assert.is(statuses(events)['model.shop.orders'], 'success');
  assert.equal(await database.rows('select amount from main_dbt_test__audit.candidate'), [['99']]);
  assert.equal(await database.rows('select amount from main_dbt_test__audit.public'), [['10']]);
  assert.equal(await database.rows('select amount from main.orders'), [['99']]);
  // Only what was executed names the candidate.
  assert.match(await shop.read('target/compiled/shop/tests/candidate.sql'), 'from "dwh"."main"."orders"');
  assert.match(await shop.read('target/run/shop/tests/candidate.sql'), 'from "dwh"."main"."orders__dwh_next"');
  database.close();
});

test('a test that reads two models gates the last of them', async () => {
  const shop = await project({
    'project.yml': 'name: shop\nmodels: {+materialized: table}\n',
    'models/orders.sql': "select {{ var('orders') }} as n",
    'models/lines.sql': "select {{ var('lines') }} as n, (select n from {{ ref('orders') }}) as orders",
    'models/after.sql': "select n from {{ ref('orders') }}",
    'tests/as_many.sql': "select o.n from {{ ref('orders') }} o join {{ ref('lines') }} l on o.n <> l.n",
  });
  const database = await databaseOf(shop);
  await shop.build({ vars: { orders: 1, lines: 1 } });
  const events = await shop.build({ vars: { orders: 2, lines: 3 } });
  assert.equal(statuses(events), {
    'model.shop.after': 'success',
    'model.shop.lines': 'error',
    'model.shop.orders': 'success',
    'test.shop.as_many': 'fail',
  });
  assert.equal(await database.rows('select (from main.orders), (from main.after), l.* from main.lines l'), [['2', '2', '1', '1']]);
  database.close();
});

test('a test that cannot run holds its node back, which is then skipped', async () => {
  const shop = await project({
    'project.yml': 'name: shop\nmodels: {+materialized: table}\n',
    'models/broken.sql': 'select no_such_column',
    'models/orders.sql': 'select 1 as id',
    'tests/both.sql': "select 1 from {{ ref('orders') }} o join {{ ref('broken') }} b on true where false",
  });
  const database = await databaseOf(shop);
  const events = await shop.build();
  const { 'model.shop.broken': broken, 'test.shop.both': both } = statuses(events);
  assert.equal([broken, both], ['error', 'skipped']);
  const held = results(events).get('model.shop.orders');
  // The order of two models that do not depend on each other decides which of them is gated.
  assert.is(held?.status, 'skipped');
  assert.match(held?.message ?? '', 'not published: test.shop.both could not run');
  assert.equal(await database.relations(), []);
  database.close();
});

test('a test with an error of its own holds back with that error', async () => {
  const shop = await project({
    'project.yml': 'name: shop\n',
    'models/orders.sql': "{{ config(materialized='table') }} select 1 as id",
    'tests/wrong.sql': "select no_such_column from {{ ref('orders') }}",
  });
  const database = await databaseOf(shop);
  const events = await shop.build();
  assert.equal(statuses(events), { 'model.shop.orders': 'error', 'test.shop.wrong': 'error' });
  const message = results(events).get('model.shop.orders')?.message ?? '';
  assert.match(message, /^held back by test\.shop\.wrong: .*no_such_column/);
  assert.equal(results(events).get('test.shop.wrong')?.problem?.at, { file: 'tests/wrong.sql', line: 1, column: 8 });
  assert.equal(await database.relations(), []);
  database.close();
});

test('a publication that fails leaves the old rows, and nothing staged', async () => {
  const shop = await orders('table');
  const database = await databaseOf(shop);
  await arrive(database, 10);
  await shop.build();
  await arrive(database, 11);
  for (const materialized of ['table', 'incremental', 'view']) {
    await shop.write(
      'models/orders.sql',
      `{{ config(materialized='${materialized}', unique_key='id', post_hook='insert into main.no_such_table select 1') }}
select id, amount from {{ source('raw', 'source_orders') }}`,
    );
    const events = await shop.build();
    assert.match(results(events).get('model.shop.orders')?.message ?? '', 'no_such_table');
    assert.equal(await database.relations(), ['main.orders (table)', 'main.report (table)', 'main.source_orders (table)']);
    assert.equal(await database.rows('select amount from main.orders'), [['10']], materialized);
  }
  database.close();
});

test('staging that fails leaves nothing, and the tests of the node are skipped', async () => {
  const shop = await orders('incremental');
  const database = await databaseOf(shop);
  await arrive(database, 10);
  await shop.build();
  await shop.write(
    'models/orders.sql',
    "{{ config(materialized='incremental', unique_key='id', incremental_strategy='merge') }} select 1 as id, n as amount from range(2) r(n)",
  );
  const events = await shop.build();
  const failed = idOf(events, TEST);
  assert.equal(statuses(events), { 'model.shop.orders': 'error', 'model.shop.report': 'skipped', [failed]: 'skipped' });
  assert.is(results(events).get('model.shop.orders')?.problem?.code, 'duplicate-key');
  assert.is(results(events).get(failed)?.message, 'waits for model.shop.orders, which was not built');
  assert.equal(await database.relations(), ['main.orders (table)', 'main.report (table)', 'main.source_orders (table)']);
  database.close();
});

test('leftovers of a killed run go with the next one, whatever they are', async () => {
  const shop = await orders('incremental');
  const database = await databaseOf(shop);
  await arrive(database, 10);
  const leftovers = `create table main.orders__dwh_next (x int); create table main.orders__dwh_stage (x int);
    create view main.orders__dwh_candidate as select 1 as x`;
  for (const command of ['build', 'run', 'build']) {
    await database.connection.run(leftovers);
    await shop.run(command);
    assert.equal(await database.relations(), ['main.orders (table)', 'main.report (table)', 'main.source_orders (table)'], command);
  }
  database.close();
});

test('thresholds decide whether failures hold back', async () => {
  const shop = await project({
    'project.yml': 'name: shop\n',
    'models/orders.sql': "{{ config(materialized='table') }} select n from range({{ var('bad') }}) r(n)",
    'tests/few.sql': "{{ config(warn_if='>1', error_if='>3') }} select * from {{ ref('orders') }}",
  });
  const found = async (bad: number): Promise<readonly string[]> => Object.values(statuses(await shop.build({ vars: { bad } })));
  assert.equal(
    [await found(1), await found(3), await found(4)],
    [
      ['success', 'pass'],
      ['success', 'warn'],
      ['error', 'fail'],
    ],
  );
  assert.equal(await shop.query('select count(*) from orders'), [['3']]);
});

test('a question is a test like others: the candidate answers it', async () => {
  const shop = await project({
    'project.yml': 'name: shop\n',
    'models/orders.sql': "{{ config(materialized='table') }} select {{ var('n') }} as n",
    'analyses/how_many.sql': "{{ config(expect='how_many.csv') }} select n from {{ ref('orders') }}",
    'analyses/how_many.csv': 'n\n7\n',
  });
  assert.equal(statuses(await shop.build({ vars: { n: 7 } })), { 'model.shop.orders': 'success', 'test.shop.how_many': 'pass' });
  const events = await shop.build({ vars: { n: 8 } });
  assert.equal(statuses(events), { 'model.shop.orders': 'error', 'test.shop.how_many': 'fail' });
  assert.match(results(events).get('model.shop.orders')?.message ?? '', /^held back by test\.shop\.how_many: /);
  assert.equal(await shop.query('from orders'), [['7']]);
});

test('seeds are gated, too', async () => {
  const shop = await project({
    'project.yml': 'name: shop\n',
    'seeds/rates.csv': 'code,rate\nEUR,1\n',
    'seeds/rates.yml': 'seeds: [{name: rates, columns: [{name: code, data_tests: [unique]}]}]\n',
    'models/prices.sql': "select code from {{ ref('rates') }}",
  });
  const database = await databaseOf(shop);
  await shop.build();
  await shop.write('seeds/rates.csv', 'code,rate\nUSD,2\nUSD,3\n');
  const answers = await readingDuring(database, 'select * from main.rates', async () => {
    const events = await shop.build();
    assert.equal(Object.values(statuses(events)), ['skipped', 'error', 'fail']);
    assert.match(results(events).get('seed.shop.rates')?.message ?? '', /^held back by test\.shop\.unique_rates_code/);
  });
  assert.equal(answers, ['EUR 1']);
  assert.equal(await database.relations(), ['main.prices (view)', 'main.rates (table)']);
  database.close();
});

test('the command exits with 1, and says what is held back, by what, and that the rest was skipped', async () => {
  const shop = await orders('table');
  const database = await databaseOf(shop);
  await arrive(database, -1);
  database.close();
  const { code, stdout, stderr } = await shop.cli(['build']);
  assert.is(code, 1, stderr);
  assert.match(stdout, /held back by test\.shop\.accepted_range_orders_amount/);
  assert.match(stdout, /\nDone\. PASS=0 WARN=0 ERROR=2 SKIP=1 NO-OP=0 TOTAL=3\n$/);
});

test.run();
