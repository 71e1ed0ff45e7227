// seed: a CSV file of the project as a table, built beside and swapped in.
import type { Dialect } from '../adapters/dialect.ts';
import type { TableOptions } from '../adapters/table-options.ts';
import { type Plan, runs } from '../core/plan.ts';
import type { Relation, RelationState } from '../core/relation.ts';
import type { Column } from '../core/statement.ts';
import { besideName, type Planned } from './materialization.ts';
import type { SeedRows } from './seed-rows.ts';
import { exchangeRows, staysInPlace, swapIn } from './table.ts';

export interface SeedTask {
  readonly relation: Relation;
  readonly existing: RelationState | undefined;
  /** Those that it has now; asked for where the warehouse publishes in place. */
  readonly columns: readonly Column[];
  readonly fullRefresh: boolean;
  /** As of a task. */
  readonly reshaped: boolean;
  readonly rows: SeedRows;
  readonly options: TableOptions;
  /** The CSV file, for what is shown. */
  readonly file: string;
}

export function seedPlan({ relation, existing, columns, fullRefresh, reshaped, rows, file, options }: SeedTask, dialect: Dialect): Planned {
  const next = besideName(relation, 'next', dialect);
  const stage: Plan['stage'] = [
    ...runs(dialect.createTable(next, rows.columns, options)),
    {
      copy: {
        into: next,
        columns: rows.columns,
        bytes: rows.bytes,
        shown: `-- copy ${rows.rowCount} rows of ${file} into ${dialect.relationName(next)}`,
      },
    },
  ];
  const stays = !fullRefresh && !reshaped && staysInPlace(existing, columns, rows.columns, options, dialect);
  const swap = stays ? exchangeRows(next, relation, columns, dialect) : swapIn(next, relation, existing, dialect);
  const furniture = dialect.furnish(next, relation, options);
  return {
    verb: 'SEED',
    ...swap,
    columns: rows.columns,
    stage: [...stage, ...runs(furniture.stage)],
    publish: [...swap.publish, ...runs(furniture.publish)],
  };
}
