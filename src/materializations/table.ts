// table: the rows of a query, kept. A gated table is built beside and swapped in; another is replaced in one step where
// the warehouse can. https://docs.getdbt.com/docs/build/materializations#table
import type { TableDefinition } from '../adapters/constraints.ts';
import type { Dialect } from '../adapters/dialect.ts';
import type { TableOptions } from '../adapters/table-options.ts';
import { runs } from '../core/plan.ts';
import type { Relation, RelationState } from '../core/relation.ts';
import { type Column, type Statement, statement } from '../core/statement.ts';
import { besideName, type Materialization, type Planned, type Task } from './materialization.ts';

export function tablePlan(task: Task, dialect: Dialect): Planned {
  return task.definition ? definedTable(task, task.definition, dialect) : plainTable(task, dialect);
}

/** The rows of a query into a table that was declared. */
export const fillDefined = (relation: Relation, { columns }: TableDefinition, sql: string, dialect: Dialect): Statement => {
  const names = columns.map(({ name }) => dialect.quote(name)).join(', ');
  return statement(`insert into ${dialect.relationName(relation)} (${names})\nselect ${names} from (\n${sql}\n) as model_subq`);
};

/**
 * A table that is declared. Beside, its keys have names of their own, for a name of a key may be there once in a schema. Where
 * constraints do not follow a table to its name, it is made in its place, and only the rows have stood beside.
 */
function definedTable(task: Task, definition: TableDefinition, dialect: Dialect): Planned {
  const { relation, sql, existing, gated, options, columns, incoming, fullRefresh, reshaped } = task;
  const next = besideName(relation, 'next', dialect);
  const verb = 'CREATE TABLE';
  const rekeys = existing?.kind === 'table';
  if (!dialect.altersConstraints) {
    const furniture = furnished(dialect.furnish(relation, relation, options));
    const drop = existing ? dialect.drop(existing) : [];
    const make = [...drop, ...dialect.defineTable(relation, definition, options)];
    if (!gated)
      return {
        verb,
        rekeys,
        stage: [],
        candidate: relation,
        publish: runs([...make, fillDefined(relation, definition, sql, dialect), ...furniture]),
        cleanup: [],
      };
    // With its foreign keys it could not be dropped any more.
    const beside: TableDefinition = {
      columns: definition.columns.map((column) => ({ ...column, constraints: column.constraints.filter(isOwn) })),
      constraints: definition.constraints.filter(({ sql: one }) => isOwn(one)),
    };
    const rows = `select * from ${dialect.relationName(next)}`;
    return {
      verb,
      rekeys,
      stage: runs([...dialect.defineTable(next, beside, options), fillDefined(next, definition, sql, dialect)]),
      candidate: next,
      publish: runs([...make, fillDefined(relation, definition, rows, dialect), ...furniture]),
      cleanup: runs(dialect.drop({ relation: next, kind: 'table' })),
    };
  }
  const keys = definition.constraints.flatMap(({ name, isKey }) =>
    isKey && name !== undefined ? [{ name, beside: besideName({ ...relation, identifier: name }, 'next', dialect).identifier }] : [],
  );
  const renames = keys.flatMap(({ name, beside }) => dialect.renameConstraint(relation, beside, name));
  const asMade: TableDefinition =
    renames.length === 0
      ? definition
      : {
          ...definition,
          constraints: definition.constraints.map((one) => ({
            ...one,
            name: keys.find(({ name }) => one.isKey && name === one.name)?.beside ?? one.name,
          })),
        };
  const stays = !fullRefresh && !reshaped && staysInPlace(existing, columns, incoming, options, dialect);
  const swap = stays ? exchangeRows(next, relation, columns, dialect) : swapIn(next, relation, existing, dialect);
  const furniture = dialect.furnish(next, relation, options);
  return {
    verb,
    ...swap,
    stage: runs([...dialect.defineTable(next, asMade, options), fillDefined(next, definition, sql, dialect), ...furniture.stage]),
    publish: [...swap.publish, ...runs([...(stays ? [] : renames), ...furniture.publish])],
  };
}

/** Of a table that is made in its place. */
const furnished = ({ stage, publish }: ReturnType<Dialect['furnish']>): readonly Statement[] => [...stage, ...publish];

const isOwn = (constraint: string): boolean => !/\breferences\b/i.test(constraint);

function plainTable(
  { relation, sql, existing, gated, options, columns, incoming, fullRefresh, reshaped }: Task,
  dialect: Dialect,
): Planned {
  if (!gated && dialect.replaces) {
    return {
      verb: 'CREATE TABLE',
      stage: [],
      candidate: relation,
      publish: runs([
        ...(existing && existing.kind !== 'table' ? dialect.drop(existing) : []),
        ...dialect.replaceTableAs(relation, sql),
        ...furnished(dialect.furnish(relation, relation, options)),
      ]),
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
