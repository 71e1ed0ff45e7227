import { cpSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Request } from '../../src/core/request.ts';
import { secretsOf } from '../../src/core/secrets.ts';
import { linked } from '../../src/engine/open-project.ts';
import { load, type ProjectFiles, parse } from '../../src/project/index.ts';
import { knownNames } from '../../src/project/known-names.ts';
import { copyFixture, type Fixture, project, type RequestOptions, request } from '../support/fixture.ts';
import { tempDir } from '../support/temp-dir.ts';
import { cold, LATER, warm } from './outcome.ts';
import { adapterFor } from './project-of.ts';

const test = suite('project: parse cache');

function keep(files: ProjectFiles, asked: Request): void {
  const adapter = adapterFor(files);
  linked(files, parse(files, asked, adapter), adapter.dialect, secretsOf([]));
}

test('nothing changed: nothing is parsed, and the answer is the same', async () => {
  const { dir } = copyFixture('shop');
  const first = await warm(dir);
  assert.is(first.restored, false);
  const second = await warm(dir);
  assert.is(second.restored, true);
  assert.is(second.text, first.text);
});

test('one file changed: only what depends on it is parsed', async () => {
  const said = (name: string, rest = ''): string => `{{ log('${name}', info=true) }}${rest}`;
  const shop = await project({
    'project.yml': 'name: shop\n',
    'models/a.sql': said('a', 'select 1'),
    'models/b.sql': said('b', "{{ config(tags=[var('tag', 'x')]) }} select 1"),
    'models/c.sql': said('c', "{{ config(schema=env_var('WHERE', 'here')) }} select 1"),
    'models/d.sql': said('d', "select '{{ run_started_at }}'"),
  });
  assert.equal((await warm(shop.dir)).said, ['a', 'b', 'c', 'd']);
  await shop.write('models/a.sql', said('a', 'select 2'));
  assert.equal((await warm(shop.dir)).said, ['a']);
  await shop.write('models/schema.yml', 'models: [{name: c, description: The third.}]\n');
  assert.equal((await warm(shop.dir)).said, ['c']);
  assert.equal((await warm(shop.dir, { vars: { tag: 'y' } })).said, ['b']);
  assert.equal((await warm(shop.dir, { vars: { tag: 'y' }, env: { WHERE: 'there' } })).said, ['c']);
  const later = { vars: { tag: 'y' }, env: { WHERE: 'there', UNREAD: 'x' }, startedAt: LATER.startedAt + 60_000 };
  assert.equal((await warm(shop.dir, later)).said, []);
  await shop.write('macros/any.sql', '{% macro any() %}1{% endmacro %}');
  assert.equal((await warm(shop.dir, later)).said, ['a', 'b', 'c', 'd']);
});

test('--no-partial-parse does not use what was kept, and leaves its own for the next', async () => {
  const { dir } = copyFixture('shop');
  const good = await warm(dir);
  const asked = request('parse', dir, { ...LATER, partialParse: false });
  const files = await load(asked);
  assert.is(files.remembered, undefined);
  rmSync(files.targetPath, { recursive: true });
  keep(files, asked);
  const next = await warm(dir);
  assert.is(next.restored, true);
  assert.is(next.text, good.text);
});

test('an environment variable or var counts when it was read, and only then', async () => {
  const library = copyFixture('library');
  await library.write('models/core/more.sql', "{{ config(tags=[env_var('TAG', 'none')], meta={'v': var('extra', 1)}) }} select 1");
  await warm(library.dir);
  assert.is((await warm(library.dir, { env: { UNREAD: 'x' }, vars: { unread: 1 } })).restored, true);
  for (const options of [
    { env: { TAG: 'x' } },
    { env: { TAG: '' } },
    { vars: { extra: 2 } },
    { vars: { extra: null } },
    { target: 'prod' },
  ]) {
    const changed = await warm(library.dir, options);
    assert.is(changed.restored, false, JSON.stringify(options));
    assert.is(changed.text, (await cold(library.dir, options)).text, JSON.stringify(options));
  }
});

test('a file that changes while it is read is not kept under what it was before', async () => {
  const shop = copyFixture('shop');
  const file = shop.path('models/marts/customers.sql');
  const before = readFileSync(file, 'utf8');
  await warm(shop.dir);
  await shop.write('macros/more.sql', '{% macro more() %}1{% endmacro %}');
  const asked = request('parse', shop.dir, LATER);
  const files = await load(asked);
  writeFileSync(file, `${before} -- {{ ref('raw_orders') }}`);
  keep(files, asked);
  writeFileSync(file, before);
  assert.is((await warm(shop.dir)).text, (await cold(shop.dir)).text);
});

