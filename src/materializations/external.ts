// external: rows in a file, and a view that reads them. The rows are made beside and tested there; publication writes the file and
// replaces the view. https://github.com/duckdb/dbt-duckdb#writing-to-external-files
import type { Dialect } from '../adapters/dialect.ts';
import { type OutputSetting, outputFiles, outputSetting } from '../adapters/output-files.ts';
import { runs } from '../core/plan.ts';
import { besideName, type Configured, type Materialization, type Planned, type Task } from './materialization.ts';

function externalPlan(task: Task, from: OutputSetting, dialect: Dialect): Planned {
  const { relation, sql, existing, incoming, files } = task;
  const { fileTables } = dialect;
  if (!fileTables || !files) throw new Error(`${dialect.name} has no files`);
  const rows = besideName(relation, 'next', dialect);
  const output = outputFiles(from, relation.identifier, files);
  return {
    verb: 'CREATE EXTERNAL',
    stage: runs(dialect.createTableAs(rows, sql)),
    candidate: rows,
    publish: runs([
      ...fileTables.write(rows, output, incoming),
      ...(existing && existing.kind !== 'view' ? dialect.drop(existing) : []),
      // --dry-run does not ask for the columns of what reads relations that are not there yet.
      ...dialect.replaceView(relation, fileTables.query(output, incoming.length === 0 ? undefined : incoming)),
    ]),
    cleanup: runs(dialect.drop({ relation: rows, kind: 'table' })),
  };
}

export const external: Materialization = {
  name: 'external',
  missing: ({ name, fileTables }) =>
    fileTables
      ? undefined
      : {
          message: `${name} does not write files: it has no materialization 'external'`,
          hint: "Use 'table', and export the rows.",
        },
  configure(config): Configured {
    const from = outputSetting(config);
    return {
      needsColumns: () => true,
      isIncremental: () => false,
      plan: (task, dialect) => externalPlan(task, from, dialect),
    };
  },
};
