// Which nodes a test blocks when it gates none: those downstream of everything that it reads, as in dbt's build. Of these
// only the first on each path are named; the rest come after them.
import type { Node, UniqueId } from '../core/node.ts';
import type { Neighbours } from './neighbours.ts';
import type { ReadingTest } from './steps.ts';

/** Bits of one pass over the graph: 32 words a node. */
const bitsPerPass = 1024;

/** Node → tests that block it. `nodes`: all but tests, in the graph's order. */
export function blockedByTests(
  tests: readonly ReadingTest[],
  nodes: readonly Node[],
  graph: Neighbours,
): ReadonlyMap<UniqueId, readonly UniqueId[]> {
  const blocked = new Map<UniqueId, UniqueId[]>();
  const inOrder = new Set(nodes.map((node) => node.unique_id));
  const block = ({ test, on }: ReadingTest, isBelowAll: (id: UniqueId) => boolean): void => {
    const last = on.at(-1);
    const open = last === undefined ? [] : [last];
    const seen = new Set(open);
    for (const id of open)
      for (const child of graph.children(id)) {
        if (seen.has(child) || !inOrder.has(child)) continue;
        seen.add(child);
        if (!isBelowAll(child)) open.push(child);
        else if (blocked.has(child)) blocked.get(child)?.push(test);
        else blocked.set(child, [test]);
      }
  };
  for (const test of tests) if (test.on.length === 1) block(test, () => true);
  for (const pass of passes(tests.filter(({ on }) => on.length > 1))) {
    const above = ancestry(pass, nodes);
    for (const test of pass) block(test, (id) => above(id, test.on));
  }
  return blocked;
}

/** So many tests at a time that what they read fits into the bits of one pass. */
function passes(tests: readonly ReadingTest[]): readonly (readonly ReadingTest[])[] {
  const all: ReadingTest[][] = [];
  let bits = Number.POSITIVE_INFINITY;
  for (const test of tests) {
    bits += test.on.length;
    const open = all.at(-1);
    if (open && bits <= bitsPerPass) open.push(test);
    else {
      all.push([test]);
      bits = test.on.length;
    }
  }
  return all;
}

/** For the nodes that these tests read: are all of `ids` ancestors of a node? One bit for each of them is handed down the graph. */
function ancestry(tests: readonly ReadingTest[], nodes: readonly Node[]): (id: UniqueId, ids: readonly UniqueId[]) => boolean {
  const bitOf = new Map<UniqueId, number>();
  for (const { on } of tests) for (const id of on) if (!bitOf.has(id)) bitOf.set(id, bitOf.size);
  const words = Math.ceil(bitOf.size / 32);
  const rows = new Map(nodes.map((node, index) => [node.unique_id, index * words]));
  const bits = new Uint32Array(nodes.length * words);
  const isSet = (row: number, bit: number): boolean => (((bits[row + (bit >> 5)] ?? 0) >>> (bit & 31)) & 1) === 1;
  for (const { unique_id, depends_on } of nodes) {
    const row = rows.get(unique_id) ?? 0;
    for (const parent of depends_on) {
      const from = rows.get(parent);
      if (from === undefined) continue;
      for (let word = 0; word < words; word++) bits[row + word] = (bits[row + word] ?? 0) | (bits[from + word] ?? 0);
      const bit = bitOf.get(parent);
      if (bit !== undefined) bits[row + (bit >> 5)] = (bits[row + (bit >> 5)] ?? 0) | (1 << (bit & 31));
    }
  }
  return (id, ids) => ids.every((one) => isSet(rows.get(id) ?? 0, bitOf.get(one) ?? 0));
}
