// Objects of S3 into Redshift by its own COPY: what is named to it and how, what is counted and refused, and that each object is
// loaded once, whatever is cut off. On the stand-in.
import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EventBody } from '../../src/core/event.ts';
import type { CheckedStatement } from '../../src/lint/redshift/index.ts';
import { environmentOf, inEnvironment } from '../s3/support.ts';
import { type Client, connect } from '../stand-in/client.ts';
import type { Fault } from '../stand-in/database.ts';
import { StandIn } from '../stand-in/stand-in.ts';
import { bucketsOf } from '../stand-in/stores.ts';
import { type Fixture, output, projectOn, type RequestOptions } from '../support/fixture.ts';
import { hasProblem } from '../support/rejects.ts';
import { S3Server } from '../support/s3-server.ts';
import { type Loaded, loadedOf, sourcesYaml, type TableSpec } from './project.ts';

const ROLE = 'arn:aws:iam::123456789012:role/loader';
const ofRaw = { schema: 'raw_data' };

interface Context {
  readonly s3: S3Server;
  readonly standIn: StandIn;
  readonly client: Client;
}
const test = suite<Context>('loads: COPY on Redshift');

test.before(async (context) => {
  const s3 = await S3Server.start();
  const standIn = await StandIn.start({ objects: bucketsOf(s3), iamRoles: [ROLE] });
  Object.assign(context, { s3, standIn, client: await connect(standIn) });
});
test.after(async ({ s3, standIn, client }) => {
  await client.pg.end();
  await standIn.close();
  await s3.close();
});
test.before.each(async ({ s3, standIn, client }) => {
  for (const bucket of ['logs', 'work']) {
    s3.bucket(bucket);
    for (const key of s3.keys(bucket, '') ?? []) s3.remove(bucket, key);
  }
  s3.requests.length = 0;
  s3.fault = () => undefined;
  standIn.database.faults.length = 0;
  await client.rows('drop schema if exists raw_data cascade; drop schema if exists _dwh cascade');
});

const spec = (more: Readonly<Record<string, unknown>> = {}, columns = 'ts:bigint page:varchar(10)'): TableSpec => ({
  columns,
  load: { from: 's3://logs/events', on_error: 'reject', ...more },
});

interface Project {
  readonly shop: Fixture;
  load(options?: RequestOptions): Promise<Loaded>;
  said(options?: RequestOptions): Promise<readonly EventBody[]>;
}

/** `work`: whether there is a place for manifests. */
async function loading({ s3, standIn }: Context, table: TableSpec, { work = true, files = {}, schema = 'analytics' } = {}): Promise<Project> {
  const target = {
    ...standIn.target(schema),
    threads: 2,
    iam_role: ROLE,
    ...(work && { work_uri: 's3://work/dwh' }),
  };
  const shop = await projectOn(target, {
    'project.yml': 'name: shop\nprofile: shop\n',
    'models/sources.yml': sourcesYaml({ events: table }, ofRaw),
    ...files,
  });
  const said = (options: RequestOptions = {}): Promise<readonly EventBody[]> =>
    inEnvironment(environmentOf(s3), () => shop.run('load', options));
  return { shop, said, load: async (options) => loadedOf(await said(options)) };
}

const rows = ({ client }: Context): Promise<readonly (readonly (string | null)[])[]> =>
  client.rows('select * from raw_data.events order by 1, 2');
const ledger = ({ client }: Context): Promise<readonly (readonly (string | null)[])[]> =>
  client.rows('select file_key, row_count, reject_count from _dwh.load_files order by 1');
const copies = ({ standIn }: Context, from = 0): readonly string[] =>
  standIn.transcript.slice(from).flatMap(({ kind, sql }) => (kind === 'copy' ? [sql] : []));
