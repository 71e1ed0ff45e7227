// What columns a parent of a tested model has, whether it was ever built or not: of the relation that stands there, else of its
// properties, its file, or its query, described over parents that are found out about in the same way.
import { DatabaseError } from '../../adapters/adapter.ts';
import type { ModelNode, Node, RelationNode, SeedNode, SnapshotNode, UniqueId } from '../../core/node.ts';
import { DwhError } from '../../core/problem.ts';
import type { Column } from '../../core/statement.ts';
import { drive } from '../answer.ts';
import { compileNode, type GivenInputs, givenRelation } from '../compile.ts';
import { rowsOfSeed } from '../nodes/seed-file.ts';
import type { Run } from '../run.ts';
import { type Session, StatementError } from '../session.ts';
import { type Cte, prependCtes } from '../with-clause.ts';
import { type Known, rowsSql } from './rows-sql.ts';

export type KnownColumns = (parent: RelationNode) => Promise<Known>;

const isEphemeral = (node: Node): boolean => node.resource_type === 'model' && node.materialized === 'ephemeral';

/** Each is looked for once. */
export function knownColumns(run: Run, session: Session): KnownColumns {
  const found = new Map<UniqueId, Promise<Known>>();
  const ask = (parent: RelationNode): Promise<Known> => {
    const known = found.get(parent.unique_id) ?? look(parent);
    found.set(parent.unique_id, known);
    return known;
  };

  const look = async (parent: RelationNode): Promise<Known> => {
    const declared = parent.columns.flatMap(({ name, data_type }) =>
      data_type === undefined ? [] : [{ name, type: run.dialect.columnType(data_type) }],
    );
    const standing = isEphemeral(parent) ? undefined : await standingColumns(parent);
    // A relation may be older than its model: what it has not got, the model may have by now.
    if (standing) return { columns: joined(standing, [...declared, ...(await elsewhere(parent))]), complete: true };
    const described = await elsewhere(parent);
    return { columns: joined(declared, described), complete: described.length > 0 };
  };

  const standingColumns = async (parent: RelationNode): Promise<readonly Column[] | undefined> => {
    const state = await run.catalog.get(parent.relation, session.connection);
    return state && session.connection.columns(state.relation);
  };

  /** None: it cannot be told. */
  const elsewhere = async (parent: RelationNode): Promise<readonly Column[]> => {
    try {
      switch (parent.resource_type) {
        case 'seed':
          return rowsOfSeed(run, parent as SeedNode).columns;
        case 'model':
        case 'snapshot':
          return await described(parent);
        default:
          return [];
      }
    } catch (error) {
      // A query that cannot be described says nothing; what is wrong with it is told where it is built.
      if (error instanceof DwhError || error instanceof DatabaseError || error instanceof StatementError) return [];
      throw error;
    }
  };

  const described = async (node: ModelNode | SnapshotNode): Promise<readonly Column[]> => {
    const stubs = new Map<string, RelationNode>();
    const given: GivenInputs = {
      cteOf(parent) {
        if (isEphemeral(parent)) return undefined;
        const name = `__dwh__stub__${parent.unique_id.replace(/\W/g, '_')}`;
        stubs.set(name, parent);
        return name;
      },
      self: givenRelation('__dwh__stub__this', run.dialect),
      tested: node.unique_id,
      scope: run.scope,
      answers: undefined,
    };
    const compiled = await drive(
      compileNode(run, node, { isIncremental: false, candidates: new Map(), given }),
      async () => session,
      run.catalog,
    );
    const ctes: Cte[] = [];
    for (const [name, parent] of stubs) {
      const { columns } = await ask(parent);
      if (columns.length === 0) return [];
      ctes.push({ name, sql: rowsSql([], columns, run.dialect) });
    }
    return session.describe(prependCtes(compiled.sql.trim().replace(/(?:\s*;)+$/, ''), ctes).sql);
  };

  return ask;
}

/** What the first of both have, and what only the second has. */
function joined(first: readonly Column[], second: readonly Column[]): readonly Column[] {
  const names = new Set(first.map(({ name }) => name.toLowerCase()));
  return [...first, ...second.filter(({ name }) => !names.has(name.toLowerCase()))];
}
