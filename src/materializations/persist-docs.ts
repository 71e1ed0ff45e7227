// persist_docs: descriptions as comments of the relation and its columns, written with each publication.
// https://docs.getdbt.com/reference/resource-configs/persist_docs
import type { Dialect } from '../adapters/dialect.ts';
import type { TableOptions } from '../adapters/table-options.ts';
import { isMapping } from '../core/config-reader.ts';
import type { ModelNode, SeedNode, SnapshotNode } from '../core/node.ts';
import { runs, type Step } from '../core/plan.ts';
import type { RelationState } from '../core/relation.ts';
import { type Column, statement } from '../core/statement.ts';
import { columnNamed } from './unique-key.ts';

type Described = Pick<ModelNode | SeedNode | SnapshotNode, 'config' | 'description' | 'columns'>;

/** What a node asks for. */
export function docsAsked({ config: { persist_docs: asked } }: Pick<Described, 'config'>): {
  readonly relation: boolean;
  readonly columns: boolean;
} {
  const { relation, columns } = isMapping(asked) ? asked : {};
  return { relation: relation === true, columns: columns === true };
}

/**
 * `columns`: those that the relation has; undefined: it is not there yet. As in dbt, a description that is empty leaves the
 * relation's comment as it is, and takes the column's away; a column that is not there is passed over.
 */
export function docsSteps(
  node: Described,
  state: RelationState,
  columns: readonly Column[] | undefined,
  options: TableOptions,
  dialect: Dialect,
): readonly Step[] {
  const asked = docsAsked(node);
  const described = asked.columns ? node.columns : [];
  const statements = [
    ...(asked.relation && node.description !== '' ? dialect.commentOn(state, node.description) : []),
    ...described.flatMap(({ name, description, quote }) => {
      const there = columns === undefined ? { name } : quote ? columns.find((one) => one.name === name) : columnNamed(name, columns);
      return there ? dialect.commentOnColumn(state, there.name, description, options) : [];
    }),
  ];
  if (statements.length === 0) return [];
  // One trip to the server for all of them.
  return runs([statement(statements.map(({ sql }) => sql).join(';\n'), statements.map(({ shown }) => shown).join(';\n'))]);
}
