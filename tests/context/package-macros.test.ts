// Macros in the manner of the packages that everybody installs: they take relations apart, ask what columns and values there are,
// and write SQL of the answers. The package stands in dbt_packages/, and each answer comes from the warehouse.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Fixture, output, project, projectOn, results, statuses } from '../support/fixture.ts';
import { onServer, postgresTarget } from '../support/postgres.ts';
import { rejects } from '../support/rejects.ts';

const test = suite('context: macros of packages');

const TOOLS = `
{% macro must_be_relation(thing) %}
  {%- if not (thing is mapping and thing.get('metadata', {}).get('type', '').endswith('Relation')) -%}
    {%- do exceptions.raise_compiler_error('a relation is needed, and this is ' ~ thing) -%}
  {%- endif -%}
  {%- if thing.is_cte and thing.name.startswith(api.Relation.add_ephemeral_prefix('')) -%}
    {%- do exceptions.raise_compiler_error(thing.name ~ ' has no columns to look up') -%}
  {%- endif -%}
{% endmacro %}

{% macro columns_but(relation, without=[]) %}{{ return(adapter.dispatch('columns_but', 'tools')(relation, without)) }}{% endmacro %}
{% macro default__columns_but(relation, without) %}
  {%- do tools.must_be_relation(relation) -%}
  {%- if not execute %}{{ return('*') }}{% endif -%}
  {%- set names = [] -%}
  {%- for column in adapter.get_columns_in_relation(relation) if column.name | lower not in without | map('lower') | list -%}
    {%- do names.append(adapter.quote(column.name)) -%}
  {%- endfor -%}
  {{ return(names | join(', ')) }}
{% endmacro %}

{% macro values_of(relation, column) %}
  {%- if not execute %}{{ return([]) }}{% endif -%}
  {%- call statement('values_of', fetch_result=true) -%}
    {%- if load_relation(relation) is none -%}{{ return(['nothing']) }}{%- endif -%}
    select distinct {{ column }} as value from {{ relation }} order by 1
  {%- endcall -%}
  {{ return(load_result('values_of')['data'] | map(attribute=0) | list) }}
{% endmacro %}

{% macro stacked(relations) %}
  {%- if not execute %}{{ return('select 1 as id') }}{% endif -%}
  {%- set known, widest = {}, {} -%}
  {%- for relation in relations -%}
    {%- do known.update({relation: []}) -%}
    {%- for column in adapter.get_columns_in_relation(relation) -%}
      {%- do known[relation].append(column.column) -%}
      {%- set before = widest.get(column.column) -%}
      {%- if before is none or (column.is_string() and before.is_string() and column.string_size() > before.string_size()) -%}
        {%- do widest.update({column.column: column}) -%}
      {%- endif -%}
    {%- endfor -%}
  {%- endfor -%}
  {%- for relation in relations %}
    (select {{ dbt.string_literal(relation.identifier) }} as origin
      {%- for name, column in widest.items() %}, cast({{ adapter.quote(name) if name in known[relation] else 'null' }} as {{ column.data_type }}) as {{ column.quoted }}{% endfor %}
    from {{ relation }}){{ ' union all ' if not loop.last }}
  {%- endfor -%}
{% endmacro %}

{% test newest_is_after(model, field, moment, by=[]) %}
{% if by | length > 0 %}{% set grouped = by | join(', ') ~ ', ' %}{% endif %}
select {{ grouped }} max({{ field }}) as newest from {{ model }} {{ 'group by ' ~ by | join(', ') if by }}
having max({{ field }}) < cast('{{ moment }}' as timestamp)
{% endtest %}`;

