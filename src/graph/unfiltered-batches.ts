// Microbatch models none of whose inputs says which column has its time: each batch then reads all there is.
import { isRelationNode, type Node, type UniqueId } from '../core/node.ts';
import type { Problem } from '../core/problem.ts';

/** `nodes`: linked. */
export function unfilteredBatches(nodes: Iterable<Node>, byId: ReadonlyMap<UniqueId, Node>): readonly Problem[] {
  const problems: Problem[] = [];
  for (const { resource_type, config, depends_on, name, at } of nodes) {
    if (resource_type !== 'model' || config.incremental_strategy !== 'microbatch' || config.materialized !== 'incremental') continue;
    const inputs = depends_on.flatMap((id) => byId.get(id) ?? []).filter(isRelationNode);
    if (inputs.length === 0 || inputs.some((input) => typeof input.config.event_time === 'string')) continue;
    problems.push({
      code: 'batch-unfiltered',
      severity: 'warning',
      at,
      message: `no input of the microbatch model '${name}' has an event_time: each of its batches reads all rows of ${inputs.map((input) => input.name).join(', ')}`,
      hint: 'Give the config event_time to those inputs whose rows have a time.',
    });
  }
  return problems;
}
