import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Client, connect, value } from './client.ts';
import { StandIn } from './stand-in.ts';

const test = suite<{ standIn: StandIn; client: Client }>('the stand-in: functions and queries');

test.before(async (context) => {
  context.standIn = await StandIn.start();
  context.client = await connect(context.standIn);
  await context.client.rows("create table t (n int, s varchar(20)); insert into t values (1, 'a'), (2, 'b'), (4, null)");
});
test.after(async ({ standIn, client }) => {
  await client.pg.end();
  await standIn.close();
});

/** The vendor's own examples where its pages have some. */
const answers: readonly (readonly [sql: string, answer: string | null])[] = [
  ["dateadd(month, 18, '2008-02-28')", '2009-08-28 00:00:00'],
  ["dateadd('millisecond', 796, timestamp '2018-11-01 20:57:10')", '2018-11-01 20:57:10.796'],
  ["datediff(week, '2009-01-01', '2009-12-31')", '52'],
  ["datediff(qtr, '1998-07-01', date '2008-06-30')", '39'],
  ["datediff(year, date '2023-12-31', date '2024-01-01')", '1'],
  ["date_trunc('week', date '2024-05-01')", '2024-04-29 00:00:00'],
  ["date_part(dow, date '2024-05-01')", '3'],
  ["extract(epoch from timestamp '1970-01-02 00:00:00')", '86400'],
  ["last_day(date '2024-02-03')", '2024-02-29'],
  ["add_months('2008-03-31', 1)", '2008-04-30 00:00:00'],
  ["convert_timezone('America/New_York', timestamp '2024-01-01 12:00:00')", '2024-01-01 07:00:00'],
  ["trunc(timestamp '2024-05-01 10:11:12')", '2024-05-01'],
  ['nvl(null, 2)', '2'],
  ['nvl2(null, 1, 0)', '0'],
  ["decode(null, null, 'both', 'other')", 'both'],
  ["decode(3, 1, 'one', 2, 'two')", null],
  ["len('héé')", '3'],
  ["charindex('b', 'abc')", '2'],
  ["strtol('abcd1234', 16)", '2882343476'],
  ["sha2('1', 256)", '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b'],
  ["regexp_substr('ab12cd', '[0-9]+')", '12'],
  ["regexp_substr('abcd', '[0-9]+')", ''],
  ["regexp_instr('ab12', 'B', 1, 1, 0, 'i')", '2'],
  ["regexp_count('a1b22', '[0-9]+')", '2'],
  ["regexp_replace('a.b.c', '\\\\.', '-')", 'a-b-c'],
  [`json_extract_path_text('{"a": {"b": [1, 2]}}', 'a', 'b')`, '[1,2]'],
  [`is_valid_json('{"a": 1')`, 'f'],
  [`json_serialize(json_parse('{"a": "b c"}'))`, '{"a":"b c"}'],
  ["'it\\'s' || 'é\\\\'", "it's" + 'é\\'],
  ['7 / 2', '3'],
];

test('functions answer as their pages say', async ({ client }) => {
  for (const [sql, answer] of answers) assert.is(await value(client, `select ${sql}`), answer, sql);
});

test('aggregates: averages of integers are integers, LISTAGG, MEDIAN, APPROXIMATE', async ({ client }) => {
  assert.equal(
    await client.rows(
      "select avg(n), avg(n::decimal(10, 2)) > 2.3, listagg(s, ',') within group (order by s desc), median(n), approximate count(distinct s), any_value(1) from t",
    ),
    [['2', 't', 'b,a', '2', '2', '1']],
  );
});

test('queries: TOP, QUALIFY, GROUP BY ALL, MINUS, names without quotes', async ({ client }) => {
  assert.equal(await client.rows('select top 1 n from t order by n desc'), [['4']]);
  assert.equal(await client.rows('select n, s from t qualify row_number() over (order by n desc) = 2'), [['2', 'b']]);
  assert.equal(await client.rows('select s is null as missing, count(*) from t group by all order by 2'), [
    ['t', '1'],
    ['f', '2'],
  ]);
  assert.equal(
    await client.rows(
      'select last from (select last_value(n) over (order by n rows between unbounded preceding and unbounded following) as last from t) limit 1',
    ),
    [['4']],
  );
  assert.equal(await client.rows('select n from t minus select 1 minus select 2'), [['4']]);
  assert.equal(
    (await client.pg.query('select N as "Big Name", count(*) from T group by 1 limit 0')).fields.map(({ name }) => name),
    ['big name', 'count'],
  );
});

test('SUPER is a type of its own, and comes without blanks', async ({ client }) => {
  await client.rows(`create table docs (d super); insert into docs values (json_parse('[1, {"b": "c: d"}]'))`);
  const { fields } = await client.pg.query('select d from docs');
  assert.is(fields[0]?.dataTypeID, 4000);
  assert.equal(await client.rows('select d, d[0]::int, json_parse(\'[1, {"b": "c: d"}]\')[1].b::varchar from docs'), [
    ['[1,{"b":"c: d"}]', '1', 'c: d'],
  ]);
});

test('errors stand at the source, behind characters of any width', async ({ client }) => {
  for (const before of ['', "'é😀', ", "getdate(), nvl(1, 2), '\\n', "]) {
    const sql = `select ${before}missing from t`;
    const error = await client.pg.query(sql).catch((cause: { position?: string }) => cause);
    assert.is(Number('position' in error && error.position), [...sql.slice(0, sql.indexOf('missing'))].length + 1);
  }
});

test('what it does not translate it refuses, and never forwards', async ({ client }) => {
  for (const sql of [
    'select * exclude (n) from t',
    'select first_value(n ignore nulls) over (order by n rows unbounded preceding) from t',
    'select farmfingerprint64(s) from t',
    'select * from pg_catalog.pg_proc',
    'select * from stand_in.tables',
    'create procedure p () as $$ begin end $$ language plpgsql',
    'select stand_in.version()',
    "select * from t pivot (sum(n) for s in ('a', 'b'))",
  ]) {
    assert.match(await client.outcome(sql), '0A000 the stand-in does not translate ', sql);
  }
});

test.run();
