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

test.run();
