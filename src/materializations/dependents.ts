// What stands around a relation that is replaced: views that are bound to it go before it and come back after it, in its
// transaction, so that no reader misses them and nothing is dropped that dwh does not own; and who had rights on it has them
// on what takes its place.
import type { Dependent, ForeignKey } from '../adapters/dependents.ts';
import type { Dialect } from '../adapters/dialect.ts';
import type { Right } from '../adapters/rights.ts';
import { runs, type Step } from '../core/plan.ts';
import { DwhError, type Problem } from '../core/problem.ts';
import { type Relation, relationKey } from '../core/relation.ts';
import type { Column } from '../core/statement.ts';

export interface Replaced {
  readonly relation: Relation;
  /** Of the relation as it will be; asked for only when a view or a right needs them. */
  readonly columns: readonly Column[];
  readonly dependents: readonly Dependent[];
  readonly rights: readonly Right[];
  readonly foreignKeys: readonly ForeignKey[];
  /** The run makes this view later: it need not come back as it was. */
  readonly isRebuilt: (relation: Relation) => boolean;
}

export interface Around {
  readonly before: readonly Step[];
  readonly after: readonly Step[];
  /** Views that do not come back. */
  readonly gone: readonly Relation[];
}

/** Throws DwhError for a view that could not come back. */
export function aroundPublication({ relation, columns, dependents, rights, foreignKeys, isRebuilt }: Replaced, dialect: Dialect): Around {
  const key = (one: Relation): string => relationKey(one, dialect.ignoresCase);
  const gone = new Map<string, Relation>();
  const replaced = key(relation);
  const has = new Set(columns.map((column) => column.name));
  for (const { state, reads } of dependents) {
    const missing = reads.find(
      ({ relation: read, column }) => gone.has(key(read)) || (key(read) === replaced && column !== undefined && !has.has(column)),
    );
    if (!missing) continue;
    if (!isRebuilt(state.relation)) throw new DwhError([stays(state.relation, relation, missing.column, dialect)]);
    gone.set(key(state.relation), state.relation);
  }
  const remade = dependents.filter(({ state }) => !gone.has(key(state.relation)));
  return {
    before: [
      ...[...foreignKeys]
        .reverse()
        .flatMap(({ table, release }) =>
          release.map((run): Step => ({ run, refused: (message) => keyStays(table, relation, message, dialect), aside: true })),
        ),
      ...[...dependents]
        .reverse()
        .flatMap(({ state }) =>
          dialect.drop(state).map((run): Step => ({ run, refused: (message) => inTheWay(state.relation, message, dialect) })),
        ),
    ],
    after: [
      ...foreignKeys.flatMap(({ table, restore, restoreUnchecked }) =>
        isRebuilt(table)
          ? restoreUnchecked.map((run): Step => ({ run, aside: true }))
          : restore.map((run): Step => ({ run, refused: (message) => keyBroken(table, relation, message, dialect), aside: true })),
      ),
      // A right on a column goes with it.
      ...runs(rights.flatMap(({ grant, column }) => (column === undefined || has.has(column) ? [grant] : []))),
      ...remade.flatMap(({ state, remake }) =>
        // The rows of a materialized view are none of the node's.
        remake.map((run): Step => ({ run, refused: (message) => cannotReturn(state.relation, message, dialect), aside: true })),
      ),
    ],
    gone: [...gone.values()],
  };
}

/** `message`: what the server says of it. */
export const boundViews = (views: readonly Relation[], relation: Relation, message: string, dialect: Dialect): Problem => ({
  code: 'dependent-view',
  message: `${views.length === 1 ? 'the view' : 'the views'} ${views.map(dialect.relationName).join(', ')} ${views.length === 1 ? 'is' : 'are'} bound to ${dialect.relationName(relation)}, and in the way: ${message}`,
  hint: 'Drop what is in the way, or make it a view that is not bound, and run again: dwh drops nothing that it did not make.',
});

const HINT = 'Change or drop that view, or build it in the same run, and run again: dwh drops nothing that it did not make.';

const stays = (view: Relation, relation: Relation, column: string | undefined, dialect: Dialect): Problem => ({
  code: 'dependent-view',
  message: `the view ${dialect.relationName(view)} reads ${column === undefined ? '' : `the column '${column}' of `}${dialect.relationName(relation)}, which would no longer have it`,
  hint: HINT,
});

const keyStays = (table: Relation, relation: Relation, message: string, dialect: Dialect): Problem => ({
  code: 'dependent-table',
  message: `a foreign key of ${dialect.relationName(table)} refers to ${dialect.relationName(relation)}, and cannot be put aside while that is replaced: ${message}`,
  hint: 'Drop that foreign key, and run again: dwh drops nothing that it did not make.',
});

const keyBroken = (table: Relation, relation: Relation, message: string, dialect: Dialect): Problem => ({
  code: 'dependent-table',
  message: `a foreign key of ${dialect.relationName(table)} refers to ${dialect.relationName(relation)}, and would not fit its new rows: ${message}`,
  hint: 'Build that table in the same run, or mend its rows, and run again: nothing was changed.',
});

const inTheWay = (view: Relation, message: string, dialect: Dialect): Problem => ({
  code: 'dependent-view',
  message: `the view ${dialect.relationName(view)} is in the way, and cannot be dropped and made again: ${message}`,
  hint: HINT,
});

const cannotReturn = (view: Relation, message: string, dialect: Dialect): Problem => ({
  code: 'dependent-view',
  message: `the view ${dialect.relationName(view)} cannot be made again: ${message}`,
  hint: HINT,
});
