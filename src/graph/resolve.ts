// From names to nodes: what ref() and source() calls mean, given the package they are written in.
import type { Node, RefCall, SourceCall } from '../core/node.ts';

/** What models, seeds and snapshots have in common here: they are what ref() finds. */
const refable: ReadonlySet<string> = new Set(['model', 'seed', 'snapshot']);
export const isRefable = (node: Node): boolean => refable.has(node.resource_type);

export type Resolution =
  | {
      readonly node: Node;
      /** Others that the name fits as well, in packages that are neither the root nor the caller's. */
      readonly rivals: readonly Node[];
    }
  | { readonly disabled: Node }
  | undefined;

export interface Names {
  readonly ref: (call: Pick<RefCall, 'name' | 'package' | 'version'>, from: string) => Resolution;
  readonly source: (call: Pick<SourceCall, 'source' | 'table'>, from: string) => Resolution;
}

const versionOf = (node: Node): { readonly version: unknown; readonly latest: unknown } =>
  node.resource_type === 'model'
    ? { version: node.extra.version, latest: node.extra.latest_version }
    : { version: undefined, latest: undefined };

function fitsVersion(node: Node, wanted: string | number | undefined): boolean {
  const { version, latest } = versionOf(node);
  if (wanted !== undefined) return version !== undefined && String(version) === String(wanted);
  return version === undefined || latest === undefined || String(version) === String(latest);
}

const sourceKey = (source: string, table: string): string => JSON.stringify([source, table]);

type ByName = ReadonlyMap<string, readonly Node[]>;

function grouped(nodes: readonly Node[], key: (node: Node) => string | undefined): ByName {
  const groups = new Map<string, Node[]>();
  for (const node of nodes) {
    const name = key(node);
    if (name === undefined) continue;
    const group = groups.get(name);
    if (group) group.push(node);
    else groups.set(name, [node]);
  }
  return groups;
}

const refName = (node: Node): string | undefined => (isRefable(node) ? node.name : undefined);
const sourceName = (node: Node): string | undefined =>
  node.resource_type === 'source' ? sourceKey(node.source_name, node.name) : undefined;

/** `packages`: the root first; of several packages the first that has the name wins, after the root and the caller's own. */
export function namesOf(packages: readonly string[], enabled: readonly Node[], disabled: readonly Node[]): Names {
  const rank = new Map(packages.map((name, index) => [name, index]));
  const byPackage = (a: Node, b: Node): number =>
    (rank.get(a.package_name) ?? packages.length) - (rank.get(b.package_name) ?? packages.length);
  const refs = grouped(enabled, refName);
  const sources = grouped(enabled, sourceName);
  const disabledRefs = grouped(disabled, refName);
  const disabledSources = grouped(disabled, sourceName);

  const choose = (candidates: readonly Node[], from: string, only: string | undefined): Extract<Resolution, { node: Node }> | undefined => {
    if (only !== undefined) {
      const node = candidates.find((one) => one.package_name === only);
      return node && { node, rivals: [] };
    }
    for (const name of [packages[0], from]) {
      const node = candidates.find((one) => one.package_name === name);
      if (node) return { node, rivals: [] };
    }
    const [node, ...rivals] = candidates.length > 1 ? [...candidates].sort(byPackage) : candidates;
    return node && { node, rivals };
  };

  const resolve = (found: readonly Node[], off: readonly Node[], from: string, only?: string): Resolution => {
    const chosen = choose(found, from, only);
    if (chosen) return chosen;
    const disabledNode = choose(off, from, only);
    return disabledNode && { disabled: disabledNode.node };
  };

  return {
    ref: (call, from) =>
      resolve(
        (refs.get(call.name) ?? []).filter((node) => fitsVersion(node, call.version)),
        disabledRefs.get(call.name) ?? [],
        from,
        call.package,
      ),
    source: (call, from) => {
      const key = sourceKey(call.source, call.table);
      return resolve(sources.get(key) ?? [], disabledSources.get(key) ?? [], from);
    },
  };
}
