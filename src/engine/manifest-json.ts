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

/** The value is made when it is asked for. */
type Entry = readonly [key: string, make: () => unknown];

/** The members of manifest.json behind its metadata, each a mapping, in their order. */
function* members(
  manifest: Manifest,
  dialect: Dialect,
  deferred: Deferred,
  compiled?: CompiledParts,
): Generator<readonly [name: string, entries: Iterable<Entry>], void> {
  const nodes = [...manifest.nodes.values()];
  const children = once(() => {
    const found = new Map<UniqueId, UniqueId[]>(nodes.map((node) => [node.unique_id, []]));
    for (const node of nodes) for (const parent of node.depends_on) found.get(parent)?.push(node.unique_id);
    return found;
  });
  const ofType = (type: Node['resource_type']): Iterable<Entry> =>
    each(
      nodes.filter((node) => node.resource_type === type),
      (node) => [node.unique_id, () => manifestNode(node, dialect)],
    );
  const keyOf = once(() => primaryKeys(manifest));
  const withKey = (node: Node): Json => {
    const json = manifestNode(node, dialect);
    if (node.resource_type === 'model') json.primary_key = keyOf()(node);
    return json;
  };
  yield [
    'nodes',
    each(
      nodes.filter(({ resource_type }) => !ELSEWHERE.has(resource_type)),
      (node) => [
        node.unique_id,
        () => {
          const there = deferred.get(node.unique_id);
          const json = Object.assign(withKey(node), compiled?.(node));
          return there ? Object.assign(json, { defer_relation: there.json }) : json;
        },
      ],
    ),
  ];
  yield ['sources', ofType('source')];
  const index = macroIndex(manifest.macros, manifest.project_name, BUILTIN_PACKAGE, [dialect.name, ...dialect.parents, 'default']);
  yield ['macros', each(manifest.macros.values(), (macro) => [macro.unique_id, () => macroJson(macro, index.calls(macro))])];
  yield ['docs', each(manifest.docs.values(), (doc) => [doc.unique_id, () => docJson(doc)])];
  yield ['exposures', ofType('exposure')];
  yield ['metrics', []];
  yield ['groups', each(manifest.groups, (group) => [group.unique_id, () => groupJson(group)])];
  yield ['selectors', each(Object.entries(manifest.selectors), ([name, selector]) => [name, () => selector])];
  yield ['disabled', each(manifest.disabled, ([id, node]) => [id, () => [withKey(node)]])];
  yield ['parent_map', each(nodes, (node) => [node.unique_id, () => node.depends_on])];
  yield ['child_map', each(nodes, (node) => [node.unique_id, () => children().get(node.unique_id)])];
  yield ['group_map', each(groupMap(manifest.groups, nodes), ([name, ids]) => [name, () => ids])];
  for (const name of ['saved_queries', 'semantic_models']) yield [name, []];
  yield ['unit_tests', ofType('unit_test')];
  yield [
    'functions',
    each(
      nodes.filter(({ resource_type }) => resource_type === 'function'),
      (node) => [node.unique_id, () => Object.assign(manifestNode(node, dialect), compiled?.(node))],
    ),
  ];
}

function* each<T, E>(items: Iterable<T>, entry: (item: T) => E): Generator<E, void> {
  for (const item of items) yield entry(item);
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
    ...[...members(manifest, dialect, deferred)].map(([name, entries]) => [
      name,
      Object.fromEntries(each(entries, ([key, make]) => [key, make()])),
    ]),
  ]);

/** What the file's text begins with: all that differs from run to run is in it. */
export const manifestHead = (manifest: Manifest, stamp: ManifestStamp, json: (value: unknown) => string): string =>
  `{"metadata":${json(metadata(manifest, stamp))},`;

/** Where each member's entries stand in the file: the byte at which the first begins, then how long each is, with the comma before it. */
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
  const part = earlier && partsOf(earlier, dialect);
  const isSame = earlier && sameEntries(manifest, earlier.manifest);
  const places: number[][] = [];
  let at = out.text(manifestHead(manifest, stamp, json));
  let before = '';
  for (const [name, entries] of members(manifest, dialect, deferred, compiled)) {
    at += out.text(`${before}${JSON.stringify(name)}:{`);
    const lengths: number[] = [];
    places.push([at]);
    for (const [key, make] of entries) {
      const isFirst = lengths.length === 0;
      const there = isSame?.(name, key) ? part?.(name, key, isFirst) : undefined;
      const bytes = there ? out.part(there.file, there.start, there.end) : out.text(`${isFirst ? '' : ','}${json(key)}:${json(make())}`);
      lengths.push(bytes);
      at += bytes;
    }
    places.at(-1)?.push(...lengths);
    before = '},';
  }
  out.text('}}\n');
  return places;
}

interface Part {
  readonly file: number;
  readonly start: number;
  readonly end: number;
}

/** Where the entry of a key stands; the first of a member has no comma before it, and fits only there. */
function partsOf(
  { file, manifest, places }: EarlierFile,
  dialect: Dialect,
): (name: string, key: string, isFirst: boolean) => Part | undefined {
  const found = new Map<string, ReadonlyMap<string, number>>();
  const starts = new Map<string, readonly number[]>();
  let member = 0;
  for (const [name, entries] of members(manifest, dialect, new Map())) {
    let [at = 0, ...lengths] = places[member++] ?? [];
    found.set(name, new Map([...each(entries, ([key]) => key)].map((key, index) => [key, index])));
    starts.set(name, [at, ...lengths.map((bytes) => (at += bytes))]);
  }
  return (name, key, isFirst) => {
    const index = found.get(name)?.get(key);
    if (index === undefined || (index === 0) !== isFirst) return undefined;
    const [start, end] = starts.get(name)?.slice(index, index + 2) ?? [];
    return start === undefined || end === undefined ? undefined : { file, start, end };
  };
}
