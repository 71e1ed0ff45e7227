import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Manifest } from '../../src/core/manifest.ts';
import type { Node, UniqueId } from '../../src/core/node.ts';
import { type Schedule, type ScheduleOptions, type Step, schedule } from '../../src/graph/schedule.ts';
import { anyProject, chain, dataTest, layers, linked, model, seed, source, unitTest } from './builders.ts';

const test = suite('graph/schedule');

const plan = (manifest: Manifest, chosen: Iterable<string> = manifest.nodes.keys(), options: Partial<ScheduleOptions> = {}): Schedule => {
  const ids = new Set<string>(chosen);
  const known = [...manifest.nodes.keys()].filter((id) => ids.has(id) || ids.has(manifest.nodes.get(id)?.name ?? ''));
  return schedule(manifest, known, { command: 'build', publish: undefined, weights: new Map(), ...options });
};

const name = (id: string): string => id.split('.').at(-1) ?? id;

/** 'a published', 'unique_a passed', …, each step's in alphabetical order. */
const waits = (found: Schedule): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(found.steps.map((step) => [name(step.node), step.after.map((wait) => `${name(wait.node)} ${wait.until}`).sort()]));
const gates = (found: Schedule): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(found.steps.filter((step) => step.gates.length > 0).map((step) => [name(step.node), step.gates.map(name)]));

const shop = linked([
  source('raw.orders', { load: true }),
  seed('countries'),
  model('stg_orders', { sources: ['raw.orders'] }),
  model('int_orders', { refs: ['stg_orders', 'countries'], materialized: 'ephemeral' }),
  model('fact_orders', { refs: ['int_orders'] }),
  model('report', { refs: ['fact_orders'] }),
  dataTest('source_fine', { on: 'raw.orders' }),
  dataTest('unique_stg', { on: 'stg_orders' }),
  dataTest('unique_int', { on: 'int_orders' }),
  dataTest('reconciles', { refs: ['fact_orders', 'stg_orders'] }),
]);

// Behind an ephemeral model whose test has waited for what is above it, waiting for the test is enough.
test('build, tested: a test gates the last node it reads and waits for the others to be public', () => {
  const found = plan(shop);
  assert.equal(gates(found), { stg_orders: ['unique_stg'], fact_orders: ['reconciles'] });
  assert.equal(waits(found), {
    orders: [],
    countries: [],
    source_fine: ['orders published'],
    stg_orders: ['orders published', 'source_fine passed'],
    unique_stg: ['stg_orders staged'],
    unique_int: ['countries published', 'stg_orders published'],
    fact_orders: ['unique_int passed'],
    reconciles: ['fact_orders staged', 'stg_orders published'],
    report: ['fact_orders published'],
  });
  assert.is(found.steps.find((step) => name(step.node) === 'reconciles')?.gated, 'model.shop.fact_orders');
});

test('build, always: nothing is gated, and a test blocks what is downstream of all that it reads', () => {
  const found = plan(shop, undefined, { publish: 'always' });
  assert.equal(gates(found), {});
  assert.equal(waits(found).unique_stg, ['stg_orders published']);
  assert.equal(waits(found).fact_orders, ['unique_int passed']);
  assert.equal(waits(found).report, ['fact_orders published', 'reconciles passed']);
});

test('the option goes before the config of a node', () => {
  const manifest = linked([model('a', { config: { publish: 'always' } }), model('b', { refs: ['a'] }), dataTest('t', { on: 'a' })]);
  assert.equal(gates(plan(manifest)), {});
  assert.equal(waits(plan(manifest)).b, ['a published', 't passed']);
  assert.equal(gates(plan(manifest, undefined, { publish: 'tested' })), { a: ['t'] });
});

test('a test on two nodes blocks only what is below both', () => {
  const manifest = linked([
    model('a'),
    model('b'),
    model('only_a', { refs: ['a'] }),
    model('both', { refs: ['b', 'only_a'] }),
    model('below', { refs: ['both'] }),
    dataTest('relationships', { on: 'a', refs: ['b'] }),
  ]);
  const found = waits(plan(manifest, undefined, { publish: 'always' }));
  assert.equal(found.only_a, ['a published']);
  assert.equal(found.both, ['b published', 'only_a published', 'relationships passed']);
  assert.equal(found.below, ['both published']);
});

