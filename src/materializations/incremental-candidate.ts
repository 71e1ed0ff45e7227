// The rows that an incremental table will have after its publication, as a query over the table (t) and the staged rows (s).
// It must say what the publishing statements do: tests/materializations/candidate.test.ts compares the two.
import type { Dialect } from '../adapters/adapter.ts';
import type { Column } from '../core/statement.ts';
import type { ColumnsAfter } from './schema-change.ts';

/** When a row of the table and a staged row are one: conditions on both, and those that know only one side. */
export interface Partners {
  readonly same: readonly string[];
  readonly onTarget: readonly string[];
  readonly onStaged: readonly string[];
}

export type Change =
  | { readonly kind: 'append' }
  /** Rows with a partner go; the staged ones come. */
  | { readonly kind: 'replace'; readonly partners: Partners }
  /** Rows with a partner take its `updated` columns; staged rows without one come. */
  | { readonly kind: 'merge'; readonly partners: Partners; readonly updated: readonly string[] };

export function tableAsItWillBe(target: string, staged: string, columns: ColumnsAfter, change: Change, dialect: Dialect): string {
  const quote = (column: Column): string => dialect.quote(column.name);
  /** What the table makes of a value when it takes it. */
  const typed = (value: string, from: string | undefined, column: Column): string =>
    `${from === column.type ? value : `cast(${value} as ${column.type})`} as ${quote(column)}`;
  const old = (column: Column): string => (columns.had(column.name) ? `t.${quote(column)}` : 'null');
  const oldType = (column: Column): string | undefined => columns.had(column.name)?.type;
  const isWritten = (column: Column): boolean => columns.written.includes(column.name);

  const oldRow = columns.after.map((column) => typed(old(column), oldType(column), column)).join(', ');
  const newRow = columns.after.map((column) => typed(isWritten(column) ? `s.${quote(column)}` : 'null', undefined, column)).join(', ');
  const allNew = `select ${newRow} from ${staged} as s`;
  // A condition on one side alone stands outside of what looks for partners: inside, it would make the search quadratic.
  const keptOld = ({ same, onTarget, onStaged }: Partners): string =>
    `select ${oldRow} from ${target} as t where (${[`exists (select 1 from ${staged} as s where ${[...same, ...onStaged].join(' and ')})`, ...onTarget].join(' and ')}) is not true`;
  switch (change.kind) {
    case 'append':
      return `select ${oldRow} from ${target} as t\nunion all\n${allNew}`;
    case 'replace':
      return `${keptOld(change.partners)}\nunion all\n${allNew}`;
    case 'merge': {
      const { same, onTarget, onStaged } = change.partners;
      const merged = columns.after.map((column) =>
        change.updated.includes(column.name) ? typed(`s.${quote(column)}`, undefined, column) : typed(old(column), oldType(column), column),
      );
      const partner = `exists (select 1 from ${target} as t where ${[...same, ...onTarget].join(' and ')})`;
      return [
        keptOld(change.partners),
        `select ${merged.join(', ')} from ${target} as t join ${staged} as s on ${[...same, ...onTarget, ...onStaged].join(' and ')}`,
        `${allNew} where (${[partner, ...onStaged].join(' and ')}) is not true`,
      ].join('\nunion all\n');
    }
  }
}
