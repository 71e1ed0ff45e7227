// Each hard case of a JSON file by name: what is loaded, what is refused, and the totals exactly.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readFiles } from '../../src/loading/index.ts';
import { rejects } from '../support/rejects.ts';
import { tempDir } from '../support/temp-dir.ts';
import { collect, format, readBytes, type spec } from './support.ts';

const test = suite('loading: json records');

const table = 'ts:bigint page:varchar(10) length:double';
const short = (refused: readonly { line: number; column?: string; reason: string; raw: string }[]) =>
  refused.map(({ line, column, reason, raw }) => [line, column, reason, raw]);

/** Rows, and rejects as [line, column, reason, raw]. */
async function read(bytes: Uint8Array | string, columns = table, changes: Parameters<typeof spec>[0] = {}) {
  const { rows, rejects: refused, done } = await readBytes(bytes, format(columns, changes));
  assert.equal(done, [{ key: 'log.json', rows: rows.length, rejects: refused.length }]);
  return { rows, refused: short(refused) };
}

test('one malformed line costs no other', async () => {
  const { rows, refused } = await read('{"ts":1}\n{"ts":2,"page":"Ho\n{"ts":3}\nnot json\n{"ts":4}');
  assert.equal(
    rows.map(([ts]) => ts),
    ['1', '3', '4'],
  );
  assert.equal(refused, [
    [2, undefined, 'malformed JSON', '{"ts":2,"page":"Ho'],
    [4, undefined, 'not a JSON object', 'not json'],
  ]);
});

test('a record cut off in the middle costs its line, not the next one', async () => {
  const { rows, refused } = await read('{"ts":1,"page":\n{"ts":2}\n{"ts":3,\n"page":"x"}\n');
  assert.equal(rows, [
    ['2', null, null],
    ['3', 'x', null],
  ]);
  assert.equal(refused, [[1, undefined, 'malformed JSON', '{"ts":1,"page":']]);
});

test('a pretty-printed record is one row, and malformed only its first line is lost to it', async () => {
  const good = await read('{\n  "ts": 1,\n  "page": "Home"\n}\n{\r\n"ts":\r\n2}');
  assert.equal(good, {
    rows: [
      ['1', 'Home', null],
      ['2', null, null],
    ],
    refused: [],
  });
  const bad = await read('{\n  "ts": 1,\n  "page": oops\n}\n{"ts":2}\n');
  assert.equal(bad.rows, [['2', null, null]]);
  assert.equal(
    bad.refused.map(([line, , reason]) => [line, reason]),
    [
      [1, 'malformed JSON'],
      [2, 'not a JSON object'],
      [3, 'not a JSON object'],
      [4, 'not a JSON object'],
    ],
  );
});

test('concatenated objects are rows each, and what follows them on the line is refused', async () => {
  const { rows, refused } = await read('{"ts":1}{"ts":2} {"ts":3},\n{"ts":4}');
  assert.equal(
    rows.map(([ts]) => ts),
    ['1', '2', '3', '4'],
  );
  assert.equal(refused, [[1, undefined, 'not a JSON object', ',']]);
});

test('values that are not objects are refused', async () => {
  const { rows, refused } = await read('[{"ts":1}]\n1\n"x"\nnull\n{"ts":5}\n');
  assert.equal(rows, [['5', null, null]]);
  assert.equal(
    refused.map(([line]) => line),
    [1, 2, 3, 4],
  );
});

test('CRLF, blank lines, a byte-order mark, empty objects and a missing last line end are nothing', async () => {
  const { rows, refused } = await read('\ufeff\r\n{"ts":1}\r\n\r\n{}\r\n  \n{ \n }\n{"ts":2}');
  assert.equal(
    rows.map(([ts]) => ts),
    ['1', '2'],
  );
  assert.equal(refused, []);
});

test('a byte-order mark is one only at the beginning of the file', async () => {
  const { rows, rejects: refused } = await readBytes('{}\ufeff{"ts":1}\n{"ts":2}\n', format(table), [2, 9]);
  assert.equal(
    rows.map(([ts]) => ts),
    ['2'],
  );
  assert.equal(short(refused), [[1, undefined, 'not a JSON object', '\ufeff{"ts":1}']]);
});

