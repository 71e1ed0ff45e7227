// clone: a view of a node as it stands where the manifest of --state has it. None of the three warehouses copies a table without
// its rows, so that it is always a view. https://docs.getdbt.com/reference/commands/clone
import type { ModelNode, SeedNode, SnapshotNode } from '../../core/node.ts';
import { relationKey } from '../../core/relation.ts';
import type { Run } from '../run.ts';
import { modelRunner } from './model.ts';
import type { Outcome, Runner } from './runner.ts';

/** Of a node's config, what a view of it has as well. */
const OF_VIEWS = ['grants', 'persist_docs', 'bind', 'meta', 'tags'];

const viewOf = (node: ModelNode | SeedNode | SnapshotNode, sql: string): ModelNode => ({
  ...node,
  resource_type: 'model',
  materialized: 'view',
  config: Object.fromEntries(OF_VIEWS.flatMap((key) => (key in node.config ? [[key, node.config[key]]] : []))),
  raw_code: sql,
  // They are about the node's own rows.
  pre_hooks: [],
  post_hooks: [],
  extra: {},
});

export function cloneRunner(run: Run, node: ModelNode | SeedNode | SnapshotNode): Runner {
  const there = run.elsewhere.get(node.unique_id);
  const name = run.dialect.relationName(node.relation);
  let making: Runner | undefined;
  let nothing: Outcome | undefined;
  const leave = (reason: string): undefined => {
    run.emit({ type: 'note', level: 'info', message: reason });
    nothing = { status: 'success', message: 'No-op', adapterResponse: {} };
  };
  return {
    compiled: () => making?.compiled(),
    async stage(session, staging) {
      if (!there) return leave(`The manifest of --state has no relation of ${node.unique_id}`);
      const key = (relation: typeof node.relation): string => relationKey(relation, run.dialect.ignoresCase);
      if (key(there.relation) === key(node.relation)) return leave(`${name} is the relation of --state itself`);
      const existing = await run.catalog.get(node.relation, session.connection);
      if (existing && !run.request.fullRefresh) return leave(`${name} is there already`);
      const sql = `select * from ${run.dialect.relationName(there.relation)}`;
      // compiled/ keeps the node's own query.
      const files = { ...run.files, writeCompiled: () => {} };
      making = modelRunner({ ...run, files }, viewOf(node, sql));
      return making.stage(session, staging);
    },
    async publish(session) {
      if (nothing) return nothing;
      if (!making) throw new Error(`${node.unique_id} was published before it was staged`);
      return making.publish(session);
    },
    async discard(session) {
      await making?.discard(session);
    },
  };
}
