// dwh's own macros: each is rendered in a model's scope and answered by DuckDB.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { output, project } from '../support/fixture.ts';

const test = suite('context: cross-database macros');

/** What a query says when it is shown: one row, by column name. */
async function answer(sql: string, files: Readonly<Record<string, string>> = {}): Promise<Record<string, unknown>> {
  const shop = await project({ 'project.yml': 'name: shop\n', ...files });
  const events = await shop.run('show', { inline: sql, output: 'json', limit: 100 });
  const shown = JSON.parse(output(events)) as { show: Record<string, unknown>[] };
  return shown.show[0] ?? {};
}

const one = async (expression: string): Promise<unknown> => (await answer(`select ${expression} as v`)).v;

const CASES: readonly [string, unknown][] = [
  ['{{ dbt.concat(["\'a\'", "\'b\'", "\'c\'"]) }}', 'abc'],
  ['{{ dbt.hash("\'abc\'") }}', '900150983cd24fb0d6963f7d28e17f72'],
  ['{{ dbt.length("\'abcd\'") }}', 4],
  ['{{ dbt.position("\'c\'", "\'abcd\'") }}', 3],
  ['{{ dbt.replace("\'a-b\'", "\'-\'", "\'+\'") }}', 'a+b'],
  ['{{ dbt.right("\'abcd\'", 2) }}', 'cd'],
  ['{{ dbt.split_part("\'a|b|c\'", "\'|\'", 2) }}', 'b'],
  ["{{ dbt.string_literal('it') }}", 'it'],
  ["'{{ dbt.escape_single_quotes(\"it's\") }}'", "it's"],
  ['{{ dbt.cast("\'7\'", dbt.type_int()) }} + 1', 8],
  ['{{ dbt.safe_cast("\'seven\'", dbt.type_int()) }}', null],
  ['{{ dbt.cast_bool_to_text("1 = 1") }}', 'true'],
  ['typeof(cast(1 as {{ dbt.type_string() }}))', 'VARCHAR'],
  ['typeof(cast(1 as {{ dbt.type_bigint() }}))', 'BIGINT'],
  ['typeof(cast(1 as {{ dbt.type_float() }}))', 'FLOAT'],
  ['typeof(cast(1 as {{ dbt.type_numeric() }}))', 'DECIMAL(28,6)'],
  ['typeof(cast(true as {{ dbt.type_boolean() }}))', 'BOOLEAN'],
  ["typeof(cast('2024-01-01' as {{ dbt.type_timestamp() }}))", 'TIMESTAMP'],
  ["cast({{ dbt.dateadd('day', -1, \"cast('2024-03-01' as timestamp)\") }} as varchar)", '2024-02-29 00:00:00'],
  ["cast({{ dbt.dateadd('quarter', 1, \"cast('2024-01-31' as timestamp)\") }} as varchar)", '2024-04-30 00:00:00'],
  ["{{ dbt.datediff(\"'2023-12-31 23:59:59'\", \"'2024-01-01 00:00:00'\", 'year') }}", 1],
  ["{{ dbt.datediff(\"'2023-12-31 23:59:59'\", \"'2024-01-01 00:00:00'\", 'hour') }}", 1],
  ["cast({{ dbt.date_trunc('month', \"cast('2024-05-17 10:00:00' as timestamp)\") }} as varchar)", '2024-05-01 00:00:00'],
  ["cast({{ dbt.last_day(\"cast('2024-02-10' as timestamp)\", 'month') }} as varchar)", '2024-02-29'],
  ['cast({{ dbt.date(2024, 2, 29) }} as varchar)', '2024-02-29'],
  ["{{ dbt.equals('null', 'null') }}", null],
  ["{{ dbt.equals('1', 'null') }}", null],
  ["cast({{ dbt.array_construct(['1', '2']) }} as varchar)", '[1, 2]'],
  ["cast({{ dbt.array_append(dbt.array_construct(['1']), '2') }} as varchar)", '[1, 2]'],
  ["cast({{ dbt.array_concat(dbt.array_construct(['1']), dbt.array_construct(['2'])) }} as varchar)", '[1, 2]'],
];

for (const [expression, expected] of CASES) {
  test(expression, async () => {
    assert.equal(await one(expression), expected);
  });
}

test('aggregates: any_value, bool_or, listagg with an order and a limit', async () => {
  const row = await answer(`
    select {{ dbt.any_value('x') }} as some, {{ dbt.bool_or('x > 2') }} as over,
           {{ dbt.listagg('cast(x as varchar)', "'|'", 'order by x desc') }} as list,
           {{ dbt.listagg('cast(x as varchar)', "'|'", 'order by x', 2) }} as first_two
    from (select 1 as x union all select 2 union all select 3) as numbers
    {{ '' if dbt.except() == 'except' and dbt.intersect() == 'intersect' else 'wrong' }}`);
  assert.ok([1, 2, 3].includes(Number(row.some)));
  assert.equal([row.over, row.list, row.first_two], [true, '3|2|1', '1|2']);
});

