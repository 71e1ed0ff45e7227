// copy: a source table filled from files. Clean files are read by the warehouse itself, the others record by record; all of it,
// with the ledger rows that the engine adds, is one transaction, so a load is published by its own commit.
import type { Dialect } from '../adapters/dialect.ts';
import type { CopySpec } from '../core/node.ts';
import { type CopyObjects, runs, type Step } from '../core/plan.ts';
import type { Problem } from '../core/problem.ts';
import type { Relation, RelationState } from '../core/relation.ts';
import { type Column, type Result, statement } from '../core/statement.ts';
import { type Decision, type RecordFormat, readFiles, readJsonSql, readParquetSql, type ScannedFile } from '../loading/index.ts';
import type { Planned } from './materialization.ts';

/** Where files go, and which. */
export interface LoadTask {
  readonly relation: Relation;
  readonly existing: RelationState | undefined;
  /** In the dialect's types. */
  readonly columns: readonly Column[];
  readonly decision: Decision;
}

export interface CopyTask extends LoadTask {
  readonly format: RecordFormat;
  readonly scanned: readonly ScannedFile[];
  /** Rows of each clean file, by key: what the warehouse must read of it. */
  readonly rows: ReadonlyMap<string, number>;
}

/** Files of one statement of the fast path. */
const FILES_PER_STATEMENT = 2000;

export function copyPlan(task: CopyTask, dialect: Dialect): Planned {
  const { relation, columns, scanned, format } = task;
  const clean = dialect.readsFiles ? scanned.filter((file) => file.clean) : [];
  const taken = new Set(clean);
  const others = scanned.filter((file) => !taken.has(file));
  const publish: Step[] = [...tableReady(task, dialect)];
  for (let at = 0; at < clean.length; at += FILES_PER_STATEMENT)
    publish.push(...readByWarehouse(clean.slice(at, at + FILES_PER_STATEMENT), task, dialect));
  if (others.length > 0) {
    const files = `${others.length} file${others.length === 1 ? '' : 's'}`;
    const shown = `-- copy ${files} record by record into ${dialect.relationName(relation)}`;
    publish.push({ read: { into: relation, columns, batches: (signal) => readFiles(others, format, signal), shown } });
  }
  return { ...planned(relation, publish), warnings: format.warnings };
}

/** Of objects that the warehouse reads by itself. */
export function objectsPlan(task: LoadTask, copies: readonly CopyObjects[], dialect: Dialect): Planned {
  return planned(task.relation, [...tableReady(task, dialect), ...copies.map((objects) => ({ objects }))]);
}

const planned = (candidate: Relation, publish: readonly Step[]): Planned => ({ verb: 'LOAD', stage: [], candidate, publish, cleanup: [] });

/** The table is there, and empty where all is loaded again. */
const tableReady = ({ relation, existing, columns, decision }: LoadTask, dialect: Dialect): readonly Step[] =>
  existing
    ? decision.empties
      ? [{ run: statement(`delete from ${dialect.relationName(relation)}`) }]
      : []
    : runs(dialect.createTable(relation, columns));

/** Parquet files are known only to a warehouse that reads files by itself. */
export function formatProblem({ format, at }: CopySpec, dialect: Dialect): Problem | undefined {
  if (format !== 'parquet' || dialect.readsFiles) return undefined;
  return {
    code: 'load-place',
    message: `parquet files cannot be loaded into ${dialect.name}`,
    at,
    hint: 'Turn them into CSV or JSON files, for example with DuckDB.',
  };
}

/** Nothing when none of the files has a row. */
function readByWarehouse(files: readonly ScannedFile[], { relation, format, rows }: CopyTask, dialect: Dialect): readonly Step[] {
  const list = format.columns.map((column) => dialect.quote(column.name)).join(', ');
  const queries = format.spec.format === 'parquet' ? [readParquetSql(files, format)] : readJsonSql(files, format);
  if (queries.length === 0) return [];
  const expected = files.reduce((sum, file) => sum + (rows.get(file.key) ?? 0), 0);
  return [
    {
      run: statement(`insert into ${dialect.relationName(relation)} (${list})\n${queries.join('\nunion all\n')}`),
      judge: ({ rowCount }: Result) => (rowCount === expected ? undefined : otherCount(expected, rowCount, format.spec)),
    },
  ];
}

/** The scan and the warehouse disagree: one of them is wrong, so nothing is kept. */
const otherCount = (expected: number, written: number, spec: CopySpec): Problem => ({
  code: 'load-count',
  at: spec.at,
  message: `the files have ${expected} records, and the warehouse read ${written}: nothing was loaded`,
  hint: 'A file may have changed meanwhile: run again. If it comes again, please report it.',
});
