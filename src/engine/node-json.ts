// One node in the shape of dbt's manifest v12: in manifest.json, and what `model` and `graph` show to templates.
// https://schemas.getdbt.com/dbt/manifest/v12.json
import type { Dialect } from '../adapters/dialect.ts';
import { isMapping } from '../core/config-reader.ts';
import { epochOf } from '../core/dates.ts';
import type { ColumnSpec, ExposureNode, Node, SourceNode, UnitTestNode } from '../core/node.ts';
import { assertNever } from '../core/problem.ts';
import { groupOf } from '../graph/access.ts';
import { shownOptions } from '../loading/index.ts';
import { completeConfig, completeFreshness } from './manifest-config.ts';

export type Json = Record<string, unknown>;

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

const identity = (node: Node): Json => ({
  name: node.name,
  resource_type: node.resource_type,
  package_name: node.package_name,
  path: node.path,
  original_file_path: node.original_file_path,
  unique_id: node.unique_id,
  fqn: node.fqn,
});

/** What is added comes by Object.assign: spreading so large an object costs three times as much. */
const parsed = (node: Exclude<Node, { resource_type: 'source' | 'exposure' | 'unit_test' }>): Json =>
  Object.assign(identity(node), {
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
  // A file's text is without the blanks around it; within the file's own tags they count.
  raw_code: node.resource_type === 'snapshot' || node.resource_type === 'operation' ? node.raw_code : node.raw_code.trim(),
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

const externalJson = ({ partitions, ...own }: Json): Json => ({
  location: null,
  file_format: null,
  row_format: null,
  tbl_properties: null,
  partitions: Array.isArray(partitions)
    ? partitions.map((one) => (isMapping(one) ? { name: '', description: '', data_type: '', meta: {}, ...one } : one))
    : null,
  ...own,
});

const sourceJson = (node: SourceNode, dialect: Dialect): Json =>
  Object.assign(identity(node), {
    database: node.relation.database ?? null,
    schema: node.relation.schema,
    identifier: node.relation.identifier,
    source_name: node.source_name,
    source_description: node.source_description,
    loader: node.loader,
    quoting: { database: null, schema: null, identifier: null, column: null, ...node.quoting },
    loaded_at_field: node.loaded_at_field ?? null,
    loaded_at_query: node.loaded_at_query ?? null,
    freshness: node.config.freshness === null ? null : completeFreshness(node.freshness),
    external: node.external ? externalJson(node.external) : null,
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

const exposureJson = (node: ExposureNode): Json =>
  Object.assign(identity(node), {
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

const unitTestJson = (node: UnitTestNode): Json =>
  Object.assign(identity(node), {
    model: node.model,
    given: node.given.map((one) => ({ input: one.input, rows: one.rows, format: one.format, fixture: one.fixture })),
    expect: { rows: node.expect.rows, format: node.expect.format, fixture: node.expect.fixture },
    description: node.description,
    overrides: node.overrides ?? null,
    depends_on: dependsOn(node),
    config: completeConfig(node.resource_type, node.config),
    checksum: node.checksum,
    schema: node.schema,
    versions: node.versions ?? null,
    version: node.version ?? null,
  });

function dateText(date: unknown): string | null {
  const epoch = date === undefined || date === null ? undefined : epochOf(date);
  return epoch === undefined ? null : new Date(epoch).toISOString().replace(/\.000Z$|Z$/, '+00:00');
}
