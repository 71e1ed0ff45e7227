// incremental: the first run and --full-refresh build the table; later runs add rows, replacing those with the same
// unique_key. Keys are compared null-safely. https://docs.getdbt.com/docs/build/incremental-models
import type { Dialect } from '../adapters/dialect.ts';
import { runs } from '../core/plan.ts';
import { fail, type Problem } from '../core/problem.ts';
import type { RelationState } from '../core/relation.ts';
import { type Column, type Statement, statement } from '../core/statement.ts';
import { type Change, tableAsItWillBe } from './incremental-candidate.ts';
import { type IncrementalConfig, incrementalConfig, type Strategy } from './incremental-config.ts';
import { inTypesOf, matchOf } from './incremental-rows.ts';
import { besideName, type Configured, type Materialization, type Planned, type Task } from './materialization.ts';
import { columnsAfter } from './schema-change.ts';
import { tablePlan } from './table.ts';
import { columnNamed, noDuplicates, unknownKey } from './unique-key.ts';

/** What a merge changes of a row that is there: the columns asked for, or all but those excluded, and never the key. */
function updatedColumns(config: IncrementalConfig, written: readonly string[], incoming: readonly Column[]): readonly string[] {
  const { mergeUpdate, mergeExclude, uniqueKey } = config;
  const unknown = [...mergeUpdate, ...mergeExclude].find((name) => !columnNamed(name, incoming));
  if (unknown !== undefined) {
    const option = mergeUpdate.includes(unknown) ? 'merge_update_columns' : 'merge_exclude_columns';
    const names = incoming.map((column) => column.name).join(', ');
    fail({
      code: 'merge-column-missing',
      message: `'${unknown}' in ${option} is not a column of the model`,
      hint: `Its columns are: ${names}`,
    });
  }
  const columns = written.map((name) => ({ name, type: '' }));
  const named = (list: readonly string[], name: string): boolean => list.some((one) => columnNamed(one, columns)?.name === name);
  return written.filter(
    (name) => !named(uniqueKey, name) && (mergeUpdate.length > 0 ? named(mergeUpdate, name) : !named(mergeExclude, name)),
  );
}

/** dbt goes on, too, and says nothing: a strategy is often set for a whole project. */
const noKey = (strategy: Strategy): Problem => ({
  code: 'unique-key-missing',
  severity: 'warning',
  message: `without a unique_key, incremental_strategy '${strategy}' only adds rows`,
  hint: "Name the key's column, unique_key='id', or say incremental_strategy='append'.",
});

function addRows(task: Task, dialect: Dialect, config: IncrementalConfig): Planned {
  const { relation, sql, incoming, columns: existing, gated } = task;
  const { uniqueKey, unknown } = config;
  if (unknown) fail(unknown);
  const strategy = uniqueKey.length > 0 ? config.strategy : 'append';
  const target = dialect.relationName(relation);
  const wrongKey = unknownKey(uniqueKey, existing, incoming, target);
  if (wrongKey) fail(wrongKey);
  const columns = columnsAfter(existing, incoming, config.onSchemaChange, relation, dialect);
  const stage = besideName(relation, 'stage', dialect);
  const staged = dialect.relationName(stage);
  const match = matchOf(config, incoming, columns.after, dialect);
  const list = columns.written.map((name) => dialect.quote(name)).join(', ');
  const insert = statement(`insert into ${target} (${list}) select ${list} from ${staged}`);

  let write: readonly Statement[];
  let change: Change;
  if (strategy === 'append') {
    write = [insert];
    change = { kind: 'append' };
  } else if (strategy === 'merge') {
    const updated = updatedColumns(config, columns.written, incoming);
    write = dialect.merge(relation, stage, match, columns.written, updated);
    change = { kind: 'merge', match, updated };
  } else {
    write = [...dialect.deleteUsing(relation, stage, match), insert];
    change = { kind: 'replace', match };
  }

  const candidate = besideName(relation, 'candidate', dialect);
  const dropCandidate = gated ? dialect.drop({ relation: candidate, kind: 'view' }) : [];
  return {
    verb: change.kind === 'merge' ? 'MERGE' : 'INSERT',
    rebinds: columns.disturbs,
    columns: columns.after,
    warnings: [...columns.warnings, ...(strategy === config.strategy ? [] : [noKey(config.strategy)])],
    stage: [
      ...runs(dialect.createTableAs(stage, inTypesOf(columns, sql, incoming, dialect))),
      ...(change.kind === 'merge'
        ? [
            noDuplicates(
              staged,
              match('t', 's').keys.map((key) => key.staged),
            ),
          ]
        : []),
      ...(gated ? runs(dialect.createView(candidate, tableAsItWillBe(target, staged, columns, change, dialect))) : []),
    ],
    candidate: gated ? candidate : relation,
    // The view goes first: it may read a column that the table loses.
    publish: runs([...dropCandidate, ...columns.statements, ...write]),
    cleanup: runs([...dropCandidate, ...dialect.drop({ relation: stage, kind: 'table' })]),
  };
}

/** Later runs do; the first one, and each with --full-refresh, makes the table. */
export const addsRows = (existing: RelationState | undefined, fullRefresh: boolean): boolean => existing?.kind === 'table' && !fullRefresh;

export const incremental: Materialization = {
  name: 'incremental',
  configure(reader): Configured {
    const config = incrementalConfig(reader);
    return {
      needsColumns: addsRows,
      isIncremental: addsRows,
      plan(task, dialect) {
        if (addsRows(task.existing, task.fullRefresh)) return addRows(task, dialect, config);
        if (config.unknown && dialect.needsStrategy) fail(config.unknown);
        return tablePlan(task, dialect);
      },
    };
  },
};
