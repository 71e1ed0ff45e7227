// CSV, parquet, jsonpaths files, column types and options through `dwh load`.
import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { memoryDatabase, textRows } from '../support/duckdb.ts';
import type { Fixture } from '../support/fixture.ts';
import { type ExpectedProblem, hasProblem, rejects } from '../support/rejects.ts';
import { events, load, loading, sourcesYaml, stored } from './project.ts';

const test = suite('loads: formats');

const people = 'id:bigint name:varchar(8) score:decimal(6,2)';
type Keys = Readonly<Record<string, unknown>>;

const table = (columns: string, keys: Keys = {}) => ({ events: { columns, load: { on_error: 'reject', ...keys } } });
const csv = (text: string | Uint8Array, keys: Keys = {}, columns = people): Promise<Fixture> =>
  loading({ 'events/a.csv': text }, table(columns, { format: 'csv', ...keys }));
const fails = async (shop: Fixture, problem: ExpectedProblem): Promise<void> => {
  const found = await load(shop);
  assert.is(found.status, 'error');
  hasProblem(found.problem ? [found.problem] : [], problem);
};
const rowsOf = async (shop: Fixture): Promise<readonly (readonly (string | null)[])[]> => {
  const { status, problem } = await load(shop);
  assert.is(status, 'success', problem?.message);
  return (await stored(shop)).rows;
};

test('csv: a header in any order, quotes, CRLF, a byte-order mark and gzip; every reject with its line, column and value', async () => {
  const text = [
    '\ufeffscore,ID,other,name',
    '1.5,1,x,ann',
    '2,2,,"b, ""b"""',
    ',3,,',
    '1,4,,"two',
    'lines"',
    'high,5,,eve',
    '1,6,,far too long',
    '1,7',
    '"1"x,8,,',
    '12345,9,,max',
    ',,,""',
  ].join('\r\n');
  for (const bytes of [text, gzipSync(text)]) {
    const shop = await csv(bytes);
    assert.equal((await load(shop)).counts, [4, 1, 0, 6]);
    const found = await stored(shop);
    assert.equal(found.rows, [
      ['1', 'ann', '1.50'],
      ['2', 'b, "b"', '2.00'],
      ['3', null, null],
      [null, '', null],
    ]);
    assert.equal(found.rejects, [
      ['events/a.csv', '5', 'name', 'too long for varchar(8)', 'two\r\nlines'],
      ['events/a.csv', '7', 'score', 'not a number', 'high'],
      ['events/a.csv', '8', 'name', 'too long for varchar(8)', 'far too long'],
      ['events/a.csv', '9', null, '2 values, where 4 are expected', null],
      ['events/a.csv', '10', null, 'malformed CSV', null],
      ['events/a.csv', '11', 'score', 'out of range for decimal(6,2)', '12345'],
    ]);
    assert.equal(found.ledger, [['events/a.csv', '4', '6']]);
  }
});

test('csv: tabs, other quotes, no header, another NULL, lines to pass over', async () => {
  const same = async (text: string, keys: Keys): Promise<void> =>
    assert.equal(await rowsOf(await csv(text, keys)), [
      ['1', 'a\tb', '0.50'],
      ['2', null, null],
    ]);
  await same("id\tname\tscore\n1\t'a\tb'\t0.5\n2\t\t\n", { delimiter: '\t', quote: "'" });
  await same("1|'a\tb'|0.5\n2|-|-\n", { delimiter: '|', quote: "'", header: false, null_as: '-' });
  await same('made today\n\n1,"a\tb",0.5\n2,,\n', { ignoreheader: 1 });
});

test('csv: several files, each with a header of its own; one without rows', async () => {
  const shop = await csv('id,name,score\n1,ann,1\n');
  await shop.write('events/b.csv', 'name,id\nbob,2\n');
  await shop.write('events/c.csv', 'id,name,score\n');
  await shop.write('events/d.csv', '');
  assert.equal((await load(shop)).counts, [2, 4, 0, 0]);
  assert.equal((await stored(shop)).rows, [
    ['1', 'ann', '1.00'],
    ['2', 'bob', null],
  ]);
});

test('csv: a header that names no column stops the load, and nothing is loaded', async () => {
  const shop = await csv('id,name,score\n1,ann,1\n');
  await shop.write('events/b.csv', '2,bob,2\n');
  await fails(shop, { code: 'load-header', at: 'events/b.csv:1:1', message: 'names no column', hint: 'header: false' });
  assert.equal(await shop.query('select count(*) from _dwh.load_files'), [['0']]);
});

