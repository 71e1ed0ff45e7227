// Where a load finds its files: folders with all below them, single files, names of every kind, and places where there is none.
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Fixture } from '../support/fixture.ts';
import { type ExpectedProblem, hasProblem } from '../support/rejects.ts';
import { tempDir } from '../support/temp-dir.ts';
import { events, load, loadedOf, loading, sourcesYaml, stored, type TableSpec } from './project.ts';

const test = suite('loads: places');

const row = (ts: number): string => `{"ts":${ts}}\n`;
const from = (place: string, more: Readonly<Record<string, unknown>> = {}): TableSpec => ({
  ...events,
  load: { ...events.load, from: place, ...more },
});
const files = async (shop: Fixture, table = 'events') => (await stored(shop, table)).ledger.map(([file]) => file);
const fails = async (shop: Fixture, problem: ExpectedProblem) => {
  const found = await load(shop);
  assert.is(found.status, 'error');
  hasProblem(found.problem ? [found.problem] : [], { at: 'models/sources.yml', ...problem });
};

test('a folder is taken with all below it, and not its neighbours', async () => {
  const names = [
    'events/A/B/C/1.json',
    'events/2.json',
    'events/A/3.txt',
    'events-71/4.json',
    'events.json',
    'events/.5.json',
    'events/.x/6.json',
  ];
  const shop = await loading(Object.fromEntries(names.map((name, index) => [name, row(index)])));
  assert.equal((await load(shop)).counts, [3, 3, 0, 0]);
  assert.equal(await files(shop), ['events/2.json', 'events/A/3.txt', 'events/A/B/C/1.json']);
});

test('one place may be written in many ways, and its files are the same', async () => {
  const shop = await loading({ 'events/a.json': row(1) });
  await load(shop);
  for (const place of ['events/', './events', 'events/a.json', shop.path('events'), pathToFileURL(shop.path('events')).href]) {
    await shop.write('models/sources.yml', sourcesYaml({ events: from(place) }));
    assert.is((await load(shop)).message, 'no new files (1 loaded before)', place);
  }
});

test('one file by its path is loaded alone', async () => {
  const shop = await loading({ 'logs/a.json': row(1), 'logs/b.json': row(2) }, { events: from('logs/b.json') });
  assert.equal((await load(shop)).counts, [1, 1, 0, 0]);
  assert.equal(await files(shop), ['logs/b.json']);
});

test('files outside the project are known by their whole path, those inside move with it', async () => {
  const outside = tempDir('outside');
  writeFileSync(join(outside, 'a.json'), row(1));
  const shop = await loading({ 'logs/b.json': row(2) }, { events: from(outside), inside: from('logs') });
  await shop.run('load');
  assert.equal([await files(shop), await files(shop, 'inside')], [[join(outside, 'a.json')], ['logs/b.json']]);
  const elsewhere = `${shop.dir}-moved`;
  renameSync(shop.dir, elsewhere);
  const again = await shop.run('load', { projectDir: elsewhere, cwd: elsewhere });
  assert.equal([loadedOf(again).counts[1], loadedOf(again, 'inside').counts[1]], [0, 0]);
  renameSync(elsewhere, shop.dir);
});

test('names mean themselves, whatever is in them', async () => {
  const names = [
    "it's.json",
    'a "quoted" name.json',
    'x=1/y=2.json',
    'star*.json',
    'what?.json',
    'z[1].json',
    '{a,b}.json',
    'new\nline.json',
    'ü 日本 😀.json',
    'back\\slash.json',
    '%41.json',
    "'); drop table x; --.json",
    'no-extension',
    'packed.gz',
  ];
  const shop = await loading(Object.fromEntries(names.map((name, index) => [`events/${name}`, `${row(index)}${row(index)}`])));
  assert.equal((await load(shop)).counts, [2 * names.length, names.length, 0, 0]);
  assert.equal([...(await files(shop))].sort(), names.map((name) => `events/${name}`).sort());
  assert.is((await load(shop)).message, `no new files (${names.length} loaded before)`);
});

test('rejects name such files, too', async () => {
  const name = `events/it's "Ü, 日本".json`;
  const shop = await loading({ [name]: `${row(1)}oops, "no", it's 'not'\n` });
  await load(shop);
  const { rejects } = await stored(shop);
  assert.equal(rejects, [[name, '2', null, 'not a JSON object', null]]);
  assert.equal(await shop.query('select raw from _dwh.load_rejects'), [[`oops, "no", it's 'not'`]]);
});

test('two sources on one folder each load all of it, with ledgers of their own', async () => {
  const shop = await loading({ 'logs/a.json': row(1) }, { events: from('logs'), other: from('logs/') });
  await shop.run('load', { select: 'source:raw.events' });
  await shop.write('logs/b.json', row(2));
  const all = await shop.run('load');
  assert.equal(
    [loadedOf(all).counts, loadedOf(all, 'other').counts],
    [
      [1, 1, 1, 0],
      [2, 2, 0, 0],
    ],
  );
  assert.equal(
    [await files(shop), await files(shop, 'other')],
    [
      ['logs/a.json', 'logs/b.json'],
      ['logs/a.json', 'logs/b.json'],
    ],
  );
});

