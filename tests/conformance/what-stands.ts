// What stands in the warehouse when a run begins: nothing, what others made of it since the last run, or what the other
// nodes of the run have just made.
import * as assert from 'uvu/assert';
import { output, statuses } from '../support/fixture.ts';
import { rejects } from '../support/rejects.ts';
import { config, queryOf, type Theme } from './shop.ts';

export const whatStands: Theme = (scenario, { adapter: { dialect } }) => {
  scenario('a project of which nothing is left, or nothing was written yet, does nothing and succeeds', async (open) => {
    const shop = await open({ 'models/README.md': 'none yet' });
    for (const command of ['seed', 'run', 'test', 'snapshot', 'build']) assert.equal([...(await shop.succeeds(command)).keys()], []);
    assert.equal(await shop.relations(), []);
  });

  for (const name of ['orders', 'Orders'])
    scenario(
      `${name}: what was dropped, renamed or replaced by others between two runs is built as if for the first time`,
      async (open) => {
        const place = dialect.relationName({ schema: 'analytics', identifier: name });
        const stored = dialect.name === 'redshift' ? name.toLowerCase() : name;
        const shop = await open({
          [`models/${name}.sql`]: `${config('incremental', "unique_key='id'")}select cast({{ var('n') }} as integer) as id, cast('{{ is_incremental() }}' as varchar(5)) as added`,
          'models/report.sql': `${config('table', "schema='marts'")}select count(*) as n from {{ ref('${name}') }}`,
        });
        const rounds: readonly (readonly [string | undefined, readonly (string | null)[][]])[] = [
          [undefined, [['1', 'False']]],
          [
            undefined,
            [
              ['1', 'False'],
              ['2', 'True'],
            ],
          ],
          [`drop table ${place}`, [['3', 'False']]],
          [`alter table ${place} rename to moved`, [['4', 'False']]],
          [`drop table ${place}; create view ${place} as select 9 as id`, [['5', 'False']]],
        ];
        for (const [n, [before, rows]] of rounds.entries()) {
          for (const sql of before?.split('; ') ?? []) await shop.rows(sql);
          await shop.succeeds('run', { vars: { n: n + 1 } });
          assert.equal(await shop.table(place), rows, before);
          assert.equal(await shop.rows('select n from analytics_marts.report'), [[String(rows.length)]]);
        }
        assert.equal(await shop.relations(), ['moved (table)', `${stored} (table)`].sort());
        // One schema is gone, the other one is not asked for.
        await shop.rows('drop schema analytics_marts cascade');
        await shop.succeeds('run', { select: 'report', vars: { n: 6 } });
        assert.equal(await shop.relations('analytics_marts'), ['analytics_marts.report (table)']);
      },
    );

  scenario(
    'many models on many connections, some of which fail: the others are built, and what stands behind a failed one is not',
    async (open) => {
      const shop = await open(
        {
          ...Object.fromEntries(
            Array.from({ length: 24 }, (_, n) => [
              `models/m${n}.sql`,
              config(['table', 'view', 'incremental'][n % 3] ?? '') +
                (n % 6 === 5 ? 'select no_such_column' : n < 6 ? queryOf({ id: n }) : `select id from {{ ref('m${n - 6}') }}`),
            ]),
          ),
          'models/last.sql': `${config('table')}select id from {{ ref('m0') }} union all select id from {{ ref('m11') }}`,
        },
        { target: { threads: 8 } },
      );
      for (const round of [1, 2]) {
        const told = statuses(await shop.run('run'));
        const with_ = (status: string): readonly string[] => Object.keys(told).filter((node) => told[node] === status);
        assert.equal([with_('error').length, with_('success').length, with_('skipped')], [4, 20, ['model.shop.last']], `round ${round}`);
        assert.equal((await shop.relations()).length, 20);
        assert.equal(await shop.table('m22'), [['4']]);
      }
    },
  );

  scenario('one alias in two schemas is two relations; twice in one schema it is refused before anything runs', async (open) => {
    const shop = await open({
      'models/here.sql': config('table', "alias='orders', schema='a'") + queryOf({ id: 1 }),
      'models/there.sql': `${config('view', "alias='orders', schema='b'")}select id + 1 as id from {{ ref('here') }}`,
    });
    await shop.succeeds('run');
    assert.equal(await shop.relations('analytics_a', 'analytics_b'), ['analytics_a.orders (table)', 'analytics_b.orders (view)']);
    assert.equal([await shop.table('analytics_a.orders'), await shop.table('analytics_b.orders')], [[['1']], [['2']]]);
    await shop.write('models/there.sql', config('view', "alias='orders', schema='a'") + queryOf({ id: 3 }));
    await rejects(shop.run('run'), { code: 'duplicate-relation', message: 'orders' });
    assert.equal(await shop.table('analytics_a.orders'), [['1']]);
  });

  scenario("what another warehouse's tables are made of is passed over: dist, sort, indexes", async (open) => {
    const shop = await open({
      'models/orders.sql': config('table', "dist='id', sort=['id'], sort_type='compound'") + queryOf({ id: 1 }),
      'models/added.sql': config('incremental', "dist='even', sort='id'") + queryOf({ id: 1 }),
    });
    for (const _ of [1, 2]) await shop.succeeds('run');
    assert.equal([await shop.table('orders'), await shop.table('added')], [[['1']], [['1'], ['1']]]);
  });

  scenario('files that are still empty are passed over with a warning, and hold nothing up', async (open) => {
    const shop = await open({
      'models/empty.sql': '',
      'models/blank.sql': '\n  \n',
      'tests/empty_test.sql': '\n',
      'models/orders.sql': queryOf({ id: 1 }),
    });
    const events = await shop.run('build');
    assert.equal(statuses(events), { 'model.shop.orders': 'success' });
    const told = events.flatMap((event) => (event.type === 'problems' ? event.problems.map(({ code, at }) => `${code} ${at?.file}`) : []));
    assert.equal(
      told.sort(),
      ['models/blank.sql', 'models/empty.sql', 'tests/empty_test.sql'].map((file) => `empty-file ${file}`),
    );
    const listed = output(await shop.run('ls'))
      .trim()
      .split('\n');
    assert.equal([...listed].sort(), ['shop.blank', 'shop.empty', 'shop.empty_test', 'shop.orders']);
    assert.equal(await shop.relations(), ['orders (view)']);
  });
};
