import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Connection, DatabaseError, type Warehouse } from '../../src/adapters/adapter.ts';
import { postgresSettings } from '../../src/adapters/postgres/credentials.ts';
import { postgresDialect as dialect } from '../../src/adapters/postgres/dialect.ts';
import { postgres } from '../../src/adapters/postgres/index.ts';
import { postgresServer } from '../../src/adapters/postgres/server.ts';
import { openPostgres } from '../../src/adapters/postgres/warehouse.ts';
import { ConfigReader } from '../../src/core/config-reader.ts';
import type { Problem } from '../../src/core/problem.ts';
import type { Relation } from '../../src/core/relation.ts';
import { statement } from '../../src/core/statement.ts';
import { cuttingProxy } from '../support/cutting-proxy.ts';
import { onServer, postgresTarget, serverWithTls } from '../support/postgres.ts';
import { hasProblem, rejects, throws } from '../support/rejects.ts';
import { failure, keyMatch, readable, rowsOf, runAll } from './conformance.ts';
import { openOptions } from './open-options.ts';
import { credentialsOf, openTarget } from './postgres-target.ts';

const test = suite('postgres');
const check = (title: string, body: () => Promise<void>): void => test(title, () => readable(body()));
const opened: Warehouse[] = [];
test.after.each(async () => {
  for (const warehouse of opened.splice(0)) await warehouse.close();
});

async function connected(
  more: Readonly<Record<string, unknown>> = {},
): Promise<{ connection: Connection; warehouse: Warehouse; database: string }> {
  const { warehouse, credentials } = await openTarget(more);
  opened.push(warehouse);
  const connection = await warehouse.connect();
  await connection.run(statement('create schema if not exists analytics'));
  return { connection, warehouse, database: credentials.database };
}

const shop = { host: 'db.example.com', user: 'ann', password: 'hunter2', dbname: 'shop', schema: 'analytics' };

test("a target's keys are dbt-postgres'", () => {
  const { database, schema, threads, shown, settings } = credentialsOf({ ...shop, pass: 'hunter2', password: undefined });
  assert.equal([database, schema, threads], ['shop', 'analytics', 1]);
  assert.equal(shown, { host: 'db.example.com', port: 5432, user: 'ann', dbname: 'shop', sslmode: 'prefer' });
  assert.equal([settings.connectTimeoutMs, settings.retries, settings.keepaliveMs], [10_000, 1, 0]);
  const all = credentialsOf({
    ...shop,
    dbname: undefined,
    database: 'other',
    port: 6543,
    threads: 8,
    role: 'loader',
    search_path: 'a, b',
    sslmode: 'verify-full',
    sslrootcert: 'certs/ca.crt',
    connect_timeout: 3,
    keepalives_idle: 20,
    retries: 0,
  });
  assert.equal([all.database, all.threads, all.settings.port, all.settings.keepaliveMs], ['other', 8, 6543, 20_000]);
  assert.match(String(all.settings.sslrootcert), /^\/.*certs\/ca\.crt$/);
  assert.equal([all.shown.role, all.shown.search_path], ['loader', 'a, b']);
});

test('all mistakes of a target are said at once, at their keys', () => {
  const wrong = (): unknown => credentialsOf({ host: 'h', port: 'many', threads: 0, sslmode: 'verify_full', schema: 's' });
  throws(wrong, { code: 'config-kind', at: 'profiles.yml:2' });
  throws(wrong, { code: 'config-missing', message: "'user'" });
  throws(wrong, { code: 'config-missing', message: "'dbname'" });
  throws(wrong, { code: 'config-value', message: "'threads' is 0", at: 'profiles.yml:3' });
  throws(wrong, { code: 'config-value', hint: "'verify-full'", at: 'profiles.yml:4' });
});

