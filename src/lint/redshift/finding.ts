// What the checks say of a statement.
import type { Span } from './tree/leaves.ts';

export interface Finding {
  /** Id of a rule: see rules. */
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  /** UTF-16 units from the beginning of the text. */
  readonly offset: number;
  /** From 1; columns in UTF-16 units. */
  readonly line: number;
  readonly column: number;
  /** The reason, in the user's words. */
  readonly message: string;
  readonly rewrite?: string;
  readonly url: string;
  /** Of an error: what Redshift answers. */
  readonly sqlstate?: string;
  readonly says?: string;
}

/** A finding before its place is a line and a column: a rule, where, and what fills the {…} of its texts. */
export interface Report {
  readonly rule: string;
  readonly at: Span;
  readonly values: Readonly<Record<string, string | number>>;
  /** Another rewrite than the rule's. */
  readonly rewrite?: string;
}
export type Emit = (rule: string, at: Span, values?: Report['values'], rewrite?: string) => void;
