// What only DuckDB has: indexes in a node's config, made in the transaction that publishes its table.
import * as assert from 'uvu/assert';
import { results } from '../support/fixture.ts';
import { hasProblem } from '../support/rejects.ts';
import { config, queryOf, type Shop, type Theme } from './shop.ts';

const indexes = async (shop: Shop, table: string): Promise<readonly string[]> =>
  (
    await shop.rows(
      `select regexp_replace(sql, 'INDEX \\S+ ON (analytics.)?', 'INDEX ON ') from duckdb_indexes() where table_name = '${table}' order by 1`,
    )
  ).map(([definition]) => String(definition));
const INDEXES = "unique_key='id', indexes=[{'columns': ['id'], 'unique': true}, {'columns': ['name', 'id']}]";
const expected = (table: string): readonly string[] => [`CREATE INDEX ON ${table}("name", id);`, `CREATE UNIQUE INDEX ON ${table}(id);`];

export const duckdbConfigs: Theme = (scenario) => {
  scenario('indexes: made with the table, and again with each that takes its place, tested first or not', async (open) => {
    const contract = (materialized: string): string =>
      `{name: ${materialized}, config: {contract: {enforced: true}}, columns: [{name: id, data_type: integer}, {name: name, data_type: varchar}]}`;
    const model = (materialized: string, id: number): string => config(materialized, INDEXES) + queryOf({ id, name: 'a' });
    const shop = await open(
      {
        'models/orders.sql': model('table', 1),
        'models/added.sql': model('incremental', 1),
        'models/promised.sql': model('table', 1),
        'models/promised.yml': `models: [${contract('promised')}]\n`,
        'seeds/rates.csv': 'code,rate\nEUR,1\n',
        'snapshots/kept.sql': `{% snapshot kept %}{{ config(strategy='check', check_cols='all', ${INDEXES.replace(", 'unique': true", '')}) }}select id, name from {{ ref('orders') }}{% endsnapshot %}`,
        'tests/any.sql':
          "select id from {{ ref('orders') }} join {{ ref('added') }} using (id) join {{ ref('promised') }} using (id) where id < 0",
      },
      { project: 'seeds: {shop: {+indexes: [{columns: [code], unique: true}]}}\n' },
    );
    for (const [id, command] of [
      [1, 'build'],
      [2, 'run'],
      [3, 'build'],
      [4, 'run'],
    ] as const) {
      await shop.write('models/orders.sql', model('table', id));
      await shop.write('models/added.sql', model('incremental', id));
      await shop.succeeds(command, { fullRefresh: id === 2 });
      for (const table of ['orders', 'added', 'promised']) assert.equal(await indexes(shop, table), expected(table), `${command} ${id}`);
      assert.equal(await indexes(shop, 'rates'), ['CREATE UNIQUE INDEX ON rates(code);']);
      assert.equal((await indexes(shop, 'kept')).length, 2);
    }
    assert.equal([await shop.table('orders'), (await shop.table('added')).length], [[['4', 'a']], 3]);
  });

  scenario('a unique index that the rows break stops the model, which stays as it was; mistakes in the config are placed', async (open) => {
    const shop = await open({ 'models/orders.sql': config('table', INDEXES) + queryOf({ id: 1, name: 'a' }) });
    await shop.succeeds('run');
    const problemOf = async (command: string, settings: string, ...rows: { id: number; name: string }[]) => {
      await shop.write('models/orders.sql', config('table', settings) + queryOf(...rows));
      const { problem } = results(await shop.run(command)).get('model.shop.orders' as never) ?? {};
      assert.equal([await shop.table('orders'), await indexes(shop, 'orders')], [[['1', 'a']], expected('orders')]);
      return problem ? [problem] : [];
    };
    for (const command of ['run', 'build'])
      hasProblem(await problemOf(command, INDEXES, { id: 2, name: 'a' }, { id: 2, name: 'b' }), {
        code: 'database-error',
        message: 'duplicate',
        at: 'models/orders.sql',
      });
    hasProblem(await problemOf('run', "indexes=[{'unique': true}]", { id: 2, name: 'a' }), {
      code: 'config-missing',
      message: "'columns'",
      at: 'models/orders.sql',
    });
  });

  scenario('what dbt-duckdb adds to a merge is refused, not passed over', async (open) => {
    const shop = await open({
      'models/orders.sql':
        config('incremental', "incremental_strategy='merge', unique_key='id', merge_update_condition='DBT_INTERNAL_SOURCE.id > 1'") +
        queryOf({ id: 1 }),
    });
    const problem = results(await shop.run('run')).get('model.shop.orders')?.problem;
    hasProblem(problem ? [problem] : [], { code: 'config-unsupported', message: "'merge_update_condition'", at: 'models/orders.sql:1' });
  });
};
