// Files that come late, twice, changed or not at all any more: each is loaded once, and the ledger says what the table holds,
// whatever goes wrong.
import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { databaseOf, watching } from '../support/database.ts';
import type { Fixture } from '../support/fixture.ts';
import { hasProblem } from '../support/rejects.ts';
import { events, load, loadedOf, loading, sourcesYaml, stored } from './project.ts';

const test = suite('loads: exactly once');

const [a, b, c] = ['events/a.json', 'events/b.json', 'events/c.json'];
const row = (ts: number): string => `{"ts":${ts}}\n`;

/** A project with a.json (1, 2) and b.json (3) loaded. */
async function loaded(more: Readonly<Record<string, unknown>> = {}): Promise<Fixture> {
  const shop = await loading({ [a]: row(1) + row(2), [b]: row(3) }, { events: { ...events, load: { ...events.load, ...more } } });
  const first = await load(shop);
  assert.equal([first.status, first.counts], ['success', [3, 2, 0, 0]]);
  return shop;
}

/** [the values of ts, the ledger's files with their rows]; the ledger must say what the table holds. */
async function held(shop: Fixture): Promise<readonly [string, string]> {
  const { rows, ledger, rejects } = await stored(shop);
  const sum = (column: number): number => ledger.reduce((total, entry) => total + Number(entry[column]), 0);
  assert.equal([sum(1), sum(2)], [rows.length, rejects.length], 'the ledger counts what is there');
  return [rows.map(([ts]) => ts).join(' '), ledger.map(([file, count]) => `${file}=${count}`).join(' ')];
}

test('a second load takes no file, and leaves the same rows', async () => {
  const shop = await loaded();
  const second = await load(shop);
  assert.equal([second.status, second.message, second.counts], ['success', 'no new files (2 loaded before)', [0, 0, 2, 0]]);
  assert.equal(await held(shop), ['1 2 3', `${a}=2 ${b}=1`]);
});

test('a file that comes late is loaded alone, though its name sorts first', async () => {
  const shop = await loaded();
  await shop.write('events/0.json', row(0));
  const second = await load(shop);
  assert.equal([second.message, second.counts], ['LOAD (1 row of 1 file, 2 loaded before)', [1, 1, 2, 0]]);
  assert.equal(await held(shop), ['0 1 2 3', `events/0.json=1 ${a}=2 ${b}=1`]);
});

test('the same content under another name is another file', async () => {
  const shop = await loaded();
  await shop.write('events/b-copy.json', row(3));
  assert.equal((await load(shop)).counts, [1, 1, 2, 0]);
  assert.equal(await held(shop), ['1 2 3 3', `${a}=2 events/b-copy.json=1 ${b}=1`]);
});

test('a file that is written again with the same content is the same file', async () => {
  const shop = await loaded();
  await shop.write(b, row(3));
  utimesSync(shop.path(a), 1, 1);
  assert.equal((await load(shop)).message, 'no new files (2 loaded before)');
  // The ledger has its new mark: the next load need not read it to know.
  assert.equal((await load(shop)).message, 'no new files (2 loaded before)');
  assert.equal(await held(shop), ['1 2 3', `${a}=2 ${b}=1`]);
});

test('on_change: error stops before anything is loaded, and names the files', async () => {
  const shop = await loaded();
  await shop.write(a, row(7) + row(8) + row(9));
  await shop.write(b, row(4));
  await shop.write(c, row(5));
  const second = await load(shop);
  assert.equal([second.status, second.problem?.detail?.slice(-2)], ['error', [a, b]]);
  hasProblem(second.problem ? [second.problem] : [], {
    code: 'load-changed',
    message: '2 files have changed since they were loaded',
    hint: 'on_change: reload',
    at: 'models/sources.yml',
  });
  assert.equal(await held(shop), ['1 2 3', `${a}=2 ${b}=1`]);
});

test('on_change: reload empties the table and loads every listed file', async () => {
  const shop = await loaded({ on_change: 'reload' });
  await shop.write(b, `${row(4)}{"ts":"x"}\n`);
  await shop.write(c, row(5));
  const second = await load(shop);
  assert.equal([second.message, second.counts], ['LOAD (4 rows of 3 files, 1 rejected)', [4, 3, 0, 1]]);
  assert.equal(await held(shop), ['1 2 4 5', `${a}=2 ${b}=1 ${c}=1`]);
  // Its rejects go, too.
  await shop.write(b, row(6));
  assert.equal((await load(shop)).counts, [4, 3, 0, 0]);
  assert.equal(await held(shop), ['1 2 5 6', `${a}=2 ${b}=1 ${c}=1`]);
});

