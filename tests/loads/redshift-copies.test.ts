// Objects of S3 into Redshift by its own COPY: what is named to it and how, what is counted and what is refused. On the stand-in.
import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CheckedStatement } from '../../src/lint/redshift/index.ts';
import { output } from '../support/fixture.ts';
import { hasProblem } from '../support/rejects.ts';
import { loadedOf, sourcesYaml } from './project.ts';
import { type Context, copies, ledger, loading, ofRaw, onStandIn, put, ROLE, row, rows, spec, unitOf } from './redshift-project.ts';

const test = suite<Context>('loads: COPY on Redshift');
onStandIn(test);

test('new objects are named in a manifest, loaded with the ledger in one transaction, and not again', async (context) => {
  const { s3, standIn } = context;
  put(context, { 'events/a.json': row(1) + row(2), 'events/b/c.json': row(3), 'events-old/d.json': row(9), 'events/': '' });
  const { load } = await loading(context, spec());
  const from = standIn.transcript.length;
  const first = await load();
  assert.equal([first.status, first.message, first.counts], ['success', 'LOAD (3 rows of 2 files)', [3, 2, 0, 0]]);
  assert.equal(await rows(context), [
    ['1', 'Home'],
    ['2', 'Home'],
    ['3', 'Home'],
  ]);
  assert.equal(await ledger(context), [
    ['s3://logs/events/a.json', '2', '0'],
    ['s3://logs/events/b/c.json', '1', '0'],
  ]);
  const [manifest = ''] = s3.keys('work', 'dwh/manifests/') ?? [];
  assert.equal(JSON.parse(s3.text('work', manifest) ?? ''), {
    entries: [
      { url: 's3://logs/events/a.json', mandatory: true, meta: { content_length: 46 } },
      { url: 's3://logs/events/b/c.json', mandatory: true, meta: { content_length: 23 } },
    ],
  });
  assert.match(copies(context, from)[0] ?? '', `from 's3://work/${manifest}'\niam_role '${ROLE}'\nregion as 'us-west-2'\nmanifest\n`);
  assert.equal(unitOf(standIn, from), [
    'begin',
    'lock table _dwh.load_locks',
    'select file_key, bytes,',
    'delete from _dwh.load_files',
    'delete from _dwh.load_rejects',
    'delete from _dwh.load_copies',
    'create table raw_data.events',
    'copy raw_data.events (ts,',
    'select pg_last_copy_id(), pg_last_copy_count()',
    'select file_name, sum(lines_scanned)',
    'insert into _dwh.load_copies',
    'insert into _dwh.load_files',
    'commit',
  ]);
  put(context, { 'events/e.json': row(4) });
  const second = await load();
  assert.equal([second.message, second.counts], ['LOAD (1 row of 1 file, 2 loaded before)', [1, 1, 2, 0]]);
  const third = await load();
  assert.equal([third.message, third.counts], ['no new files (3 loaded before)', [0, 0, 3, 0]]);
  assert.is((await rows(context)).length, 4);
});

test('refused records are read from the server behind the commit, with file, line, column, value, reason and the record', async (context) => {
  put(context, {
    'events/a.json': `${row(1)}\n{"ts": "many", "page": "x"}\n${row(2, 'far too long a page')}oops\n`,
    'events/b.json': row(3),
  });
  const { load } = await loading(context, spec());
  const done = await load();
  assert.equal([done.status, done.message, done.counts], ['success', 'LOAD (2 rows of 2 files, 3 rejected)', [2, 2, 0, 3]]);
  assert.equal(
    done.rejects.map(({ file, line, column, value, reason }) => [file, line, column, value, reason]),
    [
      ['s3://logs/events/a.json', 3, 'ts', 'many', "Invalid digit, Value 'm', Pos 0, Type: Long"],
      ['s3://logs/events/a.json', 4, 'page', 'far too long a page', 'String length exceeds DDL length'],
      ['s3://logs/events/a.json', 5, undefined, undefined, done.rejects[2]?.reason],
    ],
  );
  assert.equal(await context.client.rows('select file_key, line, column_name, value, "raw" from _dwh.load_rejects order by line'), [
    ['s3://logs/events/a.json', '3', 'ts', 'many', '{"ts": "many", "page": "x"}'],
    ['s3://logs/events/a.json', '4', 'page', 'far too long a page', row(2, 'far too long a page').trim()],
    ['s3://logs/events/a.json', '5', null, null, 'oops'],
  ]);
  assert.equal(await ledger(context), [
    ['s3://logs/events/a.json', '1', '3'],
    ['s3://logs/events/b.json', '1', '0'],
  ]);
  assert.equal(await context.client.rows('select * from _dwh.load_copies'), []);
});

