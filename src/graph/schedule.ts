// What runs, what it waits for, and what holds it back: manifest + chosen ids → steps, as plain data. The engine executes
// them; nothing here knows how.
//
// No step can wait for itself, because all waits go down one order: the nodes in the manifest's order, each behind its unit
// tests and followed by the tests that gate it, then by the tests that have waited for it and gate nothing. A node publishes after its gates.
import type { Manifest } from '../core/manifest.ts';
import type { Node, UniqueId } from '../core/node.ts';
import { blockedByTests } from './blocked-by-tests.ts';
import { gatedNodes } from './gates.ts';
import { handOn, merged } from './handed-on.ts';
import { neighboursOf } from './neighbours.ts';
import { priorities } from './priorities.ts';
import type { Built, DraftStep, Publication, ReadingTest, Schedule, Step, Wait } from './steps.ts';

export type { Schedule, Step, Wait } from './steps.ts';

export interface ScheduleOptions extends Publication {
  /** Only in a 'build' do tests gate and block; elsewhere they run when what they read is done. */
  readonly command: string;
  /** Ms of the last run. */
  readonly weights: ReadonlyMap<UniqueId, number>;
}

function isBuilt(node: Node): boolean {
  switch (node.resource_type) {
    case 'model':
      return node.materialized !== 'ephemeral';
    case 'source':
      return node.load !== undefined;
    case 'test':
    case 'analysis':
    case 'unit_test':
    case 'operation':
      return false;
    default:
      return true;
  }
}

type Position = (id: UniqueId) => number;

/** Of what is chosen, whatever can be executed; hooks and analyses are not scheduled. */
export function schedule(manifest: Manifest, chosen: Iterable<UniqueId>, options: ScheduleOptions): Schedule {
  const wanted = new Set(chosen);
  const all = [...manifest.nodes.values()];
  const positions = new Map(all.map((node, index) => [node.unique_id, index]));
  const position: Position = (id) => positions.get(id) ?? -1;

  const nodes = all.filter((node) => node.resource_type !== 'test' && node.resource_type !== 'unit_test');
  const built: Built = new Map(nodes.filter((node) => wanted.has(node.unique_id) && isBuilt(node)).map((node) => [node.unique_id, node]));
  const tests = all
    .filter((node) => node.resource_type === 'test' && wanted.has(node.unique_id))
    .map((node): ReadingTest => ({ test: node.unique_id, on: [...node.depends_on].sort((a, b) => position(a) - position(b)) }))
    .sort((a, b) => position(lastRead(a)) - position(lastRead(b)));

  const builds = options.command === 'build';
  // Elsewhere they have nothing to wait for, and nothing waits for them.
  const unitTests = all.flatMap((node): readonly UnitStep[] => {
    const [model] = node.depends_on;
    return node.resource_type === 'unit_test' && wanted.has(node.unique_id) && model !== undefined
      ? [{ test: node.unique_id, model, blocks: builds && wanted.has(model) }]
      : [];
  });
  const gated = builds ? gatedNodes(tests, nodes, built, position, options) : new Map<UniqueId, UniqueId>();
  const blocking = builds ? tests.filter(({ test, on }) => on.length > 0 && !gated.has(test)) : [];
  const blocked = blockedByTests(blocking, nodes, neighboursOf(manifest));
  const drafts = inOneOrder(draftSteps(nodes, built, tests, gated, blocked, unitTests), built, position, unitTests);

  const kinds = new Map(drafts.map(({ node }) => [node, manifest.nodes.get(node)?.resource_type ?? '']));
  const priority = priorities(drafts, kinds, options.weights);
  const steps = drafts.map((draft): Step => ({ ...draft, priority: priority.get(draft.node) ?? 0 }));
  // The sort is stable: steps of one priority stay in the one order.
  return { steps: steps.sort((a, b) => b.priority - a.priority) };
}

interface UnitStep {
  readonly test: UniqueId;
  readonly model: UniqueId;
  /** The model is built, and only when it has passed. */
  readonly blocks: boolean;
}

/** A test that reads nothing has only itself. */
const lastRead = ({ test, on }: ReadingTest): UniqueId => on.at(-1) ?? test;

