// The `relation_name` of a result, for nodes that have one.
import type { Dialect } from '../adapters/dialect.ts';
import type { NodeResult } from '../core/event.ts';
import type { Node } from '../core/node.ts';

/** Where a node stands or would stand, also of one that failed or was skipped. */
export const relationNameOf = (node: Node, dialect: Dialect): Pick<NodeResult, 'relationName'> =>
  (node.resource_type === 'model' && node.materialized !== 'ephemeral') ||
  node.resource_type === 'snapshot' ||
  (node.resource_type === 'test' && node.config.store_failures === true)
    ? { relationName: dialect.relationName(node.relation) }
    : {};
