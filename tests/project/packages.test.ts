// What a package brings and what the root project says of it: variables, configs, names, hooks, macros, tests, versions. The answers
// are those that dbt gave for the same files.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Fixture, project, statuses } from '../support/fixture.ts';
import { rejects } from '../support/rejects.ts';
import { parsed } from './project-of.ts';

const test = suite('packages in a project');

const NOTE = (text: string): string => `create table if not exists main.notes (n varchar); insert into main.notes values ('${text}')`;

const FILES = {
  'project.yml': `
name: bakery
vars:
  tone: loud
  pantry: {unit: sacks, shelves: 3}
  everywhere: salt
models:
  +materialized: table
  pantry:
    +schema: stores
    +tags: [from_root]
    cellar: {+materialized: view}
    attic: {+enabled: true}
seeds:
  pantry: {+column_types: {id: bigint}}
snapshots:
  pantry: {+target_schema: kept}
data_tests:
  pantry: {+severity: warn}
sources:
  pantry: {mill: {closed: {+enabled: false}}}
dispatch:
  - {macro_namespace: pantry, search_order: [bakery, pantry]}
on-run-start: ["${NOTE('bakery begins')}"]
on-run-end: ["${NOTE('bakery ends')}"]
`,
  'macros/own.sql': "{% macro default__greet() %}'bakery greets'{% endmacro %}{% macro shout(x) %}'{{ x }}!!'{% endmacro %}",
  'models/order.sql':
    "select {{ shout('a') }} as own, {{ pantry.shout('a') }} as theirs, {{ pantry.greet() }} as greeting, '{{ var('unit', 'none') }}' as unit",
  'models/reads.sql': "select who from {{ ref('pantry', 'flour') }} union all select who from {{ ref('cellar_flour') }}",
  'dbt_packages/pantry/dbt_project.yml': `
name: pantry
require-dbt-version: [">=1.3.0", "<2.0.0"]
vars: {unit: grams, tone: soft, own: shelf, pantry: {scoped: inner}}
models:
  pantry:
    +materialized: view
    +tags: [theirs]
    attic: {+enabled: false}
on-run-start: "${NOTE('pantry begins')}"
on-run-end: ["${NOTE('pantry ends')}"]
`,
  'dbt_packages/pantry/macros/theirs.sql': `
{% macro greet() %}{{ return(adapter.dispatch('greet', 'pantry')()) }}{% endmacro %}
{% macro default__greet() %}'pantry greets'{% endmacro %}
{% macro shout(x) %}'{{ x }}!'{% endmacro %}`,
  'dbt_packages/pantry/models/flour.sql':
    "select 'flour' as who, '{{ var('unit') }}' as unit, '{{ var('tone') }}' as tone, '{{ var('own') }}' as own, '{{ var('shelves') }}' as shelves, '{{ var('everywhere') }}' as everywhere, '{{ var('scoped') }}' as scoped, {{ shout('b') }} as shout, {{ greet() }} as greeting",
  'dbt_packages/pantry/models/cellar/cellar_flour.sql': "select who from {{ ref('flour') }}",
  'dbt_packages/pantry/models/attic/old_flour.sql': 'select 2 as id',
  'dbt_packages/pantry/models/models.yml': `
sources:
  - {name: mill, tables: [{name: open}, {name: closed}]}
models:
  - name: flour
    description: "{{ doc('about_flour') }}"
    columns:
      - {name: who, data_tests: [{accepted_values: {arguments: {values: [rye]}}}]}`,
  'dbt_packages/pantry/models/docs.md': '{% docs about_flour %}Ground grain.{% enddocs %}',
  'dbt_packages/pantry/seeds/jars.csv': 'id,name\n1,x\n',
  'dbt_packages/pantry/snapshots/jars_then.sql':
    "{% snapshot jars_then %}{{ config(target_schema='theirs', unique_key='id', strategy='check', check_cols='all') }}select * from {{ ref('jars') }}{% endsnapshot %}",
};

