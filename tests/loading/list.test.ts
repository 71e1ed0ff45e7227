// Listing local files: what is taken, how it is named, and what is said when it cannot be.
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { changedSince, listFiles } from '../../src/loading/index.ts';
import { rejects } from '../support/rejects.ts';
import { skipUnless } from '../support/skip.ts';
import { tempDir } from '../support/temp-dir.ts';
import { at } from './support.ts';

const test = suite('loading: list');

function tree(...files: readonly string[]): string {
  const dir = tempDir('list');
  for (const file of files) {
    mkdirSync(dirname(join(dir, file)), { recursive: true });
    writeFileSync(join(dir, file), file);
  }
  return dir;
}

const keys = async (from: string, dir: string) => (await listFiles(from, dir, at)).map((file) => file.key);

test('a folder is taken whole, sorted by key in binary order, with or without a trailing slash', async () => {
  const dir = tree(
    'song-data/B/2.json',
    'song-data/A/10.json',
    'song-data/A/9.json',
    'song-data/a.json',
    'song-data/é.json',
    'song-data/_x.json',
  );
  const wanted = ['A/10.json', 'A/9.json', 'B/2.json', '_x.json', 'a.json', 'é.json'].map((file) => `song-data/${file}`);
  for (const from of ['song-data', 'song-data/', './song-data//', join(dir, 'song-data'), pathToFileURL(join(dir, 'song-data')).href]) {
    assert.equal(await keys(from, dir), wanted);
  }
});

test('a prefix means a folder: its neighbours are not taken in', async () => {
  const dir = tree('song-data/1.json', 'song-data-71/2.json', 'song-data.json');
  assert.equal(await keys('song-data', dir), ['song-data/1.json']);
});

test('one file is a list of one; names that begin with a dot are left out of folders', async () => {
  const dir = tree('log/a.json', 'log/.a.json.swp', 'log/.cache/b.json');
  assert.equal(await keys('log/a.json', dir), ['log/a.json']);
  assert.equal(await keys('log', dir), ['log/a.json']);
});

test('keys are relative to the project folder inside it, and absolute outside', async () => {
  const dir = tree('data/a.json', 'project/b.json');
  assert.equal(await keys('../data', join(dir, 'project')), [join(dir, 'data/a.json')]);
  assert.equal(await keys('.', join(dir, 'project')), ['b.json']);
  const [file] = await listFiles('data', dir, at);
  assert.equal([file?.location, file?.size], [join(dir, 'data/a.json'), 11]);
});

test('binary order is that of UTF-8 also beyond the basic plane', async () => {
  const dir = tree('d/\u{1f600}.json', 'd/\uff5e.json', 'd/z.json');
  assert.equal(await keys('d', dir), ['d/z.json', 'd/\uff5e.json', 'd/\u{1f600}.json']);
});

test('links are followed, each folder once', async () => {
  const dir = tree('data/a.json', 'elsewhere/b.json');
  symlinkSync(join(dir, 'elsewhere'), join(dir, 'data/linked'));
  symlinkSync(join(dir, 'data'), join(dir, 'data/again'));
  symlinkSync(join(dir, 'elsewhere/b.json'), join(dir, 'data/c.json'));
  assert.equal(await keys('data', dir), ['data/a.json', 'data/c.json', 'data/linked/b.json']);
  symlinkSync(join(dir, 'nothing'), join(dir, 'data/broken.json'));
  await rejects(listFiles('data', dir, at), { code: 'load-unreadable', message: 'broken.json', at: 'models/sources.yml:7:9' });
});

test('a link gives no file another key that had one', async () => {
  const dir = tree('data/z/a.json', 'elsewhere/b.json');
  symlinkSync(join(dir, 'data/z'), join(dir, 'data/a'));
  symlinkSync(join(dir, 'elsewhere'), join(dir, 'data/c'));
  symlinkSync(join(dir, 'elsewhere'), join(dir, 'data/b'));
  assert.equal(await keys('data', dir), ['data/b/b.json', 'data/z/a.json']);
});

test('an empty folder is an empty list', async () => {
  const dir = tree('x');
  mkdirSync(join(dir, 'empty'));
  assert.equal(await keys('empty', dir), []);
});

test('what is missing is said, with the nearest name', async () => {
  const dir = tree('song-data/1.json');
  await rejects(listFiles('song_data', dir, at), {
    code: 'load-missing',
    message: join(dir, 'song_data'),
    hint: "Did you mean 'song-data'?",
  });
  await rejects(listFiles('no/where', dir, at), { code: 'load-missing', hint: 'relative to the project folder' });
  await rejects(listFiles('', dir, at), { code: 'load-place' });
});

test('places that cannot be read say so', async () => {
  await rejects(listFiles('https://example.com/x', '/p', at), { code: 'load-place', message: 'https://' });
  await rejects(listFiles('file://far/away', '/p', at), { code: 'load-place', message: 'file URL' });
});

/** Root may read every folder, so it steps down to this user, who owns nothing: 'nobody' on most systems. */
const nobody = 65_534;