const FILES = {
  'dbt_packages/tools/dbt_project.yml': 'name: tools\nvars:\n  unit: metres\n',
  'dbt_packages/tools/macros/tools.sql': TOOLS,
  'models/sales.sql':
    "select 1 as id, cast('a' as varchar(10)) as kind, 10 as amount, cast('2024-02-03 04:05:06' as timestamp) as sold union all select 2, 'b', 20, cast('2024-02-04' as timestamp)",
  'models/other.sql': "select 9 as id, cast('zz' as varchar(20)) as kind, 'more' as extra",
  'models/picked.sql': "select {{ tools.columns_but(ref('sales'), without=['SOLD', 'amount']) }} from {{ ref('sales') }}",
  'models/by_kind.sql': `
select {% for kind in tools.values_of(ref('sales'), 'kind') -%}
  sum(case when kind = '{{ kind }}' then amount else 0 end) as {{ adapter.quote(kind) }}{{ ', ' if not loop.last }}
{%- else -%} 1 as none_yet {%- endfor %} from {{ ref('sales') }}`,
  'models/all_of_them.sql': "{{ tools.stacked([ref('sales'), ref('other')]) }}",
  'models/models.yml': `
models:
  - name: sales
    columns:
      - {name: id, description: the sale}
    data_tests:
      - tools.newest_is_after: {arguments: {field: sold, moment: '2024-02-01'}}
      - tools.newest_is_after: {name: per_kind, arguments: {field: sold, moment: '2024-02-01', by: [kind]}}`,
};
const PROJECT = 'name: shop\nmodels:\n  +materialized: table\n';

/** What each of these prints in a macro that is called at the warehouse. */
async function said(shop: Fixture, expressions: readonly string[]): Promise<readonly string[]> {
  await shop.write('macros/said.sql', `{% macro said() %}${expressions.map((one) => `{{ print(${one}) }}`).join('\n')}{% endmacro %}`);
  const events = await shop.run('run-operation', { operation: { macro: 'said', args: {} } });
  const [result] = results(events).values();
  assert.is(result?.status, 'success', `${expressions[events.filter(({ type }) => type === 'output').length]}: ${result?.message}`);
  return events.flatMap((event) => (event.type === 'output' ? [event.text.trimEnd()] : []));
}

