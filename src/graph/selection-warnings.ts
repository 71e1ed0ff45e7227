// What to say when a selection finds nothing: a warning, as in dbt, with the names that were probably meant.
import type { Manifest } from '../core/manifest.ts';
import { nearestNames } from '../core/nearest.ts';
import type { Node, ResourceType } from '../core/node.ts';
import type { Problem } from '../core/problem.ts';
import type { Term } from './selector-grammar.ts';
import { findNodes, knownValues, type Selectable } from './selector-methods.ts';
import { hasWildcard } from './wildcards.ts';

/** Comparing with every name takes time: later words go without a suggestion. */
export const maxSuggestions = 20;

/** A word of the command line: one term, or several that are to hold at once. */
export function nothingFound(raw: string, terms: readonly Term[], among: Selectable, manifest: Manifest, suggests: boolean): Problem {
  const empty = terms.filter((term) => findNodes(term, among).size === 0);
  const warning = { code: 'selection-empty', severity: 'warning' } as const;
  if (terms.length > 1 && empty.length === 0)
    return {
      ...warning,
      message: `'${raw}' matches nothing: each part of it does, but no node is in all of them`,
      hint: 'For nodes that are in either, put a space between them',
    };
  const hint = (suggests ? empty : []).map((term) => suggestion(term, among, manifest)).find((one) => one !== undefined);
  const which = terms.length > 1 ? ` (${empty.map((term) => `'${term.raw}'`).join(', ')})` : '';
  return { ...warning, message: `'${raw}' matches nothing${which}`, hint: hint ?? 'List what there is with: dwh ls' };
}

function suggestion(term: Term, among: Selectable, manifest: Manifest): string | undefined {
  const { method, value } = term;
  if (hasWildcard(value)) return undefined;
  const name = value.split('.').at(-1);
  if (method === 'fqn') {
    const off = [...manifest.disabled.values()].find((node) => node.name === name);
    if (off) return `'${value}' is a ${off.resource_type} that is disabled (${off.at.file})`;
    for (const node of among.nodes)
      if (node.resource_type === 'source' && (node.name === name || node.source_name === value))
        return `It is a source: source:${node.source_name === value ? value : `${node.source_name}.${node.name}`}`;
  }
  const near = nearestNames(value.replace(/^\.\/|\/$/g, ''), knownValues(term, among));
  if (near.length === 0) return undefined;
  const prefix = term.raw.includes(':') ? `${[method, ...term.arguments].join('.')}:` : '';
  const quoted = near.map((one) => `'${prefix}${one}'`);
  return `Did you mean ${[quoted.slice(0, -1).join(', '), ...quoted.slice(-1)].filter((part) => part !== '').join(' or ')}?`;
}

const counted = (nodes: readonly Node[]): string => {
  const counts = new Map<string, number>();
  for (const node of nodes) {
    const type = node.resource_type.replace('_', ' ');
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return [...counts].map(([type, count]) => `${count} ${type}`).join(', ');
};

/** Something is selected, but nothing of the kinds that the command works on. */
export function nothingLeft(selected: readonly Node[], command: string, types: ReadonlySet<ResourceType>): Problem {
  return {
    code: 'selection-empty',
    severity: 'warning',
    message: `what is selected (${counted(selected)}) holds nothing for '${command}', which takes: ${[...types].join(', ') || 'nothing'}`,
    hint: "Select other nodes, or look at what the selection holds with: dwh ls -s '…'",
  };
}

export const passedOver = ({ name, resource_type, at }: Node): Problem => ({
  code: 'empty-file',
  severity: 'warning',
  at,
  message: `the ${resource_type.replace('_', ' ')} '${name}' is passed over: its file is empty`,
  hint: 'Write a select into it, or remove the file.',
});
