// A place in the warehouse: a table or a view, there or yet to be made.

/** Names as they are stored, unquoted. `database` undefined: the connection's own. */
export interface Relation {
  readonly database?: string;
  readonly schema: string;
  readonly identifier: string;
  /** What stands in SQL in place of the name: the files that a source is read from. */
  readonly external?: string;
}

export type RelationKind = 'table' | 'view' | 'materialized_view' | 'external';

/** What stands at a place in the warehouse. */
export interface RelationState {
  readonly relation: Relation;
  readonly kind: RelationKind;
}

/** One key per place, for maps. `ignoresCase`: the dialect's. */
export function relationKey(relation: Relation, ignoresCase = true): string {
  // No warehouse has a NUL in a name.
  const key = `${relation.database ?? ''}\0${relation.schema}\0${relation.identifier}`;
  return ignoresCase ? key.toLowerCase() : key;
}
