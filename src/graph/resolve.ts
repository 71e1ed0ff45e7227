// From names to nodes: what ref(), source() and function() calls mean, given the package they are written in.
import type { FunctionCall, Node, RefCall, SourceCall } from '../core/node.ts';
import { type ModelVersion, versionOf } from '../core/versions.ts';

/** What models, seeds and snapshots have in common here: they are what ref() finds. */
const refable: ReadonlySet<string> = new Set(['model', 'seed', 'snapshot']);
export const isRefable = (node: Node): boolean => refable.has(node.resource_type);

export type Resolution =
  | {
      readonly node: Node;
      /** Others that the name fits as well, none of them in the root or the caller's package. */
      readonly rivals: readonly Node[];
    }
  | { readonly disabled: Node }
  | undefined;

export interface Names {
  readonly ref: (call: Pick<RefCall, 'name' | 'package' | 'version'>, from: string) => Resolution;
  readonly source: (call: Pick<SourceCall, 'source' | 'table'>, from: string) => Resolution;
  readonly function: (call: Pick<FunctionCall, 'function' | 'package'>, from: string) => Resolution;
}

/** The version that a ref names; of one that names none, the latest. */
export function fitsVersion(node: Node, wanted: ModelVersion | undefined): boolean {
  const version = versionOf(node);
  if (wanted !== undefined) return version !== undefined && String(version.v) === String(wanted);
  return version === undefined || String(version.v) === String(version.latest);
}

const sourceKey = (source: string, table: string): string => `${source}\u0000${table}`;

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
const functionName = (node: Node): string | undefined => (node.resource_type === 'function' ? node.name : undefined);
const sourceName = (node: Node): string | undefined =>
  node.resource_type === 'source' ? sourceKey(node.source_name, node.name) : undefined;

const nobody: readonly Node[] = [];

/**
 * `packages`: the root first. A name means the root's node, then that of the caller's package, or, with `ownPackageFirst`, the other
 * way round; then the first package that has it.
 */
export function namesOf(packages: readonly string[], enabled: readonly Node[], disabled: readonly Node[], ownPackageFirst = false): Names {
  const rank = new Map(packages.map((name, index) => [name, index]));
  const rankOf = (node: Node): number => rank.get(node.package_name) ?? packages.length;
  const inOrder = [...enabled].sort((a, b) => rankOf(a) - rankOf(b));
  const refs = grouped(inOrder, refName);
  const sources = grouped(inOrder, sourceName);
  const functions = grouped(inOrder, functionName);
  const disabledFunctions = grouped(disabled, functionName);
  const disabledRefs = grouped(disabled, refName);
  const disabledSources = grouped(disabled, sourceName);

  const choose = (candidates: readonly Node[], from: string, only: string | undefined): Node | undefined => {
    const inPackage = (name: string | undefined): Node | undefined => candidates.find((node) => node.package_name === name);
    if (only !== undefined) return inPackage(only);
    const [first, second] = ownPackageFirst ? [from, packages[0]] : [packages[0], from];
    return inPackage(first) ?? inPackage(second) ?? candidates[0];
  };

  const resolve = (found: readonly Node[], off: readonly Node[], from: string, only?: string): Resolution => {
    const node = choose(found, from, only);
    if (node) {
      const isClear = found.length === 1 || only !== undefined || node.package_name === packages[0] || node.package_name === from;
      return { node, rivals: isClear ? nobody : found.filter((one) => one !== node) };
    }
    const disabledNode = choose(off, from, only);
    return disabledNode && { disabled: disabledNode };
  };

  /** Nearly all names belong to one node, whoever asks. */
  const plain = new Map<string, Resolution>();
  for (const [name, [node, ...others]] of refs)
    if (node && others.length === 0 && versionOf(node) === undefined) plain.set(name, { node, rivals: nobody });

  const ofVersion = (nodes: readonly Node[], version: ModelVersion | undefined): readonly Node[] =>
    nodes.every((node) => fitsVersion(node, version)) ? nodes : nodes.filter((node) => fitsVersion(node, version));

  return {
    ref: (call, from) =>
      (call.package === undefined && call.version === undefined && plain.get(call.name)) ||
      resolve(
        ofVersion(refs.get(call.name) ?? nobody, call.version),
        ofVersion(disabledRefs.get(call.name) ?? nobody, call.version),
        from,
        call.package,
      ),
    source: (call, from) => {
      const key = sourceKey(call.source, call.table);
      return resolve(sources.get(key) ?? nobody, disabledSources.get(key) ?? nobody, from);
    },
    function: (call, from) =>
      resolve(functions.get(call.function) ?? nobody, disabledFunctions.get(call.function) ?? nobody, from, call.package),
  };
}
