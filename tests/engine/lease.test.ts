// One run at a time on a target of a server: two real processes, what becomes of a holder that dies, is robbed or falls silent.
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { postgres } from '../../src/adapters/postgres/index.ts';
import { redshift } from '../../src/adapters/redshift/index.ts';
import { here } from '../../src/cli/here.ts';
import { ConfigReader } from '../../src/core/config-reader.ts';
import { DwhError } from '../../src/core/problem.ts';
import { statement } from '../../src/core/statement.ts';
import { LEASE_TIMES, Lease } from '../../src/engine/lease.ts';
import { takeLease } from '../../src/engine/lease-take.ts';
import type { Run } from '../../src/engine/run.ts';
import { openOptions } from '../adapters/open-options.ts';
import { StandIn } from '../stand-in/stand-in.ts';
import { ended, startCli } from '../support/cli.ts';
import { cuttingProxy } from '../support/cutting-proxy.ts';
import { type Fixture, fakeClock, projectOn, request, results, statuses } from '../support/fixture.ts';
import { onServer, postgresTarget } from '../support/postgres.ts';

const test = suite('engine: the lease');

const GATE = 7;
const files = {
  'project.yml': 'name: shop\nprofile: shop\n',
  // Waits while the test has the gate closed.
  'models/orders.sql': `{{ config(materialized='table') }}\nselect 1 as id, pg_advisory_xact_lock_shared(${GATE})::text as passed`,
  'models/users.sql': "{{ config(materialized='table') }}\nselect 1 as id",
  'tests/no_users.sql': "select id from {{ ref('users') }} where id < 0",
};

interface Place extends Fixture {
  readonly target: Readonly<Record<string, unknown>>;
  rows(sql: string): Promise<readonly unknown[][]>;
  /** [token, whether somebody holds it] */
  lease(): Promise<readonly unknown[] | undefined>;
  /** Relations of the target's schema. */
  relations(): Promise<string>;
  start(...args: readonly string[]): Process;
  /** Nobody passes the gate until `work` has ended. */
  gated<T>(work: (open: () => Promise<void>) => Promise<T>): Promise<T>;
}

interface Process {
  readonly child: ChildProcess;
  readonly ended: ReturnType<typeof ended>;
  /** Until it has printed so. */
  says(text: string): Promise<void>;
}

async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 1200; attempt++) {
    if (await isSo()) return;
    await sleep(25);
  }
  throw new Error(`it never came to this: ${what}`);
}

async function place(more: Readonly<Record<string, unknown>> = {}, own: Readonly<Record<string, string>> = files): Promise<Place> {
  const target = { ...(await postgresTarget()), schema: 'analytics', ...more };
  const fixture = await projectOn(target, own);
  const on = <T>(work: (client: pg.Client) => Promise<T>): Promise<T> => onServer(target.dbname, work);
  const rows = (sql: string): Promise<readonly unknown[][]> =>
    on(async (client) => (await client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows);
  return {
    ...fixture,
    target,
    rows,
    lease: async () => (await rows('select token::int, run is not null from _dwh.lease_analytics'))[0],
    relations: async () =>
      (await rows("select relname from pg_class where relnamespace = 'analytics'::regnamespace and relkind in ('r', 'v') order by 1")).join(
        ' ',
      ),
    start(...args) {
      const child = startCli(args, { cwd: fixture.dir });
      let printed = '';
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text: Buffer) => (printed += String(text)));
      const result = ended(child);
      return { child, ended: result, says: (text) => until(`a run says '${text}'`, () => printed.includes(text)) };
    },
    gated: (work) =>
      on(async (client) => {
        await client.query(`select pg_advisory_lock(${GATE})`);
        return work(async () => void (await client.query(`select pg_advisory_unlock(${GATE})`)));
      }),
  };
}

/** Until a run of dwh waits at the gate. */
const atGate = ({ rows }: Place): Promise<void> =>
  until('a run waits at the gate', async () => {
    const [row] = await rows("select count(*)::int from pg_locks where locktype = 'advisory' and not granted");
    return row?.[0] === 1;
  });

