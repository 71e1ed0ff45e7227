import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EventBody } from '../../src/core/event.ts';
import { type Database, databaseOf, watching } from '../support/database.ts';
import { type Fixture, project, results, statuses } from '../support/fixture.ts';

const test = suite('engine: transient errors');

const COUNT = 'update main.counter set n = n + 1';

/** Rows are appended, so that a node done twice would show. */
const counting = (config: string): Promise<Fixture> =>
  project({
    'project.yml': 'name: shop\n',
    'models/orders.sql': `{{ config(materialized='incremental', ${config}) }} select 1 as id`,
  });

/** Someone else has changed the counter, and has not committed. */
async function occupied(shop: Fixture): Promise<Database> {
  const database = await databaseOf(shop);
  await database.rows('create table if not exists main.counter as select 0 as n');
  await database.rows('begin');
  await database.rows(COUNT);
  return database;
}

const tries = (events: readonly EventBody[]): readonly string[] =>
  events.flatMap((event) => (event.type === 'note' && event.message.includes('is tried again') ? [event.message] : []));

/** The other one commits when dwh has failed once. */
const givingWay = (database: Database): ((event: EventBody) => void) => {
  let gone = false;
  return (event) => {
    if (gone || tries([event]).length === 0) return;
    gone = true;
    void database.connection.run('commit');
  };
};

test('a node that another transaction is in the way of is done again, all of it and once', async () => {
  const shop = await counting(`pre_hook='insert into main.counter select 100', post_hook='${COUNT}'`);
  const database = await occupied(shop);
  const events = await watching(shop, 'run', givingWay(database));
  assert.equal(statuses(events), { 'model.shop.orders': 'success' });
  assert.ok(tries(events).length > 0);
  assert.match(tries(events)[0] ?? '', /^model\.shop\.orders is tried again, after: .*[Cc]onflict.* \(try 2 of 6\)$/);
  assert.equal(await database.rows('from main.counter order by n'), [['2'], ['101']]);
  assert.equal(await database.rows('from main.orders'), [['1']]);
  // Of the try that counted.
  const ran = await shop.read('target/run/shop/models/orders.sql');
  assert.is(ran.split(COUNT).length, 2);
  database.close();
});

test('a gated node is published again without being tested again', async () => {
  const shop = await counting(`post_hook='${COUNT}'`);
  await shop.write('tests/some_rows.sql', "select 1 where not exists (from {{ ref('orders') }})");
  const database = await occupied(shop);
  const events = await watching(shop, 'build', givingWay(database));
  assert.equal(statuses(events), { 'model.shop.orders': 'success', 'test.shop.some_rows': 'pass' });
  assert.ok(tries(events).length > 0);
  assert.equal(await database.rows('from main.counter'), [['2']]);
  assert.equal(await database.rows('from main.orders'), [['1']]);
  assert.equal(await database.relations(), ['main.counter (table)', 'main.orders (table)']);
  database.close();
});

test('who is in the way for too long is named in the error, and nothing is left', async () => {
  const shop = await counting(`post_hook='${COUNT}'`);
  const database = await occupied(shop);
  const events = await watching(shop, 'run', () => {});
  assert.is(tries(events).length, 5);
  const result = results(events).get('model.shop.orders');
  assert.is(result?.status, 'error');
  assert.match(result?.message ?? '', /^TransactionContext Error: .*[Cc]onflict/);
  await database.rows('rollback');
  assert.equal(await database.relations(), ['main.counter (table)']);
  database.close();
});

test('what comes behind the publication is never a reason to publish again', async () => {
  const shop = await counting(`post_hook={'sql': '${COUNT}', 'transaction': false}`);
  const database = await occupied(shop);
  const events = await watching(shop, 'run', () => {});
  assert.equal(tries(events), []);
  assert.equal(statuses(events), { 'model.shop.orders': 'error' });
  await database.rows('rollback');
  assert.equal(await database.rows('from main.orders'), [['1']]);
  database.close();
});

test('statements of the project around the run are not repeated', async () => {
  const shop = await counting('');
  await shop.write('project.yml', `name: shop\non-run-end: insert into main.counter select 100; ${COUNT}\n`);
  const database = await occupied(shop);
  const events = await watching(shop, 'run', () => {});
  assert.equal(tries(events), []);
  assert.equal(statuses(events), { 'model.shop.orders': 'success', 'operation.shop.shop-on-run-end-0': 'error' });
  await database.rows('rollback');
  assert.equal(await database.rows('from main.counter order by n'), [['0'], ['100']]);
  database.close();
});

test('nodes that get in the way of one another all come through', async () => {
  const shop = await project({
    'project.yml': `name: shop
models:
  +materialized: table
  +pre-hook: create table if not exists main.log (model varchar)
  +post-hook: insert into main.log values ('{{ this.identifier }}')
`,
    ...Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`models/m${index}.sql`, 'select 1 as id'])),
  });
  assert.equal(new Set(Object.values(statuses(await shop.run('run')))), new Set(['success']));
  assert.equal(await shop.query('select count(*), count(distinct model) from log'), [['12', '12']]);
});

test('other errors are no reason to try again', async () => {
  const shop = await counting("post_hook='insert into main.no_such_table select 1'");
  const database = await databaseOf(shop);
  const events = await watching(shop, 'run', () => {});
  assert.equal(tries(events), []);
  assert.equal(statuses(events), { 'model.shop.orders': 'error' });
  assert.equal(await database.relations(), []);
  database.close();
});

test.run();
