// One run at a time on a target of a server: two real processes, what becomes of a holder that dies, is robbed or falls silent.
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DwhError } from '../../src/core/problem.ts';
import { ended, startCli } from '../support/cli.ts';
import { type Fixture, projectOn, results, statuses } from '../support/fixture.ts';
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

test('a run that is robbed while it publishes publishes nothing, says who took over, and stops', async () => {
  const shop = await place({ threads: 1 });
  await shop.write('models/later.sql', "select id from {{ ref('orders') }}");
  await shop.gated(async (open) => {
    const first = shop.start('run', '-s', 'orders', 'later');
    await atGate(shop);
    const thief = await shop.cli(['run', '-s', 'users', '--steal']);
    assert.is(thief.code, 0, thief.stdout + thief.stderr);
    assert.match(thief.stdout, 'which loses it (--steal)');
    await open();
    const { code, stdout } = await first.ended;
    assert.is(code, 1, stdout);
    assert.match(stdout, /error\[lease-lost\] this run was taken over by dwh run, process \d+ on /);
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
  const events = await limited.run('run', { select: 'users' });
  assert.equal(statuses(events), { 'model.shop.users': 'success' });
  const warned = events.flatMap((event) => (event.type === 'problems' ? event.problems : []));
  assert.equal(
    warned.map(({ code, severity }) => [code, severity]),
    [['lease-unavailable', 'warning']],
  );
  assert.match(warned[0]?.message ?? '', /permission denied/);
  await limited.write(
    'models/sources.yml',
    "sources: [{name: raw, schema: landing, tables: [{name: events, columns: [{name: ts, data_type: bigint}], load: {from: 'events/*.json', format: json}}]}]",
  );
  await limited.write('events/a.json', '{"ts": 1}\n');
  assert.match(await refused(limited.run('load')), /^schema-unmakeable: /);
});

test.run();