check('a server that cannot be used says why: nobody there, unknown host, wrong password, no such database', async () => {
  const target = await postgresTarget();
  const open = (more: object) => postgres.open(credentialsOf({ ...target, schema: 'analytics', retries: 0, ...more }), openOptions);
  await rejects(open({ port: 1 }), { code: 'connection-refused', message: '127.0.0.1:1' });
  await rejects(open({ host: 'no-such-host.invalid' }), { code: 'connection-host', message: 'no-such-host.invalid' });
  await rejects(open({ dbname: 'no_such_db' }), { code: 'database-missing', message: "'no_such_db'", hint: 'createdb no_such_db' });
  await rejects(open({ user: 'nobody_here' }), { code: 'connection-login', message: "'nobody_here'" });
  await rejects(open({ role: 'no_such_role' }), { code: 'connection-failed', message: 'no_such_role' });
});

check('a session is shown under the name that the profile gives it, and acts in its role', async () => {
  const target = await postgresTarget();
  for (const [more, name] of [
    [{ application_name: 'nightly', role: 'pg_monitor', autocommit: true }, 'nightly'],
    [{}, 'dwh'],
  ] as const) {
    const problems: Problem[] = [];
    const warehouse = await postgres.open(credentialsOf({ ...target, schema: 'analytics', ...more }, problems), openOptions);
    assert.equal(problems, []);
    const connection = await warehouse.connect();
    assert.equal(await rowsOf(connection, `select current_setting('application_name'), current_user`), [
      [name, 'role' in more ? 'pg_monitor' : target.user],
    ]);
    await warehouse.close();
  }
});

check('TLS: as sslmode says, verified when asked for, and never less than asked for', async () => {
  const { port, rootCertificate } = await serverWithTls();
  const open = async (more: object): Promise<unknown> => {
    const warehouse = await postgres.open(
      credentialsOf({
        host: 'localhost',
        port,
        user: 'postgres',
        password: 'x',
        dbname: 'postgres',
        schema: 'public',
        retries: 0,
        ...more,
      }),
      openOptions,
    );
    opened.push(warehouse);
    const connection = await warehouse.connect();
    return (await rowsOf(connection, 'select ssl from pg_stat_ssl where pid = pg_backend_pid()'))[0]?.[0];
  };
  assert.is(await open({}), true);
  assert.is(await open({ sslmode: 'disable' }), false);
  assert.is(await open({ sslmode: 'allow' }), false);
  assert.is(await open({ sslmode: 'require' }), true);
  assert.is(await open({ sslmode: 'verify-full', sslrootcert: rootCertificate }), true);
  assert.is(await open({ sslmode: 'verify-ca', sslrootcert: rootCertificate, host: '127.0.0.1' }), true);
  await rejects(open({ sslmode: 'verify-full', sslrootcert: rootCertificate, host: '127.0.0.1' }), {
    code: 'connection-tls',
    message: 'verify-full',
  });
  await rejects(open({ sslmode: 'verify-ca' }), { code: 'connection-tls', hint: 'sslrootcert' });
  await rejects(open({ sslmode: 'verify-full', sslrootcert: 'no/such.crt' }), { code: 'profile-invalid', message: 'sslrootcert' });
  const plain = await postgresTarget();
  await rejects(postgres.open(credentialsOf({ ...plain, schema: 'public', sslmode: 'require', retries: 0 }), openOptions), {
    code: 'connection-tls',
    message: 'does not support SSL',
  });
});

check("unqualified names mean the target's schema, or what search_path says; a role is taken on", async () => {
  const { connection } = await connected();
  await connection.run(statement('create table analytics.orders as select 1 as id; create table public.orders as select 2 as id'));
  assert.equal(await rowsOf(connection, 'select id from orders'), [[1]]);
  const target = await postgresTarget();
  await onServer(target.dbname, (client) =>
    client.query(
      `create schema "odd name"; create table "odd name".orders (id int); do $$ begin create role dwh_reader; exception when duplicate_object then null; end $$`,
    ),
  );
  const warehouse = await postgres.open(
    credentialsOf({ ...target, schema: 'public', search_path: '"odd name", public', role: 'dwh_reader' }),
    openOptions,
  );
  opened.push(warehouse);
  const other = await warehouse.connect();
  assert.equal(await rowsOf(other, "select current_setting('search_path'), current_user"), [['"odd name", public', 'dwh_reader']]);
  await failure(other.run(statement('select * from "odd name".orders')));
});

