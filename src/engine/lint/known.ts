// What a project says of its relations, for the linter: where they stand, their columns, how they are distributed.
import { isMapping } from '../../core/config-reader.ts';
import type { Manifest } from '../../core/manifest.ts';
import { isRelationNode, type RelationNode, type UniqueId } from '../../core/node.ts';
import { relationsByName } from '../../lint/known.ts';
import type { KnownColumn, KnownRelation, KnownRelations } from '../../lint/linter.ts';

export function knownRelations(manifest: Manifest): KnownRelations {
  const nodes = [...manifest.nodes.values()];
  /** 'id column' of columns that a test holds to have no NULL. */
  const tested = new Set(
    nodes.flatMap((node) =>
      node.resource_type === 'test' && node.test_metadata?.name === 'not_null' && node.attached_node !== undefined
        ? [columnKey(node.attached_node, node.column_name ?? '')]
        : [],
    ),
  );
  return relationsByName(
    nodes.filter(isRelationNode).map((node) => {
      const { database, schema, identifier } = node.relation;
      const parts = [...(database === undefined ? [] : [database]), schema, identifier].map((part) => part.toLowerCase());
      return { parts, relation: relationOf(node, tested) };
    }),
  );
}

const columnKey = (node: UniqueId, column: string): string => `${node} ${column.toLowerCase()}`;

function relationOf(node: RelationNode, tested: ReadonlySet<string>): KnownRelation {
  const types = new Map(node.columns.map(({ name, data_type }) => [name.toLowerCase(), data_type]));
  if (isMapping(node.config.column_types))
    for (const [name, type] of Object.entries(node.config.column_types)) types.set(name.toLowerCase(), String(type));
  const columns = new Map(
    [...types].map(([name, type]): [string, KnownColumn] => [name, { type, notNull: tested.has(columnKey(node.unique_id, name)) }]),
  );
  return { schema: node.relation.schema, columns, dist: distOf(node.config.dist) };
}

/** As the config says it: a style, or the column of the key. */
function distOf(dist: unknown): KnownRelation['dist'] {
  if (typeof dist !== 'string' || dist.toLowerCase() === 'auto') return undefined;
  const style = dist.toLowerCase();
  return style === 'even' || style === 'all' ? { style } : { style: 'key', column: style };
}
