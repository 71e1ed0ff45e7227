// Names of dbt's context that few projects use: a seed's own rows, the thread, write(), and what tables print.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { output, project, results } from '../support/fixture.ts';
import { rejects } from '../support/rejects.ts';

const test = suite('context: names that few use');

const PROJECT = 'name: shop\n';
const COUNTRIES =
  'code,name,since,seen,people,rate,member\n007,"Ann, Ltd",2024-01-02,2024-01-02 03:04:05,12,1.5,true\n008,,,,,null,FALSE\n';
const NOTED = `
{% macro noted() %}
  {%- set table = load_agate_table() -%}
  create table noted as
  select '{{ table.column_names | join(' ') }}' as names, {{ table.rows | length }} as n, '{{ thread_id }}' as thread
  {%- for row in table.rows %}
  , '{{ row['code'] }} {{ row.name }} {{ (row.since + modules.datetime.timedelta(days=1)) if row.since }} {{ row.seen.hour if row.seen }} {{ (row.people + 1) if row.people }} {{ row.rate * 2 if row.rate }} {{ row.member }}' as r{{ loop.index }}
  {%- endfor -%}
{% endmacro %}`;

test('a seed’s hook has the rows of its file, with Python’s values; columns with a written type are text', async () => {
  const shop = await project({
    'project.yml': `${PROJECT}seeds:\n  +post-hook: "{{ noted() }}"\n`,
    'seeds/countries.csv': COUNTRIES,
    'seeds/seeds.yml': 'seeds:\n  - name: countries\n    config: {column_types: {Code: varchar}}\n',
    'macros/noted.sql': NOTED,
  });
  await shop.run('seed');
  assert.equal(await shop.query('from noted'), [
    ['code name since seen people rate member', '2', 'Thread-1', '007 Ann, Ltd 2024-01-03 3 13 3.0 True', '008 None     False'],
  ]);
  // Without the type a number is one.
  await shop.write('seeds/seeds.yml', 'seeds: []\n');
  await shop.write('seeds/countries.csv', 'code\n1\n2\n');
  await shop.write(
    'macros/noted.sql',
    "{% macro noted() %}create or replace table noted as select {{ load_agate_table().columns['code'].values() | sum }} as total{% endmacro %}",
  );
  await shop.run('seed');
  assert.equal(await shop.query('from noted'), [['3']]);
});

test('elsewhere there is no file to read', async () => {
  const shop = await project({ 'project.yml': PROJECT, 'models/a.sql': 'select {{ load_agate_table().rows | length }} as n' });
  await rejects(shop.run('parse'), {
    code: 'template-value',
    at: 'models/a.sql:1',
    message: 'called outside of a seed',
    hint: 'run_query',
  });
  await shop.write('models/a.sql', 'select 1 as n');
  await shop.write('macros/rows.sql', '{% macro rows() %}{% do load_agate_table() %}{% endmacro %}');
  const called = await shop.run('run-operation', { operation: { macro: 'rows', args: {} } });
  assert.match(results(called).get('macro.shop.rows')?.message ?? '', 'called outside of a seed');
});

const STATEMENT = `
{% macro statement(name=none, fetch_result=false, auto_begin=true, language='sql') %}
  {%- if execute -%}
    {%- set sql = caller() -%}
    {%- if name == 'main' -%}{{ write(sql) }}{%- endif -%}
    {%- set res, table = adapter.execute(sql, auto_begin=auto_begin, fetch=fetch_result) -%}
    {%- if name is not none -%}{{ store_result(name, response=res, agate_table=table) }}{%- endif -%}
  {%- endif -%}
{% endmacro %}
{% materialization plain, default %}
  {%- set target = this.incorporate(type='table') -%}
  {%- call statement('main') -%}create table {{ target }} as {{ sql }}{%- endcall -%}
  {%- call statement('counted', fetch_result=true) -%}select count(*) as n from {{ target }}{%- endcall -%}
  {%- do log('rows: ' ~ load_result('counted').table.columns[0].values()[0] ~ ' in ' ~ thread_id ~ ' ' ~ load_result('main').response, info=true) -%}
  {{ return({'relations': [target]}) }}
{% endmaterialization %}`;

test('a statement macro of the project’s own writes, executes and stores what came of it', async () => {
  const shop = await project({
    'project.yml': PROJECT,
    'macros/own.sql': STATEMENT,
    'models/a.sql': "{{ config(materialized='plain') }} select 1 as n union all select 2",
  });
  const events = await shop.run('run');
  const result = results(events).get('model.shop.a');
  assert.is(result?.status, 'success', result?.message);
  assert.equal(await shop.query('select count(*) from a'), [['2']]);
  assert.ok(events.some((event) => event.type === 'note' && event.message.startsWith('rows: 2 in Thread-1 OK')));
  assert.match(await shop.read('target/run/shop/models/a.sql'), 'create table');
});