check("types are those that the server's format_type prints, for what projects write", async () => {
  const { connection } = await connected();
  const written = [
    'string',
    'varchar',
    'varchar(10)',
    'varchar(max)',
    'char',
    'char(3)',
    'int',
    'tinyint',
    'INT8',
    'decimal',
    'numeric(18)',
    'numeric( 18 , 3 )',
    'float',
    'float(10)',
    'float(30)',
    'double',
    'real',
    'bool',
    'datetime',
    'timestamp',
    'timestamp(3)',
    'timestamp with time zone',
    'timestamptz',
    'timestamptz(0)',
    'time',
    'timetz',
    'blob',
    'super',
    'json',
    'uuid',
    'date',
    'interval',
    'int[]',
    'varchar(5) []',
    'timestamp[]',
    'inet',
  ];
  await connection.run(
    statement(`create table analytics.types (${written.map((type, index) => `c${index} ${dialect.columnType(type)}`).join(', ')})`),
  );
  const types = written.map(dialect.columnType);
  const place = { schema: 'analytics', identifier: 'types' };
  assert.equal(
    (await connection.columns(place))?.map(({ type }) => type),
    types,
  );
  assert.equal(
    (await connection.describe('select * from analytics.types')).map(({ type }) => type),
    types,
  );
});

check('values: bytes, arrays, json, infinities, odd dates', async () => {
  const { connection } = await connected();
  const [row] = await rowsOf(
    connection,
    `select '\\x00ff'::bytea, array[1, null, 3], '{"a": [1, 2.50]}'::jsonb, 'infinity'::timestamp, date '0044-03-15 BC', 'NaN'::float8,
       timestamptz '2024-01-01 02:00:00+02', interval '1 day 2 hours', 1e400::numeric is not null, time '10:00:00.5'`,
  );
  assert.equal(row, [
    Uint8Array.from([0, 255]),
    '{1,NULL,3}',
    '{"a": [1, 2.50]}',
    'infinity',
    '0044-03-15 BC',
    Number.NaN,
    '2024-01-01 00:00:00+00',
    '1 day 02:00:00',
    true,
    '10:00:00.5',
  ]);
});

check('a session that the server ended is opened anew by the next statement; what it cut off may be tried again', async () => {
  const { connection, database } = await connected();
  const end = async (): Promise<void> => {
    const [[pid] = []] = await rowsOf(connection, 'select pg_backend_pid()');
    // With a limit it answers when the session is gone.
    await onServer(database, (client) => client.query('select pg_terminate_backend($1, 10000)', [pid]));
    await new Promise((done) => setTimeout(done, 100));
  };
  // Nothing hung on it.
  await end();
  assert.equal(await rowsOf(connection, 'select 1'), [[1]]);
  // A transaction did.
  await connection.run(statement('begin; create table analytics.orders as select 1 as id'));
  await end();
  assert.is((await failure(connection.run(statement('insert into analytics.orders select 2')))).details.transient, true);
  assert.equal(await rowsOf(connection, "select to_regclass('analytics.orders') is null"), [[true]]);
  // In the middle of a statement.
  const [[pid] = []] = await rowsOf(connection, 'select pg_backend_pid()');
  const running = failure(connection.run(statement('select pg_sleep(60)')));
  await onServer(database, (client) => client.query('select pg_terminate_backend($1)', [pid]));
  assert.is((await running).details.transient, true);
  assert.equal(await rowsOf(connection, 'select 2'), [[2]]);
});

check('a commit whose answer is lost is not tried again where the server cannot be asked what became of it', async () => {
  const target = await postgresTarget();
  const proxy = await cuttingProxy(target);
  const settings = postgresSettings(credentialsOf({ ...target, host: proxy.host, port: proxy.port, schema: 'public' }));
  for (const outcome of [undefined, { id: 'select 1', of: () => `select 'in doubt'` }]) {
    const warehouse = await openPostgres({ ...postgresServer, outcome }, settings);
    opened.push(warehouse);
    const connection = await warehouse.connect();
    await connection.run(statement('begin; create table if not exists notes as select 1 as id'));
    proxy.cut('commit\0', 'after');
    if (outcome) {
      // It answers neither yes nor no, and then not at all.
      const doubt = failure(connection.run(statement('commit')));
      while (proxy.cuts() < 2) await new Promise((done) => setTimeout(done, 5));
      await proxy.close();
      assert.equal([(await doubt).details.code, (await doubt).details.transient], ['08007', undefined]);
    } else {
      const { details, message } = await failure(connection.run(statement('commit')));
      assert.equal([details.code, details.transient], ['08007', undefined]);
      assert.match(message, 'lost during a commit');
      assert.equal(await rowsOf(connection, 'select id from notes'), [[1]]);
    }
  }
});

