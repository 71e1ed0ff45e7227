import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checksumOf, contentHash, fileReader } from '../../src/project/files.ts';
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

test.run();
