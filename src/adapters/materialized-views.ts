// Materialized views, where a warehouse has them.
import type { Relation } from '../core/relation.ts';
import type { Row, Statement } from '../core/statement.ts';
import type { TableOptions } from './table-options.ts';

/** Queries whose rows the warehouse keeps, and makes anew when it is told to. */
export interface MaterializedViews {
  /** One that was built beside can take another's name. */
  readonly renames: boolean;
  create(relation: Relation, sql: string, options: TableOptions): readonly Statement[];
  refresh(relation: Relation, options: TableOptions): readonly Statement[];
  /** One row, for `changes`: what the one that stands there was made of. */
  ask(relation: Relation, sql: string): Statement;
  /** What it would be made of otherwise now: 'query'; none: a refresh makes it what it should be. */
  changes(row: Row, relation: Relation, sql: string, options: TableOptions): readonly string[];
}
