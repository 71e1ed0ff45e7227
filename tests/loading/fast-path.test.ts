// Files that the scan finds clean give the same rows through DuckDB's read_json as through the exact reader, in a real database.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Connection, Warehouse } from '../../src/adapters/adapter.ts';
import { statement } from '../../src/core/statement.ts';
import {
  listFiles,
  type RecordFormat,
  readFiles,
  readJsonSql,
  recordFormat as recordFormatOf,
  type ScannedFile,
  scanFiles,
} from '../../src/loading/index.ts';
import { openTarget } from '../adapters/duckdb-target.ts';
import { rejects } from '../support/rejects.ts';
import { shared, withoutShared } from '../support/shared.ts';
import { skipUnless } from '../support/skip.ts';
import { tempDir } from '../support/temp-dir.ts';
import { awkwardFile } from './awkward-files.ts';
import { cleanishFile, cleanishTable } from './cleanish-files.ts';
import { at, collect, columns, format, listed, readBytes, spec } from './support.ts';

interface World {
  warehouse: Warehouse;
  connection: Connection;
  dir: string;
  files: number;
}

const test = suite<Partial<World>>('loading: fast path', {});

test.before(async (world) => {
  world.warehouse = await openTarget({ path: ':memory:' });
  world.connection = await world.warehouse.connect();
  world.dir = tempDir('fast-path');
  world.files = 0;
});
test.after(async (world) => {
  await world.connection?.close();
  await world.warehouse?.close();
});

const run = async ({ connection }: Partial<World>, sql: string) => {
  if (!connection) throw new Error('no connection');
  return connection.run(statement(sql));
};

const into = (name: string) => ({ schema: 'main', identifier: name });

async function makeTables(world: Partial<World>, recordFormat: RecordFormat): Promise<void> {
  const types = recordFormat.columns.map(({ name, type }) => `"${name}" ${type}`).join(', ');
  for (const table of ['fast', 'exact']) await run(world, `create or replace table ${table} (${types})`);
}

function write(world: Partial<World>, bytes: Uint8Array, name = `f${world.files}.json`) {
  world.files = (world.files ?? 0) + 1;
  const path = join(world.dir ?? '', name);
  writeFileSync(path, bytes);
  return listed(name, path, bytes.length);
}

/** By DuckDB alone. Rows inserted. */
async function insert(world: Partial<World>, files: readonly ScannedFile[], recordFormat: RecordFormat): Promise<number> {
  await run(world, 'truncate fast');
  let inserted = 0;
  for (const query of readJsonSql(files, recordFormat)) inserted += (await run(world, `insert into fast ${query}`)).rowCount;
  return inserted;
}

/** Both tables filled from these files, compared; every row as text, so that nothing is made equal by the driver. */
async function compare(world: Partial<World>, files: readonly ScannedFile[], recordFormat: RecordFormat): Promise<number> {
  await run(world, 'truncate exact');
  const inserted = await insert(world, files, recordFormat);
  const copied = await world.connection?.copyIn(
    into('exact'),
    recordFormat.columns,
    (async function* () {
      for await (const batch of readFiles(files, recordFormat)) {
        assert.equal(batch.rejects, []);
        yield batch.csv;
      }
    })(),
  );
  const promised = files.reduce((sum, file) => sum + (file.clean?.rows ?? 0), 0);
  assert.is(inserted, promised);
  assert.is(copied?.rowCount, promised);
  const text = recordFormat.columns.map(({ name }) => `"${name}"::varchar`).join(', ');
  const rowsOf = async (table: string): Promise<readonly string[]> =>
    (await run(world, `select ${text} from ${table}`)).rows.map((row) => JSON.stringify(row)).sort();
  assert.equal(await rowsOf('fast'), await rowsOf('exact'));
  return inserted;
}

test('clean files are read to the same rows', async (world) => {
  const recordFormat = format(cleanishTable);
  await makeTables(world, recordFormat);
  let clean = 0;
  let rows = 0;
  let total = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(cleanishFile, fc.boolean()), { minLength: 1, maxLength: 3 }), async (contents) => {
      const files = contents.map(([bytes, packed]) => write(world, packed ? gzipSync(bytes) : bytes));
      const scanned = (await scanFiles(files, recordFormat)).filter((file) => file.clean !== undefined);
      total += files.length;
      clean += scanned.length;
      rows += await compare(world, scanned, recordFormat);
    }),
    { numRuns: 200 },
  );
  // The generator must be worth its name: else nothing was compared.
  assert.ok(clean > total / 3 && rows > 1000, `${clean} of ${total} files were clean, with ${rows} rows`);
});