test('outside a build nothing gates and nothing blocks', () => {
  for (const command of ['run', 'test', 'seed', 'load']) {
    const found = plan(shop, undefined, { command });
    assert.equal(gates(found), {});
    assert.ok(Object.values(waits(found)).every((after) => after.every((wait) => wait.endsWith(' published'))));
  }
});

test('waits pass through what is not chosen, ephemeral or not loaded', () => {
  const manifest = linked([
    source('raw.x'),
    model('a', { sources: ['raw.x'] }),
    model('b', { refs: ['a'] }),
    model('c', { refs: ['b'], materialized: 'ephemeral' }),
    model('d', { refs: ['c'] }),
  ]);
  assert.equal(waits(plan(manifest, ['x', 'a', 'c', 'd'])), { a: [], d: ['a published'] });
});

test('a test that reads a node also through an ephemeral model or an unchosen view sees it published, and gates nothing', () => {
  const manifest = linked([
    model('a'),
    model('thin', { refs: ['a'], materialized: 'ephemeral' }),
    model('view', { refs: ['a'], materialized: 'view' }),
    dataTest('t', { refs: ['a', 'thin'] }),
    dataTest('u', { refs: ['a', 'view'] }),
  ]);
  const found = plan(manifest, ['a', 't', 'u']);
  assert.equal(gates(found), {});
  assert.equal(waits(found), { a: [], t: ['a published'], u: ['a published'] });
});

test('two tests that read each the other’s node do not wait for one another', () => {
  const manifest = linked([model('a'), model('b'), dataTest('t', { refs: ['a', 'b'] }), dataTest('u', { refs: ['b', 'a'] })]);
  assert.equal(gates(plan(manifest)), { b: ['t', 'u'] });
});

test('a test on nodes that are not built runs at once, and blocks what is below them', () => {
  const manifest = linked([source('raw.x'), model('a', { sources: ['raw.x'] }), dataTest('t', { on: 'raw.x' }), dataTest('free')]);
  assert.equal(waits(plan(manifest)), { t: [], free: [], a: ['t passed'] });
});

test('hooks, analyses, ephemeral models and sources without load are not steps', () => {
  const analysis = { ...model('question'), resource_type: 'analysis' } as unknown as Node;
  const manifest = linked([source('raw.x'), model('a', { materialized: 'ephemeral' }), analysis, model('b')]);
  assert.equal(
    plan(manifest).steps.map((step) => name(step.node)),
    ['b'],
  );
});

test('what the longest chain waits for comes first; times of the last run decide, and the average stands for those not known', () => {
  const manifest = linked([model('short'), model('long'), model('end', { refs: ['long'] })]);
  const order = (weights: Readonly<Record<string, number>>) => {
    const ids = new Map(
      [...manifest.nodes.keys()].flatMap((id): [UniqueId, number][] =>
        weights[name(id)] === undefined ? [] : [[id, weights[name(id)] ?? 0]],
      ),
    );
    return plan(manifest, undefined, { weights: ids }).steps.map((step) => [name(step.node), step.priority]);
  };
  assert.equal(order({}), [
    ['long', 2],
    ['short', 1],
    ['end', 1],
  ]);
  assert.equal(order({ short: 100, long: 10, end: 20 }), [
    ['short', 100],
    ['long', 30],
    ['end', 20],
  ]);
  assert.equal(order({ short: 50, long: 10 }), [
    ['short', 50],
    ['long', 40],
    ['end', 30],
  ]);
});

test('the priority of a node counts the tests that hold it back', () => {
  const manifest = linked([model('a'), model('b'), model('c', { refs: ['b'] }), dataTest('slow', { on: 'b' })]);
  const weights = new Map(
    Object.entries({ 'model.shop.a': 30, 'model.shop.b': 10, 'model.shop.c': 10, 'test.shop.slow': 20 }) as [UniqueId, number][],
  );
  const found = plan(manifest, undefined, { weights }).steps.map((step) => [name(step.node), step.priority]);
  assert.equal(found, [
    ['b', 40],
    ['a', 30],
    ['slow', 30],
    ['c', 10],
  ]);
});

