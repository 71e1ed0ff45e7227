// Each kind of hard file through `dwh load`: rows, rejects and totals exactly. Every file is loaded twice, into two tables: as
// it is, which lets DuckDB read it where that is proved to be the same, and with a malformed line behind it, which leaves it to
// the exact reader. Both tables must be equal.
import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadedOf, loading, stored } from './project.ts';

const test = suite('loads: hard files');

const columns = 'ts:bigint page:varchar(10) length:double';

interface Hard {
  readonly bytes: string | Uint8Array;
  readonly rows: readonly (readonly (string | null)[])[];
  /** [line, column, reason, value] */
  readonly rejects?: readonly (readonly [number, string | null, string, string | null])[];
  readonly columns?: string;
  readonly load?: Readonly<Record<string, unknown>>;
}

const withBadLine = (bytes: Uint8Array): Uint8Array =>
  bytes[0] === 0x1f ? Buffer.concat([bytes, gzipSync('\nnot a record')]) : Buffer.concat([bytes, Buffer.from('\nnot a record')]);

function hard(name: string, { bytes, rows, rejects = [], columns: own = columns, load = {} }: Hard): void {
  test(name, async () => {
    const file = Buffer.from(bytes);
    const table = { columns: own, load: { on_error: 'reject', ...load } };
    const shop = await loading({ 'plain/f.json': file, 'forced/f.json': withBadLine(file) }, { plain: table, forced: table });
    const all = await shop.run('load');
    for (const [from, bad] of [
      ['plain', 0],
      ['forced', 1],
    ] as const) {
      const { status, counts } = loadedOf(all, from);
      assert.equal([status, counts], ['success', [rows.length, 1, 0, rejects.length + bad]], from);
      const found = await stored(shop, from);
      const [, ...own] = [...found.rejects].reverse();
      const kept = bad === 0 ? found.rejects : own.reverse();
      assert.equal(found.rows, [...rows].sort(byText), from);
      assert.equal(
        kept,
        rejects.map(([line, ...rest]) => [`${from}/f.json`, String(line), ...rest]),
        from,
      );
      assert.equal(found.ledger, [[`${from}/f.json`, String(rows.length), String(rejects.length + bad)]], from);
    }
  });
}

/** As `order by all` sorts the rows here: by their first column, a number, NULL last. */
const byText = (a: readonly (string | null)[], b: readonly (string | null)[]): number =>
  Number(a[0] ?? Number.POSITIVE_INFINITY) - Number(b[0] ?? Number.POSITIVE_INFINITY);

hard('malformed lines are rejects, and cost no other', {
  bytes: '{"ts":1}\n{"ts":2,"page":"Ho\n{"ts":3}\nts=4\n{"ts":5,}\n[{"ts":6}]\n{"ts":7}\n',
  rows: [
    ['1', null, null],
    ['3', null, null],
    ['7', null, null],
  ],
  rejects: [
    [2, null, 'malformed JSON', null],
    [4, null, 'not a JSON object', null],
    [5, null, 'malformed JSON', null],
    [6, null, 'not a JSON object', null],
  ],
});

hard('an empty file has neither rows nor rejects, and is remembered', { bytes: '', rows: [] });

hard('a file of blank lines and empty objects has neither rows nor rejects', { bytes: '\n  \r\n{}\n{ }\n\n', rows: [] });

hard('a gzipped file is known by its first bytes, whatever its name', {
  bytes: gzipSync('{"ts":1,"page":"Home"}\n{"ts":2}'),
  rows: [
    ['1', 'Home', null],
    ['2', null, null],
  ],
});

hard('a gzipped file of several members, with a reject among them', {
  bytes: Buffer.concat([gzipSync('{"ts":1}\n{"ts":"x"}\n{"t'), gzipSync('s":3}\n')]),
  rows: [
    ['1', null, null],
    ['3', null, null],
  ],
  rejects: [[2, 'ts', 'not a number', 'x']],
});

hard('a byte-order mark is not part of the first record', {
  bytes: '\ufeff{"ts":1}\n{"ts":2}\n',
  rows: [
    ['1', null, null],
    ['2', null, null],
  ],
});

hard('CRLF ends records as LF does', {
  bytes: '{"ts":1,"page":"a"}\r\n\r\n{"ts":2,"page":"b"}\r\n{"ts":3,"page":"c"}',
  rows: [
    ['1', 'a', null],
    ['2', 'b', null],
    ['3', 'c', null],
  ],
});

hard('NUL, as a byte or an escape, is a reject', {
  bytes: '{"ts":1}\n{"ts":2,"page":"a\\u0000b"}\n{"ts":3,"page":"a\0b"}\n{"ts":4,"other":"\\u0000"}\n{"ts":5}\n',
  rows: [
    ['1', null, null],
    ['5', null, null],
  ],
  rejects: [
    [2, null, 'a NUL character', null],
    [3, null, 'a NUL character', null],
    [4, null, 'a NUL character', null],
  ],
});

hard('lone surrogates are rejects, pairs are characters', {
  bytes: '{"ts":1,"page":"\\ud83d\\ude00"}\n{"ts":2,"page":"\\ud83d"}\n{"ts":3,"page":"\\ude00\\ud83d"}\n{"ts":4,"other":["\\udfff"]}\n',
  rows: [['1', '😀', null]],
  rejects: [
    [2, null, 'a lone surrogate', null],
    [3, null, 'a lone surrogate', null],
    [4, null, 'a lone surrogate', null],
  ],
});

