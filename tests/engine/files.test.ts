// Files in place of tables on DuckDB, as dbt-duckdb's users have them: sources that are read from files, models whose rows go into files.
import { existsSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Event } from '../../src/core/event.ts';
import { project, projectOn, results, statuses } from '../support/fixture.ts';
import { rejects } from '../support/rejects.ts';

const test = suite('engine: files');

const ORDERS = 'order_id,code\n1,007\n2,x\n';

test('a source is read where its external_location says, with its own words in it, by each formatter', async () => {
  const shop = await project({
    'project.yml': 'name: shop\nsources:\n  shop:\n    lake:\n      +external_location: "data/{name}.csv"\n',
    'data/orders.csv': ORDERS,
    'data/prod-orders.csv': 'order_id,code\n9,z\n',
    'models/sources.yml': `
sources:
  - name: lake
    tables: [{name: orders, columns: [{name: order_id, data_tests: [unique]}]}]
  - name: raw
    meta: {external_location: "data/{stage}-{identifier}.csv", stage: prod}
    tables:
      - {name: told, identifier: orders}
      - {name: percent, identifier: orders, meta: {external_location: "data/%(identifier)s.csv", formatter: oldstyle}}
      - {name: dollar, identifier: orders, config: {external_location: "data/\${identifier}.csv", formatter: template}}
      - {name: called, config: {external_location: "read_csv('data/orders.csv', all_varchar = true)"}}
      - {name: quoted, config: {external_location: "'data/orders.csv'"}}`,
    'models/all.sql': `{{ config(materialized='table', alias='everything') }}
{% for name, table in [('lake', 'orders'), ('raw', 'told'), ('raw', 'percent'), ('raw', 'dollar'), ('raw', 'called'), ('raw', 'quoted')] %}
select '{{ table }}' as source_table, '{{ source(name, table).identifier }}' as identifier, sum(cast(order_id as int)) as n from {{ source(name, table) }} as t
{{ 'union all' if not loop.last }}{% endfor %}`,
    'models/columns.sql': `select '{{ adapter.get_columns_in_relation(source('lake', 'orders')) | map(attribute='name') | join(' ') }}' as names`,
    'models/tested.sql': "select code from {{ source('lake', 'orders') }}",
    'models/tested.yml': `
unit_tests:
  - name: given_rows
    model: tested
    given: [{input: "source('lake', 'orders')", rows: [{code: q}]}]
    expect: {rows: [{code: q}]}`,
  });
  assert.equal([...new Set(Object.values(statuses(await shop.build())))].sort(), ['pass', 'success']);
  assert.equal(await shop.query('select source_table, identifier, n from everything'), [
    ['orders', 'orders', '3'],
    ['told', 'orders', '9'],
    ['percent', 'orders', '3'],
    ['dollar', 'orders', '3'],
    ['called', 'called', '3'],
    ['quoted', 'quoted', '3'],
  ]);
  assert.equal(await shop.query('from columns'), [['order_id code']]);
  const manifest = JSON.parse(await shop.read('target/manifest.json'));
  assert.is(manifest.sources['source.shop.lake.orders'].relation_name, "'data/orders.csv'");
  assert.equal(Object.values(statuses(await shop.run('run', { empty: true }))), ['success', 'success', 'success']);
  assert.equal(await shop.query('select count(*), sum(n) from everything'), [['6', null]]);
});

