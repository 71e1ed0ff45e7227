// The leaves of the syntax tree: names, types, literals. Every node of the tree has `kind` and the offsets of its text, which begin and end at
// tokens; nothing of the text is lost to a node's offsets but blanks and comments, so a translator edits the text by ranges.

export interface Span {
  /** Offsets in the text that was tokenized, in UTF-16 units; `end` is the first after it. */
  readonly start: number;
  readonly end: number;
}

export interface Name extends Span {
  readonly kind: 'name';
  /** Lower-case when it was not quoted, as written when it was: Redshift folds that too, unless told otherwise. */
  readonly value: string;
  readonly quoted: boolean;
}

/** `database.schema.name`, as far as written. */
export interface QualifiedName extends Span {
  readonly kind: 'qualified-name';
  readonly parts: readonly [Name, ...Name[]];
}

export interface TypeName extends Span {
  readonly kind: 'type';
  /** Canonical and lower-case: 'integer' for int4, 'varchar' for character varying; the written name where it is unknown. */
  readonly name: string;
  readonly args: readonly (number | 'max')[];
  /** Of `text[]`: no type of Redshift's, though the catalogs have columns of such. */
  readonly array: boolean;
}

export interface Literal extends Span {
  readonly kind: 'literal';
  readonly type: 'string' | 'number' | 'boolean' | 'null';
  /** A string without quotes and escapes. */
  readonly value: string;
}
/** `date '2026-01-01'` */
export interface TypedLiteral extends Span {
  readonly kind: 'typed-literal';
  readonly type: TypeName;
  readonly value: string;
}
export interface Interval extends Span {
  readonly kind: 'interval';
  readonly value: string;
  /** 'day', 'year to month' … */
  readonly fields?: string;
}
export interface Parameter extends Span {
  readonly kind: 'parameter';
  readonly index: number;
}
/** A column, perhaps qualified; the last parts may as well be fields of a SUPER value. */
export interface Column extends Span {
  readonly kind: 'column';
  readonly parts: readonly [Name, ...Name[]];
}
export interface Star extends Span {
  readonly kind: 'star';
  readonly qualifier: readonly Name[];
}
/** `default` as a value of insert, update or merge. */
export interface Default extends Span {
  readonly kind: 'default';
}
