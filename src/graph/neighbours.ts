// Walking the edges of a manifest: who reads a node, and what lies up or down the graph within so many steps.
import type { Manifest } from '../core/manifest.ts';
import type { UniqueId } from '../core/node.ts';

export type Ids = ReadonlySet<UniqueId>;

export interface Neighbours {
  readonly parents: (id: UniqueId) => readonly UniqueId[];
  readonly children: (id: UniqueId) => readonly UniqueId[];
  /** All within `depth` steps up from any of `ids`; one of `ids` only when it lies above another. */
  readonly ancestors: (ids: Ids, depth?: number) => Ids;
  readonly descendants: (ids: Ids, depth?: number) => Ids;
}

export function neighboursOf({ nodes }: Manifest): Neighbours {
  const down = new Map<UniqueId, UniqueId[]>();
  for (const { unique_id, depends_on } of nodes.values())
    for (const parent of depends_on) {
      const known = down.get(parent);
      if (known) known.push(unique_id);
      else down.set(parent, [unique_id]);
    }
  const parents = (id: UniqueId): readonly UniqueId[] => nodes.get(id)?.depends_on ?? [];
  const children = (id: UniqueId): readonly UniqueId[] => down.get(id) ?? [];
  return {
    parents,
    children,
    ancestors: (ids, depth = Number.POSITIVE_INFINITY) => walk(ids, depth, parents),
    descendants: (ids, depth = Number.POSITIVE_INFINITY) => walk(ids, depth, children),
  };
}

function walk(from: Ids, depth: number, next: (id: UniqueId) => readonly UniqueId[]): Ids {
  const found = new Set<UniqueId>();
  let layer: Iterable<UniqueId> = from;
  for (let step = 0; step < depth; step++) {
    const reached: UniqueId[] = [];
    for (const id of layer)
      for (const other of next(id)) {
        if (found.has(other)) continue;
        found.add(other);
        reached.push(other);
      }
    if (reached.length === 0) break;
    layer = reached;
  }
  return found;
}
