// Materializations and incremental strategies that a project writes itself, on every warehouse.
import * as assert from 'uvu/assert';
import { results, statuses } from '../support/fixture.ts';
import { hasProblem } from '../support/rejects.ts';
import { config, queryOf, type Shop, type Theme } from './shop.ts';

const rows = (...list: readonly (readonly [id: number, day: string])[]): string => queryOf(...list.map(([id, day]) => ({ id, day })));

/** Fills a table interval by interval, a statement for each; the condition of one takes the place of a mark. */
const BY_PERIOD = `
{% materialization by_period, default %}
  {%- set existing = load_cached_relation(this) -%}
  {%- set target = this.incorporate(type='table') -%}
  {{ run_hooks(pre_hooks, inside_transaction=False) }}
  {{ run_hooks(pre_hooks) }}
  {%- set first = existing is none or not existing.is_table or should_full_refresh() -%}
  {%- if first -%}
    {%- if existing is not none -%}{%- do adapter.drop_relation(existing) -%}{%- endif -%}
    {%- call statement('empty') -%}{{ create_table_as(False, target, sql.replace('__PERIOD__', '1 = 0')) }}{%- endcall -%}
  {%- endif -%}
  {%- set filled = namespace(rows=0) -%}
  {%- for period in config.require('periods') -%}
    {%- set temp = make_temp_relation(target, '__' ~ loop.index) -%}
    {%- call statement('temp') -%}{{ create_table_as(True, temp, sql.replace('__PERIOD__', "day = '" ~ period ~ "'")) }}{%- endcall -%}
    {%- set columns = adapter.get_columns_in_relation(temp) -%}
    {%- call statement('fill') -%}
      delete from {{ target }} where day = '{{ period }}';
      insert into {{ target }} ({{ get_quoted_csv(columns | map(attribute='name')) }})
      select {{ get_quoted_csv(columns | map(attribute='name')) }} from {{ temp }}
    {%- endcall -%}
    {%- set filled.rows = filled.rows + (load_result('fill')['response'].rows_affected | int) -%}
    {%- do drop_relation_if_exists(temp) -%}
  {%- endfor -%}
  {%- do store_raw_result('main', message='FILLED ' ~ filled.rows, code='FILLED', rows_affected=filled.rows) -%}
  {%- do create_indexes(target) -%}
  {{ run_hooks(post_hooks) }}
  {%- do adapter.commit() -%}
  {{ run_hooks(post_hooks, inside_transaction=False) }}
  {{ return({'relations': [target]}) }}
{% endmaterialization %}`;

/** Another view is made beside, and takes the name. */
const SWAPPED_VIEW = `
{% materialization swapped_view, default %}
  {%- set existing = adapter.get_relation(this.database, this.schema, this.identifier) -%}
  {%- set next = make_intermediate_relation(this.incorporate(type='view')) -%}
  {%- set backup = make_backup_relation(this, existing.type if existing else 'view') -%}
  {%- do drop_relation_if_exists(load_cached_relation(next)) -%}
  {%- do drop_relation_if_exists(load_cached_relation(backup)) -%}
  {%- call statement('main') -%}{{ get_create_view_as_sql(next, sql) }}{%- endcall -%}
  {%- if existing -%}{%- do adapter.rename_relation(existing, backup) -%}{%- endif -%}
  {%- do adapter.rename_relation(next, this.incorporate(type='view')) -%}
  {%- do apply_grants(this, config.get('grants'), should_revoke=should_revoke(existing, true)) -%}
  {%- do persist_docs(this, model) -%}
  {%- do drop_relation_if_exists(load_cached_relation(backup)) -%}
  {{ return({'relations': [this.incorporate(type='view')]}) }}
{% endmaterialization %}`;

const TWO = `
{% materialization two_of_them, default %}
  {%- set other = api.Relation.create(database=this.database, schema=this.schema, identifier=this.identifier ~ '_copy', type='table') -%}
  {%- for one in [this, other] -%}
    {%- do drop_relation_if_exists(load_cached_relation(one)) -%}
    {%- call statement('main') -%}{{ get_create_table_as_sql(False, one, sql) }}{%- endcall -%}
  {%- endfor -%}
  {{ return({'relations': [this, other]}) }}
{% endmaterialization %}`;

const failing = (end: string): string => `
{% materialization failing, default %}
  {%- call statement('main') -%}{{ create_table_as(False, this, 'select 1 as one') }}{%- endcall -%}
  ${end}
{% endmaterialization %}`;

