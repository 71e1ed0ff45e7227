// An incremental model whose later runs a macro of the project says: the new rows are staged, the table gets the columns that
// on_schema_change wants, and the macro's statements bring the rows in. https://docs.getdbt.com/docs/build/incremental-strategy
import type { Dialect } from '../adapters/dialect.ts';
import type { ConfigReader } from '../core/config-reader.ts';
import { runs } from '../core/plan.ts';
import { addsRows } from './incremental.ts';
import { inTypesOf } from './incremental-rows.ts';
import { besideName, type Configured, type Planned, type Task } from './materialization.ts';
import { columnsAfter, schemaChange } from './schema-change.ts';
import { tablePlan } from './table.ts';
import { columnNamed } from './unique-key.ts';

/** `macro`: its name. */
export function customStrategyPlan(config: ConfigReader, macro: string): Configured {
  const onSchemaChange = config.oneOf('on_schema_change', schemaChange) ?? 'ignore';
  const uniqueKey = config.raw('unique_key') ?? null;
  const predicates = config.raw('predicates') ?? config.raw('incremental_predicates') ?? null;
  const plan = (task: Task, dialect: Dialect): Planned => {
    const { relation, sql, incoming, columns: existing, existing: state, fullRefresh } = task;
    if (!addsRows(state, fullRefresh)) return tablePlan(task, dialect);
    const columns = columnsAfter(existing, incoming, onSchemaChange, relation, dialect);
    const stage = besideName(relation, 'stage', dialect);
    const written = columns.written.map((name) => columnNamed(name, columns.after) ?? { name, type: '' });
    return {
      verb: 'INSERT',
      rebinds: columns.disturbs,
      columns: columns.after,
      warnings: columns.warnings,
      stage: runs(dialect.createTableAs(stage, inTypesOf(columns, sql, incoming, dialect))),
      candidate: relation,
      publish: [...runs(columns.statements), { template: { macro, relation, staged: stage, columns: written, uniqueKey, predicates } }],
      cleanup: runs(dialect.drop({ relation: stage, kind: 'table' })),
    };
  };
  return { needsColumns: addsRows, isIncremental: addsRows, plan };
}
