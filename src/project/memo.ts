// Results of the last parse that are worth keeping one by one: read YAML, rendered texts, whole nodes. A result is used again
// when its key (everything it was made from) is the same and what it read from outside answers as it did.
import { sha256 } from './hash.ts';
import type { ReadLog, Reads } from './reads.ts';

export interface MemoOptions<T> {
  /** Asked after `make`: may the result be kept? Default: yes. */
  readonly keep?: () => boolean;
  /** See ReadLog.during. */
  readonly harmless?: (name: string, value: T) => boolean;
}

export interface Memo {
  /** `key`: see memoKey. `make` returns plain data, which nobody changes. */
  get<T>(key: string, make: () => T, options?: MemoOptions<T>): T;
  /** What was used or made in this run, for the next: plain data. */
  kept(): readonly MemoEntry[];
}

/** Reads are left out when there are none. */
export type MemoEntry = readonly [key: string, value: unknown, reads?: Reads];

/** A short text for all that a result depends on; equal texts mean equal parts. Parts are plain data. */
export const memoKey = (...parts: readonly unknown[]): string => sha256(JSON.stringify(parts), 'base64').slice(0, 24);

/** `before`: what `kept` gave last time, or anything. */
export function memo(before: unknown, log: ReadLog): Memo {
  const known = new Map(entriesOf(before).map((entry) => [entry[0], entry]));
  const now = new Map<string, MemoEntry>();
  return {
    get<T>(key: string, make: () => T, { keep, harmless }: MemoOptions<T> = {}): T {
      const entry = now.get(key) ?? known.get(key);
      if (entry && (entry[2] === undefined || log.holds(entry[2]))) {
        if (entry[2] !== undefined) log.add(entry[2]);
        now.set(key, entry);
        return entry[1] as T;
      }
      const { value, reads } = log.during(make, harmless);
      if (keep?.() !== false)
        now.set(key, reads.env.length + reads.vars.length + reads.names.length === 0 ? [key, value] : [key, value, reads]);
      return value;
    },
    kept: () => [...now.values()],
  };
}

const entriesOf = (value: unknown): readonly MemoEntry[] =>
  Array.isArray(value) && value.every((entry) => Array.isArray(entry) && typeof entry[0] === 'string') ? value : [];