test('a file of nothing has no rows', async () => {
  for (const text of ['', '\n', '\ufeff', '  \r\n\n']) assert.equal(await read(text), { rows: [], refused: [] });
});

test('gzip is unpacked by its first bytes, in several members too', async () => {
  const dir = tempDir('gzip');
  const path = join(dir, 'log.json');
  const whole = gzipSync('{"ts":1}\n{"ts"');
  for (const [bytes, wanted] of [
    [Buffer.concat([whole, gzipSync(':2}\n{"ts":3}')]), ['1', '2', '3']],
    [Buffer.concat([gzipSync('{"ts":1}\n'), Buffer.alloc(512)]), ['1']],
    [gzipSync(''), []],
  ] as const) {
    writeFileSync(path, bytes);
    const { rows } = await collect(readFiles([{ key: 'log.json', location: path }], format(table)));
    assert.equal(
      rows.map(([ts]) => ts),
      wanted,
    );
  }
  for (const [bytes, said] of [
    [whole.subarray(0, whole.length - 5), 'cut short'],
    [Buffer.concat([whole, Buffer.from('rubbish')]), 'damaged'],
  ] as const) {
    writeFileSync(path, bytes);
    await rejects(collect(readFiles([{ key: 'log.json', location: path }], format(table))), { code: 'load-damaged', message: said });
  }
});

test('integers are exact, and may be written with a point, an exponent, as text, with blanks around', async () => {
  const tokens = [
    '9007199254740993',
    '9223372036854775807',
    '-9223372036854775808',
    '1.0',
    '1e3',
    '"12"',
    '" -7 "',
    '"+5"',
    '""',
    '"  "',
    'null',
    '-0',
  ];
  const { rows, refused } = await read(tokens.map((token) => `{"ts":${token}}`).join('\n'), 'ts:bigint');
  assert.equal(refused, []);
  assert.equal(
    rows.map(([ts]) => (ts === null ? null : BigInt(ts ?? ''))),
    [9007199254740993n, 9223372036854775807n, -9223372036854775808n, 1n, 1000n, 12n, -7n, 5n, null, null, null, 0n],
  );
});

test('what is not a whole number of the type is refused, with its value', async () => {
  const tokens = [
    '9223372036854775808',
    '1.5',
    '1e-1',
    '1e19',
    'true',
    '"abc"',
    '"1 2"',
    '"0x10"',
    '"1_000"',
    '"1,000"',
    '"NaN"',
    '".5"',
    '"5."',
    '{}',
    '[1]',
  ];
  const { rejects: refused, rows } = await readBytes(tokens.map((token) => `{"ts":${token}}`).join('\n'), format('ts:bigint'));
  assert.equal(rows, []);
  assert.equal(
    refused.map(({ line, column, value }) => [line, column, value]),
    tokens.map((token, index) => [index + 1, 'ts', token.replaceAll('"', '')]),
  );
  assert.equal(
    refused.map(({ reason }) => reason),
    [
      'out of range for bigint',
      'not a whole number',
      'not a whole number',
      'out of range for bigint',
      ...Array(9).fill('not a number'),
      ...Array(2).fill('an object or array, where bigint is wanted'),
    ],
  );
});

test('each integer type has its range', async () => {
  const text = ['32767', '-32768', '32768', '-32769', '2147483648'].map((token) => `{"a":${token},"b":${token}}`).join('\n');
  const small = await read(text, 'a:smallint');
  assert.equal([small.rows.length, small.refused.map(([, , reason]) => reason)], [2, Array(3).fill('out of range for smallint')]);
  const whole = await read(text, 'b:integer');
  assert.equal([whole.rows.length, whole.refused.length], [4, 1]);
});

test('a character column takes numbers, words, objects and arrays as they are written', async () => {
  const tokens = ['1.10', '1e3', '-0', '12345678901234567890', 'true', 'false', '{"b": 1, "b":2.50}', '[ 1,\n"x" ]', '""', '" x "'];
  const { rows, refused } = await read(tokens.map((token) => `{"a":${token}}`).join('\n'), 'a:varchar');
  assert.equal(refused, []);
  assert.equal(
    rows.map(([a]) => a),
    ['1.10', '1e3', '-0', '12345678901234567890', 'true', 'false', '{"b": 1, "b":2.50}', '[ 1,\n"x" ]', '', ' x '],
  );
});

