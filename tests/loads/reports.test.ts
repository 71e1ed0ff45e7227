// What a load tells: its result, what stopped it, what it refused, which files it would take; and what else asks its ledger.
import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { watching } from '../support/database.ts';
import { output, results, statuses } from '../support/fixture.ts';
import { hasProblem } from '../support/rejects.ts';
import { events, load, loadedOf, loading, sourcesYaml, stored } from './project.ts';

const test = suite('loads: reports');

const row = (ts: number | string): string => `${JSON.stringify({ ts })}\n`;
const abort = { events: { ...events, load: { on_error: 'abort' } } };

test('on_error: abort says file, line, column, value and reason, and nothing is loaded', async () => {
  const shop = await loading({ 'events/a.json': row(1), 'events/b.json': row(2) + row('soon') + row('never') }, abort);
  const { status, problem } = await load(shop);
  assert.is(status, 'error');
  hasProblem(problem ? [problem] : [], {
    code: 'load-reject',
    message: `column 'ts': "soon" is refused: not a number`,
    at: 'events/b.json:2:1',
    hint: 'on_error: reject',
  });
  assert.equal(problem?.detail, ['{"ts":"soon"}', 'Nothing of this table was loaded.']);
  assert.equal(await shop.query('select count(*) from _dwh.load_rejects'), [['0']]);
});

