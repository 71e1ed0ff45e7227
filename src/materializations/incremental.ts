// incremental: the first run and --full-refresh build the table; later runs add rows, replacing those with the same
// unique_key. Keys are compared null-safely. https://docs.getdbt.com/docs/build/incremental-models
import type { Dialect } from '../adapters/adapter.ts';
import type { ConfigReader } from '../core/config-reader.ts';
import { runs, type Step } from '../core/plan.ts';
import { DwhError, type Problem } from '../core/problem.ts';
import type { RelationState } from '../core/relation.ts';
import { type Column, statement } from '../core/statement.ts';
import { besideName, type Configured, type Materialization, type Planned, type Task } from './materialization.ts';
import { columnsAfter, type SchemaChange, schemaChange } from './schema-change.ts';
import { tablePlan } from './table.ts';

type Strategy = 'append' | 'delete+insert' | 'merge';

interface IncrementalConfig {
  readonly strategy: Strategy;
  readonly uniqueKey: readonly string[];
  readonly predicates: readonly string[];
  readonly onSchemaChange: SchemaChange;
  readonly mergeUpdate: readonly string[];
  readonly mergeExclude: readonly string[];
}

/** Keys are column names; an expression is taken as it is. */
const keyText = (key: string, alias: string, dialect: Dialect, columns: readonly Column[]): string => {
  const column = columns.find((one) => one.name.toLowerCase() === key.replace(/^"(.*)"$/, '$1').toLowerCase());
  return column ? `${alias}.${dialect.quote(column.name)}` : key;
};