test('a load that the server has forgotten is told of, and does not stand in the way of what others refused', async (context) => {
  put(context, { 'events/a.json': row(1) });
  const { load, said } = await loading(context, spec());
  await load();
  await context.client.rows(`insert into _dwh.load_copies values ('"raw_data"."events"', 'long.ago', 7, 3)`);
  put(context, { 'events/b.json': 'oops\n' });
  const events = await said();
  assert.equal(loadedOf(events).counts, [0, 1, 1, 1]);
  const warnings = events.flatMap((event) => (event.type === 'problems' ? event.problems : []));
  assert.equal(
    warnings.map(({ code }) => code),
    ['load-unsettled'],
  );
  hasProblem(warnings, { message: 'does not list it', hint: "delete from _dwh.load_copies where load_id = 'long.ago'" });
  assert.equal(await context.client.rows('select load_id from _dwh.load_copies'), [['long.ago']]);
});

test('the value of a refused CSV record is that of its own column, in whatever order the file has them', async (context) => {
  put(context, {
    'events/a.csv': 'page,ts\none,1\ntwo,x2\n"th\nree",x3\n',
    'events/b.csv': 'ts,page\nx4,four\n',
  });
  const { load } = await loading(context, spec({ format: 'csv' }));
  assert.equal((await load()).counts, [1, 2, 0, 3]);
  assert.equal(await context.client.rows('select column_name, value, "raw" from _dwh.load_rejects order by file_key, "raw"'), [
    ['ts', null, '"th'],
    ['ts', 'x2', 'two,x2'],
    ['ts', 'x4', 'x4,four'],
  ]);
});

test('work_uri and the jsonpaths file stand beside the data, not in it', async (context) => {
  put(context, { 'events/a.json': row(1), 'events/paths.json': '{"jsonpaths": ["$.ts", "$.page"]}' });
  const refused = async (from: string, jsonpaths: string, message: string): Promise<void> => {
    const { load } = await loading(context, spec({ from, jsonpaths }));
    hasProblem(
      [(await load()).problem].flatMap((one) => one ?? []),
      { code: 'load-place', message, at: 'models/sources.yml' },
    );
  };
  await refused('s3://logs/events', 's3://logs/events/paths.json', 's3://logs/events/paths.json lies in s3://logs/events');
  await refused('s3://work', 'auto', 's3://work/dwh/ lies in s3://work');
});

test('abort names the record that stopped the load, and nothing is loaded', async (context) => {
  put(context, { 'events/a.json': row(1), 'events/b.json': `${row(2)}{"ts": 1.5e99, "page": "x"}\n` });
  const { load } = await loading(context, spec({ on_error: 'abort' }));
  const done = await load();
  assert.is(done.status, 'error');
  hasProblem(done.problem ? [done.problem] : [], {
    code: 'load-reject',
    message: `column 'ts': "1.5e+99" is refused`,
    at: 's3://logs/events/b.json',
  });
  assert.equal(await context.client.rows("select count(*) from pg_class where relname = 'events'"), [['0']]);
  assert.equal(await ledger(context), []);
  const limited = await loading(context, spec({ max_errors: 0 }));
  assert.match((await limited.load()).problem?.message ?? '', 'max_errors is 0, and this is reject 1');
});

test('what COPY passes over by a parameter of its own is counted and kept as well', async (context) => {
  put(context, { 'events/a.json': `${row(1)}oops\n` });
  const { load } = await loading(context, spec({ on_error: 'abort', ignoreallerrors: true }));
  const done = await load();
  assert.equal([done.counts, done.rejects.map(({ line }) => line)], [[1, 1, 0, 1], [2]]);
  assert.equal(await context.client.rows('select line, "raw" from _dwh.load_rejects'), [['2', 'oops']]);
});