/** What a run that has not begun says. */
async function refused(run: Promise<unknown>): Promise<string> {
  try {
    await run;
  } catch (error) {
    if (error instanceof DwhError) return `${error.problems[0].code}: ${error.message}\n${error.problems[0].hint}`;
    throw error;
  }
  throw new Error('it ran');
}

test('a second run ends with 2 and names the first one; what only reads, and other targets, go on', async () => {
  const shop = await place();
  await shop.run('run', { select: 'users' });
  await shop.gated(async (open) => {
    const first = shop.start('run', '-s', 'orders');
    await atGate(shop);
    const { code, stdout, stderr } = await shop.cli(['build']);
    assert.is(code, 2, stdout + stderr);
    assert.match(
      stdout,
      new RegExp(
        `error\\[lease-held\\] another run works on the schema analytics of ${shop.target.dbname}: dwh run, process ${first.child.pid} on \\S+, since \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d UTC`,
      ),
    );
    assert.match(stdout, '--wait');
    assert.match(stdout, '--steal');
    assert.is(await shop.relations(), 'users');
    for (const command of ['run', 'seed', 'load']) await shop.run(command, { dryRun: true });
    assert.equal(statuses(await shop.run('test')), { 'test.shop.no_users': 'pass' });
    assert.match(await refused(shop.run('test', { storeFailures: true })), /^lease-held: /);
    const elsewhere = await projectOn({ ...shop.target, schema: 'sandbox' }, { ...files, 'models/orders.sql': 'select 2 as id' });
    await elsewhere.run('run');
    await open();
    assert.is((await first.ended).code, 0);
  });
  assert.is(await shop.relations(), 'orders users');
  assert.equal(await shop.lease(), [2, false]);
});

test('--wait begins when the first run has ended; --wait SECONDS gives up; an interrupt ends the wait', async () => {
  const shop = await place();
  await shop.gated(async (open) => {
    const first = shop.start('run', '-s', 'orders');
    await atGate(shop);
    const waits = shop.start('run', '-s', 'users', '--wait');
    const interrupted = shop.start('run', '-s', 'users', '--wait', '600');
    await Promise.all([waits.says(`Waits for dwh run, process ${first.child.pid} `), interrupted.says('Waits for ')]);
    assert.match(await refused(shop.run('run', { waitSeconds: 0.001 })), /^lease-held: /);
    interrupted.child.kill('SIGINT');
    const { code, stdout, stderr } = await interrupted.ended;
    assert.is(code, 130, stdout + stderr);
    assert.not.match(stdout + stderr, /error|bug/);
    assert.equal(await shop.lease(), [1, true]);
    await open();
    assert.is((await first.ended).code, 0);
    assert.is((await waits.ended).code, 0);
  });
  assert.is(await shop.relations(), 'orders users');
  assert.equal(await shop.lease(), [2, false]);
});

test('two first runs at once: one makes the lease, the other waits for it', async () => {
  const shop = await place();
  const runs = await Promise.all(
    ['one', 'two'].map((targetPath) => shop.run('run', { targetPath, waitSeconds: Number.POSITIVE_INFINITY })),
  );
  for (const events of runs) assert.equal(Object.values(statuses(events)), ['success', 'success']);
  assert.equal(await shop.lease(), [2, false]);
});

test('what a killed run held is taken at once', async () => {
  const shop = await place();
  await shop.gated(async (open) => {
    const first = shop.start('run', '-s', 'orders');
    await atGate(shop);
    first.child.kill('SIGKILL');
    await first.ended;
    assert.equal(await shop.lease(), [1, true]);
    const { code, stdout, stderr } = await shop.cli(['run', '-s', 'users']);
    assert.is(code, 0, stdout + stderr);
    assert.match(stdout, new RegExp(`Takes over the schema analytics of .* from dwh run, process ${first.child.pid} .*, which is gone`));
    await open();
  });
  assert.equal(await shop.lease(), [2, false]);
});

