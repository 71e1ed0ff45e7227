import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { copyFixture, results } from '../support/fixture.ts';

const test = suite('engine: what a node is made from is not there');

const hint = async (command: string, select: string): Promise<string | undefined> => {
  const [result] = results(await copyFixture('shop').run(command, { select })).values();
  return result?.problem?.hint;
};

test('a model whose seed was not built says how to build it', async () => {
  assert.is(await hint('run', 'stg_orders'), "'raw_orders' is not in the warehouse yet. To make it: dwh build -s +raw_orders");
});

test('a test whose model was not built says how to build it', async () => {
  assert.is(
    await hint('test', 'unique_stg_orders_order_id'),
    "'stg_orders' is not in the warehouse yet. To make it: dwh build -s +stg_orders",
  );
});

test('a source that is not there is to be loaded', async () => {
  const bakery = copyFixture('bakery');
  const [result] = results(await bakery.run('run', { select: 'sales' })).values();
  assert.is(result?.problem?.hint, "The source 'till.raw_sales' is not in the warehouse: load it, or correct its schema and database.");
});

test('of other relations only the nearest name is told', async () => {
  const bakery = copyFixture('bakery');
  await bakery.run('build');
  await bakery.write('models/days.sql', "select * from salse -- {{ ref('sales') }}");
  const [result] = results(await bakery.run('run', { select: 'days' })).values();
  assert.is(result?.problem?.hint, "Did you mean 'sales'?");
});

test.run();
