// docs generate: catalog.json has what the warehouse says of each relation that the project names, and of no other.
import * as assert from 'uvu/assert';
import { results } from '../support/fixture.ts';
import { config, queryOf, type Shop, type Theme } from './shop.ts';

interface Table {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly columns: Readonly<Record<string, { index: number; type: string; name: string; comment: string | null }>>;
  readonly stats: Readonly<Record<string, { value: unknown }>>;
  readonly unique_id: string;
}
interface CatalogFile {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly nodes: Readonly<Record<string, Table>>;
  readonly sources: Readonly<Record<string, Table>>;
  readonly errors: readonly string[] | null;
}
const catalogOf = async (shop: Shop): Promise<CatalogFile> => JSON.parse(await shop.read('target/catalog.json'));

const FILES = {
  'models/orders.sql': config('table', "persist_docs={'relation': true, 'columns': true}") + queryOf({ id: 1, amount: 2.5, name: 'a' }),
  'models/late.sql': `${config('view')}select id from {{ ref('orders') }}`,
  'models/between.sql': config('ephemeral') + queryOf({ id: 1 }),
  'models/unbuilt.sql': config('table') + queryOf({ id: 1 }),
  'models/schema.yml': `models:
  - {name: orders, description: All of them, columns: [{name: id, description: The key, data_tests: [not_null]}]}
sources:
  - {name: raw, schema: landing, tables: [{name: events}, {name: missing}]}
`,
  'seeds/rates.csv': 'code,rate\nEUR,1\n',
};

export const docs: Theme = (scenario, { name }) => {
  const types = {
    duckdb: ['INTEGER', 'DECIMAL(10,2)', 'VARCHAR'],
    postgres: ['integer', 'numeric(10,2)', 'character varying(40)'],
    redshift: ['integer', 'numeric(10,2)', 'character varying(40)'],
  }[name];

  scenario('relations, columns, comments and owners of nodes and sources that are there; with --select, of these', async (open) => {
    const shop = await open(FILES);
    await shop.succeeds('run', { select: 'orders late' });
    await shop.succeeds('seed');
    await shop.rows(
      'create schema landing; create table landing.events (id integer, "Odd name" varchar(5)); create table analytics.stray (id integer)',
    );
    const events = await shop.run('docs generate');
    assert.equal(
      [...results(events).values()].filter(({ status }) => status !== 'success'),
      [],
    );
    const catalog = await catalogOf(shop);
    assert.equal(Object.keys(catalog), ['metadata', 'nodes', 'sources', 'errors']);
    assert.is(catalog.errors, null);
    assert.is(catalog.metadata.dbt_schema_version, 'https://schemas.getdbt.com/dbt/catalog/v1.json');
    assert.equal(Object.keys(catalog.nodes).sort(), ['model.shop.late', 'model.shop.orders', 'seed.shop.rates']);
    assert.equal(Object.keys(catalog.sources), ['source.shop.raw.events']);
    const orders = catalog.nodes['model.shop.orders'];
    const [database] = (await shop.rows('select current_database()'))[0] ?? [];
    const { owner, ...metadata } = orders?.metadata ?? {};
    assert.equal(metadata, { type: 'BASE TABLE', schema: 'analytics', name: 'orders', database, comment: 'All of them' });
    assert.is(owner === null, name === 'duckdb');
    assert.equal(
      Object.values(orders?.columns ?? {}),
      ['id', 'amount', 'name'].map((column, index) => ({
        type: types?.[index],
        index: index + 1,
        name: column,
        comment: column === 'id' ? 'The key' : null,
      })),
    );
    assert.is(orders?.unique_id, 'model.shop.orders');
    const late = catalog.nodes['model.shop.late'];
    assert.equal([late?.metadata.type, Object.keys(late?.columns ?? {})], [name === 'redshift' ? 'LATE BINDING VIEW' : 'VIEW', ['id']]);
    assert.equal(Object.keys(catalog.sources['source.shop.raw.events']?.columns ?? {}), [
      'id',
      name === 'redshift' ? 'odd name' : 'Odd name',
    ]);
    assert.is(orders?.stats.has_stats?.value, name === 'redshift');
    if (name === 'redshift') assert.is(orders?.stats.rows?.value, 1);
    // The manifest is of the same run.
    const manifest = JSON.parse(await shop.read('target/manifest.json'));
    assert.is(manifest.metadata.invocation_id, catalog.metadata.invocation_id);
    assert.match(await shop.read('target/compiled/shop/models/late.sql'), 'orders');

    await shop.run('docs generate', { select: 'late source:raw' });
    const some = await catalogOf(shop);
    assert.equal([Object.keys(some.nodes), Object.keys(some.sources)], [['model.shop.late'], ['source.shop.raw.events']]);
    await shop.run('docs generate', { docs: { compile: false, emptyCatalog: true, static: false } });
    const none = await catalogOf(shop);
    assert.equal([none.nodes, none.sources, none.errors], [{}, {}, null]);
  });

  scenario('what failed tests left, as in dbt: where it is there', async (open) => {
    const shop = await open({
      'models/orders.sql': config('table') + queryOf({ id: 1 }),
      'tests/kept.sql': "{{ config(store_failures=true) }} select id from {{ ref('orders') }}",
      'tests/passing.sql': "select id from {{ ref('orders') }} where id > 1",
    });
    await shop.succeeds('run');
    await shop.run('test');
    await shop.run('docs generate');
    const { nodes } = await catalogOf(shop);
    assert.equal(Object.keys(nodes).sort(), ['model.shop.orders', 'test.shop.kept']);
    const { metadata, columns } = nodes['test.shop.kept'] ?? {};
    assert.equal([metadata?.schema, metadata?.name, Object.keys(columns ?? {})], ['analytics_dbt_test__audit', 'kept', ['id']]);
  });

  if (name !== 'duckdb')
    scenario(
      'a materialized view is one, with its columns; what the server keeps its rows in is no relation of the project',
      async (open) => {
        const shop = await open({ 'models/totals.sql': `${config('materialized_view')}select id, name from analytics.theirs` });
        await shop.rows('create schema if not exists analytics; create table analytics.theirs (id integer, name varchar(5))');
        await shop.succeeds('run');
        await shop.run('docs generate');
        const { nodes } = await catalogOf(shop);
        assert.equal(Object.keys(nodes), ['model.shop.totals']);
        const { metadata, columns } = nodes['model.shop.totals'] ?? {};
        assert.equal([metadata?.type, metadata?.name], ['MATERIALIZED VIEW', 'totals']);
        assert.equal(
          Object.values(columns ?? {}).map(({ name: column, type, index }) => [column, type, index]),
          [
            ['id', 'integer', 1],
            ['name', 'character varying(5)', 2],
          ],
        );
      },
    );

  scenario('a model that does not compile: no catalog, and the error is told', async (open) => {
    const shop = await open({ ...FILES, 'models/wrong.sql': "{{ exceptions.raise_compiler_error('no') if execute }}" });
    const { status, message } = results(await shop.run('docs generate')).get('model.shop.wrong' as never) ?? {};
    assert.equal([status, message], ['error', 'no']);
    assert.is(await shop.read('target/catalog.json').catch(() => 'none'), 'none');
  });
};