for (const [when, opens] of [
  ['by its commit', true],
  ['by its next sign of life', false],
] as const)
  test(`a run that is robbed while it publishes finds out ${when}: it publishes nothing, says who took over, and stops`, async () => {
    const shop = await place({ threads: 1 });
    await shop.write('models/later.sql', "select id from {{ ref('orders') }}");
    await shop.gated(async (open) => {
      const first = shop.start('run', '-s', 'orders', 'later');
      await atGate(shop);
      const thief = await shop.cli(['run', '-s', 'users', '--steal']);
      assert.is(thief.code, 0, thief.stdout + thief.stderr);
      assert.match(thief.stdout, 'which loses it (--steal)');
      if (opens) await open();
      const { code, stdout } = await first.ended;
      assert.is(code, 1, stdout);
      assert.match(stdout, /error\[lease-lost\] this run was taken over by dwh run, process \d+ on /);
      assert.match(stdout, 'PASS=0 WARN=0 ERROR=1 SKIP=1');
    });
    assert.is(await shop.relations(), 'users');
    assert.equal(await shop.lease(), [2, false]);
  });

/** The lease in other hands, as a hook that is no part of the model's transaction says it. */
const ROBBED = {
  ...files,
  'models/orders.sql': `{{ config(materialized='table', pre_hook={'transaction': false, 'sql': "update _dwh.lease_analytics set token = token + 1, run = 'thief', host = 'far', machine = 'm'"}) }}\nselect 2 as id`,
  'tests/no_orders.sql': "select id from {{ ref('orders') }} where id < 0",
};

for (const command of ['run', 'build'])
  test(`${command}: neither what is staged nor what is published of a robbed run stays`, async () => {
    const shop = await place({}, ROBBED);
    const events = await shop.run(command, { select: 'orders' });
    assert.is(results(events).get('model.shop.orders')?.problem?.code, 'lease-lost');
    assert.is(await shop.relations(), '');
    assert.equal(await shop.lease(), [2, true]);
  });

test('a holder elsewhere keeps the lease while it gives signs of life, and loses it when there was none for a minute', async () => {
  const shop = await place();
  await shop.run('run', { select: 'users' });
  await shop.rows("update _dwh.lease_analytics set run = 'other', host = 'far', machine = 'm', beat = extract(epoch from now())::bigint");
  assert.match(await refused(shop.run('run', { select: 'users' })), /^lease-held: .* on far, since /);
  await shop.rows('update _dwh.lease_analytics set beat = beat - 62');
  const said = (await shop.run('run', { select: 'users' })).flatMap((event) => (event.type === 'note' ? [event.message] : []));
  assert.match(said.join('\n'), /Takes over .* on far, since .*, which has given no sign of life for 6\d s/);
  assert.equal(await shop.lease(), [2, false]);
});

test('a process of the same number that began at another time is not the holder', async () => {
  const shop = await place();
  await shop.run('run', { select: 'users' });
  const held = (born: string): Promise<unknown> =>
    shop.rows(`update _dwh.lease_analytics set run = 'other', born = ${born}, beat = extract(epoch from now())::bigint`);
  await held('born');
  assert.match(await refused(shop.run('run', { select: 'users' })), /^lease-held: /);
  const [[born] = []] = await shop.rows('select born from _dwh.lease_analytics');
  // Where the machine does not tell when a process began, its number has to do.
  if (born === '') return;
  await held("'1'");
  await shop.run('run', { select: 'users' });
  assert.equal(await shop.lease(), [2, false]);
});

test('it is given back after a failure and after an interrupt', async () => {
  const shop = await place();
  await shop.write('models/broken.sql', "{{ config(materialized='table') }}\nselect 1 / 0 as id");
  assert.is(results(await shop.run('run', { select: 'broken' })).get('model.shop.broken')?.status, 'error');
  assert.equal(await shop.lease(), [1, false]);
  await shop.gated(async () => {
    const run = shop.start('run', '-s', 'orders');
    await atGate(shop);
    run.child.kill('SIGINT');
    assert.is((await run.ended).code, 130);
    assert.equal(await shop.lease(), [2, false]);
  });
});