/** `work` with the rights of a user that is not root. Nothing may be awaited in it: all of the process steps down. */
function asUser<T>(work: () => T): T {
  if (process.getuid?.() !== 0) return work();
  process.seteuid?.(nobody);
  try {
    return work();
  } finally {
    process.seteuid?.(0);
  }
}

/** A folder with one file in `closed`, a folder that `asUser` cannot read. Not below the suite's own, which is closed as a whole. */
function withClosedFolder<T>(work: (dir: string, closed: string) => T): T {
  const dir = mkdtempSync(join(tmpdir(), 'dwh-closed-'));
  const closed = join(dir, 'data', 'closed');
  try {
    mkdirSync(closed, { recursive: true });
    writeFileSync(join(closed, 'a.json'), '{}');
    chmodSync(dir, 0o755);
    // Root's folder stays open to root; everyone else has to close it to himself.
    chmodSync(closed, process.getuid?.() === 0 ? 0o700 : 0);
    return work(dir, closed);
  } finally {
    chmodSync(closed, 0o700);
    rmSync(dir, { recursive: true });
  }
}

/** Not on Windows, nor where root cannot step down, or has a temporary folder that others do not get into. */
const canClose = withClosedFolder((dir, closed) => {
  const code = (path: string): unknown => {
    try {
      return asUser(() => readdirSync(path).length);
    } catch (error) {
      return error instanceof Error && 'code' in error && error.code;
    }
  };
  return code(dir) === 1 && code(closed) === 'EACCES';
});

skipUnless(
  canClose,
  'no folder can be closed to this user',
  test,
)('an unreadable folder is named', async () => {
  const problem = { code: 'load-unreadable', message: 'permission is denied', hint: 'the right to read' };
  const [folder, file] = withClosedFolder((dir) =>
    asUser(() =>
      ['data', 'data/closed/a.json'].map((from) => rejects(listFiles(from, dir, at), { ...problem, at: 'models/sources.yml:7:9' })),
    ),
  );
  assert.match((await folder)?.message ?? '', /data\/closed' cannot be read/);
  assert.match((await file)?.message ?? '', /data\/closed\/a\.json' cannot be read/);
});

test('the mark changes with whatever may change the content, and with nothing else', async () => {
  const dir = tree('d/a.json');
  const path = join(dir, 'd/a.json');
  const mark = async () => (await listFiles('d', dir, at))[0]?.mark;
  const before = await mark();
  assert.is(await mark(), before);
  writeFileSync(path, 'd/b.json');
  const written = await mark();
  assert.is.not(written, before);
  // The same size and time, another file.
  utimesSync(path, 1, 1);
  const dated = await mark();
  writeFileSync(join(dir, 'new'), 'd/c.json');
  utimesSync(join(dir, 'new'), 1, 1);
  renameSync(join(dir, 'new'), path);
  assert.is.not(await mark(), dated);
});

test('a file that is written to or removed after the listing is found out', async () => {
  const dir = tree('d/a.json', 'd/b.json', 'd/c.json');
  const files = await listFiles('d', dir, at);
  assert.equal(changedSince(files), []);
  writeFileSync(join(dir, 'd/a.json'), 'more than before');
  rmSync(join(dir, 'd/c.json'));
  assert.equal(
    changedSince(files).map((file) => file.key),
    ['d/a.json', 'd/c.json'],
  );
});

test('every regular file of any tree is listed once, in binary order', async () => {
  const name = fc.constantFrom('a', 'B', 'é', '\u{1f600}', '\uff5e', 'x-1', 'x', '_', 'x.json');
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(
        fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => `${parts.join('/')}.txt`),
        { maxLength: 8 },
      ),
      async (files) => {
        const dir = tree(...files.map((file) => `d/${file}`), 'd/only');
        const wanted = [...files.map((file) => `d/${file}`), 'd/only'].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
        assert.equal(await keys('d', dir), wanted);
      },
    ),
    { numRuns: 200 },
  );
});

test('links that are made later change no key of a file that is there, and lose none', async () => {
  const folders = ['d', 'd/a', 'd/b', 'd/b/c', 'out', 'out/x'];
  const link = fc.record({ in: fc.constantFrom(...folders), name: fc.constantFrom('0', 'a0', 'b0', 'z'), to: fc.constantFrom(...folders) });
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(link, { maxLength: 4, selector: (one) => `${one.in}/${one.name}` }), async (links) => {
      const dir = tree(...folders.map((folder) => `${folder}/f.json`));
      const before = await keys('d', dir);
      for (const { in: folder, name, to } of links) symlinkSync(join(dir, to), join(dir, folder, name));
      const after = await listFiles('d', dir, at);
      const known = new Set(after.map((file) => file.key));
      assert.equal(
        before.filter((key) => !known.has(key)),
        [],
      );
      // Each file once: the same contents are never listed under two keys.
      const places = after.map((file) => realpathSync(file.location));
      assert.is(new Set(places).size, places.length);
    }),
    { numRuns: 200 },
  );
});

test.run();
