// The order of the graph. An iterative pass (Kahn's) finds a first order, or what is left over in circles; `toposort`, fed
// in that order, meets every node's children already placed, so its recursion stays one deep and a chain of any length works.
import toposort from 'toposort';
import type { UniqueId } from '../core/node.ts';

/** What ordering needs of a node. */
export interface Dependent {
  readonly unique_id: UniqueId;
  readonly depends_on: readonly UniqueId[];
}

/** Ids in an order that puts every node behind those it depends on; `left`: nodes on circles or behind them, in the order given. */
export interface FirstOrder {
  readonly order: readonly UniqueId[];
  readonly left: readonly UniqueId[];
}

/** Dependencies outside `nodes` are taken as met. Ties keep the order given. */
export function firstOrder(nodes: readonly Dependent[]): FirstOrder {
  const open = new Map<UniqueId, number>(nodes.map((node) => [node.unique_id, 0]));
  const children = new Map<UniqueId, UniqueId[]>();
  for (const { unique_id, depends_on } of nodes) {
    const parents = new Set(depends_on.filter((parent) => open.has(parent)));
    open.set(unique_id, parents.size);
    for (const parent of parents) {
      const known = children.get(parent);
      if (known) known.push(unique_id);
      else children.set(parent, [unique_id]);
    }
  }
  const order = [...open].filter(([, parents]) => parents === 0).map(([id]) => id);
  for (const id of order) {
    for (const child of children.get(id) ?? []) {
      const parents = (open.get(child) ?? 0) - 1;
      open.set(child, parents);
      if (parents === 0) order.push(child);
    }
  }
  return { order, left: [...open].filter(([, parents]) => parents > 0).map(([id]) => id) };
}

/** The order that everything downstream goes by. `first` is an order without circles of the same nodes. */
export function topologicalOrder(nodes: readonly Dependent[], first: readonly UniqueId[]): readonly UniqueId[] {
  const known = new Set(first);
  const edges = nodes.flatMap(({ unique_id, depends_on }) =>
    depends_on.filter((parent) => known.has(parent)).map((parent): [UniqueId, UniqueId] => [parent, unique_id]),
  );
  return toposort.array(first, edges);
}
