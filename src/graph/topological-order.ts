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
  const places = new Map<UniqueId, number>(nodes.map((node, place) => [node.unique_id, place]));
  const children: number[][] = nodes.map(() => []);
  // A dependency that is named twice is met twice.
  const open = nodes.map(({ depends_on }, place) => {
    let parents = 0;
    for (const id of depends_on) {
      const parent = places.get(id);
      if (parent === undefined) continue;
      children[parent]?.push(place);
      parents++;
    }
    return parents;
  });
  const order = [...open.keys()].filter((place) => open[place] === 0);
  for (const place of order) {
    for (const child of children[place] ?? []) {
      const parents = (open[child] ?? 0) - 1;
      open[child] = parents;
      if (parents === 0) order.push(child);
    }
  }
  return {
    order: order.flatMap((place) => nodes[place]?.unique_id ?? []),
    left: nodes.filter((_, place) => (open[place] ?? 0) > 0).map((node) => node.unique_id),
  };
}

/** The order that everything downstream goes by. `first` is an order without circles of the same nodes. */
export function topologicalOrder(nodes: readonly Dependent[], first: readonly UniqueId[]): readonly UniqueId[] {
  const known = new Set(first);
  const edges = nodes.flatMap(({ unique_id, depends_on }) =>
    depends_on.filter((parent) => known.has(parent)).map((parent): [UniqueId, UniqueId] => [parent, unique_id]),
  );
  return toposort.array(first, edges);
}