test('an empty text is NULL for every type that is not character', async () => {
  const types = ['bigint', 'double', 'decimal(5,2)', 'boolean', 'date', 'timestamp', 'timestamptz', 'time', 'json'];
  const columns = [...types, 'varchar(3)', 'text'].map((type, index) => `c${index}:${type}`);
  const record = `{${columns.map((_, index) => `"c${index}":""`).join(',')}}`;
  assert.equal((await read(record, columns.join(' '))).rows, [[...types.map(() => null), '', '']]);
});

test('lengths count in bytes: too long is refused, or cut at a whole character', async () => {
  const values = ['12345', 'éé1', '日本', '😀1', '日日', '😀😀', '123456', '\\u65e5\\u65e5', '12345\\n'];
  const text = values.map((value) => `{"a":"${value}"}`).join('\n');
  const refusing = await read(text, 'a:varchar(5)');
  assert.equal(
    refusing.rows.map(([a]) => a),
    ['12345', 'éé1', '😀1'],
  );
  assert.is(refusing.refused.length, 6);
  assert.equal(refusing.refused[0], [3, 'a', 'too long for varchar(5)', '{"a":"日本"}']);
  const cutting = await read(text, 'a:varchar(5)', { truncate_columns: true });
  assert.equal(cutting.refused, []);
  assert.equal(
    cutting.rows.map(([a]) => a),
    ['12345', 'éé1', '日', '😀1', '日', '😀', '12345', '日', '12345'],
  );
});

test('keys: the last of duplicates wins, missing is NULL, unknown is ignored, case counts, escapes do not', async () => {
  const lines = [
    '{"ts":1,"ts":2}',
    '{"page":"x"}',
    '{"ts":3,"other":{"ts":9},"Ts":4}',
    '{"\\u0074s":5}',
    '{"other":1}',
    '{"ts":7,"ts":null}',
  ];
  const { rows, refused } = await read(lines.join('\n'), 'ts:bigint page:varchar(10)');
  assert.equal(refused, []);
  assert.equal(rows, [
    ['2', null],
    [null, 'x'],
    ['3', null],
    ['5', null],
    [null, null],
    [null, null],
  ]);
});

test('auto takes lower-case keys alone, whatever the case of the column; auto ignorecase any', async () => {
  const text = '{"userId":1,"userid":2,"USERID":3}\n{"userId":4}\n';
  const columns = 'userId:bigint';
  assert.equal((await read(text, columns)).rows, [['2'], [null]]);
  assert.equal((await read(text, columns, { jsonpaths: 'auto ignorecase' })).rows, [['3'], ['4']]);
});

test('invalid UTF-8, lone surrogates and NUL are refused wherever they are, and only there', async () => {
  const good = '{"ts":1,"page":"\\ud83d\\ude00 é"}\n';
  const bad: readonly (readonly [string | Uint8Array, string])[] = [
    [Buffer.from('{"page":"a\xff"}', 'latin1'), 'invalid UTF-8'],
    [Buffer.from('{"page":"\xed\xa0\x80"}', 'latin1'), 'invalid UTF-8'],
    [Buffer.from('{"page":"\xc0\xaf"}', 'latin1'), 'invalid UTF-8'],
    [Buffer.from('{"other":"\xe2\x82"}', 'latin1'), 'invalid UTF-8'],
    [Buffer.from('{"\xff":1}', 'latin1'), 'invalid UTF-8'],
    ['{"page":"\\ud800"}', 'a lone surrogate'],
    ['{"page":"\\udc00\\ud800"}', 'a lone surrogate'],
    ['{"other":["\\ud83dx"]}', 'a lone surrogate'],
    ['{"page":"a\\u0000b"}', 'a NUL character'],
    ['{"page":"a\0b"}', 'a NUL character'],
    ['{"\\u0000":1}', 'a NUL character'],
  ];
  for (const [record, reason] of bad) {
    const bytes = Buffer.concat([Buffer.from(good), Buffer.from(record), Buffer.from(`\n${good}`)]);
    const { rows, refused } = await read(bytes);
    assert.is(rows.length, 2);
    assert.equal(
      refused.map(([line, column, because]) => [line, column, because]),
      [[2, undefined, reason]],
    );
  }
  const { refused } = await read(Buffer.from('{"page":"a\xffb\0"}', 'latin1'));
  assert.is(refused[0]?.[3], '{"page":"a\ufffdb\ufffd"}');
});

