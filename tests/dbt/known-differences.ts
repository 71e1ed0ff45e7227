// Where dwh is known to answer otherwise than dbt 1.11, and why. A difference that no line here allows is a failure; so is a line
// that allows nothing any more.
import type { Difference } from './compare.ts';

export interface Known {
  readonly path: RegExp;
  /** Where the path alone says too much. */
  readonly only?: (difference: Difference) => boolean;
  readonly because: string;
}

export const KNOWN: readonly Known[] = [];
