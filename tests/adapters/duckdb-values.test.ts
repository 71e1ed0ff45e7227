import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Connection, Warehouse } from '../../src/adapters/adapter.ts';
import { statement } from '../../src/core/statement.ts';
import { rowsOf } from './conformance.ts';
import { openTarget } from './duckdb-target.ts';

const test = suite<{ warehouse: Warehouse; connection: Connection }>('duckdb values');

test.before(async (context) => {
  context.warehouse = await openTarget({ path: ':memory:' });
  context.connection = await context.warehouse.connect();
});
test.after(({ warehouse }) => warehouse.close());

/** Expressions whose values are text to us: the same text as DuckDB's own. */
const day = fc.integer({ min: -2_000_000, max: 20_000_000 }).map((days) => `(date '1970-01-01' + ${days})`);
const micros = fc.bigInt({ min: -200_000_000_000_000_000n, max: 9_000_000_000_000_000_000n });
const printed = fc.oneof(
  day,
  micros.map((value) => `make_timestamp(${value})`),
  micros.map((value) => `make_timestamp(${value})::timestamptz`),
  micros.map((value) => `make_timestamp(${value})::timestamp_s`),
  micros.map((value) => `make_timestamp(${value})::timestamp_ms`),
  fc.bigInt({ min: -9_000_000_000_000_000_000n, max: 9_000_000_000_000_000_000n }).map((value) => `make_timestamp_ns(${value})`),
  fc.bigInt({ min: 0n, max: 86_399_999_999n }).map((value) => `(make_timestamp(${value})::time)`),
  fc
    .tuple(fc.integer({ min: -5000, max: 5000 }), fc.integer({ min: -5000, max: 5000 }), fc.integer())
    .map(([months, days, seconds]) => `(to_months(${months}) + to_days(${days}) + to_microseconds(${seconds}))`),
  fc
    .tuple(fc.bigInt({ min: -(10n ** 19n), max: 10n ** 19n }), fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }), fc.constantFrom(0, 1, 5, 18))
    .map(([whole, fraction, scale]) => `'${whole}.${String(fraction).padStart(18, '0')}'::decimal(38,${scale})`),
  fc.uuid().map((value) => `'${value}'::uuid`),
  fc.stringMatching(/^[01]{1,20}$/).map((value) => `'${value}'::bit`),
  fc.constantFrom(
    "date 'infinity'",
    "date '-infinity'",
    "date '0001-01-01 (BC)'",
    "date '0044-03-15 (BC)'",
    "timestamp 'infinity'",
    "timestamp '-infinity'",
    "timestamp '0044-03-15 (BC) 12:00:00'",
    "'infinity'::timestamptz",
    "'12:00:00+02:30'::timetz",
    "time_ns '12:00:00.123456789'",
    "interval '0 seconds'",
    '\'{"a": [1, null]}\'::json',
    "'a'::char",
  ),
);

test('dates, timestamps, decimals, intervals and the like are the text that DuckDB prints', async ({ connection }) => {
  await fc.assert(
    fc.asyncProperty(fc.array(printed, { minLength: 1, maxLength: 6 }), async (list) => {
      const [row = []] = await rowsOf(connection, `select ${list.map((one) => `${one}, (${one})::varchar`).join(', ')}`);
      for (const [index, one] of list.entries()) assert.is(row[2 * index], row[2 * index + 1], one);
    }),
    { numRuns: 300 },
  );
});

test('integers are numbers while they are exact, and bigint beyond', async ({ connection }) => {
  await fc.assert(
    fc.asyncProperty(fc.bigInt({ min: -(2n ** 127n) + 1n, max: 2n ** 127n - 1n }), async (value) => {
      const [[found] = []] = await rowsOf(connection, `select ${value}::hugeint`);
      assert.is(typeof found, Number.isSafeInteger(Number(value)) ? 'number' : 'bigint');
      assert.is(BigInt(String(found)), value);
    }),
    { numRuns: 200 },
  );
  const [row] = await rowsOf(
    connection,
    "select 18446744073709551615::ubigint, 255::utinyint, '123456789012345678901234567890123456789012'::bignum",
  );
  assert.equal(row, [18446744073709551615n, 255, 123456789012345678901234567890123456789012n]);
});

