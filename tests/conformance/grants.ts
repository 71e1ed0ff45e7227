// grants: who may do what with each kind of relation, however it is published, and what nobody asked for stays.
import * as assert from 'uvu/assert';
import { results } from '../support/fixture.ts';
import { hasProblem } from '../support/rejects.ts';
import { config, queryOf, type Shop, type Theme } from './shop.ts';

const SELECT = "grants={'select': ['dwh_ann', 'dwh_ben']}";

export const grants: Theme = (scenario, { name, adapter }) => {
  if (name === 'duckdb') {
    scenario('there are no users, and grants are nothing', async (open) => {
      const shop = await open({ 'models/orders.sql': config('table', SELECT) + queryOf({ id: 1 }) });
      await shop.succeeds('build');
      assert.equal(await shop.table('orders'), [['1']]);
    });
    return;
  }

  /** Roles are the server's, and other tests may have made them. */
  const people = async (shop: Shop, ...names: readonly string[]): Promise<void> => {
    for (const one of names)
      await shop.rows(
        name === 'postgres'
          ? `do $$ begin create role "${one}"; exception when duplicate_object then null; end $$`
          : `create user "${one}" password 'Abcd1234'`,
      );
  };
  const rights = async (shop: Shop, relation: string): Promise<readonly string[]> =>
    (await shop.rows(`${adapter.dialect.name === 'redshift' ? redshiftRights(relation) : postgresRights(relation)}`)).map(String);
  const kinds = ['table', 'view', 'incremental', ...(name === 'postgres' ? ['materialized_view'] : [])];
  const insertable = ['table', 'incremental'];

  scenario('of the privileges that are named, those that are listed have them, and no others; the rest is left alone', async (open) => {
    const shop = await open(
      {
        'seeds/rates.csv': 'code,rate\nEUR,1\n',
        'snapshots/kept.yml':
          "snapshots: [{name: kept, relation: ref('tables'), config: {unique_key: id, strategy: check, check_cols: all, grants: {select: dwh_ann}}}]",
        'tests/any.sql': kinds.map((kind) => `select id from {{ ref('${kind}s') }} where id < 0`).join(' union all '),
      },
      { project: 'seeds: {+grants: {select: [dwh_ben]}}\n' },
    );
    await people(shop, 'dwh_ann', 'dwh_ben', 'dwh_eve');
    const write = async (more: string, id: number): Promise<void> => {
      for (const kind of kinds) await shop.write(`models/${kind}s.sql`, config(kind, more) + queryOf({ id }));
    };
    const each = async (wanted: readonly string[]): Promise<void> => {
      for (const kind of kinds)
        assert.equal(
          await rights(shop, `${kind}s`),
          wanted.filter((one) => insertable.includes(kind) || !one.includes('insert')),
          kind,
        );
    };
    await write(SELECT, 1);
    await shop.succeeds('build');
    await each(['dwh_ann,select', 'dwh_ben,select']);
    for (const kind of kinds) await shop.rows(`grant select on ${kind}s to dwh_eve`);
    for (const kind of insertable) await shop.rows(`grant insert on ${kind}s to dwh_eve`);
    // Somebody's select that nobody listed goes, their insert stays; also where another relation takes the place.
    for (const [command, options] of [
      ['run', {}],
      ['build', {}],
      ['run', { fullRefresh: true }],
    ] as const) {
      await shop.succeeds(command, options);
      await each(['dwh_ann,select', 'dwh_ben,select', 'dwh_eve,insert']);
    }
    await write("grants={'select': ['dwh_ben', 'public']}", 2);
    await shop.succeeds('run');
    await each(['dwh_ben,select', 'dwh_eve,insert', 'public,select']);
    await write('', 3);
    await shop.succeeds('run');
    await each(['dwh_ben,select', 'dwh_eve,insert', 'public,select']);
    await write("grants={'select': []}", 4);
    await shop.succeeds('run');
    await each(['dwh_eve,insert']);
    assert.equal([await rights(shop, 'rates'), await rights(shop, 'kept')], [['dwh_ben,select'], ['dwh_ann,select']]);
  });

  scenario("'+' adds to what the project says; a view that reads the table, and its rights, stay", async (open) => {
    const shop = await open(
      { 'models/orders.sql': config('table', "grants={'+select': 'dwh_ben'}") + queryOf({ id: 1 }) },
      { project: 'models: {+grants: {select: dwh_ann}}\n' },
    );
    await people(shop, 'dwh_ann', 'dwh_ben');
    await shop.succeeds('run');
    assert.equal(await rights(shop, 'orders'), ['dwh_ann,select', 'dwh_ben,select']);
  });

  scenario('nobody of that name: the model fails, is named with its config, and stays as it was', async (open) => {
    const shop = await open({ 'models/orders.sql': config('table') + queryOf({ id: 1 }) });
    await shop.succeeds('run');
    await shop.write('models/orders.sql', config('table', "grants={'select': ['dwh_nobody']}") + queryOf({ id: 2 }));
    for (const command of ['run', 'build']) {
      const { status, problem } = results(await shop.run(command)).get('model.shop.orders' as never) ?? {};
      assert.is(status, 'error');
      hasProblem(problem ? [problem] : [], { code: 'grant-refused', message: "the model 'orders'", at: 'models/orders.sql' });
      assert.match(problem?.message ?? '', 'dwh_nobody');
    }
    assert.equal([await shop.table('orders'), await shop.relations()], [[['1']], ['orders (table)']]);
  });

  if (name === 'redshift')
    scenario('users, groups and roles of one name are three', async (open) => {
      const shop = await open({
        'models/orders.sql':
          config('table', "grants={'select': ['user:ann', 'group:ann', 'role:ann', 'group staff']}") + queryOf({ id: 1 }),
      });
      await people(shop, 'ann');
      for (const one of ['create group ann', 'create role ann', 'create group staff']) await shop.rows(one);
      const wanted = ['group:ann,select', 'group:staff,select', 'role:ann,select', 'ann,select'].sort();
      for (const command of ['run', 'run']) {
        await shop.succeeds(command);
        assert.equal([...(await rights(shop, 'orders'))].sort(), wanted);
      }
      await shop.write('models/orders.sql', config('table', "grants={'select': ['role:ann']}") + queryOf({ id: 1 }));
      await shop.succeeds('run');
      assert.equal(await rights(shop, 'orders'), ['role:ann,select']);
    });
};

const postgresRights = (
  relation: string,
): string => `select coalesce(nullif(a.grantee, 0)::regrole::text, 'public'), lower(a.privilege_type)
from pg_class as c, aclexplode(c.relacl) as a where c.oid = 'analytics.${relation}'::regclass and a.grantee <> c.relowner order by 1, 2`;

const redshiftRights = (
  relation: string,
): string => `select case when identity_type in ('group', 'role') then identity_type || ':' else '' end || identity_name, lower(privilege_type)
from svv_relation_privileges where namespace_name = 'analytics' and relation_name = '${relation}' and identity_name <> current_user order by 1, 2`;
