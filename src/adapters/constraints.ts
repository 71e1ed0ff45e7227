// What a warehouse makes of a contract: of its constraints, and of a table whose columns are written out.
import type { ConstraintType } from '../core/constraints.ts';
import type { Column } from '../core/statement.ts';

/** What a warehouse makes of a constraint: holds rows to it, notes it only, or does not take it. */
export type ConstraintSupport = 'enforced' | 'not enforced' | 'not supported';

/** Of each constraint that a warehouse knows. */
export type Constraints = Readonly<Record<Exclude<ConstraintType, 'custom'>, ConstraintSupport>>;

export const ALL_ENFORCED: Constraints = {
  check: 'enforced',
  not_null: 'enforced',
  unique: 'enforced',
  primary_key: 'enforced',
  foreign_key: 'enforced',
};

/** A table whose columns and constraints are written out. */
export interface TableDefinition {
  /** `constraints`: as they stand behind the type. */
  readonly columns: readonly (Column & { readonly constraints: readonly string[] })[];
  /** `sql`: without its name. `isKey`: it has an index, of whose name there is one in the schema. */
  readonly constraints: readonly { readonly name: string | undefined; readonly sql: string; readonly isKey: boolean }[];
}