test('csv: wrong options are named', async () => {
  await fails(await csv('id\n1\n', { delimiter: '||' }), { code: 'load-option', message: '\'delimiter\' is "||"' });
  await fails(await csv('id\n1\n', { quote: ',' }), { code: 'load-option', message: 'the same character' });
  await fails(await csv('id\n1\n', { header: true, ignoreheader: 1 }), { code: 'load-option', message: 'exclude each other' });
  await fails(await loading({ 'events/a.json': '{"id":1}' }, table(people, { delimiter: ';' })), {
    code: 'load-option',
    message: 'belongs to format: csv',
  });
});

test("COPY's own parameters pass, those that would change rows are warned of, unknown ones refused", async () => {
  const shop = await loading({ 'events/a.json': '{"id":1}' }, table(people, { region: 'us-west-2', iam_role: 'default', maxerror: 5 }));
  const { status, warnings } = await load(shop);
  assert.is(status, 'success');
  assert.equal(warnings, ["load-option: 'maxerror' has no effect here: it is a parameter of Redshift's COPY"]);
  await fails(await loading({ 'events/a.json': '{"id":1}' }, table(people, { regoin: 'x' })), {
    code: 'load-option',
    hint: "Did you mean 'region'?",
  });
});

const paths = (...list: readonly string[]): string => JSON.stringify({ jsonpaths: list });

test('jsonpaths: the paths fill the columns in their order, whatever the columns are called', async () => {
  const lines = '{"userId":"7","song":{"title":"A","tags":["x","y"]},"ID":1}\n{"userid":8,"song":null}\n';
  const shop = await loading(
    { 'events/a.json': lines, 'paths.json': paths("$['userId']", '$.song.title', "$['song']['tags'][1]", "$['song']") },
    table('user_id:bigint title:varchar(9) tag:varchar(9) song:text', { jsonpaths: 'paths.json' }),
  );
  assert.equal(await rowsOf(shop), [
    ['7', 'A', 'y', '{"title":"A","tags":["x","y"]}'],
    [null, null, null, null],
  ]);
});

test('jsonpaths: auto takes lower-case names alone, auto ignorecase any', async () => {
  const files = { 'events/a.json': '{"Id":1,"NAME":"ann"}\n{"id":2,"name":"bob"}\n' };
  const read = async (jsonpaths: string) => rowsOf(await loading(files, table('id:bigint Name:text', { jsonpaths })));
  assert.equal(await read('auto'), [
    ['2', 'bob'],
    [null, null],
  ]);
  assert.equal(await read('auto ignorecase'), [
    ['1', 'ann'],
    ['2', 'bob'],
  ]);
});

test('jsonpaths: a file that is wrong or not there is an error, and nothing is loaded', async () => {
  const wrong = async (jsonpaths: string, problem: ExpectedProblem): Promise<void> => {
    const shop = await loading({ 'events/a.json': '{"id":1}', 'paths.json': jsonpaths }, table('id:bigint', { jsonpaths: 'paths.json' }));
    await fails(shop, problem);
    assert.equal(await shop.query("select count(*) from duckdb_tables() where schema_name = 'raw'"), [['0']]);
  };
  await wrong('{"jsonPaths": ["$.id"]}', { code: 'jsonpaths-key', at: 'paths.json:1:1', message: "its key is 'jsonPaths'" });
  await wrong('{\n  "jsonpaths": [\n    "$.id",\n  ]\n}', { code: 'jsonpaths-json', at: 'paths.json:4:3' });
  await wrong('{\n  "jsonpaths": ["$.*"]\n}', { code: 'jsonpaths-path', at: 'paths.json:2:17', message: 'wildcard' });
  await wrong(paths('$.id', '$.x'), {
    code: 'jsonpaths-count',
    at: 'models/sources.yml',
    message: '2 paths, and the table has 1 column (id)',
  });
  const shop = await loading({ 'events/a.json': '{"id":1}', 'paths.json': '' }, table('id:bigint', { jsonpaths: 'path.json' }));
  await fails(shop, { code: 'jsonpaths-unreadable', at: 'models/sources.yml', hint: "Did you mean 'paths.json'?" });
});

test('columns: without a type they are text; an unknown type, and a table without columns, are errors', async () => {
  assert.equal(await rowsOf(await loading({ 'events/a.json': '{"a":1.50,"b":"x"}' }, table('a b'))), [['1.50', 'x']]);
  await fails(await loading({ 'events/a.json': '{}' }, table('a:geometry b:bigint')), {
    code: 'load-type',
    message: "column 'a' has the type 'geometry'",
  });
  const shop = await loading({ 'events/a.json': '{}' });
  await shop.write(
    'models/sources.yml',
    JSON.stringify({ sources: [{ name: 'raw', tables: [{ name: 'events', load: { from: 'events' } }] }] }),
  );
  await fails(shop, { code: 'load-columns' });
});

