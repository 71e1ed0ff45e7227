// manifest.json in the shape of dbt's manifest v12, so that tools which read it keep working.
// https://schemas.getdbt.com/dbt/manifest/v12.json
import type { Dialect } from '../adapters/dialect.ts';
import { BUILTIN_PACKAGE } from '../context/index.ts';
import { type ArtifactMeta, artifactMetadata } from '../core/artifact-metadata.ts';
import type { Manifest } from '../core/manifest.ts';
import type { DocEntry, GroupEntry, MacroEntry, Node, UniqueId } from '../core/node.ts';
import { once } from '../core/once.ts';
import type { Request } from '../core/request.ts';
import { groupOf } from '../graph/access.ts';
import { macroIndex } from '../project/index.ts';
import { sameEntries } from './manifest-reuse.ts';
import { type Json, manifestNode } from './node-json.ts';
import type { Out } from './out.ts';
import { primaryKeys } from './primary-key.ts';

/** Of a Request. */
export type ManifestStamp = ArtifactMeta & Pick<Request, 'version'>;

/** `defer_relation` of the nodes that have one. */
export type Deferred = ReadonlyMap<UniqueId, { readonly json: Readonly<Json> }>;
/** Resources that have a section of their own. */
const ELSEWHERE: ReadonlySet<Node['resource_type']> = new Set(['source', 'exposure', 'unit_test', 'function'] as const);
/** What a run adds to a node that it compiled. */
export type CompiledParts = (node: Node) => Json | undefined;

/** A mapping: each value is made when it is asked for, by the number of its key. */
interface Member {
  readonly name: string;
  readonly keys: readonly string[];
  readonly value: (index: number) => unknown;
}

function member<T extends object>(name: string, items: readonly T[], key: (item: T) => string, value: (item: T) => unknown): Member {
  const valueAt = (index: number): unknown => {
    const item = items[index];
    return item && value(item);
  };
  return { name, keys: items.map(key), value: valueAt };
}

/** The members of manifest.json behind its metadata, in their order. */
function members(manifest: Manifest, dialect: Dialect, deferred: Deferred, compiled?: CompiledParts): readonly Member[] {
  const nodes = [...manifest.nodes.values()];
  const children = once(() => {
    const found = new Map<UniqueId, UniqueId[]>(nodes.map((node) => [node.unique_id, []]));
    for (const node of nodes) for (const parent of node.depends_on) found.get(parent)?.push(node.unique_id);
    return found;
  });
  const keyOf = once(() => primaryKeys(manifest));
  const withKey = (node: Node): Json => {
    const json = manifestNode(node, dialect);
    if (node.resource_type === 'model') json.primary_key = keyOf()(node);
    return json;
  };
  const calls = once(() =>
    macroIndex(manifest.macros, manifest.project_name, BUILTIN_PACKAGE, [dialect.name, ...dialect.parents, 'default']),
  );
  const ofNodes = (name: string, some: readonly Node[], value: (node: Node) => unknown): Member =>
    member(name, some, ({ unique_id }) => unique_id, value);
  const ofType = (name: string, type: Node['resource_type'], value = (node: Node): unknown => manifestNode(node, dialect)): Member =>
    ofNodes(
      name,
      nodes.filter(({ resource_type }) => resource_type === type),
      value,
    );
  const none = (name: string): Member => ({ name, keys: [], value: () => undefined });
  return [
    ofNodes(
      'nodes',
      nodes.filter(({ resource_type }) => !ELSEWHERE.has(resource_type)),
      (node) => {
        const there = deferred.get(node.unique_id);
        const json = Object.assign(withKey(node), compiled?.(node));
        return there ? Object.assign(json, { defer_relation: there.json }) : json;
      },
    ),
    ofType('sources', 'source'),
    member(
      'macros',
      [...manifest.macros.values()],
      ({ unique_id }) => unique_id,
      (macro) => macroJson(macro, calls().calls(macro)),
    ),
    member('docs', [...manifest.docs.values()], ({ unique_id }) => unique_id, docJson),
    ofType('exposures', 'exposure'),
    none('metrics'),
    member('groups', manifest.groups, ({ unique_id }) => unique_id, groupJson),
    member(
      'selectors',
      Object.entries(manifest.selectors),
      ([name]) => name,
      ([, selector]) => selector,
    ),
    ofNodes('disabled', [...manifest.disabled.values()], (node) => [withKey(node)]),
    ofNodes('parent_map', nodes, ({ depends_on }) => depends_on),
    ofNodes('child_map', nodes, ({ unique_id }) => children().get(unique_id)),
    member(
      'group_map',
      [...groupMap(manifest.groups, nodes)],
      ([name]) => name,
      ([, ids]) => ids,
    ),
    none('saved_queries'),
    none('semantic_models'),
    ofType('unit_tests', 'unit_test'),
    ofType('functions', 'function', (node) => Object.assign(manifestNode(node, dialect), compiled?.(node))),
  ];
}