test('a file that is not all rows, or has them over several lines, is never found clean', async (world) => {
  const recordFormat = format('a:varchar(5) b:bigint c:double d:decimal(6,2) e:boolean f:date');
  await makeTables(world, recordFormat);
  await fc.assert(
    fc.asyncProperty(awkwardFile, async (bytes) => {
      const [scanned] = await scanFiles([write(world, bytes)], recordFormat);
      if (!scanned?.clean) return;
      await compare(world, [scanned], recordFormat);
      const read = await readBytes(bytes, recordFormat);
      assert.is(read.rows.length, scanned.clean.rows);
      assert.equal(read.rejects, []);
    }),
    { numRuns: 200 },
  );
});

test('columns that come as numbers in one file and as text in another are read apart', async (world) => {
  const recordFormat = format('a:double b:bigint c:decimal(9,3) d:varchar(9)');
  await makeTables(world, recordFormat);
  const files = [
    '{"a":0.1,"b":1.0,"c":2.5,"d":5}',
    '{"a":"0.1","b":"1","c":"2.5","d":"5"}',
    '{"a":"","b":"","c":"","d":""}\n{"a":null}',
    '{"a":"0.25","b":7,"c":3}',
  ].map((text) => write(world, Buffer.from(text)));
  const scanned = await scanFiles(files, recordFormat);
  assert.equal(
    scanned.map((file) => file.clean?.rows),
    [1, 1, 2, 1],
  );
  assert.is(readJsonSql(scanned, recordFormat).length > 1, true);
  assert.is(await compare(world, scanned, recordFormat), 5);
});

test('names of files and folders mean themselves', async (world) => {
  const recordFormat = format('a:bigint b:bigint');
  await makeTables(world, recordFormat);
  const names = [
    "it's.json",
    'a b.json',
    'x=1.json',
    'plain.json.gz',
    'ü%20#.json',
    'back\\slash.json',
    '{a,b}.json',
    '$x.json',
    '-- c.json',
  ];
  const scanned = await scanFiles(
    names.map((name) => write(world, Buffer.from('{"a":1,"b":2}\n'), name)),
    recordFormat,
  );
  assert.is(await compare(world, scanned, recordFormat), names.length);
  const globs = await scanFiles(
    ['z[1].json', 'z*.json', 'z?.json'].map((name) => write(world, Buffer.from('{"a":1}\n'), name)),
    recordFormat,
  );
  const [empty] = await scanFiles([write(world, Buffer.alloc(0), 'e*.json')], recordFormat);
  assert.equal(
    [...globs, empty].map((file) => file?.clean),
    [undefined, undefined, undefined, undefined],
  );
});

test('what DuckDB would read otherwise is not clean', async (world) => {
  const recordFormat = format('a:bigint b:varchar(3) c:json d:double');
  const cases: Readonly<Record<string, string>> = {
    'a byte-order mark': '\ufeff{"a":1}',
    'an empty object': '{"a":1}\n{}\n',
    'a rounded number': '{"a":1.5}',
    'a number with an exponent': '{"a":1e3}',
    'a truth for a number': '{"a":true}',
    'a number too large': '{"a":9223372036854775808}',
    'digits that text must keep': '{"b":1.0}',
    'an object as text': '{"b":{}}',
    'a text too long': '{"b":"日本"}',
    'a key that comes twice': '{"a":1,"a":2}',
    'any json value': '{"c":1.50}',
    'a double too large': '{"d":1e400}',
    'an integer minus zero': '{"d":-0}',
    'a NUL': '{"b":"\\u0000"}',
    'two objects in a line': '{"a":1}{"a":2}',
    'an object on two lines': '{"a":\n1}',
    'a lone surrogate nobody wants': '{"z":"\\ud800"}',
    'a line that is no object': '{"a":1}\n[]\n',
    'an unfinished line': '{"a":1}\n{"a":',
  };
  const files = Object.entries(cases).map(([name, text]) => write(world, Buffer.from(text), `${name}.json`));
  const scanned = await scanFiles(files, recordFormat);
  assert.equal(
    scanned.filter((file) => file.clean).map((file) => file.key),
    [],
  );
});

