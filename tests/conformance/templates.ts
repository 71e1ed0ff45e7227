// Templates that ask the warehouse, and what shows them: compile, show, debug; the cross-database macros, answered by the server.
import * as assert from 'uvu/assert';
import { output, projectOn, results } from '../support/fixture.ts';
import { hasProblem, rejects } from '../support/rejects.ts';
import { config, queryOf, type Shop, type Theme } from './shop.ts';

const moment = (text: string): string => `\\"cast('${text}' as timestamp)\\"`;
const text = (expression: string): string => `cast(${expression} as varchar(40))`;

/** Macro, and its answer as text. */
const CASES: readonly [string, string | null][] = [
  ['{{ dbt.concat(["\'a\'", "\'b\'"]) }}', 'ab'],
  ['{{ dbt.hash("\'abc\'") }}', '900150983cd24fb0d6963f7d28e17f72'],
  [text('{{ dbt.length("\'abcd\'") }}'), '4'],
  [text('{{ dbt.position("\'c\'", "\'abcd\'") }}'), '3'],
  ['{{ dbt.replace("\'a-b\'", "\'-\'", "\'+\'") }}', 'a+b'],
  ['{{ dbt.right("\'abcd\'", 2) }}', 'cd'],
  ['{{ dbt.split_part("\'a|b|c\'", "\'|\'", 2) }}', 'b'],
  ['{{ dbt.split_part("\'a|b|c\'", "\'|\'", -1) }}', 'c'],
  ['{{ dbt.string_literal(dbt.escape_single_quotes("it\'s")) }}', "it's"],
  [text('{{ dbt.cast("\'7\'", dbt.type_int()) }} + 1'), '8'],
  [text('{{ dbt.safe_cast("\'2024-02-29\'", "date") }}'), '2024-02-29'],
  ['{{ dbt.cast_bool_to_text("1 = 2") }}', 'false'],
  [`${text(`{{ dbt.dateadd('day', -1, ${moment('2024-03-01 10:00:00')}) }}`)}`, '2024-02-29 10:00:00'],
  [`${text(`{{ dbt.dateadd('quarter', 1, ${moment('2024-01-31 00:00:00')}) }}`)}`, '2024-04-30 00:00:00'],
  [`${text(`{{ dbt.date_trunc('month', ${moment('2024-05-17 10:00:00')}) }}`)}`, '2024-05-01 00:00:00'],
  [`${text(`{{ dbt.date_trunc('week', ${moment('2024-05-19 10:00:00')}) }}`)}`, '2024-05-13 00:00:00'],
  [`${text(`{{ dbt.last_day(${moment('2024-02-10 12:00:00')}, 'month') }}`)}`, '2024-02-29'],
  [`${text(`{{ dbt.last_day(${moment('2024-02-10 12:00:00')}, 'quarter') }}`)}`, '2024-03-31'],
  [text('{{ dbt.date(2024, 2, 29) }}'), '2024-02-29'],
  ...(
    [
      ['2023-12-31 23:59:59', '2024-01-01 00:00:00', { year: 1, quarter: 1, month: 1, day: 1, hour: 1, minute: 1, second: 1 }],
      ['2024-01-31 00:00:00', '2024-03-01 12:00:00', { month: 2, day: 30, hour: 732, quarter: 0 }],
      ['2024-03-01 12:00:00', '2024-01-31 00:00:00', { month: -2, day: -30, hour: -732 }],
      ['2024-01-01 00:00:00.0009', '2024-01-01 00:00:00.0021', { millisecond: 2, microsecond: 1200 }],
    ] as const
  ).flatMap(([from, to, parts]) =>
    Object.entries(parts).map(([part, count]): [string, string] => [
      text(`{{ dbt.datediff(${moment(from)}, ${moment(to)}, '${part}') }}`),
      String(count),
    ]),
  ),
  ["case when {{ dbt.equals('null', 'null') }} then 'same' end", null],
  ["case when {{ dbt.equals('1', 'null') }} then 'same' end", null],
];

/** The rows that `show` prints as JSON. */
async function shown(shop: Shop, inline: string): Promise<readonly Record<string, unknown>[]> {
  const events = await shop.run('show', { inline, output: 'json', limit: 100 });
  return (JSON.parse(output(events)) as { show: Record<string, unknown>[] }).show;
}

