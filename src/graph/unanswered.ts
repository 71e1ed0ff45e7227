// What to say of a ref() or source() that no parent of its node answers while it is rendered: the name leads nowhere, or the
// call stands where parsing did not come by.
import type { Manifest } from '../core/manifest.ts';
import type { FunctionCall, Node, RefCall, SourceCall } from '../core/node.ts';
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
  const nodes = [...manifest.nodes.values()];
  const packages = [...new Set([manifest.project_name, ...nodes.map((node) => node.package_name)])];
  const found = find(namesOf(packages, nodes, [...manifest.disabled.values()]));
  if (found === undefined || 'disabled' in found) return say(missingNames(packages, nodes), found?.disabled);
  return {
    code: 'ref-not-recorded',
    at,
    message: `${written} is not among the parents of '${from.name}' that parsing found`,
    hint: `It is called only while running: add a line "-- depends_on: {{ ${written} }}" to the file.`,
  };
}
