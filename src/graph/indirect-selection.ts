// Tests that come along with the nodes they test. What each mode takes in is dbt's, step by step:
// https://docs.getdbt.com/reference/node-selection/test-selection-examples
import type { Manifest } from '../core/manifest.ts';
import type { UniqueId } from '../core/node.ts';
import type { IndirectSelection } from '../core/request.ts';
import type { Ids, Neighbours } from './neighbours.ts';

export interface Found {
  readonly direct: Ids;
  /** Tests of selected nodes that wait for their other nodes: they come in when a larger expression selects those too. */
  readonly indirect: Ids;
}

const isTest = (manifest: Manifest, id: UniqueId): boolean => {
  const type: string | undefined = manifest.nodes.get(id)?.resource_type;
  return type === 'test' || type === 'unit_test';
};

const allIn = (ids: readonly UniqueId[], set: Ids): boolean => ids.every((id) => set.has(id));

/**
 * What a term selects, and the tests on it. eager: any of a test's nodes; cautious: all of them; buildable: each is selected,
 * is an ancestor of one that is, or is a source; empty: no tests.
 */
export function withTests(selected: Ids, mode: IndirectSelection, manifest: Manifest, graph: Neighbours): Found {
  if (mode === 'empty') return { direct: selected, indirect: new Set() };
  const direct = new Set(selected);
  const indirect = new Set<UniqueId>();
  const above = mode === 'buildable' ? graph.ancestors(selected) : undefined;
  const isBuildable = (id: UniqueId): boolean =>
    selected.has(id) || above?.has(id) === true || manifest.nodes.get(id)?.resource_type === 'source';
  for (const id of selected)
    for (const test of graph.children(id)) {
      if (direct.has(test) || !isTest(manifest, test)) continue;
      const parents = graph.parents(test);
      if (mode === 'eager' || allIn(parents, selected) || (mode === 'buildable' && parents.every(isBuildable))) direct.add(test);
      else indirect.add(test);
    }
  return { direct, indirect };
}

/** Tests that waited, and whose nodes a union or intersection has now all selected. */
export function withWaitingTests({ direct, indirect }: Found, mode: IndirectSelection, manifest: Manifest, graph: Neighbours): Ids {
  if (mode === 'eager' || mode === 'empty') return direct;
  const selected = new Set(direct);
  const above = mode === 'buildable' ? graph.ancestors(direct) : undefined;
  for (const id of indirect) {
    if (selected.has(id) || !isTest(manifest, id)) continue;
    if (graph.parents(id).every((parent) => direct.has(parent) || above?.has(parent))) selected.add(id);
  }
  return selected;
}