/** Expressions and what they say on both warehouses, over the models above. */
const SAYS: readonly [string, string][] = [
  // Cells are what Python's would be.
  ["run_query('select sold from ' ~ ref('sales') ~ ' order by id')[0][0].strftime('%d.%m.%Y %H:%M')", '03.02.2024 04:05'],
  ['run_query("select cast(\'2024-02-03\' as date) as d")[0].d + modules.datetime.timedelta(days=1)', '2024-02-04'],
  ["run_query(\"select cast('2024-02-03 04:05:06.25' as timestamp) as t\")[0]['t']", '2024-02-03 04:05:06.250000'],
  ["run_query('select cast(1.50 as decimal(10, 2)) as n')[0].n", '1.50'],
  ["run_query('select cast(1.50 as decimal(10, 2)) as n')[0].n * 2", '3.0'],
  ["run_query('select sum(cast(amount as bigint)) as n from ' ~ ref('sales'))[0].n + 1", '31'],
  ["run_query('select null as n')[0].n", 'None'],
  ["run_query('select 2 as a, 1 as b union all select 1, 3').order_by('a').columns['b'].values() | list", '[3, 1]'],
  ["run_query('select 1 as a, 2 as b').rename(column_names={'a': 'c'}).exclude(['b']).column_names | list", "['c']"],
  ["run_query('select 1 as a union all select 2').limit(1) | length", '1'],
  // Relations.
  ["load_relation(ref('sales')).type", 'table'],
  ["load_cached_relation(ref('sales')).identifier ~ load_cached_relation(ref('sales').replace_path(identifier='nope'))", 'salesNone'],
  ["get_or_create_relation(target.database, target.schema, 'sales', 'table') | map('string') | first", 'True'],
  ["get_or_create_relation(target.database, target.schema, 'nope', 'view')[1].is_view", 'True'],
  ["ref('sales').matches(identifier='sales') ~ ref('sales').matches(identifier='other')", 'TrueFalse'],
  ["ref('sales').information_schema('tables').include(database=false)", 'INFORMATION_SCHEMA.tables'],
  [
    "run_query('select count(*) as n from ' ~ ref('sales').information_schema('tables').include(database=false) ~ \" where table_name = 'sales'\")[0].n",
    '1',
  ],
  ["make_intermediate_relation(ref('sales')).identifier ~ make_backup_relation(ref('sales'), 'view').type", 'sales__dbt_tmpview'],
  ["api.Relation.create(identifier='i', quote_policy={'identifier': false})", 'i'],
  ["adapter.get_columns_in_table(target.schema, 'sales') | map(attribute='name') | join(' ')", 'id kind amount sold'],
  ["check_schema_exists(target.database, target.schema)[0][0] ~ check_schema_exists(target.database, 'nowhere')[0][0]", '10'],
  ['target.schema in (list_schemas(target.database).columns[0].values() | list)', 'True'],
  [
    "get_catalog(none, [target.schema]).rows | selectattr('table_name', 'equalto', 'other') | map(attribute='column_name') | join(' ')",
    'id kind extra',
  ],
  ["collect_freshness(ref('sales'), 'sold', none).table[0].max_loaded_at", '2024-02-04 00:00:00'],
  ["collect_freshness(ref('sales'), 'sold', 'id = 1').table[0].max_loaded_at.date()", '2024-02-03'],
  // Columns and what is made of them.
  [
    "diff_columns(adapter.get_columns_in_relation(ref('sales')), adapter.get_columns_in_relation(ref('other'))) | map(attribute='name') | join(' ')",
    'amount sold',
  ],
  ["check_for_schema_changes(ref('sales'), ref('other')).target_not_in_source | map(attribute='name') | join(' ')", 'extra'],
  ["diff_column_data_types([api.Column('a', 'bigint')], [api.Column('A', 'integer')])", "[{'column_name': 'A', 'new_type': 'bigint'}]"],
  ["get_quoted_csv(['a', 'b'])", '"a", "b"'],
  ["run_query(get_empty_subquery_sql('select id, kind from ' ~ ref('sales'))).column_names | join(' ')", 'id kind'],
  ["run_query(get_limit_subquery_sql('select id from ' ~ ref('sales'), 1)) | length", '1'],
  ["run_query('select ' ~ snapshot_hash_arguments([\"'a'\", 'null']) ~ ' as h')[0].h == local_md5('a|')", 'True'],
  ["get_merge_update_columns(none, ['amount', 'SOLD'], adapter.get_columns_in_relation(ref('sales'))) | join(' ')", '"id" "kind"'],
  [
    "incremental_validate_on_schema_change('sync_all_columns') ~ ' ' ~ incremental_validate_on_schema_change('x')",
    'sync_all_columns ignore',
  ],
  ["partition_range('20240228, 20240301') | join(' ')", '20240228 20240229 20240301'],
  [
    "adapter.standardize_grants_dict(run_query(\"select 'bo' as grantee, 'select' as privilege_type union all select 'al', 'select' order by 1\"))",
    "{'select': ['al', 'bo']}",
  ],
  ["adapter.get_hard_deletes_behavior({'invalidate_hard_deletes': true}) ~ adapter.get_hard_deletes_behavior({})", 'invalidateignore'],
  // Sets are Python's: equal whatever their order, changed in place.
  ["set(['b', 'a']) == set(['a', 'b', 'a']) and set(['a']) != set(['b']) and set([]) != []", 'True'],
  [
    "set(adapter.get_columns_in_relation(ref('sales')) | map(attribute='name')) - set(adapter.get_columns_in_relation(ref('other')) | map(attribute='name')) == set(['sold', 'amount'])",
    'True',
  ],
  [
    'set([1, 2]).union([2, 3], set([4])) | list ~ set([1, 2, 3]).intersection([3, 2], [2]) ~ set([1, 2]).symmetric_difference([2, 3])',
    '[1, 2, 3, 4]{2}{1, 3}',
  ],
  ['set([1]).issubset([1, 2]) ~ set([1]).issuperset([1, 2]) ~ set([1]).isdisjoint([2]) ~ (2 in set([1]).copy())', 'TrueFalseTrueFalse'],
  ["set([1, 1.0, true]) | length ~ (set([]) | string) ~ (set(['a']) is mapping) ~ (set(['a']) is iterable)", '1set()FalseTrue'],
  [
    "adapter.get_incremental_strategy_macro(context, 'append')({'target_relation': 't', 'temp_relation': 's', 'dest_columns': [api.Column('a', 'integer')]}) | trim",
    'insert into t ("a") select "a" from s',
  ],
  // Calls, names and texts.
  ["diff_of_two_dicts({'select': ['a', 'b'], 'insert': ['c']}, {'SELECT': ['A']})", "{'select': ['b'], 'insert': ['c']}"],
  ["try_or_compiler_error('no', tools.values_of, ref('sales'), 'kind') | join(' ')", 'a b'],
  ["context['target'].type == target.type and 'ref' in context and context.get('nope', 7) == 7", 'True'],
  ["context['tools']['values_of'](ref('sales'), 'kind') | join(' ')", 'a b'],
  ['render("{{ ref(\'sales\').identifier }} {{ 1 + 1 }}")', 'sales 2'],
  ["builtins.ref('sales').identifier ~ ('ref' in builtins.keys())", 'salesTrue'],
  ["graph.nodes['model.shop.picked'].depends_on.nodes[0]", 'model.shop.sales'],
  // Not there while it is parsed.
  ["graph.nodes['model.shop.picked'].config.materialized.upper() ~ graph['nodes']['model.shop.picked'].name[:2]", 'TABLEpi'],
  ["graph.nodes['model.shop.sales'].test_metadata ~ graph.nodes['model.shop.sales'].config.zone ~ model.nowhere ~ '.'", '.'],
  ["graph.nodes['model.shop.sales'].columns.items() | map(attribute=1) | map(attribute='description') | join", 'the sale'],
  ["modules.re.findall('(?i)(?s)(?x) A  # one letter\\n . ', 'ab a\\n') | join('-')", 'ab-a\n'.trim()],
];

