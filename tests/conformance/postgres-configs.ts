// What only Postgres has: indexes and unlogged tables in a model's config, rights that stay, names found by a search path.
import * as assert from 'uvu/assert';
import { sourcesYaml } from '../loads/project.ts';
import { results } from '../support/fixture.ts';
import { hasProblem, rejects } from '../support/rejects.ts';
import { config, queryOf, type Shop, type Theme } from './shop.ts';

const indexes = async (shop: Shop, table: string): Promise<readonly string[]> =>
  (
    await shop.rows(`select regexp_replace(indexdef, 'INDEX \\S+ ON', 'INDEX ON') from pg_indexes where tablename = '${table}' order by 1`)
  ).map(([definition]) => String(definition));
const INDEXES =
  "indexes=[{'columns': ['id'], 'unique': true}, {'columns': ['name', 'id'], 'type': 'btree'}, {'columns': ['name'], 'type': 'hash'}]";

export const postgresConfigs: Theme = (scenario) => {
  scenario('indexes and unlogged tables: made with the table, and again with each that takes its place', async (open) => {
    const model = (materialized: string, id: number): string =>
      config(materialized, `unlogged=true, unique_key='id', ${INDEXES}`) + queryOf({ id, name: 'a' });
    const long = 'orders_of_a_very_long_name_that_leaves_no_room_for_suffixes_';
    const shop = await open(
      {
        'models/orders.sql': model('table', 1),
        'models/added.sql': model('incremental', 1),
        [`models/${long}.sql`]: model('table', 1),
        'seeds/rates.csv': 'code,rate\nEUR,1\n',
        'tests/any.sql': "select id from {{ ref('orders') }} join {{ ref('added') }} using (id) where id < 0",
      },
      { project: 'seeds: {shop: {+indexes: [{columns: [code], unique: true}], +unlogged: true}}\n' },
    );
    const expected = (table: string): readonly string[] => [
      `CREATE INDEX ON analytics.${table} USING btree (name, id)`,
      `CREATE INDEX ON analytics.${table} USING hash (name)`,
      `CREATE UNIQUE INDEX ON analytics.${table} USING btree (id)`,
    ];
    for (const [id, command] of [
      [1, 'build'],
      [2, 'run'],
      [3, 'build'],
    ] as const) {
      await shop.write('models/orders.sql', model('table', id));
      await shop.write('models/added.sql', model('incremental', id));
      await shop.succeeds(command, { fullRefresh: id === 2 });
      for (const table of ['orders', 'added', long]) assert.equal(await indexes(shop, table), expected(table));
      assert.equal(await indexes(shop, 'rates'), ['CREATE UNIQUE INDEX ON analytics.rates USING btree (code)']);
    }
    assert.equal(
      await shop.rows(
        "select count(*) from pg_class where relnamespace = 'analytics'::regnamespace and relkind = 'r' and relpersistence = 'u'",
      ),
      [['4']],
    );
    assert.equal([await shop.table('orders'), (await shop.table('added')).length], [[['3', 'a']], 2]);
  });

  scenario('a unique index that the rows break stops the model, which stays as it was; mistakes in the config are placed', async (open) => {
    const shop = await open({ 'models/orders.sql': config('table', INDEXES) + queryOf({ id: 1, name: 'a' }) });
    await shop.succeeds('run');
    const wrong = async (command: string): Promise<void> => {
      const { problem } = results(await shop.run(command)).get('model.shop.orders' as never) ?? {};
      hasProblem(problem ? [problem] : [], { code: 'database-error', message: 'Key (id)=(2) is duplicated', at: 'models/orders.sql' });
      assert.equal(
        [await shop.table('orders'), await shop.relations(), (await indexes(shop, 'orders')).length],
        [[['1', 'a']], ['orders (table)'], 3],
      );
    };
    await shop.write('models/orders.sql', config('table', INDEXES) + queryOf({ id: 2, name: 'a' }, { id: 2, name: 'b' }));
    for (const command of ['run', 'build']) await wrong(command);
    await shop.write('models/orders.sql', config('table', "indexes=[{'unique': true}]") + queryOf({ id: 1 }));
    const { problem } = results(await shop.run('run')).get('model.shop.orders' as never) ?? {};
    hasProblem(problem ? [problem] : [], { code: 'config-missing', message: "'columns'", at: 'models/orders.sql' });
  });

  scenario(
    'who may read a relation may read the one that takes its place, also another kind; rights on a column that goes end',
    async (open) => {
      const shop = await open({ 'models/orders.sql': config('table') + queryOf({ id: 1, name: 'a', extra: 1 }) });
      await shop.succeeds('run');
      await shop.rows(`do $$ begin create role dwh_reader; exception when duplicate_object then null; end $$;
grant select on orders to dwh_reader with grant option; grant insert on orders to public; grant update (name), references (extra) on orders to dwh_reader`);
      const rights = (): Promise<unknown> =>
        shop.rows(`select relacl::text, (select string_agg(attname || attacl::text, ',' order by attnum) from pg_attribute where attrelid = c.oid and attacl is not null)
from pg_class as c where oid = 'analytics.orders'::regclass`);
      const [acl] = ((await rights()) as string[][])[0] ?? [];
      for (const [materialized, command] of [
        ['table', 'run'],
        ['view', 'build'],
        ['incremental', 'build'],
      ] as const) {
        await shop.write('models/orders.sql', config(materialized) + queryOf({ id: 2, name: 'b' }));
        await shop.succeeds(command);
        assert.equal(await rights(), [[acl ?? '', 'name{dwh_reader=w/postgres}']], materialized);
      }
    },
  );

  scenario(
    'a user who may write to schemas, and not make any, needs no more; what belongs to others is named, not dropped',
    async (open) => {
      const admin = await open({});
      await admin.rows(`do $$ begin create role dwh_writer login; exception when duplicate_object then null; end $$;
grant all on schema analytics to dwh_writer; create schema _dwh authorization dwh_writer; create schema raw authorization dwh_writer`);
      const shop = await open(
        {
          'models/orders.sql': config('table') + queryOf({ id: 1 }),
          'models/reads.sql': "select ts from {{ source('raw', 'events') }}",
          'models/sources.yml': sourcesYaml({ events: { columns: 'ts:bigint' } }, { schema: 'raw' }),
          'events/a.json': '{"ts": 1}\n',
        },
        { target: { ...admin.target, user: 'dwh_writer' } },
      );
      for (const command of ['build', 'run']) await shop.succeeds(command);
      assert.equal(await shop.table('reads'), [['1']]);
      await admin.rows('create view theirs as select id from orders');
      const { problem } = results(await shop.run('run')).get('model.shop.orders' as never) ?? {};
      hasProblem(problem ? [problem] : [], {
        code: 'dependent-view',
        message: '"theirs" is in the way, and cannot be dropped and made again: must be owner',
      });
      assert.equal(await shop.relations(), ['orders (table)', 'reads (view)', 'theirs (view)']);
      await shop.write('models/new.sql', "{{ config(schema='marts') }} select 1 as id");
      await rejects(shop.run('run'), { code: 'schema-unmakeable', message: 'permission denied' });
    },
  );

  scenario('search_path and role of the target', async (open) => {
    // Roles are of the whole server.
    const other = await open({});
    await other.rows('do $$ begin create role dwh_builder superuser; exception when duplicate_object then null; end $$');
    const shop = await open(
      { 'models/orders.sql': `${config('table')}select current_user::text as who, (select max(n) from numbers) as n` },
      { target: { search_path: 'elsewhere, public', role: 'dwh_builder' } },
    );
    await shop.rows('create schema elsewhere; create table elsewhere.numbers as select 7 as n');
    await shop.succeeds('run');
    assert.equal(await shop.rows('select * from analytics.orders'), [['dwh_builder', '7']]);
  });
};
