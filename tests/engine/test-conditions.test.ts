import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parsed } from '../project/project-of.ts';
import { project, results, statuses } from '../support/fixture.ts';

const test = suite('engine: conditions and answers of data tests');

const FILES = {
  'project.yml': 'name: shop\nvars: {floor: 2}\n',
  'macros/own.sql': '{% test small(model, column_name) %}select * from {{ model }} where {{ column_name }} > 1{% endtest %}',
  'models/allowed.sql': "{{ config(materialized='ephemeral') }}select 1 as id",
  'models/known.sql': 'select 1 as id',
  'models/orders.sql': 'select * from (values (1, 5), (2, 6), (2, 7)) as v(id, amount)',
  'models/orders.yml': `models:
  - name: orders
    columns:
      - name: id
        data_tests:
          - unique: {config: {where: "id in (select id from {{ ref('known') }})"}}
          - unique: {name: both, config: {where: "id in (select id from {{ ref('allowed') }}) or id >= {{ var('floor') }}"}}
          - small: {config: {where: "id in (select id from {{ ref('allowed') }})"}}
`,
};

test('a condition may name other nodes, which then come first', async () => {
  const shop = await project(FILES);
  const { nodes } = await parsed(shop);
  const refs = [...nodes.values()].flatMap((node) => (node.resource_type === 'test' ? [node.refs.map(({ name }) => name).sort()] : []));
  assert.equal(refs.sort(), [
    ['allowed', 'orders'],
    ['allowed', 'orders'],
    ['known', 'orders'],
  ]);
  const built = statuses(await shop.build());
  const ofTests = Object.entries(built).flatMap(([id, status]) => (id.startsWith('test.') ? [`${id.split('.')[2]} ${status}`] : []));
  assert.equal(ofTests, ['both fail', 'small_orders_id pass', 'unique_orders_id pass']);
});

test('rows that a threshold lets pass are no failures', async () => {
  const shop = await project({
    ...FILES,
    'models/orders.yml':
      'models:\n  - name: orders\n    columns:\n      - name: id\n        data_tests: [{small: {name: few, config: {error_if: "> 2", warn_if: "> 2"}}}]\n',
  });
  const few = [...results(await shop.build())].flatMap(([id, { status, failures }]) => (id.includes('.few.') ? [[status, failures]] : []));
  assert.equal(few, [['pass', 0]]);
});

test("a macro of the project in place of dwh's own says what a test without a condition reads", async () => {
  const macros = {
    'nothing of it': "{% macro get_where_subquery(relation) %}{% do return('(select 1 as id, 5 as amount)') %}{% endmacro %}",
    'by dispatch': '{% macro duckdb__get_where_subquery(relation) %}(select 1 as id, 5 as amount){% endmacro %}',
  };
  const rows: Record<string, unknown> = {};
  for (const [name, macro] of [['the relation', ''], ...Object.entries(macros)] as const) {
    const shop = await project({
      ...FILES,
      'macros/where.sql': macro,
      'models/orders.yml': 'models: [{name: orders, columns: [{name: id, data_tests: [unique, small]}]}]',
    });
    const done = results(await shop.build());
    rows[name] = Object.fromEntries(
      [...done].flatMap(([id, { failures }]) => (id.startsWith('test.') ? [[id.split('.')[2], failures]] : [])),
    );
  }
  const none = { unique_orders_id: 0, small_orders_id: 0 };
  assert.equal(rows, { 'the relation': { unique_orders_id: 1, small_orders_id: 2 }, 'nothing of it': none, 'by dispatch': none });
});

test('the answer of the warehouse is told in the words of dbt, and a test that keeps its rows names where, also when there are none', async () => {
  const shop = await project(FILES);
  await shop.run('run');
  const done = results(await shop.run('test', { select: 'small_orders_id both', storeFailures: true }));
  assert.equal([...done.values()].map(({ status, adapterResponse, relationName }) => [status, adapterResponse, relationName]).sort(), [
    ['fail', { _message: 'OK' }, '"dwh"."main_dbt_test__audit"."both"'],
    ['pass', { _message: 'OK' }, '"dwh"."main_dbt_test__audit"."small_orders_id"'],
  ]);
  // An ephemeral model is part of what is stored as well.
  assert.equal(await shop.query('select count(*) from main_dbt_test__audit.both'), [['1']]);
});

test.run();