check('a commit whose answer is lost is known to be over where the session can be ended', async () => {
  const target = await postgresTarget();
  const proxy = await cuttingProxy(target);
  const settings = postgresSettings(credentialsOf({ ...target, host: proxy.host, port: proxy.port, schema: 'public' }));
  const ending = {
    end: (pid: number) => `select pg_terminate_backend(${pid})`,
    open: (pid: number) => `select count(*) from pg_locks where pid = ${pid}`,
  };
  const warehouse = await openPostgres({ ...postgresServer, outcome: undefined, ending }, settings);
  opened.push(warehouse);
  const connection = await warehouse.connect();
  for (const when of ['before', 'after'] as const) {
    await connection.run(statement('begin; create table notes as select 1 as id'));
    proxy.cut('commit\0', when);
    const { details } = await failure(connection.run(statement('commit')));
    assert.equal([details.code, details.transient, details.unsettled], ['08007', undefined, true]);
    assert.equal(await rowsOf(connection, "select to_regclass('notes') is not null"), [[when === 'after']]);
  }
  await proxy.close();
});

check('a copy that is cancelled ends, keeps nothing, and leaves the connection usable', async () => {
  const { connection } = await connected();
  const into = { schema: 'analytics', identifier: 'numbers' };
  const columns = [{ name: 'n', type: 'integer' }];
  await runAll(connection, dialect.createTable(into, columns));
  const stop = new AbortController();
  const endless = async function* (): AsyncGenerator<Uint8Array> {
    for (let n = 0; ; n++) {
      if (n === 100) stop.abort();
      yield Buffer.from(`"${n % 1000}"\n`.repeat(100));
      await new Promise((done) => setImmediate(done));
    }
  };
  const error = await failure(connection.copyIn(into, columns, endless(), stop.signal));
  assert.is(error.details.cancelled, true);
  assert.equal(await rowsOf(connection, 'select count(*) from analytics.numbers'), [[0]]);
});

check('rows that a merge or a deletion looks for are found by a hash, NULL among their keys', async () => {
  const { connection } = await connected();
  await connection.run(
    statement(
      'create table analytics.t as select n as id from generate_series(1, 20000) as n; create table analytics.s as select * from analytics.t; analyze analytics.t; analyze analytics.s',
    ),
  );
  const [deletion] = dialect.deleteUsing(
    { schema: 'analytics', identifier: 't' },
    { schema: 'analytics', identifier: 's' },
    keyMatch('id', 'integer'),
  );
  const plan = (await rowsOf(connection, `explain ${deletion?.sql}`)).map(([line]) => line).join('\n');
  assert.match(plan, /Hash|Merge/);
  assert.not.match(plan, 'Nested Loop');
});

check('in a key of arrays, NULL is not an empty one', async () => {
  const { connection } = await connected();
  await connection.run(
    statement(`create table analytics.t as select * from (values ('{}'::int[], 1), (null, 2), ('{1,2}', 3), ('{{1},{2}}', 4)) as v(tags, n);
create table analytics.s as select * from analytics.t where tags is null or tags = '{{1},{2}}'`),
  );
  await runAll(
    connection,
    dialect.deleteUsing({ schema: 'analytics', identifier: 't' }, { schema: 'analytics', identifier: 's' }, keyMatch('tags', 'integer[]')),
  );
  assert.equal(await rowsOf(connection, 'select n from analytics.t order by n'), [[1], [3]]);
});

const place = (identifier: string): Relation => ({ schema: 'analytics', identifier });

