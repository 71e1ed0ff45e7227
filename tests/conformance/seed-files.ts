// Which seeds are loaded, and how their files are read: delimiters, marks of the encoding, empty files, other schemas.
import * as assert from 'uvu/assert';
import { results, statuses } from '../support/fixture.ts';
import { config, type Theme } from './shop.ts';

export const seedFiles: Theme = (scenario) => {
  scenario('delimiters: of the project, of one seed, in the properties; a wrong one makes one column of the line', async (open) => {
    const shop = await open(
      {
        'seeds/pipes.csv': 'id|name\n1|a,b\n',
        'seeds/tabs.csv': 'id\tname\n2\tc|d\n',
        'seeds/semicolons.csv': 'id;name\n3;e|f\n',
        'seeds/commas.csv': 'id,name\n4,g\n',
        'seeds/wrong.csv': 'id;name\n5;h\n',
        'seeds/seeds.yml': 'seeds: [{name: semicolons, config: {delimiter: ";"}}, {name: wrong, config: {delimiter: "|"}}]\n',
      },
      { project: 'seeds: {shop: {pipes: {+delimiter: "|"}, tabs: {+delimiter: "\\t"}}}\n' },
    );
    await shop.succeeds('seed');
    const rows = { pipes: ['1', 'a,b'], tabs: ['2', 'c|d'], semicolons: ['3', 'e|f'], commas: ['4', 'g'] };
    for (const [seed, row] of Object.entries(rows)) assert.equal(await shop.table(seed), [row]);
    assert.equal(await shop.rows('select "id;name" from wrong'), [['5;h']]);
  });

  scenario('a mark of the encoding is none of the first name; a header alone is a table without rows', async (open) => {
    const shop = await open({
      'seeds/marked.csv': '\ufeffid,näme\n1,ä\n',
      'seeds/none.csv': 'id,name\n',
      'models/counts.sql': `${config('table')}select (select count(*) from {{ ref('none') }}) as n, (select id from {{ ref('marked') }}) as id`,
    });
    await shop.succeeds('build');
    assert.equal([await shop.table('marked'), await shop.table('none'), await shop.table('counts')], [[['1', 'ä']], [], [['0', '1']]]);
  });

  scenario('those that are disabled, not selected or excluded are left out; run does not even read them', async (open) => {
    const shop = await open(
      {
        'seeds/on.csv': 'id\n1\n',
        'seeds/other.csv': 'id\n1\n',
        'seeds/disabled.csv': 'id\n1\n',
        'seeds/tricky.csv': 'id,name\n1\n2,"open\n',
        'models/orders.sql': 'select 1 as id',
      },
      { project: 'seeds: {shop: {disabled: {+enabled: false}}}\n' },
    );
    assert.equal(statuses(await shop.run('seed', { select: 'on other' })), { 'seed.shop.on': 'success', 'seed.shop.other': 'success' });
    assert.equal(statuses(await shop.run('seed', { exclude: 'other tricky' })), { 'seed.shop.on': 'success' });
    assert.equal(statuses(await shop.run('run')), { 'model.shop.orders': 'success' });
    const { status, problem } = results(await shop.run('seed', { select: 'tricky' })).get('seed.shop.tricky' as never) ?? {};
    assert.equal([status, problem?.code, problem?.at?.file], ['error', 'seed-csv', 'seeds/tricky.csv']);
    assert.equal(await shop.relations(), ['on (table)', 'orders (view)', 'other (table)']);
  });

  scenario(
    'loaded again, with and without --full-refresh, also against full_refresh of the config: the rows are those of the file, and views on it stay',
    async (open) => {
      const shop = await open(
        {
          'seeds/plain.csv': 'id\n1\n2\n',
          'seeds/always.csv': 'id\n1\n2\n',
          'seeds/never.csv': 'id\n1\n2\n',
          ...Object.fromEntries(
            ['plain', 'always', 'never'].map((seed) => [`models/on_${seed}.sql`, `select id from {{ ref('${seed}') }}`]),
          ),
        },
        { project: 'seeds: {+schema: raw, shop: {always: {+full_refresh: true}, never: {+full_refresh: false}}}\n' },
      );
      await shop.succeeds('build');
      for (const [n, fullRefresh] of [false, true].entries()) {
        for (const seed of ['plain', 'always', 'never']) {
          await shop.rows(`insert into analytics_raw.${seed} (id) values (9)`);
          await shop.write(`seeds/${seed}.csv`, `id\n1\n${3 + n}\n`);
        }
        await shop.succeeds('seed', { fullRefresh });
        for (const seed of ['plain', 'always', 'never'])
          for (const relation of [`analytics_raw.${seed}`, `on_${seed}`])
            assert.equal(await shop.table(relation), [['1'], [String(3 + n)]], relation);
      }
      await shop.rows('drop schema analytics_raw cascade');
      await shop.succeeds('build');
      assert.equal(await shop.table('on_plain'), [['1'], ['4']]);
    },
  );
};