test('what tables print has the width, the places and the form that is asked for', async () => {
  const shop = await project({
    'project.yml': PROJECT,
    'macros/say.sql': `{% macro say() %}
      {% set t = run_query("select 1 as a, 'Über zwanzig Zeichen lang' as b, 1234567.125 as c, cast(0.00005 as double) as d, 5 as e, 6 as f, 7 as g union all select 12345, null, 2.5, 1, 5, 6, 7 order by 1") %}
      {% do t.print_table() %}
      {% do t.print_table(max_columns=none, max_column_width=none, max_rows=1, max_precision=5) %}
      {% set u = t.select(['a', 'b']) %}
      {% do u.print_json(key='A') %}{% do u.print_json(newline=true) %}{% do u.limit(1).print_json(indent=2) %}
      {% do print(u.rows[0] ~ u.columns[1]) %}
    {% endmacro %}
    {% macro wrong() %}{% do run_query('select 1 as a').print_json(key='z') %}{% endmacro %}`,
  });
  assert.equal(
    output(await shop.run('run-operation', { operation: { macro: 'say', args: {} } }))
      .trim()
      .split(/\n+/),
    [
      '|     a | b                    |             c |      d | e | f | ... |',
      '| ----- | -------------------- | ------------- | ------ | - | - | --- |',
      '|     1 | Über zwanzig Zeic... | 1,234,567.125 | 0.000… | 5 | 6 | ... |',
      '| 12345 |                      |         2.500 | 1.000… | 5 | 6 | ... |',
      '|   a | b                         |             c |       d |   e |   f |   g |',
      '| --- | ------------------------- | ------------- | ------- | --- | --- | --- |',
      '|   1 | Über zwanzig Zeichen lang | 1,234,567.125 | 0.00005 |   5 |   6 |   7 |',
      '| ... | ...                       |           ... |     ... | ... | ... | ... |',
      '{"1": {"a": 1, "b": "Über zwanzig Zeichen lang"}, "12345": {"a": 12345, "b": null}}',
      '{"a": 1, "b": "Über zwanzig Zeichen lang"}',
      '{"a": 12345, "b": null}',
      '[',
      '  {',
      '    "a": 1,',
      '    "b": "Über zwanzig Zeichen lang"',
      '  }',
      ']',
      "<agate.Row: (1, 'Über zwanzig Zeichen lang')><agate.Column: ('Über zwanzig Zeichen lang', None)>",
    ],
  );
  const wrong = await shop.run('run-operation', { operation: { macro: 'wrong', args: {} } });
  assert.is(results(wrong).get('macro.shop.wrong')?.message, "these rows have no column 'z'");
});

test('tables print themselves, sort, and are thinned out', async () => {
  const rows =
    "run_query(\"select 1 as a, 'x' as b, cast(2.5 as double) as c, date '2024-01-02' as d union all select 2, 'x', null, null union all select 3, 'long', 1, null order by 1\")";
  const shop = await project({
    'project.yml': PROJECT,
    'macros/say.sql': `{% macro say() %}{% set t = ${rows} %}
      {% do t.print_table() %}{% do t.print_table(max_rows=1, max_columns=2) %}{% do t.print_csv() %}{% do t.select(['a', 'd']).print_json() %}
      {% do print(t.distinct('b').columns['a'].values() | list ~ (t.select('b').distinct() | length)) %}
      {% do print(t.order_by('c').columns['c'].values() | list ~ t.columns['c'].values_sorted() ~ t.columns.c.values_without_nulls_sorted()) %}
      {% do print(t.limit(0, 3, 2).columns['a'].values() | list ~ t.columns[1].data_type ~ t.row_names) %}
    {% endmacro %}
    {% macro wrong() %}{% do ${rows}.order_by('z') %}{% endmacro %}
    {% macro missing() %}{% do ${rows}.pivot('a') %}{% endmacro %}`,
  });
  assert.equal(
    output(await shop.run('run-operation', { operation: { macro: 'say', args: {} } }))
      .trim()
      .split(/\n+/),
    [
      '| a | b    |   c |          d |',
      '| - | ---- | --- | ---------- |',
      '| 1 | x    | 2.5 | 2024-01-02 |',
      '| 2 | x    |     |            |',
      '| 3 | long | 1.0 |            |',
      '|   a | b   | ... |',
      '| --- | --- | --- |',
      '|   1 | x   | ... |',
      '| ... | ... | ... |',
      'a,b,c,d',
      '1,x,2.5,2024-01-02',
      '2,x,,',
      '3,long,1.0,',
      '[{"a": 1, "d": "2024-01-02"}, {"a": 2, "d": null}, {"a": 3, "d": null}]',
      '[1, 3]2',
      '[1.0, 2.5, None](1.0, 2.5, None)(1.0, 2.5)',
      '[1, 3]varcharNone',
    ],
  );
  for (const [macro, message] of [
    ['wrong', "these rows have no column 'z'"],
    ['missing', "this table has no member 'pivot'"],
  ] as const) {
    const events = await shop.run('run-operation', { operation: { macro, args: {} } });
    assert.match(results(events).get(`macro.shop.${macro}`)?.message ?? '', message);
  }
});

test.run();
