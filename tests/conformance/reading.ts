// Commands that only read, or only point: show and clone.
import * as assert from 'uvu/assert';
import { output, results } from '../support/fixture.ts';
import { config, queryOf, type Theme } from './shop.ts';

export const reading: Theme = (scenario, { name }) => {
  scenario(
    'show: a private model, five rows if nothing is said, all of them with -1, a query that has a limit of its own, a header',
    async (open) => {
      const header = name === 'postgres' ? "set application_name = 'shown';" : 'select 1;';
      const shop = await open({
        'seeds/numbers.csv': `n\n${Array.from({ length: 12 }, (_, n) => `${n}\n`).join('')}`,
        'models/groups.yml': 'groups: [{name: own, owner: {name: Ann}}]\nmodels: [{name: hidden, access: private, config: {group: own}}]\n',
        'models/hidden.sql': "select n from {{ ref('numbers') }}",
        'models/few.sql': "select n from {{ ref('numbers') }} order by n desc limit 3",
        'models/headed.sql': `${config('table', `sql_header=${JSON.stringify(header)}`)}${name === 'postgres' ? "select current_setting('application_name') as n" : 'select 1 as n'}`,
      });
      await shop.succeeds('seed');
      const rows = async (options: object): Promise<readonly unknown[]> =>
        (JSON.parse(output(await shop.run('show', { output: 'json', ...options }))) as { show: { n: unknown }[] }).show.map(({ n }) => n);
      assert.is((await rows({ select: 'hidden' })).length, 5);
      assert.is((await rows({ select: 'hidden', limit: -1 })).length, 12);
      assert.equal(
        [await rows({ select: 'few' }), await rows({ select: 'few', limit: 2 })],
        [
          [11, 10, 9],
          [11, 10],
        ],
      );
      assert.equal(await rows({ inline: "select max(n) as n from {{ ref('hidden') }}", limit: 1 }).catch(() => 'not built'), 'not built');
      assert.equal(await rows({ inline: "select n from {{ ref('numbers') }} order by n limit 4", limit: 2 }), [0, 1]);
      assert.equal(await rows({ select: 'headed' }), [name === 'postgres' ? 'shown' : 1]);
      assert.equal(await shop.relations(), ['numbers (table)']);
    },
  );

  scenario('clone: another schema has views of what was built, once; what is there stays, until --full-refresh', async (open) => {
    const shop = await open({
      'seeds/numbers.csv': 'n\n1\n',
      'models/doubled.sql': `${config('table')}select 2 * n as n from {{ ref('numbers') }}`,
      'models/seen.sql': "select n from {{ ref('doubled') }}",
      'models/within.sql': config('ephemeral') + queryOf({ id: 1 }),
      'snapshots/kept.yml':
        "snapshots: [{name: kept, relation: ref('doubled'), config: {unique_key: n, strategy: check, check_cols: all}}]\n",
      'macros/places.sql':
        "{% macro generate_schema_name(custom, node) %}{{ target.schema }}{{ '_' ~ var('developer') if var('developer', none) }}{% endmacro %}",
    });
    await shop.succeeds('build');
    await shop.write('state/manifest.json', await shop.read('target/manifest.json'));
    const cloned = { state: 'state', vars: { developer: 'ann' } };
    const all = ['doubled', 'kept', 'numbers', 'seen'];
    await shop.succeeds('clone', cloned);
    assert.equal(
      await shop.relations('analytics_ann'),
      all.map((one) => `analytics_ann.${one} (view)`),
    );
    assert.equal([await shop.table('analytics_ann.seen'), await shop.rows('select n from analytics_ann.kept')], [[['2']], [['2']]]);
    await shop.succeeds('run', { vars: { developer: 'ann' }, select: 'doubled' });
    const again = await shop.run('clone', cloned);
    assert.equal(
      [...results(again).values()].map(({ message }) => message),
      ['No-op', 'No-op', 'No-op', 'No-op'],
    );
    assert.equal(
      await shop.relations('analytics_ann'),
      all.map((one) => `analytics_ann.${one} (${one === 'doubled' ? 'table' : 'view'})`),
    );
    await shop.succeeds('clone', { ...cloned, fullRefresh: true });
    assert.equal(
      await shop.relations('analytics_ann'),
      all.map((one) => `analytics_ann.${one} (view)`),
    );
    // A clone of the same schema would be a view of itself.
    await shop.run('clone', { state: 'state', fullRefresh: true });
    assert.equal(await shop.table('doubled'), [['2']]);
  });
};
