// One value into one column: what each type takes, in which words it refuses, and that the warehouse reads what comes out.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { columnType } from '../../src/loading/column-types.ts';
import { convert, type ValueKind } from '../../src/loading/convert.ts';
import { memoryDatabase, textRows } from '../support/duckdb.ts';

const test = suite('loading: convert');

/** A token of JSON: a quoted one is a string. A text, NULL, or the reason in angle brackets. */
function put(type: string, token: string, truncate = false): string | null {
  const parsed = columnType(type);
  if (!parsed) throw new Error(`no type ${type}`);
  const kind: ValueKind = token.startsWith('"') ? 'string' : /^[[{]/.test(token) ? 'nested' : /^[tf]/.test(token) ? 'word' : 'number';
  const text = kind === 'string' ? JSON.parse(token) : token;
  const converted = convert(parsed, kind, text, truncate, token);
  return converted === null || typeof converted === 'string' ? converted : `<${converted.reason}>`;
}

const all = (type: string, cases: Readonly<Record<string, string | null>>): void =>
  assert.equal(Object.fromEntries(Object.keys(cases).map((token) => [token, put(type, token)])), cases);

test('integers: digits with a sign, as number or text, whole whatever the notation, in the range', () => {
  all('smallint', {
    '0': '0',
    '-0': '0',
    '-0.000': '0',
    '"+5"': '5',
    '"\\t 007 \\n"': '7',
    '12.00': '12',
    '1.2e1': '12',
    '120e-1': '12',
    '32767': '32767',
    '-32768': '-32768',
    '32768': '<out of range for smallint>',
    '-3.2769e4': '<out of range for smallint>',
    '1e999999': '<out of range for smallint>',
    '0e999999': '0',
    '1.5': '<not a whole number>',
    '1e-999999': '<not a whole number>',
    '"1 2"': '<not a number>',
    '"--1"': '<not a number>',
    '"1."': '<not a number>',
    '"٣"': '<not a number>',
    '"Infinity"': '<not a number>',
    true: '<not a number>',
    '[1]': '<an object or array, where smallint is wanted>',
    '""': null,
    '" \\t"': null,
  });
  all('hugeint', { '170141183460469231731687303715884105727': '170141183460469231731687303715884105727' });
  all('tinyint', { '127': '127', '128': '<out of range for tinyint>' });
});

test('decimals: rounded half away from zero to the scale, in the precision', () => {
  all('decimal(5,2)', {
    '1': '1',
    '1.005': '1.01',
    '-1.005': '-1.01',
    '1.0049': '1.00',
    '999.994': '999.99',
    '999.995': '<out of range for decimal(5,2)>',
    '1000': '<out of range for decimal(5,2)>',
    '1e2000': '<out of range for decimal(5,2)>',
    '1e-2000': '0',
    '-0.001': '0',
    '0.005': '0.01',
    '5e-3': '0.01',
    '1.5e1': '15',
    '"x"': '<not a number>',
    '""': null,
  });
  all('numeric(3,3)', { '0.9994': '0.999', '0.9996': '<out of range for numeric(3,3)>' });
  // Without a precision the warehouse has its own; what no warehouse has is refused.
  all('decimal', {
    '1.25e2': '125',
    '-1.25': '-1.25',
    '0': '0',
    '1e1001': '<out of range for decimal>',
    '1e-1100': '<out of range for decimal>',
  });
});

test('floats: what a double or a single can hold, neither rounded to nothing nor to infinity', () => {
  all('double', {
    '0.1': '0.1',
    '"1e3"': '1000',
    '1e308': '1e+308',
    '1e309': '<out of range for double precision>',
    '1e-400': '<out of range for double precision>',
    '0e-400': '0',
    '-0.0': '-0',
    '"NaN"': '<not a number>',
    false: '<not a number>',
  });
  all('real', { '0.5': '0.5', '1e39': '<out of range for real>', '1e-60': '<out of range for real>', '16777217': '16777216' });
});

test('booleans: the words that warehouses take', () => {
  for (const yes of ['true', '"true"', '"T"', '"Yes"', '"y"', '"1"', '1', '"on"']) assert.is(put('boolean', yes), 'true', yes);
  for (const no of ['false', '"FALSE"', '"f"', '"no"', '"N"', '"0"', '0']) assert.is(put('boolean', no), 'false', no);
  for (const neither of ['"maybe"', '2', '1.0', '"ja"']) assert.match(put('boolean', neither) ?? '', /^<not true or false>$/, neither);
  assert.match(put('boolean', '{}') ?? '', 'an object or array');
});

test('dates and times: the calendar and the clock', () => {
  all('date', {
    '"2020-02-29"': '2020-02-29',
    '"2000-02-29"': '2000-02-29',
    '"1900-02-29"': '<not a date>',
    '"2019-02-29"': '<not a date>',
    '"2019-04-31"': '<not a date>',
    '"2019-00-01"': '<not a date>',
    '"2019-01-00"': '<not a date>',
    '"0000-01-01"': '<not a date>',
    '"2019-1-1"': '<not a date>',
    '20190101': '<not a date>',
    '" 2019-01-01 "': '2019-01-01',
    '""': null,
  });
  all('time', {
    '"12:30"': '12:30:00',
    '"23:59:59.123456789"': '23:59:59.123456',
    '"00:00:00.100"': '00:00:00.1',
    '"24:00:00"': '<not a time>',
    '"12:60"': '<not a time>',
    '"12:00:60"': '<not a time>',
    '"12"': '<not a time>',
  });
});

test('timestamps: the clock as written, or the moment where the type has a zone', () => {
  all('timestamp', {
    '"2018-11-01"': '2018-11-01 00:00:00',
    '"2018-11-01T20:57:10.796Z"': '2018-11-01 20:57:10.796',
    '"2018-11-01 20:57+02:00"': '2018-11-01 20:57:00',
    '"2018-11-31 20:57:10"': '<not a timestamp>',
    '"2018-11-01 25:00:00"': '<not a timestamp>',
    '1541105830796': '<not a timestamp>',
  });
  all('timestamptz', {
    '"2018-11-01 20:57:10"': '2018-11-01 20:57:10+00',
    '"2018-11-01 20:57:10 UTC"': '2018-11-01 20:57:10+00',
    '"2018-11-01 20:57:10.5+02"': '2018-11-01 18:57:10.5+00',
    '"2018-12-31T20:57:10-0330"': '2019-01-01 00:27:10+00',
    '"2018-11-01 20:57:10+16:00"': '<not a timestamp>',
    '"2018-11-01 20:57:10+02:60"': '<not a timestamp>',
    '"0001-01-01 00:00:00+01"': '<not a timestamp>',
    '"9999-12-31 23:59:59-01"': '<not a timestamp>',
    '"yesterday"': '<not a timestamp>',
    true: '<not a timestamp>',
  });
});

test('text: as written, in bytes; cut at a whole character where that is allowed', () => {
  all('varchar(4)', {
    '"abcd"': 'abcd',
    '"日x"': '日x',
    '"日é"': '<too long for varchar(4)>',
    '1.10': '1.10',
    true: 'true',
    '""': '',
    '" "': ' ',
  });
  assert.equal(
    ['"abcde"', '"日é"', '"😀😀"', '"ééé"'].map((token) => put('varchar(4)', token, true)),
    ['abcd', '日', '😀', 'éé'],
  );
  assert.is(put('varchar(3)', '"😀"', true), '');
  all('char', { '"a"': 'a', '"ab"': '<too long for char>' });
  all('text', { [`"${'x'.repeat(100_000)}"`]: 'x'.repeat(100_000) });
});

test('json: the value as it is written; in CSV a text that must be JSON', () => {
  all('json', { '{"a": 1.50}': '{"a": 1.50}', '"a"': '"a"', '1.0': '1.0', '""': null });
  const json = columnType('json');
  assert.ok(json);
  assert.is(convert(json, 'string', '{"a": 1}', false), '{"a": 1}');
  assert.equal(convert(json, 'string', '{a: 1}', false), { reason: 'not JSON' });
});

test('the words for types: all usual names, sizes where they belong', () => {
  const kinds: Readonly<Record<string, string | undefined>> = {
    INT8: 'integer bigint',
    'int4 ': 'integer integer',
    'bigint(20)': undefined,
    'float(24)': 'float real',
    'float(25)': 'float double precision',
    float: 'float real',
    float8: 'float double precision',
    'double  precision': 'float double precision',
    'DEC(4)': 'decimal dec(4)',
    'varchar ( max )': 'text varchar ( max )',
    'character varying(9)': 'text character varying(9)',
    nchar: 'text nchar',
    'timestamp without time zone': 'timestamp timestamp',
    super: 'json super',
    jsonb: 'json jsonb',
    datetime: 'timestamp datetime',
    'varchar(-1)': undefined,
    'integer[]': undefined,
    constructor: undefined,
    '': undefined,
  };
  for (const [written, wanted] of Object.entries(kinds)) {
    const type = columnType(written);
    if (wanted === undefined) assert.is(type, undefined, written);
    else assert.is(type?.kind, wanted.split(' ')[0], written);
    if (type?.kind === 'float') assert.is(type.name, wanted?.slice(6));
  }
  const limit = (written: string) => {
    const type = columnType(written);
    return type?.kind === 'text' ? type.maxBytes : 'no text';
  };
  assert.equal(
    [limit('varchar(max)'), limit('varchar'), limit('char'), limit('char(7)'), limit('bpchar')],
    [65_535, undefined, 1, 7, undefined],
  );
});

const two = (from: number, to: number): fc.Arbitrary<string> =>
  fc.integer({ min: from, max: to }).map((value) => String(value).padStart(2, '0'));
const dateText = fc
  .tuple(fc.oneof(fc.integer({ min: 0, max: 9999 }), fc.constantFrom(1, 1900, 2000, 2018, 9999)), two(0, 13), two(0, 32))
  .map(([year, month, day]) => `${String(year).padStart(4, '0')}-${month}-${day}`);
const timeText = fc
  .tuple(two(0, 24), two(0, 60), fc.option(two(0, 60)), fc.constantFrom('', '.5', '.123456', '.123456789', '.000'))
  .map(([hours, minutes, seconds, fraction]) => `${hours}:${minutes}${seconds === null ? '' : `:${seconds}${fraction}`}`);
const stampText = fc
  .tuple(dateText, fc.constantFrom(' ', 'T'), timeText, fc.constantFrom('', 'Z', '+00', '-03:30', '+0545', ' UTC', '+15:59', '+23'))
  .map((parts) => parts.join(''));

test('what a date, a time or a timestamp becomes, DuckDB reads without a loss, and as it reads the text itself', async () => {
  const database = await memoryDatabase();
  const sources = { date: dateText, time: timeText, timestamp: fc.oneof(stampText, dateText), timestamptz: fc.oneof(stampText, dateText) };
  await textRows(database, "set TimeZone = 'UTC'");
  for (const [type, texts] of Object.entries(sources)) {
    const sample = fc.sample(texts, { numRuns: 1500, seed: 7 });
    const pairs = sample
      .map((text) => [text, put(type, JSON.stringify(text))] as const)
      .filter(([, found]) => found?.startsWith('<') === false);
    assert.ok(pairs.length > 300, `${type}: only ${pairs.length} were taken`);
    const values = pairs.map(([text, found]) => `('${text}', '${found}')`).join(', ');
    // A fraction beyond microseconds is cut off here; a time zone of a timestamp without one is ignored by both.
    const differing = await textRows(
      database,
      `with v(text, found) as (values ${values}), c as (select text, found, cast(found as ${type}) as read, try_cast(text as ${type}) as own from v)
       select text, found, read from c where own is not null and own <> read and not regexp_matches(text, '[.][0-9]{7}') or read is null`,
    );
    assert.equal(differing, [], type);
  }
  database.closeSync();
});

test.run();
