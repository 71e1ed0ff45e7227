// store_failures in all its forms: what the project, the properties, the test's own config and the command line say of it.
import * as assert from 'uvu/assert';
import { results, statuses } from '../support/fixture.ts';
import { rejects } from '../support/rejects.ts';
import { config, queryOf, type Theme } from './shop.ts';

const AUDIT = 'analytics_dbt_test__audit';
const own = (name: string, more: string): readonly [string, string] => [
  `tests/${name}.sql`,
  `${more && `{{ config(${more}) }} `}select id from {{ ref('people') }} where name is null`,
];
const FILES = {
  'models/people.sql': config('table') + queryOf({ id: 1, name: 'Ada' }, { id: 2, name: null }, { id: 3, name: null }),
  ...Object.fromEntries([
    own('silent', ''),
    own('yes', 'store_failures=true'),
    own('no', 'store_failures=false'),
    own('as_view', "store_failures_as='view'"),
    own('as_table', "store_failures_as='table'"),
    own('as_nothing', "store_failures_as='ephemeral'"),
    own('view_and_no', "store_failures_as='view', store_failures=false"),
    own('nothing_and_yes', "store_failures_as='ephemeral', store_failures=true"),
  ]),
};

export const storeFailures: Theme = (scenario) => {
  const cases: readonly (readonly [string, string, boolean | undefined, readonly string[]])[] = [
    ['nothing is said', '', undefined, ['as_table (table)', 'as_view (view)', 'view_and_no (view)', 'yes (table)']],
    ['the command line says it', '', true, ['as_table (table)', 'as_view (view)', 'silent (table)', 'view_and_no (view)', 'yes (table)']],
    ['the command line says no', '', false, ['as_table (table)', 'as_view (view)', 'view_and_no (view)', 'yes (table)']],
    [
      'the project says store_failures: true',
      'store_failures: true',
      undefined,
      ['as_table (table)', 'as_view (view)', 'silent (table)', 'view_and_no (view)', 'yes (table)'],
    ],
    [
      'the project says store_failures_as: view',
      'store_failures_as: view',
      undefined,
      ['as_table (table)', 'as_view (view)', 'no (view)', 'silent (view)', 'view_and_no (view)', 'yes (view)'],
    ],
    [
      'the project says store_failures_as: ephemeral',
      'store_failures_as: ephemeral',
      undefined,
      ['as_table (table)', 'as_view (view)', 'view_and_no (view)'],
    ],
  ];
  for (const [title, project, asked, stored] of cases)
    scenario(`${title}: the test's own config comes first, and store_failures_as before store_failures`, async (open) => {
      const shop = await open(FILES, { project: project && `data_tests: {+${project}}\n` });
      await shop.succeeds('run');
      const done = results(await shop.run('test', asked === undefined ? {} : { storeFailures: asked }));
      assert.equal(
        [...done.values()].map(({ status, failures }) => `${status} ${failures}`),
        Array.from({ length: 8 }, () => 'fail 2'),
      );
      assert.equal(
        (await shop.relations(AUDIT)).map((one) => one.replace(`${AUDIT}.`, '')),
        stored,
      );
      for (const one of stored) assert.equal(await shop.table(`${AUDIT}.${one.replace(/ .*/, '')}`), [['2'], ['3']]);
    });

  scenario('generic tests, a schema and an alias of their own, a limit; what passes is stored, too, without rows', async (open) => {
    const shop = await open(
      {
        ...FILES,
        'models/people.yml': `models:
  - name: people
    columns:
      - name: id
        data_tests: [{not_null: {config: {alias: ids}}}, {accepted_values: {arguments: {values: [1], quote: false}, config: {alias: values, limit: 1, schema: kept}}}]
      - {name: name, data_tests: [{not_null: {config: {alias: names}}}]}
`,
      },
      { project: 'data_tests: {+store_failures: true, +schema: failed}\n' },
    );
    await shop.succeeds('run');
    const ran = { select: 'people', exclude: 'test_type:singular' };
    const done = [...results(await shop.run('test', ran)).values()];
    assert.equal(done.map(({ node, status, failures }) => `${node.split('.')[2]} ${status} ${failures}`).sort(), [
      'accepted_values_people_id__False__1 fail 1',
      'not_null_people_id pass 0',
      'not_null_people_name fail 2',
    ]);
    const stored = ['analytics_failed.ids (table)', 'analytics_failed.names (table)', 'analytics_kept.values (table)'];
    assert.equal(await shop.relations('analytics_failed', 'analytics_kept'), stored);
    assert.equal(await shop.table('analytics_failed.names'), [
      ['2', null],
      ['3', null],
    ]);
    assert.equal([await shop.table('analytics_failed.ids'), (await shop.table('analytics_kept."values"')).length], [[], 1]);
    // What is mended leaves an empty table behind.
    await shop.write('models/people.sql', config('table') + queryOf({ id: 1, name: 'Ada' }));
    await shop.succeeds('run');
    assert.equal([...new Set(Object.values(statuses(await shop.run('test', ran))))], ['pass']);
    assert.equal([await shop.table('analytics_failed.names'), await shop.table('analytics_kept."values"')], [[], []]);
  });

  scenario('another word than table, view or ephemeral is refused, with its place', async (open) => {
    const shop = await open({ ...FILES, ...Object.fromEntries([own('odd', "store_failures_as='error'")]) });
    await rejects(shop.run('test'), { code: 'config-value', message: "'store_failures_as' is 'error'", at: 'tests/odd.sql:1' });
    assert.equal(await shop.relations(AUDIT), []);
  });
};
