import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { project } from '../support/fixture.ts';
import { warningsOf } from './project-of.ts';

const test = suite('project: macros in place of those that dwh does without');

type Files = Readonly<Record<string, string>>;
const BASE: Files = {
  'project.yml': 'name: shop\n',
  'models/a.sql': 'select 1 as id',
  'seeds/s.csv': 'id\n1\n',
  'snapshots/h.sql':
    "{% snapshot h %}{{ config(unique_key='id', strategy='check', check_cols='all') }}select * from {{ ref('a') }}{% endsnapshot %}",
  'models/a.yml': 'models: [{name: a, columns: [{name: id, data_tests: [unique]}]}]',
};

/** File:line and what is named, of each. */
async function passedOver(files: Files): Promise<readonly string[]> {
  const warnings = await warningsOf(await project({ ...BASE, ...files }));
  assert.equal([...new Set(warnings.map(({ code }) => code))], warnings.length > 0 ? ['macro-passed-over'] : []);
  return warnings.map(({ at, message }) => `${at?.file}:${at?.line} ${/^the (.*?) takes/.exec(message)?.[1]}`).sort();
}

const macro = (name: string, body = ''): string => `{% macro ${name}(a, b, c) %}${body}{% endmacro %}\n`;
const block = (name: string, body: string): string =>
  `{% materialization ${name}, default %}{% call statement('main') %}${body}{% endcall %}{{ return({'relations': [this]}) }}{% endmaterialization %}\n`;

test('each is told once, with its place, by its own name or by that which dispatch finds', async () => {
  const names = ['create_table_as', 'default__persist_docs', 'duckdb__create_schema', 'load_csv_rows', 'snapshot_merge_sql', 'get_catalog'];
  assert.equal(
    await passedOver({ 'macros/m.sql': names.map((name) => macro(name)).join('') }),
    names.map((name, index) => `macros/m.sql:${index + 1} macro '${name}'`),
  );
  const [told] = await warningsOf(await project({ ...BASE, 'macros/m.sql': macro('apply_grants') }));
  assert.match(told?.message ?? '', 'but dwh grants rights and writes comments by itself: nothing calls it');
  assert.match(told?.hint ?? '', 'hooks');
});

test('materializations of seeds, snapshots and tests; of models they are carried out', async () => {
  const blocks = ['seed', 'snapshot', 'test', 'table', 'view', 'unit'].map((name) => block(name, 'select 1'));
  assert.equal(await passedOver({ 'macros/m.sql': blocks.join('') }), [
    "macros/m.sql:1 materialization 'seed'",
    "macros/m.sql:2 materialization 'snapshot'",
    "macros/m.sql:3 materialization 'test'",
  ]);
});

test("what a dispatch would find in place of dwh's tests; a test of the project is run", async () => {
  assert.equal(await passedOver({ 'macros/m.sql': macro('default__test_unique') }), ["macros/m.sql:1 macro 'default__test_unique'"]);
  const own = '{% test unique(model, column_name) %}{{ default__test_unique(model, column_name, 1) }}{% endtest %}\n';
  assert.equal(await passedOver({ 'macros/m.sql': macro('default__test_unique'), 'macros/t.sql': own }), []);
});

test('nothing is told of those that are called: by a materialization, by way of built-in macros, by a model as it runs', async () => {
  assert.equal(
    await passedOver({ 'macros/m.sql': macro('create_table_as') + block('mine', '{{ get_create_table_as_sql(false, this, sql) }}') }),
    [],
  );
  assert.equal(
    await passedOver({
      'macros/m.sql': macro('drop_relation'),
      'models/b.sql': '{% if execute %}{{ drop_relation(this) }}{% endif %}select 1',
    }),
    [],
  );
  // One of them that calls another is called by nothing itself.
  assert.equal(
    await passedOver({ 'macros/m.sql': macro('get_create_view_as_sql', '{{ create_view_as(a, b) }}') + macro('create_view_as') }),
    ["macros/m.sql:1 macro 'get_create_view_as_sql'", "macros/m.sql:2 macro 'create_view_as'"],
  );
});

test('nothing is told of those that dwh calls, and of what the project does not have', async () => {
  const called = ['generate_schema_name', 'get_where_subquery', 'default__get_merge_sql', 'get_incremental_append_sql', 'type_string'];
  const texts: Readonly<Record<string, string>> = { generate_schema_name: 'main', get_where_subquery: '{{ a }}' };
  assert.equal(await passedOver({ 'macros/m.sql': called.map((name) => macro(name, texts[name])).join('') }), []);
  assert.equal(await passedOver({ 'macros/m.sql': macro('scalar_function_sql') + block('function', '') }), []);
});

test('those of packages only where the project dispatches to them, or lets their materializations in', async () => {
  const files = {
    'packages.yml': 'packages: [{local: ../tools}]',
    'dbt_packages/tools/dbt_project.yml': 'name: tools\n',
    'dbt_packages/tools/macros/t.sql': macro('create_table_as') + macro('default__create_view_as') + block('seed', 'select 1'),
  };
  assert.equal(await passedOver(files), []);
  assert.equal(
    await passedOver({ ...files, 'project.yml': 'name: shop\ndispatch: [{macro_namespace: dbt, search_order: [shop, tools, dbt]}]\n' }),
    ["dbt_packages/tools/macros/t.sql:2 macro 'default__create_view_as'"],
  );
  const flag = 'flags: {require_explicit_package_overrides_for_builtin_materializations: false}\n';
  assert.equal(await passedOver({ ...files, 'project.yml': `name: shop\n${flag}` }), [
    "dbt_packages/tools/macros/t.sql:3 materialization 'seed'",
  ]);
});

test.run();
