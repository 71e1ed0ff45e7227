// Views that are bound to what they read: they are not in the way of what is made anew, whoever owns them, and come back as
// they were; one that cannot is named, and nothing is changed.
import * as assert from 'uvu/assert';
import { readingDuring } from '../support/database.ts';
import { results, statuses } from '../support/fixture.ts';
import { hasProblem } from '../support/rejects.ts';
import { config, queryOf, type Shop, type Theme } from './shop.ts';

const orders = (materialized: string, query: string): string => config(materialized, "unique_key='id'") + query;

/** All that can be told of the views in the schemas: definition, owner, rights, comments, indexes. */
const described = `select c.relname, c.relkind, pg_get_userbyid(c.relowner), c.relacl::text, obj_description(c.oid, 'pg_class'), pg_get_viewdef(c.oid),
  (select string_agg(indexdef, ';') from pg_indexes where tablename = c.relname)
  from pg_class as c join pg_namespace as n on n.oid = c.relnamespace where n.nspname in ('analytics', 'others') and c.relkind in ('v', 'm') and c.relname <> 'orders' order by 1`;

async function stopsAt(shop: Shop, view: string): Promise<void> {
  const before = [await shop.table('orders'), await shop.rows(described)];
  for (const command of ['run', 'build']) {
    const { status, problem } =
      results(await shop.run(command, { select: 'orders', fullRefresh: true })).get('model.shop.orders' as never) ?? {};
    assert.is(status, 'error');
    hasProblem(problem ? [problem] : [], { code: 'dependent-view', message: view, at: 'models/orders.sql' });
    assert.equal([await shop.table('orders'), await shop.rows(described)], before);
  }
}

export const boundViews: Theme = (scenario, { boundViews: become }) => {
  if (become !== 'made again') return;

  for (const command of ['run', 'build'])
    scenario(
      `${command}: views of others, views on them and materialized views come back as they were, and no reader misses them`,
      async (open) => {
        const shop = await open({ 'tests/any.sql': "select id from {{ ref('orders') }} where id < 0" });
        const make = (materialized: string, round: number): Promise<void> =>
          shop.write('models/orders.sql', orders(materialized, queryOf({ id: 1, round, name: 'a' })));
        await make('table', 0);
        await shop.succeeds(command);
        await shop.rows(`create schema others; do $$ begin create role dwh_owner; exception when duplicate_object then null; end $$;
do $$ begin create role dwh_other; exception when duplicate_object then null; end $$;
create view others."Round ""1""" with (security_barrier) as select round from analytics.orders;
create view top as select max(round) as round from others."Round ""1""";
create materialized view kept as select id, round from orders; create unique index kept_id on kept (id);
alter view top owner to dwh_owner; grant select on others."Round ""1""" to public; grant select on top to dwh_other with grant option;
comment on view top is 'it''s the last'; comment on column top.round is 'of all'`);
        const before = await shop.rows(described);
        for (const [step, materialized] of ['table', 'view', 'incremental', 'view', 'table'].entries()) {
          await make(materialized, step + 1);
          const answers = await readingDuring(shop, 'select max(round) from others."Round ""1"""', async () => {
            await shop.succeeds(command, { fullRefresh: true });
          });
          assert.equal(answers, [String(step), String(step + 1)], materialized);
          assert.equal(await shop.rows(described), before, materialized);
          assert.equal(await shop.table('kept'), [['1', String(step + 1)]]);
        }
      },
    );

  scenario('a seed is made anew under the views on it', async (open) => {
    const shop = await open({ 'seeds/rates.csv': 'code,rate\nEUR,1\n', 'models/codes.sql': "select code from {{ ref('rates') }}" });
    await shop.succeeds('build');
    await shop.write('seeds/rates.csv', 'rate,code,since\n2,USD,2024-01-01\n');
    await shop.succeeds('seed');
    assert.equal(await shop.table('codes'), [['USD']]);
  });

  scenario('a view that reads a column which goes is named, and nothing is changed', async (open) => {
    const shop = await open({ 'models/orders.sql': orders('table', queryOf({ id: 1, name: 'a' })) });
    await shop.succeeds('run');
    await shop.rows('create view names as select name from orders; create view upper_names as select upper(name) as name from names');
    await shop.write('models/orders.sql', orders('table', queryOf({ id: 2 })));
    await stopsAt(shop, '"names" reads the column \'name\' of ');
  });

  scenario('a view that a new type does not fit is named, with what the server says', async (open) => {
    const shop = await open({ 'models/orders.sql': orders('table', queryOf({ id: 1, name: 'a' })) });
    await shop.succeeds('run');
    await shop.rows('create view next_ids as select id + 1 as next from orders');
    await shop.write('models/orders.sql', orders('table', queryOf({ id: 'two', name: 'b' })));
    await stopsAt(shop, '"next_ids" cannot be made again: operator does not exist: character varying + integer');
  });

  scenario('a view that this run makes anew need not come back as it was', async (open) => {
    const shop = await open({
      'models/orders.sql': orders('table', queryOf({ id: 1, name: 'a' })),
      'models/names.sql': "select name from {{ ref('orders') }}",
      'models/behind.sql': "select * from {{ ref('names') }}",
    });
    await shop.succeeds('run');
    await shop.write('models/orders.sql', orders('table', queryOf({ id: 1, title: 'b' })));
    await shop.write('models/names.sql', "select title as name from {{ ref('orders') }}");
    await shop.succeeds('run');
    assert.equal(await shop.table('behind'), [['b']]);
    // Alone, it has to.
    await shop.write('models/orders.sql', orders('table', queryOf({ id: 1, other: 'c' })));
    await stopsAt(shop, '"names"');
  });

  scenario('a view that appears while the node is tested comes back, too, as it is by then', async (open) => {
    const shop = await open({
      'models/orders.sql': orders('table', "select {{ var('n', 1) }} as id"),
      'tests/makes_view.sql':
        "{% do run_query('create or replace view late as select ' ~ var('n', 1) ~ ' as made, id from analytics.orders') %} select 1 as one from {{ ref('orders') }} where 1 = 0",
    });
    await shop.succeeds('run');
    for (const n of [2, 3]) {
      await shop.succeeds('build', { vars: { n } });
      assert.equal(await shop.table('late'), [[String(n), String(n)]]);
    }
  });

  scenario('a view on several tables that are made anew at once comes back once', async (open) => {
    const names = ['a', 'b', 'c', 'd'];
    const shop = await open(
      Object.fromEntries(names.map((name) => [`models/${name}.sql`, `${config('table')}select {{ var('n') }} as n`])),
      {
        target: { threads: 4 },
      },
    );
    await shop.succeeds('run', { vars: { n: 1 } });
    await shop.rows(`create view total as select ${names.map((name) => `${name}.n`).join(' + ')} as n from ${names.join(', ')}`);
    for (const n of [2, 3]) {
      await shop.succeeds('run', { vars: { n } });
      assert.equal(await shop.table('total'), [[String(4 * n)]]);
    }
  });

  scenario('what else needs a table is named by the server, and stays', async (open) => {
    const shop = await open({ 'models/orders.sql': orders('table', queryOf({ id: 1 })) });
    await shop.succeeds('run');
    await shop.rows('alter table orders add primary key (id); create table lines (order_id integer references orders)');
    const events = await shop.run('run');
    assert.equal(statuses(events), { 'model.shop.orders': 'error' });
    assert.match(results(events).get('model.shop.orders' as never)?.message ?? '', 'lines');
    assert.equal(await shop.relations(), ['lines (table)', 'orders (table)']);
  });
};
