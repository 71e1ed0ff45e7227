import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { copyFixture, output } from '../support/fixture.ts';
import { rejects } from '../support/rejects.ts';

const test = suite('graph: references that no parent answers');

const inline = (sql: string): Promise<unknown> => copyFixture('shop').run('show', { inline: sql });

test('a name that leads nowhere is not found, with the nearest one', async () => {
  await rejects(inline("select * from {{ ref('stg_order') }}"), {
    code: 'ref-not-found',
    message: "'stg_order' was not found",
    hint: "Did you mean ref('stg_orders')?",
    at: 'inline_query:1:18',
  });
  await rejects(inline("select * from {{ source('raw', 'orders') }}"), {
    code: 'source-not-found',
    message: "source 'raw.orders' was not found: no source has the name 'raw'",
  });
});

test('a disabled node is called disabled', async () => {
  await rejects(inline("select * from {{ ref('old_orders') }}"), { code: 'ref-disabled', message: 'a model that is disabled' });
});

test('a call that parsing did not come by says how to tell of it', async () => {
  const shop = copyFixture('shop');
  await shop.write('models/hidden.sql', "select * from {% if execute %}{{ ref('stg_orders') }}{% endif %}");
  await rejects(shop.run('show', { select: 'hidden' }), {
    code: 'ref-not-recorded',
    message: "ref('stg_orders') is not among the parents of 'hidden' that parsing found",
    hint: "-- depends_on: {{ ref('stg_orders') }}\"",
    at: 'models/hidden.sql:1:34',
  });
});

test('a source needs no parsing to have come by: nothing makes it in a run', async () => {
  const shop = copyFixture('shop');
  await shop.write('models/hidden.sql', "select * from {% if execute %}{{ source('loaded', 'orders') }}{% endif %}");
  await shop.write('models/loaded.yml', 'sources: [{name: loaded, schema: main, tables: [{name: orders, identifier: raw_orders}]}]\n');
  const text = "{% if execute %}{{ source('loaded', 'order') }}{% endif %}";
  await rejects(shop.run('show', { inline: text }), { code: 'source-not-found', hint: "Did you mean source('loaded', 'orders')?" });
  const events = await shop.run('compile', { select: 'hidden' });
  assert.is(output(events).trim(), 'select * from "dwh"."main"."raw_orders"');
});

test.run();