/** Makes its table by statements of its own, out of what dwh's macros say. */
const BY_HAND = `
{% materialization by_hand, default %}
  {%- set existing = load_cached_relation(this) -%}
  {%- set next = make_intermediate_relation(this.incorporate(type='table')) -%}
  {%- do validate_sql(sql) -%}
  {%- do get_assert_columns_equivalent(sql) -%}
  {%- call statement('main') -%}
    create table {{ next }} {{ get_table_columns_and_constraints() }};
    insert into {{ next }} ({{ get_column_names() }}) {{ get_select_subquery(sql) }}
  {%- endcall -%}
  {%- if existing is not none -%}{%- call statement() -%}{{ get_drop_sql(existing) }}{%- endcall -%}{%- endif -%}
  {%- call statement() -%}{{ get_rename_sql(next, this.identifier) }}{%- endcall -%}
  {%- set target = this.incorporate(type='table') -%}
  {%- do run_query(alter_relation_comment(target, model.description)) -%}
  {%- do run_query(alter_column_comment(target, validate_doc_columns(target, model.columns, ['id', 'day']))) -%}
  {%- for index in config.get('indexes', []) -%}{%- do run_query(get_create_index_sql(target, index)) -%}{%- endfor -%}
  {%- if config.get('indexes') -%}
    {%- for row in run_query(get_show_indexes_sql(target)) -%}{%- do log('index: ' ~ row.column_names ~ ' ' ~ row.unique, info=true) -%}{%- endfor -%}
  {%- endif -%}
  {%- if config.get('grants') -%}
    {%- do apply_grants(target, config.get('grants'), should_revoke(existing, true)) -%}
    {%- do call_dcl_statements(get_dcl_statement_list(target, {'insert': config.get('grants').select}, get_grant_sql)) -%}
    {%- for row in run_query(get_show_grant_sql(target)) -%}{%- do log('right: ' ~ row.grantee ~ ' ' ~ row.privilege_type | lower, info=true) -%}{%- endfor -%}
    {%- do call_dcl_statements([get_revoke_sql(target, 'select', config.get('grants').select)]) -%}
  {%- endif -%}
  {%- do log(adapter.render_raw_columns_constraints(raw_columns=model.columns) | join(' / ') ~ ' / ' ~ adapter.render_raw_model_constraints(raw_constraints=model.constraints) | join(' / '), info=true) -%}
  {%- do adapter.commit() -%}
  {{ return({'relations': [target]}) }}
{% endmaterialization %}`;