function draftSteps(
  nodes: readonly Node[],
  built: Built,
  tests: readonly ReadingTest[],
  gated: ReadonlyMap<UniqueId, UniqueId>,
  blocked: ReadonlyMap<UniqueId, readonly UniqueId[]>,
  unitTests: readonly UnitStep[],
): readonly DraftStep[] {
  const reads = new Map(tests.map(({ test, on }) => [test, on]));
  const published = new Map([...built.keys()].map((node): [UniqueId, Wait] => [node, { node, until: 'published' }]));
  const passed = new Map([...tests, ...unitTests].map(({ test }): [UniqueId, Wait] => [test, { node: test, until: 'passed' }]));
  const unitTestsOf = new Map<UniqueId, UniqueId[]>();
  for (const { test, model, blocks } of unitTests) if (blocks) unitTestsOf.set(model, [...(unitTestsOf.get(model) ?? []), test]);
  // A test that blocks has itself waited for all that stands before what it reads.
  const { before, from } = handOn(
    nodes,
    (id) => published.get(id),
    (id) => {
      const own = unitTestsOf.get(id);
      const by = own ? [...(blocked.get(id) ?? []), ...own] : blocked.get(id);
      return by && { things: by.flatMap((test) => passed.get(test) ?? []), covers: new Set(by.flatMap((test) => reads.get(test) ?? [])) };
    },
  );
  const gates = new Map<UniqueId, UniqueId[]>();
  for (const [test, node] of gated) gates.set(node, [...(gates.get(node) ?? []), test]);

  const nodeSteps = [...built.values()].map((node): DraftStep => {
    return { node: node.unique_id, after: [...before(node)], gates: gates.get(node.unique_id) ?? [] };
  });
  // As its model would: of what it reads, types are taken.
  const byId = new Map(nodes.map((node) => [node.unique_id, node]));
  const unitSteps = unitTests.map(({ test, model, blocks }): DraftStep => {
    const above = (byId.get(model)?.depends_on ?? []).map(from);
    const blockers = new Set((blocked.get(model) ?? []).flatMap((id) => passed.get(id) ?? []));
    return { node: test, after: blocks ? [...merged([...above, blockers])] : [], gates: [] };
  });
  const testSteps = tests.map(({ test, on }): DraftStep => {
    const gate = gated.get(test);
    if (gate === undefined) return { node: test, after: [...merged(on.map(from))], gates: [] };
    const others = merged(on.filter((id) => id !== gate).map(from));
    return { node: test, after: [{ node: gate, until: 'staged' }, ...others], gates: [], gated: gate };
  });
  return [...nodeSteps, ...unitSteps, ...testSteps];
}

/** `steps`: nodes, unit tests, then tests in the order of what they read last, so that a test stands behind those that block it. */
function inOneOrder(steps: readonly DraftStep[], built: Built, position: Position, unitTests: readonly UnitStep[]): readonly DraftStep[] {
  const modelOf = new Map(unitTests.map(({ test, model }) => [test, model]));
  const places = new Map<UniqueId, number>();
  const placed = steps.map((step, index) => {
    const model = modelOf.get(step.node);
    const kind = model !== undefined ? -1 : built.has(step.node) ? 0 : step.gated === undefined ? 2 : 1;
    const waits = step.after.map((wait) => places.get(wait.node) ?? -1);
    const place =
      built.has(step.node) || model !== undefined ? position(model ?? step.node) : waits.reduce((most, one) => Math.max(most, one), -1);
    places.set(step.node, place);
    return { step, place, kind, index };
  });
  placed.sort((a, b) => a.place - b.place || a.kind - b.kind || a.index - b.index);
  // A test may wait for one that only a unit test holds up, and that stands behind it so far.
  const byNode = new Map(placed.map(({ step }) => [step.node, step]));
  const ordered = new Set<DraftStep>();
  const add = (step: DraftStep): void => {
    if (ordered.has(step)) return;
    for (const { node } of step.after) {
      const first = byNode.get(node);
      if (first && !ordered.has(first)) add(first);
    }
    ordered.add(step);
  };
  for (const { step } of placed) add(step);
  return [...ordered];
}
