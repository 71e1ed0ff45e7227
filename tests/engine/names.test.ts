import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { databaseOf } from '../support/database.ts';
import { type Fixture, project, results, statuses } from '../support/fixture.ts';
import { rejects } from '../support/rejects.ts';

const test = suite('engine: where nodes stand');

async function relationsOf(shop: Fixture, command = 'build'): Promise<readonly string[]> {
  const bad = [...results(await shop.run(command)).values()].filter(({ status }) => status !== 'success' && status !== 'pass');
  assert.equal(
    bad.map(({ message }) => message),
    [],
  );
  const database = await databaseOf(shop);
  const relations = await database.relations();
  database.close();
  return relations;
}

test('alias and schema from config(), properties and the project, in that order', async () => {
  const shop = await project({
    'project.yml': 'name: shop\nmodels: {shop: {+schema: from_project, +materialized: table}}\n',
    'models/a.sql': "{{ config(alias='first', schema='own') }} select 1 as id",
    'models/b.sql': "select * from {{ ref('a') }}",
    'models/c.sql': "select * from {{ ref('b') }}",
    'models/models.yml':
      'models:\n  - {name: a, config: {alias: hidden}}\n  - {name: b, config: {schema: from_properties, alias: second}}\n',
  });
  assert.equal(await relationsOf(shop), ['main_from_project.c (table)', 'main_from_properties.second (table)', 'main_own.first (table)']);
  assert.match(await shop.read('target/compiled/shop/models/b.sql'), 'from "dwh"."main_own"."first"');
});

test('names that need quotes', async () => {
  const shop = await project({
    'project.yml': 'name: shop\nmodels: {+materialized: table}\n',
    'models/a.sql': `{{ config(alias='Order "items", 2024', schema='my data') }} select 1 as "a ""b"""`,
    'models/b.sql': `{{ config(materialized='incremental', unique_key='a "b"', alias='select') }} select * from {{ ref('a') }}`,
    'models/models.yml': `models: [{name: b, data_tests: [{row_count_equals: {count: 1}}]}, {name: a, data_tests: [{row_count_equals: {count: 1}}]}]\n`,
  });
  for (let run = 0; run < 2; run++)
    assert.equal(await relationsOf(shop), ['main.select (table)', 'main_my data.Order "items", 2024 (table)']);
});

test('macros of the project name schemas and relations', async () => {
  const shop = await project({
    'project.yml': 'name: shop\nmodels: {+schema: marts}\nseeds: {+schema: raw}\n',
    'macros/names.sql': `{% macro generate_schema_name(custom_schema_name, node) -%}
  {{ custom_schema_name | trim if custom_schema_name and node.resource_type == 'seed' else target.schema ~ '__' ~ node.fqn[1] }}
{%- endmacro %}
{% macro generate_alias_name(custom_alias_name=none, node=none) -%}
  {%- if custom_alias_name %}{{ custom_alias_name }}{% else %}{{ node.name | replace('stg_', '') }}{% endif -%}
{%- endmacro %}`,
    'models/staging/stg_orders.sql': "select * from {{ ref('raw_orders') }}",
    'models/star/orders.sql': "{{ config(alias='fact_orders') }} select * from {{ ref('stg_orders') }}",
    'seeds/raw_orders.csv': 'id\n1\n',
  });
  assert.equal(await relationsOf(shop), ['main__staging.orders (view)', 'main__star.fact_orders (view)', 'raw.raw_orders (table)']);
});

test('two nodes that write one relation are refused, in whatever case', async () => {
  const shop = await project({
    'project.yml': 'name: shop\n',
    'models/a.sql': "{{ config(alias='orders') }} select 1 as id",
    'models/b.sql': "{{ config(alias='ORDERS') }} select 2 as id",
  });
  await rejects(shop.run('run'), { code: 'duplicate-relation' });
});

test('a model whose name changes in case only is the same relation', async () => {
  const shop = await project({
    'project.yml': 'name: shop\n',
    'models/a.sql': "{{ config(materialized='table', alias='Orders') }} select 1 as id",
  });
  await shop.run('run');
  await shop.write('models/a.sql', "{{ config(materialized='view', alias='orders') }} select 1 as id");
  assert.equal(await relationsOf(shop, 'run'), ['main.orders (view)']);
});

test('another database is a place like any other', async () => {
  const shop = await project({
    'project.yml': 'name: shop\nprofile: shop\nmodels: {+materialized: table}\n',
    'profiles.yml': 'shop: {target: dev, outputs: {dev: {type: duckdb, path: dwh.duckdb, attach: [{path: archive.duckdb}]}}}\n',
    'models/a.sql': "{{ config(database='archive', schema='old') }} select 1 as id",
    'models/b.sql': "select * from {{ ref('a') }}",
    'models/c.sql': "{{ config(materialized='incremental', database='archive', unique_key='id') }} select * from {{ ref('b') }}",
    'models/d.sql': "{{ config(alias='a', schema='old') }} select id + 1 as id from {{ ref('a') }}",
    'models/models.yml': 'models: [{name: c, columns: [{name: id, data_tests: [unique]}]}]\n',
  });
  for (let run = 0; run < 2; run++) assert.equal(await relationsOf(shop, 'build'), ['main.b (table)', 'main_old.a (table)']);
  // Of one alias, in one schema of two databases.
  assert.equal(await shop.query('from main_old.a'), [['2']]);
  assert.equal(await shop.query('from main_old.a union all from main.c', 'archive.duckdb'), [['1'], ['1']]);
});

test('a schema that cannot be made stops the run before anything is built', async () => {
  const shop = await project({
    'project.yml': 'name: shop\n',
    'models/a.sql': "{{ config(database='nowhere') }} select 1 as id",
    'models/b.sql': 'select 1 as id',
  });
  await rejects(shop.run('run'), { code: 'schema-unmakeable', message: 'nowhere' });
  const database = await databaseOf(shop);
  assert.equal(await database.relations(), []);
  database.close();
});

test('a project without loads leaves nothing in the database but its own relations', async () => {
  const shop = await project({
    'project.yml': 'name: shop\n',
    'models/a.sql': 'select 1 as id',
    'models/models.yml': 'models: [{name: a, columns: [{name: id, data_tests: [unique]}]}]\n',
  });
  assert.equal(await relationsOf(shop), ['main.a (view)']);
  assert.equal(await shop.query("select schema_name from duckdb_schemas() where not internal and database_name = 'dwh'"), []);
  assert.equal(Object.values(statuses(await shop.build())), ['success', 'pass']);
});

test.run();
