import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Client, connect, value } from './client.ts';
import { serializationError } from './errors.ts';
import { StandIn } from './stand-in.ts';

const test = suite<{ standIn: StandIn; client: Client }>('the stand-in: faults');

test.before(async (context) => {
  context.standIn = await StandIn.start();
  context.client = await connect(context.standIn);
  await context.client.rows('create table t (n int)');
});
test.after(async ({ standIn, client }) => {
  await client.pg.end();
  await standIn.close();
});

test('an error at the n-th statement that a predicate on the tree finds, once', async ({ standIn, client }) => {
  standIn.plan(
    { when: ({ tree }) => tree?.kind === 'insert', nth: 2, fault: { error: serializationError('100200') } },
    { when: ({ kind }) => kind === 'select', fault: { error: { sqlstate: 'XX000', message: 'could not open relation with OID 100200' } } },
  );
  await client.rows('begin; insert into t values (1)');
  assert.is(await client.outcome('insert into t values (2)'), 'XX000 1023');
  assert.match(await client.outcome('insert into t values (3)'), '25P02 ');
  await client.rows('rollback');
  await client.rows('insert into t values (4)');
  assert.is(await client.outcome('select n from t'), 'XX000 could not open relation with OID 100200');
  assert.equal(await client.rows('select n from t'), [['4']]);
});

test('a connection that is lost before the commit takes the work with it; one lost behind it does not', async ({ standIn, client }) => {
  for (const [cut, kept] of [
    ['before', '0'],
    ['after', '1'],
  ] as const) {
    await client.rows('delete from t');
    standIn.plan({ when: ({ kind }) => kind === 'commit', fault: { cut } });
    const other = await connect(standIn);
    await other.rows('begin');
    await other.rows('insert into t values (1)');
    assert.match(await other.outcome('commit'), 'Connection terminated unexpectedly');
    // The lock of the lost session is gone when this one gets it.
    await client.rows('begin; lock table t; commit');
    assert.is(await value(client, 'select count(*) from t'), kept);
    assert.is(standIn.transcript.findLast(({ kind, session }) => kind === 'commit' && session > 0)?.outcome, 'lost');
  }
});

test.run();
