// Loads from s3://: what a place takes in, what is fetched and what is not, and objects of every kind.
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { events, load, loadedOf, loading, sourcesYaml, stored } from '../loads/project.ts';
import { output, project } from '../support/fixture.ts';
import { postgresTarget, onServer as withDatabase } from '../support/postgres.ts';
import { hasProblem } from '../support/rejects.ts';
import type { S3Server } from '../support/s3-server.ts';
import { tempDir } from '../support/temp-dir.ts';
import { environmentOf, inEnvironment, loadingFrom, onServer, putRows, row, tableFrom } from './support.ts';

const tests = suite('s3: loads');
const { test } = onServer(tests);

const files = async (shop: Awaited<ReturnType<typeof loading>>) => (await stored(shop)).ledger.map(([file]) => file);
const gets = (server: S3Server) => Object.keys(server.asked()).filter((what) => what.startsWith('GET ') || what.startsWith('HEAD '));

test('a prefix is a folder: all below it is taken, and not its neighbours nor the marks of folders', async (server) => {
  putRows(server, 'places', [
    'events/',
    'events/2.json',
    'events/A/3.txt',
    'events/A/B/C/1.json',
    'events/.hidden',
    'events-71/4.json',
    'events.json',
    'eventsfold/5.json',
    'other/events/6.json',
  ]);
  for (const mark of ['events/', 'events/A/', 'events/A_$folder$']) server.put('places', mark, '');
  const shop = await loadingFrom('s3://places/events');
  const taken = [
    's3://places/events/.hidden',
    's3://places/events/2.json',
    's3://places/events/A/3.txt',
    's3://places/events/A/B/C/1.json',
  ];
  assert.equal((await load(shop)).counts, [4, 4, 0, 0]);
  assert.equal(await files(shop), taken);
  for (const from of ['s3://places/events/', 'S3://places/events']) {
    await shop.write('models/sources.yml', sourcesYaml({ events: tableFrom(from) }));
    assert.is((await load(shop)).message, 'no new files (4 loaded before)', from);
  }
});

test('one object is taken by its name, and a bucket whole', async (server) => {
  putRows(server, 'single', ['a.json', 'a.json.bak', 'b/c.json']);
  const shop = await loadingFrom('s3://single/a.json');
  assert.equal((await load(shop)).counts, [1, 1, 0, 0]);
  assert.equal(await files(shop), ['s3://single/a.json']);
  await shop.write('models/sources.yml', sourcesYaml({ events: tableFrom('s3://single') }));
  assert.equal((await load(shop)).counts, [2, 2, 1, 0]);
});

test('a second load asks for no object, and fetches only what is new', async (server) => {
  putRows(server, 'again', ['e/1.json', 'e/2.json']);
  const shop = await loadingFrom('s3://again/e');
  await load(shop);
  assert.equal(gets(server).sort(), ['GET e/1.json', 'GET e/2.json']);
  server.requests.length = 0;
  assert.is((await load(shop)).message, 'no new files (2 loaded before)');
  assert.equal(server.asked(), { 'LIST e': 1, 'LIST e/': 1 });
  server.put('again', 'e/3.json', row(3));
  server.requests.length = 0;
  assert.equal((await load(shop)).counts, [1, 1, 2, 0]);
  assert.equal(gets(server), ['GET e/3.json']);
});

test('the ledger has the ETag, and an object that was written again as it was is the same', async (server) => {
  const etag = server.put('tags', 'e/1.json', row(1));
  const shop = await loadingFrom('s3://tags/e');
  await load(shop);
  assert.equal(await shop.query('select content, mark from _dwh.load_files'), [[etag, `${etag}-9`]]);
  server.put('tags', 'e/1.json', row(1));
  assert.is((await load(shop)).message, 'no new files (1 loaded before)');
});

test('an object that changed since it was loaded is told, loaded again or left alone, as on_change says', async (server) => {
  putRows(server, 'changing', ['e/1.json', 'e/2.json']);
  const shop = await loadingFrom('s3://changing/e');
  await load(shop);
  server.put('changing', 'e/2.json', row(7));
  server.put('changing', 'e/3.json', row(8));
  server.requests.length = 0;
  const { problem } = await load(shop);
  hasProblem(problem ? [problem] : [], { code: 'load-changed', message: 's3://changing/e/2.json has changed', at: 'models/sources.yml' });
  assert.equal(gets(server), []);
  await shop.write('models/sources.yml', sourcesYaml({ events: tableFrom('s3://changing/e', { on_change: 'ignore' }) }));
  assert.equal((await load(shop)).counts, [1, 1, 2, 0]);
  await shop.write('models/sources.yml', sourcesYaml({ events: tableFrom('s3://changing/e', { on_change: 'reload' }) }));
  assert.equal((await load(shop)).counts, [3, 3, 0, 0]);
  assert.equal(await shop.query('select ts from raw.events order by ts'), [['0'], ['7'], ['8']]);
});