function unknownKey(keys: readonly string[], incoming: readonly Column[]): Problem | undefined {
  const missing = keys.find(
    (key) => /^[\w"]+$/.test(key) && !incoming.some((column) => column.name.toLowerCase() === key.replaceAll('"', '').toLowerCase()),
  );
  if (missing === undefined) return undefined;
  return {
    code: 'unique-key-missing',
    message: `unique_key '${missing}' is not a column of the model`,
    hint: `Its columns are: ${incoming.map((column) => column.name).join(', ')}`,
  };
}

/** A merge with two staged rows for one key has no one answer, so it stops before anything is changed. */
function noDuplicates(stage: string, keys: readonly string[]): Step {
  const list = keys.join(', ');
  return {
    check: statement(`select ${list}, count(*) as n from ${stage} as s group by ${list} having count(*) > 1 order by n desc limit 3`),
    judge: (rows) =>
      rows.length === 0
        ? undefined
        : {
            code: 'duplicate-key',
            message: `the new rows have more than one row for a unique_key, and a merge can keep only one: ${rows.map((row) => `(${row.slice(0, -1).join(', ')}) ${row.at(-1)} times`).join('; ')}`,
            hint: 'Make the model return one row per key, or use the strategy delete+insert, which keeps them all.',
          },
  };
}

function addRows(task: Task, dialect: Dialect, config: IncrementalConfig): Planned {
  const { relation, sql, incoming } = task;
  const wrongKey = unknownKey(config.uniqueKey, incoming);
  if (wrongKey) throw new DwhError([wrongKey]);
  const change = columnsAfter(task.columns, incoming, config.onSchemaChange, relation, dialect);
  const stage = besideName(relation, 'stage', dialect);
  const candidate = besideName(relation, 'candidate', dialect);
  const [target, staged] = [dialect.relationName(relation), dialect.relationName(stage)];
  const names = change.written.map((name) => dialect.quote(name));
  const list = names.join(', ');
  const keysOf = (alias: string): string[] => config.uniqueKey.map((key) => keyText(key, alias, dialect, incoming));
  const [targetKeys, stagedKeys] = [keysOf('t'), keysOf('s')];
  const sameKey = targetKeys.map((left, index) => dialect.nullSafeEquals(left, stagedKeys[index] ?? left));
  const condition = [
    ...sameKey,
    ...config.predicates.map(
      (predicate) => `(${predicate.replace(/\bDBT_INTERNAL_DEST\b/gi, 't').replace(/\bDBT_INTERNAL_SOURCE\b/gi, 's')})`,
    ),
  ].join(' and ');
  const insert = statement(`insert into ${target} (${list}) select ${list} from ${staged}`);

  const updated = (
    config.mergeUpdate.length > 0
      ? config.mergeUpdate
      : change.written.filter((name) => !config.mergeExclude.some((one) => one.toLowerCase() === name.toLowerCase()))
  ).filter((name) => !config.uniqueKey.some((key) => key.toLowerCase() === name.toLowerCase()));
  const write =
    config.uniqueKey.length === 0 || config.strategy === 'append'
      ? [insert]
      : config.strategy === 'merge'
        ? dialect.merge(relation, stage, condition, change.written, updated)
        : [...dialect.deleteUsing(relation, stage, condition), insert];

  // As the target will be: old rows without a staged partner, then the staged ones. Columns that a merge leaves alone are
  // taken from the old row.
  const replaces = config.uniqueKey.length > 0 && config.strategy !== 'append';
  const keepsOld =
    config.strategy === 'merge' && replaces
      ? change.after.filter((name) => change.had(name) && !updated.includes(name) && !config.uniqueKey.includes(name))
      : [];
  const oldColumn = (name: string): string => (change.had(name) ? `t.${dialect.quote(name)}` : `null as ${dialect.quote(name)}`);
  const newColumn = (name: string): string => {
    const fresh = change.written.includes(name) ? `s.${dialect.quote(name)}` : 'null';
    if (!keepsOld.includes(name)) return `${fresh} as ${dialect.quote(name)}`;
    return `case when ${sameKey.length > 0 ? 'o.dwh_found' : 'false'} then o.${dialect.quote(name)} else ${fresh} end as ${dialect.quote(name)}`;
  };
  const oldRows = `select ${change.after.map(oldColumn).join(', ')} from ${target} as t${replaces ? ` where not exists (select 1 from ${staged} as s where ${condition})` : ''}`;
  const partner =
    keepsOld.length > 0
      ? ` left join (select t.*, true as dwh_found from ${target} as t) as o on ${condition.replaceAll(/\bt\./g, 'o.')}`
      : '';
  const newRows = `select ${change.after.map(newColumn).join(', ')} from ${staged} as s${partner}`;

  return {
    verb: config.strategy === 'merge' ? 'MERGE' : 'INSERT',
    warnings: change.warnings,
    stage: [
      ...runs(dialect.createTableAs(stage, sql)),
      ...(replaces && config.strategy === 'merge' ? [noDuplicates(staged, stagedKeys)] : []),
      ...(task.gated ? runs(dialect.createView(candidate, `${oldRows}\nunion all\n${newRows}`)) : []),
    ],
    candidate: task.gated ? candidate : relation,
    publish: runs([...change.statements, ...write]),
    cleanup: runs([
      ...(task.gated ? dialect.drop({ relation: candidate, kind: 'view' }) : []),
      ...dialect.drop({ relation: stage, kind: 'table' }),
    ]),
  };
}

function readConfig(config: ConfigReader): IncrementalConfig {
  const uniqueKey = config.strings('unique_key');
  const written = config.oneOf('incremental_strategy', ['append', 'delete+insert', 'merge', 'default'] as const);
  const strategy: Strategy = written === undefined || written === 'default' ? (uniqueKey.length > 0 ? 'delete+insert' : 'append') : written;
  const onSchemaChange = config.oneOf('on_schema_change', schemaChange) ?? 'ignore';
  if (strategy !== 'append' && uniqueKey.length === 0) {
    config.problem('config-missing', `incremental_strategy '${strategy}' needs a unique_key`, "Name the key's column: unique_key='id'", [
      'incremental_strategy',
    ]);
  }
  return {
    strategy,
    uniqueKey,
    predicates: [...config.strings('incremental_predicates'), ...config.strings('predicates')],
    onSchemaChange,
    mergeUpdate: config.strings('merge_update_columns'),
    mergeExclude: config.strings('merge_exclude_columns'),
  };
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