hard('bytes that are not UTF-8 are rejects', {
  bytes: Buffer.from('{"ts":1,"page":"caf\xe9"}\n{"ts":2,"page":"caf\xc3\xa9"}\n{"ts":3,"page":"\xed\xa0\x80"}\n', 'latin1'),
  rows: [['2', 'café', null]],
  rejects: [
    [1, null, 'invalid UTF-8', null],
    [3, null, 'invalid UTF-8', null],
  ],
});

const long = '{"ts":1,"page":"0123456789"}\n{"ts":2,"page":"0123456789x"}\n{"ts":3,"page":"12345678é"}\n{"ts":4,"page":"123456789é"}\n';

hard('over-long strings are rejects: lengths count in bytes', {
  bytes: long,
  rows: [
    ['1', '0123456789', null],
    ['3', '12345678é', null],
  ],
  rejects: [
    [2, 'page', 'too long for varchar(10)', '0123456789x'],
    [4, 'page', 'too long for varchar(10)', '123456789é'],
  ],
});

hard('over-long strings are cut at a whole character with truncate_columns', {
  bytes: long,
  load: { truncate_columns: true },
  rows: [
    ['1', '0123456789', null],
    ['2', '0123456789', null],
    ['3', '12345678é', null],
    ['4', '123456789', null],
  ],
});

hard('wrong types are rejects, with column and value', {
  bytes: [
    '{"ts":"soon"}',
    '{"ts":1.5}',
    '{"ts":9223372036854775808}',
    '{"ts":true}',
    '{"ts":{"a":1}}',
    '{"ts":6,"length":"long"}',
    '{"ts":7,"length":[1]}',
    '{"ts":8,"length":1.5}',
  ].join('\n'),
  rows: [['8', null, '1.5']],
  rejects: [
    [1, 'ts', 'not a number', 'soon'],
    [2, 'ts', 'not a whole number', '1.5'],
    [3, 'ts', 'out of range for bigint', '9223372036854775808'],
    [4, 'ts', 'not a number', 'true'],
    [5, 'ts', 'an object or array, where bigint is wanted', '{"a":1}'],
    [6, 'length', 'not a number', 'long'],
    [7, 'length', 'an object or array, where double precision is wanted', '[1]'],
  ],
});

hard('integers beyond 2^53 are exact', {
  bytes: '{"ts":9007199254740993}\n{"ts":"9007199254740995"}\n{"ts":-9223372036854775808}\n{"ts":9223372036854775807}\n',
  rows: [
    ['-9223372036854775808', null, null],
    ['9007199254740993', null, null],
    ['9007199254740995', null, null],
    ['9223372036854775807', null, null],
  ],
});

hard('numbers as strings are numbers, blanks around them too; an empty one is NULL', {
  bytes: '{"ts":"1","length":"2.5"}\n{"ts":" 2 ","length":" 1e3 "}\n{"ts":"+3","length":""}\n{"ts":"","length":"-0.5"}\n',
  rows: [
    ['1', null, '2.5'],
    ['2', null, '1000'],
    ['3', null, null],
    [null, null, '-0.5'],
  ],
});

hard('1.0 and 1e3 are integers, and numbers for a character column are its text', {
  bytes: '{"ts":1.0,"page":1.10}\n{"ts":1e3,"page":12}\n{"ts":2,"page":true}\n{"ts":3,"page":{"a": 1}}\n',
  rows: [
    ['1', '1.10', null],
    ['2', 'true', null],
    ['3', '{"a": 1}', null],
    ['1000', '12', null],
  ],
});

hard('pretty-printed objects are one row each; of a malformed one only its first line is the reject', {
  bytes: '{\n  "ts": 1,\n  "page": "Home"\n}\n{\r\n"ts": 2 }{"ts":3}\n{ "ts": 4,\n{"ts":5}\n',
  rows: [
    ['1', 'Home', null],
    ['2', null, null],
    ['3', null, null],
    ['5', null, null],
  ],
  rejects: [[7, null, 'malformed JSON', null]],
});

hard('unknown keys are ignored and missing ones NULL; case counts, and the last of duplicates wins', {
  bytes: '{"ts":1,"userAgent":{"x":[1]}}\n{"page":"Home"}\n{"TS":9,"ts":3}\n{"ts":0,"ts":4}\n{"other":1}\n',
  rows: [
    ['1', null, null],
    ['3', null, null],
    ['4', null, null],
    [null, 'Home', null],
    [null, null, null],
  ],
});

hard('a record of two bad values is one reject, for its first column', {
  bytes: '{"length":"x","ts":"y"}\n{"ts":2}\n',
  rows: [['2', null, null]],
  rejects: [[1, 'ts', 'not a number', 'y']],
});

hard('every type of column, as DuckDB stores it', {
  bytes:
    '{"i":1,"d":1.005,"r":0.5,"b":true,"day":"2020-02-29","at":"2018-11-01T20:57:10.796Z","zone":"2018-11-01 20:57:10+02","clock":"23:59:59.5","any":{"x": [1,2]}}\n' +
    '{"i":"2","d":"2","r":"2.5","b":"no","day":"","at":null}\n',
  columns: 'i:smallint d:decimal(6,2) r:real b:boolean day:date at:timestamp zone:timestamptz clock:time any:json text',
  rows: [
    ['1', '1.01', '0.5', 'true', '2020-02-29', '2018-11-01 20:57:10.796', '2018-11-01 18:57:10+00', '23:59:59.5', '{"x": [1,2]}', null],
    ['2', '2.00', '2.5', 'false', null, null, null, null, null, null],
  ],
});

test.run();