test('files of many shapes are clean too, and so are blank lines, CRLF, blanks and a missing last line end', async (world) => {
  const table = 'a:bigint b:varchar(10) c:double';
  const recordFormat = format(table);
  await makeTables(world, recordFormat);
  const keys = ['a', 'b', 'c', 'x', 'y', 'z'];
  const lines = Array.from({ length: 3000 }, (_, row) => {
    const chosen = keys.filter((_, bit) => ((row * 7919) >> bit) & 1);
    return `{${chosen.map((key, index) => `"${key}":${index % 2 ? ' ' : ''}${key === 'b' ? `"${row}"` : row}`).join(', ')}}`;
  }).filter((line) => line !== '{}');
  const ends = ['\n', '\r\n', '\n\n', ' \n', '\n  \r\n'];
  const text = lines.map((line, row) => line + (row === lines.length - 1 ? '' : ends[row % ends.length])).join('');
  const scanned = await scanFiles([write(world, Buffer.from(text))], recordFormat);
  assert.is(scanned[0]?.clean?.rows, lines.length);
  assert.is(await compare(world, scanned, recordFormat), lines.length);
});

test('a line longer than a record may be is not clean, nor are files of one', async (world) => {
  const long = `{"a":"${'x'.repeat(16 * 1024 * 1024)}"}\n`;
  const scanned = await scanFiles([write(world, Buffer.from(`{"a":"y"}\n${long}`)), write(world, Buffer.from(long))], format('a:varchar'));
  assert.equal(
    scanned.map((file) => file.clean),
    [undefined, undefined],
  );
});

test('files without a row need no query', async (world) => {
  const recordFormat = format('a:bigint');
  const scanned = await scanFiles(
    [write(world, Buffer.alloc(0)), write(world, Buffer.from('\n \r\n')), write(world, gzipSync(''))],
    recordFormat,
  );
  assert.equal(
    scanned.map((file) => file.clean?.rows),
    [0, 0, 0],
  );
  assert.equal(readJsonSql(scanned, recordFormat), []);
});

test('a table of one column keeps its NULLs', async (world) => {
  const recordFormat = format('a:bigint');
  await makeTables(world, recordFormat);
  const scanned = await scanFiles([write(world, Buffer.from('{"b":1}\n{"a":1}\n{"a":null}\n'))], recordFormat);
  assert.is(await compare(world, scanned, recordFormat), 3);
});

test('the content is the sha256 of the file as it stands', async (world) => {
  const files = [
    write(world, Buffer.from('{"a":1}\n')),
    write(world, gzipSync('{"a":1}\n')),
    write(world, Buffer.alloc(0)),
    write(world, Buffer.from('[\n')),
  ];
  const scanned = await scanFiles(files, format('a:bigint'));
  for (const file of scanned) {
    assert.is(file.content, createHash('sha256').update(readFileSync(file.location)).digest('hex'));
  }
  assert.equal(
    scanned.map((file) => [file.packed, file.clean?.rows]),
    [
      [false, 1],
      [true, 1],
      [false, 0],
      [false, undefined],
    ],
  );
});

test('values of every kind of column are read alike: whole numbers of all sizes, words, texts without a limit', async (world) => {
  const recordFormat = format('t:tinyint h:hugeint b:boolean d:date m:time l:text p:decimal');
  await makeTables(world, recordFormat);
  const lines = [
    '{"t":-128,"h":170141183460469231,"b":true,"d":"2020-02-29","m":"23:59:59.5","l":"é\\n","p":null}',
    '{"t":"127","h":"-5","b":false,"d":"","m":"","l":"","p":null}',
  ];
  const scanned = await scanFiles(
    lines.map((line) => write(world, Buffer.from(`${line}\n`))),
    recordFormat,
  );
  assert.equal(
    scanned.map((file) => file.clean?.rows),
    [1, 1],
  );
  assert.is(await compare(world, scanned, recordFormat), 2);
  const [unclean] = await scanFiles([write(world, Buffer.from('{"b":""}\n'))], recordFormat);
  assert.is(unclean?.clean, undefined);
});

test('two columns may take one value, each with its own type', async (world) => {
  const table = columns('a:bigint b:varchar(4) c:text');
  const text = JSON.stringify({ jsonpaths: ["$['x']", "$['x']", "$['y']"] });
  const recordFormat = recordFormatOf(spec(), table, { file: 'paths.json', text });
  await makeTables(world, recordFormat);
  const good = Array.from({ length: 40 }, (_, index) => `{"x":"${index}","y":"z"}\n`).join('');
  const scanned = await scanFiles(
    [write(world, Buffer.from(good)), write(world, Buffer.from(`${good}{"x":"12345","y":"z"}\n`))],
    recordFormat,
  );
  assert.equal(
    scanned.map((file) => file.clean?.rows),
    [40, undefined],
  );
  assert.is(await compare(world, scanned.slice(0, 1), recordFormat), 40);
});

