// --defer: nodes that are not built by this run, and are not there, are read from where an earlier run has put them, as its
// manifest.json says; dbt's or dwh's. https://docs.getdbt.com/reference/node-selection/defer
import { join, resolve } from 'node:path';
import type { Connection } from '../adapters/adapter.ts';
import { isMapping } from '../core/config-reader.ts';
import type { Manifest } from '../core/manifest.ts';
import { isRelationNode, type UniqueId } from '../core/node.ts';
import { fail } from '../core/problem.ts';
import type { Relation } from '../core/relation.ts';
import type { Request } from '../core/request.ts';
import { readArtifact } from './past.ts';
import type { Run } from './run.ts';

type Json = Readonly<Record<string, unknown>>;

interface There {
  readonly relation: Relation;
  /** The node's `defer_relation` in manifest.json. */
  readonly json: Json;
}
export type Elsewhere = ReadonlyMap<UniqueId, There>;

const REFABLE = new Set(['model', 'seed', 'snapshot']);
const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

function thereOf(node: Json): There | undefined {
  const [schema, identifier, database] = [text(node.schema), text(node.alias) ?? text(node.name), text(node.database)];
  const config = isMapping(node.config) ? node.config : {};
  if (!REFABLE.has(String(node.resource_type)) || config.materialized === 'ephemeral') return undefined;
  if (schema === undefined || identifier === undefined) return undefined;
  const { relation_name = null, resource_type, name, description = '', compiled_code = null, meta = {}, tags = [] } = node;
  return {
    relation: { schema, identifier, ...(database !== undefined && { database }) },
    json: {
      ...{ database: database ?? null, schema, alias: identifier, relation_name, resource_type, name, description },
      ...{ compiled_code: node.resource_type === 'seed' ? null : compiled_code, meta, tags, config },
    },
  };
}

/** What all commands have, others than these pass over. */
const RENDERING = new Set(['build', 'run', 'test', 'seed', 'snapshot', 'compile', 'show', 'docs generate']);

/** Throws DwhError when it is needed and there is none. */
export function elsewhereOf(request: Request, root: string, { nodes }: Manifest): Elsewhere {
  if (request.command !== 'clone' && !(request.defer && RENDERING.has(request.command))) return new Map();
  const folder = request.deferState || request.state;
  const asking = request.command === 'clone' ? 'clone takes' : '--defer takes';
  if (folder === undefined || folder === '')
    return fail({
      code: 'defer-needs-state',
      message: `${asking} relations from where an earlier run has put them, and nothing says where its manifest.json is`,
      hint: 'Name the folder with --state or --defer-state.',
    });
  const read = readArtifact(join(resolve(root, folder), 'manifest.json'), 'defer-needs-state', {
    asking: `${asking} relations from`,
    hint: 'Let the earlier run write it, or name another folder with --state or --defer-state.',
  });
  const found = isMapping(read.nodes) ? Object.entries(read.nodes) : [];
  return new Map(
    found.flatMap(([id, node]) => {
      const there = nodes.has(id as UniqueId) && isMapping(node) ? thereOf(node) : undefined;
      return there ? [[id as UniqueId, there] as const] : [];
    }),
  );
}

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
