// How much a template may make: a slip such as 'a' * 10**9 is refused instead of exhausting memory.
import { limitError } from './errors.ts';

const MAX_TEXT = 100_000_000;
const MAX_ITEMS = 1_000_000;
export const MAX_DIGITS = 100_000;
/** Macros inside macros. */
export const MAX_DEPTH = 400;

/** Throws when a text of so many characters would be too long. */
export function checkTextLength(length: number): void {
  if (!(length <= MAX_TEXT)) throw limitError(`this would make a text of ${length} characters, and the limit is ${MAX_TEXT}`);
}

export function checkItemCount(count: number): void {
  if (!(count <= MAX_ITEMS)) throw limitError(`this would make a list of ${count} items, and the limit is ${MAX_ITEMS}`);
}
