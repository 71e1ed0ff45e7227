// ls: what a selection means, in the forms that scripts read. Never connects. https://docs.getdbt.com/reference/commands/list
import { isMapping } from '../../core/config-reader.ts';
import type { Emit } from '../../core/event.ts';
import type { Node, UniqueId } from '../../core/node.ts';
import { fail } from '../../core/problem.ts';
import type { Request } from '../../core/request.ts';
import { versionOf } from '../../core/versions.ts';
import { versionedName } from '../labels.ts';
import { manifestNode } from '../node-json.ts';
import type { OpenProject } from '../open-project.ts';

/** dbt's properties of `ls --output json` when no --output-keys are given. */
const DEFAULT_KEYS = [
  'alias',
  'name',
  'package_name',
  'depends_on',
  'tags',
  'config',
  'resource_type',
  'source_name',
  'original_file_path',
  'unique_id',
];

/** What --select finds it by. */
export function selectorOf(node: Node): string {
  switch (node.resource_type) {
    case 'source':
      return `source:${node.package_name}.${node.source_name}.${node.name}`;
    case 'exposure':
      return `exposure:${node.package_name}.${node.name}`;
    case 'unit_test':
      return `unit_test:${node.package_name}.${versionedName(node)}`;
    default:
      return node.fqn.join('.');
  }
}

function nameOf(node: Node): string {
  if (node.resource_type === 'source') return `${node.source_name}.${node.name}`;
  const version = versionOf(node);
  return version ? `${node.name}.v${version.v}` : node.name;
}

/** 'config.materialized': step by step. Undefined: nothing stands there. */
function valueAt(node: Readonly<Record<string, unknown>>, key: string): unknown {
  let value: unknown = node;
  for (const step of key.split('.')) {
    if (!isMapping(value) || !Object.hasOwn(value, step)) return undefined;
    value = value[step];
  }
  return value;
}

/** As in dbt, a key within another says nothing where it holds null; one of the node itself says so. */
function chosenKeys(node: Readonly<Record<string, unknown>>, keys: readonly string[]): Readonly<Record<string, unknown>> {
  const entries = keys.map((key) => [key, valueAt(node, key)] as const);
  return Object.fromEntries(entries.filter(([key, value]) => value !== undefined && !(value === null && key.includes('.'))));
}

function lineOf(node: Node, { adapter, secrets }: OpenProject, request: Request): string {
  switch (request.output ?? 'selector') {
    case 'name':
      return nameOf(node);
    case 'path':
      return node.original_file_path;
    case 'selector':
      return selectorOf(node);
    case 'json':
      return secrets.json(chosenKeys(manifestNode(node, adapter.dialect), request.outputKeys ?? DEFAULT_KEYS));
    default:
      return fail({ code: 'option-value', message: `--output is '${request.output}', and may be 'selector', 'name', 'path' or 'json'` });
  }
}

export function list(opened: OpenProject, chosen: readonly UniqueId[], request: Request, emit: Emit): void {
  // In order of id, as dbt prints them; the graph's order is for running.
  const lines = [...chosen].sort().flatMap((id) => {
    const node = opened.manifest.nodes.get(id);
    return node && node.resource_type !== 'operation' ? [lineOf(node, opened, request)] : [];
  });
  if (lines.length > 0) emit({ type: 'output', text: `${lines.join('\n')}\n` });
}
