// What the page shows of a project: its nodes with what the files say of them and what the warehouse has of them.
import type { Manifest } from '../core/manifest.ts';
import type { Node, TestNode, UniqueId } from '../core/node.ts';
import type { CatalogEntry } from './catalog-json.ts';

export interface SiteColumn {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly tests: readonly string[];
}

export interface SiteNode {
  readonly id: UniqueId;
  readonly label: string;
  readonly type: string;
  readonly package: string;
  readonly materialized: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** [name, value] of what else is known. */
  readonly facts: readonly (readonly [string, string])[];
  readonly columns: readonly SiteColumn[];
  /** Of the node as a whole. */
  readonly tests: readonly string[];
  readonly reads: readonly UniqueId[];
  readonly raw: string;
  readonly compiled: string;
  /** What the search looks through, in lower case. */
  readonly words: string;
}

export interface Site {
  readonly project: string;
  /** Markdown. */
  readonly overview: string;
  readonly nodes: readonly SiteNode[];
  readonly groups: readonly { readonly title: string; readonly ids: readonly UniqueId[] }[];
}

const GROUPS: readonly (readonly [Node['resource_type'], string])[] = [
  ['source', 'Sources'],
  ['seed', 'Seeds'],
  ['snapshot', 'Snapshots'],
  ['model', 'Models'],
  ['analysis', 'Analyses'],
  ['exposure', 'Exposures'],
  ['function', 'Functions'],
];
const SHOWN = new Set(GROUPS.map(([type]) => type));

const OVERVIEW = `The models, sources and tests of this project. Choose one on the left, or search by name, column or tag.

A page of your own stands here when the project has a docs block named \`__overview__\`.`;

const labelOf = (node: Node): string => (node.resource_type === 'source' ? `${node.source_name}.${node.name}` : node.name);

const testName = ({ test_metadata, name }: TestNode): string => test_metadata?.name ?? name;

export function siteOf(
  manifest: Manifest,
  catalog: ReadonlyMap<UniqueId, CatalogEntry>,
  compiled: ReadonlyMap<UniqueId, string>,
  relationName: (node: Node) => string | undefined,
): Site {
  const nodes = [...manifest.nodes.values()];
  const testsOf = new Map<UniqueId, TestNode[]>();
  for (const node of nodes) {
    if (node.resource_type !== 'test' || node.attached_node === undefined) continue;
    testsOf.set(node.attached_node, [...(testsOf.get(node.attached_node) ?? []), node]);
  }
  const shown = nodes
    .filter(({ resource_type }) => SHOWN.has(resource_type))
    .map((node) =>
      siteNode(node, testsOf.get(node.unique_id) ?? [], catalog.get(node.unique_id), compiled.get(node.unique_id), relationName(node)),
    )
    .sort((a, b) => (a.label < b.label ? -1 : 1));
  const project = manifest.project_name;
  const own = manifest.docs.get(`doc.${project}.__overview__`) ?? [...manifest.docs.values()].find(({ name }) => name === '__overview__');
  return {
    project,
    overview: own?.block_contents ?? OVERVIEW,
    nodes: shown,
    groups: GROUPS.map(([type, title]) => ({ title, ids: shown.filter((node) => node.type === type).map(({ id }) => id) })).filter(
      ({ ids }) => ids.length > 0,
    ),
  };
}

function siteNode(
  node: Node,
  tests: readonly TestNode[],
  entry: CatalogEntry | undefined,
  compiled: string | undefined,
  relation: string | undefined,
): SiteNode {
  const columns = columnsOf(node, tests, entry);
  const label = labelOf(node);
  const facts: (readonly [string, string])[] = [
    ...(relation === undefined ? [] : [['Relation', relation] as const]),
    ['File', node.original_file_path],
    ...(entry ? [['In the warehouse', String(entry.metadata.type)] as const] : []),
    ...(typeof entry?.metadata.owner === 'string' ? [['Owner', entry.metadata.owner] as const] : []),
    ...(node.resource_type === 'exposure' && node.url !== null ? [['Address', node.url] as const] : []),
    ...Object.values(entry?.stats ?? {}).flatMap(({ label: name, value, include }) => (include ? [[name, String(value)] as const] : [])),
  ];
  return {
    id: node.unique_id,
    label,
    type: node.resource_type,
    package: node.package_name,
    materialized: 'materialized' in node && node.resource_type === 'model' ? node.materialized : '',
    description: node.description,
    tags: node.tags,
    facts,
    columns,
    tests: tests.filter(({ column_name }) => column_name === undefined).map(testName),
    reads: node.depends_on,
    raw: 'raw_code' in node ? node.raw_code : '',
    compiled: compiled ?? '',
    words: [label, node.description, ...node.tags, ...columns.map(({ name }) => name)].join(' ').toLowerCase(),
  };
}

/** Those of the warehouse in their order, then those that only the properties name. */
function columnsOf(node: Node, tests: readonly TestNode[], entry: CatalogEntry | undefined): readonly SiteColumn[] {
  const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
  const there = Object.entries(entry?.columns ?? {});
  const written = node.columns.filter(({ name }) => !there.some(([one]) => same(one, name)));
  return [
    ...there.map(([name, { type, comment }]) => {
      const said = node.columns.find((one) => same(one.name, name));
      return { name, type, description: said?.description || (typeof comment === 'string' ? comment : '') };
    }),
    ...written.map(({ name, data_type, description }) => ({ name, type: data_type ?? '', description })),
  ].map((column) => ({
    ...column,
    tests: tests.filter(({ column_name }) => column_name !== undefined && same(column_name, column.name)).map(testName),
  }));
}
