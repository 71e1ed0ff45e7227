// manifest.json in the shape of dbt's manifest v12, so that tools which read it keep working.
// https://schemas.getdbt.com/dbt/manifest/v12.json
import type { Dialect } from '../adapters/adapter.ts';
import type { Manifest } from '../core/manifest.ts';
import type { ColumnSpec, Node, UniqueId } from '../core/node.ts';

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
        tags: column.tags,
      },
    ]),
  );

const base = (node: Node): Json => ({
  name: node.name,
  resource_type: node.resource_type,
  package_name: node.package_name,
  path: node.path,
  original_file_path: node.original_file_path,
  unique_id: node.unique_id,
  fqn: node.fqn,
});

const parsed = (node: Exclude<Node, { resource_type: 'source' }>): Json => ({
  ...base(node),
  checksum: { name: 'sha256', checksum: node.checksum },
  config: node.config,
  tags: node.tags,
  description: node.description,
  columns: columnsJson(node.columns),
  meta: node.meta,
  group: node.config.group ?? null,
  docs: node.config.docs ?? { show: true, node_color: null },
  patch_path: node.patch_path ?? null,
  unrendered_config: {},
  refs: node.refs.map((ref) => ({ name: ref.name, package: ref.package ?? null, version: ref.version ?? null })),
  sources: node.sources.map((source) => [source.source, source.table]),
  metrics: [],
  depends_on: { macros: node.depends_on_macros, nodes: node.depends_on },
});

/** One node as manifest.json has it; also what `model` and `graph` show to templates. */
export function manifestNode(node: Node, dialect: Dialect): Json {
  switch (node.resource_type) {
    case 'source':
      return {
        ...base(node),
        database: node.relation.database ?? null,
        schema: node.relation.schema,
        identifier: node.relation.identifier,
        source_name: node.source_name,
        source_description: node.source_description,
        loader: node.loader,
        quoting: { database: null, schema: null, identifier: null, column: null },
        loaded_at_field: node.loaded_at_field ?? null,
        loaded_at_query: node.loaded_at_query ?? null,
        freshness: node.freshness ?? null,
        external: null,
        description: node.description,
        columns: columnsJson(node.columns),
        meta: node.meta,
        source_meta: {},
        tags: node.tags,
        config: node.config,
        patch_path: node.patch_path ?? null,
        unrendered_config: {},
        relation_name: dialect.relationName(node.relation),
        ...(node.load && { dwh_load: { ...node.load, at: undefined } }),
      };
    case 'model':
    case 'seed':
      return {
        ...parsed(node),
        database: node.relation.database ?? null,
        schema: node.relation.schema,
        alias: node.alias,
        relation_name: node.materialized === 'ephemeral' ? null : dialect.relationName(node.relation),
        ...(node.resource_type === 'model'
          ? {
              raw_code: node.raw_code,
              language: 'sql',
              access: node.extra.access ?? 'protected',
              constraints: node.extra.constraints ?? [],
              version: node.extra.version ?? null,
              latest_version: node.extra.latest_version ?? null,
              deprecation_date: null,
              contract: node.config.contract ?? { enforced: false, alias_types: true },
            }
          : { raw_code: '', root_path: null }),
      };
    case 'test':
      return {
        ...parsed(node),
        database: node.relation.database ?? null,
        schema: node.relation.schema,
        alias: node.alias,
        relation_name: null,
        raw_code: node.raw_code,
        language: 'sql',
        ...(node.test_metadata && {
          test_metadata: {
            name: node.test_metadata.name,
            kwargs: node.test_metadata.kwargs,
            namespace: node.test_metadata.namespace ?? null,
          },
        }),
        ...(node.test_kind === 'generic' && {
          column_name: node.column_name ?? null,
          file_key_name: node.file_key_name ?? null,
          attached_node: node.attached_node ?? null,
        }),
      };
    case 'analysis':
    case 'operation':
      return {
        ...parsed(node),
        alias: node.name,
        raw_code: node.raw_code,
        language: 'sql',
        relation_name: null,
        ...(node.resource_type === 'operation' && { index: node.index }),
      };
  }
}

export interface ManifestStamp {
  readonly generatedAt: string;
  readonly invocationId: string;
  readonly version: string;
}

export function manifestJson(manifest: Manifest, dialect: Dialect, stamp: ManifestStamp): Json {
  const nodes: Json = {};
  const sources: Json = {};
  const parents: Record<string, UniqueId[]> = {};
  const children: Record<string, UniqueId[]> = {};
  for (const id of manifest.nodes.keys()) children[id] = [];
  for (const node of manifest.nodes.values()) {
    (node.resource_type === 'source' ? sources : nodes)[node.unique_id] = manifestNode(node, dialect);
    parents[node.unique_id] = [...node.depends_on];
    for (const parent of node.depends_on) children[parent]?.push(node.unique_id);
  }
  const disabled: Record<string, Json[]> = {};
  for (const [id, node] of manifest.disabled) disabled[id] = [manifestNode(node, dialect)];
  return {
    metadata: {
      dbt_schema_version: 'https://schemas.getdbt.com/dbt/manifest/v12.json',
      dbt_version: '1.11.0',
      generated_at: stamp.generatedAt,
      invocation_id: stamp.invocationId,
      env: {},
      project_name: manifest.project_name,
      adapter_type: manifest.adapter_type,
      dwh_version: stamp.version,
    },
    nodes,
    sources,
    macros: Object.fromEntries(
      [...manifest.macros.values()].map((macro) => [
        macro.unique_id,
        {
          name: macro.name,
          resource_type: 'macro',
          package_name: macro.package_name,
          path: macro.original_file_path,
          original_file_path: macro.original_file_path,
          unique_id: macro.unique_id,
          macro_sql: macro.macro_sql,
          depends_on: { macros: [] },
          description: macro.description,
          meta: macro.meta,
          docs: { show: true, node_color: null },
          patch_path: macro.patch_path ?? null,
          arguments: macro.arguments,
          supported_languages: null,
        },
      ]),
    ),
    docs: Object.fromEntries(
      [...manifest.docs.values()].map((doc) => [
        doc.unique_id,
        {
          name: doc.name,
          resource_type: 'doc',
          package_name: doc.package_name,
          path: doc.original_file_path,
          original_file_path: doc.original_file_path,
          unique_id: doc.unique_id,
          block_contents: doc.block_contents,
        },
      ]),
    ),
    exposures: {},
    metrics: {},
    groups: {},
    selectors: manifest.selectors,
    disabled,
    parent_map: parents,
    child_map: children,
    group_map: {},
    saved_queries: {},
    semantic_models: {},
    unit_tests: {},
  };
}