test('keys mean themselves, whatever is in them, and rejects name them', async (server) => {
  const keys = [
    "it's.json",
    'a "quoted" name.json',
    'x=1/y=2.json',
    'star*.json',
    'what?.json#part',
    'z[1].json',
    'new\nline.json',
    'ü 日本 😀.json',
    'back\\slash.json',
    '%41+b&amp;<c>.json',
    'twice//slashed.json',
    '../up/./here.json',
    ' blanks ',
    `${'long/'.repeat(150)}name`,
    '\u0001control',
    "'); drop table x; --.json",
  ];
  for (const key of keys) server.put('awkward', `e/${key}`, `${row(1)}oops\n`);
  const shop = await loadingFrom('s3://awkward/e');
  assert.equal((await load(shop)).counts, [keys.length, keys.length, 0, keys.length]);
  const named = keys.map((key) => `s3://awkward/e/${key}`).sort();
  const { ledger, rejects } = await stored(shop);
  assert.equal([...ledger.map(([file]) => file)].sort(), named);
  assert.equal([...rejects.map(([file]) => file)].sort(), named);
  assert.is((await load(shop)).message, `no new files (${keys.length} loaded before)`);
});

test('objects are loaded in binary order of their keys, whatever the pages', async (server) => {
  const keys = Array.from({ length: 23 }, (_, index) => `e/${index % 7}/${index}-${index % 2 ? 'é' : '😀'}.json`);
  putRows(server, 'pages', keys);
  server.pageSize = 5;
  const shop = await loadingFrom('s3://pages/e');
  const sorted = keys.map((key) => `s3://pages/${key}`).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const shown = output(await shop.run('load', { dryRun: true })).match(/s3:\S+/g);
  assert.equal(shown, sorted);
  assert.equal((await load(shop)).counts, [23, 23, 0, 0]);
});

test('clean, packed, dirty and empty objects, csv and parquet are read like files', async (server) => {
  server.put('formats', 'json/clean.json', row(1).repeat(3));
  server.put('formats', 'json/packed.gz', gzipSync(row(2).repeat(4)));
  server.put('formats', 'json/dirty.json', `${row(3)}{"ts":"x"}\n`);
  server.put('formats', 'json/empty.json', '');
  server.put('formats', 'csv/a.csv', 'page,ts\nhome,1\n"x",2\n');
  const shop = await loading(
    {},
    { events: tableFrom('s3://formats/json'), csv: tableFrom('s3://formats/csv', { format: 'csv' }), parquet: { columns: events.columns } },
  );
  await shop.query(`copy (select 5 as ts, 'p' as page) to '${shop.path('a.parquet')}' (format parquet)`, 'other.duckdb');
  server.put('formats', 'parquet/a.parquet', readFileSync(shop.path('a.parquet')));
  const tables = {
    events: tableFrom('s3://formats/json'),
    csv: tableFrom('s3://formats/csv', { format: 'csv' }),
    parquet: tableFrom('s3://formats/parquet', { format: 'parquet' }),
  };
  await shop.write('models/sources.yml', sourcesYaml(tables));
  const done = await shop.run('load');
  assert.equal(loadedOf(done).counts, [8, 4, 0, 1]);
  assert.equal(await shop.query('select ts, page from raw.csv order by ts'), [
    ['1', 'home'],
    ['2', 'x'],
  ]);
  assert.equal(await shop.query('select ts, page from raw.parquet'), [['5', 'p']]);
  // What ran is shown with the keys, and not with where the objects lay.
  const run = await shop.read('target/run/shop/models/sources.yml/raw.events.sql');
  assert.match(run, /s3:\/\/formats\/json\/clean\.json/);
});

test('what DuckDB says of a fetched object names its key', async (server) => {
  server.put('broken', 'p/a.parquet', 'no parquet');
  const { problem } = await load(await loadingFrom('s3://broken/p', { format: 'parquet' }));
  hasProblem(problem ? [problem] : [], { code: 'database-error', message: "'s3://broken/p/a.parquet'" });
});

test('a record that stops the load is shown with its key and line', async (server) => {
  server.put('strict', 'e/1.json', `${row(1)}{"ts":"x"}\n`);
  const { problem } = await load(await loadingFrom('s3://strict/e', { on_error: 'abort' }));
  hasProblem(problem ? [problem] : [], { code: 'load-reject', at: 's3://strict/e/1.json:2:1', message: `column 'ts': "x" is refused` });
});

test('a damaged archive is named', async (server) => {
  server.put('damaged', 'e/1.gz', gzipSync(row(1).repeat(1000)).subarray(0, 40));
  const { problem } = await load(await loadingFrom('s3://damaged/e'));
  hasProblem(problem ? [problem] : [], { code: 'load-damaged', message: 's3://damaged/e/1.gz is a gzip file that is cut short' });
});