const metadata = ({ project_name, adapter_type }: Manifest, { version, ...stamp }: ManifestStamp): Json => ({
  ...artifactMetadata('manifest/v12', stamp.startedAt, stamp),
  project_name,
  adapter_type,
  dwh_version: version,
});

/** One macro as manifest.json has it. */
export const macroJson = (macro: MacroEntry, calls: readonly string[]): Json => ({
  name: macro.name,
  resource_type: 'macro',
  package_name: macro.package_name,
  path: macro.original_file_path,
  original_file_path: macro.original_file_path,
  unique_id: macro.unique_id,
  macro_sql: macro.macro_sql,
  depends_on: { macros: calls },
  description: macro.description,
  meta: macro.meta,
  docs: macro.docs,
  config: { meta: macro.meta, docs: macro.docs },
  patch_path: macro.patch_path ?? null,
  arguments: macro.arguments,
  supported_languages: macro.name.startsWith('materialization_') ? ['sql'] : null,
});

const groupJson = ({ at, ...group }: GroupEntry): Json => ({ ...group, resource_type: 'group' });

function groupMap(groups: readonly GroupEntry[], nodes: readonly Node[]): ReadonlyMap<string, readonly UniqueId[]> {
  const members = new Map(groups.map(({ name }): [string, UniqueId[]] => [name, []]));
  if (groups.length > 0) for (const node of nodes) members.get(groupOf(node) ?? '')?.push(node.unique_id);
  return members;
}

const docJson = (doc: DocEntry): Json => ({
  name: doc.name,
  resource_type: 'doc',
  package_name: doc.package_name,
  path: doc.path,
  original_file_path: doc.original_file_path,
  unique_id: doc.unique_id,
  block_contents: doc.block_contents,
});

/** As an object: what `graph` shows to templates. */
export const manifestJson = (manifest: Manifest, dialect: Dialect, stamp: ManifestStamp, deferred: Deferred = new Map()): Json =>
  Object.fromEntries([
    ['metadata', metadata(manifest, stamp)],
    ...members(manifest, dialect, deferred).map(({ name, keys, value }): [string, unknown] => [
      name,
      Object.fromEntries(keys.map((key, index) => [key, value(index)])),
    ]),
  ]);

/** What the file's text begins with: all that differs from run to run is in it. */
export const manifestHead = (manifest: Manifest, stamp: ManifestStamp, json: (value: unknown) => string): string =>
  `{"metadata":${json(metadata(manifest, stamp))},`;

/** Where each member's entries stand in the file: the bytes at which one begins, with the comma before it, and behind the last of them. */
export type Places = readonly (readonly number[])[];

/** A file that holds an earlier manifest of the same target. */
export interface EarlierFile {
  /** Open for reading. */
  readonly file: number;
  readonly manifest: Manifest;
  readonly places: Places;
}

export interface ManifestParts {
  readonly manifest: Manifest;
  readonly dialect: Dialect;
  readonly stamp: ManifestStamp;
  readonly json: (value: unknown) => string;
  readonly deferred: Deferred;
  readonly compiled?: CompiledParts;
}

/**
 * Entry by entry: of a large project, object and text together would be most of the memory that dwh takes. What an earlier file
 * says already is taken from there.
 */
export function writeManifestText(out: Out, parts: ManifestParts, earlier?: EarlierFile): Places {
  const { manifest, dialect, stamp, json, deferred, compiled } = parts;
  const there = earlier && entriesOf(earlier, manifest, dialect);
  const places: number[][] = [];
  let at = out.text(manifestHead(manifest, stamp, json));
  let before = '';
  for (const [number, { name, keys, value }] of members(manifest, dialect, deferred, compiled).entries()) {
    at += out.text(`${before}${json(name)}:{`);
    const starts = [at];
    const known = there?.[number];
    for (const [index, key] of keys.entries()) {
      const part = known?.(key, index);
      at +=
        earlier && part
          ? out.part(earlier.file, part.start, part.end)
          : out.text(`${index === 0 ? '' : ','}${json(key)}:${json(value(index))}`);
      starts.push(at);
    }
    places.push(starts);
    before = '},';
  }
  out.text('}}\n');
  return places;
}

/** Where the earlier file has an entry as it would be written now: for each member. */
function entriesOf({ manifest, places }: EarlierFile, now: Manifest, dialect: Dialect) {
  const isSame = sameEntries(now, manifest);
  return members(manifest, dialect, new Map()).map(({ name, keys }, number) => {
    const starts = places[number] ?? [];
    const isKept = isSame(name);
    const indices = once(() => new Map(keys.map((key, index) => [key, index])));
    return (key: string, index: number): { readonly start: number; readonly end: number } | undefined => {
      if (!isKept?.(key)) return undefined;
      // Most stand where they stood.
      const found = keys[index] === key ? index : indices().get(key);
      // The first has no comma before it.
      if (found === undefined || (found === 0) !== (index === 0)) return undefined;
      const [start, end] = [starts[found], starts[found + 1]];
      return start === undefined || end === undefined ? undefined : { start, end };
    };
  });
}
