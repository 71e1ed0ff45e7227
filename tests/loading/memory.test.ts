// Memory is bounded by the largest record a file may have, not by the file: hundreds of megabytes go through a small process.
import { execFile } from 'node:child_process';
import { createWriteStream, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGzip } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { repoRoot } from '../support/shared.ts';
import { tempDir } from '../support/temp-dir.ts';

const test = suite('loading: memory');

/** Packed, `pieces` times `text` is small on the disk. */
async function load(
  text: string,
  pieces: number,
  kind = 'json',
): Promise<{ rows: number; rejects: number; clean: boolean; grownMiB: number }> {
  const dir = tempDir('memory');
  const path = join(dir, 'log.json.gz');
  const small = join(dir, 'small.json');
  writeFileSync(small, '{"ts":1}\n'.repeat(1000));
  await pipeline(
    Readable.from(
      Array.from({ length: pieces }, () => text),
      { objectMode: false },
    ),
    createGzip({ level: 1 }),
    createWriteStream(path),
  );
  const child = join(repoRoot, 'tests', 'loading', 'memory-child.ts');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      '--max-old-space-size=64',
      '--import',
      join(repoRoot, 'node_modules', 'tsx', 'dist', 'loader.mjs'),
      child,
      path,
      String(statSync(path).size),
      small,
      kind,
    ],
    { cwd: repoRoot },
  );
  return JSON.parse(stdout);
}

const event = (ts: number): string =>
  `{"ts":${ts},"page":"NextSong","artist":"Bj\\u00f6rk ${'x'.repeat(90)}","length":166.94812,"other":"${'y'.repeat(80)}"}\n`;
const events = (last: string): string => Array.from({ length: 999 }, (_, ts) => event(ts)).join('') + last;

test('105 MB of events', async () => {
  const { rows, rejects, clean, grownMiB } = await load(events(event(999)), 400);
  assert.equal([rows, rejects, clean], [400_000, 0, true]);
  assert.ok(grownMiB < 100, `it grew by ${grownMiB} MiB`);
});

test('105 MB of events with hundreds of rejects', async () => {
  const { rows, rejects, clean, grownMiB } = await load(events('{"ts":"oops"}\n'), 400);
  assert.equal([rows, rejects, clean], [399_600, 400, false]);
  assert.ok(grownMiB < 100, `it grew by ${grownMiB} MiB`);
});

test('one line of 200 MB', async () => {
  const { rows, rejects, clean, grownMiB } = await load('x'.repeat(1 << 20), 200);
  assert.equal([rows, rejects, clean], [0, 1, false]);
  assert.ok(grownMiB < 200, `it grew by ${grownMiB} MiB`);
});

test('105 MB of CSV, with a quote here and there that is never closed', async () => {
  const line = `1541105830796,NextSong,"${'x'.repeat(200)}",166.9\n`;
  const { rows, rejects, grownMiB } = await load(`${line.repeat(999)}1,"Home,x,1\n`, 450, 'csv');
  assert.equal([rows, rejects], [999 * 450, 450]);
  assert.ok(grownMiB < 100, `it grew by ${grownMiB} MiB`);
});

test('nothing but rejects', async () => {
  const { rows, rejects, grownMiB } = await load('not a record\n'.repeat(10_000), 30);
  assert.equal([rows, rejects], [0, 300_000]);
  assert.ok(grownMiB < 100, `it grew by ${grownMiB} MiB`);
});

test.run();