test('without the right to make the state schema, a project that loads nothing goes on with a warning', async () => {
  const shop = await place();
  const role = `reader_${String(shop.target.dbname)}`;
  await shop.rows(
    `create role ${role}; create schema analytics; grant all on schema analytics to ${role}; create schema landing; grant all on schema landing to ${role}`,
  );
  const limited = await projectOn({ ...shop.target, role }, files);
  for (const denied of ['database', 'schema _dwh']) {
    const events = await limited.run('run', { select: 'users' });
    assert.equal(statuses(events), { 'model.shop.users': 'success' });
    const warned = events.flatMap((event) => (event.type === 'problems' ? event.problems : []));
    assert.equal(
      warned.map(({ code, severity }) => [code, severity]),
      [['lease-unavailable', 'warning']],
    );
    assert.match(warned[0]?.message ?? '', `permission denied for ${denied}`);
    // Somebody else's run makes the state schema.
    await shop.run('run', { select: 'orders' });
  }
  await limited.write(
    'models/sources.yml',
    "sources: [{name: raw, schema: landing, tables: [{name: events, columns: [{name: ts, data_type: bigint}], load: {from: 'events/*.json', format: json}}]}]",
  );
  await limited.write('events/a.json', '{"ts": 1}\n');
  assert.match(await refused(limited.run('load')), /^schema-unmakeable: /);
});

/** A lease that is taken as a run takes it, with times that a test can wait for. */
async function leaseOn(target: Readonly<Record<string, unknown>>, times = LEASE_TIMES, beforeLook = async (): Promise<void> => {}) {
  const credentials = postgres.credentials(new ConfigReader(target, { locate: () => undefined, problems: [] }), '/');
  const warehouse = await postgres.open(credentials, openOptions);
  const connection = await warehouse.connect();
  const list = connection.list.bind(connection);
  connection.list = async (schemas) => {
    await beforeLook();
    return list(schemas);
  };
  const run = {
    credentials,
    dialect: postgres.dialect,
    request: request('run', '/'),
    emit: () => {},
    deps: { here, clock: fakeClock(), signal: new AbortController().signal },
  };
  const lease = await takeLease(run as unknown as Run, warehouse, connection, times);
  if (!(lease instanceof Lease)) throw new Error('no lease');
  return { lease, connection, warehouse };
}

test('another run makes the lease at the moment when this one finds none', async () => {
  const shop = await place();
  let others = 0;
  const { lease, connection, warehouse } = await leaseOn(shop.target, LEASE_TIMES, async () => {
    others++;
    const other = await leaseOn(shop.target);
    await other.lease.release(other.connection);
    await other.warehouse.close();
  });
  assert.equal([others, await shop.lease()], [1, [2, true]]);
  await lease.release(connection);
  await warehouse.close();
});

const lossOf = ({ lost }: Lease): string | undefined => lost?.code;

test('signs of life go on when sessions end or hang, and longer than a silent holder lives', async () => {
  const shop = await place();
  const { lease, connection, warehouse } = await leaseOn(shop.target, { beatMs: 40, silentMs: 2000, pollMs: 20 });
  const beats = async (): Promise<void> => {
    await shop.rows('update _dwh.lease_analytics set beat = 0');
    await until('there is a sign of life', async () => Number((await shop.rows('select beat from _dwh.lease_analytics'))[0]?.[0]) > 0);
  };
  await beats();
  await shop.rows("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'dwh' and datname = current_database()");
  await beats();
  await sleep(2200);
  await beats();
  // No answer, and the server can be reached: for a while, and for so long that the connection is given up.
  for (const ms of [200, 4500]) {
    await onServer(String(shop.target.dbname), async (client) => {
      await client.query('begin; select 1 from _dwh.lease_analytics for update');
      await sleep(ms);
      await client.query('commit');
    });
    await beats();
  }
  assert.is(lossOf(lease), undefined);
  await lease.check(connection);
  await lease.release(connection);
  assert.equal(await shop.lease(), [1, false]);
  await warehouse.close();
});

