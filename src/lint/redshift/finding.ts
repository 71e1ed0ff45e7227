// What the checks say of a statement.
import type { queryRules } from './rules/queries.ts';
import type { statementRules } from './rules/statements.ts';
import type { Span } from './tree/leaves.ts';

export type CheckRule = keyof typeof queryRules | keyof typeof statementRules;

export interface Finding {
  /** Id of a rule: see rules. */
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  /** An error by the vendor's page that servers may not make. */
  readonly doubtful?: true;
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
  /** What to change for the same meaning. */
  readonly repair?: Repair;
}

/** Edits that are made together or not at all. */
export interface Repair {
  /** Of the construct that they are about. */
  readonly start: number;
  readonly end: number;
  readonly edits: readonly Edit[];
}

/** Another text for a part of it, which is never empty: offsets in UTF-16 units. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A rule of the checks, where, what fills the {…} of its texts, and another rewrite than the rule's. */
export type Emit = (rule: CheckRule, at: Span, values?: Readonly<Record<string, string | number>>, rewrite?: string) => void;
