// incremental: the first run and --full-refresh build the table; later runs add rows, replacing those with the same
// unique_key. Keys are compared null-safely. https://docs.getdbt.com/docs/build/incremental-models
import type { Dialect, Match } from '../adapters/adapter.ts';
import type { ConfigReader } from '../core/config-reader.ts';
import { runs } from '../core/plan.ts';
import { fail, type Problem } from '../core/problem.ts';
import type { RelationState } from '../core/relation.ts';
import { type Column, type Statement, statement } from '../core/statement.ts';
import { type Change, tableAsItWillBe } from './incremental-candidate.ts';
import { besideName, type Configured, type Materialization, type Planned, type Task } from './materialization.ts';
import { type ColumnsAfter, columnsAfter, type SchemaChange, schemaChange } from './schema-change.ts';
import { tablePlan } from './table.ts';
import { columnNamed, keySql, noDuplicates, unknownKey } from './unique-key.ts';

type Strategy = 'append' | 'delete+insert' | 'merge';

interface IncrementalConfig {
  readonly strategy: Strategy;
  readonly uniqueKey: readonly string[];
  readonly predicates: readonly string[];
  readonly onSchemaChange: SchemaChange;
  readonly mergeUpdate: readonly string[];
  readonly mergeExclude: readonly string[];
}

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

/** A predicate with the sides by the names that a statement gives them: dbt's names for them are known. */
const onSides = (predicate: string, target: string, staged: string): string =>
  `(${predicate.replace(/\bDBT_INTERNAL_DEST\b/gi, () => target).replace(/\bDBT_INTERNAL_SOURCE\b/gi, () => staged)})`;

function matchOf(
  { uniqueKey, predicates }: IncrementalConfig,
  incoming: readonly Column[],
  after: readonly Column[],
  dialect: Dialect,
): Match {
  const names = (side: string, predicate: string): boolean => new RegExp(`\\bDBT_INTERNAL_${side}\\b`, 'i').test(predicate);
  const onStaged = predicates.filter((one) => names('SOURCE', one) && !names('DEST', one));
  const onTarget = predicates.filter((one) => !names('SOURCE', one));
  const both = predicates.filter((one) => names('SOURCE', one) && names('DEST', one));
  return (target, staged) => {
    const placed = (list: readonly string[]): readonly string[] => list.map((one) => onSides(one, target, staged));
    return {
      keys: uniqueKey.map((key) => ({
        target: keySql(key, target, incoming, dialect),
        staged: keySql(key, staged, incoming, dialect),
        type: columnNamed(key, after)?.type ?? '',
      })),
      both: placed(both),
      onTarget: placed(onTarget),
      onStaged: placed(onStaged),
    };
  };
}

/** The query's rows in the types that the table will have, so that keys which are equal there are equal before. */
function inTypesOf(columns: ColumnsAfter, sql: string, incoming: readonly Column[], dialect: Dialect): string {
  const typeOf = ({ name, type }: Column): string => columnNamed(name, columns.after)?.type ?? type;
  if (incoming.every((column) => typeOf(column) === column.type)) return sql;
  const values = incoming.map((column) => {
    const name = dialect.quote(column.name);
    return typeOf(column) === column.type ? name : `cast(${name} as ${typeOf(column)}) as ${name}`;
  });
  return `select ${values.join(', ')} from (\n${sql}\n) as dwh_incoming`;
}

function addRows(task: Task, dialect: Dialect, config: IncrementalConfig): Planned {
  const { relation, sql, incoming, columns: existing, gated } = task;
  const { uniqueKey } = config;
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

function readConfig(config: ConfigReader): IncrementalConfig {
  const uniqueKey = config.strings('unique_key');
  const written = config.oneOf('incremental_strategy', ['append', 'delete+insert', 'merge', 'default'] as const);
  const strategy: Strategy = written === undefined || written === 'default' ? (uniqueKey.length > 0 ? 'delete+insert' : 'append') : written;
  const onSchemaChange = config.oneOf('on_schema_change', schemaChange) ?? 'ignore';
  const mergeUpdate = config.strings('merge_update_columns');
  const mergeExclude = config.strings('merge_exclude_columns');
  if (mergeUpdate.length > 0 && mergeExclude.length > 0) {
    config.problem('config-value', "'merge_update_columns' and 'merge_exclude_columns' exclude each other", 'Take one of them out.', [
      'merge_exclude_columns',
    ]);
  }
  const predicates = [...config.strings('incremental_predicates'), ...config.strings('predicates')];
  return { strategy, uniqueKey, predicates, onSchemaChange, mergeUpdate, mergeExclude };
}

const addsRows = (existing: RelationState | undefined, fullRefresh: boolean): boolean => existing?.kind === 'table' && !fullRefresh;

export const incremental: Materialization = {
  name: 'incremental',
  configure(reader): Configured {
    const config = readConfig(reader);
    return {
      needsColumns: addsRows,
      isIncremental: addsRows,
      plan: (task, dialect) => (addsRows(task.existing, task.fullRefresh) ? addRows(task, dialect, config) : tablePlan(task, dialect)),
    };
  },
};
