// What comes in the way: other transactions, sessions that end, an interrupt, a second run, what a killed one left.
import * as assert from 'uvu/assert';
import { loadedOf, sourcesYaml } from '../loads/project.ts';
import { ended, startCli } from '../support/cli.ts';
import { watching } from '../support/database.ts';
import { results, statuses } from '../support/fixture.ts';
import { config, queryOf, type Shop, type Theme } from './shop.ts';

const EVENTS = sourcesYaml({ events: { columns: 'ts:bigint', load: { on_error: 'reject' } } }, { schema: 'landing' });
const line = (ts: number): string => `{"ts": ${ts}}\n`;

/** A profile for a target with a schema of its own: a run there is not kept off by one on the shop's target. */
async function elsewhere(shop: Shop, schema: string): Promise<string> {
  const outputs = { test: { ...shop.target, schema } };
  await shop.write(`${schema}/profiles.yml`, JSON.stringify({ shop: { target: 'test', outputs } }));
  return shop.path(schema);
}

/** Until it is so. */
async function wait(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    if (await isSo()) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`it never came to this: ${what}`);
}

export const faults: Theme = (scenario, { adapter, endless, sessions: sessionsOf, proxy: proxyTo, hasPlpgsql, bringsRows }) => {
  for (const command of ['run', 'build'])
    scenario(`${command}: an interrupt cancels what runs, keeps what was there, and leaves nothing beside it`, async (open) => {
      const shop = await open({
        'models/orders.sql': `${config('table')}select {{ var('round') }} as round`,
        'models/slow.sql': `${config('table')}{{ 'select 1 as n' if var('round') == 1 else var('endless') }}`,
        'tests/slow_test.sql':
          "select n from ({{ 'select 1 as n' if var('round') < 3 else var('endless') }}) as t where n < 0 -- {{ ref('orders') }}",
      });
      const run = (round: number, stop: AbortController) =>
        watching(
          shop,
          command,
          (event) => {
            const slow = round === 2 ? 'model.shop.slow' : 'test.shop.slow_test';
            if (event.type === 'statement' && event.node === slow && event.sql.includes(endless)) setTimeout(() => stop.abort(), 50);
          },
          { vars: { round, endless }, ...(round === 3 && { exclude: 'slow' }) },
          stop.signal,
        );
      await run(1, new AbortController());
      for (const round of command === 'build' ? [2, 3] : [2]) {
        const events = await run(round, new AbortController());
        const cut = [...results(events).values()].filter(({ problem }) => problem?.code === 'cancelled');
        assert.ok(cut.some(({ node }) => node === (round === 2 ? 'model.shop.slow' : 'test.shop.slow_test')));
        const last = events.at(-1);
        assert.is(last?.type === 'run-finished' && last.interrupted, true);
        assert.equal(await shop.relations(), ['orders (table)', 'slow (table)']);
        assert.equal(await shop.table('slow'), [['1']]);
        const sessions = sessionsOf?.(shop.target);
        if (sessions) await wait('nothing runs', async () => (await sessions.running()) === 0);
      }
    });

  scenario('what a killed run left beside is dropped by the next one, whatever it is', async (open) => {
    const shop = await open({
      'models/orders.sql': `${config('incremental', "unique_key='id'")}${queryOf({ id: 1 })}`,
      'tests/any.sql': "select id from {{ ref('orders') }} where id < 0",
    });
    for (const command of ['build', 'run', 'build']) {
      await shop.rows(`create table orders__dwh_next as select 1 as x; create table orders__dwh_stage as select 2 as x;
create view orders__dwh_candidate as select x from orders__dwh_stage`);
      await shop.succeeds(command);
      assert.equal(await shop.relations(), ['orders (table)'], command);
    }
  });

  const events = { 'models/sources.yml': EVENTS, 'events/a.json': line(1) };

  scenario('two targets load one table at once, the first loads of a warehouse: every file once', async (open) => {
    const shop = await open({ 'models/sources.yml': EVENTS, 'events/a.json': line(1) + line(2), 'events/b.json': line(3) });
    const load = async (schema: string) =>
      loadedOf(await shop.run('load', { targetPath: schema, profilesDir: await elsewhere(shop, schema) }));
    const both = await Promise.all(['one', 'two'].map(load));
    assert.equal(
      both.map(({ status }) => status),
      ['success', 'success'],
      JSON.stringify(both),
    );
    assert.equal(await shop.table('landing.events'), [['1'], ['2'], ['3']]);
    assert.equal(await shop.rows('select count(*) from _dwh.load_files'), [['2']]);
  });

  if (proxyTo)
    for (const when of ['before', 'after'] as const)
      scenario(
        `a connection that is lost ${when} the server hears of a statement: nothing is lost, nothing is there twice`,
        async (open) => {
          const proxy = await proxyTo(await open({}).then(({ target }) => target));
          try {
            const files = {
              ...events,
              'models/added.sql': `${config('incremental')}select 1 as n`,
              'models/made.sql': `${config('table')}select 1 as n`,
              'seeds/rates.csv': 'n\n1\n',
              'tests/any_made.sql': "select n from {{ ref('made') }} where n <> 1",
              'tests/any_added.sql': "select n from {{ ref('added') }} where n <> 1",
            };
            const shop = await open(files, { target: { host: proxy.host, port: proxy.port } });
            await shop.succeeds('build');
            const COMMIT = 'commit\0';
            // What is tested is committed before, and after. A load that locks a row begins with a commit of its own: that the
            // row is there.
            const ofTheLock = adapter.dialect.lockTable ? 0 : 1;
            const cuts = [
              ['run', 'added', COMMIT, 0],
              ['build', 'added', COMMIT, 0],
              ['build', 'added', COMMIT, 1],
              ['build', 'made', 'made__dwh_next', 0],
              ['build', 'made', COMMIT, 0],
              ['seed', 'rates', bringsRows, 0],
              ['seed', 'rates', COMMIT, 0],
              ['load', 'source:raw.events', bringsRows, 0],
              ['load', 'source:raw.events', COMMIT, ofTheLock],
            ] as const;
            for (const [index, [command, select, query, others]] of cuts.entries()) {
              await shop.write(`events/${index}.json`, line(index + 2));
              proxy.cut(query, when, others);
              // By it the ledger tells what the run itself has loaded.
              const invocationId = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
              await shop.succeeds(command, { select, invocationId });
              assert.is(proxy.cuts(), index + 1, `${command} ${query}`);
            }
            assert.equal(
              [await shop.table('added'), await shop.table('made'), await shop.table('rates')],
              [[['1'], ['1'], ['1'], ['1']], [['1']], [['1']]],
            );
            const count = String(cuts.length + 1);
            assert.equal(await shop.rows('select count(*), count(distinct ts) from landing.events'), [[count, count]]);
            assert.equal(await shop.relations(), ['added (table)', 'made (table)', 'rates (table)']);
          } finally {
            await proxy.close();
          }
        },
      );

  if (!sessionsOf) return;

  /** Runs while `table` is locked, and until `act` was done. */
  async function whileLocked<T>(shop: Shop, table: string, run: () => Promise<T>, act: () => Promise<unknown>): Promise<T> {
    await shop.rows(`begin; lock table ${table}`);
    const running = run();
    try {
      await act();
    } finally {
      await shop.rows('commit');
    }
    return running;
  }

  scenario('eight threads are eight statements at once on the server', async (open) => {
    const files = Array.from({ length: 10 }, (_, n) => [`models/m${n}.sql`, `${config('table')}select count(*) as n from analytics.gate`]);
    const shop = await open(Object.fromEntries(files), { target: { threads: 8 } });
    await shop.rows('create table gate as select 1 as id');
    const { waiting } = sessionsOf(shop.target);
    await whileLocked(
      shop,
      'gate',
      () => shop.succeeds('run'),
      () => wait('eight wait', async () => (await waiting()) === 8),
    );
    assert.is((await shop.relations()).length, 11);
  });

  scenario('sessions that the server ends in the middle: the work is done again, once', async (open) => {
    const shop = await open({
      ...events,
      'models/added.sql': `${config('incremental')}select ts from analytics.gate`,
      'models/made.sql': `${config('table')}select ts from analytics.gate`,
      'tests/tested.sql': "select ts from {{ ref('made') }} where ts < (select min(ts) from analytics.gate)",
    });
    await shop.rows('create table gate as select 1 as ts');
    await shop.succeeds('build');
    const { waiting, terminate } = sessionsOf(shop.target);
    for (const [command, table, count] of [
      ['run', 'gate', 2],
      ['build', 'gate', 2],
      ['load', 'landing.events', 1],
    ] as const) {
      await shop.write(`events/${command}.json`, line(command.length));
      const cut = async (): Promise<void> => {
        await wait('all wait', async () => (await waiting()) >= count);
        assert.is((await terminate()) >= count, true);
      };
      await whileLocked(shop, table, () => shop.succeeds(command), cut);
    }
    assert.equal([await shop.table('added'), await shop.table('made')], [[['1'], ['1'], ['1']], [['1']]]);
    assert.equal(await shop.rows('select count(*), (select count(*) from _dwh.load_files) from landing.events'), [['4', '4']]);
    assert.equal(await shop.relations(), ['added (table)', 'gate (table)', 'made (table)']);
  });

  const failing = hasPlpgsql ? scenario : () => undefined;
  failing('serialization failures: the whole node again, until it goes through or has failed often enough', async (open) => {
    const shop = await open({
      'models/sources.yml': EVENTS,
      'events/a.json': line(1),
      'models/added.sql': `${config('incremental', "post_hook='select analytics.flaky()'")}select 1 as n`,
      'models/made.sql': `${config('table')}select analytics.flaky() as n`,
      'tests/tested.sql': "select n from {{ ref('made') }} where analytics.flaky() < 0",
    });
    const failUntil = (n: number): Promise<unknown> =>
      shop.rows(`drop sequence if exists tries; create sequence tries; create or replace function flaky() returns int volatile language plpgsql as $$ begin
if nextval('analytics.tries') < ${n} then raise exception 'could not serialize access' using errcode = '40001'; end if; return 1; end $$`);
    await failUntil(1);
    await shop.succeeds('build');
    await shop.rows(`create function flaky_row() returns trigger language plpgsql as 'begin perform analytics.flaky(); return new; end';
create trigger flaky before insert on landing.events for each row execute function flaky_row()`);
    await shop.write('events/b.json', line(2));
    for (const [command, select] of [
      ['run', 'added'],
      ['build', 'made'],
      ['build', 'added'],
      ['load', undefined],
    ] as const) {
      await failUntil(3);
      const events = await shop.run(command, select === undefined ? {} : { select });
      assert.is(
        Object.values(statuses(events)).every((status) => status === 'success' || status === 'pass'),
        true,
        JSON.stringify(statuses(events)),
      );
      const again = events.flatMap((event) => (event.type === 'note' && event.message.includes('is tried again') ? [event.message] : []));
      assert.is(again.length, 2, again.join('\n'));
      assert.match(again[0] ?? '', 'could not serialize access (try 2 of 6)');
    }
    assert.equal(await shop.rows('select count(*), (select count(*) from landing.events) from added'), [['3', '2']]);
    await failUntil(1000);
    const { status, message } = results(await shop.run('run', { select: 'added' })).get('model.shop.added' as never) ?? {};
    assert.equal([status, message], ['error', '40001: could not serialize access']);
    assert.equal(await shop.rows('select count(*) from added'), [['3']]);
    assert.equal(await shop.relations(), ['added (table)', 'made (table)']);
  });

  scenario(
    'processes on three targets load one table at once, and one of them is interrupted: every file once, nothing runs afterwards',
    async (open) => {
      const shop = await open({ 'models/sources.yml': EVENTS, 'events/a.json': line(1) });
      await shop.succeeds('load');
      await shop.write('events/b.json', line(2));
      const { waiting, running } = sessionsOf(shop.target);
      const start = async (schema: string) =>
        startCli(['load', '--target-path', schema, '--profiles-dir', await elsewhere(shop, schema)], { cwd: shop.dir });
      const third = await start('three');
      const [one, two] = [await start('one'), await start('two')];
      const all = [one, two, third].map((child) => ended(child));
      await whileLocked(
        shop,
        'landing.events',
        () => Promise.resolve(),
        async () => {
          await wait('three wait', async () => (await waiting()) === 3);
          third.kill('SIGINT');
          assert.is((await all[2])?.code, 130);
          await wait('two wait', async () => (await waiting()) === 2);
        },
      );
      for (const result of await Promise.all(all.slice(0, 2))) assert.is(result.code, 0, result.stdout + result.stderr);
      assert.equal(await shop.table('landing.events'), [['1'], ['2']]);
      assert.equal(await shop.rows('select count(*), sum(row_count) from _dwh.load_files'), [['2', '2']]);
      await wait('nothing runs', async () => (await running()) === 0);
    },
  );
};
