// What to say of a ref() or source() that no parent of its node answers while it is rendered: the name leads nowhere, or the
// call stands where parsing did not come by.
import type { Manifest } from '../core/manifest.ts';
import type { FunctionCall, Node, RefCall, SourceCall, SourceNode } from '../core/node.ts';
import type { Problem } from '../core/problem.ts';
import { type Missing, missingNames } from './missing.ts';
import { type Names, namesOf, type Resolution } from './resolve.ts';

export const unansweredRef = (manifest: Manifest, from: Node, call: RefCall): Problem =>
  unanswered(manifest, from, call, `ref('${call.name}')`, {
    find: (names) => names.ref(call, from.package_name),
    say: (missing, disabled) => missing.ref(call, disabled),
  });

export const unansweredSource = (manifest: Manifest, from: Node, call: SourceCall): Problem =>
  unanswered(manifest, from, call, `source('${call.source}', '${call.table}')`, {
    find: (names) => names.source(call, from.package_name),
    say: (missing, disabled) => missing.source(call, disabled),
  });

export const unansweredFunction = (manifest: Manifest, from: Node, call: FunctionCall): Problem =>
  unanswered(manifest, from, call, `function('${call.function}')`, {
    find: (names) => names.function(call, from.package_name),
    say: (missing, disabled) => missing.function(call, disabled),
  });

/** The source of this name that the project has, also where no parent of the node is it. */
export function sourceOf(manifest: Manifest, from: Node, call: SourceCall): SourceNode | undefined {
  const found = allNames(manifest).names.source(call, from.package_name);
  return found && 'node' in found && found.node.resource_type === 'source' ? found.node : undefined;
}

interface AllNames {
  readonly names: Names;
  readonly missing: () => Missing;
}

const knownNames = new WeakMap<Manifest, AllNames>();

function allNames(manifest: Manifest): AllNames {
  const known = knownNames.get(manifest);
  if (known) return known;
  const nodes = [...manifest.nodes.values()];
  const packages = [...new Set([manifest.project_name, ...nodes.map((node) => node.package_name)])];
  const all = { names: namesOf(packages, nodes, [...manifest.disabled.values()]), missing: () => missingNames(packages, nodes) };
  knownNames.set(manifest, all);
  return all;
}

interface Kind {
  readonly find: (names: Names) => Resolution;
  readonly say: (missing: Missing, disabled: Node | undefined) => Problem;
}

function unanswered(
  manifest: Manifest,
  from: Node,
  { at }: RefCall | SourceCall | FunctionCall,
  written: string,
  { find, say }: Kind,
): Problem {
  const { names, missing } = allNames(manifest);
  const found = find(names);
  if (found === undefined || 'disabled' in found) return say(missing(), found?.disabled);
  return {
    code: 'ref-not-recorded',
    at,
    message: `${written} is not among the parents of '${from.name}' that parsing found`,
    hint: `It is called only while running: add a line "-- depends_on: {{ ${written} }}" to the file.`,
  };
}
