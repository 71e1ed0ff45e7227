import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { duckdbDialect as dialect } from '../../src/adapters/duckdb/dialect.ts';
import { type BatchSize, batchesBetween, momentText, type Span, within } from '../../src/core/batch.ts';
import { ConfigReader } from '../../src/core/config-reader.ts';
import {
  type BatchedConfig,
  batchesOf,
  batchPlan,
  heapPlan,
  heapSteps,
  incrementalConfig,
  type Task,
} from '../../src/materializations/index.ts';
import { type Ground, ground, main } from './plans.ts';

const test = suite('materializations: microbatch');
const HOUR = 3_600_000;
const orders = main('orders');

interface Event {
  readonly id: number;
  readonly hour: number;
}
const FROM = Date.UTC(2023, 11, 30);
const DAYS = 4;
const event = fc.record({ id: fc.integer({ min: 0, max: 5 }), hour: fc.integer({ min: 0, max: 24 * DAYS - 1 }) });

function configOf(size: BatchSize, more: Readonly<Record<string, unknown>> = {}): BatchedConfig {
  const values = { incremental_strategy: 'microbatch', event_time: 'seen', begin: '2023-12-30', batch_size: size, ...more };
  const config = incrementalConfig(new ConfigReader(values, { locate: () => undefined, problems: [] }));
  if (!config.batches) throw new Error('no batches');
  return { ...config, batches: config.batches };
}

async function arrive(at: Ground, events: readonly Event[]): Promise<void> {
  const rows = events.map(({ id, hour }) => `(${id}, '${momentText(FROM + hour * HOUR)}')`);
  if (rows.length > 0) await at.run(`insert into events values ${rows.join(', ')}`);
}

async function taskOf(at: Ground, span: Span, more: Partial<Task> = {}): Promise<Task> {
  const sql = `select id, seen from events where ${within('seen', span)}`;
  const columns = await at.session.connection.columns(orders);
  return {
    relation: orders,
    sql,
    existing: columns && { relation: orders, kind: 'table' },
    columns: columns ?? [],
    incoming: await at.session.connection.describe(sql),
    fullRefresh: false,
    options: {},
    reshaped: false,
    gated: false,
    ...more,
  };
}

async function one(at: Ground, config: BatchedConfig, span: Span): Promise<void> {
  const { stage, publish, cleanup } = batchPlan(await taskOf(at, span), config, span, dialect);
  await at.carryOut([...stage, ...publish, ...cleanup]);
}

/** All of these batches at once; returns what the tests would have read. */
async function together(at: Ground, config: BatchedConfig, spans: readonly Span[], fullRefresh: boolean): Promise<readonly string[]> {
  for (const [index, span] of spans.entries())
    await at.carryOut(heapSteps(await taskOf(at, span, { fullRefresh, gated: true }), config, span, index === 0, dialect));
  const [first] = spans;
  if (!first) return [];
  const plan = heapPlan(await taskOf(at, first, { fullRefresh, gated: true }), config, spans, dialect);
  await at.carryOut(plan.stage);
  const { rows } = await at.contents(plan.candidate);
  await at.carryOut([...plan.publish, ...plan.cleanup]);
  return rows;
}

test('batch by batch, in any order of late data and of batches, the table is that of a full refresh', async () => {
  const at = await ground();
  const sizes = fc.constantFrom<BatchSize[]>('hour', 'day', 'month', 'year');
  const waves = fc.array(fc.record({ events: fc.array(event, { maxLength: 3 }), atOnce: fc.boolean(), order: fc.nat() }), {
    minLength: 1,
    maxLength: 2,
  });
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 3 }), waves, sizes, async (first, later, size) => {
      const config = configOf(size);
      await at.run('drop table if exists orders; create or replace table events (id integer, seen timestamp)');
      await arrive(at, first);
      const end = FROM + DAYS * 24 * HOUR;
      const all = batchesOf(config.batches, undefined, end, false);
      // Hours in which nothing happens say nothing: their batches are left out, but for the first, which makes the table.
      const touched = (events: readonly Event[]): readonly Span[] =>
        all.filter((span) => events.some(({ hour }) => FROM + hour * HOUR >= span.start && FROM + hour * HOUR < span.end));
      for (const span of [...all.slice(0, 1), ...touched(first)]) await one(at, config, span);
      for (const { events, atOnce, order } of later) {
        await arrive(at, events);
        const late = [...touched(events)].sort((a, b) => ((a.start ^ order) % 7) - ((b.start ^ order) % 7));
        if (atOnce && late.length > 0) {
          const candidate = await together(at, config, late, false);
          assert.equal((await at.contents(orders)).rows, candidate);
        } else for (const span of late) await one(at, config, span);
      }
      const { rows } = await at.contents(orders);
      const refreshed = await together(
        at,
        config,
        [...all.slice(0, 1), ...touched([...first, ...later.flatMap(({ events }) => events)])],
        true,
      );
      assert.equal(rows, refreshed);
      assert.equal((await at.contents(orders)).rows, refreshed);
      assert.is(rows.length, first.length + later.reduce((sum, { events }) => sum + events.length, 0));
      assert.equal(await at.relations(), ['events', 'orders']);
    }),
    { numRuns: 200 },
  );
  await at.close();
});