test('an external_location that cannot be filled in, a formatter or a plugin that there is not: at the table', async () => {
  const source = (said: string): Record<string, string> => ({
    'project.yml': 'name: shop\n',
    'models/sources.yml': `sources:\n  - name: raw\n    tables:\n      - name: orders\n        config: ${said}\n`,
  });
  const at = 'models/sources.yml:4';
  const refused = async (said: string, expected: Record<string, string>): Promise<unknown> =>
    rejects((await project(source(said))).run('parse'), { at, ...expected });
  await refused('{external_location: "{nam}.csv"}', {
    code: 'config-value',
    message: "'orders' cannot be filled in",
    hint: 'name, database, schema',
  });
  await refused('{external_location: "$nam.csv", formatter: template}', { code: 'config-value', message: "'$nam'" });
  await refused('{external_location: "x.csv", formatter: fstring}', {
    code: 'config-value',
    message: "'fstring'",
    hint: 'newstyle, oldstyle, template',
  });
  await refused('{plugin: excel}', { code: 'config-unsupported', message: "the plugin 'excel'", hint: 'load:' });
});

const external = (config: string, query: string): string => `{{ config(materialized='external'${config}) }}\n${query}`;
const MIXED = `select * from (select 1 as id, '007' as code, cast(1.50 as decimal(5, 2)) as price, [1, 2] as list, {'a': 1} as part, '' as nothing
union all select null, null, null, null, null, null) where {{ var('some', true) }}`;
const ROWS = [
  ['1', '007', '1.50', '[1, 2]', "{'a': 1}", ''],
  [null, null, null, null, null, null],
];

test('rows of an external model come back as they were, from each format, with their types', async () => {
  const shop = await project({
    'project.yml': 'name: shop\n',
    'models/plain.sql': external('', MIXED),
    'models/text.sql': external(", format='csv', delimiter='|'", MIXED),
    'models/documents.sql': external(", location='documents.json'", MIXED),
    'models/packed.sql': external(", location='packed.csv.gz', options={'null': 'none', 'header': 0}", MIXED),
    'models/parts.sql': external(
      ", location='parts', options={'partition_by': 'id', 'overwrite': true}",
      "select * from (values (1, 2), (2, 3)) as t(id, n) where {{ var('some', true) }}",
    ),
    'models/reader.sql':
      "{{ config(materialized='table') }} select count(*) as n from {{ ref('plain') }} join {{ ref('text') }} using (id)",
  });
  assert.equal([...new Set(Object.values(statuses(await shop.run('run'))))], ['success']);
  const types = await shop.query("select data_type from duckdb_columns() where table_name = 'plain'");
  for (const name of ['plain', 'text', 'documents', 'packed']) {
    assert.equal(await shop.query(`from ${name}`), ROWS, name);
    assert.equal(await shop.query(`select data_type from duckdb_columns() where table_name = '${name}'`), types, name);
  }
  assert.equal(await shop.query('select id, n from parts order by id'), [
    ['1', '2'],
    ['2', '3'],
  ]);
  assert.equal(await shop.query('from reader'), [['1']]);
  for (const file of ['plain.parquet', 'text.csv', 'documents.json', 'packed.csv.gz']) assert.ok(existsSync(shop.path(file)), file);
  // No rows are a table with its columns, too.
  assert.equal([...new Set(Object.values(statuses(await shop.run('run', { vars: { some: false } }))))], ['success']);
  for (const name of ['plain', 'text', 'documents', 'packed', 'parts']) assert.equal(await shop.query(`from ${name}`), [], name);
  assert.equal(await shop.query("select data_type from duckdb_columns() where table_name = 'text'"), types);
});

test('a file is written behind its tests: what they hold back leaves the old one', async () => {
  const shop = await project({
    'project.yml': 'name: shop\n',
    'models/orders.sql': external(", location='orders.parquet'", "select {{ var('id', 1) }} as id"),
    'models/orders.yml':
      'models:\n  - name: orders\n    columns: [{name: id, data_tests: [{accepted_values: {arguments: {values: [1], quote: false}}}]}]\n',
  });
  assert.is(statuses(await shop.build())['model.shop.orders'], 'success');
  const events: readonly Event[] = await shop.build({ vars: { id: 2 } });
  assert.match(results(events).get('model.shop.orders')?.message ?? '', 'held back by test.shop.accepted_values_orders_id');
  assert.equal(await shop.query('from orders'), [['1']]);
  assert.equal(await shop.query(`from '${shop.path('orders.parquet')}'`), [['1']]);
  assert.equal(await shop.query('select table_name from duckdb_tables()'), []);
});

