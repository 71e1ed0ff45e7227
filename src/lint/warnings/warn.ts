// How the looks at a statement say what they found.
import type { Repair } from '../redshift/finding.ts';
import type { WarningId } from './rules.ts';

/** A rule, where, what fills the {…} of its texts, and what would change nothing but the warning. */
export type Warn = (
  rule: WarningId,
  at: { readonly start: number },
  values?: Readonly<Record<string, string | number>>,
  repair?: Repair,
) => void;