check(
  'what a view, a materialized view and views on them need to be made again: definition, owner, rights, comments, indexes',
  async () => {
    const { connection, database } = await connected();
    await connection.run(
      statement(`do $$ begin create role dwh_other; exception when duplicate_object then null; end $$;
create table analytics.orders as select 1 as id, 'a' as name;
create view analytics."By Name" with (security_barrier) as select name, count(*) as n from analytics.orders group by name;
create view analytics.top as select * from analytics."By Name" join analytics.orders using (name);
create materialized view analytics.kept as select id from analytics.orders; create unique index kept_id on analytics.kept (id);
alter view analytics.top owner to dwh_other; grant select on analytics."By Name" to public; grant select, update on analytics."By Name" to dwh_other with grant option;
grant update (name) on analytics."By Name" to dwh_other; alter view analytics.top alter column name set default 'nobody';
create function analytics.ignore() returns trigger language plpgsql as 'begin return null; end'; create trigger no_rows instead of insert on analytics.top for each row execute function analytics.ignore();
create rule no_updates as on update to analytics.top do instead nothing;
comment on view analytics.top is 'the top''s'; comment on column analytics.top.n is 'how many'; comment on materialized view analytics.kept is 'kept'`),
    );
    const said = async (): Promise<unknown> => [
      await rowsOf(
        connection,
        `select relname, relkind, reloptions, relowner::regrole::text, relacl::text, obj_description(oid, 'pg_class'), pg_get_viewdef(oid)
      from pg_class where relnamespace = 'analytics'::regnamespace and relkind in ('v', 'm') order by relname`,
      ),
      await rowsOf(
        connection,
        `select col_description('analytics.top'::regclass, 3), (select indexdef from pg_indexes where indexname = 'kept_id'),
        (select attacl::text from pg_attribute where attrelid = 'analytics."By Name"'::regclass and attname = 'name'),
        (select pg_get_expr(adbin, adrelid) from pg_attrdef where adrelid = 'analytics.top'::regclass),
        (select pg_get_triggerdef(oid) from pg_trigger where tgrelid = 'analytics.top'::regclass), (select pg_get_ruledef(oid) from pg_rewrite where rulename = 'no_updates')`,
      ),
    ];
    const before = await said();
    const dependents = await connection.dependents({ database, ...place('orders') });
    assert.equal(
      dependents.map(({ state }) => [state.relation.identifier, state.kind]),
      [
        ['By Name', 'view'],
        ['kept', 'materialized_view'],
        ['top', 'view'],
      ],
    );
    assert.ok(dependents[2]?.reads.some(({ relation, column }) => relation.identifier === 'By Name' && column === 'n'));
    assert.equal(await connection.dependents(place('top')), []);
    assert.equal(await connection.dependents(place('not_there')), []);
    await runAll(connection, [statement('begin'), ...[...dependents].reverse().flatMap(({ state }) => dialect.drop(state))]);
    await runAll(connection, dialect.drop({ relation: place('orders'), kind: 'table' }));
    await runAll(connection, dialect.createTableAs(place('orders'), `select 2 as id, 'b' as name`));
    await runAll(connection, [...dependents.flatMap(({ remake }) => remake), statement('commit')]);
    assert.equal(await said(), before);
    await connection.run(statement('grant usage on schema analytics to dwh_other; grant select on analytics.orders to dwh_other'));
    assert.equal(await rowsOf(connection, 'select name, n, id from analytics.top'), [['b', 1, 2]]);
  },
);

check('rights of others on a table and its columns are granted again', async () => {
  const { connection } = await connected();
  await connection.run(
    statement(`do $$ begin create role dwh_other; exception when duplicate_object then null; end $$;
create table analytics.orders as select 1 as id, 2 as secret; grant select on analytics.orders to public; grant insert, update on analytics.orders to dwh_other with grant option; grant update (id) on analytics.orders to public`),
  );
  const said = (): Promise<unknown> =>
    rowsOf(
      connection,
      `select (select array_agg(one::text order by one::text)::text from unnest(relacl) as one), (select array_agg(attname || coalesce(attacl::text, '') order by attnum)::text from pg_attribute where attrelid = c.oid and attnum > 0)
       from pg_class as c where oid = 'analytics.orders'::regclass`,
    );
  const before = await said();
  const rights = await connection.rights(place('orders'));
  assert.is(rights.length, 4);
  await connection.run(statement('drop table analytics.orders; create table analytics.orders as select 1 as id, 2 as secret'));
  await runAll(
    connection,
    rights.map(({ grant }) => grant),
  );
  assert.equal(await said(), before);
  assert.equal(await connection.rights(place('not_there')), []);
});

