// Where an earlier run has put the nodes of this project, as its manifest.json says; dbt's or dwh's.
import { join, resolve } from 'node:path';
import { isMapping } from '../core/config-reader.ts';
import type { Manifest } from '../core/manifest.ts';
import type { UniqueId } from '../core/node.ts';
import { fail } from '../core/problem.ts';
import type { Relation } from '../core/relation.ts';
import type { Request } from '../core/request.ts';
import { readArtifact } from './past.ts';

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