test('the jsonpaths file may lie on S3, in another bucket', async (server) => {
  server.put('records', 'e/1.json', '{"when":5,"at":{"page":"home"}}');
  server.put('paths', 'p.json', `{"jsonpaths": ["$['when']", "$['at']['page']"]}`);
  const shop = await loadingFrom('s3://records/e', { jsonpaths: 's3://paths/p.json' });
  assert.equal((await load(shop)).counts, [1, 1, 0, 0]);
  assert.equal((await stored(shop)).rows, [['5', 'home']]);
  for (const [jsonpaths, wanted] of [
    ['s3://paths/q.json', { code: 'jsonpaths-unreadable', message: "'s3://paths/q.json' does not exist" }],
    ['s3://paths', { code: 'jsonpaths-unreadable' }],
    ['s3://', { code: 'load-place', message: "'jsonpaths' names no bucket" }],
    ['s3://nowhere/p.json', { code: 's3-bucket' }],
  ] as const) {
    const { problem } = await load(await loadingFrom('s3://records/e', { jsonpaths }));
    hasProblem(problem ? [problem] : [], { at: 'models/sources.yml', ...wanted });
  }
  server.put('paths', 'wrong.json', '{"paths": []}');
  const { problem } = await load(await loadingFrom('s3://records/e', { jsonpaths: 's3://paths/wrong.json' }));
  hasProblem(problem ? [problem] : [], { at: 's3://paths/wrong.json' });
});

test('an empty folder is an error unless it is allowed', async (server) => {
  server.put('empty', 'e/', '');
  server.put('empty', 'e-1/1.json', row(1));
  const { problem } = await load(await loadingFrom('s3://empty/e'));
  hasProblem(problem ? [problem] : [], { code: 'load-empty', message: "there is no file in 's3://empty/e'" });
  assert.equal((await load(await loadingFrom('s3://empty/e', { allow_empty: true }))).counts, [0, 0, 0, 0]);
});

test('--dry-run lists, says why, and fetches nothing', async (server) => {
  putRows(server, 'dry', ['e/1.json', 'e/2.json']);
  const shop = await loadingFrom('s3://dry/e');
  await load(shop);
  server.put('dry', 'e/3.json', row(3));
  server.requests.length = 0;
  const text = output(await shop.run('load', { dryRun: true }));
  assert.match(text, 'load s3://dry/e/3.json (new)\n');
  assert.match(text, 'skip s3://dry/e/1.json (loaded before)');
  assert.match(text, '-- fetch 1 object and load into "dwh"."raw"."events"');
  assert.equal(gets(server), []);
  assert.equal((await stored(shop)).rows.length, 2);
});

test('--empty makes the table and asks nothing of S3', async (server) => {
  const shop = await loadingFrom('s3://nowhere/e', { jsonpaths: 's3://nowhere/p.json' });
  assert.is((await load(shop, { empty: true })).status, 'success');
  assert.equal(await shop.query('select * from raw.events'), []);
  assert.equal(server.requests, []);
});

test('thousands of small objects', async (server) => {
  const keys = Array.from({ length: 3000 }, (_, index) => `e/${index % 50}/${index}.json`);
  putRows(server, 'many', keys);
  const shop = await loadingFrom('s3://many/e');
  const temporary = tempDir('tmpdir');
  const { counts } = await inEnvironment({ ...environmentOf(server), TMPDIR: temporary }, () => load(shop));
  assert.equal(counts, [3000, 3000, 0, 0]);
  assert.equal(await shop.query('select count(*), sum(ts) from raw.events'), [['3000', String((2999 * 3000) / 2)]]);
  // Each is asked for once; whether they changed meanwhile is asked of a listing.
  const asked = server.asked();
  assert.equal(
    keys.filter((key) => asked[`GET ${key}`] !== 1),
    [],
  );
  assert.equal(
    Object.entries(asked).filter(([what]) => !what.startsWith('GET ')),
    [
      ['LIST e', 2],
      ['LIST e/', 6],
    ],
  );
  assert.equal(readdirSync(temporary), []);
  assert.is((await load(shop)).message, 'no new files (3000 loaded before)');
});

test('Postgres gets them by COPY', async (server) => {
  putRows(server, 'pg', ['e/1.json', 'e/2.json']);
  server.put('pg', 'e/3.json', `oops\n${row(3)}`);
  const target = await postgresTarget();
  const shop = await project({
    'project.yml': 'name: shop\nprofile: shop\n',
    'profiles.yml': JSON.stringify({ shop: { target: 'pg', outputs: { pg: { ...target, schema: 'public', threads: 2 } } } }),
    'models/sources.yml': sourcesYaml({ events: tableFrom('s3://pg/e') }),
  });
  assert.equal((await load(shop)).counts, [3, 3, 0, 1]);
  assert.is((await load(shop)).message, 'no new files (3 loaded before)');
  const rejects = await withDatabase(target.dbname, (client) => client.query('select file_key, line from _dwh.load_rejects'));
  assert.equal(rejects.rows, [{ file_key: 's3://pg/e/3.json', line: '1' }]);
});

tests.run();
