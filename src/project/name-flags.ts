// What flags of dbt's behaviour changes ask of names. https://docs.getdbt.com/reference/global-configs/behavior-changes

import { locationText } from '../core/location.ts';
import type { Node } from '../core/node.ts';
import type { Problem } from '../core/problem.ts';
import { versionOf } from '../core/versions.ts';

type Flags = Readonly<Record<string, unknown>>;

/** Kinds of which dbt has no such rule. */
const ELSEWHERE: ReadonlySet<Node['resource_type']> = new Set(['source', 'exposure', 'unit_test', 'function'] as const);

/** `flags`: of the project file. */
export const nameProblems = (nodes: readonly Node[], flags: Flags): readonly Problem[] => [
  ...withBlanks(nodes, flags.require_resource_names_without_spaces !== false),
  ...(flags.require_unique_project_resource_names === true ? shared(nodes) : []),
];

const withBlanks = (nodes: readonly Node[], refused: boolean): readonly Problem[] =>
  nodes
    .filter(({ name, resource_type }) => name.includes(' ') && !ELSEWHERE.has(resource_type))
    .map(({ name, resource_type, at }) => ({
      code: 'name-with-blanks',
      ...(!refused && { severity: 'warning' as const }),
      message: `the ${resource_type} '${name}' has a blank in its name`,
      at,
      hint: 'Rename it; or say in the project file:  flags: {require_resource_names_without_spaces: false}',
    }));

/** Models, seeds and snapshots of one package; versions of a model share theirs. */
function shared(nodes: readonly Node[]): readonly Problem[] {
  const byName = new Map<string, Node>();
  const problems: Problem[] = [];
  for (const node of nodes) {
    const { resource_type: type, name, at } = node;
    if ((type !== 'model' && type !== 'seed' && type !== 'snapshot') || versionOf(node) !== undefined) continue;
    const key = `${node.package_name}\0${name}`;
    const first = byName.get(key);
    if (!first) byName.set(key, node);
    else if (first.resource_type !== type)
      problems.push({
        code: 'duplicate-name',
        at,
        message: `${first.resource_type} and ${type} share the name '${name}': ${locationText(first.at)} and ${locationText(at)}`,
        hint: 'Rename one of them; require_unique_project_resource_names is set in the project file',
      });
  }
  return problems;
}
