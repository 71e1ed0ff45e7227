// Where hooks may be said, and of which nodes: models, seeds and snapshots; in the project, the properties, the file; all that
// are said run, in this order.
import * as assert from 'uvu/assert';
import { results, statuses } from '../support/fixture.ts';
import { config, queryOf, type Shop, type Theme } from './shop.ts';

const LOG = 'on-run-start: create table if not exists {{ target.schema }}.log (seq integer, what varchar(100))\n';
const log = (what: string): string => `insert into analytics.log select count(*), '${what}' from analytics.log`;
const logged = async (shop: Shop): Promise<readonly (string | null)[]> =>
  (await shop.rows('select what from log order by seq')).map(([what]) => what ?? null);
const both = (place: string): string =>
  `{+pre-hook: "${log(`${place} pre {{ this.identifier }}`)}", +post-hook: ["${log(`${place} post {{ this.identifier }}`)}"]}`;

export const hookPlaces: Theme = (scenario) => {
  scenario(
    'models, seeds and snapshots have them: of the project first, then of the properties, then of the file; underscores or dashes',
    async (open) => {
      const shop = await open(
        {
          'seeds/rates.csv': 'id\n1\n',
          'seeds/rates.yml': `seeds: [{name: rates, config: {pre_hook: "${log('properties pre')}"}}]\n`,
          'models/orders.sql': `{{ config(materialized='table', pre_hook=["${log('file pre 1')}", "${log('file pre 2')}"]) }}\n{{ config(post_hook="${log('file post')}") }}select id from {{ ref('rates') }}`,
          'models/orders.yml': `models: [{name: orders, config: {pre-hook: ["${log('properties pre')}"], post_hook: "${log('properties post')}"}}]\n`,
          'snapshots/kept.sql': `{% snapshot kept %}{{ config(unique_key='id', strategy='check', check_cols='all', post_hook="${log('file post {{ this.identifier }}')}") }}select id from {{ ref('orders') }}{% endsnapshot %}`,
        },
        { project: `${LOG}models: ${both('models')}\nseeds: ${both('seeds')}\nsnapshots: ${both('snapshots')}\n`, target: { threads: 1 } },
      );
      for (const [command, names] of [
        ['seed', ['seeds pre rates', 'properties pre', 'seeds post rates']],
        ['run', ['models pre orders', 'properties pre', 'file pre 1', 'file pre 2', 'models post orders', 'properties post', 'file post']],
        ['snapshot', ['snapshots pre kept', 'snapshots post kept', 'file post kept']],
      ] as const)
        for (const _ of [1, 2]) {
          await shop.rows('drop table if exists log');
          await shop.succeeds(command);
          assert.equal(await logged(shop), names, command);
        }
    },
  );

  scenario('hooks name other relations and sources: a ref in one is a dependency, and what stands there is written to', async (open) => {
    const shop = await open({
      'seeds/rates.csv': 'id\n1\n',
      'models/first.sql': config('table') + queryOf({ id: 1 }),
      'models/second.sql': `{{ config(materialized='table', post_hook="insert into {{ ref('first') }} select id + 10 from {{ this }}") }}select id from {{ ref('rates') }}`,
      'seeds/rates.yml': 'seeds: [{name: rates, config: {post-hook: "insert into {{ this }} select 2"}}]\n',
    });
    await shop.succeeds('seed');
    await shop.succeeds('run');
    assert.equal(
      [await shop.table('rates'), await shop.table('first')],
      [
        [['1'], ['2']],
        [['1'], ['11'], ['12']],
      ],
    );
  });

  scenario('a hook that names a column which is not there fails its model alone, before or behind the query', async (open) => {
    for (const when of ['pre_hook', 'post_hook']) {
      const shop = await open({
        'models/orders.sql': config('table', `${when}="select no_such_column from {{ ref('other') }}"`) + queryOf({ id: 1 }),
        'models/other.sql': config('table') + queryOf({ id: 1 }),
        'models/behind.sql': "select id from {{ ref('orders') }}",
      });
      const events = await shop.run('run');
      assert.equal(statuses(events), { 'model.shop.behind': 'skipped', 'model.shop.orders': 'error', 'model.shop.other': 'success' });
      assert.match(results(events).get('model.shop.orders' as never)?.message ?? '', 'no_such_column');
      assert.equal(await shop.relations(), ['other (table)']);
    }
  });
};