test('a line that is too much for a regular expression is parsed', async (world) => {
  const recordFormat = format('a:varchar');
  await makeTables(world, recordFormat);
  const long = `{"a":"${'é\\n'.repeat(3_000_000)}"}\n`;
  const scanned = await scanFiles([write(world, Buffer.from(`{"a":"x"}\n{"a":"y"}\n${long}{"a":"z"}\n`))], recordFormat);
  assert.is(scanned[0]?.clean?.rows, 4);
  assert.is(await compare(world, scanned, recordFormat), 4);
});

test('records of thousands of keys are parsed, too', async (world) => {
  const recordFormat = format('k7:bigint k1999:varchar');
  await makeTables(world, recordFormat);
  const line = `{${Array.from({ length: 3000 }, (_, index) => `"k${index}":"${index}"`).join(',')}}\n`;
  const scanned = await scanFiles([write(world, Buffer.from(line.repeat(20)))], recordFormat);
  assert.is(scanned[0]?.clean?.rows, 20);
  assert.is(await compare(world, scanned, recordFormat), 20);
});

test('a large file whose last line has no end keeps that line, wherever the buffers of DuckDB end', async (world) => {
  const recordFormat = format('a:varchar');
  await makeTables(world, recordFormat);
  const line = `{"a":"${'x'.repeat(991)}"}\n`;
  for (const [size, packed] of [
    [16 << 20, false],
    [(16 << 20) + 8, true],
    [(32 << 20) - 1, false],
  ] as const) {
    const count = Math.floor(size / line.length) - 1;
    const last = `{"a":"${'y'.repeat(size - count * line.length - 8)}"}`;
    const bytes = Buffer.from(line.repeat(count) + last);
    const [scanned] = await scanFiles([write(world, packed ? gzipSync(bytes, { level: 1 }) : bytes)], recordFormat);
    assert.equal([bytes.length, scanned?.clean?.rows, scanned?.clean?.unended], [size, count + 1, true]);
    const inserted = await insert(world, scanned ? [scanned] : [], recordFormat);
    assert.equal([inserted, (await run(world, "select count(*) from fast where a like 'y%'")).rows], [count + 1, [[1]]]);
  }
});

test('a packed file with padding behind it is left to the exact reader', async (world) => {
  const recordFormat = format('a:bigint');
  const [scanned] = await scanFiles([write(world, Buffer.concat([gzipSync('{"a":1}\n'), Buffer.alloc(512)]))], recordFormat);
  assert.equal([scanned?.packed, scanned?.clean], [true, undefined]);
});

test('a signal stops the scan, and a file that is gone by then is named', async (world) => {
  const file = write(world, Buffer.alloc(5 << 20, ' '));
  const stop = new AbortController();
  stop.abort();
  await rejects(scanFiles([file, file], format('a:bigint'), stop.signal), { message: 'aborted' });
  await rejects(scanFiles([listed('gone.json', join(world.dir ?? '', 'gone.json'), 1)], format('a:bigint')), {
    code: 'load-unreadable',
    message: 'gone.json',
  });
});

skipUnless(
  shared('data', 'sparkify'),
  withoutShared,
  test,
)("Sparkify's own files: all rows, both ways", async (world) => {
  const songs = 'song_id:varchar(256) title:varchar(256) artist_name:varchar(256) artist_latitude:double duration:double year:integer';
  const sets = [
    ['log-data', 'ts:bigint artist:varchar(256) length:double registration:bigint location:varchar(256)', 8056, 30],
    ['song-data', songs, 1943, 1943],
    // Three of its files are pretty-printed.
    ['classic71/song-data', songs, 71, 68],
  ] as const;
  for (const [folder, table, rows, clean] of sets) {
    const recordFormat = format(table);
    await makeTables(world, recordFormat);
    const files = await listFiles(shared('data', 'sparkify', folder) ?? '', world.dir ?? '', at);
    const scanned = (await scanFiles(files, recordFormat)).filter((file) => file.clean);
    assert.is(scanned.length, clean);
    await compare(world, scanned, recordFormat);
    const read = await collect(readFiles(files, recordFormat));
    assert.equal([read.rows.length, read.rejects.length], [rows, 0]);
  }
});

test.run();