async function agrees(shop: Fixture, rows: (sql: string) => Promise<readonly (readonly unknown[])[]>): Promise<void> {
  assert.equal([...new Set(Object.values(statuses(await shop.run('build'))))].sort(), ['pass', 'success']);
  assert.equal(await rows('select * from picked order by 1'), [
    ['1', 'a'],
    ['2', 'b'],
  ]);
  assert.equal(await rows('select "a", "b" from by_kind'), [['10', '20']]);
  assert.equal(await rows('select origin, id, kind, extra from all_of_them order by id'), [
    ['sales', '1', 'a', null],
    ['sales', '2', 'b', null],
    ['other', '9', 'zz', 'more'],
  ]);
  const answers = await said(
    shop,
    SAYS.map(([expression]) => expression),
  );
  for (const [index, [expression, expected]] of SAYS.entries()) assert.is(answers[index], expected, expression);
}

test('DuckDB', async () => {
  const shop = await project({ 'project.yml': PROJECT, ...FILES });
  await agrees(shop, shop.query);
});

test('Postgres', async () => {
  const target = await postgresTarget();
  const shop = await projectOn({ ...target, schema: 'public' }, { 'project.yml': `${PROJECT}profile: shop\n`, ...FILES });
  await agrees(shop, async (sql) => {
    const { rows } = await onServer(target.dbname, (client) => client.query({ text: sql, rowMode: 'array' }));
    return (rows as unknown[][]).map((row) => row.map((value) => (value === null ? null : String(value))));
  });
});

test('sets are changed in place', async () => {
  const shop = await project({ 'project.yml': PROJECT, ...FILES });
  await shop.run('run', { select: 'sales' });
  const steps =
    "{% set s = set(['a', 'b']) %}{% do s.add('c') %}{% do s.update(['d'], ['a']) %}{% do s.discard('z') %}{% do s.remove('b') %}";
  await shop.write(
    'macros/changed.sql',
    `{% macro changed() %}${steps}{{ print(s) }}{{ print(s.pop() ~ s) }}{% do s.clear() %}{% do s.remove('a') %}{% endmacro %}`,
  );
  const events = await shop.run('run-operation', { operation: { macro: 'changed', args: {} } });
  assert.equal(output(events).trim().split(/\n+/), ["{'a', 'c', 'd'}", "a{'c', 'd'}"]);
  assert.match(results(events).get('macro.shop.changed')?.message ?? '', "'a' is not in this set");
});

test('while the project is parsed, what the warehouse would have put into a dict prints as nothing, in macros, too', async () => {
  const bounds = `
{% macro between(props) %}{% if props %}where {{ props['field'] }} >= '{{ props['lowest'] }}'{% endif %}{% endmacro %}
{% macro bounds(relation) %}
  {% set props = {'field': 'id'} %}
  {% if execute %}{% do props.update({'lowest': run_query('select max(id) from ' ~ relation).columns[0].values()[0]}) %}{% endif %}
  {{ return(props) }}
{% endmacro %}`;
  const shop = await project({
    'project.yml': PROJECT,
    ...FILES,
    'macros/bounds.sql': bounds,
    'models/newest.sql': "select id from {{ ref('sales') }} {{ between(bounds(ref('sales'))) }}",
    'models/typo.sql': "{% if execute %}select {{ {'a': 1}['b'] }} from {{ ref('sales') }}{% endif %}",
  });
  const said = results(await shop.run('run', { select: 'sales newest typo' }));
  assert.equal(await shop.query('from newest'), [['2']]);
  assert.match(said.get('model.shop.typo')?.message ?? '', "this dict has no member 'b'");
});

