// Loads by COPY that are disturbed: each object is loaded once, whatever is cut off, and at whatever statement. On the stand-in.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Fault } from '../stand-in/database.ts';
import { loadedOf } from './project.ts';
import { type Context, ledger, loading, onStandIn, type Project, put, row, rows, spec } from './redshift-project.ts';

const test = suite<Context>('loads: COPY on Redshift, disturbed');
onStandIn(test);

/** Each fault at each statement; else they take turns. */
const EACH = process.env.DWH_TEST_FAULTS === 'each';
const FAULTS: readonly Fault[] = [
  { cut: 'before' },
  { cut: 'after' },
  {
    error: { sqlstate: 'XX000', message: '1023', detail: 'Serializable isolation violation on table - 1, transactions forming the cycle' },
  },
  { error: { sqlstate: 'XX000', message: 'could not open relation with OID 100100' } },
];

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
  for (const one of EACH ? FAULTS : [undefined]) {
    let hit: string | undefined = '';
    for (let nth = 1; hit !== undefined; nth++) {
      const fault = one ?? FAULTS[nth % FAULTS.length];
      assert.ok(fault);
      await context.client.rows('drop schema if exists raw_data cascade; drop schema if exists _dwh cascade');
      hit = undefined;
      let seen = 0;
      let loads = true;
      context.standIn.database.faults.length = 0;
      context.standIn.plan({
        when: (_statement, sql) => {
          // Of an open connection: one that cannot be opened is tried again by the profile's retries.
          if (!loads || sql.startsWith('set ') || ++seen !== nth) return false;
          hit = sql;
          return true;
        },
        fault,
      });
      await whole(context, {
        ...project,
        load: async () => {
          const done = await project.load();
          loads = false;
          return done;
        },
      }).catch((error: unknown) => {
        throw new Error(`${JSON.stringify(fault)} at ${nth}: ${hit}`, { cause: error });
      });
      if (hit === undefined) assert.ok(nth > 25, String(nth));
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

test.run();
