// Materialized views: made, refreshed while they are what the model says, made anew otherwise; readers and tests see what they
// should, and nobody loses a right or a view on the way.
import * as assert from 'uvu/assert';
import { results, statuses } from '../support/fixture.ts';
import { hasProblem } from '../support/rejects.ts';
import { config, queryOf, type Shop, type Theme } from './shop.ts';

const view = (query: string, more = ''): string => config('materialized_view', more) + query;
const ORDERS = "select id, name from {{ ref('raw') }}";
const FIRST = { id: 1, name: 'a' };
const SECOND = { id: 2, name: 'b' };
const raw = (...rows: readonly Readonly<Record<string, string | number | null>>[]): string => config('table') + queryOf(...rows);

const said = async (shop: Shop, command = 'run', options = {}): Promise<string> =>
  (await shop.succeeds(command, options)).get('model.shop.orders')?.message ?? '';
const problemOf = async (shop: Shop, command: string) => {
  const { problem, warnings = [] } = results(await shop.run(command)).get('model.shop.orders') ?? {};
  return problem ? [problem] : warnings;
};
/** A table of the test's own, which dwh does not replace. */
const fill = (shop: Shop, values: string): Promise<unknown> => shop.rows(`insert into theirs values ${values}`);

export const materializedViews: Theme = (scenario, { boundViews }) => {
  scenario(
    'it is made, then refreshed while query and config are the same, then made anew; blanks and comments change nothing',
    async (open) => {
      const shop = await open({ 'models/orders.sql': view('select id, name from theirs') });
      await shop.rows('create table theirs (id int, name varchar(40))');
      await fill(shop, "(1, 'a')");
      assert.is(await said(shop), 'CREATE MATERIALIZED VIEW');
      assert.equal([await shop.table('orders'), await shop.relations()], [[['1', 'a']], ['orders (materialized_view)', 'theirs (table)']]);
      await fill(shop, "(2, 'b')");
      assert.equal(await shop.table('orders'), [['1', 'a']]);
      await shop.write('models/orders.sql', view('select id,\n  name\nfrom theirs -- all of them\n;'));
      assert.is(await said(shop), 'REFRESH MATERIALIZED VIEW');
      assert.equal(await shop.table('orders'), [
        ['1', 'a'],
        ['2', 'b'],
      ]);
      await shop.write('models/orders.sql', view('select id from theirs'));
      assert.is(await said(shop), 'CREATE MATERIALIZED VIEW');
      assert.equal(await shop.table('orders'), [['1'], ['2']]);
      assert.is(await said(shop), 'REFRESH MATERIALIZED VIEW');
      assert.is(await said(shop, 'run', { fullRefresh: true }), 'CREATE MATERIALIZED VIEW');
      assert.equal(await shop.relations(), ['orders (materialized_view)', 'theirs (table)']);
    },
  );

  scenario('in a build its tests read it as it would be, made or refreshed, and hold it back', async (open) => {
    const shop = await open({
      'models/orders.sql': view('select id, name from theirs'),
      'models/after.sql': "select id from {{ ref('orders') }}",
      'models/models.yml': 'models: [{name: orders, columns: [{name: id, data_tests: [unique]}]}]\n',
    });
    await shop.rows('create table theirs (id int, name varchar(40))');
    await fill(shop, "(1, 'a')");
    await shop.succeeds('build');
    await shop.succeeds('build');
    await fill(shop, "(1, 'b')");
    const held = { 'model.shop.after': 'skipped', 'model.shop.orders': 'error' };
    for (const query of ['select id, name from theirs', "select id, name || '!' as name from theirs"]) {
      await shop.write('models/orders.sql', view(query));
      const events = await shop.run('build');
      const { 'model.shop.after': after, 'model.shop.orders': orders } = statuses(events);
      assert.equal({ 'model.shop.after': after, 'model.shop.orders': orders }, held);
      assert.match(results(events).get('model.shop.orders')?.message ?? '', 'held back by test.shop.unique_orders_id');
      assert.equal(
        [await shop.table('orders'), await shop.relations()],
        [[['1', 'a']], ['after (view)', 'orders (materialized_view)', 'theirs (table)']],
      );
    }
    await shop.rows("delete from theirs where name = 'b'");
    await shop.succeeds('build');
    assert.equal(await shop.table('orders'), [['1', 'a!']]);
  });

  scenario('from and to a table, a view and an incremental model', async (open) => {
    const shop = await open({ 'models/raw.sql': raw(FIRST, SECOND), 'models/orders.sql': view(ORDERS) });
    const kinds = ['table', 'materialized_view', 'view', 'materialized_view', 'incremental', 'materialized_view'];
    for (const [index, kind] of kinds.entries()) {
      await shop.write('models/orders.sql', config(kind) + ORDERS);
      await shop.succeeds(index % 2 === 0 ? 'run' : 'build');
      assert.equal(
        [await shop.relations(), (await shop.table('orders')).length],
        [[`orders (${kind === 'incremental' ? 'table' : kind})`, 'raw (table)'], 2],
        kind,
      );
    }
  });

  scenario(
    'on_configuration_change: continue leaves it as it is with a warning, fail stops; a full refresh makes it anew in any case',
    async (open) => {
      const shop = await open({ 'models/orders.sql': view(queryOf(FIRST)) });
      await shop.succeeds('run');
      for (const policy of ['continue', 'fail']) {
        const changed = view(queryOf({ ...SECOND, policy }), `on_configuration_change='${policy}'`);
        await shop.write('models/orders.sql', changed);
        const before = await shop.table('orders');
        hasProblem(await problemOf(shop, 'run'), { code: 'materialized-view-changed', message: `is ${policy}`, hint: '--full-refresh' });
        assert.equal(await shop.table('orders'), before);
        await shop.succeeds('run', { fullRefresh: true });
        assert.equal(await shop.table('orders'), [['2', 'b', policy]]);
        await shop.succeeds('run');
      }
    },
  );

  scenario('what fails leaves the one before, and nothing beside it', async (open) => {
    const shop = await open({ 'models/orders.sql': view(queryOf(FIRST)) });
    await shop.succeeds('run');
    await shop.write('models/orders.sql', view('select no_such_column from nowhere'));
    for (const command of ['run', 'build']) {
      hasProblem(await problemOf(shop, command), { code: 'database-error', message: 'nowhere', at: 'models/orders.sql:2' });
      assert.equal([await shop.table('orders'), await shop.relations()], [[['1', 'a']], ['orders (materialized_view)']]);
    }
    await shop.write('models/orders.sql', view(queryOf(FIRST)));
    assert.is(
      (await shop.run('run', { dryRun: true })).filter((event) => event.type === 'output' && /refresh materialized view/i.test(event.text))
        .length,
      1,
    );
    assert.is(await said(shop), 'REFRESH MATERIALIZED VIEW');
  });

  if (boundViews !== 'made again') return;

  scenario('its indexes are part of it; one that tells rows apart lets readers read while it is refreshed', async (open) => {
    const indexes = (...list: readonly string[]): string => `indexes=[${list.join(', ')}]`;
    const [unique, plain] = ["{'columns': ['id'], 'unique': true}", "{'columns': ['name']}"];
    const shop = await open({ 'models/orders.sql': view('select id, name from theirs', indexes(plain)) });
    await shop.rows('create table theirs (id int, name varchar(40))');
    await fill(shop, "(1, 'a')");
    const count = async (): Promise<unknown> =>
      (await shop.rows("select count(*) from pg_indexes where schemaname = 'analytics' and tablename = 'orders'"))[0]?.[0];
    const runs: readonly (readonly [config: string, message: string, indexes: string])[] = [
      [indexes(plain), 'CREATE MATERIALIZED VIEW', '1'],
      [indexes(plain), 'REFRESH MATERIALIZED VIEW', '1'],
      [indexes(plain, unique), 'CREATE MATERIALIZED VIEW', '2'],
      [indexes(unique, plain), 'REFRESH MATERIALIZED VIEW', '2'],
      [indexes(unique), 'CREATE MATERIALIZED VIEW', '1'],
      [indexes(unique), 'REFRESH MATERIALIZED VIEW', '1'],
      ['', 'CREATE MATERIALIZED VIEW', '0'],
    ];
    for (const [more, message, number] of runs) {
      await shop.write('models/orders.sql', view('select id, name from theirs', more));
      await shop.succeeds('run');
      assert.equal(
        [await shop.read('target/run/shop/models/orders.sql').then((text) => /refresh|create materialized/.exec(text)?.[0]), await count()],
        [message === 'CREATE MATERIALIZED VIEW' ? 'create materialized' : 'refresh', number],
      );
      if (more === indexes(unique) && message.startsWith('REFRESH'))
        assert.match(await shop.read('target/run/shop/models/orders.sql'), 'refresh materialized view concurrently');
    }
    // Somebody else's index does not make it another one.
    await shop.rows('create index theirs_of_it on orders (name)');
    assert.is(await said(shop), 'REFRESH MATERIALIZED VIEW');
  });

  scenario('rights stay, views that stand on it come back, one that stands on a replaced table comes back with it', async (open) => {
    const shop = await open({ 'models/raw.sql': raw(FIRST), 'models/orders.sql': view(ORDERS) });
    await shop.succeeds('run');
    await shop.rows(`do $$ begin create role dwh_reader; exception when duplicate_object then null; end $$;
grant select on orders to dwh_reader; create view over_it as select name from orders`);
    const acl = (): Promise<unknown> => shop.rows("select relacl::text from pg_class where oid = 'analytics.orders'::regclass");
    const before = await acl();
    await shop.write('models/raw.sql', raw(FIRST, SECOND));
    await shop.succeeds('run');
    await shop.write('models/orders.sql', view(`${ORDERS} where id > 1`));
    await shop.succeeds('build');
    assert.equal([await shop.table('over_it'), await acl()], [[['b']], before]);
    const made = (await shop.succeeds('run', { select: 'raw' })).get('model.shop.raw');
    assert.is(made?.adapterResponse.rows_affected, 2, 'rows of the table, and not of the view that comes back with it');
    await shop.write('models/orders.sql', view("select id from {{ ref('raw') }}"));
    hasProblem(await problemOf(shop, 'run'), { code: 'dependent-view', message: `"over_it" reads the column 'name'` });
    assert.equal(await shop.table('orders'), [['2', 'b']]);
  });

  scenario('a star that means more columns now makes it anew; one without rows is made anew, too', async (open) => {
    const shop = await open({ 'models/orders.sql': view('select * from theirs') });
    await shop.rows('create table theirs (id int)');
    await shop.succeeds('run');
    await shop.rows('alter table theirs add column name varchar(40)');
    assert.is(await said(shop), 'CREATE MATERIALIZED VIEW');
    await shop.rows('refresh materialized view orders with no data');
    assert.is(await said(shop), 'CREATE MATERIALIZED VIEW');
    assert.is(await said(shop), 'REFRESH MATERIALIZED VIEW');
    assert.equal((await shop.rows("select count(*) from pg_class where relname like 'dwh_asked%'"))[0], ['0']);
  });
};
