// microbatch: an incremental model in batches of its event_time. The rows of a batch are those whose time lies in it; they take
// the place of the rows that the table has there. Batches become public one by one, or all staged and then at once.
// https://docs.getdbt.com/docs/build/incremental-microbatch
import type { Dialect } from '../adapters/dialect.ts';
import { batchEnd, batchesBetween, batchesFrom, batchName, batchStart, joined, type Span, within } from '../core/batch.ts';
import { runs, type Step } from '../core/plan.ts';
import { fail } from '../core/problem.ts';
import type { Relation } from '../core/relation.ts';
import { type Column, statement } from '../core/statement.ts';
import { type Change, tableAsItWillBe } from './incremental-candidate.ts';
import type { IncrementalConfig } from './incremental-config.ts';
import { inTypesOf, matchOf, onSides } from './incremental-rows.ts';
import { besideName, type Planned, type Task } from './materialization.ts';
import type { Microbatch } from './microbatch-config.ts';
import { type ColumnsAfter, columnsAfter } from './schema-change.ts';
import { swapIn, tablePlan } from './table.ts';
import { columnNamed, looksLikeName, noDuplicates, unknownKey } from './unique-key.ts';

export type BatchedConfig = IncrementalConfig & { readonly batches: Microbatch };

/** `asked`: the time of the command line. `now`: where the last batch is. `isIncremental`: only the newest ones, else all. */
export function batchesOf(
  { begin, size, lookback }: Microbatch,
  asked: Span | undefined,
  now: number,
  isIncremental: boolean,
): readonly Span[] {
  const end = batchEnd(asked?.end ?? now, size);
  const start = asked ? batchStart(asked.start, size) : isIncremental ? batchesFrom(end, size, -lookback - 1) : batchStart(begin, size);
  return batchesBetween(start, end, size);
}

/** The column of the event_time as the dialect quotes it; an expression stays as it is. */
function timeOf({ batches: { eventTime } }: BatchedConfig, incoming: readonly Column[], dialect: Dialect): string {
  const column = columnNamed(eventTime, incoming);
  if (column) return dialect.quote(column.name);
  if (incoming.length > 0 && looksLikeName(eventTime)) {
    const names = incoming.map(({ name }) => name).join(', ');
    fail({
      code: 'event-time-missing',
      message: `event_time '${eventTime}' is not a column of the model`,
      hint: `Its columns are: ${names}`,
    });
  }
  return eventTime;
}

const ownRows = (sql: string, time: string, span: Span): string => `select * from (\n${sql}\n) as dwh_batch\nwhere ${within(time, span)}`;

const anyOf = (time: string, spans: readonly Span[]): string => {
  const conditions = joined(spans).map((span) => `(${within(time, span)})`);
  return conditions.length === 1 ? (conditions[0] ?? '') : `(${conditions.join(' or ')})`;
};

/** What of the table the rows of these batches take the place of: their times, and their keys at other times. */
function exchange(task: Task, stage: Relation, config: BatchedConfig, spans: readonly Span[], columns: ColumnsAfter, dialect: Dialect) {
  const { relation, incoming } = task;
  const [target, staged] = [dialect.relationName(relation), dialect.relationName(stage)];
  const time = timeOf(config, incoming, dialect);
  const ofTarget = config.predicates.filter((one) => !/\bDBT_INTERNAL_SOURCE\b/i.test(one));
  const gone = (alias: string): string => [anyOf(time, spans), ...ofTarget.map((one) => onSides(one, alias, staged))].join(' and ');
  const match = config.uniqueKey.length > 0 ? matchOf(config, incoming, columns.after, dialect) : undefined;
  const list = columns.written.map((name) => dialect.quote(name)).join(', ');
  return {
    gone,
    match,
    write: [
      statement(`delete from ${target} where ${gone(dialect.quote(relation.identifier))}`),
      ...(match ? dialect.deleteUsing(relation, stage, match) : []),
      statement(`insert into ${target} (${list}) select ${list} from ${staged}`),
    ],
    /** A key is in one row only, of one batch or of several. */
    check: match
      ? [
          noDuplicates(
            staged,
            match('t', 's').keys.map((key) => key.staged),
          ),
        ]
      : [],
  };
}

function changed({ columns, incoming, relation }: Task, config: BatchedConfig, dialect: Dialect): ColumnsAfter {
  const wrongKey = unknownKey(config.uniqueKey, columns, incoming, dialect.relationName(relation));
  if (wrongKey) fail(wrongKey);
  return columnsAfter(columns, incoming, config.onSchemaChange, relation, dialect);
}

