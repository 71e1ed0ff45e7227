import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { project } from '../support/fixture.ts';

const test = suite('engine: which macros a macro calls, in manifest.json');

interface Macro {
  readonly depends_on: { readonly macros: readonly string[] };
  readonly supported_languages: readonly string[] | null;
}

test('by name, in its package, the project and dwh; by package; by dispatch; not in text, not itself', async () => {
  const shop = await project({
    'project.yml': 'name: shop\n',
    'dbt_packages/other/dbt_project.yml': 'name: other\n',
    'dbt_packages/other/macros/o.sql': '{% macro help() %}{{ inner() }}{% endmacro %}\n{% macro inner() %}1{% endmacro %}',
    'dbt_packages/other/macros/d.sql':
      "{% macro d() %}{{ adapter.dispatch('d', 'other')() }}{% endmacro %}{% macro duckdb__d() %}{% endmacro %}",
    'macros/m.sql': [
      '{% macro a() %}a() {{ b(dateadd("day", 1, "x")) }} {% do a() %}{{ other.help() }} {{ unknown() }}{{ log(\'d(\\\')\' ~ "it\'s d()") }}{% endmacro %}',
      '{% macro d() %}{% endmacro %}',
      "{% macro b(x) %}{{ return(adapter.dispatch('c', 'shop')(x)) }}{% endmacro %}",
      '{% macro default__c(x) %}{% endmacro %}{% macro duckdb__c(x) %}{% endmacro %}{% macro default__d() %}{% endmacro %}',
      "{% materialization mine, default %}{% call statement('main') %}{{ create_table_as(false, this, sql) }}{% endcall %}{{ return({'relations': [this]}) }}{% endmaterialization %}",
    ].join('\n'),
    'macros/own.sql': '{% macro create_table_as(temporary, relation, sql) %}create table {{ relation }} as {{ sql }}{% endmacro %}',
    'models/orders.sql': 'select 1 as id',
  });
  await shop.run('parse');
  const { macros } = JSON.parse(await shop.read('target/manifest.json')) as { macros: Record<string, Macro> };
  const calls = (id: string): readonly string[] | undefined => macros[id]?.depends_on.macros;
  assert.equal(calls('macro.shop.a'), ['macro.shop.b', 'macro.dbt.dateadd', 'macro.other.help']);
  assert.equal(calls('macro.shop.b'), ['macro.shop.duckdb__c']);
  assert.equal(calls('macro.other.help'), ['macro.other.inner']);
  assert.equal(calls('macro.shop.materialization_mine_default'), ['macro.shop.create_table_as']);
  assert.equal(calls('macro.dbt.default__get_create_table_as_sql'), ['macro.shop.create_table_as']);
  assert.equal(calls('macro.other.d'), ['macro.shop.default__d'], 'the project comes first, with all that it has');
  assert.equal(macros['macro.shop.materialization_mine_default']?.supported_languages, ['sql']);
  assert.is(macros['macro.shop.a']?.supported_languages, null);
});

test('as in dbt: what is dispatched under its name, too; calls in texts, comments, filters, headers and methods are none', async () => {
  const shop = await project({
    'project.yml': 'name: shop\n',
    'macros/m.sql': `{% macro never(x=one()) %}{{ adapter.dispatch(macro_name='cents', macro_namespace='shop')(x) }}{% endmacro %}
{% macro cents(x) %}{{ return(adapter.dispatch('cents', 'shop')(x)) }}{% endmacro %}{% macro default__cents(x) %}{% endmacro %}
{% macro one() %}1{% endmacro %}{% macro upper() %}{% endmacro %}{% macro odd() %}{% endmacro %}{% macro log(x) %}{% endmacro %}
{% macro none_of() %}{# one() #}{{ "one()" ~ 'it''s one()' }}{{ 'x' | upper() }}{{ 1 is odd() }}{{ 'x'.upper() }}{{ log('x') }}{% endmacro %}
{% test positive(model) %}{{ positive() }} select * from {{ model }}{% endtest %}{% macro positive() %}{% endmacro %}`,
    'models/orders.sql': 'select 1 as id',
  });
  await shop.run('parse');
  const { macros } = JSON.parse(await shop.read('target/manifest.json')) as { macros: Record<string, Macro> };
  const calls = (name: string): readonly string[] | undefined => macros[`macro.shop.${name}`]?.depends_on.macros;
  assert.equal(calls('never'), ['macro.shop.one', 'macro.shop.cents', 'macro.shop.default__cents']);
  assert.equal(calls('cents'), ['macro.shop.default__cents']);
  assert.equal(calls('none_of'), []);
  assert.equal(calls('test_positive'), ['macro.shop.positive']);
});

test('a node has those that its text calls: not those behind them, in a call block or handed on; while it runs there may be more', async () => {
  const shop = await project({
    'project.yml': 'name: shop\non-run-start: "{{ one() }}"\nmodels: {+post-hook: "{{ hook() }}"}\n',
    'macros/m.sql': `{% macro one() %}select {{ two() }}{% endmacro %}{% macro two() %}2{% endmacro %}
{% macro around() %}{{ caller() }}{% endmacro %}{% macro apply(of) %}{{ of() }}{% endmacro %}{% macro hook() %}{{ one() }}{% endmacro %}
{% macro cents() %}{{ return(adapter.dispatch('cents')()) }}{% endmacro %}{% macro default__cents() %}1{% endmacro %}
{% test many(model) %}{{ one() }} as n from {{ model }} where false{% endtest %}`,
    'models/orders.sql': `{{ one() }} as a, {{ adapter.dispatch('cents')() }} as b, {{ dbt.concat(["'a'"]) }} as c,
{% call around() %}{{ two() }} as d{% endcall %}, {{ apply(two) }} as e{% if execute %}, {{ cents() }} as f{% endif %}`,
    'models/wraps.sql': "{{ config(materialized='ephemeral') }}{{ two() }}",
    'models/names.sql': "select a from {{ ref('orders') }} where a > {{ two() }}",
    'models/properties.yml': 'models: [{name: orders, data_tests: [many, {unique: {arguments: {column_name: a}}}]}]\n',
  });
  const called = async (command: string): Promise<(id: string) => readonly string[] | undefined> => {
    await shop.run(command);
    const { nodes } = JSON.parse(await shop.read('target/manifest.json')) as { nodes: Record<string, Macro> };
    return (name) => {
      const id = Object.keys(nodes).find((one) => one.startsWith(name)) ?? '';
      return nodes[id]?.depends_on.macros.map((one) => one.replace('macro.', ''));
    };
  };
  const parsed = await called('parse');
  const own = ['shop.one', 'shop.default__cents', 'dbt.concat', 'shop.around', 'shop.apply'];
  assert.equal(parsed('model.shop.orders'), [...own, 'shop.hook']);
  assert.equal(parsed('model.shop.names'), ['shop.two', 'shop.hook']);
  assert.equal(parsed('operation.'), ['shop.one', 'shop.hook']);
  assert.equal(parsed('test.shop.many'), ['shop.test_many', 'dbt.get_where_subquery']);
  assert.equal(parsed('test.shop.unique'), ['dbt.test_unique', 'dbt.get_where_subquery']);
  const compiled = await called('compile');
  assert.equal(compiled('model.shop.orders'), [...own, 'shop.hook', 'shop.cents']);
  assert.equal(compiled('model.shop.names'), ['shop.two', 'shop.hook']);
});

test.run();
