import { readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { redshift } from '../../src/adapters/redshift/index.ts';
import { ConfigReader } from '../../src/core/config-reader.ts';
import { openOptions } from '../adapters/open-options.ts';
import { type Client, connect, value } from './client.ts';
import { StandIn } from './stand-in.ts';
import { cstring, encode, PROTOCOL_3 } from './wire.ts';

const test = suite<{ standIn: StandIn; client: Client }>('the stand-in: sessions');
const ENDLESS = 'select count(*) from generate_series(1, 100000000000) as a(n) where n % 7 = 8';

test.before(async (context) => {
  context.standIn = await StandIn.start({ users: { admin: 'Secret1', ann: 'Other1', hashed: 'x' }, digestUsers: ['hashed'], tls: true });
  context.client = await connect(context.standIn);
});
test.after(async ({ standIn, client }) => {
  await client.pg.end();
  await standIn.close();
});

const refused = (standIn: StandIn, config: Record<string, unknown>): Promise<string> =>
  connect(standIn, config).then(
    () => 'let in',
    (error: { code?: string; message: string }) => `${error.code} ${error.message}`,
  );

/** node-postgres throws at 13 where nobody can catch it. */
function authenticationAsked(port: number, user: string): Promise<number> {
  const socket = createConnection(port, '127.0.0.1');
  const version = Buffer.alloc(4);
  version.writeInt32BE(PROTOCOL_3);
  socket.write(encode({ type: '', body: Buffer.concat([version, cstring('user'), cstring(user), Buffer.from([0])]) }));
  return new Promise((done) =>
    socket.once('data', (answer) => {
      socket.destroy();
      done(answer.readInt32BE(5));
    }),
  );
}

test('who logs in: by password, to the database that there is; a sha256 password is asked for in a way that drivers do not know', async ({
  standIn,
}) => {
  assert.is(await refused(standIn, { password: 'wrong' }), '28000 password authentication failed for user "admin"');
  assert.is(await refused(standIn, { database: 'prod' }), '3D000 database "prod" does not exist');
  assert.is(await authenticationAsked(standIn.port, 'hashed'), 13);
  assert.is(await authenticationAsked(standIn.port, 'admin'), 3);
  const ann = await connect(standIn, { user: 'ann', password: 'Other1', options: '-c search_path=sales' });
  assert.equal(await ann.rows('select current_user, current_database()'), [['ann', 'dev']]);
  assert.is(await value(ann, 'show search_path'), 'sales');
  await ann.pg.end();
});

test('dwh explains a sha256 password, and does not fall over it', async ({ standIn }) => {
  const target = new ConfigReader({ ...standIn.target('shop'), user: 'hashed' }, { locate: () => undefined, problems: [] });
  const outcome = await redshift.open(redshift.credentials(target, '.'), openOptions).catch((error: unknown) => String(error));
  assert.match(String(outcome), "keeps the password of 'hashed' as sha256");
});

test('TLS, with a certificate that can be checked', async ({ standIn }) => {
  const ca = readFileSync(new URL('../fixtures/tls/ca.crt', import.meta.url), 'utf8');
  const secure = await connect(standIn, { host: 'localhost', ssl: { ca } });
  assert.is(await value(secure, 'select 1'), '1');
  await secure.pg.end();
});

test('it says that it is Redshift', async ({ client }) => {
  assert.match(String(await value(client, 'select version()')), /^PostgreSQL 8\.0\.2 .*Redshift 1\.0\./);
});

test('several statements are one transaction, unless they begin their own', async ({ client }) => {
  await client.rows('create table orders (id int)');
  assert.match(await client.outcome('insert into orders values (1); select nothing from orders'), '42703 ');
  assert.is(await value(client, 'select count(*) from orders'), '0');
  await client.rows('begin; insert into orders values (1); commit; insert into orders values (2)');
  assert.match(await client.outcome('insert into orders values (3); selec 1'), '42601 syntax error at or near "selec"');
  assert.is(await value(client, 'select count(*) from orders'), '2');
});

test('after an error nothing runs until the rollback, whoever refused', async ({ client }) => {
  for (const wrong of ['select nothing from orders', 'select string_agg(id, 1) from orders', 'select * from pg_stat_activity']) {
    await client.rows('begin');
    assert.not.match(await client.outcome(wrong), 'done');
    assert.is(await client.outcome('select 1'), '25P02 current transaction is aborted, commands ignored until end of transaction block');
    assert.is((await client.pg.query('commit')).command, 'ROLLBACK');
    assert.is(await client.outcome('select 1'), 'done');
  }
});

test('what may not run in a transaction; TRUNCATE ends one; savepoints are none', async ({ client }) => {
  await client.rows('delete from orders; insert into orders values (1)');
  await client.rows('begin');
  assert.is(await client.outcome('vacuum orders'), '25001 VACUUM cannot run inside a transaction block');
  await client.rows('rollback');
  await client.rows('vacuum orders');
  await client.rows('begin');
  assert.match(await client.outcome('savepoint one'), '42601 ');
  await client.rows('rollback');
  await client.rows('begin; insert into orders values (2); truncate orders');
  await client.rows('rollback');
  assert.is(await value(client, 'select count(*) from orders'), '0');
});

test('parameters: one statement, of at most 32,767', async ({ client }) => {
  assert.equal(await client.rows('select $1::int + 1, $2::varchar', [4, 'é']), [['5', 'é']]);
  assert.is(await client.outcome('insert into orders values ($1)', [7]), 'done');
  assert.equal(await client.rows('select id from orders where id = $1', [7]), [['7']]);
  assert.match(await client.outcome('select $1::int; select 2', [1]), '42601 ');
  const many = Array.from({ length: 32_768 }, (_, index) => index);
  const sql = (count: number): string =>
    `select 1 where 1 in (${many
      .slice(0, count)
      .map((index) => `$${index + 1}::int`)
      .join(', ')})`;
  assert.is(await client.outcome(sql(32_767), many.slice(0, 32_767)), 'done');
  assert.is(await client.outcome(sql(32_768), many), '42P02 there is no parameter $-32768');
});

test('a statement is cancelled by its process, and the session goes on', async ({ standIn, client }) => {
  const other = await connect(standIn);
  const pid = await value(client, 'select pg_backend_pid()');
  const running = client.outcome(ENDLESS);
  for (let ended = false; !ended; ) {
    await other.rows(`select pg_cancel_backend(${pid})`);
    ended = await Promise.race([running.then(() => true), new Promise<boolean>((done) => setTimeout(() => done(false), 20))]);
  }
  assert.match(await running, /^57014 Query \(\d+\) cancelled on user's request$/);
  assert.is(await client.outcome('select 1'), 'done');
  await client.rows('set statement_timeout to 50');
  assert.match(await client.outcome(ENDLESS), '57014 ');
  await client.rows('set statement_timeout to 0');
  await other.pg.end();
});

test('writers of one table wait for each other; who worked on an older state gets 1023', async ({ standIn, client }) => {
  const other = await connect(standIn);
  await client.rows('delete from orders; insert into orders values (1)');
  await client.rows('begin');
  await client.rows('select count(*) from orders');
  await other.rows('update orders set id = 2');
  const error = await client.pg
    .query('update orders set id = 3')
    .catch((cause: { code: string; message: string; detail: string }) => cause);
  assert.equal('code' in error && [error.code, error.message], ['XX000', '1023']);
  assert.match('detail' in error ? error.detail : '', 'Serializable isolation violation on table - ');
  await client.rows('rollback');
  await other.pg.end();
});

test('what another user made is theirs, until they give rights', async ({ standIn, client }) => {
  const ann = await connect(standIn, { user: 'ann', password: 'Other1' });
  assert.is(await ann.outcome('select * from orders'), '42501 permission denied for table orders');
  await client.rows('grant select on orders to ann');
  assert.is(await ann.outcome('select * from orders'), 'done');
  assert.match(await ann.outcome('drop table orders'), '42501 ');
  await ann.pg.end();
});

test('every statement is in the transcript, with what came of it', async ({ standIn, client }) => {
  const before = standIn.transcript.length;
  await client.outcome('select 1 as one; select nothing');
  await client.outcome('listen x');
  assert.equal(
    standIn.transcript.slice(before).map(({ kind, sql, outcome }) => [kind, sql, outcome]),
    [
      ['select', 'select 1 as one', 'done'],
      ['select', 'select nothing', '42703'],
      [undefined, 'listen x', 'refused'],
    ],
  );
});

test.run();
