// What a warehouse makes of a contract: of its constraints, and of a table whose columns are written out.
import type { Column } from '../core/statement.ts';

/** What a warehouse makes of a constraint: holds rows to it, notes it only, or does not take it. */
export type ConstraintSupport = 'enforced' | 'not enforced' | 'not supported';

/** A table whose columns and constraints are written out. */
export interface TableDefinition {
  /** `constraints`: as they stand behind the type. */
  readonly columns: readonly (Column & { readonly constraints: readonly string[] })[];
  /** `sql`: without its name. `isKey`: it has an index, of whose name there is one in the schema. */
  readonly constraints: readonly { readonly name: string | undefined; readonly sql: string; readonly isKey: boolean }[];
}
