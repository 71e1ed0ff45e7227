// What a table is made with beyond its columns, as config says it, and as it stands in the warehouse.
import type { Relation } from '../core/relation.ts';
import type { Row, Statement } from '../core/statement.ts';

/** What a node's config says of its table or view beyond the columns, in the adapter's own words. */
export type TableOptions = Readonly<Record<string, unknown>>;

/** What a table was made with, beside what its config says now. */
export interface TableChanges {
  /** Whether the config says anything of it: else the table may be as it is. */
  matter(options: TableOptions): boolean;
  ask(relation: Relation): Statement;
  /** `rows`: the answer; none: it cannot be told, and the table stays. */
  changed(rows: readonly Row[], options: TableOptions): boolean;
}
