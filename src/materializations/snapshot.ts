// snapshot: the versions that each row had, and when. The first run keeps all rows; later ones close the versions that have
// changed or gone and add new ones. Columns and values are dbt's. https://docs.getdbt.com/docs/build/snapshots
import type { Dialect } from '../adapters/dialect.ts';
import type { Match } from '../adapters/match.ts';
import { runs } from '../core/plan.ts';
import { fail } from '../core/problem.ts';
import type { Column } from '../core/statement.ts';
import { statement } from '../core/statement.ts';
import { tableAsItWillBe } from './incremental-candidate.ts';
import { besideName, type Configured, type Materialization, type Planned, type Task } from './materialization.ts';
import { type ColumnsAfter, columnsAfter } from './schema-change.ts';
import { CHANGE, CLOSED, changedRows } from './snapshot-changes.ts';
import { incomingChecks, timelineCheck } from './snapshot-checks.ts';
import { readSnapshotConfig, type SnapshotConfig } from './snapshot-config.ts';
import { type Meta, metaOf, scdId } from './snapshot-meta.ts';
import { tablePlan } from './table.ts';
import { columnNamed, keySql, unknownKey } from './unique-key.ts';

const VERB = 'SNAPSHOT';

/** All rows, each its first version. */
function firstVersions({ sql, incoming }: Task, config: SnapshotConfig, meta: Meta, dialect: Dialect): string {
  const at = config.updatedAt === undefined ? dialect.currentTimestamp : keySql(config.updatedAt, 'dwh_query', incoming, dialect);
  const keys = config.uniqueKey.map((key) => keySql(key, 'dwh_query', incoming, dialect));
  const columns = [
    'dwh_query.*',
    `${config.own?.scdId ?? scdId([...keys, at], dialect)} as ${meta.scdId}`,
    `${at} as ${meta.updatedAt}`,
    `${at} as ${meta.validFrom}`,
    // Of the type that the moments have.
    `coalesce(nullif(${at}, ${at}), ${config.validToCurrent ?? 'null'}) as ${meta.validTo}`,
    ...(config.hardDeletes === 'new_record' ? [`cast('False' as ${dialect.columnType('string')}) as ${meta.isDeleted}`] : []),
  ];
  return `select ${columns.join(', ')} from (\n${sql}\n) as dwh_query`;
}

function firstPlan(task: Task, config: SnapshotConfig, meta: Meta, dialect: Dialect): Planned {
  const wrong = task.incoming.length > 0 ? unknownKey(config.uniqueKey, task.incoming, task.incoming, 'the query') : undefined;
  if (wrong) fail(wrong);
  // Always beside, so that it can be looked at before anybody sees it.
  const plan = tablePlan({ ...task, sql: firstVersions(task, config, meta, dialect), incoming: [], gated: true }, dialect);
  const staged = { name: dialect.relationName(plan.candidate), columns: task.incoming, where: undefined };
  return { ...plan, verb: VERB, stage: [...plan.stage, ...incomingChecks(staged, config, meta, dialect)] };
}

/** How many characters a type holds; undefined: it is none of characters. */
function width(type: string): number | undefined {
  const size = /^(?:character varying|varchar)\((\d+)\)$/.exec(type)?.[1];
  if (size !== undefined) return Number(size);
  return type === 'text' || type === 'varchar' || type === 'character varying' ? Number.POSITIVE_INFINITY : undefined;
}

/** New columns are added, texts become wider, and nothing goes: older versions have all that they had. */
function columnsOf({ columns, incoming, relation }: Task, dialect: Dialect): ColumnsAfter {
  const wider = incoming.flatMap(({ name, type }): Column[] => {
    const had = columnNamed(name, columns);
    return had && (width(type) ?? 0) > (width(had.type) ?? Number.POSITIVE_INFINITY) ? [{ name: had.name, type }] : [];
  });
  const grown = columnsAfter(columns, incoming, 'append_new_columns', relation, dialect);
  const after = grown.after.map((column) => wider.find(({ name }) => name === column.name) ?? column);
  return {
    ...grown,
    written: after.map(({ name }) => name),
    after,
    statements: [...grown.statements, ...wider.flatMap((column) => dialect.alterColumnType(relation, column))],
    disturbs: wider.length > 0,
  };
}