test('a record with bad text is one reject, over as many lines as it has', async () => {
  const { rows, refused } = await read('{"ts":1,\n"page":"\\ud800"\n}\n{"ts":2}\n');
  assert.is(rows.length, 1);
  assert.equal(refused, [[1, undefined, 'a lone surrogate', '{"ts":1,\n"page":"\\ud800"\n}']]);
});

test('a record with two bad values is one reject, and names the first column', async () => {
  const { refused } = await read('{"length":"x","ts":"y"}');
  assert.equal(refused, [[1, 'ts', 'not a number', '{"length":"x","ts":"y"}']]);
});

test('a control character in a text is malformed, as JSON has it', async () => {
  const { rows, refused } = await read('{"page":"a\tb"}\n{"page":"a\\tb"}\n');
  assert.equal(rows, [[null, 'a\tb', null]]);
  assert.is(refused.length, 1);
});

test('doubles keep what was written; beyond the range is refused', async () => {
  const good = ['0.1', '1e308', '5e-324', '-0.0', '"1.5"', '1541077528796.0', '0.30000000000000004'];
  const { rows } = await read(good.map((token) => `{"length":${token}}`).join('\n'), 'length:double');
  assert.equal(
    rows.map(([length]) => Number(length)),
    [0.1, 1e308, 5e-324, -0, 1.5, 1541077528796, 0.30000000000000004],
  );
  const { rows: none, refused } = await read(
    ['1e400', '-1e309', '1e-400', '"Infinity"', '"1.2.3"'].map((token) => `{"length":${token}}`).join('\n'),
    'length:double',
  );
  assert.equal([none.length, refused.length], [0, 5]);
});

test('decimals are rounded half away from zero and must fit', async () => {
  const cases: Readonly<Record<string, string>> = {
    '1.005': '1.01',
    '-1.005': '-1.01',
    '999.994': '999.99',
    '0.004': '0',
    '1e2': '100',
    '"12"': '12',
    '0.5e-1': '0.05',
  };
  const { rows } = await read(
    Object.keys(cases)
      .map((token) => `{"a":${token}}`)
      .join('\n'),
    'a:decimal(5,2)',
  );
  assert.equal(
    rows.map(([a]) => Number(a)),
    Object.values(cases).map(Number),
  );
  const { refused } = await read('{"a":999.995}\n{"a":1000}\n{"a":1e50}', 'a:decimal(5,2)');
  assert.equal(
    refused.map(([, , reason]) => reason),
    Array(3).fill('out of range for decimal(5,2)'),
  );
});

test('dates, timestamps and times are checked against the calendar and the clock', async () => {
  const columns = 'd:date t:timestamp z:timestamptz c:time';
  const { rows, refused } = await read(
    '{"d":"2020-02-29","t":"2018-11-01T20:57:10.796Z","z":"2018-11-01 20:57:10.5+02:00","c":"23:59:59"}',
    columns,
  );
  assert.equal([rows, refused], [[['2020-02-29', '2018-11-01 20:57:10.796', '2018-11-01 18:57:10.5+00', '23:59:59']], []]);
  const bad = [
    '{"d":"2019-02-29"}',
    '{"d":"2019-13-01"}',
    '{"d":20190101}',
    '{"t":"2018-11-01 24:00:00"}',
    '{"t":1541105830796}',
    '{"z":"yesterday"}',
    '{"c":"12:60:00"}',
  ];
  const { rows: none, refused: all } = await read(bad.join('\n'), columns);
  assert.equal([none.length, all.map(([, column]) => column).join('')], [0, 'dddttzc']);
});

test('a json column keeps the JSON text', async () => {
  const tokens = ['{"x": 1.50}', '[]', '"a\\"b"', '1.0', 'true', 'null'];
  const { rows } = await read(tokens.map((token) => `{"a":${token}}`).join('\n'), 'a:json');
  assert.equal(
    rows.map(([a]) => a),
    [...tokens.slice(0, -1), null],
  );
});

