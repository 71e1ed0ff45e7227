// --defer: nodes that are not built by this run, and are not there, are read from where an earlier run has put them.
// https://docs.getdbt.com/reference/node-selection/defer
import type { Connection } from '../adapters/adapter.ts';
import { isRelationNode, type UniqueId } from '../core/node.ts';
import type { Run } from './run.ts';

/** All that the run reads, through ephemeral models as well. */
function readIds({ manifest, chosen, request }: Run): ReadonlySet<UniqueId> {
  const hooks = [...manifest.nodes.values()].flatMap((node) => (node.resource_type === 'operation' ? [node.unique_id] : []));
  const read = new Set<UniqueId>();
  const add = (id: UniqueId): void => {
    for (const parent of manifest.nodes.get(id)?.depends_on ?? []) {
      if (read.has(parent)) continue;
      read.add(parent);
      const node = manifest.nodes.get(parent);
      if (node?.resource_type === 'model' && node.materialized === 'ephemeral') add(parent);
    }
  };
  // SQL of the command line may read anything.
  if (request.inline !== undefined) return new Set(manifest.nodes.keys());
  for (const id of [...chosen, ...hooks]) add(id);
  return read;
}

const BUILDING = new Set(['run', 'build', 'seed', 'snapshot']);

/** Fills `run.deferred`. Connects only when something has to be looked at. */
export async function settleDeferral(run: Run, connection: () => Promise<Connection>): Promise<void> {
  const { request, manifest, elsewhere, catalog, deferred } = run;
  if (!request.defer || elsewhere.size === 0) return;
  const chosen = new Set(run.chosen);
  for (const id of readIds(run)) {
    const there = elsewhere.get(id);
    const node = manifest.nodes.get(id);
    if (!there || !node || !isRelationNode(node)) continue;
    // What this run builds is there when it is read.
    if (chosen.has(id) && BUILDING.has(request.command)) continue;
    const favored = request.favorState === true && !chosen.has(id);
    if (favored || (await catalog.get(node.relation, await connection())) === undefined) deferred.set(id, there.relation);
  }
}