test('the record that stopped a load is shown as it is in the file, also where that is packed, binary, long or of many lines', async () => {
  const noise = Array.from({ length: 3000 }, (_, index) => row((index * 7919) % 99991)).join('');
  const long = `{"ts":"soon","x":"${'x'.repeat(3000)}"}`;
  const cases: readonly (readonly [string | Uint8Array, string])[] = [
    [gzipSync(row(1) + row('soon') + noise), '{"ts":"soon"}'],
    [Buffer.from([...Buffer.from(row(1)), 0xff, 0x00, 0x1b, 0x0a]), '\ufffd\ufffd\u001b'],
    [`${row(1)}${long}\n`, `${long.slice(0, 500)}…`],
    [`${row(1)}{\n"ts":"soon"\n}\n`, '{\n"ts":"soon"\n}'],
  ];
  for (const [bytes, raw] of cases) {
    const { problem } = await load(await loading({ 'events/a.json': bytes }, abort));
    // The file's own line is not quoted beside it, unless it is a short one of a text file.
    const [first, ...rest] = [...(problem?.detail ?? [])].reverse();
    assert.equal([first, rest[0]], ['Nothing of this table was loaded.', raw]);
    assert.ok(
      rest.slice(1).every((line) => /^(?:2 \| \{|\s*\^)$/.test(line)),
      rest.join('\n'),
    );
  }
});

test('max_errors: so many rejects are kept, and one more stops the load', async () => {
  const bad = row(1) + row('x') + row(2) + row('y');
  const shop = await loading({ 'events/a.json': bad }, { events: { ...events, load: { on_error: 'reject', max_errors: 2 } } });
  assert.equal((await load(shop)).counts, [2, 1, 0, 2]);
  // Counted in each load, over all its files.
  await shop.write('events/b.json', bad);
  await shop.write('events/c.json', row('z') + row(3));
  const { problem } = await load(shop);
  hasProblem(problem ? [problem] : [], {
    code: 'load-reject',
    message: /"z" is refused: not a number \(max_errors is 2, and this is reject 3\)/,
    at: 'events/c.json:1:1',
    hint: 'raise max_errors',
  });
  assert.is((await stored(shop)).ledger.length, 1);
  await shop.write('models/sources.yml', sourcesYaml({ events: { ...events, load: { on_error: 'reject', max_errors: 0 } } }));
  assert.match((await load(shop)).problem?.message ?? '', 'max_errors is 0, and this is reject 1');
});

test('rejects are a warning, with counts by file and reason', async () => {
  const shop = await loading({ 'events/a.json': `${row('x')}${row('y')}oops\n${row(1)}`, 'events/b.json': row('z') });
  const { status, message, warnings, rejects } = await load(shop);
  assert.equal([status, message], ['success', 'LOAD (1 row of 2 files, 4 rejected)']);
  assert.equal(warnings, ['load-rejects: 4 records were refused and kept in _dwh.load_rejects']);
  assert.equal(rejects, [
    { file: 'events/a.json', reason: 'not a number', count: 2, line: 1, column: 'ts', value: 'x' },
    { file: 'events/a.json', reason: 'not a JSON object', count: 1, line: 3 },
    { file: 'events/b.json', reason: 'not a number', count: 1, line: 1, column: 'ts', value: 'z' },
  ]);
  assert.equal(await shop.query('select file_key, line, raw from _dwh.load_rejects where value is null'), [['events/a.json', '3', 'oops']]);
  // Those of files loaded before are not told again.
  assert.equal((await load(shop)).warnings, []);
});

test('the result has rows, files, files passed over and rejects; target/run/ has what ran', async () => {
  const shop = await loading({ 'events/a.json': row(1), 'events/b.json': `${row(2)}oops\n` });
  const [result] = [...results(await shop.run('load')).values()];
  assert.equal(result?.adapterResponse, { rows_affected: 2, files: 2, files_skipped: 0, rejected: 1 });
  assert.is(result?.relationName, '"dwh"."raw"."events"');
  const ran = await shop.read('target/run/shop/models/sources.yml/raw.events.sql');
  const order = ['create table', 'read_json', '-- copy 1 file record by record', 'insert into "dwh"."_dwh"."load_files"', 'commit'];
  assert.equal(
    order.map((text) => ran.indexOf(text)).map((place, index, all) => place > (all[index - 1] ?? 0)),
    order.map(() => true),
  );
});

test('run_results.json and the terminal say the same, and the exit status is 0', async () => {
  const shop = await loading({ 'events/a.json': `${row(1)}oops\n` });
  const { code, stdout } = await shop.cli(['load']);
  assert.is(code, 0);
  assert.match(stdout, '1 record was refused and kept in _dwh.load_rejects');
  assert.match(stdout, 'events/a.json');
  const { results: all } = JSON.parse(await shop.read('target/run_results.json'));
  assert.equal(
    all.map(({ unique_id, status, adapter_response }: Record<string, unknown>) => [unique_id, status, adapter_response]),
    [['source.shop.raw.events', 'success', { rows_affected: 1, files: 1, files_skipped: 0, rejected: 1 }]],
  );
});

test('load --dry-run says which files and why, and changes nothing', async () => {
  const shop = await loading({ 'events/a.json': row(1), 'events/b.json': `${row(2)}oops\n` });
  const first = await shop.run('load', { dryRun: true });
  assert.match(
    output(first),
    /2 to load, 0 to skip\n-- {3}load events\/a\.json \(new, clean\)\n-- {3}load events\/b\.json \(new, read record by record\)/,
  );
  assert.match(output(first), 'insert into "dwh"."raw"."events"');
  assert.equal(loadedOf(first).counts, [0, 2, 0, 0]);
  assert.equal(await shop.query("select count(*) from duckdb_tables() where schema_name in ('raw', '_dwh')"), [['0']]);

  await load(shop);
  const before = await stored(shop);
  await shop.write('models/sources.yml', sourcesYaml({ events: { ...events, load: { on_error: 'reject', on_change: 'ignore' } } }));
  await shop.write('events/a.json', row(1) + row(3));
  await shop.write('events/c.json', row(4));
  const ignoring = output(await shop.run('load', { dryRun: true }));
  assert.match(ignoring, 'load events/c.json (new, clean)');
  assert.match(ignoring, 'skip events/a.json (changed, on_change: ignore)');
  assert.match(ignoring, 'skip events/b.json (loaded before)');
  await shop.write('models/sources.yml', sourcesYaml({ events: { ...events, load: { on_error: 'reject', on_change: 'reload' } } }));
  const reloading = output(await shop.run('load', { dryRun: true }));
  assert.match(reloading, 'load events/a.json (changed, clean)');
  assert.match(reloading, 'load events/b.json (the table is loaded again, read record by record)');
  assert.match(reloading, 'delete from "dwh"."raw"."events"');
  assert.equal(await stored(shop), before);
});

test('load --empty makes the tables, reads no file and writes no ledger', async () => {
  const shop = await loading({ 'events/a.json': 'oops' }, abort);
  assert.is((await load(shop, { empty: true })).status, 'success');
  assert.equal(await shop.query("select schema_name || '.' || table_name from duckdb_tables()"), [['raw.events']]);
  assert.equal(await shop.query('select count(*) from raw.events'), [['0']]);
  assert.is((await load(shop, { empty: true })).message, 'no new files (0 loaded before)');
});

test('run and build load what is selected, test and --no-load nothing', async () => {
  const shop = await loading({ 'events/a.json': row(1) });
  await shop.write('models/total.sql', "select count(*) as n from {{ source('raw', 'events') }}");
  const ids = async (command: string, options = {}) => Object.keys(statuses(await shop.run(command, options)));
  const [model, source] = ['model.shop.total', 'source.shop.raw.events'];
  assert.equal(await ids('run', { select: '+total' }), [model, source]);
  assert.equal(await ids('run', { select: 'total' }), [model]);
  assert.equal(await ids('build', { select: 'source:raw' }), [source]);
  assert.equal(await ids('run'), [model, source]);
  assert.equal(await ids('build', { load: false }), [model]);
  assert.equal(await ids('load'), [source]);
  assert.equal(await ids('test'), []);
  // Behind its source.
  await shop.write('events/b.json', row(2));
  await shop.build();
  assert.equal(await shop.query('select n from main.total'), [['2']]);
});

test('the state schema has the name that the target gives it', async () => {
  const shop = await loading({ 'events/a.json': `${row(1)}oops\n` });
  await shop.write('project.yml', 'name: shop\nprofile: shop\n');
  await shop.write('profiles.yml', 'shop: {target: dev, outputs: {dev: {type: duckdb, path: dwh.duckdb, state_schema: my state}}}\n');
  assert.equal((await load(shop)).warnings, ['load-rejects: 1 record was refused and kept in my state.load_rejects']);
  assert.equal(await shop.query('select count(*) from "my state".load_files union all select count(*) from "my state".load_rejects'), [
    ['1'],
    ['1'],
  ]);
});

test('a source of another database has its ledger there', async () => {
  const shop = await loading({ 'events/a.json': row(1) });
  await shop.write('project.yml', 'name: shop\nprofile: shop\n');
  await shop.write(
    'profiles.yml',
    'shop: {target: dev, outputs: {dev: {type: duckdb, path: dwh.duckdb, attach: [{path: lake.duckdb, alias: lake}]}}}\n',
  );
  await shop.write('models/sources.yml', sourcesYaml({ events }, { database: 'lake' }));
  assert.equal((await load(shop)).counts, [1, 1, 0, 0]);
  assert.equal((await load(shop)).counts, [0, 0, 1, 0]);
  assert.equal(await shop.query('select file_key, row_count from _dwh.load_files', 'lake.duckdb'), [['events/a.json', '1']]);
});

test('source freshness without a column asks the ledger when a file was loaded last', async () => {
  const hour = 3_600_000;
  const freshness = { warn_after: { count: 1, period: 'hour' }, error_after: { count: 1, period: 'day' } };
  const shop = await loading({ 'events/a.json': row(1) }, { events: { ...events, more: { freshness } } });
  const at = async (startedAt: number) =>
    [...results(await shop.run('source freshness', { startedAt })).values()].map(({ status }) => status);
  const start = Date.UTC(2024, 0, 15, 12);
  assert.equal(await at(start), ['error']);
  await load(shop, { startedAt: start });
  assert.equal([await at(start + hour / 2), await at(start + 2 * hour), await at(start + 48 * hour)], [['pass'], ['warn'], ['error']]);
  // A load that finds nothing new does not make it fresher, one that does, does.
  await load(shop, { startedAt: start + 47 * hour });
  assert.equal(await at(start + 48 * hour), ['error']);
  await shop.write('events/b.json', row(2));
  await load(shop, { startedAt: start + 48 * hour });
  assert.equal(await at(start + 48 * hour), ['pass']);
});

test('an interrupted load leaves nothing', async () => {
  const shop = await loading({ 'events/a.json': row(1), 'events/b.json': `${row(2)}oops\n` });
  const stop = new AbortController();
  const all = await watching(
    shop,
    'load',
    (event) => event.type === 'statement' && event.sql.includes('record by record') && stop.abort(),
    {},
    stop.signal,
  );
  assert.is(loadedOf(all).problem?.code, 'cancelled');
  assert.equal(
    await shop.query("select count(*) from _dwh.load_files union all select count(*) from duckdb_tables() where schema_name = 'raw'"),
    [['0'], ['0']],
  );
  assert.equal((await load(shop)).counts, [2, 2, 0, 1]);
});

test.run();
