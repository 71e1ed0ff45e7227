// `fqn:` and bare names: a node by its name, by its dotted path (package.folder.name, folder.name), by a folder or package
// that the path begins with, or by a pattern; a model with versions as name, name.v2 or name_v2.
import type { Node, UniqueId } from '../core/node.ts';
import { versionOf } from '../core/versions.ts';
import { hasWildcard, textMatcher } from './wildcards.ts';

/** What a name without folders may say to mean this node. */
const leavesOf = (node: Node): readonly string[] => {
  const last = node.fqn.at(-1) ?? node.name;
  const before = node.fqn.at(-2);
  return versionOf(node) && before !== undefined ? [before, `${before}_${last}`] : [last];
};

/** Dots in a name part paths like folders. */
const flat = (fqn: readonly string[]): readonly string[] => fqn.flatMap((part) => part.split('.'));

const beginsWith = (path: readonly string[], parts: readonly string[]): boolean => parts.every((part, index) => path[index] === part);

export type FindByName = (value: string) => readonly UniqueId[];

/** Names that are not patterns are looked up; only a pattern is held against every node. */
export function fqnSelection(nodes: readonly Node[]): FindByName {
  const entries = nodes.map((node, index) => {
    const paths = [flat(node.fqn), flat(node.fqn.slice(1))].map((parts) => ({ parts, text: parts.join('.') }));
    return { id: node.unique_id, index, leaves: leavesOf(node), paths };
  });
  type Entry = (typeof entries)[number];
  const byLeaf = new Map<string, Entry[]>();
  const byBeginning = new Map<string, Entry[]>();
  const put = (map: Map<string, Entry[]>, key: string | undefined, entry: Entry): void => {
    if (key === undefined) return;
    const known = map.get(key);
    if (!known) map.set(key, [entry]);
    else if (known.at(-1) !== entry) known.push(entry);
  };
  for (const entry of entries) {
    for (const leaf of entry.leaves) put(byLeaf, leaf, entry);
    for (const path of entry.paths) put(byBeginning, path.parts[0], entry);
  }

  return (value) => {
    const parts = value.split('.');
    const wild = parts.findIndex(hasWildcard);
    if (wild === -1) {
      const named = [...(byLeaf.get(value) ?? []), ...versionsOf(parts, byLeaf)];
      const below = (byBeginning.get(parts[0] ?? '') ?? []).filter(({ paths }) => paths.some((path) => beginsWith(path.parts, parts)));
      return [...new Set([...named, ...below])].sort((a, b) => a.index - b.index).map(({ id }) => id);
    }
    // Before the first part with a wildcard all must be equal; from there on one pattern is held against all the rest.
    const prefix = parts
      .slice(0, wild)
      .map((part) => `${part}.`)
      .join('');
    const rest = textMatcher(value.slice(prefix.length));
    const fits = ({ leaves, paths }: Entry): boolean =>
      leaves.includes(value) ||
      paths.some((path) => path.parts.length >= parts.length && path.text.startsWith(prefix) && rest(path.text.slice(prefix.length))) ||
      (parts.length === 1 && leaves[0] !== undefined && rest(leaves[0]));
    return entries.filter(fits).map(({ id }) => id);
  };
}

/** The last two parts may be a name and its version, whatever stands before them. */
function versionsOf<T extends { readonly leaves: readonly string[] }>(
  parts: readonly string[],
  byLeaf: ReadonlyMap<string, readonly T[]>,
): readonly T[] {
  const versioned = parts.slice(-2).join('_');
  return parts.length < 2 ? [] : (byLeaf.get(versioned) ?? []).filter(({ leaves }) => leaves[1] === versioned);
}