/** A table that some snapshot made has what the versions are kept by. */
function checkTarget({ columns, relation }: Task, config: SnapshotConfig, dialect: Dialect): void {
  const { dbt_is_deleted, ...always } = config.names;
  const wanted = [...Object.values(always), ...(config.hardDeletes === 'new_record' ? [dbt_is_deleted] : [])];
  const missing = wanted.filter((name) => !columnNamed(name, columns));
  if (missing.length === 0) return;
  const added = missing.length === 1 && missing[0] === dbt_is_deleted;
  fail({
    code: 'snapshot-target',
    message: `${dialect.relationName(relation)} is no snapshot as this one is: it has no column ${missing.join(', ')}`,
    hint: added
      ? `hard_deletes 'new_record' needs it: add the column, of text, with the value 'False' in all rows.`
      : "Give the snapshot another name or schema, or its columns' names in snapshot_meta_column_names.",
  });
}

function laterPlan(task: Task, config: SnapshotConfig, dialect: Dialect): Planned {
  const { relation, incoming, columns, gated } = task;
  const target = dialect.relationName(relation);
  checkTarget(task, config, dialect);
  const wrong = unknownKey(config.uniqueKey, columns, incoming, target);
  if (wrong)
    fail({
      ...wrong,
      ...(wrong.hint?.includes('--full-refresh') && { hint: 'Its older versions have no such key: give the snapshot another name.' }),
    });
  const meta = metaOf(config, dialect, columns);
  const after = columnsOf(task, dialect);
  const stage = besideName(relation, 'stage', dialect);
  const staged = dialect.relationName(stage);
  const candidate = besideName(relation, 'candidate', dialect);
  // The closed versions take the place of the current ones, by the ids of these.
  const match: Match = (t, s) => ({
    keys: [{ target: `${t}.${meta.scdId}`, staged: `${s}.${meta.scdId}`, type: columnNamed(config.names.dbt_scd_id, columns)?.type ?? '' }],
    both: [],
    onTarget: [meta.isCurrent(t)],
    onStaged: [`${s}.${CHANGE} = '${CLOSED}'`],
  });
  const list = after.written.map((name) => dialect.quote(name)).join(', ');
  const dropCandidate = gated ? dialect.drop({ relation: candidate, kind: 'view' }) : [];
  return {
    verb: VERB,
    rebinds: after.disturbs,
    columns: after.after,
    stage: [
      ...runs(dialect.createTableAs(stage, changedRows(task, config, meta, after, dialect))),
      ...incomingChecks({ name: staged, columns: after.after, where: `s.${CHANGE} <> '${CLOSED}'` }, config, meta, dialect),
      timelineCheck(target, staged, config, meta, after.after, match, dialect),
      ...(gated ? runs(dialect.createView(candidate, tableAsItWillBe(target, staged, after, { kind: 'replace', match }, dialect))) : []),
    ],
    candidate: gated ? candidate : relation,
    publish: runs([
      ...dropCandidate,
      ...after.statements,
      ...dialect.deleteUsing(relation, stage, match),
      statement(`insert into ${target} (${list}) select ${list} from ${staged}`),
    ]),
    cleanup: runs([...dropCandidate, ...dialect.drop({ relation: stage, kind: 'table' })]),
  };
}

/** As the macro of the project has it, where there is one. */
const withStrategy = (config: SnapshotConfig, { strategy }: Task): SnapshotConfig => {
  if (!strategy) return config;
  const { uniqueKey, updatedAt, hardDeletes, ...own } = strategy;
  return { ...config, uniqueKey, updatedAt, hardDeletes, own };
};

/** `isOwn`: a macro of the project tells the versions, and its task has what it says. */
export const snapshotOf = (isOwn: boolean): Materialization => ({
  name: 'snapshot',
  configure(reader): Configured {
    const written = readSnapshotConfig(reader, isOwn);
    return {
      needsColumns: () => true,
      isIncremental: () => false,
      plan(task, dialect) {
        const config = withStrategy(written, task);
        if (!task.existing) return firstPlan(task, config, metaOf(config, dialect, []), dialect);
        if (task.existing.kind !== 'table') {
          const place = dialect.relationName(task.relation);
          const message = `${place} is a ${task.existing.kind.replace('_', ' ')}, and a snapshot is a table`;
          fail({ code: 'snapshot-target', message, hint: 'Drop it, or give the snapshot another name or schema.' });
        }
        return laterPlan(task, config, dialect);
      },
    };
  },
});

export const snapshot = snapshotOf(false);
