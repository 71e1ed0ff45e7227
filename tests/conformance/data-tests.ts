// Tests of data: what they find, what they keep, and what is not published when they fail.
import * as assert from 'uvu/assert';
import { readingDuring } from '../support/database.ts';
import { results, statuses } from '../support/fixture.ts';
import { config, type Open, queryOf, type Shop, type Theme } from './shop.ts';

/** orders, of the given kind, must have a positive amount each; report stands behind it. */
const orders = (open: Open, materialized: string, more = ''): Promise<Shop> =>
  open({
    'seeds/raw.csv': 'id,amount\n1,10\n2,20\n',
    'models/orders.sql': `${config(materialized, "unique_key='id'")}select id, amount from {{ ref('raw') }}`,
    'models/report.sql': "{{ config(materialized='table') }} select sum(amount) as total from {{ ref('orders') }}",
    'tests/positive.sql': `${more}select id, amount from {{ ref('orders') }} where amount < 0`,
  });

export const dataTests: Theme = (scenario, { toldWhileReplaced }) => {
  scenario('tests count the rows that should not be there; NULL fails not_null alone', async (open) => {
    const columns = [
      '{name: id, data_tests: [unique, not_null]}',
      '{name: kind, data_tests: [{accepted_values: {values: [a, b]}}]}',
      "{name: parent, data_tests: [{relationships: {to: ref('orders'), field: id}}]}",
      "{name: amount, data_tests: [{accepted_range: {min_value: 0, config: {severity: warn}}}, {not_null: {config: {error_if: '> 1', warn_if: '> 1'}}}]}",
    ];
    const shop = await open({
      'models/orders.sql':
        config('table') +
        queryOf(
          { id: 1, kind: 'a', parent: null, amount: 1 },
          { id: 1, kind: 'b', parent: 1, amount: -5 },
          { id: 2, kind: 'c', parent: 9, amount: null },
          { id: null, kind: null, parent: null, amount: -7 },
          { id: null, kind: 'a', parent: 2, amount: 3 },
        ),
      'models/models.yml': `models: [{name: orders, columns: [${columns.join(', ')}]}]\n`,
      'tests/own.sql': "select id from {{ ref('orders') }} where amount = 3",
    });
    await shop.run('run');
    const done = [...results(await shop.run('test')).values()];
    assert.equal(
      done.map(({ node, status, failures }) => `${node.split('.')[2]?.replaceAll('_orders', '')} ${status} ${failures}`).sort(),
      [
        'accepted_range_amount__0 warn 2',
        'accepted_values_kind__a__b fail 1',
        'not_null_amount pass 0',
        'not_null_id fail 2',
        'own fail 1',
        'relationships_parent__id__ref_ fail 1',
        'unique_id fail 1',
      ],
    );
    const sample = done.find(({ node }) => node.startsWith('test.shop.accepted_range'))?.sample;
    assert.equal(sample?.columns, ['id', 'kind', 'parent', 'amount']);
    assert.equal(sample?.rows.map((row) => row.at(-1)).sort(), [-5, -7]);
  });

  for (const [materialized, kind] of [
    ['table', 'table'],
    ['incremental', 'table'],
    ['view', 'view'],
  ] as const) {
    scenario(`${materialized}: what fails its test is held back; readers see the old rows, and nothing is left over`, async (open) => {
      const shop = await orders(open, materialized);
      const query = (factor: number): Promise<void> =>
        shop.write(
          'models/orders.sql',
          `${config(materialized, "unique_key='id'")}select id, amount * ${factor} as amount from {{ ref('raw') }}`,
        );
      const standing = [`orders (${kind})`, 'raw (table)', 'report (table)'];
      await shop.succeeds('build');
      await query(-1);
      const answers = await readingDuring(shop, 'select sum(amount) from orders', async () => {
        const events = await shop.build({ select: 'orders+' });
        assert.equal(statuses(events), { 'model.shop.orders': 'error', 'model.shop.report': 'skipped', 'test.shop.positive': 'fail' });
        assert.match(results(events).get('model.shop.orders' as never)?.message ?? '', /^held back by test\.shop\.positive: Got 2 results/);
      });
      assert.equal([answers, await shop.relations(), await shop.table('report')], [['30'], standing, [['30']]]);
      await query(2);
      const heard = await readingDuring(shop, 'select sum(amount) from orders', async () => void (await shop.succeeds('build')));
      const mended = heard.filter((answer) => materialized !== 'view' || !toldWhileReplaced?.test(answer));
      assert.equal([[...new Set(mended)], await shop.relations(), await shop.table('report')], [['30', '60'], standing, [['60']]]);
      // --publish always, and run, publish what fails.
      await query(-1);
      assert.equal(Object.values(statuses(await shop.build({ publish: 'always', select: 'orders+' }))), ['success', 'skipped', 'fail']);
      assert.equal([await shop.rows('select sum(amount) from orders'), await shop.relations()], [[['-30']], standing]);
    });
  }

  scenario('a first build that fails leaves no relation; a warning holds nothing back', async (open) => {
    for (const materialized of ['table', 'incremental', 'view']) {
      const shop = await orders(open, materialized);
      await shop.write('seeds/raw.csv', 'id,amount\n1,-1\n');
      assert.is(statuses(await shop.build())['model.shop.orders'], 'error');
      assert.equal(await shop.relations(), ['raw (table)']);
      await shop.write('tests/positive.sql', "{{ config(severity='warn') }} select id from {{ ref('orders') }} where amount < 0");
      assert.equal(Object.values(statuses(await shop.build())), ['success', 'success', 'success', 'warn']);
    }
  });

  scenario('seeds are held back, too, and thresholds decide what is a failure', async (open) => {
    const shop = await open({
      'seeds/rates.csv': 'code,rate\nEUR,1\n',
      'tests/few.sql': "{{ config(warn_if='>1', error_if='>2') }} select code from {{ ref('rates') }} where rate < 0",
    });
    await shop.succeeds('build');
    const found: string[] = [];
    for (const bad of [1, 2, 3]) {
      await shop.write('seeds/rates.csv', `code,rate\n${'USD,-1\n'.repeat(bad)}`);
      found.push(Object.values(statuses(await shop.build())).join(' '));
    }
    assert.equal(found, ['success pass', 'success warn', 'error fail']);
    assert.equal([await shop.rows('select count(*) from rates'), await shop.relations()], [[['2']], ['rates (table)']]);
  });

  for (const as of ['table', 'view'])
    scenario(`failures are kept as a ${as}, which the next run replaces, whatever was held back`, async (open) => {
      const keeps = `{{ config(store_failures_as='${as}') }} `;
      const place = 'analytics_dbt_test__audit';
      for (const materialized of ['table', 'incremental', 'view']) {
        const shop = await orders(open, materialized, keeps);
        const kept = (): Promise<readonly unknown[]> => shop.table(`${place}.positive`);
        await shop.succeeds('build');
        assert.equal(await kept(), []);
        for (const [round, rows] of [
          ['1,-1\n2,5\n', [['1', '-1']]],
          [
            '3,-7\n4,-8\n',
            [
              ['3', '-7'],
              ['4', '-8'],
            ],
          ],
        ] as const) {
          await shop.write('seeds/raw.csv', `id,amount\n${round}`);
          const events = await shop.build();
          assert.is(statuses(events)['model.shop.orders'], 'error', materialized);
          assert.is(results(events).get('test.shop.positive' as never)?.failures, rows.length);
          if (materialized !== 'view') assert.equal(await kept(), rows, materialized);
          const kind = materialized === 'view' ? 'view' : 'table';
          assert.equal(await shop.relations(), [`orders (${kind})`, 'raw (table)', 'report (table)']);
        }
        await shop.run('run');
        assert.is(statuses(await shop.run('test'))['test.shop.positive'], 'fail');
        assert.equal((await kept()).length, 2);
        assert.equal(await shop.relations(place), [`${place}.positive (${as})`]);
        // Stored or not, it is in nobody's way.
        await shop.write('seeds/raw.csv', 'id,amount\n3,7\n4,8\n');
        await shop.succeeds('build', { fullRefresh: true });
        assert.equal(await kept(), []);
      }
    });

  scenario('a question is a test, which the candidate answers; a test with an error of its own holds back', async (open) => {
    const shop = await open({
      'models/orders.sql': `${config('table')}select cast({{ var('n') }} as decimal(10, 2)) as amount, cast(null as varchar(5)) as name`,
      'analyses/how_much.sql': "{{ config(expect='how_much.csv') }} select amount, name from {{ ref('orders') }}",
      'analyses/how_much.csv': 'amount,name\n7.5,\n',
      'tests/wrong.sql': "select {{ 'no_such_column' if var('wrong', false) else 'amount' }} from {{ ref('orders') }} where 1 = 0",
    });
    await shop.succeeds('build', { vars: { n: 7.5 } });
    assert.is(statuses(await shop.build({ vars: { n: 8 } }))['test.shop.how_much'], 'fail');
    const events = await shop.build({ vars: { n: 7.5, wrong: true } });
    assert.match(results(events).get('model.shop.orders' as never)?.message ?? '', /^held back by test\.shop\.wrong: .*no_such_column/);
    assert.equal(results(events).get('test.shop.wrong' as never)?.problem?.at, { file: 'tests/wrong.sql', line: 1, column: 11 });
    assert.equal(await shop.table('orders'), [['7.50', null]]);
  });
};
