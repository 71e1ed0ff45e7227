// Constraints of a model or of one of its columns, as dbt's manifest has them. https://docs.getdbt.com/reference/resource-properties/constraints

export const CONSTRAINT_TYPES = ['check', 'not_null', 'unique', 'primary_key', 'foreign_key', 'custom'] as const;
export type ConstraintType = (typeof CONSTRAINT_TYPES)[number];

export interface ColumnConstraint {
  readonly type: ConstraintType;
  readonly name: string | null;
  /** A predicate, or what stands behind the constraint's own words: which, depends on the type. */
  readonly expression: string | null;
  readonly warn_unenforced: boolean;
  readonly warn_unsupported: boolean;
  /** Of a foreign key: as written, `ref('orders')`. */
  readonly to: string | null;
  readonly to_columns: readonly string[];
}

export interface ModelConstraint extends ColumnConstraint {
  readonly columns: readonly string[];
}

/** Materializations whose tables have constraints; of the others only names and types are held. */
export const CONSTRAINED: ReadonlySet<string> = new Set(['table', 'incremental']);