export const templates: Theme = (scenario, { adapter, unreachable }) => {
  scenario('cross-database macros say the same everywhere', async (open) => {
    const shop = await open({ 'seeds/threes.csv': 'x\n3\n3\n3\n' });
    await shop.succeeds('seed');
    const columns = CASES.map(([expression], index) => `${expression} as c${index}`.replaceAll('\\"', '"'));
    const [row = {}] = await shown(shop, `select ${columns.join(',\n')}`);
    assert.equal(
      CASES.map(([expression], index) => `${expression}: ${row[`c${index}`]}`),
      CASES.map(([expression, answer]) => `${expression}: ${answer}`),
    );
    const [aggregates = {}] = await shown(
      shop,
      `select {{ dbt.any_value('x') }} as some, {{ dbt.bool_or('x > 2') }} as over, {{ dbt.listagg('cast(x as varchar(9))', "'|'", 'order by x desc') }} as list
from analytics.threes`,
    );
    assert.equal(aggregates, { some: 3, over: true, list: '3|3|3' });
    const spine = `{{ dbt.date_spine('day', "cast('2024-02-27' as date)", "cast('2024-03-02' as date)") }}`;
    const [days = {}] = await shown(
      shop,
      `select count(*) as n, ${text('min(cast(date_day as date))')} as a, ${text('max(cast(date_day as date))')} as b from (${spine}) as s`,
    );
    assert.equal(days, { n: 4, a: '2024-02-27', b: '2024-03-01' });
    assert.equal(await shown(shop, 'select count(*) as n, max(generated_number) as top from ({{ dbt.generate_series(11) }}) as s'), [
      { n: 11, top: 11 },
    ]);
    assert.equal(
      await shown(
        shop,
        "select case when {{ dbt.current_timestamp_in_utc() }} > {{ dbt.dateadd('year', -200, dbt.current_timestamp_in_utc()) }} then 1 end as n",
      ),
      [{ n: 1 }],
    );
    assert.equal(await shown(shop, `select 1 as n {{ dbt.intersect() }} select 1 {{ dbt.except() }} select 2`), [{ n: 1 }]);
  });

  scenario('run_query, statement and load_result bring rows into a template; compile shows what came of it', async (open) => {
    const shop = await open({
      'seeds/items.csv': 'id,name,price,day,flag\n1,a,1.5,2024-02-29,true\n2,,,,\n',
      'models/across.sql': `{%- if execute -%}{%- set rows = run_query("select id, name, price, day, flag from analytics.items order by id") -%}
{%- call statement('counted', fetch_result=true) %} select 40 + 2 as n {% endcall -%}
select {% for row in rows %}'{{ row.name }}' as name_{{ row['id'] }}, {% endfor %}
'{{ rows.columns[0].values() | sum }} {{ rows.column_names | join("-") }} {{ rows[0][2] }} {{ rows.rows[0]["day"] }} {{ rows[0].flag }} {{ load_result('counted')['data'][0][0] }}' as told
{%- else -%} select 1 as told {%- endif -%}`,
    });
    await shop.succeeds('seed');
    const compiled = output(await shop.run('compile', { select: 'across' }));
    assert.match(compiled, "select 'a' as name_1, 'None' as name_2");
    assert.match(compiled, "'3 id-name-price-day-flag 1.5 2024-02-29 True 42' as told");
    assert.is((await shop.read('target/compiled/shop/models/across.sql')).trim(), compiled.trim());
    await shop.succeeds('run');
    assert.equal((await shop.rows('select name_1 from across'))[0], ['a']);
    const refused = await shop.run('compile', { select: 'across', introspect: false });
    hasProblem(
      [...results(refused).values()].flatMap(({ problem }) => problem ?? []),
      { code: 'needs-warehouse' },
    );
  });

  scenario('the adapter answers: relations, columns and their types, schemas', async (open) => {
    const shop = await open({
      'models/orders.sql': `${config('table')}select 1 as id, cast('x' as varchar(10)) as name, cast(1.5 as decimal(10, 2)) as price, cast(1 as double precision) as ratio`,
      'models/orders_view.sql': "select id, name, 1 as more from {{ ref('orders') }}",
    });
    await shop.succeeds('run');
    const [row] = await shown(
      shop,
      `{%- set orders = adapter.get_relation(target.database, target.schema, 'orders') -%}
{%- set view = load_relation(ref('orders_view')) -%}
{%- set columns = adapter.get_columns_in_relation(orders) -%}
select '{{ orders.is_table }}{{ view.is_view }}{{ adapter.get_relation(target.database, target.schema, 'nope') is none }}' as kinds,
'{{ columns | map(attribute="name") | join(",") }}' as names,
'{{ columns[0].is_integer() }}{{ columns[1].is_string() }}{{ columns[2].is_numeric() }}{{ columns[2].numeric_scale }}{{ columns[3].is_float() }}' as types,
'{{ adapter.check_schema_exists(target.database, target.schema) }}{{ adapter.check_schema_exists(target.database, "nope") }}' as schemas,
'{{ adapter.already_exists(target.schema, "orders") }}' as there,
'{{ adapter.list_relations_without_caching(orders.without_identifier()) | map(attribute="identifier") | sort | join(",") }}' as listed,
'{{ get_columns_in_query("select 1 as a, 2 as b") | join(",") }}' as query_columns,
'{{ adapter.get_missing_columns(view, orders) | map(attribute="name") | join(",") }}' as missing`,
    );
    assert.equal(row, {
      kinds: 'TrueTrueTrue',
      names: 'id,name,price,ratio',
      types: 'TrueTrueTrue2True',
      schemas: 'TrueFalse',
      there: 'True',
      listed: 'orders,orders_view',
      query_columns: 'a,b',
      missing: 'more',
    });
  });

  scenario('the adapter acts: schemas and relations are made, renamed, emptied and dropped, and known to be', async (open) => {
    const shop = await open(
      {
        'macros/rearrange.sql': `{% macro rearrange() %}{% if execute %}
{% set place = api.Relation.create(database=target.database, schema='depot', identifier='old') %}
{% do adapter.create_schema(place) %}
{% do run_query('create table ' ~ place ~ ' as select 1 as id') %}
{% set there = adapter.get_relation(target.database, 'depot', 'old') %}
{% do adapter.rename_relation(there, place.incorporate(path={'identifier': 'new'})) %}
{% set renamed = adapter.get_relation(target.database, 'depot', 'new') %}
{% do print((there is not none) ~ (renamed is not none) ~ (adapter.get_relation(target.database, 'depot', 'old') is none)) %}
{% do adapter.truncate_relation(renamed) %}
{% do print(run_query('select count(*) as n from ' ~ renamed).columns[0].values()[0]) %}
{% do run_query('create table depot.gone as select 1 as id') %}
{% do adapter.drop_relation(api.Relation.create(database=target.database, schema='depot', identifier='gone')) %}
{% do adapter.drop_relation(api.Relation.create(database=target.database, schema='depot', identifier='never')) %}
{% endif %}{% endmacro %}`,
        'models/orders.sql': queryOf({ id: 1 }),
      },
      {
        project:
          'on-run-start: "{{ rearrange() }}"\non-run-end: "{% if var(\'drop\', false) %}{% do adapter.drop_schema(api.Relation.create(database=target.database, schema=\'depot\')) %}{% endif %}"\n',
      },
    );
    const events = await shop.run('run');
    assert.equal(output(events).trim().split(/\s+/), ['TrueTrueTrue', '0']);
    assert.equal(await shop.relations('depot'), ['depot.new (table)']);
    await shop.rows('drop table depot.new');
    await shop.succeeds('run', { vars: { drop: true } });
    assert.equal(await shop.relations('depot'), []);
  });

  scenario('show prints the first rows of a model, a seed, an analysis or a query, and places what is refused', async (open) => {
    const shop = await open({
      'seeds/items.csv': 'id,name\n1,"a, b"\n2,\n',
      'models/orders.sql': "select id, name, 1.50 as price, cast(null as date) as day from {{ ref('items') }}\n-- the end",
      'models/wrong.sql': 'select\n  no_such_column',
      'analyses/how_many.sql': "select count(*) as n from {{ ref('items') }};",
    });
    await shop.succeeds('run', { select: 'none' });
    await shop.succeeds('seed');
    const print = async (select: string, more = {}) => output(await shop.run('show', { select, ...more }));
    assert.equal((await print('items', { limit: 1 })).trim().split('\n'), [
      "Previewing node 'items':",
      'id | name',
      '---+-----',
      ' 1 | a, b',
    ]);
    const lines = (await print('orders')).trim().split('\n');
    assert.is(lines[1], 'id | name | price | day');
    assert.equal(lines.slice(3).sort(), [' 1 | a, b | 1.50  |', ' 2 |      | 1.50  |']);
    assert.match(await print('how_many'), /\n2\n/);
    await rejects(shop.run('show', { select: 'wrong' }), { code: 'database-error', message: 'no_such_column', at: 'models/wrong.sql:2:3' });
    await rejects(shop.run('show', { inline: 'select 1; drop table analytics.items' }), { code: 'database-error' });
    assert.equal(await shop.rows('select count(*) from items'), [['2']]);
  });

  scenario('debug says whether the target can be reached, and shows no secret', async (open) => {
    const shop = await open({});
    const said = output(await shop.run('debug'));
    assert.match(said, 'connection: OK');
    assert.match(said, `target: shop.test, ${adapter.dialect.name}`);
    const files = { 'project.yml': 'name: shop\nprofile: shop\n', 'models/a.sql': 'select 1 as id' };
    const bad = await projectOn({ ...unreachable.target, schema: 'analytics' }, files);
    for (const command of ['debug', 'run']) {
      const error = await rejects(bad.run(command), { code: unreachable.code });
      assert.is(`${error.message}${JSON.stringify(error)}`.includes('hunter2'), false);
    }
    assert.is(said.includes(String(shop.target.password)), false);
  });
};
