// table: the rows of a query, kept. A gated table is built beside and swapped in; another is replaced in one step where
// the warehouse can. https://docs.getdbt.com/docs/build/materializations#table
import type { Dialect, TableOptions } from '../adapters/adapter.ts';
import { runs } from '../core/plan.ts';
import type { Relation, RelationState } from '../core/relation.ts';
import { type Column, statement } from '../core/statement.ts';
import { besideName, type Materialization, type Planned, type Task } from './materialization.ts';

export function tablePlan(
  { relation, sql, existing, gated, options, columns, incoming, fullRefresh, reshaped }: Task,
  dialect: Dialect,
): Planned {
  if (!gated && dialect.replaces) {
    return {
      verb: 'CREATE TABLE',
      stage: [],
      candidate: relation,
      publish: runs([...(existing && existing.kind !== 'table' ? dialect.drop(existing) : []), ...dialect.replaceTableAs(relation, sql)]),
      cleanup: [],
    };
  }
  const next = besideName(relation, 'next', dialect);
  const stays = !fullRefresh && !reshaped && staysInPlace(existing, columns, incoming, options, dialect);
  const swap = stays ? exchangeRows(next, relation, columns, dialect) : swapIn(next, relation, existing, dialect);
  const furniture = dialect.furnish(next, relation, options);
  return {
    verb: 'CREATE TABLE',
    ...swap,
    stage: runs([...dialect.createTableAs(next, sql, options, incoming), ...furniture.stage]),
    publish: [...swap.publish, ...runs(furniture.publish)],
  };
}

/** A table that has the very columns keeps them, where the warehouse publishes in place and its config does not say otherwise. */
export function staysInPlace(
  existing: RelationState | undefined,
  columns: readonly Column[],
  incoming: readonly Column[],
  { swap }: TableOptions,
  { inPlace, ignoresCase }: Pick<Dialect, 'inPlace' | 'ignoresCase'>,
): boolean {
  const kept = (name: string | undefined): string | undefined => (ignoresCase ? name?.toLowerCase() : name);
  return (
    inPlace &&
    swap !== 'rename' &&
    existing?.kind === 'table' &&
    columns.length === incoming.length &&
    columns.every(({ name, type }, index) => kept(name) === kept(incoming[index]?.name) && type === incoming[index]?.type)
  );
}

/** Publication inside a table that stays: its readers keep the rows that they see, until it is committed. */
export function exchangeRows(
  next: Relation,
  relation: Relation,
  columns: readonly Column[],
  dialect: Dialect,
): Pick<Planned, 'candidate' | 'publish' | 'cleanup'> {
  const [name, list] = [dialect.relationName(relation), columns.map((column) => dialect.quote(column.name)).join(', ')];
  return {
    candidate: next,
    publish: runs([
      statement(`delete from ${name}`),
      statement(`insert into ${name} (${list}) select ${list} from ${dialect.relationName(next)}`),
    ]),
    cleanup: runs(dialect.drop({ relation: next, kind: 'table' })),
  };
}

/** Publication of what was built beside: the old relation goes, the new one takes its name. */
export function swapIn(
  next: Relation,
  relation: Relation,
  existing: RelationState | undefined,
  dialect: Dialect,
  kind: 'table' | 'view' | 'materialized_view' = 'table',
): Pick<Planned, 'candidate' | 'publish' | 'cleanup' | 'rebinds' | 'replaces'> {
  const state: RelationState = { relation: next, kind };
  return {
    rebinds: existing !== undefined,
    replaces: existing !== undefined,
    candidate: next,
    publish: runs([...(existing ? dialect.drop(existing) : []), ...dialect.rename(state, relation.identifier)]),
    cleanup: runs(dialect.drop(state)),
  };
}

export const table: Materialization = {
  name: 'table',
  configure: () => ({
    needsColumns: () => false,
    isIncremental: () => false,
    plan: tablePlan,
  }),
};