test('a chain of 10,000 and layers of 10,000 with tests are scheduled', () => {
  const long = chain(10_000);
  const tested = [...long, ...long.map(({ name: on }) => dataTest(`t_${on}`, { on }))];
  const manifest = linked(tested);
  assert.is(plan(manifest).steps.length, 20_000);
  assert.is(plan(manifest, undefined, { publish: 'always' }).steps[0]?.priority, 20_000);
  const onlyTests = plan(
    manifest,
    [...manifest.nodes.keys()].filter((id) => id.startsWith('test.')),
  );
  assert.ok(onlyTests.steps.every((step) => step.after.length <= 1));
  const wide = layers(100, 100);
  const related = wide.map(({ name: on }, index) => dataTest(`t_${on}`, { on, refs: [`m${(index * 17 + 5) % 10_000}`] }));
  assert.is(plan(linked([...wide, ...related]), undefined, { publish: 'always' }).steps.length, 20_000);
});

test('build: a unit test waits for what its model waits for, and holds up the model, or what is behind an ephemeral one', () => {
  const manifest = linked([
    seed('countries'),
    model('stg', { refs: ['countries'] }),
    model('int', { refs: ['stg'], materialized: 'ephemeral' }),
    model('fact', { refs: ['int'] }),
    unitTest('of_stg', 'stg'),
    unitTest('of_int', 'int'),
    unitTest('of_fact', 'fact'),
    dataTest('unique_stg', { on: 'stg' }),
  ]);
  assert.equal(waits(plan(manifest)), {
    countries: [],
    of_stg: ['countries published'],
    stg: ['countries published', 'of_stg passed'],
    unique_stg: ['stg staged'],
    of_int: ['stg published'],
    of_fact: ['of_int passed', 'stg published'],
    fact: ['of_fact passed', 'of_int passed', 'stg published'],
  });
  // Elsewhere, and where the model is not built, nobody waits for anybody.
  assert.equal(waits(plan(manifest, undefined, { command: 'test' })).of_stg, []);
  assert.equal(waits(plan(manifest, ['of_stg', 'fact'])), { of_stg: [], fact: [] });
});

const anyRun = fc.record({
  nodes: anyProject,
  chosen: fc.infiniteStream(fc.boolean()),
  all: fc.boolean(),
  command: fc.constantFrom('build', 'build', 'build', 'run'),
  publish: fc.constantFrom('tested', 'always', undefined),
  failing: fc.infiniteStream(fc.integer({ min: 0, max: 4 })),
});

test('property: whatever fails, every step comes to an end, and nothing is published before its gates have passed', () => {
  fc.assert(
    fc.property(anyRun, ({ nodes, chosen, all, command, publish, failing }) => {
      const manifest = linked(nodes);
      const ids = [...manifest.nodes.keys()].filter(() => chosen.next().value || all);
      const { steps } = schedule(manifest, ids, { command, publish: publish ?? undefined, weights: new Map() });
      const names = new Set(steps.map((step) => step.node));
      assert.is(names.size, steps.length);
      for (const step of steps) for (const wait of step.after) assert.ok(names.has(wait.node));
      const fails = new Set(steps.filter(() => failing.next().value === 0).map((step) => step.node));
      const ended = simulate(steps, fails);
      assert.is(ended.size, steps.length, 'a deadlock');
      for (const step of steps) {
        if (ended.get(step.node) !== 'done') continue;
        for (const gate of step.gates) assert.is(ended.get(gate), 'done');
        for (const wait of step.after) assert.ok(wait.until === 'staged' || ended.get(wait.node) === 'done');
      }
    }),
    { numRuns: 500 },
  );
});