export const custom: Theme = (scenario, { name, adapter: { dialect } }) => {
  const model = (shop: Shop, more: string, query: string): Promise<void> => shop.write('models/orders.sql', `${more}${query}`);

  scenario('one that fills a table period by period, with hooks in and out of its transaction', async (open) => {
    const shop = await open({ 'macros/by_period.sql': BY_PERIOD });
    const source = (list: string): string => `select * from (${list}) as r where __PERIOD__`;
    const hooks = `pre_hook=[{'sql': 'create table hooked (n integer)', 'transaction': false}, "insert into hooked values (1)"], post_hook="insert into hooked select count(*) + {{ 10 if this else 0 }} from {{ this }}"`;
    await model(shop, config('by_period', `periods=['a', 'b'], ${hooks}`), source(rows([1, 'a'], [2, 'b'], [3, 'c'])));
    const first = await shop.succeeds('run');
    const { message, adapterResponse } = first.get('model.shop.orders') ?? {};
    assert.is(message, 'FILLED 2');
    assert.equal(adapterResponse, { _message: 'FILLED 2', code: 'FILLED', rows_affected: 2 });
    assert.equal(await shop.table('orders'), [
      ['1', 'a'],
      ['2', 'b'],
    ]);
    assert.equal(await shop.table('hooked'), [['1'], ['12']]);
    await model(shop, config('by_period', "periods=['b', 'c']"), source(rows([1, 'a'], [4, 'b'], [3, 'c'])));
    await shop.succeeds('run');
    assert.equal(await shop.table('orders'), [
      ['1', 'a'],
      ['3', 'c'],
      ['4', 'b'],
    ]);
    await shop.succeeds('run', { fullRefresh: true });
    assert.equal(await shop.table('orders'), [
      ['3', 'c'],
      ['4', 'b'],
    ]);
    assert.equal(await shop.relations(), ['hooked (table)', 'orders (table)']);
    assert.match(await shop.read('target/run/shop/models/orders.sql'), /^begin;[\s\S]*temporary[\s\S]*commit;\s*$/);
  });

  scenario('one that swaps views, over a table too, with comments and dependants built on it', async (open) => {
    const shop = await open({
      'macros/swapped.sql': SWAPPED_VIEW,
      'models/behind.sql': `${config('table')}select * from {{ ref('orders') }}`,
      'models/schema.yml': JSON.stringify({ models: [{ name: 'orders', description: 'All of them' }] }),
    });
    await model(shop, config('table'), rows([1, 'a']));
    await shop.succeeds('run');
    await model(shop, config('swapped_view', "persist_docs={'relation': true}"), rows([2, 'b']));
    await shop.succeeds('build');
    assert.equal(await shop.relations(), ['behind (table)', 'orders (view)']);
    assert.equal(await shop.table('behind'), [['2', 'b']]);
    await model(shop, config('swapped_view'), rows([3, 'c']));
    await shop.succeeds('run');
    assert.equal(await shop.table('orders'), [['3', 'c']]);
    assert.equal(await shop.relations(), ['behind (table)', 'orders (view)']);
  });

  scenario('one that makes two relations', async (open) => {
    const shop = await open({ 'macros/two.sql': TWO });
    await model(shop, config('two_of_them'), rows([1, 'a']));
    for (const _ of [1, 2]) await shop.succeeds('run');
    assert.equal(await shop.relations(), ['orders (table)', 'orders_copy (table)']);
    assert.equal(await shop.table('orders_copy'), [['1', 'a']]);
  });

  scenario('one that fails leaves nothing behind, and says where', async (open) => {
    const shop = await open({ 'macros/failing.sql': failing("{% do exceptions.raise_compiler_error('not today') %}") });
    await model(shop, config('failing'), rows([1, 'a']));
    const told = async (): Promise<unknown> => {
      const events = await shop.run('run');
      assert.is(statuses(events)['model.shop.orders'], 'error');
      assert.equal(await shop.relations(), []);
      return results(events).get('model.shop.orders')?.problem;
    };
    const has = async (wanted: Parameters<typeof hasProblem>[1]): Promise<void> => hasProblem([(await told()) as never], wanted);
    await has({ message: 'not today', at: 'macros/failing.sql:4' });
    await shop.write('macros/failing.sql', failing(''));
    await has({ code: 'materialization-returns', at: 'macros/failing.sql:2' });
    await shop.write('macros/failing.sql', failing("{{ return({'relations': 'all'}) }}"));
    await has({ code: 'materialization-returns' });
    await shop.write('macros/failing.sql', failing("{{ return({'relations': [this]}) }}").replace("'main'", "'other'"));
    await has({ code: 'materialization-without-main' });
    await shop.write('macros/failing.sql', failing('{% do run_query("select no_such_column from " ~ this) %}'));
    await has({ code: 'database-error', at: 'macros/failing.sql:4' });
    await shop.write('macros/failing.sql', TWO.replace('two_of_them', 'failing'));
    await model(shop, config('failing'), 'select 1 as one,\n  no_such_column');
    await has({ code: 'database-error', at: 'models/orders.sql:' });
  });

  scenario('tests of such a model run on what is public, and hold back what is behind', async (open) => {
    const shop = await open({
      'macros/two.sql': TWO,
      'models/behind.sql': "select * from {{ ref('orders') }}",
      'models/schema.yml': JSON.stringify({ models: [{ name: 'orders', columns: [{ name: 'id', data_tests: ['unique'] }] }] }),
    });
    await model(shop, config('two_of_them'), rows([1, 'a'], [1, 'b']));
    const events = await shop.run('build');
    assert.equal(statuses(events), {
      'model.shop.behind': 'skipped',
      'model.shop.orders': 'success',
      [Object.keys(statuses(events)).find((id) => id.startsWith('test.')) ?? '']: 'fail',
    });
    await model(shop, config('two_of_them'), rows([1, 'a']));
    await shop.succeeds('build');
  });

  scenario('the project overrides a built-in one, a package only where the flags let it; an adapter has its own', async (open) => {
    const says = (word: string): string =>
      `{%- do drop_relation_if_exists(load_cached_relation(this)) -%}{%- call statement('main') -%}{{ create_table_as(False, this, "select '${word}' as made_by") }}{%- endcall -%}{{ return({'relations': [this]}) }}`;
    const block = (name: string, word: string, which = 'default'): string =>
      `{% materialization ${name}, ${which} %}${says(word)}{% endmaterialization %}\n`;
    const files = {
      'dbt_packages/other/dbt_project.yml': 'name: other\n',
      'dbt_packages/other/macros/m.sql': block('table', 'package') + block('special', 'package'),
      'models/orders.sql': `${config('table')}select 'dwh' as made_by`,
      'models/others.sql': `${config('special')}select 'dwh' as made_by`,
    };
    const made = async (shop: Shop): Promise<string> => {
      await shop.succeeds('run');
      return [...(await shop.table('orders')), ...(await shop.table('others'))].flat().join(' ');
    };
    const shop = await open(files);
    assert.is(await made(shop), 'dwh package');
    const flags = 'flags: {require_explicit_package_overrides_for_builtin_materializations: false}\n';
    assert.is(await made(await open(files, { project: flags })), 'package package');
    await shop.write('macros/m.sql', block('table', 'project') + block('special', 'project'));
    assert.is(await made(shop), 'project project');
    const type = String(shop.target.type);
    await shop.write('macros/m.sql', block('table', 'adapter', `adapter='${type}'`) + block('table', 'project'));
    assert.is(await made(shop), 'adapter package');
  });

  scenario("strategies of the project bring rows in: new ones, parts of dbt's, by dispatch", async (open) => {
    const shop = await open({
      'macros/strategy.sql': `{% macro get_incremental_newest_sql(arg_dict) %}
  {%- set columns = get_quoted_csv(arg_dict['dest_columns'] | map(attribute='name')) -%}
  delete from {{ arg_dict['target_relation'] }} where {{ arg_dict['unique_key'] }} < (select max({{ arg_dict['unique_key'] }}) from {{ arg_dict['temp_relation'] }}) and {{ arg_dict['incremental_predicates'] | join(' and ') }};
  insert into {{ arg_dict['target_relation'] }} ({{ columns }}) select {{ columns }} from {{ arg_dict['temp_relation'] }}
{% endmacro %}`,
    });
    const newest = "incremental_strategy='newest', unique_key='id', incremental_predicates=['1 = 1']";
    await model(shop, config('incremental', newest), rows([1, 'a'], [5, 'e']));
    await shop.succeeds('run');
    await model(
      shop,
      config('incremental', `${newest}, on_schema_change='append_new_columns'`),
      `select id, day, 7 as more from (${rows([3, 'c'])}) as r`,
    );
    await shop.succeeds('build');
    assert.equal(await shop.rows('select id, day, more from orders order by id'), [
      ['3', 'c', '7'],
      ['5', 'e', null],
    ]);
    // What dbt's own comes down to, and what the project makes of it.
    for (const [strategy, expected] of [
      ['delete+insert', '1:z 2:b 3:c'],
      ['merge', '1:z 2:b 3:c'],
      ['append', '1:a 1:z 2:b 3:c'],
    ] as const) {
      const macro = strategy.replace('+', '_');
      await shop.write(
        'macros/strategy.sql',
        `{% macro ${String(shop.target.type)}__get_incremental_${macro}_sql(arg_dict) %}{{ return('/* ours */ ' ~ default__get_incremental_${macro}_sql(arg_dict)) }}{% endmacro %}`,
      );
      await shop.rows('drop table if exists orders');
      await model(shop, config('incremental', `incremental_strategy='${strategy}', unique_key='id'`), rows([1, 'a'], [2, 'b']));
      await shop.succeeds('run');
      await model(shop, config('incremental', `incremental_strategy='${strategy}', unique_key='id'`), rows([1, 'z'], [3, 'c']));
      await shop.succeeds('run');
      assert.is((await shop.rows('select id, day from orders order by id, day')).map((row) => row.join(':')).join(' '), expected, strategy);
      assert.match(await shop.read('target/run/shop/models/orders.sql'), /\/\* ours \*\//);
    }
  });

  scenario('one that makes its table by hand: a contract, an index, rights and comments', async (open) => {
    const people = name === 'duckdb' ? '' : "grants={'select': ['dwh_ann']}";
    const indexed = name === 'redshift' ? '' : "indexes=[{'columns': ['day'], 'unique': true}]";
    const schema = (type: string): string => `models:
  - name: orders
    description: All of them
    config: {contract: {enforced: true}}
    constraints: [{type: unique, columns: [day], warn_unenforced: false}]
    columns:
      - {name: day, data_type: varchar(40), description: The day}
      - {name: id, data_type: ${type}, constraints: [{type: not_null}]}
      - {name: none, data_type: integer}
`;
    const withoutNone = (text: string): string => text.replace(/ {6}- \{name: none.*\n/, '');
    const shop = await open({ 'macros/by_hand.sql': BY_HAND, 'models/schema.yml': withoutNone(schema('integer')) });
    if (name === 'postgres') await shop.rows(`do $$ begin create role dwh_ann; exception when duplicate_object then null; end $$`);
    if (name === 'redshift') await shop.rows("create user dwh_ann password 'Abcd1234'");
    const settings = [people, indexed].filter(Boolean).join(', ');
    for (const day of ['a', 'b']) {
      await model(shop, config('by_hand', settings), rows([1, day]));
      const events = await shop.run('run');
      assert.equal(
        statuses(events),
        { 'model.shop.orders': 'success' },
        JSON.stringify(results(events).get('model.shop.orders' as never)?.problem),
      );
      const said = events.flatMap((event) => (event.type === 'note' ? [event.message] : []));
      const type = dialect.columnType('varchar(40)');
      assert.ok(
        said.some((line) => line.includes(`"day" ${type} / "id" integer not null / unique ("day")`)),
        said.join('\n'),
      );
      if (people)
        assert.equal(said.filter((line) => line.startsWith('right: ')).sort(), ['right: dwh_ann insert', 'right: dwh_ann select']);
      assert.equal(await shop.rows('select * from orders'), [[day, '1']]);
    }
    assert.equal(await shop.relations(), ['orders (table)']);
    // What is declared holds.
    await model(shop, config('by_hand', settings), `select * from (${rows([2, 'c'])}) as r union all select null, 'd'`);
    assert.is(statuses(await shop.run('run'))['model.shop.orders'], 'error');
    await model(shop, config('by_hand', settings), rows([1, 'b']));
    await shop.write('models/schema.yml', withoutNone(schema('varchar(3)')));
    const broken = results(await shop.run('run')).get('model.shop.orders' as never)?.problem;
    hasProblem(broken ? [broken] : [], { code: 'contract', at: 'models/schema.yml:8' });
    await shop.write('models/schema.yml', schema('integer'));
    const lacking = results(await shop.run('run')).get('model.shop.orders' as never)?.problem;
    hasProblem(lacking ? [lacking] : [], { code: 'contract', at: 'models/schema.yml:9' });
    assert.equal(await shop.rows('select * from orders'), [['b', '1']]);
  });

  scenario('create_table_as of a custom materialization makes the table that the contract declares', async (open) => {
    const shop = await open({
      'macros/two.sql': TWO,
      'models/schema.yml': `models:
  - name: orders
    config: {contract: {enforced: true}}
    columns: [{name: day, data_type: varchar(40)}, {name: id, data_type: integer, constraints: [{type: not_null}]}]
`,
    });
    await model(shop, config('two_of_them'), rows([1, 'a']));
    for (const _ of [1, 2]) await shop.succeeds('run');
    for (const place of ['orders', 'orders_copy']) assert.equal(await shop.rows(`select * from ${place}`), [['a', '1']]);
    await model(shop, config('two_of_them'), "select cast(null as integer) as id, cast('x' as varchar(40)) as day");
    assert.is(statuses(await shop.run('run'))['model.shop.orders'], 'error');
    assert.equal(await shop.table('orders'), [['a', '1']]);
  });

  if (dialect.materializedViews)
    scenario('one that keeps the rows of a query, and refreshes them', async (open) => {
      const shop = await open({
        'models/raw_orders.sql': config('table') + rows([1, 'a']),
        'macros/kept.sql': `
{% materialization kept, default %}
  {%- set existing = load_cached_relation(this) -%}
  {%- set target = this.incorporate(type='materialized_view') -%}
  {%- call statement('main') -%}
    {{ refresh_materialized_view(target) if existing is not none else get_create_sql(target, sql) }}
  {%- endcall -%}
  {{ return({'relations': [target]}) }}
{% endmaterialization %}`,
      });
      await model(shop, config('kept'), 'select id, day from {{ source("raw", "raw_orders") }}');
      await shop.write('models/sources.yml', 'sources: [{name: raw, schema: analytics, tables: [{name: raw_orders}]}]');
      await shop.succeeds('run', { select: 'raw_orders' });
      await shop.succeeds('run', { select: 'orders' });
      assert.equal(await shop.table('orders'), [['1', 'a']]);
      await shop.rows("insert into raw_orders values (2, 'b')");
      await shop.succeeds('run', { select: 'orders' });
      assert.equal(await shop.table('orders'), [
        ['1', 'a'],
        ['2', 'b'],
      ]);
      assert.ok((await shop.relations()).includes('orders (materialized_view)'));
    });
};
