// manifest.json in the shape of dbt's manifest v12, so that tools which read it keep working.
// https://schemas.getdbt.com/dbt/manifest/v12.json
import type { Dialect } from '../adapters/dialect.ts';
import { BUILTIN_PACKAGE } from '../context/index.ts';
import { isMapping } from '../core/config-reader.ts';
import { epochOf } from '../core/dates.ts';
import type { Manifest } from '../core/manifest.ts';
import type { ColumnSpec, DocEntry, ExposureNode, GroupEntry, MacroEntry, Node, SourceNode, UniqueId, UnitTestNode } from '../core/node.ts';
import { assertNever } from '../core/problem.ts';
import { groupOf } from '../graph/access.ts';
import { shownOptions } from '../loading/index.ts';
import { macroIndex } from './macro-calls.ts';
import { completeConfig, completeFreshness } from './manifest-config.ts';
import { primaryKeys } from './primary-key.ts';

type Json = Record<string, unknown>;

const columnsJson = (columns: readonly ColumnSpec[]): Json =>
  Object.fromEntries(
    columns.map((column) => [
      column.name,
      {
        name: column.name,
        description: column.description,
        meta: column.meta,
        data_type: column.data_type ?? null,
        constraints: column.extra.constraints ?? [],
        quote: column.quote ?? null,
        config: { meta: column.meta, tags: column.tags },
        tags: column.tags,
        granularity: column.extra.granularity ?? null,
        doc_blocks: column.doc_blocks ?? [],
      },
    ]),
  );

const refsJson = ({ refs }: Node): readonly Json[] =>
  refs.map((ref) => ({ name: ref.name, package: ref.package ?? null, version: ref.version ?? null }));
const sourcesJson = ({ sources }: Node): readonly (readonly string[])[] => sources.map(({ source, table }) => [source, table]);

const functionsJson = ({ functions }: Node): readonly (readonly string[])[] =>
  (functions ?? []).map((call) => (call.package === undefined ? [call.function] : [call.package, call.function]));

/** What is added comes by Object.assign: spreading so large an object costs three times as much. */
const parsed = (node: Exclude<Node, { resource_type: 'source' | 'exposure' | 'unit_test' }>): Json => ({
  name: node.name,
  resource_type: node.resource_type,
  package_name: node.package_name,
  path: node.path,
  original_file_path: node.original_file_path,
  unique_id: node.unique_id,
  fqn: node.fqn,
  checksum: node.checksum === '' ? NO_CHECKSUM : { name: 'sha256', checksum: node.checksum },
  config: completeConfig(node.resource_type, node.config),
  tags: node.tags,
  description: node.description,
  columns: columnsJson(node.columns),
  meta: node.meta,
  group: groupOf(node) ?? null,
  docs: node.config.docs ?? { show: true, node_color: null },
  patch_path: node.patch_path ?? null,
  unrendered_config: node.unrendered_config ?? {},
  doc_blocks: node.doc_blocks ?? [],
  depends_on: node.resource_type === 'seed' ? { macros: node.depends_on_macros } : dependsOn(node),
});

const NO_CHECKSUM = { name: 'none', checksum: '' };
const dependsOn = (node: Node): Json => ({ macros: node.depends_on_macros, nodes: node.depends_on });

/** What a node with a text of its own has besides. */
const withCode = (node: Extract<Node, { raw_code: string }>): Json => ({
  raw_code: node.raw_code,
  language: 'sql',
  refs: refsJson(node),
  sources: sourcesJson(node),
  metrics: [],
  functions: functionsJson(node),
  contract: contractJson(node),
});

const NO_CONTRACT = { enforced: false, alias_types: true, checksum: null };
const contractJson = (node: Node): Json => {
  const { contract } = node.config;
  const checksum = node.resource_type === 'model' && node.contract ? { checksum: node.contract.checksum } : {};
  return { ...NO_CONTRACT, ...(isMapping(contract) && contract), ...checksum };
};

/** One node as manifest.json has it; also what `model` and `graph` show to templates. */
export function manifestNode(node: Node, dialect: Dialect): Json {
  switch (node.resource_type) {
    case 'source':
      return sourceJson(node, dialect);
    case 'exposure':
      return exposureJson(node);
    case 'model':
      return Object.assign(parsed(node), placed(node, node.materialized !== 'ephemeral', dialect), withCode(node), {
        access: node.extra.access ?? 'protected',
        constraints: node.extra.constraints ?? [],
        version: node.extra.version ?? null,
        latest_version: node.extra.latest_version ?? null,
        deprecation_date: dateText(node.extra.deprecation_date),
        primary_key: [],
        time_spine: node.extra.time_spine ?? null,
      });
    case 'seed':
      return Object.assign(parsed(node), placed(node, true, dialect), { raw_code: '', root_path: null });
    case 'snapshot':
      return Object.assign(parsed(node), placed(node, true, dialect), withCode(node));
    case 'test':
      return Object.assign(
        parsed(node),
        placed(node, node.config.store_failures === true, dialect),
        withCode(node),
        node.test_metadata && {
          test_metadata: {
            name: node.test_metadata.name,
            kwargs: node.test_metadata.kwargs,
            namespace: node.test_metadata.namespace ?? null,
          },
        },
        node.test_kind === 'generic' && {
          column_name: node.column_name ?? null,
          file_key_name: node.file_key_name ?? null,
          // As in dbt: only what ref() finds is one.
          attached_node: node.attached_to?.kind === 'node' ? (node.attached_node ?? null) : null,
        },
      );
    case 'function':
      return Object.assign(parsed(node), placed(node, false, dialect), withCode(node), {
        arguments: node.arguments,
        returns: node.returns ?? null,
      });
    case 'unit_test':
      return unitTestJson(node);
    case 'analysis':
      return Object.assign(parsed(node), placed(node, false, dialect), withCode(node));
    case 'operation':
      return Object.assign(parsed(node), placed(node, false, dialect), withCode(node), { index: node.index + 1 });
    default:
      return assertNever(node);
  }
}