test('objects are grouped by how they are packed; each group is one COPY, all of them one transaction', async (context) => {
  put(context, {
    'events/a.json': row(1),
    'events/b.json.gz': gzipSync(row(2)),
    'events/c.json': row(3),
    'events/d.json.gz': gzipSync(row(4)),
  });
  const { load } = await loading(context, spec());
  const from = context.standIn.transcript.length;
  assert.equal((await load()).counts, [4, 4, 0, 0]);
  assert.equal(
    copies(context, from).map((sql) => sql.includes('gzip')),
    [false, true],
  );
  assert.equal(
    (await ledger(context)).map(([, count]) => count),
    ['1', '1', '1', '1'],
  );
});

test('without work_uri prefixes are named, and no more than what is wanted is read', async (context) => {
  put(context, { 'events/2024/1.json': row(1), 'events/2024/2.json': row(2), 'events/2025/1.json.gz': gzipSync(row(3)) });
  const { load } = await loading(context, spec(), { work: false });
  let from = context.standIn.transcript.length;
  const prefixes = (): readonly (string | undefined)[] => copies(context, from).map((sql) => /from '([^']*)'/.exec(sql)?.[1]);
  assert.equal((await load()).counts, [3, 3, 0, 0]);
  assert.equal(prefixes(), ['s3://logs/events/2024/', 's3://logs/events/2025/']);
  put(context, { 'events/2024/3.json': row(4), 'events/2026/1.json': row(5), 'events/2026/2.json': row(6) });
  from = context.standIn.transcript.length;
  assert.equal((await load()).counts, [3, 3, 3, 0]);
  assert.equal(prefixes(), ['s3://logs/events/2024/3.json', 's3://logs/events/2026/']);
  // A name that another one goes on behind.
  put(context, { 'events/2024/1.jso': row(7) });
  hasProblem(
    [(await load()).problem].flatMap((one) => one ?? []),
    { code: 'load-work-uri', hint: 'Set work_uri in the profile' },
  );
  assert.is((await rows(context)).length, 6);
});

test('without work_uri, an object that comes between the listing and the copy undoes it', async (context) => {
  put(context, { 'events/a.json': row(1) });
  const { load } = await loading(context, spec(), { work: false });
  context.s3.fault = ({ method, query }) => {
    // Behind the listing of the folder.
    if (method === 'GET' && query.get('prefix') === 'events/') setImmediate(() => put(context, { 'events/b.json': row(2) }));
    return undefined;
  };
  const done = await load();
  hasProblem(done.problem ? [done.problem] : [], { code: 'load-moved', message: 'COPY read s3://logs/events/b.json' });
  context.s3.fault = () => undefined;
  assert.equal((await load()).counts, [2, 2, 0, 0]);
});

test('a jsonpaths file of this machine is put beside the manifests; one on S3 is read where it is; both are checked first', async (context) => {
  put(context, {
    'events/a.json': '{"TS": 7, "in": {"Page": "deep"}}',
    'paths.json': '{"jsonpaths": ["$.TS", "$.in.Page"]}',
    'bad.json': '{"JSONPaths": ["$.TS", "$.in.Page"]}',
  });
  const files = { 'paths.json': '{"jsonpaths": ["$.TS", "$.in.Page"]}' };
  const local = await loading(context, spec({ jsonpaths: 'paths.json' }), { files });
  assert.equal((await local.load()).counts, [1, 1, 0, 0]);
  assert.equal(await rows(context), [['7', 'deep']]);
  const [copied = ''] = context.s3.keys('work', 'dwh/jsonpaths/') ?? [];
  assert.match(copies(context).at(-1) ?? '', `json 's3://work/${copied}'`);
  const far = await loading(context, spec({ jsonpaths: 's3://logs/paths.json' }));
  await far.load({ fullRefresh: true });
  assert.match(copies(context).at(-1) ?? '', "json 's3://logs/paths.json'");
  const bad = await loading(context, spec({ jsonpaths: 's3://logs/bad.json' }));
  hasProblem(
    [(await bad.load()).problem].flatMap((one) => one ?? []),
    { code: 'jsonpaths-key' },
  );
  const without = await loading(context, spec({ jsonpaths: 'paths.json' }), { files, work: false });
  put(context, { 'events/b.json': '{}' });
  hasProblem(
    [(await without.load()).problem].flatMap((one) => one ?? []),
    { code: 'load-work-uri', message: "'paths.json'" },
  );
});

