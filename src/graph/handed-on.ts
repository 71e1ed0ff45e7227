// Passing something down the graph through nodes that do not take part: what a node is behind, seen from those below it.
import type { Node, UniqueId } from '../core/node.ts';

export interface HandedOn<T> {
  /** What stands before a node: all that its parents hand on. */
  readonly before: (node: Node) => ReadonlySet<T>;
  /** What a node hands on: its own thing when it has one, else what stands before it. */
  readonly from: (id: UniqueId) => ReadonlySet<T>;
}

const none: ReadonlySet<never> = new Set();

/**
 * `own`: what a node that takes part hands on. `added`: what stands before a node besides; a parent that does not take part
 * and is in `covers` of it hands on nothing new. `nodes`: in the graph's order.
 */
export function handOn<T>(
  nodes: readonly Node[],
  own: (id: UniqueId) => T | undefined,
  added: (id: UniqueId) => { readonly things: readonly T[]; readonly covers: ReadonlySet<UniqueId> } | undefined = () => undefined,
): HandedOn<T> {
  const handed = new Map<UniqueId, ReadonlySet<T>>();
  const from = (id: UniqueId): ReadonlySet<T> => handed.get(id) ?? none;
  const before = ({ unique_id, depends_on }: Node): ReadonlySet<T> => {
    const more = added(unique_id);
    if (!more) return merged(depends_on.map(from));
    const parents = depends_on.filter((parent) => own(parent) !== undefined || !more.covers.has(parent));
    return merged([...parents.map(from), new Set(more.things)]);
  };
  for (const node of nodes) {
    const thing = own(node.unique_id);
    handed.set(node.unique_id, thing === undefined ? before(node) : new Set([thing]));
  }
  return { before, from };
}

/** One set that many share stays one. */
export function merged<T>(sets: readonly ReadonlySet<T>[]): ReadonlySet<T> {
  const filled = [...new Set(sets)].filter((set) => set.size > 0);
  const [first] = filled;
  if (first === undefined) return none;
  if (filled.length === 1) return first;
  const all = new Set<T>();
  for (const set of filled) for (const thing of set) all.add(thing);
  return all;
}