const placed = ({ alias, relation }: Placed, isRelation: boolean, dialect: Dialect): Json => ({
  database: relation.database ?? null,
  schema: relation.schema,
  alias,
  relation_name: isRelation ? dialect.relationName(relation) : null,
});

type Placed = Extract<Node, { alias: string }>;

const sourceJson = (node: SourceNode, dialect: Dialect): Json => ({
  name: node.name,
  resource_type: node.resource_type,
  package_name: node.package_name,
  path: node.path,
  original_file_path: node.original_file_path,
  unique_id: node.unique_id,
  fqn: node.fqn,
  database: node.relation.database ?? null,
  schema: node.relation.schema,
  identifier: node.relation.identifier,
  source_name: node.source_name,
  source_description: node.source_description,
  loader: node.loader,
  quoting: { database: null, schema: null, identifier: null, column: null },
  loaded_at_field: node.loaded_at_field ?? null,
  loaded_at_query: node.loaded_at_query ?? null,
  freshness: node.config.freshness === null ? null : completeFreshness(node.freshness),
  external: null,
  description: node.description,
  columns: columnsJson(node.columns),
  meta: node.meta,
  source_meta: node.source_meta ?? {},
  tags: node.tags,
  config: completeConfig(
    node.resource_type,
    node.freshness ? { ...node.config, freshness: completeFreshness(node.freshness) } : node.config,
  ),
  patch_path: node.patch_path ?? null,
  unrendered_config: node.unrendered_config ?? {},
  relation_name: dialect.relationName(node.relation),
  unrendered_database: node.unrendered_database ?? null,
  unrendered_schema: node.unrendered_schema ?? null,
  doc_blocks: node.doc_blocks ?? [],
  ...(node.load && { dwh_load: { ...node.load, options: shownOptions(node.load.options), at: undefined } }),
});

const exposureJson = (node: ExposureNode): Json => ({
  name: node.name,
  resource_type: node.resource_type,
  package_name: node.package_name,
  path: node.path,
  original_file_path: node.original_file_path,
  unique_id: node.unique_id,
  fqn: node.fqn,
  type: node.exposure_type,
  owner: node.owner,
  description: node.description,
  label: node.label,
  maturity: node.maturity,
  meta: node.meta,
  tags: node.tags,
  config: node.config,
  unrendered_config: node.unrendered_config ?? {},
  url: node.url,
  refs: refsJson(node),
  sources: sourcesJson(node),
  metrics: [],
  depends_on: dependsOn(node),
});

const unitTestJson = (node: UnitTestNode): Json => ({
  model: node.model,
  given: node.given.map((one) => ({ input: one.input, rows: one.rows, format: one.format, fixture: one.fixture })),
  expect: { rows: node.expect.rows, format: node.expect.format, fixture: node.expect.fixture },
  name: node.name,
  resource_type: node.resource_type,
  package_name: node.package_name,
  path: node.path,
  original_file_path: node.original_file_path,
  unique_id: node.unique_id,
  fqn: node.fqn,
  description: node.description,
  overrides: node.overrides ?? null,
  depends_on: dependsOn(node),
  config: completeConfig(node.resource_type, node.config),
  checksum: node.checksum,
  schema: node.schema,
  versions: node.versions ?? null,
  version: node.version ?? null,
});

export interface ManifestStamp {
  readonly generatedAt: string;
  readonly invocationId: string;
  readonly version: string;
}

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

const metadata = ({ project_name, adapter_type }: Manifest, { generatedAt, invocationId, version }: ManifestStamp): Json => ({
  dbt_schema_version: 'https://schemas.getdbt.com/dbt/manifest/v12.json',
  dbt_version: '1.11.0',
  generated_at: generatedAt,
  invocation_id: invocationId,
  env: {},
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

function dateText(date: unknown): string | null {
  const epoch = date === undefined || date === null ? undefined : epochOf(date);
  return epoch === undefined ? null : new Date(epoch).toISOString().replace(/\.000Z$|Z$/, '+00:00');
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
export const manifestHead = (manifest: Manifest, stamp: ManifestStamp): string =>
  `{"metadata":${JSON.stringify(metadata(manifest, stamp))},`;

/** The file's text in pieces: of a large project, object and text together would be most of the memory that dwh takes. */
export function* manifestText(
  manifest: Manifest,
  dialect: Dialect,
  stamp: ManifestStamp,
  json: (value: unknown) => string,
  deferred: Deferred,
  compiled?: CompiledParts,
): Generator<string, void> {
  yield manifestHead(manifest, stamp);
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
