// What a linter is: SQL text of any number of statements → findings for each. Which warehouse it speaks for is its maker's matter.
import type { Finding } from './redshift/finding.ts';

export interface LintedStatement {
  /** Offsets in the text: from the first token to the last, without the semicolon. */
  readonly start: number;
  readonly end: number;
  /** In the order of the text. */
  readonly findings: readonly Finding[];
  /** Whether there is an error among the findings. */
  readonly refused: boolean;
}

export interface KnownColumn {
  /** As it was declared: 'varchar(20)'; undefined: not known. */
  readonly type: string | undefined;
  readonly notNull: boolean;
}

/** A relation as its definition or a project describes it. */
export interface KnownRelation {
  /** undefined: not known. */
  readonly schema: string | undefined;
  /** Lower-case names; others may be there. */
  readonly columns: ReadonlyMap<string, KnownColumn>;
  /** undefined: not known, or left to the warehouse. */
  readonly dist: { readonly style: 'even' | 'all' } | { readonly style: 'key'; readonly column: string } | undefined;
}

/** A relation by the parts of its name, lower-case, as far as they are written; undefined: not known, or more than one. */
export type KnownRelations = (parts: readonly string[]) => KnownRelation | undefined;

export interface LintOptions {
  readonly known?: KnownRelations;
  /** What the session is in before the first statement; without it, that is not known. */
  readonly inTransaction?: boolean;
}

/** Never throws on any text. */
export type Linter = (sql: string, options?: LintOptions) => Promise<readonly LintedStatement[]>;

/** `off`: a build does not look; `warn`: it stops on what is surely refused; `strict`: also on what is not recognised. */
export const LINT_MODES = ['off', 'warn', 'strict'] as const;
export type LintMode = (typeof LINT_MODES)[number];

/** The rule of what the grammar does not know. */
export const UNRECOGNISED = 'unrecognised';