test('all of a package is built, by the configs and variables that the root project has for it', async () => {
  const shop = await project(FILES);
  const said = statuses(await shop.run('build'));
  assert.is(said['model.pantry.flour'], 'success');
  assert.is(said['model.pantry.old_flour'], 'success');
  assert.is(said['snapshot.pantry.jars_then'], 'success');
  assert.equal(
    Object.entries(said)
      .filter(([id]) => id.startsWith('test.'))
      .map(([, status]) => status),
    ['warn'],
  );
  assert.equal(await shop.query('from main_stores.flour'), [
    ['flour', 'sacks', 'loud', 'shelf', '3', 'salt', 'inner', 'b!', 'bakery greets'],
  ]);
  assert.equal(await shop.query('from main."order"'), [['a!!', 'a!', 'bakery greets', 'none']]);
  assert.equal(
    await shop.query(
      "select table_schema, table_type from information_schema.tables where table_name in ('cellar_flour', 'jars_then') order by 1",
    ),
    [
      ['kept', 'BASE TABLE'],
      ['main_stores', 'VIEW'],
    ],
  );
  assert.equal(await shop.query('select typeof(id) from jars'), [['BIGINT']]);
  assert.equal(await shop.query('from notes'), [['bakery begins'], ['pantry begins'], ['bakery ends'], ['pantry ends']]);
  assert.equal(await shop.query('from main.reads'), [['flour'], ['flour']]);
});

test('tags of both add up, docs are the package’s, sources of it are disabled by the root', async () => {
  const shop = await project(FILES);
  const { nodes, project: made } = await parsed(shop);
  const flour = nodes.get('model.pantry.flour');
  assert.equal(flour?.config.tags, ['theirs', 'from_root']);
  assert.is(flour && 'description' in flour ? flour.description : undefined, 'Ground grain.');
  assert.equal(
    made.nodes.map(({ unique_id }) => unique_id as string).filter((id) => id.startsWith('source.')),
    ['source.pantry.mill.open'],
  );
});

test('--vars come before all', async () => {
  const shop = await project(FILES);
  await shop.run('run', { select: 'flour', vars: { unit: 'pounds', own: 'mine' } });
  assert.equal(await shop.query('select unit, own, shelves from main_stores.flour'), [['pounds', 'mine', '3']]);
});

test('a package that makes names itself makes those of its nodes', async () => {
  const shop = await project({
    ...FILES,
    'dbt_packages/pantry/macros/names.sql': `
{% macro generate_schema_name(custom, node) %}pantry_{{ custom or 'plain' }}{% endmacro %}
{% macro default__generate_alias_name(custom=none, node=none) %}{{ node.name }}_not_asked{% endmacro %}`,
  });
  await shop.run('build');
  assert.equal(
    await shop.query(
      "select table_schema, table_name from information_schema.tables where table_name in ('flour', 'jars', 'order') order by 2",
    ),
    [
      ['pantry_stores', 'flour'],
      ['pantry_plain', 'jars'],
      ['main', 'order'],
    ],
  );
});

test('a project tests what a package brings', async () => {
  const shop = await project({
    ...FILES,
    'models/more.yml': 'models: [{name: flour, columns: [{name: who, data_tests: [unique]}]}]\n',
  });
  const all = await shop.run('build', { select: 'flour' });
  const tests = Object.entries(statuses(all)).filter(([id]) => id.startsWith('test.bakery.'));
  assert.equal(
    tests.map(([id, status]) => `${id.split('.')[2]} ${status}`),
    ['unique_flour_who pass'],
  );
});

test('require-dbt-version', async () => {
  const needs = (range: string): Promise<Fixture> =>
    project({ 'project.yml': 'name: bakery\n', 'dbt_packages/pantry/dbt_project.yml': `name: pantry\nrequire-dbt-version: ${range}\n` });
  const cases: readonly (readonly [string, string])[] = [
    ['[">=2.0.0", "<3.0.0"]', "'pantry' needs dbt >=2.0.0, <3.0.0, and dwh goes by dbt 1.11"],
    ['"1.2.3"', "'pantry' needs dbt 1.2.3, and dwh goes by dbt 1.11"],
    ['[">=2.0.0", "<1.0.0"]', "'pantry' needs dbt >=2.0.0, <1.0.0, which no version can be"],
    ['abc', "require-dbt-version: 'abc' is not a version"],
  ];
  for (const [range, message] of cases)
    await rejects((await needs(range)).run('parse'), { code: 'dbt-version', message, at: 'dbt_packages/pantry/dbt_project.yml:2' });
  for (const range of ['">=1.0.0,<2.0.0"', '">=1.11.7"', '"1.11.3"', '["<=1.11.0"]']) await (await needs(range)).run('parse');
  await (await needs('">=9.0.0"')).run('parse', { args: { version_check: false } });
});

test.run();
