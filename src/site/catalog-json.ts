// catalog.json (dbt's schema v1) from the manifest and what the warehouse says of its relations.
// https://schemas.getdbt.com/dbt/catalog/v1.json
import type { TableStat } from '../adapters/catalog.ts';
import { type ArtifactMeta, artifactMetadata } from '../core/artifact-metadata.ts';
import type { RelationNode, TestNode, UniqueId } from '../core/node.ts';
import type { Row } from '../core/statement.ts';

type Json = Record<string, unknown>;

/** One relation in catalog.json. */
export interface CatalogEntry {
  readonly metadata: {
    readonly type: unknown;
    readonly schema: unknown;
    readonly name: unknown;
    readonly database: unknown;
    readonly comment: unknown;
    readonly owner: unknown;
  };
  readonly columns: Readonly<Record<string, CatalogColumn>>;
  readonly stats: Readonly<Record<string, TableStat & { readonly include: boolean }>>;
  readonly unique_id: UniqueId;
}

interface CatalogColumn {
  readonly type: string;
  readonly index: number;
  readonly name: string;
  readonly comment: unknown;
}

/** As Dialect.catalog asks for it. */
export interface Described {
  readonly relations: readonly Row[];
  readonly columns: readonly Row[];
  /** By placeKey of schema and name. */
  readonly stats: ReadonlyMap<string, readonly TableStat[]>;
}

/** Names as dbt compares them: without regard to case. */
export const placeKey = (...parts: readonly unknown[]): string =>
  parts
    .map((part) => String(part ?? ''))
    .join('\0')
    .toLowerCase();

const statsJson = (stats: readonly TableStat[]): CatalogEntry['stats'] =>
  Object.fromEntries([
    ...stats.map((one) => [one.id, { id: one.id, label: one.label, value: one.value, include: true, description: one.description }]),
    [
      'has_stats',
      {
        id: 'has_stats',
        label: 'Has Stats?',
        value: stats.length > 0,
        include: false,
        description: 'Whether the warehouse keeps figures of this table',
      },
    ],
  ]);

/** Tables as the warehouse has them, by place; `database` where a node names none. */
function tables({ relations, columns, stats }: Described): ReadonlyMap<string, Omit<CatalogEntry, 'unique_id'>> {
  const columnsOf = new Map<string, [string, CatalogColumn][]>();
  for (const [database, schema, relation, name, index, type, comment] of columns) {
    const key = placeKey(database, schema, relation);
    const list = columnsOf.get(key) ?? [];
    list.push([String(name), { type: String(type), index: Number(index), name: String(name), comment: comment ?? null }]);
    columnsOf.set(key, list);
  }
  return new Map(
    relations.map(([database, schema, name, type, comment, owner]) => {
      const key = placeKey(database, schema, name);
      return [
        key,
        {
          metadata: { type, schema, name, database, comment: comment ?? null, owner: owner ?? null },
          columns: Object.fromEntries(columnsOf.get(key) ?? []),
          stats: statsJson(stats.get(placeKey(schema, name)) ?? []),
        },
      ];
    }),
  );
}

/** Those of the nodes that are there. `database`: of relations that name none. */
export function catalogEntries(
  nodes: readonly Pick<RelationNode | TestNode, 'unique_id' | 'relation'>[],
  described: Described,
  database: string,
): ReadonlyMap<UniqueId, CatalogEntry> {
  const found = tables(described);
  return new Map(
    nodes.flatMap(({ unique_id, relation }): [UniqueId, CatalogEntry][] => {
      const table = found.get(placeKey(relation.database ?? database, relation.schema, relation.identifier));
      return table ? [[unique_id, { ...table, unique_id }]] : [];
    }),
  );
}

export function catalogJson(
  entries: ReadonlyMap<UniqueId, CatalogEntry>,
  /** Epoch ms. */
  generatedAt: number,
  meta: ArtifactMeta,
  errors: readonly string[],
): Json {
  const of = (sources: boolean): Json => Object.fromEntries([...entries].filter(([id]) => id.startsWith('source.') === sources));
  return {
    metadata: artifactMetadata('catalog/v1', generatedAt, meta),
    nodes: of(false),
    sources: of(true),
    errors: errors.length === 0 ? null : errors,
  };
}
