// What keeps a relation from being dropped, and how it is made again: views and foreign keys.
import type { Relation, RelationState } from '../core/relation.ts';
import type { Statement } from '../core/statement.ts';

/** A view that is bound to a relation: the warehouse lets that one go only together with it. */
export interface Dependent {
  readonly state: RelationState;
  /** Makes it as it was, with its rights and comments, once what it reads is there again. */
  readonly remake: readonly Statement[];
  readonly reads: readonly { readonly relation: Relation; readonly column: string | undefined }[];
}

/** A table that refers to another: the warehouse does not let that one go while it does. */
export interface ForeignKey {
  readonly table: Relation;
  /** Before the other goes; what the table held is kept. */
  readonly release: readonly Statement[];
  /** Makes it as it was; refused where rows have no partner. */
  readonly restore: readonly Statement[];
  /** The same without a look at the rows: the table will be built anew. */
  readonly restoreUnchecked: readonly Statement[];
}
