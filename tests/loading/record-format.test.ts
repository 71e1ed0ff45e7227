// How files are read, from what the project says: jsonpaths, column types, options; every mistake with its place.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CopySpec } from '../../src/core/node.ts';
import { readJsonpaths, recordFormat } from '../../src/loading/index.ts';
import { hasProblem, throws } from '../support/rejects.ts';
import { shared, withoutShared } from '../support/shared.ts';
import { skipUnless } from '../support/skip.ts';
import { tempDir } from '../support/temp-dir.ts';
import { columns, format, spec } from './support.ts';

const test = suite('loading: record format');

const paths = (text: string, table = 'a:bigint b:bigint') =>
  recordFormat(spec({ jsonpaths: 'paths.json' }), columns(table), { file: 'paths.json', text });
const pathOf = (path: string) => paths(JSON.stringify({ jsonpaths: [path] }), 'a:bigint').columns[0]?.path;

test('jsonpaths name a file unless they are auto or auto ignorecase', async () => {
  const dir = tempDir('jsonpaths');
  writeFileSync(join(dir, 'paths.json'), '{"jsonpaths": []}');
  assert.equal(readJsonpaths(spec({ jsonpaths: 'paths.json' }), dir), { file: 'paths.json', text: '{"jsonpaths": []}' });
  for (const jsonpaths of ['auto', 'AUTO', ' auto  ignorecase ']) assert.is(readJsonpaths(spec({ jsonpaths }), dir), undefined);
  assert.is(readJsonpaths(spec({ format: 'csv', jsonpaths: 'x.json' }), dir), undefined);
  assert.equal(format('UserId:bigint').columns[0]?.path, ['userid']);
});

test('a jsonpaths file that is not there, or no file, is an error', () => {
  const dir = tempDir('jsonpaths');
  writeFileSync(join(dir, 'log_json_path.json'), '');
  const read = (jsonpaths: string) => () => readJsonpaths(spec({ jsonpaths }), dir);
  throws(read('log_json_paths.json'), {
    code: 'jsonpaths-unreadable',
    hint: "Did you mean 'log_json_path.json'?",
    at: 'models/sources.yml:7:9',
  });
  throws(read('.'), { code: 'jsonpaths-unreadable', message: 'is not a file' });
});

test('a path names keys with brackets or dots, and items of lists', () => {
  assert.equal(pathOf("$['first name']"), ['first name']);
  assert.equal(pathOf("$['a']['b'][0]['c']"), ['a', 'b', 0, 'c']);
  assert.equal(pathOf('$.a.b[12]'), ['a', 'b', 12]);
  assert.equal(pathOf('$["it\'s"]'), ["it's"]);
  assert.equal(pathOf("$['it\\'s']"), ["it's"]);
});

test('paths that COPY does not take are refused, each with its line', () => {
  const wrong: Readonly<Record<string, string>> = {
    '$[*]': 'wildcard',
    '$.a.*': 'wildcard',
    '$..a': 'wildcard',
    "$['a'][*]": 'wildcard',
    'a.b': 'begin with $',
    $: 'names no key',
    '$[0]': 'records that are arrays',
    "$['a'].b": 'mixes dots and brackets',
    "$['a": 'cannot be read',
    '$.a[-1]': 'cannot be read',
    '$.a[?(@.x)]': 'cannot be read',
  };
  for (const [path, message] of Object.entries(wrong)) throws(() => pathOf(path), { code: 'jsonpaths-path', message });
  const error = throws(() => paths('{"jsonpaths": [\n  "$.a.*",\n  "b"\n]}'), { at: 'paths.json:2:3' });
  assert.is('problems' in error && Array.isArray(error.problems) && error.problems.length, 2);
});

test('a jsonpaths file with the wrong key is an error, where Redshift silently loads NULLs', () => {
  throws(() => paths('{"jsonPaths": ["$.a", "$.b"]}'), {
    code: 'jsonpaths-key',
    message: "its key is 'jsonPaths'",
    hint: 'auto',
    at: 'paths.json:1:1',
  });
  throws(() => paths('["$.a", "$.b"]'), { code: 'jsonpaths-key' });
  throws(() => paths('{}'), { code: 'jsonpaths-key', message: 'no such key' });
  throws(() => paths('{"jsonpaths": "$.a"}'), { code: 'jsonpaths-key', message: 'not a list' });
});

test('a jsonpaths file that is not JSON, or has another number of paths than the table has columns', () => {
  throws(() => paths('{"jsonpaths": [\n "$.a"\n "$.b"]}'), { code: 'jsonpaths-json', at: 'paths.json:3:2' });
  throws(() => paths('{"jsonpaths": ["$.a"]}'), {
    code: 'jsonpaths-count',
    message: '1 path, and the table has 2 columns (a, b)',
    at: 'models/sources.yml',
  });
  throws(() => paths('{"jsonpaths": ["$.a", 7]}'), { code: 'jsonpaths-path', message: 'is not text' });
  assert.is(paths('\ufeff{"jsonpaths": ["$.a", "$.b"]}').columns.length, 2);
});