test('with a unique_key what is published is what the tests read', async () => {
  const at = await ground();
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(event, { maxLength: 4, selector: ({ id }) => id }),
      fc.uniqueArray(event, { selector: ({ id }) => id }),
      async (first, late) => {
        const config = configOf('day', { unique_key: 'id', incremental_predicates: ['id <> 3'] });
        await at.run('drop table if exists orders; create or replace table events (id integer, seen timestamp)');
        await arrive(at, first);
        const all = batchesOf(config.batches, undefined, FROM + DAYS * 24 * HOUR, false);
        await at.run('create table orders as from events; delete from events');
        await arrive(at, late);
        await at.run('create or replace table before as from orders');
        const candidate = await together(at, config, all.slice(2), false);
        assert.equal((await at.contents(orders)).rows, candidate);
        await at.run('create or replace table orders as from before; drop table before');
        for (const span of all.slice(2)) await one(at, config, span);
        assert.equal((await at.contents(orders)).rows, candidate);
      },
    ),
    { numRuns: 200 },
  );
  await at.close();
});

test('batches lie end to end, from the one of the start to the one of the end', () => {
  const moment = fc.integer({ min: Date.UTC(1999, 0), max: Date.UTC(2031, 0) });
  const size = fc.constantFrom<BatchSize[]>('hour', 'day', 'month', 'year');
  fc.assert(
    fc.property(moment, fc.integer({ min: 0, max: 400 * HOUR }), size, (start, length, size) => {
      const { batches } = configOf(size);
      const spans = batchesOf(batches, { start, end: start + length + 1 }, 0, true);
      const [first, last] = [spans[0], spans.at(-1)];
      assert.ok(first && last);
      assert.ok(first.start <= start && start < first.end);
      assert.ok(last.start < start + length + 1 && start + length + 1 <= last.end);
      for (const [index, span] of spans.entries()) assert.is(spans[index + 1]?.start ?? span.end, span.end);
    }),
    { numRuns: 300 },
  );
});

test('a look back counts from the batch of this moment, which begins with its first ms', () => {
  const starts = (now: number, lookback: number, size: BatchSize): string[] =>
    batchesOf({ ...configOf(size).batches, lookback }, undefined, now, true).map(({ start }) => momentText(start));
  const march = Date.UTC(2024, 2, 1);
  assert.equal(starts(march + 1, 1, 'day'), ['2024-02-29 00:00:00+00:00', '2024-03-01 00:00:00+00:00']);
  assert.equal(starts(march, 1, 'day'), ['2024-02-28 00:00:00+00:00', '2024-02-29 00:00:00+00:00']);
  assert.equal(starts(march + 1, 0, 'month'), ['2024-03-01 00:00:00+00:00']);
  assert.equal(starts(march + 1, 2, 'month'), ['2024-01-01 00:00:00+00:00', '2024-02-01 00:00:00+00:00', '2024-03-01 00:00:00+00:00']);
  assert.equal(starts(march, 1, 'year'), ['2023-01-01 00:00:00+00:00', '2024-01-01 00:00:00+00:00']);
  assert.equal(starts(march, 0, 'hour'), ['2024-02-29 23:00:00+00:00']);
  assert.is(batchesBetween(march, march, 'day').length, 1);
});

test.run();