test('on_change: ignore keeps the rows that are there, and loads what is new', async () => {
  const shop = await loaded({ on_change: 'ignore' });
  await shop.write(b, row(4));
  await shop.write(c, row(5));
  assert.equal((await load(shop)).counts, [1, 1, 2, 0]);
  assert.equal(await held(shop), ['1 2 3 5', `${a}=2 ${b}=1 ${c}=1`]);
});

test('a file that is gone keeps its rows; it may come back', async () => {
  const shop = await loaded();
  renameSync(shop.path(a), shop.path('a.json'));
  assert.equal((await load(shop)).message, 'no new files (1 loaded before)');
  renameSync(shop.path('a.json'), shop.path(a));
  assert.equal((await load(shop)).message, 'no new files (2 loaded before)');
  assert.equal(await held(shop), ['1 2 3', `${a}=2 ${b}=1`]);
});

test('mode: replace keeps the table equal to the folder', async () => {
  const shop = await loaded({ mode: 'replace', allow_empty: true });
  assert.equal((await load(shop)).message, 'no new files (2 loaded before)');
  await shop.write(c, row(5));
  assert.equal((await load(shop)).counts, [4, 3, 0, 0]);
  await shop.remove(a);
  assert.equal((await load(shop)).counts, [2, 2, 0, 0]);
  await shop.write(b, row(6));
  assert.equal((await load(shop)).counts, [2, 2, 0, 0]);
  assert.equal(await held(shop), ['5 6', `${b}=1 ${c}=1`]);
  rmSync(shop.path('events'), { recursive: true });
  mkdirSync(shop.path('events'));
  assert.equal((await load(shop)).message, 'LOAD (0 rows of 0 files)');
  assert.equal(await held(shop), ['', '']);
});

test('load --full-refresh loads every file again; run --full-refresh does not', async () => {
  const shop = await loaded();
  await shop.write(b, row(4));
  assert.equal((await load(shop, { fullRefresh: true })).counts, [3, 2, 0, 0]);
  assert.equal(await held(shop), ['1 2 4', `${a}=2 ${b}=1`]);
  assert.is(loadedOf(await shop.run('run', { fullRefresh: true })).message, 'no new files (2 loaded before)');
});

test('a table that was dropped is filled again from every file', async () => {
  const shop = await loaded();
  await shop.query('drop table raw.events');
  assert.equal((await load(shop)).counts, [3, 2, 0, 0]);
  assert.equal(await held(shop), ['1 2 3', `${a}=2 ${b}=1`]);
});

test('a load that fails leaves table, rejects and ledger as they were', async () => {
  const shop = await loaded();
  await shop.write(c, row(4));
  await shop.write('events/d.json', 'oops\n');
  await shop.write('models/sources.yml', sourcesYaml({ events: { ...events, load: { on_error: 'abort' } } }));
  assert.is((await load(shop)).status, 'error');
  assert.equal(await held(shop), ['1 2 3', `${a}=2 ${b}=1`]);
  // A reload, too: the table was emptied, and is not.
  await shop.write('models/sources.yml', sourcesYaml({ events: { ...events, load: { on_error: 'abort', on_change: 'reload' } } }));
  await shop.write(a, row(9));
  assert.is((await load(shop)).status, 'error');
  assert.equal(await held(shop), ['1 2 3', `${a}=2 ${b}=1`]);
});

test('the first load that fails leaves no table', async () => {
  const shop = await loading({ [a]: row(1), [b]: 'oops' }, { events: { ...events, load: { on_error: 'abort' } } });
  assert.is((await load(shop)).status, 'error');
  assert.equal(await shop.query("select table_name from duckdb_tables() where schema_name = 'raw'"), []);
  assert.equal(await shop.query('select count(*) from _dwh.load_files'), [['0']]);
  await shop.write(b, row(2));
  assert.equal((await load(shop)).counts, [2, 2, 0, 0]);
});

test('a file that changes while it is loaded rolls the load back', async () => {
  // DuckDB reads it behind the change, and another number of rows; the exact reader has read it before.
  const cases = [
    [row(4), /read_json/, 'load-count'],
    [`${row(4)}oops\n`, /record by record/, 'load-moved'],
  ] as const;
  for (const [bytes, reads, code] of cases) {
    const shop = await loaded();
    await shop.write(c, bytes);
    let changed = false;
    const all = await watching(shop, 'load', (event) => {
      if (changed || event.type !== 'statement' || !reads.test(event.sql)) return;
      changed = true;
      writeFileSync(shop.path(c), bytes + row(5));
    });
    assert.is(loadedOf(all).problem?.code, code);
    assert.equal(await held(shop), ['1 2 3', `${a}=2 ${b}=1`]);
    assert.is((await load(shop)).counts[1], 1);
    assert.is((await held(shop))[0], '1 2 3 4 5');
  }
});

