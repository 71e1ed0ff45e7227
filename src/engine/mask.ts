// Secrets never leave the process: their texts are replaced in everything that is said or written. More may be learned on the
// way: temporary passwords.
import type { Emit, EventBody } from '../core/event.ts';
import { DwhError, type Problem } from '../core/problem.ts';

const MASK = '*****';
/** Shorter texts would blank out half of every word. */
const SHORTEST = 4;

export type Mask = (text: string) => string;

export interface Secrets {
  readonly mask: Mask;
  learn(secret: string): void;
  /** Nothing is masked. */
  isEmpty(): boolean;
  /** The event with every text in it masked; the same object while there is no secret. */
  readonly masking: (emit: Emit) => Emit;
  /** A DwhError with its problems masked; any other error as it is. */
  readonly maskedError: (error: unknown) => unknown;
}

export function secretsOf(given: readonly string[]): Secrets {
  let known: readonly string[] = [];
  const learn = (...secrets: readonly string[]): void => {
    const all = new Set([...known, ...secrets.filter((secret) => secret.length >= SHORTEST)]);
    known = [...all].sort((a, b) => b.length - a.length);
  };
  learn(...given);
  const mask = (text: string): string => known.reduce((masked, secret) => masked.replaceAll(secret, MASK), text);
  const masked = (value: unknown): unknown => {
    if (typeof value === 'string') return mask(value);
    if (Array.isArray(value)) return value.map(masked);
    if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item)]));
    }
    return value;
  };
  return {
    mask,
    learn: (secret) => learn(secret),
    isEmpty: () => known.length === 0,
    masking: (emit) => (event) => emit(known.length === 0 ? event : (masked(event) as EventBody)),
    maskedError(error) {
      if (!(error instanceof DwhError) || known.length === 0) return error;
      const [first, ...rest] = error.problems.map((problem) => masked(problem) as Problem);
      return first ? new DwhError([first, ...rest], { cause: error.cause }) : error;
    },
  };
}