skipUnless(
  shared('data', 'sparkify', 'log_json_path.json'),
  withoutShared,
  test,
)("Sparkify's own jsonpaths file is read", () => {
  const text = readFileSync(shared('data', 'sparkify', 'log_json_path.json') ?? '', 'utf8');
  const names = [...text.matchAll(/\['(\w+)'\]/g)].map(([, name]) => name ?? '');
  const table = names.map((name) => `${name}:varchar(256)`).join(' ');
  assert.equal(
    paths(text, table).columns.map(({ path }) => path),
    names.map((name) => [name]),
  );
});

test('a type that files cannot be loaded into is an error that names column and type; all are told at once', () => {
  const error = throws(() => format('a:geometry b:bigint c:varchar(x)'), {
    code: 'load-type',
    message: "column 'a' has the type 'geometry'",
    at: 'models/sources.yml:7:9',
  });
  hasProblem('problems' in error && Array.isArray(error.problems) ? error.problems : [], { message: "column 'c'" });
  throws(() => recordFormat(spec(), []), { code: 'load-columns' });
});

test('types are known under all their usual names', () => {
  const names =
    'INT INTEGER int4 BIGINT int8 SMALLINT real float4 float8 double_precision NUMERIC(10,2) decimal(18,0) bool boolean char(3) character_varying(9) VARCHAR(MAX) text timestamp_without_time_zone timestamptz super json';
  assert.is(
    format(
      names
        .split(' ')
        .map((type, index) => `c${index}:${type}`)
        .join(' '),
    ).types.length,
    22,
  );
});

test("COPY's parameters that mean nothing here are passed over, those that would change rows are warned of", () => {
  const options: CopySpec['options'] = {
    region: 'us-west-2',
    iam_role: 'arn:aws:iam::1:role/x',
    COMPUPDATE: 'off',
    timeformat: 'epochmillisecs',
    truncatecolumns: true,
  };
  const { warnings } = format('a:bigint', { options });
  assert.equal(
    warnings.map(({ message, severity }) => `${severity}: ${message.split(' ')[0]}`),
    ["warning: 'timeformat'", "warning: 'truncatecolumns'"],
  );
});

test('unknown options, and those of another format, are errors', () => {
  throws(() => format('a:bigint', { options: { regoin: 'x' } }), { code: 'load-option', hint: "Did you mean 'region'?" });
  throws(() => format('a:bigint', { options: { delimiter: ',' } }), { code: 'load-option', message: 'belongs to format: csv' });
  throws(() => format('a:bigint', { options: { zstd: true } }), { code: 'load-option', message: 'zstd' });
  const csv = (options: CopySpec['options']) => () => format('a:bigint', { format: 'csv', options });
  throws(csv({ delimiter: '||' }), { code: 'load-option', message: 'one ASCII character' });
  throws(csv({ quote: ',' }), { message: 'the same character' });
  throws(csv({ header: 'maybe' }), { message: 'true or false' });
  throws(csv({ ignoreheader: -1 }), { message: 'a number of lines' });
  throws(csv({ header: true, ignoreheader: 1 }), { message: 'exclude each other' });
});

test('what is not JSON in a jsonpaths file is placed where it ceases to be', () => {
  const places: Readonly<Record<string, string>> = {
    '\n\n  nope': 'paths.json:3:3',
    '{"jsonpaths": [nope]}': 'paths.json:1:17',
    '{"jsonpaths": ["$.é", "$.b"\n}': 'paths.json:2:1',
    '{"jsonpaths": ["$.a"]}\n}': 'paths.json:2:1',
    '{"jsonpaths": ["$.a"': 'paths.json:1:21',
    '': 'paths.json:1:1',
  };
  for (const [text, at] of Object.entries(places)) throws(() => paths(text), { code: 'jsonpaths-json', at, hint: 'A jsonpaths file is' });
});

test('an option that nothing is near to is refused all the same', () => {
  throws(() => format('a:bigint', { options: { 'x-y-z-unheard-of': 1 } }), { code: 'load-option', hint: 'Take it out.' });
});

test("CSV's own options: one ASCII character each, null_as any text, header and ignoreheader alone", () => {
  const csv = (options: CopySpec['options']) => format('a:bigint', { format: 'csv', options }).csv;
  assert.equal(csv({}), { delimiter: ',', quote: '"', header: true, skipRecords: 0, nullAs: '' });
  assert.equal(csv({ delimiter: '\\t', quote: "'", null_as: 'NULL' }), {
    delimiter: '\t',
    quote: "'",
    header: true,
    skipRecords: 0,
    nullAs: 'NULL',
  });
  assert.equal(csv({ delimiter: null, quote: null, ignoreheader: null, null_as: null, header: false }), {
    delimiter: ',',
    quote: '"',
    header: false,
    skipRecords: 0,
    nullAs: '',
  });
  assert.equal(
    [csv({ ignoreheader: 2 }).header, csv({ ignoreheader: '2' }).skipRecords, csv({ ignoreheader: 0 }).header],
    [false, 2, false],
  );
  for (const delimiter of ['', 'é', '\n', '\r', '\0', '\x7f', '||'])
    throws(() => csv({ delimiter }), { code: 'load-option', message: "'delimiter' is", hint: "delimiter: ','" });
  for (const ignoreheader of [1.5, 'some', -2]) throws(() => csv({ ignoreheader }), { message: "'ignoreheader' is" });
});

test.run();