test('three loads at once in one process load each file once', async () => {
  const shop = await loading({ [a]: row(1), [b]: row(2) });
  // Keeps the file open: whichever load ends first must not close it on the others.
  const database = await databaseOf(shop);
  for (const [file, sum] of [
    [undefined, '1 2'],
    [c, '1 2 5'],
  ] as const) {
    if (file !== undefined) await shop.write(file, `${row(5)}oops\n`);
    const all = await Promise.all([1, 2, 3].map(() => load(shop)));
    assert.equal(
      all.map(({ status }) => status),
      ['success', 'success', 'success'],
    );
    assert.is((await held(shop))[0], sum);
    assert.is(
      all.reduce((total, { counts }) => total + (counts[0] ?? 0), 0),
      file === undefined ? 2 : 1,
    );
  }
  database.close();
});

test('a load waits for another one of its table, and then looks again', async () => {
  const shop = await loaded();
  await shop.write(c, row(4));
  const content = createHash('sha256').update(row(4)).digest('hex');
  const other = await databaseOf(shop);
  await other.rows('begin');
  await other.rows('update _dwh.load_locks set loads = loads + 1');
  let said = '';
  let ended: Promise<void> | undefined;
  const all = await watching(shop, 'load', (event) => {
    if (event.type !== 'note' || ended) return;
    said = event.message;
    ended = (async () => {
      await other.rows('insert into raw.events values (4, null)');
      await other.rows(
        `insert into _dwh.load_files select * replace ('${c}' as file_key, '${content}' as content) from _dwh.load_files where file_key = '${b}'`,
      );
      await other.rows('commit');
    })();
  });
  assert.is(said, 'raw.events waits for another load of it to end');
  await ended;
  other.close();
  assert.is(loadedOf(all).message, 'no new files (3 loaded before)');
  assert.equal(await held(shop), ['1 2 3 4', `${a}=2 ${b}=1 ${c}=1`]);
});

test('a load that waits can be interrupted', async () => {
  const shop = await loaded();
  await shop.write(c, row(4));
  const other = await databaseOf(shop);
  await other.rows('begin');
  await other.rows('update _dwh.load_locks set loads = loads + 1');
  const stop = new AbortController();
  const all = await watching(shop, 'load', (event) => event.type === 'note' && stop.abort(), {}, stop.signal);
  assert.is(loadedOf(all).problem?.code, 'cancelled');
  await other.rows('rollback');
  other.close();
  assert.equal(await held(shop), ['1 2 3', `${a}=2 ${b}=1`]);
});

test('two tables are loaded at once, each with its own lock', async () => {
  const tables = Object.fromEntries(['x', 'y', 'z'].map((name) => [name, { ...events, load: { ...events.load, from: 'events' } }]));
  const shop = await loading({ [a]: row(1) + row(2), [b]: `${row(3)}oops\n` }, tables);
  const all = await shop.run('load', { threads: 3 });
  for (const name of ['x', 'y', 'z']) {
    assert.equal(loadedOf(all, name).counts, [3, 2, 0, 1]);
    const { ledger, rejects } = await stored(shop, name);
    assert.equal([ledger.length, rejects.length], [2, 1]);
  }
});

test('rows that the ledger knows nothing of are not joined by the same files once more', async () => {
  const shop = await loading({ 'events/a.json': row(1) });
  await load(shop);
  await shop.query('delete from _dwh.load_files');
  const refused = await load(shop);
  assert.is(refused.status, 'error');
  hasProblem(refused.problem ? [refused.problem] : [], {
    code: 'load-unknown-rows',
    message: 'raw.events has rows, and the ledger in _dwh knows of no file',
    hint: 'dwh load --full-refresh -s source:raw.events',
    at: 'models/sources.yml',
  });
  assert.equal((await load(shop, { fullRefresh: true })).counts, [1, 1, 0, 0]);
  assert.is((await stored(shop)).rows.length, 1);
  await shop.query('delete from _dwh.load_files; delete from raw.events');
  assert.equal((await load(shop)).counts, [1, 1, 0, 0]);
});

test.run();