const put = ({ s3 }: Context, objects: Readonly<Record<string, string | Uint8Array>>): void => {
  for (const [key, content] of Object.entries(objects)) s3.put('logs', key, content);
};
/** The beginnings of the statements of the transaction that copies. */
function unitOf({ transcript }: StandIn, from: number): readonly string[] {
  const at = transcript.findIndex(({ kind }, index) => index >= from && kind === 'copy');
  const own = transcript.slice(from).filter(({ session }) => session === transcript[at]?.session);
  const copy = own.findIndex(({ kind }) => kind === 'copy');
  const begin = own.slice(0, copy).findLastIndex(({ sql }) => sql === 'begin');
  const commit = own.findIndex(({ sql }, index) => index > copy && sql === 'commit');
  return own.slice(begin, commit + 1).map(({ sql }) =>
    sql
      .replaceAll(/"dev"\.|"/g, '')
      .split(/\s+/)
      .slice(0, 3)
      .join(' '),
  );
}
const row = (ts: number, page = 'Home'): string => `${JSON.stringify({ ts, page })}\n`;

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

/** Whatever happens once, the load ends as it does without. */
const whole = async (context: Context, { load }: Project): Promise<void> => {
  const done = await load();
  assert.equal(
    [done.status, done.message, done.counts, done.rejects.length],
    ['success', 'LOAD (3 rows of 2 files, 1 rejected)', [3, 2, 0, 1], 1],
    done.problem?.message,
  );
  assert.equal(await rows(context), [
    ['1', 'Home'],
    ['2', 'Home'],
    ['3', 'Home'],
  ]);
  assert.equal(await ledger(context), [
    ['s3://logs/events/a.json', '2', '1'],
    ['s3://logs/events/b.json', '1', '0'],
  ]);
  assert.equal(await context.client.rows('select count(*) from _dwh.load_rejects'), [['1']]);
  assert.equal(await context.client.rows('select count(*) from _dwh.load_copies'), [['0']]);
};
const mixed = { 'events/a.json': `${row(1)}oops\n${row(2)}`, 'events/b.json': row(3) };

test('a connection that is lost, a serialization failure or a relation that moved, at any statement of a load: it is done once', async (context) => {
  put(context, mixed);
  const project = await loading(context, spec());
  const from = context.standIn.transcript.length;
  await whole(context, project);
  const statements = context.standIn.transcript.length - from;
  assert.ok(statements > 15, String(statements));
  const faults: readonly Fault[] = [
    { cut: 'before' },
    { cut: 'after' },
    { error: { sqlstate: 'XX000', message: '1023 DETAIL: Serializable isolation violation on table in Redshift' } },
    { error: { sqlstate: 'XX000', message: 'could not open relation with OID 100100' } },
  ];
  for (const fault of faults) {
    for (let nth = 1; nth <= statements; nth++) {
      await context.client.rows('drop schema if exists raw_data cascade; drop schema if exists _dwh cascade');
      let seen = 0;
      context.standIn.database.faults.length = 0;
      let hit = '';
      context.standIn.plan({
        when: (_statement, sql) => {
          // The statements of this test are not dwh's.
          seen++;
          if (seen === nth) hit = sql;
          return seen === nth;
        },
        fault,
      });
      await whole(context, project).catch((error: unknown) => {
        throw new Error(`${JSON.stringify(fault)} at ${nth}: ${hit}`, { cause: error });
      });
    }
  }
});

test('cut off between its commit and the question for what was refused, the next load asks', async (context) => {
  put(context, mixed);
  const { said, load } = await loading(context, spec());
  context.standIn.plan({
    when: (_statement, sql) => sql.includes('sys_load_history'),
    fault: { error: { sqlstate: '42501', message: 'permission denied for relation sys_load_history' } },
  });
  const first = await said();
  assert.equal(loadedOf(first).counts, [3, 2, 0, 0]);
  const [warning] = first.flatMap((event) => (event.type === 'problems' ? event.problems : []));
  assert.match(warning?.message ?? '', 'raw.events is loaded; what was refused of it could not be read: permission denied');
  assert.equal(await context.client.rows('select row_count from _dwh.load_copies'), [['3']]);
  const next = await load();
  assert.equal([next.message, next.counts, next.rejects.length], ['no new files (2 loaded before)', [0, 0, 2, 1], 1]);
  assert.equal(await ledger(context), [
    ['s3://logs/events/a.json', '2', '1'],
    ['s3://logs/events/b.json', '1', '0'],
  ]);
  assert.equal(await context.client.rows('select file_key, line, "raw" from _dwh.load_rejects'), [
    ['s3://logs/events/a.json', '2', 'oops'],
  ]);
  assert.equal((await load()).counts, [0, 0, 2, 0]);
});

test('two loads of one table at once, by runs on other schemas: each object is loaded by one of them', async (context) => {
  put(context, mixed);
  const projects = [await loading(context, spec()), await loading(context, spec(), { schema: 'elsewhere' })];
  const done = await Promise.all(projects.map((project, index) => project.load({ invocationId: `run ${index}` })));
  assert.equal(
    done.map(({ status }) => status),
    ['success', 'success'],
    done.map(({ problem }) => problem?.message).join(),
  );
  assert.equal(done.map(({ counts }) => counts[0] ?? 0).sort(), [0, 3]);
  assert.is((await rows(context)).length, 3);
  assert.is((await ledger(context)).length, 2);
});

test('hundreds of objects are listed page by page and named in one manifest', async (context) => {
  put(context, Object.fromEntries(Array.from({ length: 700 }, (_, index) => [`events/${index}.json`, row(index)])));
  context.s3.pageSize = 100;
  const { load } = await loading(context, spec());
  const from = context.standIn.transcript.length;
  assert.equal((await load()).counts, [700, 700, 0, 0]);
  assert.is(copies(context, from).length, 1);
  assert.equal(await context.client.rows('select count(*), sum(row_count) from _dwh.load_files'), [['700', '700']]);
});

test.run();
