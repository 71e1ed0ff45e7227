// Cross-database macros whose answers are the same on DuckDB and Postgres: each warehouse answers them all in one query.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Fixture, output, project, projectOn, results, statuses } from '../support/fixture.ts';
import { postgresTarget } from '../support/postgres.ts';

const test = suite('context: cross-database macros on both');

const at = (text: string): string => `"cast('${text}' as timestamp)"`;
const between = (first: string, second: string, part: string): string => `dbt.datediff(${at(first)}, ${at(second)}, '${part}')`;

const NUMBERS = "' from (select 1 as x union all select 3 union all select 1) as t)'";

/** An expression of templates, and its value as text. */
const CASES: readonly (readonly [string, string | null])[] = [
  [between('2023-12-31 23:59:59', '2024-01-01', 'year'), '1'],
  [between('2024-01-01', '2023-12-31 23:59:59', 'year'), '-1'],
  [between('2023-12-31', '2024-04-01', 'quarter'), '2'],
  [between('2024-01-31', '2024-02-01', 'month'), '1'],
  [between('2024-03-01', '2023-01-31', 'month'), '-14'],
  [between('2024-01-06', '2024-01-07', 'week'), '1'],
  [between('2024-01-07', '2024-01-13', 'week'), '0'],
  [between('2024-01-07', '2024-01-06 23:59:59', 'week'), '-1'],
  [between('2024-01-31', '2024-01-01', 'week'), '-4'],
  [between('2024-03-01', '2024-02-28 23:00:00', 'day'), '-2'],
  [between('2024-01-01 00:59:59', '2024-01-01 01:00:00', 'hour'), '1'],
  [between('2024-01-01 00:00:59', '2024-01-01 00:01:00', 'minute'), '1'],
  [between('2024-01-01 00:00:01', '2023-12-31 23:59:59', 'second'), '-2'],
  [between('2024-01-01 00:00:00.5', '2024-01-01 00:00:01', 'millisecond'), '500'],
  [`dbt.dateadd('month', 1, ${at('2024-01-31')})`, '2024-02-29 00:00:00'],
  [`dbt.dateadd('quarter', -1, ${at('2024-01-31')})`, '2023-10-31 00:00:00'],
  [`dbt.dateadd('hour', '-2', ${at('2024-01-01 01:00:00')})`, '2023-12-31 23:00:00'],
  ...(
    [
      ['year', 1, '2025-02-28 12:30:15'],
      ['quarter', 4, '2025-02-28 12:30:15'],
      ['month', -12, '2023-02-28 12:30:15'],
      ['week', 1, '2024-03-07 12:30:15'],
      ['day', -60, '2023-12-31 12:30:15'],
      ['hour', 12, '2024-03-01 00:30:15'],
      ['minute', 30, '2024-02-29 13:00:15'],
      ['second', -16, '2024-02-29 12:29:59'],
    ] as const
  ).map(([part, count, then]) => [`dbt.dateadd('${part}', ${count}, ${at('2024-02-29 12:30:15')})`, then] as const),
  [`dbt.date_trunc('quarter', ${at('2024-05-17')})`, '2024-04-01 00:00:00'],
  [`dbt.last_day(${at('2023-02-10')}, 'quarter')`, '2023-03-31'],
  [`dbt.last_day(${at('2024-12-31 23:00:00')}, 'quarter')`, '2024-12-31'],
  [`dbt.last_day(${at('2024-02-10')}, 'year')`, '2024-12-31'],
  ['dbt.date(2024, 2, 29)', '2024-02-29'],
  ['dbt.split_part("\'a|b|c\'", "\'|\'", -1)', 'c'],
  ['dbt.split_part("\'a|b|c\'", "\'|\'", -3)', 'a'],
  ['dbt.split_part("\'a|b|c\'", "\'|\'", -4)', ''],
  ['dbt.split_part("\'a|b|c\'", "\'|\'", 9)', ''],
  ['dbt.position("\'c\'", "\'abcc\'")', '3'],
  ["dbt.safe_cast(dbt.string_literal('12'), dbt.type_int())", '12'],
  ["'(select sum(generated_number) from (' ~ dbt.generate_series(5) ~ ') as s)'", '15'],
  [`'(select ' ~ dbt.bool_or('x > 2') ~ ${NUMBERS}`, 'true'],
  [`'(select ' ~ dbt.bool_or('x > 3') ~ ${NUMBERS}`, 'false'],
  [`'(select ' ~ dbt.listagg('distinct cast(x as varchar(9))', "'|'", 'order by cast(x as varchar(9)) desc') ~ ${NUMBERS}`, '3|1'],
  [`'(select ' ~ dbt.listagg('cast(x as varchar(9))', "', '", 'order by x', 2) ~ ${NUMBERS}`, '1, 1'],
  ['dbt.right("\'abc\'", 0)', ''],
  ['dbt.position("\'z\'", "\'abc\'")', '0'],
  ['dbt.concat(["\'a\'", "null"])', null],
  ['dbt.hash("7")', '8f14e45fceea167a5a36dedd4bea2543'],
  ["dbt.equals('null', 'null')", null],
  ["dbt.equals('1', '2')", 'false'],
  ["dbt.cast_bool_to_text('1 = 2')", 'false'],
  ['dbt.cast("\'7\'", dbt.type_bigint())', '7'],
];

const query = `select ${CASES.map(([expression], index) => `cast({{ ${expression} }} as {{ dbt.type_string() }}) as c${index}`).join(',\n')}`;

async function agrees(shop: Fixture): Promise<void> {
  const shown = JSON.parse(output(await shop.run('show', { inline: query, output: 'json' }))) as { show: Record<string, unknown>[] };
  for (const [index, [expression, value]] of CASES.entries()) assert.is(shown.show[0]?.[`c${index}`], value, expression);
}

/** What `verify_database` says of another database than the target's, when it runs and while it is parsed. */
async function ofAnother(shop: Fixture): Promise<string> {
  await shop.write('models/asks.sql', "select '{{ adapter.verify_database('elsewhere') }}' as nothing");
  assert.equal(statuses(await shop.run('parse')), {});
  return results(await shop.run('run')).get('model.shop.asks')?.message ?? '';
}

test('DuckDB reaches other databases', async () => {
  assert.is(await ofAnother(await project({ 'project.yml': 'name: shop\n' })), 'CREATE VIEW');
});

test('Postgres reaches none but its own', async () => {
  const target = await postgresTarget();
  const shop = await projectOn({ ...target, schema: 'public' }, { 'project.yml': 'name: shop\nprofile: shop\n' });
  assert.match(await ofAnother(shop), "the database 'elsewhere' is not that of the target");
});

test('DuckDB', async () => agrees(await project({ 'project.yml': 'name: shop\n' })));

test('Postgres', async () => {
  const target = await postgresTarget();
  await agrees(await projectOn({ ...target, schema: 'public' }, { 'project.yml': 'name: shop\nprofile: shop\n' }));
});

test.run();