check('a table that something else needs is not dropped, and the error names it', async () => {
  const { connection } = await connected();
  await connection.run(
    statement(
      'create table analytics.parents (id integer primary key); create table analytics.children (id integer references analytics.parents)',
    ),
  );
  const error = await failure(runAll(connection, dialect.drop({ relation: place('parents'), kind: 'table' })));
  assert.match(error.message, 'children');
  assert.instance(error, DatabaseError);
});

check('unlogged tables and indexes, which keep their names when the table is built again', async () => {
  const { connection } = await connected();
  const problems: Problem[] = [];
  const options = dialect.tableOptions(
    new ConfigReader(
      {
        unlogged: true,
        indexes: [
          { columns: ['id'], unique: true },
          { columns: ['name', 'id'], type: 'btree' },
        ],
      },
      { locate: () => undefined, problems },
    ),
    [],
  );
  assert.equal(problems, []);
  const indexes = (): Promise<unknown> =>
    rowsOf(connection, `select indexname, indexdef from pg_indexes where tablename = 'orders' order by indexname`);
  const build = async (): Promise<unknown> => {
    const furniture = dialect.furnish(place('orders_next'), place('orders'), options);
    await runAll(connection, [...dialect.createTableAs(place('orders_next'), `select 1 as id, 'a' as name`, options), ...furniture.stage]);
    const table = { relation: place('orders_next'), kind: 'table' } as const;
    await runAll(connection, [
      ...dialect.drop({ relation: place('orders'), kind: 'table' }),
      ...dialect.rename(table, 'orders'),
      ...furniture.publish,
    ]);
    return indexes();
  };
  const first = await build();
  assert.is((first as unknown[]).length, 2);
  assert.equal(await build(), first);
  assert.equal(await rowsOf(connection, `select relpersistence from pg_class where oid = 'analytics.orders'::regclass`), [['u']]);
  dialect.tableOptions(
    new ConfigReader({ indexes: [{ unique: true }, { columns: 'id', kind: 'hash' }] }, { locate: () => undefined, problems }),
    [],
  );
  hasProblem(problems, { code: 'config-missing', message: "'columns'" });
  hasProblem(problems, { code: 'unknown-key', message: "'kind'" });
});

check('a name that something else has is told with what may have it', async () => {
  const { connection } = await connected();
  await rowsOf(connection, 'create sequence analytics.counted');
  for (const sql of dialect.createTableAs(place('counted'), 'select 1 as id')) {
    const error: unknown = await connection.run(sql).catch((reason: unknown) => reason);
    assert.match((error as DatabaseError).details.hint ?? '', 'A table, view, sequence, index or type has that name already');
  }
});

check('what is not allowed is told with who has to grant what', async () => {
  const { connection } = await connected();
  await rowsOf(connection, 'create table analytics.owned as select 1 as id');
  await rowsOf(connection, 'create schema hidden create table things (id integer)');
  await rowsOf(connection, 'do $$ begin create role dwh_poor; exception when duplicate_object then null; end $$');
  await rowsOf(connection, 'grant usage on schema analytics to dwh_poor');
  await rowsOf(connection, 'set role dwh_poor');
  for (const [sql, hint] of [
    ['select * from analytics.owned', 'grant what the statement needs (select, insert, update, delete) on owned to the user'],
    ['select * from hidden.things', 'grant usage on schema hidden, and create'],
    ['create table analytics.made (id integer)', 'grant usage on schema analytics, and create'],
    ['create schema made', 'grant create on database'],
    ['drop table analytics.owned', 'Only the owner may change the table owned: run as its owner'],
  ] as const) {
    const error = await rowsOf(connection, sql).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.instance(error, DatabaseError);
    assert.match((error as DatabaseError).details.hint ?? '', hint);
  }
});

test.run();
