import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checksumOf, contentHash, fileReader, hashOfBytes } from '../../src/project/files.ts';
import { tempDir } from '../support/temp-dir.ts';

const test = suite('project: files');
const startedAt = Date.UTC(2024, 0, 15);

/** The hash of a file of text 'two' whose size and times are as they were when it was 'one'. */
function hashAfterChange(stat: { readonly mtimeMs: number; readonly ctimeMs: number }): string {
  const location = join(tempDir('files'), 'a.sql');
  const place = { path: 'a.sql', file: 'a.sql', location };
  const same = { size: 3, ino: 1, ...stat };
  writeFileSync(location, 'one');
  const first = fileReader(undefined, startedAt);
  first.file(place, same);
  const records = first.records();
  writeFileSync(location, 'two');
  return fileReader(records, startedAt + 60_000)
    .file(place, same)
    .hash();
}

test('a file is as it was while its size and times are, unless it was young when it was read', () => {
  const old = startedAt - 10_000;
  assert.is(hashAfterChange({ mtimeMs: old, ctimeMs: old }), contentHash('one'));
  for (const young of [startedAt + 5, startedAt, startedAt - 1500]) {
    assert.is(hashAfterChange({ mtimeMs: young, ctimeMs: young }), contentHash('two'));
    assert.is(hashAfterChange({ mtimeMs: old, ctimeMs: young }), contentHash('two'));
  }
});

test('a checksum leaves out the blanks around a text, and a hash does not', () => {
  const texts = ['select 1', 'select 1\n', ' select 1', 'select 1\n\n', '', '\n', ' '];
  assert.is(new Set(texts.map(contentHash)).size, texts.length);
  assert.is(contentHash('select 1\n'), checksumOf(contentHash(' select 1')));
  assert.is(new Set(texts.slice(0, 4).map((text) => checksumOf(contentHash(text)))).size, 1);
});

test('the hash of bytes is that of their text', () => {
  const piece = fc.constantFrom('a', ' ', '\n', '\t', '\v', '\u00a0', '\u3000', 'é', '\u001f', '\0', '\ud800');
  const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(fc.constantFrom('', '\ufeff'), text, fc.constantFrom('', '\xff'), (mark, some, broken) => {
      const bytes = Buffer.concat([Buffer.from(mark + some), Buffer.from(broken, 'latin1')]);
      assert.is(hashOfBytes(bytes), contentHash(bytes.toString().replace(/^\ufeff/, '')));
    }),
    { numRuns: 500 },
  );
});

test('a large file has the same hash whether or not its text is asked for first', () => {
  const location = join(tempDir('files'), 'a.csv');
  writeFileSync(location, `\n${'id,name\n'.repeat(200_000)} `);
  const stat = { size: 1_600_002, ino: 1, mtimeMs: 1, ctimeMs: 1 };
  const file = () => fileReader(undefined, startedAt).file({ path: 'a.csv', file: 'a.csv', location }, stat);
  const [hashed, read] = [file(), file()];
  assert.is(read.text().length, stat.size);
  assert.is(hashed.hash(), read.hash());
});

test.run();