test('the cache moves with the project', async () => {
  const { dir } = copyFixture('shop');
  const here = await warm(dir);
  const there = tempDir('moved');
  cpSync(dir, there, { recursive: true });
  assert.is((await warm(there)).text, here.text);
});

const BIN = 'target/partial_parse.bin';
const EDITS = 'target/partial_parse.edits.bin';
const TABLE = 'target/partial_parse.files.json';

test('after an edit of little only that is written, and what was kept whole stays; after one of much all is kept whole', async () => {
  const models = Array.from({ length: 12 }, (_, n) => [`models/m${n}.sql`, `select ${n} as n`]);
  const shop = await project({ 'project.yml': 'name: shop\n', ...Object.fromEntries(models) });
  await warm(shop.dir);
  const whole = readFileSync(shop.path(BIN));
  const edits: string[] = [];
  for (const sql of ["select * from {{ ref('m2') }}", "{{ config(enabled=false) }} select 'x'", 'select 1 as n']) {
    await shop.write('models/m1.sql', sql);
    await warm(shop.dir);
    assert.equal(readFileSync(shop.path(BIN)), whole);
    edits.push(readFileSync(shop.path(EDITS), 'latin1'));
    const next = await warm(shop.dir);
    assert.is(next.restored, true);
    assert.is(next.text, (await cold(shop.dir)).text);
  }
  assert.is(new Set(edits).size, 3);
  await shop.write('macros/any.sql', '{% macro any() %}1{% endmacro %}');
  await warm(shop.dir);
  assert.equal(readFileSync(shop.path(BIN)), whole);
  assert.is((await warm(shop.dir)).text, (await cold(shop.dir)).text);

  for (const n of [1, 2, 3, 4]) await shop.write(`models/m${n}.sql`, `select '${n}' as n`);
  await warm(shop.dir);
  assert.not.equal(readFileSync(shop.path(BIN)), whole);
  assert.not.ok(existsSync(shop.path(EDITS)));
  const next = await warm(shop.dir);
  assert.is(next.restored, true);
  assert.is(next.text, (await cold(shop.dir)).text);
});

test('names for the shell are those of the last parse, also after edits', async () => {
  const models = Array.from({ length: 12 }, (_, n) => [`models/m${n}.sql`, `select ${n} as n`]);
  const shop = await project({ 'project.yml': 'name: shop\n', ...Object.fromEntries(models) });
  await warm(shop.dir);
  const edits: Readonly<Record<string, string>> = {
    'models/m1.sql': 'select 2 as n',
    'models/m2.sql': "{{ config(tags=['new'], materialized='table') }} select 2 as n",
    'models/m3.sql': '{{ config(enabled=false) }} select 3 as n',
    'models/m99.sql': 'select 99 as n',
    'macros/any.sql': '{% macro any() %}1{% endmacro %}',
  };
  for (const [path, text] of Object.entries(edits)) {
    await shop.write(path, text);
    await warm(shop.dir);
    const found = knownNames(shop.path('target'));
    rmSync(shop.path('target'), { recursive: true });
    await warm(shop.dir);
    assert.equal(found, knownNames(shop.path('target')), path);
  }
});

test('edits of a parse that is kept no longer are passed over', async () => {
  const models = Array.from({ length: 12 }, (_, n) => [`models/m${n}.sql`, `select ${n} as n`]);
  const shop = await project({ 'project.yml': 'name: shop\n', ...Object.fromEntries(models) });
  await warm(shop.dir);
  await shop.write('models/m1.sql', 'select 2 as n');
  await warm(shop.dir);
  const edits = readFileSync(shop.path(EDITS));
  // Another process keeps all while this one keeps its edits.
  for (const n of [1, 2, 3, 4]) await shop.write(`models/m${n}.sql`, `select '${n}' as n`);
  await warm(shop.dir);
  writeFileSync(shop.path(EDITS), edits);
  const next = await warm(shop.dir);
  assert.is(next.restored, true);
  assert.is(next.text, (await cold(shop.dir)).text);
});