test('five thousand tiny files are loaded, and known again', async () => {
  const count = 5000;
  const shop = await loading({});
  for (let folder = 0; folder < 50; folder++) mkdirSync(shop.path(`events/${folder}`), { recursive: true });
  // Every hundredth cannot be read by DuckDB, so that both ways have their files.
  for (let index = 0; index < count; index++)
    writeFileSync(shop.path(`events/${index % 50}/${index}.json`), index % 100 === 7 ? `{\n"ts":${index}}` : row(index));
  assert.equal((await load(shop)).counts, [count, count, 0, 0]);
  assert.equal(await shop.query('select count(*), count(distinct ts), sum(ts) from raw.events'), [
    [String(count), String(count), String((count * (count - 1)) / 2)],
  ]);
  assert.equal(await shop.query('select count(*), sum(row_count) from _dwh.load_files'), [[String(count), String(count)]]);
  await shop.write('events/new.json', row(count));
  assert.equal((await load(shop)).counts, [1, 1, count, 0]);
});

test('links are followed, each folder once, also round a circle', async () => {
  const shop = await loading({ 'events/a.json': row(1), 'elsewhere/b.json': row(2) });
  symlinkSync(shop.path('elsewhere'), shop.path('events/linked'));
  symlinkSync(shop.path('events'), shop.path('events/again'));
  assert.equal((await load(shop)).counts, [2, 2, 0, 0]);
  assert.equal(await files(shop), ['events/a.json', 'events/linked/b.json']);
});

test('an empty folder is an error, and so is one of ignored files alone; allow_empty makes an empty table', async () => {
  for (const file of ['events/.keep', 'events/sub/.cache/a.json']) {
    const shop = await loading({ [file]: row(1) });
    await fails(shop, { code: 'load-empty', message: "there is no file in 'events'", hint: 'allow_empty: true' });
    await shop.write('models/sources.yml', sourcesYaml({ events: from('events', { allow_empty: true }) }));
    const found = await load(shop);
    assert.equal([found.status, found.message, found.counts], ['success', 'LOAD (0 rows of 0 files)', [0, 0, 0, 0]]);
    assert.equal(await stored(shop), { rows: [], rejects: [], ledger: [] });
  }
});

test('a folder that is emptied keeps its rows, and is an error without allow_empty', async () => {
  const shop = await loading({ 'events/a.json': row(1) });
  await load(shop);
  await shop.remove('events/a.json');
  await fails(shop, { code: 'load-empty' });
  await shop.write('models/sources.yml', sourcesYaml({ events: from('events', { allow_empty: true }) }));
  assert.is((await load(shop)).message, 'no new files (0 loaded before)');
  assert.equal((await stored(shop)).rows, [['1', null]]);
});

test('a place that is not there is named, with the nearest name', async () => {
  const shop = await loading({ 'events/a.json': row(1) }, { events: from('event') });
  await fails(shop, {
    code: 'load-missing',
    message: `'event' does not exist (looked for ${shop.path('event')})`,
    hint: "Did you mean 'events'?",
  });
  await shop.write('models/sources.yml', sourcesYaml({ events: from('events/*.json') }));
  await fails(shop, { code: 'load-missing', hint: 'Patterns are not taken' });
  await shop.write('models/sources.yml', sourcesYaml({ events: from('events/a.json/b') }));
  await fails(shop, { code: 'load-missing' });
});

test('a link that leads nowhere stops the load: a file is missing', async () => {
  const shop = await loading({ 'events/a.json': row(1) });
  symlinkSync(shop.path('nothing'), shop.path('events/b.json'));
  await fails(shop, { code: 'load-unreadable', message: 'b.json' });
  assert.equal(await shop.query('select count(*) from _dwh.load_files'), [['0']]);
});

test('what is neither file nor folder is passed over, and as the place itself refused', async () => {
  const shop = await loading({ 'events/a.json': row(1) });
  execFileSync('mkfifo', [shop.path('events/pipe')]);
  assert.equal((await load(shop)).counts, [1, 1, 0, 0]);
  await shop.write('models/sources.yml', sourcesYaml({ events: from('events/pipe') }));
  await fails(shop, { code: 'load-unreadable', message: 'neither a folder nor a file' });
});

test('an address that is neither a path nor on S3 is refused', async () => {
  for (const place of ['https://example.com/a.json', 'gs://bucket/folder', 's3://', 's3:///folder']) {
    await fails(await loading({}, { events: from(place) }), { code: 'load-place', message: place });
  }
});

test.run();