test('columns: one that the table was made without is an error that says how to mend it', async () => {
  const shop = await loading({ 'events/a.json': '{"ts":1,"page":"x"}\n' });
  await load(shop);
  await shop.write('models/sources.yml', sourcesYaml({ events: { ...events, columns: `${events.columns} one:text two:text` } }));
  await fails(shop, { code: 'load-columns-changed', message: 'made without the columns one, two' });
  await shop.write('events/b.json', '{"ts":2,"page":"y","more":1}\n');
  await shop.write('models/sources.yml', sourcesYaml({ events: { ...events, columns: `${events.columns} more:integer` } }));
  await fails(shop, { code: 'load-columns-changed', message: 'made without the column more', hint: 'drop table raw.events' });
  await shop.query('drop table raw.events');
  assert.equal(await rowsOf(shop), [
    ['1', 'x', null],
    ['2', 'y', '1'],
  ]);
});

test('columns: the names are quoted, and those that the table has besides stay NULL', async () => {
  const shop = await loading({ 'events/a.json': '{"select":1,"a \\"b\\"":2}\n' }, table('select:bigint'));
  await shop.write(
    'models/sources.yml',
    JSON.stringify({
      sources: [
        {
          name: 'raw',
          tables: [
            {
              name: 'events',
              load: { from: 'events' },
              columns: [
                { name: 'select', data_type: 'bigint' },
                { name: 'a "b"', data_type: 'bigint' },
              ],
            },
          ],
        },
      ],
    }),
  );
  await shop.query('create schema raw');
  await shop.query('create table raw.events (extra int, "a ""b""" bigint, "select" bigint)');
  assert.equal(await rowsOf(shop), [[null, '2', '1']]);
});

test('a view at the place of the table is not loaded into', async () => {
  const shop = await loading({ 'events/a.json': '{"ts":1}\n' });
  await shop.query('create schema raw');
  await shop.query('create view raw.events as select 1 as ts');
  await fails(shop, { code: 'load-target', message: 'raw.events is a view' });
});

test('mistakes in load: are told at their place', async () => {
  const wrong = async (keys: Keys, problem: ExpectedProblem) =>
    rejects(load(await loading({}, table('a:text', keys))), { at: 'models/sources.yml', ...problem });
  await wrong({ format: 'jsn' }, { code: 'config-value', hint: "Did you mean 'json'?" });
  await wrong({ mode: 'upsert' }, { code: 'config-value', message: "'mode'" });
  await wrong({ on_change: 'skip' }, { code: 'config-value', message: "'on_change'" });
  await wrong({ on_error: 'abort', max_errors: 3 }, { code: 'config-value', message: "'max_errors' needs 'on_error: reject'" });
  for (const max_errors of [-1, 1.5]) await wrong({ max_errors }, { code: 'config-value', message: `'max_errors' is ${max_errors}` });
  await wrong({ truncate_columns: 'maybe' }, { code: 'config-kind', message: "'truncate_columns'" });
});

/** Parquet files, by name, of these queries. */
async function parquet(shop: Fixture, files: Readonly<Record<string, string>>): Promise<void> {
  const database = await memoryDatabase();
  for (const [file, query] of Object.entries(files)) {
    await shop.write(file, '');
    await textRows(database, `copy (${query}) to '${shop.path(file)}' (format parquet)`);
  }
  database.closeSync();
}

test('parquet: columns by name, counts from the files, an empty one too, each once', async () => {
  const shop = await loading({}, { events: { columns: people, load: { format: 'parquet' } } });
  await parquet(shop, {
    'events/a.parquet': "select 'ann' as name, range as id from range(3)",
    'events/b.parquet': "select 9 as id, 'long name' as name, 1.5 as score, 'x' as other",
    'events/c.parquet': 'select 1 as id where false',
  });
  await fails(shop, { message: 'column name: a value is too long for varchar(8)' });
  await shop.write('models/sources.yml', sourcesYaml({ events: { columns: people, load: { format: 'parquet', truncate_columns: true } } }));
  assert.equal((await load(shop)).counts, [4, 3, 0, 0]);
  const { rows, ledger } = await stored(shop);
  assert.equal(rows.at(-1), ['9', 'long nam', '1.50']);
  assert.equal(ledger, [
    ['events/a.parquet', '3', '0'],
    ['events/b.parquet', '1', '0'],
    ['events/c.parquet', '0', '0'],
  ]);
  assert.is((await load(shop)).message, 'no new files (3 loaded before)');
});

test('parquet: a file that is none, and one whose name is a pattern, stop the load', async () => {
  const shop = await loading({ 'events/a.parquet': 'PAR1 not really' }, { events: { columns: 'id:bigint', load: { format: 'parquet' } } });
  await fails(shop, { code: 'database-error', message: 'a.parquet' });
  await shop.remove('events/a.parquet');
  await parquet(shop, { 'events/a[1].parquet': 'select 1 as id' });
  await fails(shop, { code: 'load-place', message: 'as a pattern' });
  assert.equal(await shop.query('select count(*) from _dwh.load_files'), [['0']]);
});

test.run();
