// Names of relations and columns: where they go, what may be in them, how long they may be, and whose they are.
import * as assert from 'uvu/assert';
import { rejects } from '../support/rejects.ts';
import { config, queryOf, type Theme } from './shop.ts';

export const names: Theme = (scenario, { adapter: { dialect }, keepsCase }) => {
  scenario('custom schemas are made, aliases name relations, and macros of the project decide on both', async (open) => {
    const shop = await open({
      'models/orders.sql': config('table', "schema='marts', alias='all_orders'") + queryOf({ id: 1 }),
      'models/reads.sql': "select * from {{ ref('orders') }}",
      'seeds/rates.csv': 'id\n1\n',
      'seeds/seeds.yml': 'seeds: [{name: rates, config: {schema: raw}}]\n',
    });
    await shop.succeeds('build');
    assert.equal(await shop.relations('analytics', 'analytics_marts', 'analytics_raw'), [
      'analytics_marts.all_orders (table)',
      'analytics_raw.rates (table)',
      'reads (view)',
    ]);
    await shop.write(
      'macros/names.sql',
      `{% macro generate_schema_name(custom_schema_name, node) %}{{ custom_schema_name or target.schema }}{% endmacro %}
{% macro generate_alias_name(custom_alias_name=none, node=none) %}{{ node.name }}_v2{% endmacro %}`,
    );
    await shop.succeeds('build');
    assert.equal(await shop.relations('marts', 'raw'), ['marts.orders_v2 (table)', 'raw.rates_v2 (table)']);
    assert.equal(await shop.table('reads_v2'), [['1']]);
  });

  scenario('anything may be in the name of a relation or a column', async (open) => {
    const aliases = ['select', 'a b', 'quo"ted', "it's", 'dot.ted', 'ünï 音', '%s;--', '1st'];
    const shop = await open(
      Object.fromEntries(
        aliases.flatMap((alias, index) => {
          const column = dialect.quote(alias);
          return ['table', 'incremental', 'view'].map((materialized) => [
            `models/${materialized}_${index}.sql`,
            `${config(materialized, `schema=${JSON.stringify(alias)}, alias=${JSON.stringify(`${alias} ${materialized}`)}`)}select 1 as ${column}`,
          ]);
        }),
      ),
    );
    for (const command of ['run', 'build']) await shop.succeeds(command);
    for (const alias of aliases) {
      const schema = `analytics_${alias}`;
      assert.equal(
        await shop.relations(schema),
        ['incremental', 'table', 'view'].map((kind) => `${schema}.${alias} ${kind} (${kind === 'view' ? 'view' : 'table'})`),
      );
      const place = dialect.relationName({ schema, identifier: `${alias} incremental` });
      assert.equal(await shop.rows(`select sum(${dialect.quote(alias)}) from ${place}`), [['2']]);
    }
  });

  scenario('what is built beside long names that begin alike does not meet', async (open) => {
    const begin = 'é'.repeat((dialect.maxIdentifierBytes > 63 ? 40 : 20) + 10);
    const longest = (end: string): string =>
      `${begin}${'x'.repeat(Math.min(dialect.maxIdentifierBytes, 127) - 2 * begin.length - 1)}${end}`;
    const shop = await open(
      Object.fromEntries(
        ['1', '2', '3'].flatMap((end) => [
          [
            `models/orders_${end}.sql`,
            config(['table', 'view', 'incremental'][Number(end) - 1] ?? '', `alias='${longest(end)}', unique_key='id'`) +
              queryOf({ id: Number(end) }),
          ],
          [`tests/any_${end}.sql`, `select id from {{ ref('orders_${end}') }} where id <> ${end}`],
        ]),
      ),
      { target: { threads: 3 } },
    );
    for (const command of ['build', 'run', 'build']) await shop.succeeds(command);
    assert.equal(await shop.relations(), [`${longest('1')} (table)`, `${longest('2')} (view)`, `${longest('3')} (table)`]);
    assert.equal(await shop.table(`"${longest('3')}"`), [['3']]);
  });

  scenario('a name that is too long is refused, not cut', async (open) => {
    const long = 'n'.repeat(dialect.maxIdentifierBytes + 1);
    const shop = await open({ 'models/orders.sql': config('table', `alias='${long}'`) + queryOf({ id: 1 }) });
    const message = `has ${long.length} bytes, and the warehouse takes ${dialect.maxIdentifierBytes}`;
    await rejects(shop.run('run'), { code: 'name-too-long', at: 'models/orders.sql', message, hint: "'alias'" });
    await shop.write('models/orders.sql', config('table', `schema='${long}'`) + queryOf({ id: 1 }));
    await rejects(shop.run('run'), { code: 'name-too-long', hint: "'schema'" });
  });

  scenario('names in upper case are found again, by refs and in quotes', async (open) => {
    const shop = await open({
      'models/Orders.sql': config('table') + queryOf({ id: 1 }),
      'models/Lines.sql': `${config('incremental', "unique_key='Id'")}select id as "Id", 'new' as "Name" from {{ ref('Orders') }}`,
      'tests/any.sql': `select "Name" from {{ ref('Lines') }} where "Id" <> 1`,
    });
    for (const command of ['build', 'run', 'build']) await shop.succeeds(command);
    assert.equal(await shop.table('"Lines"'), [['1', 'new']]);
    const stored = (name: string): string => (keepsCase ? name : name.toLowerCase());
    assert.equal((await shop.relations()).map(stored), ['Lines (table)', 'Orders (table)'].map(stored));
  });

  if (!keepsCase) return;

  scenario('a relation of another whose name differs in case only is left alone', async (open) => {
    const shop = await open({
      'models/orders.sql': config('table') + queryOf({ id: 1 }),
      'tests/any.sql': "select 1 as one from {{ ref('orders') }} where 1 = 0",
    });
    await shop.rows(
      'create table "Orders" (theirs int); create view "ORDERS" as select 1 as theirs; create table "orders__DWH_next" (theirs int)',
    );
    for (const [command, materialized] of [
      ['run', 'table'],
      ['build', 'view'],
      ['build', 'incremental'],
    ] as const) {
      await shop.write('models/orders.sql', config(materialized) + queryOf({ id: 1 }));
      await shop.succeeds(command);
      const kind = materialized === 'view' ? 'view' : 'table';
      assert.equal(await shop.relations(), ['ORDERS (view)', 'Orders (table)', 'orders__DWH_next (table)', `orders (${kind})`].sort());
    }
  });

  scenario('columns that differ in case only are two columns', async (open) => {
    const both = (n: number, more = ''): string => `select 1 as id, ${n} as "Id"${more}`;
    const shop = await open({ 'models/orders.sql': config('incremental', "unique_key='id'") + both(1) });
    await shop.succeeds('run');
    await shop.write(
      'models/orders.sql',
      config('incremental', `unique_key='id', on_schema_change='append_new_columns'`) + both(2, ', 3 as "ID"'),
    );
    await shop.succeeds('run');
    assert.equal(await shop.table('orders'), [['1', '2', '3']]);
    await shop.write(
      'models/orders.sql',
      config('incremental', `unique_key='"Id"', incremental_strategy='merge', on_schema_change='sync_all_columns'`) +
        'select 5 as id, 2 as "Id"',
    );
    await shop.succeeds('build');
    assert.equal(await shop.table('orders'), [['5', '2']]);
  });

  if (keepsCase)
    scenario(
      'quoting: a name that is not quoted is the one that the server makes of it; the config of a node has no say, as with dbt',
      async (open) => {
        const shop = await open(
          {
            'models/Orders.sql': config('table') + queryOf({ id: 1 }),
            'models/Kept.sql': `${config('view', "quoting={'identifier': true}")}select id from {{ ref('Orders') }}`,
            'models/Read.sql': `${config('incremental')}select a.id from {{ source('raw', 'Events') }} as a join {{ source('raw', 'Other') }} as b using (id){% if is_incremental() and not load_relation(this) %}no{% endif %}`,
            'models/raw.yml': `sources:
  - {name: raw, schema: analytics, quoting: {identifier: true}, tables: [{name: Events}, {name: Other, quoting: {identifier: false}}]}
`,
            'seeds/Rates.csv': 'id\n1\n',
          },
          { project: 'quoting: {identifier: false}\nseeds: {shop: {+quoting: {identifier: true}}}\n' },
        );
        await shop.rows('create table "Events" (id integer); create table other (id integer)');
        for (const command of ['build', 'build']) await shop.succeeds(command);
        assert.equal(await shop.relations(), [
          'Events (table)',
          'kept (view)',
          'orders (table)',
          'other (table)',
          'rates (table)',
          'read (table)',
        ]);
        assert.equal(await shop.table('"kept"'), [['1']]);
      },
    );
};
