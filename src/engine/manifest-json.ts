// manifest.json in the shape of dbt's manifest v12, so that tools which read it keep working.
// https://schemas.getdbt.com/dbt/manifest/v12.json
import type { Dialect } from '../adapters/dialect.ts';
import { BUILTIN_PACKAGE } from '../context/index.ts';
import { type ArtifactMeta, artifactMetadata } from '../core/artifact-metadata.ts';
import type { Manifest } from '../core/manifest.ts';
import type { DocEntry, GroupEntry, MacroEntry, Node, UniqueId } from '../core/node.ts';
import type { Request } from '../core/request.ts';
import { groupOf } from '../graph/access.ts';
import { macroIndex } from '../project/index.ts';
import { type Json, manifestNode } from './node-json.ts';
import { primaryKeys } from './primary-key.ts';

/** Of a Request. */
export type ManifestStamp = ArtifactMeta & Pick<Request, 'version'>;

/** `defer_relation` of the nodes that have one. */
export type Deferred = ReadonlyMap<UniqueId, { readonly json: Readonly<Json> }>;
/** Resources that have a section of their own. */
const ELSEWHERE: ReadonlySet<Node['resource_type']> = new Set(['source', 'exposure', 'unit_test', 'function'] as const);
/** What a run adds to a node that it compiled. */
export type CompiledParts = (node: Node) => Json | undefined;

type Entry = readonly [key: string, value: unknown];

/** The members of manifest.json behind its metadata, each a mapping, in their order. Entries are made when they are asked for. */
function* members(
  manifest: Manifest,
  dialect: Dialect,
  deferred: Deferred,
  compiled?: CompiledParts,
): Generator<readonly [name: string, entries: Iterable<Entry>], void> {
  const nodes = [...manifest.nodes.values()];
  const children = new Map<UniqueId, UniqueId[]>(nodes.map((node) => [node.unique_id, []]));
  for (const node of nodes) for (const parent of node.depends_on) children.get(parent)?.push(node.unique_id);
  const ofType = (type: Node['resource_type']): Iterable<Entry> =>
    each(
      nodes.filter((node) => node.resource_type === type),
      (node) => [node.unique_id, manifestNode(node, dialect)],
    );

  const keyOf = primaryKeys(manifest);
  const withKey = (node: Node): Json => {
    const json = manifestNode(node, dialect);
    if (node.resource_type === 'model') json.primary_key = keyOf(node);
    return json;
  };
  yield [
    'nodes',
    each(
      nodes.filter(({ resource_type }) => !ELSEWHERE.has(resource_type)),
      (node) => {
        const there = deferred.get(node.unique_id);
        const json = Object.assign(withKey(node), compiled?.(node));
        return [node.unique_id, there ? Object.assign(json, { defer_relation: there.json }) : json];
      },
    ),
  ];
  yield ['sources', ofType('source')];
  const index = macroIndex(manifest.macros, manifest.project_name, BUILTIN_PACKAGE, [dialect.name, ...dialect.parents, 'default']);
  yield ['macros', each(manifest.macros.values(), (macro) => [macro.unique_id, macroJson(macro, index.calls(macro))])];
  yield ['docs', each(manifest.docs.values(), (doc) => [doc.unique_id, docJson(doc)])];
  yield ['exposures', ofType('exposure')];
  yield ['metrics', []];
  yield ['groups', each(manifest.groups, (group) => [group.unique_id, groupJson(group)])];
  yield ['selectors', Object.entries(manifest.selectors)];
  yield ['disabled', each(manifest.disabled, ([id, node]) => [id, [withKey(node)]])];
  yield ['parent_map', each(nodes, (node) => [node.unique_id, node.depends_on])];
  yield ['child_map', children];
  yield ['group_map', groupMap(manifest.groups, nodes)];
  for (const name of ['saved_queries', 'semantic_models']) yield [name, []];
  yield ['unit_tests', ofType('unit_test')];
  yield [
    'functions',
    each(
      nodes.filter(({ resource_type }) => resource_type === 'function'),
      (node) => [node.unique_id, Object.assign(manifestNode(node, dialect), compiled?.(node))],
    ),
  ];
}

function* each<T>(items: Iterable<T>, entry: (item: T) => Entry): Generator<Entry, void> {
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

function* groupMap(groups: readonly GroupEntry[], nodes: readonly Node[]): Generator<Entry, void> {
  if (groups.length === 0) return;
  const members = new Map(groups.map(({ name }): [string, UniqueId[]] => [name, []]));
  for (const node of nodes) members.get(groupOf(node) ?? '')?.push(node.unique_id);
  yield* members;
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
    ...each(members(manifest, dialect, deferred), ([name, entries]): Entry => [name, Object.fromEntries(entries)]),
  ]);

/** What the file's text begins with: all that differs from run to run is in it. */
export const manifestHead = (manifest: Manifest, stamp: ManifestStamp, json: (value: unknown) => string): string =>
  `{"metadata":${json(metadata(manifest, stamp))},`;

/** The file's text in pieces: of a large project, object and text together would be most of the memory that dwh takes. */
export function* manifestText(
  manifest: Manifest,
  dialect: Dialect,
  stamp: ManifestStamp,
  json: (value: unknown) => string,
  deferred: Deferred,
  compiled?: CompiledParts,
): Generator<string, void> {
  yield manifestHead(manifest, stamp, json);
  let before = '';
  for (const [name, entries] of members(manifest, dialect, deferred, compiled)) {
    yield `${before}${JSON.stringify(name)}:{`;
    let between = '';
    for (const [key, value] of entries) {
      yield `${between}${json(key)}:${json(value)}`;
      between = ',';
    }
    before = '},';
  }
  yield '}}\n';
}
