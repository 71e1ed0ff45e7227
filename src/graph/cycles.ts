// Circles in the graph: nodes that the first order left over → each circle as a closed path, and the problem that shows it.
import { type Location, locationText } from '../core/location.ts';
import type { UniqueId } from '../core/node.ts';
import type { Problem } from '../core/problem.ts';
import { type Dependent, firstOrder } from './topological-order.ts';

/** More circles than a user fixes at once are not looked for. */
const maxCycles = 10;

/** Each node depends on the next, the last on the first. The smallest id stands first. */
export type Cycle = readonly Dependent[];

/** Circles that share no node; empty when there is an order. */
export function findCycles(nodes: readonly Dependent[]): readonly Cycle[] {
  const cycles: Cycle[] = [];
  let left = stuck(nodes, firstOrder(nodes).left);
  while (left.length > 0 && cycles.length < maxCycles) {
    const cycle = walkToCycle(left);
    cycles.push(cycle);
    const closed = new Set(cycle);
    const rest = left.filter((node) => !closed.has(node));
    left = stuck(rest, firstOrder(rest).left);
  }
  return cycles;
}

function stuck(nodes: readonly Dependent[], left: readonly UniqueId[]): readonly Dependent[] {
  const ids = new Set(left);
  return nodes.filter((node) => ids.has(node.unique_id));
}

/** Every node given has a dependency among those given, so following any one of them must come back to a node seen before. */
function walkToCycle(nodes: readonly Dependent[]): Cycle {
  const byId = new Map(nodes.map((node) => [node.unique_id, node]));
  const seen = new Map<UniqueId, number>();
  const path: Dependent[] = [];
  let node = nodes[0];
  while (node && !seen.has(node.unique_id)) {
    seen.set(node.unique_id, path.length);
    path.push(node);
    node = node.depends_on.map((id) => byId.get(id)).find((parent) => parent !== undefined);
  }
  const circle = path.slice(node && seen.get(node.unique_id));
  const smallest = circle.reduce((best, one, index) => (one.unique_id < (circle[best]?.unique_id ?? '') ? index : best), 0);
  return [...circle.slice(smallest), ...circle.slice(0, smallest)];
}

/** Of a long circle its beginning and end. */
const shownLinks = 40;

function shortened<T>(items: readonly T[], between: (count: number) => T): readonly T[] {
  if (items.length <= shownLinks) return items;
  const half = shownLinks / 2;
  return [...items.slice(0, half), between(items.length - shownLinks), ...items.slice(-half)];
}

/** `place` says where a node names the next one, `name` what users call a node. */
export function cycleProblem(
  cycle: Cycle,
  name: (id: UniqueId) => string,
  place: (from: UniqueId, to: UniqueId) => Location | undefined,
): Problem {
  const links = cycle.map((node, index) => {
    const next = cycle[(index + 1) % cycle.length] ?? node;
    return { from: node.unique_id, to: next.unique_id, at: place(node.unique_id, next.unique_id) };
  });
  const [first] = links;
  const names = shortened(
    cycle.map((node) => name(node.unique_id)),
    (count) => `… ${count} more …`,
  );
  const path = [...names, ...(first ? [name(first.from)] : [])].join(' → ');
  return {
    code: 'graph-cycle',
    message: cycle.length === 1 ? `a node depends on itself: ${path}` : `these nodes depend on one another in a circle: ${path}`,
    ...(first?.at && { at: first.at }),
    detail: shortened(
      links.map(({ from, to, at }) => `${at ? `${locationText(at)}: ` : ''}${name(from)} refers to ${name(to)}`),
      (count) => `… ${count} more …`,
    ),
    hint:
      cycle.length === 1
        ? 'A model reads its own table as {{ this }}'
        : 'Take one of these references out, or move what both sides need into a model of its own',
  };
}
