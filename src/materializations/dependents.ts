// Views that are bound to a relation which is replaced: they go before it and come back after it, in its transaction, so that
// no reader misses them and nothing is dropped that dwh does not own.
import type { Dependent, Dialect } from '../adapters/adapter.ts';
import { runs } from '../core/plan.ts';
import { DwhError } from '../core/problem.ts';
import { type Relation, relationKey } from '../core/relation.ts';
import type { Column } from '../core/statement.ts';
import type { Planned } from './materialization.ts';

export interface Replaced {
  readonly relation: Relation;
  /** Of the relation as it will be. */
  readonly columns: readonly Column[];
  readonly dependents: readonly Dependent[];
  /** The view is a model that this run makes later: it need not come back as it was. */
  readonly isRebuilt: (relation: Relation) => boolean;
}

/** The plan with its dependents around publication, and those that do not come back. Throws DwhError for one that could not. */
export function aroundDependents(
  plan: Planned,
  { relation, columns, dependents, isRebuilt }: Replaced,
  dialect: Dialect,
): { readonly plan: Planned; readonly gone: readonly Relation[] } {
  const gone = new Map<string, Relation>();
  const replaced = relationKey(relation);
  const has = new Set(columns.map((column) => column.name));
  for (const { state, reads } of dependents) {
    const missing = reads.find(
      ({ relation: read, column }) =>
        gone.has(relationKey(read)) || (relationKey(read) === replaced && column !== undefined && !has.has(column)),
    );
    if (!missing) continue;
    if (!isRebuilt(state.relation)) throw new DwhError([stays(state.relation, relation, missing.column, dialect)]);
    gone.set(relationKey(state.relation), state.relation);
  }
  const remade = dependents.filter(({ state }) => !gone.has(relationKey(state.relation)));
  return {
    plan: {
      ...plan,
      publish: [
        ...[...dependents].reverse().flatMap(({ state }) => runs(dialect.drop(state))),
        ...plan.publish,
        ...remade.flatMap(({ remake }) => runs(remake)),
      ],
    },
    gone: [...gone.values()],
  };
}

const stays = (view: Relation, relation: Relation, column: string | undefined, dialect: Dialect) => ({
  code: 'dependent-view',
  message: `the view ${dialect.relationName(view)} reads ${column === undefined ? '' : `the column '${column}' of `}${dialect.relationName(relation)}, which would no longer have it`,
  hint: 'Change or drop that view, or build it in the same run, and run again: dwh drops nothing that it did not make.',
});
