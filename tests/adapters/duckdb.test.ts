import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DuckdbConnection } from '../../src/adapters/duckdb/connection.ts';
import { duckdbDialect } from '../../src/adapters/duckdb/dialect.ts';
import { statement } from '../../src/core/statement.ts';
import { rejects } from '../support/rejects.ts';
import { repoRoot } from '../support/shared.ts';
import { tempDir } from '../support/temp-dir.ts';
import { csv, failure, pieces, readable, rowsOf, runAll } from './conformance.ts';
import { openTarget } from './duckdb-target.ts';

const test = suite('duckdb');
const check = (title: string, body: () => Promise<void>): void => test(title, () => readable(body()));

/** A process of its own that holds the file; `work` is JavaScript with a `connection`. Resolves when it has said 'ready'. */
async function holder(file: string, work: string): Promise<ChildProcess> {
  const script = `
    const { DuckDBInstance } = require('@duckdb/node-api');
    DuckDBInstance.create(${JSON.stringify(file)}).then(async (instance) => {
      const connection = await instance.connect();
      const say = () => process.stdout.write('ready\\n');
      ${work}
      setInterval(() => {}, 1000);
    });`;
  const child = spawn(process.execPath, ['-e', script, 'a holder of the file'], { cwd: repoRoot, stdio: ['ignore', 'pipe', 'inherit'] });
  if (child.stdout) await once(child.stdout, 'data');
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

check('a file that another process holds: the problem names the process and what to do', async () => {
  const folder = tempDir('locked');
  const child = await holder(join(folder, 'dwh.duckdb'), 'say();');
  try {
    await rejects(openTarget({}, folder), { code: 'database-locked', message: `(PID ${child.pid})`, hint: `kill ${child.pid}` });
    await rejects(openTarget({}, folder), { message: 'dwh.duckdb is in use by another process' });
    await rejects(openTarget({ path: ':memory:', attach: [{ path: 'dwh.duckdb', alias: 'shop' }] }, folder), {
      code: 'database-locked',
      message: "attaching 'shop'",
      at: 'profiles.yml:2',
    });
    if (process.platform === 'linux') await rejects(openTarget({}, folder), { message: 'a holder of the file' });
  } finally {
    await kill(child);
  }
  await (await openTarget({}, folder)).close();
});

check('after kill -9 the file opens at once, with what was committed and nothing else', async () => {
  const folder = tempDir('killed');
  const child = await holder(
    join(folder, 'dwh.duckdb'),
    `await connection.run('create table t as select n from range(1000) as r(n)');
     await connection.run('begin');
     await connection.run('insert into t select n from range(500000) as r(n)');
     await connection.run('create table u as select 1 as n');
     say();`,
  );
  await kill(child);
  assert.ok(statSync(join(folder, 'dwh.duckdb.wal')).size > 0);
  const warehouse = await openTarget({}, folder);
  const connection = await warehouse.connect();
  assert.equal(await rowsOf(connection, 'select count(*) from t'), [[1000]]);
  assert.is(await connection.columns({ schema: 'main', identifier: 'u' }), undefined);
  await warehouse.close();
});

check('a file opened twice in one process is one database, also by another name of it', async () => {
  const folder = tempDir('twice');
  const first = await openTarget({}, folder);
  symlinkSync(join(folder, 'dwh.duckdb'), join(folder, 'other.duckdb'));
  const others = [
    await openTarget({}, folder),
    await openTarget({ path: './x/../dwh.duckdb' }, folder),
    await openTarget({ path: 'other.duckdb' }, folder),
  ];
  const writer = await first.connect();
  await writer.run(statement('create table t as select 1 as n'));
  for (const other of others) assert.equal(await rowsOf(await other.connect(), 'select n from t'), [[1]]);
  await first.close();
  for (const other of others) await other.close();
  const again = await openTarget({}, folder);
  assert.equal(await rowsOf(await again.connect(), 'select n from t'), [[1]]);
  await again.close();
});

check('databases in memory are apart', async () => {
  const [one, two] = [await openTarget({ path: ':memory:' }), await openTarget({ path: ':memory:' })];
  await (await one.connect()).run(statement('create table t as select 1 as n'));
  assert.equal(await rowsOf(await one.connect(), 'select n from t'), [[1]]);
  await failure((await two.connect()).run(statement('select n from t')));
  await one.close();
  await two.close();
});

check('what is not a database that can be opened is told apart', async () => {
  const folder = tempDir('unopened');
  mkdirSync(join(folder, 'folder.duckdb'));
  writeFileSync(join(folder, 'empty.duckdb'), '');
  writeFileSync(join(folder, 'text.duckdb'), 'id,name\n'.repeat(5000));
  await (await openTarget({ path: 'good.duckdb' }, folder)).close();
  const good = readFileSync(join(folder, 'good.duckdb'));
  writeFileSync(join(folder, 'newer.duckdb'), ofVersion(good, 9999n));
  const damaged = Buffer.from(good);
  for (const block of [4096, 8192]) damaged.writeUInt8(damaged.readUInt8(block + 20) ^ 0xff, block + 20);
  writeFileSync(join(folder, 'damaged.duckdb'), damaged);
  await rejects(openTarget({ path: 'missing/dwh.duckdb' }, folder), {
    code: 'database-unreadable',
    message: 'the folder of missing/dwh.duckdb does not exist',
    hint: folder,
  });
  await rejects(openTarget({ path: 'folder.duckdb' }, folder), { code: 'database-unreadable', message: 'is a folder' });
  await rejects(openTarget({ path: 'empty.duckdb' }, folder), { code: 'database-invalid', message: 'is not a DuckDB database' });
  await rejects(openTarget({ path: 'text.duckdb' }, folder), { code: 'database-invalid', message: 'is not a DuckDB database' });
  await rejects(openTarget({ path: 'newer.duckdb' }, folder), { code: 'database-invalid', message: 'another version of DuckDB' });
  await rejects(openTarget({ path: 'damaged.duckdb' }, folder), { code: 'database-invalid', message: 'is damaged' });
  await rejects(openTarget({ path: 'none.duckdb', config_options: { access_mode: 'read_only' } }, folder), { code: 'database-open' });
});

/** The file's header with another storage version, and the checksum that belongs to it. */
function ofVersion(file: Buffer, version: bigint): Buffer {
  const changed = Buffer.from(file);
  changed.writeBigUInt64LE(version, 12);
  let checksum = 5381n;
  for (let at = 8; at < 4096; at += 8) checksum ^= BigInt.asUintN(64, changed.readBigUInt64LE(at) * 0xbf58476d1ce4e5b9n);
  changed.writeBigUInt64LE(checksum, 0);
  return changed;
}

check('settings hold on every connection, and a wrong one is named', async () => {
  const settings = {
    memory_limit: '500MB',
    threads: 2,
    TimeZone: 'Asia/Tokyo',
    default_null_order: 'nulls_first',
    enable_progress_bar: true,
    preserve_insertion_order: true,
  };
  const warehouse = await openTarget({
    path: ':memory:',
    settings,
    config_options: { default_order: 'desc' },
    extensions: ['icu', 'json', 'parquet'],
  });
  assert.is(warehouse.maxConcurrency, 3);
  for (const connection of [await warehouse.connect(), await warehouse.connect()]) {
    const [row] = await rowsOf(
      connection,
      `select ${['memory_limit', 'threads', 'TimeZone', 'enable_progress_bar', 'default_order'].map((name) => `current_setting('${name}')`).join(', ')}`,
    );
    assert.equal(row, ['476.8 MiB', 2, 'Asia/Tokyo', true, 'DESC']);
  }
  await warehouse.close();
  await rejects(openTarget({ path: ':memory:', settings: { memry_limit: '1GB' } }), {
    code: 'config-value',
    message: "'memry_limit'",
    at: 'profiles.yml:2',
  });
  await rejects(openTarget({ path: ':memory:', settings: { memory_limit: 'much' } }), { code: 'config-value', message: '"much"' });
  await rejects(openTarget({ path: ':memory:', config_options: { nonsense: 1 } }), { code: 'database-open', message: 'nonsense' });
});

check('what does not fit the memory of the profile fails, and the connection goes on', async () => {
  const warehouse = await openTarget({ path: ':memory:', settings: { memory_limit: '20MB', max_temp_directory_size: '0KB' } });
  const connection = await warehouse.connect();
  const error = await failure(connection.run(statement('create table t as select hash(n) as h from range(50000000) as r(n)')));
  assert.is(error.details.code, 'Out of Memory Error');
  assert.equal(await rowsOf(connection, 'select 1'), [[1]]);
  await warehouse.close();
});

check('an extension that cannot be had is refused', async () => {
  await rejects(openTarget({ path: ':memory:', extensions: ['no_such_extension'] }), {
    code: 'extension-missing',
    message: "'no_such_extension'",
    hint: 'json, parquet and icu',
  });
});

check('attach takes options of DuckDB, and a file of the project is found by its relative name', async () => {
  const folder = tempDir('attach-options');
  writeFileSync(join(folder, 'orders.csv'), 'id\n7\n');
  const attach = [{ path: 'small.duckdb', options: { block_size: 16384, read_only: false } }];
  const warehouse = await openTarget({ attach }, folder);
  const connection = await warehouse.connect();
  assert.equal(await rowsOf(connection, `select block_size from pragma_database_size() where database_name = 'small'`), [[16384]]);
  assert.equal(await rowsOf(connection, `select cast(id as int) from (from 'orders.csv' union all from read_csv('*.csv'))`), [[7], [7]]);
  await warehouse.close();
});

check('secrets of a target are there for every statement, and one that DuckDB does not take is named', async () => {
  const secrets = [
    { type: 'http', name: 'lake', bearer_token: "a'b", scope: ['https://lake.example', 'https://old.example'] },
    { type: 'http', extra_http_headers: { 'X-Shop': 'yes' } },
  ];
  const warehouse = await openTarget({ path: ':memory:', secrets });
  const connection = await warehouse.connect();
  assert.equal(await rowsOf(connection, `select name, type, to_json(scope), persistent from duckdb_secrets() order by name`), [
    ['_dwh_secret_2', 'http', '[]', false],
    ['lake', 'http', '["https://lake.example","https://old.example"]', false],
  ]);
  assert.equal(await rowsOf(connection, `select name from which_secret('https://old.example/x', 'http')`), [['lake']]);
  await warehouse.close();
  await rejects(openTarget({ path: ':memory:', secrets: [{ type: 'http', name: 'lake', nonsense: 1 }] }), {
    code: 'config-value',
    message: "the secret 'lake'",
    at: 'profiles.yml:2',
    hint: 'httpfs',
  });
});

check('attached databases are listed, described and written like the own one', async () => {
  const folder = tempDir('attach');
  const old = await openTarget({ path: 'old shop.duckdb' }, folder);
  await (await old.connect()).run(statement('create table orders as select 1 as id; create view late as select * from orders'));
  await old.close();
  const attach = [
    { path: 'old shop.duckdb', alias: 'Archive' },
    { path: ':memory:', alias: 'scratch' },
  ];
  const warehouse = await openTarget({ attach }, folder);
  const connection = await warehouse.connect();
  const orders = { database: 'archive', schema: 'main', identifier: 'orders' };
  assert.equal(await connection.columns(orders), [{ name: 'id', type: 'integer' }]);
  assert.equal(
    (
      await connection.list([
        { database: 'archive', schema: 'MAIN' },
        { database: 'dwh', schema: 'main' },
        { database: 'gone', schema: 'main' },
      ])
    )
      .map(({ relation, kind }) => `${relation.database}.${relation.identifier} ${kind}`)
      .sort(),
    ['archive.late view', 'archive.orders table'],
  );
  await runAll(
    connection,
    duckdbDialect.createTableAs(
      { database: 'scratch', schema: 'main', identifier: 't' },
      `select * from ${duckdbDialect.relationName(orders)}`,
    ),
  );
  assert.equal(await connection.list([{ schema: 'main' }]), []);
  await warehouse.close();
  const readOnly = await openTarget({ attach: [{ path: 'old shop.duckdb', alias: 'archive', read_only: true }] }, folder);
  await failure((await readOnly.connect()).run(statement('insert into archive.orders values (2)')));
  await readOnly.close();
  const own = await openTarget({ attach, database: 'archive' }, folder);
  assert.equal(await rowsOf(await own.connect(), 'select id, lower(current_database()) from orders'), [[1, 'archive']]);
  await own.close();
});

check('unqualified names are looked up in the target’s schema as soon as it is there, and then in main', async () => {
  const warehouse = await openTarget({ path: ':memory:', schema: 'star "1"' });
  const [first, second] = [await warehouse.connect(), await warehouse.connect()];
  await first.run(statement('create table main.only_main as select 1 as n'));
  await runAll(first, duckdbDialect.createSchema({ schema: 'star "1"' }));
  await first.run(statement('create table fact_songplays as select 2 as n'));
  assert.equal(await rowsOf(second, 'select f.n, m.n from fact_songplays as f, only_main as m'), [[2, 1]]);
  assert.equal(await rowsOf(second, "select table_schema from information_schema.tables where table_name = 'fact_songplays'"), [
    ['star "1"'],
  ]);
  await warehouse.close();
});

check('errors name what is near', async () => {
  const warehouse = await openTarget({ path: ':memory:' });
  const connection = await warehouse.connect();
  await connection.run(statement('create table songplays as select 1 as user_id, 2 as level'));
  const cases: readonly [sql: string, code: string, message: RegExp, hint: RegExp | undefined][] = [
    ['select * from songplay', 'Catalog Error', /^Table with name songplay does not exist!$/, /^Did you mean 'songplays'\?$/],
    [
      'select usr_id from songplays',
      'Binder Error',
      /^Referenced column "usr_id" not found in FROM clause!$/,
      /^Did you mean 'user_id'\?$/,
    ],
    ['select xyz from songplays', 'Binder Error', /"xyz" not found/, /user_id|level/],
    ['select substr(level) from songplays', 'Binder Error', /'substr\(INTEGER\)'/, /substr\(VARCHAR, BIGINT\)/],
    ["select cast('x' as integer)", 'Conversion Error', /^Could not convert string 'x' to INT32$/, undefined],
    ['selec 1', 'Parser Error', /^syntax error at or near "selec"$/, undefined],
    ['create view songplays as select 1', 'Catalog Error', /songplays/, undefined],
  ];
  for (const [sql, code, message, hint] of cases) {
    const error = await failure(connection.run(statement(sql)));
    assert.is(error.details.code, code);
    assert.match(error.message, message);
    if (hint) assert.match(error.details.hint ?? '', hint);
    else assert.is(error.details.hint, undefined, `${sql}: ${error.details.hint}`);
  }
  await warehouse.close();
});

check('a broken view is not taken for a missing one', async () => {
  const warehouse = await openTarget({ path: ':memory:' });
  const connection = await warehouse.connect();
  await connection.run(statement('create table t as select 1 as n; create view v as select n from t; drop table t'));
  assert.match((await failure(connection.columns({ schema: 'main', identifier: 'V' }))).message, 'Table with name t');
  assert.equal(
    (await connection.list([{ schema: 'main' }])).map(({ relation }) => relation.identifier),
    ['v'],
  );
  await warehouse.close();
});

check('copyIn of many files is one transaction, and leaves nothing behind', async () => {
  const instance = await DuckDBInstance.create(':memory:');
  const driver = await instance.connect();
  const connection = new DuckdbConnection(driver, { useSchema: undefined, closed: () => {}, copyFileBytes: 1000 });
  const into = { schema: 'main', identifier: 'lines' };
  const columns = [
    { name: 'id', type: 'integer' },
    { name: 'text', type: 'varchar' },
  ];
  await runAll(connection, duckdbDialect.createTable(into, columns));
  const rows = Array.from({ length: 2000 }, (_, index): [string, string | null] => [
    String(index),
    index % 5 === 0 ? null : `a "${index}",\n`.repeat(index % 7),
  ]);
  // A folder of its own: other tests copy at the same time.
  const { TMPDIR } = process.env;
  process.env.TMPDIR = tempDir('copies');
  const leftovers = (): readonly string[] => readdirSync(tmpdir());
  assert.is((await connection.copyIn(into, columns, pieces(csv(rows), 333))).rowCount, 2000);
  assert.equal(
    await rowsOf(connection, 'select * from lines order by id'),
    rows.map(([id, text]) => [Number(id), text]),
  );

  const bad = rows.map(([id, text]): [string, string | null] => [id === '1500' ? 'no number' : id, text]);
  assert.match(
    (await failure(connection.copyIn(into, columns, pieces(csv(bad), 333)))).message,
    /^row 1501, column 'id': Could not convert string "no number"/,
  );
  assert.equal(await rowsOf(connection, 'select count(*) from lines'), [[2000]]);

  await connection.run(statement('begin'));
  await connection.copyIn(into, columns, pieces(csv(rows), 333));
  await connection.run(statement('rollback'));
  assert.equal(await rowsOf(connection, 'select count(*) from lines'), [[2000]]);

  // Before the first file is full, and after several.
  const onePart = new DuckdbConnection(driver, { useSchema: undefined, closed: () => {} });
  for (const taker of [onePart, connection]) {
    const stop = new AbortController();
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      for (let index = 0; ; index++) {
        if (index === 50) stop.abort();
        yield Buffer.from(csv([['1', 'x'.repeat(100)]]));
      }
    };
    assert.is((await failure(taker.copyIn(into, columns, endless(), stop.signal))).details.cancelled, true);
    assert.equal(await rowsOf(connection, 'select count(*) from lines'), [[2000]]);
  }

  const long = 'x'.repeat(3_000_000);
  assert.is(
    (
      await connection.copyIn(
        into,
        columns,
        pieces(
          csv([
            ['1', long],
            ['2', long],
          ]),
          1 << 16,
        ),
      )
    ).rowCount,
    2,
  );
  assert.equal(leftovers(), []);
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
  await connection.close();
});

check('closing a connection takes back what it had not committed, and closing twice does no harm', async () => {
  const warehouse = await openTarget({ path: ':memory:' });
  const [one, two] = [await warehouse.connect(), await warehouse.connect()];
  await one.run(statement('begin; create table t as select 1 as n'));
  await one.close();
  await one.close();
  assert.equal(await two.list([{ schema: 'main' }]), []);
  await warehouse.close();
  await warehouse.close();
});

test.run();