test('CSV: the first line of each file says which value is which column; files with other first lines are copied apart', async (context) => {
  put(context, {
    'events/a.csv': 'ts,page\n1,one\n2,\n',
    'events/b.csv.gz': gzipSync('page,ts\n"t,w",3\n'),
    'events/c.csv': '\ufeffPAGE,TS\nx,4\n',
  });
  const { load } = await loading(context, spec({ format: 'csv' }));
  assert.equal((await load()).counts, [4, 3, 0, 0]);
  assert.equal(await rows(context), [
    ['1', 'one'],
    ['2', null],
    ['3', 't,w'],
    ['4', 'x'],
  ]);
  put(context, { 'events/d.csv': 'ts,page,more\n1,one,x\n' });
  hasProblem(
    [(await load()).problem].flatMap((one) => one ?? []),
    { code: 'load-header', message: "names 'more'" },
  );
});

test('CSV: what COPY would read otherwise than dwh read the first line is said, and nothing is loaded', async (context) => {
  const { load } = await loading(context, spec({ format: 'csv' }));
  const from = context.standIn.transcript.length;
  const refused = async (name: string, content: string | Uint8Array, wanted: Parameters<typeof hasProblem>[1]): Promise<void> => {
    put(context, { [name]: content });
    hasProblem(
      [(await load()).problem].flatMap((one) => one ?? []),
      wanted,
    );
    context.s3.remove('logs', name);
  };
  await refused('events/a.csv', '\nts,page\n1,one\n', { code: 'load-header', message: 'a.csv is blank', hint: 'ignoreheader' });
  await refused('events/a.csv', '\ufeff\r\nts,page\r\n1,one\r\n', { code: 'load-header', message: 'a.csv is blank' });
  await refused('events/a.csv', 'ts,TS\n1,2\n', { code: 'load-header', message: "names 'ts' twice" });
  await refused('events/a.csv', '"ts,page\n1,one\n', {
    code: 'load-header',
    message: 'cannot be read as CSV',
    at: 's3://logs/events/a.csv:1',
  });
  await refused('events/a.csv', gzipSync('ts,page\n1,one\n'), { code: 'load-option', message: 'a.csv is packed with gzip', hint: '.gz' });
  await refused('events/a.csv.gz', 'ts,page\n1,one\n', { code: 'load-option', message: 'a.csv.gz is not packed with gzip' });
  await refused('events/a.csv.gz', Uint8Array.of(0x1f, 0x8b, 1, 2, 3, 4, 5, 6, 7, 8, 9), { code: 'load-damaged', message: 'a.csv.gz' });
  assert.equal(copies(context, from), []);
  put(context, { 'events/a.csv': '', 'events/b.csv': '\ufeff', 'events/c.csv': 'ts,page' });
  assert.equal((await load()).counts, [0, 3, 0, 0]);
  const told = await loading(context, spec({ format: 'csv', header: 'yes' }));
  hasProblem(
    [(await told.load()).problem].flatMap((one) => one ?? []),
    { code: 'load-option', message: "'header'" },
  );
  const wide = await loading(context, spec({ format: 'csv', encoding: 'utf16' }));
  put(context, { 'events/e.csv': Buffer.from('\ufeffts,page\n', 'utf16le') });
  hasProblem(
    [(await wide.load()).problem].flatMap((one) => one ?? []),
    { code: 'load-option', message: 'its encoding is utf16' },
  );
});

test('the keys under load: have no case, and one without a value is none', async (context) => {
  put(context, { 'events/a.csv': 'ts;page\n1;one\n' });
  const { load } = await loading(
    context,
    spec({ format: 'csv', DELIMITER: ';', IAM_Role: 'arn:aws:iam::1:role/other', ignoreheader: null }),
  );
  hasProblem(
    [(await load()).problem].flatMap((one) => one ?? []),
    { code: 'copy-refused', message: 'arn:aws:iam::1:role/other' },
  );
  const right = await loading(context, spec({ format: 'csv', DELIMITER: ';', ignoreheader: null }));
  assert.equal((await right.load()).counts, [1, 1, 0, 0]);
});

