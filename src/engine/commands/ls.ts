// ls: what a selection means, in the forms that scripts read. Never connects. https://docs.getdbt.com/reference/commands/list
import type { Emit } from '../../core/event.ts';
import type { Node, UniqueId } from '../../core/node.ts';
import { fail } from '../../core/problem.ts';
import type { Request } from '../../core/request.ts';
import { manifestNode } from '../manifest-json.ts';
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

export function selectorOf(node: Node): string {
  switch (node.resource_type) {
    case 'source':
      return `source:${node.package_name}.${node.source_name}.${node.name}`;
    default:
      return node.fqn.join('.');
  }
}

function lineOf(node: Node, { adapter, secrets }: OpenProject, request: Request): string {
  switch (request.output ?? 'selector') {
    case 'name':
      return node.name;
    case 'path':
      return node.original_file_path;
    case 'selector':
      return selectorOf(node);
    case 'json': {
      const whole = manifestNode(node, adapter.dialect);
      const keys = request.outputKeys && request.outputKeys.length > 0 ? request.outputKeys : DEFAULT_KEYS;
      return secrets.json(Object.fromEntries(keys.filter((key) => Object.hasOwn(whole, key)).map((key) => [key, whole[key]])));
    }
    default:
      return fail({ code: 'option-value', message: `--output is '${request.output}', and may be 'selector', 'name', 'path' or 'json'` });
  }
}

export function list(opened: OpenProject, chosen: readonly UniqueId[], request: Request, emit: Emit): void {
  const lines = chosen.flatMap((id) => {
    const node = opened.manifest.nodes.get(id);
    return node && node.resource_type !== 'operation' ? [lineOf(node, opened, request)] : [];
  });
  // In order of name, as dbt prints them; the graph's order is for running.
  if (lines.length > 0) emit({ type: 'output', text: `${lines.sort().join('\n')}\n` });
}