test('floats', async ({ connection }) => {
  const [row] = await rowsOf(
    connection,
    "select 0.1::float, 16777216::float, 1e-40::float, 0.1::double, 'NaN'::double, 'Infinity'::double, '-Infinity'::float, -0.0::double",
  );
  assert.equal(row?.slice(0, 2), [0.1, 16777216]);
  assert.is(Math.fround(Number(row?.[2])), Math.fround(1e-40));
  assert.ok(Object.is(row?.[4], Number.NaN) && row?.[5] === Infinity && row?.[6] === -Infinity);
});

test('lists, structs, maps, enums, unions and bytes', async ({ connection }) => {
  await connection.run(statement("create type mood as enum ('So So', 'fine')"));
  const { rows, columns } = await connection.run(
    statement(`select [1, null, 3], {'a': 1.50, 'B c': {'d': timestamp '2018-11-01 20:57:10.796'}}, map {'k': [1], 'l': null}, map {1: 'x'}, row(1, 'x'),
      'So So'::mood, array_value(1, 2), union_value(num := 2), '\\xAA\\x00b'::blob, [9007199254740993], null::integer[]`),
  );
  assert.equal(rows[0]?.slice(0, 8), [
    [1, null, 3],
    { a: '1.50', 'B c': { d: '2018-11-01 20:57:10.796' } },
    { k: [1], l: null },
    { 1: 'x' },
    [1, 'x'],
    'So So',
    [1, 2],
    2,
  ]);
  assert.equal([...(rows[0]?.[8] instanceof Uint8Array ? rows[0][8] : [])], [0xaa, 0, 0x62]);
  assert.equal(rows[0]?.[9], [9007199254740993n]);
  assert.is(rows[0]?.[10], null);
  assert.equal(
    columns.map((column) => column.type),
    [
      'integer[]',
      'struct(a decimal(3,2), "B c" struct(d timestamp))',
      'map(varchar, integer[])',
      'map(integer, varchar)',
      'struct(integer, varchar)',
      "enum('So So', 'fine')",
      'integer[2]',
      'union(num integer)',
      'blob',
      'bigint[]',
      'integer[]',
    ],
  );
});

test('a result has the types that describe tells', async ({ connection }) => {
  const sql = `select 1 as a, 1.5 as b, 'x' as c, '{}'::json as d, current_date as e, current_timestamp as f, {'a': 1, 'Sel': [2]} as g, null as h, time '12:00' as i,
    timestamp_ns '2020-01-01' as j, 1::hugeint as k, [{'a': 1.5}] as l, interval 1 day as m, uuid() as n, 1::utinyint as o`;
  assert.equal((await connection.run(statement(sql))).columns, await connection.describe(sql));
});

test('timestamps with time zone are told in UTC, and the session is in UTC', async ({ connection }) => {
  assert.equal(
    await rowsOf(
      connection,
      "select timestamptz '2018-11-01 20:57:10.796+02', current_setting('TimeZone'), (timestamptz '2018-11-01 20:57:10+00')::timestamp",
    ),
    [['2018-11-01 18:57:10.796+00', 'UTC', '2018-11-01 20:57:10']],
  );
});

test('more rows than fit a chunk keep their order', async ({ connection }) => {
  const rows = await rowsOf(connection, "select n, case when n % 3 = 0 then null else 'v' || n end from range(150000) as r(n) order by n");
  assert.is(rows.length, 150000);
  assert.ok(rows.every(([n, text], index) => n === index && text === (index % 3 === 0 ? null : `v${index}`)));
});

test('text keeps a NUL, and a statement with one is refused', async ({ connection }) => {
  assert.equal(await rowsOf(connection, "select 'a' || chr(0) || 'b'"), [['a\0b']]);
  let message = '';
  await connection.run(statement("select 'a\0b'")).catch((error: Error) => (message = error.message));
  assert.match(message, 'NUL');
});

test.run();