test('an external model takes the place of a table, and gives it back', async () => {
  const shop = await project({
    'project.yml': 'name: shop\n',
    'models/orders.sql': "{{ config(materialized=var('kind')) }} select 1 as id",
  });
  for (const kind of ['table', 'external', 'external', 'view', 'external', 'table']) {
    assert.is(statuses(await shop.run('run', { vars: { kind } }))['model.shop.orders'], 'success', kind);
    assert.equal(await shop.query('from orders'), [['1']], kind);
  }
});

test('what an external model cannot be is told when the project is parsed', async () => {
  const refused = async (config: string, expected: Record<string, string>): Promise<unknown> =>
    rejects((await project({ 'project.yml': 'name: shop\n', 'models/orders.sql': external(config, 'select 1 as id') })).run('run'), {
      at: 'models/orders.sql:1',
      ...expected,
    });
  await refused(", format='xml'", { code: 'config-value', message: "'xml'", hint: 'parquet, csv, json' });
  await refused(", location='orders.txt'", { code: 'config-value', message: "'txt', by the name" });
  await refused(', glue_register=true', { code: 'config-unsupported', message: 'glue_register' });
  const elsewhere = await projectOn(
    { type: 'postgres', host: 'localhost', user: 'ann', password: 'p', dbname: 'shop', schema: 'public' },
    { 'project.yml': 'name: shop\nprofile: shop\n', 'models/orders.sql': external('', 'select 1 as id') },
  );
  await rejects(elsewhere.run('parse'), {
    code: 'materialization-unsupported',
    message: "postgres does not write files: it has no materialization 'external'",
  });
});

test('in memory, a run reads what an earlier one wrote: files below the external_root of the target', async () => {
  const shop = await projectOn(
    { type: 'duckdb', path: ':memory:', external_root: 'lake' },
    {
      'project.yml': 'name: shop\nprofile: shop\non-run-start: "{{ register_upstream_external_models() }}"\n',
      'lake/readme.md': `Files of {{ config }}`,
      'models/orders.sql': external(", format='csv'", "select 1 as id, '{{ target.external_root }}' as root"),
      'models/report.sql': external('', "select *, '{{ external_location(this, model.config) }}' as file from {{ ref('orders') }}"),
    },
  );
  for (const select of ['orders', 'report'])
    assert.is(statuses(await shop.run('run', { select }))[`model.shop.${select}`], 'success', select);
  assert.equal(await shop.query(`from '${shop.path('lake/report.parquet')}'`), [['1', 'lake', shop.path('lake/report.parquet')]]);
});

test('external: of a source is in the manifest, for macros that make external tables', async () => {
  const shop = await project({
    'project.yml': 'name: shop\n',
    'models/sources.yml': `
sources:
  - name: raw
    tables:
      - name: orders
        external: {location: "s3://b/orders/", file_format: parquet, auto_refresh: true, partitions: [{name: day, data_type: date}]}`,
    'macros/places.sql':
      "{% macro places() %}{% for s in graph.sources.values() %}{{ log(s.external.location ~ ' ' ~ s.external.partitions[0].name, info=true) }}{% endfor %}{% endmacro %}",
  });
  await shop.run('parse');
  const manifest = JSON.parse(await shop.read('target/manifest.json'));
  assert.equal(manifest.sources['source.shop.raw.orders'].external, {
    location: 's3://b/orders/',
    file_format: 'parquet',
    row_format: null,
    tbl_properties: null,
    partitions: [{ name: 'day', description: '', data_type: 'date', meta: {} }],
    auto_refresh: true,
  });
  const said = await shop.cli(['run-operation', 'places']);
  assert.match(said.stdout + said.stderr, 's3://b/orders/ day');
});

test.run();