test('date_spine asks how many steps there are, and generate_series counts them', async () => {
  const spine = "{{ dbt.date_spine('day', \"cast('2024-02-27' as date)\", \"cast('2024-03-02' as date)\") }}";
  assert.equal(
    await answer(`select count(*) as n, cast(min(date_day) as varchar) as a, cast(max(date_day) as varchar) as b from (${spine}) as s`),
    {
      n: 4,
      a: '2024-02-27 00:00:00',
      b: '2024-03-01 00:00:00',
    },
  );
  assert.equal(await answer('select count(*) as n, max(generated_number) as top from ({{ dbt.generate_series(11) }}) as s'), {
    n: 11,
    top: 11,
  });
});

test('current_timestamp is the clock of the warehouse', async () => {
  assert.equal(await one('abs({{ dbt.datediff("now()::timestamp", dbt.current_timestamp_in_utc(), "second") }}) < 60'), true);
  assert.equal(await one('{{ dbt.current_timestamp() }} is not null'), true);
});

test('a template asks the warehouse: run_query, statement, load_result and the shapes of their rows', async () => {
  const row = await answer(`
    {%- set rows = run_query("select 1 as id, 'a' as name union all select 2, null order by 1") -%}
    {%- call statement('counted', fetch_result=true) %} select 40 + 2 as n {% endcall -%}
    select {{ rows | length }} as n, '{{ rows.column_names | join("-") }}' as names, {{ rows.columns[0].values() | sum }} as total,
           '{{ rows.rows[0]["name"] }}{{ rows[1].name }}' as cells, {{ load_result('counted')['data'][0][0] }} as counted,
           {{ load_result('counted').table.columns['n'].values()[0] }} as again`);
  assert.equal(row, { n: 2, names: 'id-name', total: 3, cells: 'aNone', counted: 42, again: 42 });
});

test('the adapter answers from the warehouse: relations, columns, schemas', async () => {
  const files = {
    'models/orders.sql': "{{ config(materialized='table') }} select 1 as id, cast('x' as varchar) as name, 1.5::decimal(10,2) as price",
  };
  const shop = await project({ 'project.yml': 'name: shop\n', ...files });
  await shop.run('run');
  const sql = `
    {%- set orders = adapter.get_relation(target.database, target.schema, 'orders') -%}
    {%- set columns = adapter.get_columns_in_relation(orders) -%}
    select '{{ orders.is_table }}' as is_table, '{{ adapter.get_relation(target.database, target.schema, 'nope') is none }}' as none_there,
           '{{ columns | map(attribute="name") | join(",") }}' as names, '{{ columns[2].is_numeric() }}{{ columns[2].data_type | lower }}' as price,
           '{{ adapter.check_schema_exists(target.database, 'main') }}' as has_main, '{{ adapter.already_exists('main', 'orders') }}' as there,
           '{{ adapter.list_relations_without_caching(api.Relation.create(schema="main")) | map(attribute="identifier") | join(",") }}' as listed,
           '{{ get_columns_in_query("select 1 as a, 2 as b") | join(",") }}' as query_columns`;
  const events = await shop.run('show', { inline: sql, output: 'json' });
  const [row] = (JSON.parse(output(events)) as { show: Record<string, unknown>[] }).show;
  assert.equal(row, {
    is_table: 'True',
    none_there: 'True',
    names: 'id,name,price',
    price: 'Truedecimal(10,2)',
    has_main: 'True',
    there: 'True',
    listed: 'orders',
    query_columns: 'a,b',
  });
});

test('a project overrides built-in macros, its own dispatch comes first, and package names work', async () => {
  const files = {
    'macros/own.sql':
      "{% macro duckdb__concat(fields) %}'mine'{% endmacro %}{% macro hash(field) %}'hashed'{% endmacro %}{% macro generate_alias_name(custom_alias_name=none, node=none) %}x_{{ node.name }}{% endmacro %}",
    'models/a.sql': 'select 1 as one',
  };
  assert.equal(
    await answer(
      "select {{ dbt.concat([\"'a'\"]) }} as c, {{ hash('x') }} as h, {{ shop.hash('x') }} as s, length({{ dbt.hash(\"'x'\") }}) as d",
      files,
    ),
    {
      c: 'mine',
      h: 'hashed',
      s: 'hashed',
      d: 32,
    },
  );
  const shop = await project({ 'project.yml': 'name: shop\n', ...files });
  await shop.run('run');
  assert.equal(await shop.query('select * from x_a'), [['1']]);
});

test.run();
