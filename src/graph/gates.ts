// Which node each test gates: the last, in the graph's order, of the nodes that it waits for.
import type { Node, UniqueId } from '../core/node.ts';
import { handOn, merged } from './handed-on.ts';
import type { Built, Publication, ReadingTest } from './steps.ts';

/**
 * Test → the node it gates; tests that gate none are not in it.
 *
 * A test gates a node only when it reads that node itself, and reads it in no other way: through an ephemeral model or a view
 * that is not built here it sees the public relation. A source is public with its own load. And it must be the last of all
 * that the test waits for, or else two tests could wait for one another's nodes.
 */
export function gatedNodes(
  tests: readonly ReadingTest[],
  nodes: readonly Node[],
  built: Built,
  position: (id: UniqueId) => number,
  { publish, hasCandidate = () => true }: Publication,
): ReadonlyMap<UniqueId, UniqueId> {
  const behind = handOn(nodes, (id) => (built.has(id) ? id : undefined)).from;
  const holds = (node: Node): boolean =>
    node.resource_type !== 'source' && (publish ?? node.config.publish) !== 'always' && hasCandidate(node);
  const gated = new Map<UniqueId, UniqueId>();
  for (const { test, on } of tests) {
    let last: UniqueId | undefined;
    for (const id of merged(on.map(behind))) if (last === undefined || position(id) > position(last)) last = id;
    const node = last && built.get(last);
    if (!node || !holds(node) || !on.includes(node.unique_id)) continue;
    if (on.every((id) => id === node.unique_id || !behind(id).has(node.unique_id))) gated.set(test, node.unique_id);
  }
  return gated;
}