test('a damaged cache is as good as none', async () => {
  const shop = await project({
    'project.yml': 'name: shop\n',
    'models/a.sql': "{{ config(tags=[var('tag', 'x')]) }} select 1",
    'models/a.yml': 'models: [{name: a, columns: [{name: n, data_tests: [unique, not_null]}]}]\n',
    'seeds/s.csv': 'n\n1\n',
    'seeds/t.csv': 'n\n1\n',
  });
  await warm(shop.dir);
  await shop.write('models/a.sql', "{{ config(tags=[var('tag', 'z')]) }} select 2");
  const good = (await warm(shop.dir)).text;
  const whole = new Map([BIN, EDITS, TABLE].map((file) => [file, readFileSync(shop.path(file))]));
  const damage: fc.Arbitrary<(bytes: Buffer) => Buffer> = fc.oneof(
    fc.nat().map((at) => (bytes: Buffer) => bytes.subarray(0, at % bytes.length)),
    fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })).map(([at, bits]) => (bytes: Buffer) => {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(at % bytes.length) ^ bits, at % bytes.length);
      return changed;
    }),
    fc.tuple(fc.nat(), fc.uint8Array()).map(([at, more]) => (bytes: Buffer) => {
      const cut = at % bytes.length;
      return Buffer.concat([bytes.subarray(0, cut), more, bytes.subarray(cut)]);
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(BIN, EDITS, TABLE), damage, fc.boolean(), async (file, harm, edited) => {
      for (const [name, bytes] of whole) writeFileSync(shop.path(name), name === file ? harm(bytes) : bytes);
      const options = edited ? { vars: { tag: 'y' } } : {};
      const found = await warm(shop.dir, options);
      assert.is(found.text, edited ? (await cold(shop.dir, options)).text : good);
    }),
    { numRuns: 200 },
  );
});

test('a foreign cache, another version’s, and a folder that cannot be written', async () => {
  const shop = copyFixture('shop');
  const good = (await warm(shop.dir)).text;
  for (const foreign of ['', '{}', 'null\n', '{"format":"other"}\n', '{"format":"other","key":"","sections":{}}\n\0\0']) {
    writeFileSync(shop.path(BIN), foreign);
    writeFileSync(shop.path(TABLE), foreign);
    assert.is((await warm(shop.dir)).text, good);
  }
  const other = await warm(shop.dir, { version: '9.9.9' });
  assert.is(other.restored, false);
  assert.is(other.text, good);
  assert.is((await warm(shop.dir, { version: '9.9.9' })).restored, true);
  rmSync(shop.path('target'), { recursive: true });
  writeFileSync(shop.path('target'), 'a file where the folder should be');
  assert.is((await warm(shop.dir)).text, good);
});

test('runs at the same time, each with its own vars, do not disturb one another', async () => {
  const shop = copyFixture('shop');
  await shop.write('models/tagged.sql', "{{ config(tags=[var('tag')]) }} select 1");
  const options = ['a', 'b', 'c'].map((tag): RequestOptions => ({ vars: { tag } }));
  const expected = await Promise.all(options.map((one) => cold(shop.dir, one)));
  const open = async (one: RequestOptions | undefined) => {
    const asked = request('parse', shop.dir, { ...LATER, ...one });
    return { asked, files: await load(asked) };
  };
  await warm(shop.dir, options[0]);
  // Each has looked at the cache of the one before, which another replaces before it is read.
  const [first, second] = [await open(options[0]), await open(options[1])];
  assert.is((await warm(shop.dir, options[2])).text, expected[2]?.text);
  for (const { asked, files } of [second, first]) keep(files, asked);
  for (const [index, one] of options.entries()) assert.is((await warm(shop.dir, one)).text, expected[index]?.text);

  const listed = await Promise.all(
    ['a', 'b', 'c', 'd'].map(async (tag) => (await shop.cli(['ls', '-s', `tag:${tag}`, '--vars', `tag: ${tag}`])).stdout.trim()),
  );
  assert.equal(listed, ['shop.tagged', 'shop.tagged', 'shop.tagged', 'shop.tagged']);
});

test('numbers that JSON cannot say do not spoil the cache', async () => {
  const shop = await project({
    'project.yml': "name: shop\nmodels: {+meta: {none: .nan, much: 1.0e+999, minus: -0.0, id: '{{ 9007199254740993 }}'}}\n",
    'macros/names.sql': '{% macro generate_alias_name(custom, node) %}{{ node.name }}_{{ node.config.meta.id }}{% endmacro %}',
    'models/a.sql': "{{ config(meta={'big': 9007199254740993, 'inf': 'inf' | float}, pre_hook='select {{ 1 }}') }} select 1",
  });
  const first = await warm(shop.dir);
  assert.match(first.text, '"big": "9007199254740993"');
  assert.match(first.text, 'a_9007199254740993');
  assert.is((await warm(shop.dir)).restored, true);
});

test('files that cannot be read are all named, and do not stop the warm start', async () => {
  const shop: Fixture = copyFixture('shop');
  await warm(shop.dir);
  // A file that is there, and whose reading fails, whoever reads it.
  for (const file of ['models/broken.sql', 'macros/broken.sql', 'seeds/broken.csv']) symlinkSync('/proc/self/mem', shop.path(file));
  const found = await warm(shop.dir);
  assert.is(found.text, (await cold(shop.dir)).text);
  for (const file of ['models/broken.sql', 'macros/broken.sql', 'seeds/broken.csv'])
    assert.match(found.text, `the file ${file} cannot be read`);
});

test.run();