test('columns and rows are changed by macros, on DuckDB as it stands there', async () => {
  const shop = await project({
    'project.yml': PROJECT,
    ...FILES,
    'macros/change.sql': `
{% macro change() %}
  {% set sales = load_relation(ref('sales')) %}
  {% do create_schema(api.Relation.create(database=target.database, schema='kept')) %}
  {% set copy = api.Relation.create(database=target.database, schema='kept', identifier='copy') %}
  {% do run_query('create table ' ~ copy ~ ' as select id, kind from ' ~ sales) %}
  {% do process_schema_changes('sync_all_columns', sales, copy) %}
  {% do alter_column_type(copy, 'id', 'bigint') %}
  {% do run_query(get_delete_insert_merge_sql(copy, sales, 'id', adapter.get_columns_in_relation(copy))) %}
  {% do run_query('create view ' ~ copy.incorporate(path={'identifier': 'seen'}) ~ ' as select * from ' ~ copy) %}
  {% do rename_relation(load_relation(copy), copy.replace_path(identifier='renamed')) %}
  {% do drop_relation_if_exists(load_relation(copy.replace_path(identifier='seen'))) %}
  {{ print(adapter.list_relations_without_caching(copy) | map(attribute='identifier') | join(' ')) }}
{% endmacro %}`,
  });
  await shop.run('run');
  const events = await shop.run('run-operation', { operation: { macro: 'change', args: {} } });
  assert.is(results(events).get('macro.shop.change')?.message, undefined);
  assert.is(output(events).trim(), 'renamed');
  assert.equal(await shop.query('select id, kind, amount, typeof(id) from kept.renamed order by id'), [
    ['1', 'a', '10', 'BIGINT'],
    ['2', 'b', '20', 'BIGINT'],
  ]);
});

test('dispatch asks the packages in the order that the project gives', async () => {
  const own = "{% macro default__columns_but(relation, without) %}{{ return('count(*) as n') }}{% endmacro %}";
  const shop = await project({
    'project.yml': `${PROJECT}dispatch:\n  - macro_namespace: tools\n    search_order: [shop, tools]\n`,
    ...FILES,
    'macros/own.sql': own,
  });
  await shop.run('run', { select: 'sales picked' });
  assert.equal(await shop.query('from picked'), [['2']]);
});

test('errors name what was wanted', async () => {
  const shop = await project({ 'project.yml': PROJECT, ...FILES, 'models/picked.sql': "select {{ tools.columns_but('sales') }}" });
  await rejects(shop.run('parse'), { code: 'raised', message: 'a relation is needed, and this is sales' });
  const python = await project({ 'project.yml': PROJECT, 'models/a.sql': '{{ submit_python_job(model, "x") }}' });
  for (const [call, message] of [
    ["adapter_macro('tools.columns_but')", 'adapter_macro() is gone'],
    ["metric('revenue')", "metric('revenue'): metrics are passed over"],
    [
      "adapter.get_incremental_strategy_macro(context, 'mrge')",
      "the incremental strategy 'mrge' needs the macro 'get_incremental_mrge_sql'",
    ],
  ] as const)
    await rejects((await project({ 'project.yml': PROJECT, 'models/a.sql': `select {{ ${call} }}` })).run('parse'), {
      message,
      at: 'models/a.sql:1',
    });
  await rejects(python.run('parse'), { code: 'python-models', message: 'Python models are not run' });
  const failing = await project({
    'project.yml': PROJECT,
    'models/a.sql': "{{ try_or_compiler_error('a date, please', modules.datetime.datetime.strptime, 'x', '%Y') }}",
  });
  await rejects(failing.run('parse'), { code: 'raised', message: 'a date, please', at: 'models/a.sql:1' });
});

test.run();