/** One batch, staged and public in one transaction. The first one makes the table. */
export function batchPlan(task: Task, config: BatchedConfig, span: Span, dialect: Dialect): Planned {
  const { relation, sql, incoming, existing } = task;
  const rows = ownRows(sql, timeOf(config, incoming, dialect), span);
  if (existing?.kind !== 'table') return tablePlan({ ...task, sql: rows }, dialect);
  const stage = besideName(relation, 'stage', dialect, batchName(span.start, config.batches.size).replaceAll('-', '').toLowerCase());
  const columns = changed(task, config, dialect);
  const { write, check } = exchange(task, stage, config, [span], columns, dialect);
  return {
    verb: 'INSERT',
    rebinds: columns.disturbs,
    columns: columns.after,
    warnings: columns.warnings,
    stage: [...runs(dialect.createTableAs(stage, inTypesOf(columns, rows, incoming, dialect))), ...check],
    candidate: relation,
    publish: runs([...columns.statements, ...write]),
    cleanup: runs(dialect.drop({ relation: stage, kind: 'table' })),
  };
}

/** Where the rows of all batches are put together: beside a table that stays or is declared, or as the table to be. */
const heap = (
  { existing, fullRefresh, relation, definition }: Task,
  dialect: Dialect,
): { readonly stays: boolean; readonly becomes: boolean; readonly at: Relation } => {
  const stays = existing?.kind === 'table' && !fullRefresh;
  const becomes = !stays && !definition;
  return { stays, becomes, at: besideName(relation, becomes ? 'next' : 'stage', dialect) };
};

/** One batch beside the others: a transaction that may run again. `first`: of those that came about. */
export function heapSteps(task: Task, config: BatchedConfig, span: Span, first: boolean, dialect: Dialect): readonly Step[] {
  const { stays, becomes, at } = heap(task, dialect);
  const time = timeOf(config, task.incoming, dialect);
  const own = ownRows(task.sql, time, span);
  const rows = stays ? inTypesOf(changed(task, config, dialect), own, task.incoming, dialect) : own;
  if (first)
    return runs([
      ...dialect.drop({ relation: at, kind: 'table' }),
      ...dialect.createTableAs(at, rows, becomes ? task.options : undefined, becomes ? task.incoming : undefined),
    ]);
  const list = task.incoming.map(({ name }) => dialect.quote(name)).join(', ');
  const name = dialect.relationName(at);
  return runs([
    statement(`delete from ${name} where ${within(time, span)}`),
    statement(`insert into ${name} (${list}) select ${list} from (\n${rows}\n) as dwh_rows`),
  ]);
}

/** Behind the batches: what the tests read, and how all of them become public at once. */
export function heapPlan(task: Task, config: BatchedConfig, spans: readonly Span[], dialect: Dialect): Planned {
  const { relation, existing, gated, options } = task;
  const { stays, becomes, at } = heap(task, dialect);
  if (becomes) {
    const furniture = dialect.furnish(at, relation, options);
    const swap = swapIn(at, relation, existing, dialect);
    return { verb: 'CREATE TABLE', ...swap, stage: runs(furniture.stage), publish: [...swap.publish, ...runs(furniture.publish)] };
  }
  if (!stays) {
    const plan = tablePlan({ ...task, sql: `select * from ${dialect.relationName(at)}` }, dialect);
    return { ...plan, cleanup: [...plan.cleanup, ...runs(dialect.drop({ relation: at, kind: 'table' }))] };
  }
  const columns = changed(task, config, dialect);
  const { write, check, gone, match } = exchange(task, at, config, spans, columns, dialect);
  const change: Change = { kind: 'times', gone, match };
  const candidate = besideName(relation, 'candidate', dialect);
  const dropCandidate = gated ? dialect.drop({ relation: candidate, kind: 'view' }) : [];
  const view = (): string => tableAsItWillBe(dialect.relationName(relation), dialect.relationName(at), columns, change, dialect);
  return {
    verb: 'INSERT',
    rebinds: columns.disturbs,
    columns: columns.after,
    warnings: columns.warnings,
    // A transaction of Redshift begins with what it changes.
    stage: [...(gated ? runs(dialect.createView(candidate, view())) : []), ...check],
    candidate: gated ? candidate : relation,
    publish: runs([...dropCandidate, ...columns.statements, ...write]),
    cleanup: runs([...dropCandidate, ...dialect.drop({ relation: at, kind: 'table' })]),
  };
}