test('deep nesting and a record beyond 16 MiB are refused, and reading goes on', async () => {
  const deep = `{"other":${'['.repeat(600)}${']'.repeat(600)}}`;
  const fine = `{"ts":2,"other":${'['.repeat(400)}${']'.repeat(400)}}`;
  const nested = await read(`${deep}\n${fine}\n`);
  assert.equal([nested.rows.length, nested.refused.map(([, , reason]) => reason)], [1, ['nested too deeply']]);

  const text = `{"ts":1}\n{"page":"${'x'.repeat(17 * 1024 * 1024)}"}\n{"ts":2}\n`;
  for (const chunk of [1 << 20, 1 << 25]) {
    const large = await readBytes(text, format(table), [chunk]);
    assert.is(large.rows.length, 2);
    assert.equal(
      large.rejects.map(({ line, reason, raw }) => [line, reason, raw.length]),
      [[2, 'larger than 16 MiB', 65_536]],
    );
  }
});

test('thousands of rejects come with their lines, in batches', async () => {
  const text = Array.from({ length: 5000 }, (_, index) => (index % 2 ? `{"ts":${index}}` : `{"ts":"no ${index}"}`)).join('\n');
  const { rows, rejects: refused } = await readBytes(text, format('ts:bigint'), [777]);
  assert.equal([rows.length, refused.length], [2500, 2500]);
  assert.ok(refused.every(({ line, value }) => value === `no ${line - 1}`));
});

test('on_error: abort stops with file, line, column, value and reason', async () => {
  await rejects(readBytes('{"ts":1}\n{"ts":"abc"}\n', format(table, { on_error: 'abort' })), {
    code: 'load-reject',
    message: `column 'ts': "abc" is refused: not a number`,
    at: 'log.json:2:1',
    hint: 'on_error: reject',
  });
  await rejects(readBytes('{"ts":1}\noops\n', format(table, { on_error: 'abort' })), {
    message: 'the record is refused: not a JSON object',
    at: 'log.json:2:1',
  });
});

test('max_errors stops at the reject beyond it', async () => {
  const text = 'x\n{"ts":1}\ny\nz\n';
  assert.is((await readBytes(text, format(table, { max_errors: 3 }))).rejects.length, 3);
  await rejects(readBytes(text, format(table, { max_errors: 2 })), { code: 'load-reject', message: 'max_errors is 2', at: 'log.json:4:1' });
});

test('files are counted each for itself, though batches go across them', async () => {
  const dir = tempDir('several');
  const files = ['{"ts":1}\n{"ts":2}', 'bad\n{"ts":3}\n', '', 'bad\nbad'].map((text, index) => {
    const location = join(dir, `f${index}.json`);
    writeFileSync(location, text);
    return { key: `f${index}.json`, location };
  });
  const { rows, rejects: refused, done } = await collect(readFiles(files, format(table)));
  assert.is(rows.length, 3);
  assert.equal(
    refused.map(({ file, line }) => `${file}:${line}`),
    ['f1.json:1', 'f3.json:1', 'f3.json:2'],
  );
  assert.equal(
    done.map(({ key, rows: loaded, rejects: lost }) => `${key} ${loaded} ${lost}`),
    ['f0.json 2 0', 'f1.json 1 1', 'f2.json 0 0', 'f3.json 0 2'],
  );
});

test('of a long value, its beginning is kept with the reject', async () => {
  const { rejects: refused } = await readBytes(`{"ts":"${'9'.repeat(3000)}"}`, format('ts:bigint'));
  assert.equal(
    refused.map(({ value, raw }) => [value, raw.length]),
    [[`${'9'.repeat(1000)}…`, 3009]],
  );
});

test('a signal stops the reading between two chunks', async () => {
  const stop = new AbortController();
  const chunks = async function* () {
    yield Buffer.from('{"ts":1}\n');
    stop.abort();
    yield Buffer.from('{"ts":2}\n');
  };
  await rejects(collect(readFiles([{ key: 'a', location: 'a' }], format(table), stop.signal, chunks)), { message: 'aborted' });
});

test('parquet files are not for this reader', async () => {
  await rejects(collect(readFiles([], format(table, { format: 'parquet' }))), { message: 'loaded in SQL' });
});

test.run();