/** What keys of S3 may have, or where they are long: the server cuts names behind 256 bytes. */
const ODD_KEYS = [
  'a b',
  'a',
  "q'uote",
  'back\\slash',
  'per%20cent',
  'plus+',
  'd"q',
  'tab\there',
  'unit\u0001',
  '\u00e9\u{1f600}',
  `${'\u{1f600}'.repeat(64)}1`,
  `${'\u{1f600}'.repeat(64)}2`,
];

for (const work of [true, false])
  test(`keys of any characters are loaded ${work ? 'by manifest' : 'by prefix'}, each is counted`, async (context) => {
    put(context, Object.fromEntries(ODD_KEYS.map((key, index) => [`events/${key}`, row(index)])));
    const { load } = await loading(context, spec(), { work });
    assert.equal((await load()).counts, [ODD_KEYS.length, ODD_KEYS.length, 0, 0]);
    assert.equal(await ledger(context), inOrder(ODD_KEYS.map((key) => [`s3://logs/events/${key}`, '1', '0'])));
    assert.equal((await load()).counts, [0, 0, ODD_KEYS.length, 0]);
  });

const inOrder = (list: readonly (readonly string[])[]): readonly (readonly string[])[] =>
  [...list].sort(([a = ''], [b = '']) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

test('an object that is named itself is loaded alone, also where others stand beside it', async (context) => {
  put(context, { events: row(1), other: row(2) });
  const { load } = await loading(context, spec(), { work: false });
  assert.equal((await load()).counts, [1, 1, 0, 0]);
});

test('refused records that are longer than a text may be, or have NUL, are kept as far as they fit, and hold up no other load', async (context) => {
  const long = `{"ts": "${'\u00e9'.repeat(60_000)}", "page": "x"}`;
  put(context, {
    'events/a.json': `${row(1)}${long}\n{"ts": "m\0any", "page": "x"}\n`,
    'events/b.json': Buffer.concat([Buffer.from('{"ts": "'), Buffer.alloc(40_000, 0xff), Buffer.from('"}\n')]),
  });
  const { load } = await loading(context, spec());
  const done = await load();
  assert.equal([done.status, done.counts], ['success', [1, 2, 0, 3]]);
  assert.ok(done.rejects.every(({ value = '' }) => value.length <= 1001));
  const kept = await context.client.rows('select "raw" from _dwh.load_rejects order by file_key, line');
  assert.equal(
    kept.map(([raw]) => raw?.slice(0, 12)),
    [long.slice(0, 12), '{"ts": "m\ufffdan', '{"ts": "\ufffd\ufffd\ufffd\ufffd'],
  );
  assert.ok(kept.every(([raw]) => Buffer.byteLength(raw ?? '') <= 65_535));
  assert.equal(await context.client.rows('select * from _dwh.load_copies'), []);
});

test('changed objects: an error, or all are loaded again in one transaction, or left alone', async (context) => {
  put(context, { 'events/a.json': row(1), 'events/b.json': row(2) });
  const project = await loading(context, spec());
  await project.load();
  put(context, { 'events/a.json': row(5) });
  hasProblem(
    [(await project.load()).problem].flatMap((one) => one ?? []),
    { code: 'load-changed', message: 's3://logs/events/a.json has changed' },
  );
  await project.shop.write('models/sources.yml', sourcesYaml({ events: spec({ on_change: 'ignore' }) }, ofRaw));
  assert.equal((await project.load()).counts, [0, 0, 2, 0]);
  await project.shop.write('models/sources.yml', sourcesYaml({ events: spec({ on_change: 'reload' }) }, ofRaw));
  const from = context.standIn.transcript.length;
  assert.equal((await project.load()).counts, [2, 2, 0, 0]);
  assert.equal(await rows(context), [
    ['2', 'Home'],
    ['5', 'Home'],
  ]);
  assert.ok(context.standIn.transcript.slice(from).every(({ sql }) => !/truncate/i.test(sql)));
  assert.equal((await ledger(context)).length, 2);
});

test('an empty prefix is an error, or an empty table where that is allowed', async (context) => {
  const { load } = await loading(context, spec());
  hasProblem(
    [(await load()).problem].flatMap((one) => one ?? []),
    { code: 'load-empty' },
  );
  const allowed = await loading(context, spec({ allow_empty: true }));
  assert.equal((await allowed.load()).counts, [0, 0, 0, 0]);
  assert.equal(await rows(context), []);
  put(context, { 'events/a.json': '', 'events/b.json': row(1) });
  assert.equal((await allowed.load()).counts, [1, 2, 0, 0]);
});

test('what the place or the role refuses is said with what to do', async (context) => {
  put(context, { 'events/a.json': row(1) });
  const other = await loading(context, spec({ iam_role: 'arn:aws:iam::1:role/other' }));
  hasProblem(
    [(await other.load()).problem].flatMap((one) => one ?? []),
    {
      code: 'copy-refused',
      message: 'not authorized to assume IAM Role',
      hint: 'Attach the role',
      at: 'models/sources.yml',
    },
  );
  const wrong = await loading(context, spec({ manifest: true, max_errors: 1, ignoreallerrors: true }));
  assert.is((await wrong.load()).problem?.code, 'load-option');
});

test('--dry-run says what it would copy, and puts, copies and writes nothing', async (context) => {
  put(context, { 'events/a.json': row(1) });
  const { said } = await loading(context, spec());
  const text = output(await said({ dryRun: true }));
  assert.match(text, 'load s3://logs/events/a.json (new)');
  assert.match(text, /copy "dev"\."raw_data"\."events" \("ts", "page"\)\nfrom 's3:\/\/work\/dwh\/manifests\//);
  assert.equal(context.s3.keys('work', ''), []);
  assert.equal(await context.client.rows("select count(*) from pg_class where relname = 'events'"), [['0']]);
});

const isCopy = ({ tree }: CheckedStatement): boolean => tree?.kind === 'copy';
/** Called when the copy arrives at the server. */
const onCopy = ({ standIn }: Context, work: () => void): void =>
  standIn.plan({
    when: (statement) => {
      if (isCopy(statement)) work();
      return false;
    },
    fault: { cut: 'before' },
  });

test('an object that is gone when it is copied is named, and nothing is loaded', async (context) => {
  put(context, { 'events/a.json': row(1), 'events/b.json': row(2) });
  const { load } = await loading(context, spec());
  onCopy(context, () => context.s3.remove('logs', 'events/b.json'));
  const done = await load();
  hasProblem(done.problem ? [done.problem] : [], { code: 'load-moved', message: 's3://logs/events/b.json changed while it was loaded' });
  context.standIn.database.faults.length = 0;
  assert.equal((await load()).counts, [1, 1, 0, 0]);
});

test('an object that is written to while it is copied undoes the load', async (context) => {
  put(context, { 'events/a.json': row(1) });
  const { load } = await loading(context, spec());
  onCopy(context, () => put(context, { 'events/a.json': row(2) }));
  hasProblem(
    [(await load()).problem].flatMap((one) => one ?? []),
    { code: 'load-moved' },
  );
  context.standIn.database.faults.length = 0;
  assert.equal((await load()).counts, [1, 1, 0, 0]);
  assert.equal(await rows(context), [['2', 'Home']]);
});

test('thousands of objects are listed page by page, named in one manifest, and go into the ledger as rows of a table do', async (context) => {
  const count = 2100;
  // Together more than a megabyte of names.
  const folder = `events/${'long/'.repeat(100)}`;
  put(context, Object.fromEntries(Array.from({ length: count }, (_, index) => [`${folder}${index}, "${index % 7}".json`, row(index)])));
  const { load } = await loading(context, spec());
  const from = context.standIn.transcript.length;
  assert.equal((await load()).counts, [count, count, 0, 0]);
  assert.equal(
    copies(context, from).map((sql) => sql.slice(0, sql.indexOf(' ('))),
    ['copy "dev"."raw_data"."events"', 'copy "dev"."_dwh"."load_files"'],
  );
  assert.equal(await context.client.rows('select count(*), sum(row_count) from _dwh.load_files'), [[`${count}`, `${count}`]]);
  assert.equal((await load()).counts, [0, 0, count, 0]);
  assert.equal(context.s3.keys('work', 'dwh/rows/'), []);
});

test.run();
