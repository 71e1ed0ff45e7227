import { readdir, readFile } from 'node:fs/promises';
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { csvFiles } from '../../src/adapters/duckdb/csv-files.ts';
import { tempDir } from '../support/temp-dir.ts';
import { csv, pieces } from './conformance.ts';

const test = suite('csv files');

const value = fc.option(fc.array(fc.constantFrom('a', '"', ',', '\n', 'é', '😀')).map((list) => list.join('')));
const table = fc.array(fc.tuple(value, value), { maxLength: 30 });

test('together the files are the stream, each ends at a row, and only the last one says so', async () => {
  await fc.assert(
    fc.asyncProperty(table, fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 200 }), async (rows, pieceBytes, fileBytes) => {
      const folder = tempDir('csv');
      const rowTexts = rows.map((row) => csv([row]));
      const files: { text: string; longestRow: number; last: boolean }[] = [];
      for await (const file of csvFiles(pieces(rowTexts.join(''), pieceBytes), folder, fileBytes)) {
        files.push({ text: await readFile(file.path, 'utf8'), longestRow: file.longestRow, last: file.last });
      }
      assert.is(files.map(({ text }) => text).join(''), rowTexts.join(''));
      assert.equal(
        files.map(({ last }) => last),
        files.map((_, index) => index === files.length - 1),
      );
      let left = [...rowTexts];
      for (const { text, longestRow } of files) {
        const own: string[] = [];
        while (left.length > 0 && own.join('').length < text.length) own.push(left.shift() ?? '');
        assert.is(own.join(''), text);
        assert.is(longestRow, Math.max(...own.map((row) => Buffer.byteLength(row))));
      }
      left = [];
    }),
    { numRuns: 200 },
  );
});

test('a file grows beyond its size by one piece and one row at most', async () => {
  const rows = Array.from({ length: 1000 }, (_, index) => csv([[String(index), 'x'.repeat(20)]]));
  const rowByRow = async function* (): AsyncGenerator<Uint8Array> {
    for (const row of rows) yield Buffer.from(row);
  };
  for (const stream of [pieces(rows.join(''), 100), rowByRow()]) {
    const sizes: number[] = [];
    for await (const file of csvFiles(stream, tempDir('csv'), 1000)) sizes.push((await readFile(file.path)).length);
    assert.ok(Math.max(...sizes) <= 1000 + 100 + 40, sizes.join(' '));
    assert.ok(sizes.length > 20);
  }
});

test('a stream may use its buffer again', async () => {
  const buffer = Buffer.alloc(4);
  const reusing = async function* (): AsyncGenerator<Uint8Array> {
    for (const letter of 'abc') yield buffer.fill(`"${letter}"\n`);
  };
  for await (const file of csvFiles(reusing(), tempDir('csv'), 1000)) assert.is(await readFile(file.path, 'utf8'), '"a"\n"b"\n"c"\n');
});

test('no bytes make no file, and half a value is an error', async () => {
  const folder = tempDir('csv');
  for await (const file of csvFiles(pieces('', 1), folder, 10)) throw new Error(file.path);
  assert.equal(await readdir(folder), []);
  let message = '';
  try {
    for await (const _ of csvFiles(pieces('"a"\n"b', 3), folder, 100)) throw new Error('a file was made');
  } catch (error) {
    message = error instanceof Error ? error.message : '';
  }
  assert.match(message, 'inside a quoted value');
});

test.run();
