// The syntax tree of statements that change or move rows.
import type { Literal, Name, QualifiedName, Span } from './leaves.ts';
import type { Expression, Query, TableAlias, TableReference, With } from './query.ts';

export interface Insert extends Span {
  readonly kind: 'insert';
  readonly with?: With;
  readonly table: QualifiedName;
  readonly columns?: readonly Name[];
  readonly source: Values | Query | DefaultValues;
}
export interface Values extends Span {
  readonly kind: 'values';
  readonly rows: readonly ValueRow[];
}
export interface ValueRow extends Span {
  readonly kind: 'value-row';
  readonly values: readonly Expression[];
}
export interface DefaultValues extends Span {
  readonly kind: 'default-values';
}

export interface Assignment extends Span {
  readonly kind: 'assignment';
  readonly column: Name;
  readonly value: Expression;
}
export interface Update extends Span {
  readonly kind: 'update';
  readonly with?: With;
  readonly table: QualifiedName;
  readonly alias?: Name;
  readonly assignments: readonly Assignment[];
  readonly from: readonly TableReference[];
  readonly where?: Expression;
}
export interface Delete extends Span {
  readonly kind: 'delete';
  readonly with?: With;
  readonly table: QualifiedName;
  readonly alias?: Name;
  readonly using: readonly TableReference[];
  readonly where?: Expression;
}

/** Either both clauses, or REMOVE DUPLICATES. */
export interface Merge extends Span {
  readonly kind: 'merge';
  readonly table: QualifiedName;
  readonly source: QualifiedName;
  readonly sourceAlias?: TableAlias;
  readonly on: Expression;
  readonly action: MergeClauses | RemoveDuplicates;
}
export interface MergeClauses extends Span {
  readonly kind: 'merge-clauses';
  readonly matched: MergeUpdate | MergeDelete;
  readonly notMatched: MergeInsert;
}
export interface MergeUpdate extends Span {
  readonly kind: 'merge-update';
  readonly assignments: readonly Assignment[];
}
export interface MergeDelete extends Span {
  readonly kind: 'merge-delete';
}
export interface MergeInsert extends Span {
  readonly kind: 'merge-insert';
  readonly columns?: readonly Name[];
  readonly values: ValueRow;
}
export interface RemoveDuplicates extends Span {
  readonly kind: 'remove-duplicates';
}

/** A parameter of COPY or UNLOAD: `json 'auto'`, `maxerror 5`, `gzip`. */
export interface Option extends Span {
  readonly kind: 'option';
  readonly name: string;
  /** Text of a string, a number, or a word in lower case; lists for what takes several. */
  readonly value?: string | number;
  readonly unit?: 'mb' | 'gb';
  readonly columns?: readonly Name[];
}
export interface Copy extends Span {
  readonly kind: 'copy';
  readonly table: QualifiedName;
  readonly columns?: readonly Name[];
  readonly source: Literal;
  readonly options: readonly Option[];
}
export interface Unload extends Span {
  readonly kind: 'unload';
  readonly text: Literal;
  /** The tree of the query in the literal, whose offsets are in `text.value`: no child of this node, therefore. */
  readonly inner: { readonly query: Query };
  readonly target: Literal;
  readonly options: readonly Option[];
}

export type Change = Insert | Update | Delete | Merge | Copy | Unload;