/** The simplest executor: starts what may start, in the order given, until nothing moves. Returns what has ended, and how. */
function simulate(steps: readonly Step[], fails: ReadonlySet<UniqueId>): ReadonlyMap<UniqueId, 'done' | 'failed' | 'skipped'> {
  const staged = new Set<UniqueId>();
  const ended = new Map<UniqueId, 'done' | 'failed' | 'skipped'>();
  const isLost = (id: UniqueId): boolean => ended.has(id) && ended.get(id) !== 'done';
  for (let moved = true; moved; ) {
    moved = false;
    for (const step of steps) {
      if (ended.has(step.node)) continue;
      if (!staged.has(step.node)) {
        if (step.after.some((wait) => isLost(wait.node) && !(wait.until === 'staged' && staged.has(wait.node))))
          ended.set(step.node, 'skipped');
        else if (!step.after.every((wait) => (wait.until === 'staged' ? staged.has(wait.node) : ended.get(wait.node) === 'done'))) continue;
        else if (fails.has(step.node)) ended.set(step.node, 'failed');
        else staged.add(step.node);
        moved = true;
      } else if (step.gates.every((gate) => ended.has(gate))) {
        ended.set(step.node, step.gates.some(isLost) ? 'failed' : 'done');
        moved = true;
      }
    }
  }
  return ended;
}

test('property: steps stand in an order of falling priority in which none stands before one that it waits for', () => {
  fc.assert(
    fc.property(anyRun, fc.infiniteStream(fc.integer({ min: 0, max: 50 })), ({ nodes, chosen, all, command, publish }, times) => {
      const manifest = linked(nodes);
      const ids = [...manifest.nodes.keys()].filter(() => chosen.next().value || all);
      const weights = new Map(ids.map((id) => [id, times.next().value ?? 0]));
      const { steps } = schedule(manifest, ids, { command, publish: publish ?? undefined, weights });
      const seen = new Set<UniqueId>();
      let priority = Number.POSITIVE_INFINITY;
      for (const step of steps) {
        assert.ok(step.priority <= priority);
        priority = step.priority;
        for (const wait of step.after) assert.ok(seen.has(wait.node));
        seen.add(step.node);
      }
    }),
    { numRuns: 300 },
  );
});

test('property: a built node comes after every built node above it, and in a build with always after the tests below which it lies', () => {
  fc.assert(
    fc.property(anyRun, ({ nodes, chosen, all, command, publish }) => {
      const manifest = linked(nodes);
      const ids = [...manifest.nodes.keys()].filter(() => chosen.next().value || all);
      const { steps } = schedule(manifest, ids, { command, publish: publish ?? undefined, weights: new Map() });
      const byId = new Map(steps.map((step) => [step.node, step]));
      for (const step of steps) {
        const up = above(manifest, step.node);
        const waited = transitive(step.node, byId);
        const isTest = step.node.startsWith('test.');
        const model = step.node.startsWith('unit_test.') ? manifest.nodes.get(step.node)?.depends_on[0] : undefined;
        for (const id of byId.keys()) {
          if (!id.startsWith('test.')) {
            // A test may read through what it gates; for all else, being above is being before. A unit test comes before its
            // model, and in a build only behind what the model waits for.
            const isAbove = model === undefined ? up.has(id) : command === 'build' && byId.has(model) && id !== model && up.has(id);
            if (isAbove) assert.ok(waited.has(id), `${step.node} should wait for ${id}`);
            continue;
          }
          const on = manifest.nodes.get(id)?.depends_on ?? [];
          const isBelowAll = on.length > 0 && on.every((one) => up.has(one));
          if (command === 'build' && isBelowAll && !isTest && model === undefined)
            assert.ok(waited.has(id), `${step.node} should wait for ${id}`);
          if (publish === 'always' && !isTest && model === undefined && waited.has(id))
            assert.ok(isBelowAll, `${step.node} should not wait for ${id}`);
        }
      }
    }),
    { numRuns: 300 },
  );
});

function above(manifest: Manifest, id: UniqueId): ReadonlySet<UniqueId> {
  const found = new Set<UniqueId>();
  const open = [id];
  for (const one of open)
    for (const parent of manifest.nodes.get(one)?.depends_on ?? [])
      if (!found.has(parent)) {
        found.add(parent);
        open.push(parent);
      }
  return found;
}

/** A step that waits for a publication waits for its gates too. */
function transitive(id: UniqueId, steps: ReadonlyMap<UniqueId, Step>): ReadonlySet<UniqueId> {
  const found = new Set<UniqueId>();
  const open = [id];
  for (const one of open)
    for (const wait of steps.get(one)?.after ?? [])
      for (const next of [wait.node, ...(wait.until === 'published' ? (steps.get(wait.node)?.gates ?? []) : [])])
        if (!found.has(next)) {
          found.add(next);
          open.push(next);
        }
  return found;
}

test.run();
