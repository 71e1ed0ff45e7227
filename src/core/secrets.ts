// Secrets never leave the process: their texts are replaced in everything that is said or written, also where they stand
// quoted, escaped or encoded. More may be learned on the way: temporary passwords.
import type { Emit, EventBody } from './event.ts';
import { DwhError, type Problem } from './problem.ts';
import { spellings } from './secret-spellings.ts';

const MASK = '*****';
/** Shorter texts would blank out half of every word. */
const SHORTEST = 4;
/**
 * What artifacts are made of: whoever takes one of these for a password has none, and programs could not read an artifact
 * without them.
 */
const WORDS = new Set(
  `analysis columns config copy database docs duckdb ephemeral error fail false incremental macro main model name none null
operation pass path postgres redshift schema seed skipped snapshot source success table tags test true type view warn`.split(/\s+/),
);

export type Mask = (text: string) => string;

export interface Secrets {
  readonly mask: Mask;
  /** Plain data with every text in it masked, and names of members too; the same object while there is no secret. */
  readonly masked: <T>(value: T) => T;
  /** A value as JSON, masked, and still JSON. */
  readonly json: (value: unknown) => string;
  /** Whether a secret stands somewhere in these parts of a file. */
  readonly standIn: (parts: Iterable<Uint8Array>) => boolean;
  learn(...secrets: readonly string[]): void;
  /** Nothing is masked. */
  isEmpty(): boolean;
  /** The event with every text in it masked; the same object while there is no secret. */
  readonly masking: (emit: Emit) => Emit;
  /** The error with its texts masked: problems of a DwhError, else message and stack. */
  readonly maskedError: (error: unknown) => unknown;
}

export function secretsOf(given: readonly string[]): Secrets {
  const known = new Set<string>();
  let hidden: readonly string[] = [];
  const learn = (...secrets: readonly string[]): void => {
    const before = known.size;
    for (const secret of secrets) if (secret.trim().length >= SHORTEST && !WORDS.has(secret)) known.add(secret);
    if (known.size === before) return;
    const all = new Set([...known].flatMap((secret) => spellings(secret, SHORTEST)).filter((text) => !WORDS.has(text)));
    hidden = [...all].sort((a, b) => b.length - a.length);
  };
  learn(...given);
  const mask = (text: string): string => hidden.reduce((shown, secret) => shown.replaceAll(secret, MASK), text);
  const maskedValue = (value: unknown): unknown => {
    if (typeof value === 'string') return mask(value);
    // Rows are lists; numbers elsewhere are times and counts.
    if (Array.isArray(value)) {
      return value.map((item) =>
        (typeof item === 'number' || typeof item === 'bigint') && known.has(String(item)) ? MASK : maskedValue(item),
      );
    }
    if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [mask(key), maskedValue(item)]));
    }
    return value;
  };
  const masked = <T>(value: T): T => (hidden.length === 0 ? value : (maskedValue(value) as T));
  const maskedBug = (error: Error): Error => {
    const { cause } = error;
    const shown = new Error(mask(error.message), cause instanceof Error ? { cause: maskedBug(cause) } : undefined);
    shown.name = error.name;
    if (error.stack !== undefined) shown.stack = mask(error.stack);
    return shown;
  };
  return {
    mask,
    masked,
    json(value) {
      const text = JSON.stringify(value);
      // Most have none in them. A text of JSON cannot be masked as it is: a secret may look like a part of its grammar.
      return mask(text) === text ? text : JSON.stringify(masked(value));
    },
    standIn(parts) {
      if (hidden.length === 0) return false;
      for (const part of parts) {
        const bytes = Buffer.from(part.buffer, part.byteOffset, part.byteLength);
        if (hidden.some((secret) => bytes.includes(secret))) return true;
      }
      return false;
    },
    learn,
    isEmpty: () => hidden.length === 0,
    masking: (emit) => (event) => emit(masked<EventBody>(event)),
    maskedError(error) {
      if (hidden.length === 0) return error;
      if (!(error instanceof DwhError)) return error instanceof Error ? maskedBug(error) : error;
      const [first, ...rest] = error.problems.map((problem) => masked<Problem>(problem));
      return first ? new DwhError([first, ...rest], { cause: error.cause }) : error;
    },
  };
}
