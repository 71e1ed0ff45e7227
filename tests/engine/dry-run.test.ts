import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { copyFixture, output, statuses } from '../support/fixture.ts';

const test = suite('engine: --dry-run');

test('a build prints every statement, judges nothing and changes nothing', async () => {
  const shop = copyFixture('shop');
  await shop.build();
  const before = await shop.query('select * from main.fct_orders order by all');
  await shop.write('seeds/raw_orders.csv', 'id,customer_id,ordered_on,amount_cents,state\n1,1,2024-02-01,100,paid\n');
  const events = await shop.build({ dryRun: true });
  assert.equal([...new Set(Object.values(statuses(events)))].sort(), ['pass', 'success']);
  assert.match(output(events), /-- test\.shop\.best_customers\b.*\n[\s\S]*select/);
  assert.match(output(events), /create (?:or replace )?table "dwh"\."main"\."fct_orders/);
  assert.equal(await shop.query('select * from main.fct_orders order by all'), before);
});

test('an empty warehouse stays empty', async () => {
  const shop = copyFixture('shop');
  const events = await shop.build({ dryRun: true });
  assert.is(Object.values(statuses(events)).includes('error'), false, JSON.stringify(statuses(events)));
  assert.equal(await shop.query('select * from information_schema.tables'), []);
});

test.run();