test('a holder finds out by its next sign of life that it was robbed', async () => {
  const shop = await place();
  const { lease, connection, warehouse } = await leaseOn(shop.target, { beatMs: 40, silentMs: 60_000, pollMs: 20 });
  await shop.rows("update _dwh.lease_analytics set token = token + 1, run = 'thief', command = 'dwh build', process = 5, host = 'far'");
  await until('it is lost', () => lease.signal.aborted);
  assert.is(lossOf(lease), 'lease-lost');
  assert.match(lease.lost?.message ?? '', 'taken over by dwh build, process 5 on far, since ');
  assert.match(await refused(lease.check(connection)), /^lease-lost: /);
  await lease.release(connection);
  assert.equal(await shop.lease(), [2, true]);
  await warehouse.close();
});

test('a holder that cannot reach the warehouse for too long takes itself for dead', async () => {
  const shop = await place();
  const proxy = await cuttingProxy({ host: String(shop.target.host), port: Number(shop.target.port) });
  const through = { ...shop.target, host: proxy.host, port: proxy.port, retries: 0 };
  const { lease, connection, warehouse } = await leaseOn(through, { beatMs: 40, silentMs: 300, pollMs: 20 });
  await proxy.close();
  await until('it is lost', () => lease.signal.aborted);
  assert.match(await refused(lease.check(connection)), /^lease-silent: /);
  await warehouse.close();
});

/** The statements of the lease that a run sends, by their first word. */
const leaseStatements = (standIn: StandIn, from: number): readonly string[] =>
  standIn.transcript.slice(from).flatMap(({ sql }) => (sql.includes('lease_') ? [sql.trim().split(/\s/)[0] ?? ''] : []));

const RS = {
  'project.yml': 'name: shop\nprofile: shop\n',
  'models/orders.sql': "{{ config(materialized='table') }}\nselect 1 as id",
  'models/robbed.sql': `{{ config(materialized='table', enabled=var('robbed', false), pre_hook={'transaction': false, 'sql': "update _dwh.lease_analytics set token = token + 1, run = 'thief', host = 'far', machine = 'm', command = 'dwh build'"}) }}\nselect 2 as id`,
};

test("Redshift's stand-in: few statements, one run at a time, nothing of a robbed one", async () => {
  const standIn = await StandIn.start();
  const shop = await projectOn({ ...standIn.target('Analytics'), threads: 2 }, RS);
  const { warehouse, connection } = await redshiftOn(standIn);
  const rows = async (sql: string): Promise<unknown> => (await connection.run(statement(sql))).rows;
  try {
    await shop.run('run', { select: 'orders' });
    const from = standIn.transcript.length;
    await shop.run('run', { select: 'orders' });
    // Taken and read in one message; looked at before a commit; given back.
    assert.equal(leaseStatements(standIn, from), ['update', 'select', 'select', 'update']);
    assert.equal(await rows('select token, run from _dwh.lease_analytics'), [[2, null]]);

    await rows("update _dwh.lease_analytics set run = 'other', host = 'far', machine = 'm', beat = extract(epoch from getdate())");
    assert.match(await refused(shop.run('run')), /^lease-held: another run works on the schema Analytics of .* on far, since /);
    const stolen = await shop.run('run', { steal: true });
    assert.equal(statuses(stolen), { 'model.shop.orders': 'success' });
    assert.equal(await rows('select token, run from _dwh.lease_analytics'), [[3, null]]);

    const robbed = await shop.run('run', { vars: { robbed: true }, select: 'robbed' });
    const { problem } = results(robbed).get('model.shop.robbed' as never) ?? {};
    assert.is(problem?.code, 'lease-lost', JSON.stringify(problem));
    assert.match(problem?.message ?? '', 'taken over by dwh build, process ');
    assert.equal(
      (await connection.list([{ schema: 'analytics' }])).map(({ relation }) => relation.identifier),
      ['orders'],
    );
  } finally {
    await warehouse.close();
    await standIn.close();
  }
});

async function redshiftOn(standIn: StandIn) {
  const target = new ConfigReader(standIn.target('analytics'), { locate: () => undefined, problems: [] });
  const warehouse = await redshift.open(redshift.credentials(target, '/'), openOptions);
  return { warehouse, connection: await warehouse.connect() };
}

test.run();
