// Results of the last parse that are worth keeping one by one: rendered nodes and read YAML. A result is used again when its
// key (everything it was made from) is the same and what it read from outside answers as it did.
import type { ReadLog, Reads } from './reads.ts';

export interface Memo {
  /** `key`: a text that holds all that `make` depends on but the log's reads. `keep`, asked after it: may the result be kept? */
  get<T>(key: string, make: () => T, keep?: () => boolean): T;
  /** What was used or made in this run, as JSON for the next. */
  kept(): string;
}

type Entry = readonly [value: unknown, reads: Reads | 0];

/** `text`: what `kept` gave last time. */
export function memo(text: string | undefined, log: ReadLog): Memo {
  const before = entriesOf(text);
  const now = new Map<string, Entry>();
  return {
    get<T>(key: string, make: () => T, keep: () => boolean = () => true): T {
      const known = now.get(key) ?? before.get(key);
      if (known && (known[1] === 0 || log.holds(known[1]))) {
        if (known[1] !== 0) log.add(known[1]);
        now.set(key, known);
        return known[0] as T;
      }
      const { value, reads } = log.during(make);
      if (keep() && isPlain(value)) now.set(key, [value, reads.env.length + reads.vars.length + reads.names.length === 0 ? 0 : reads]);
      return value;
    },
    kept: () => JSON.stringify([...now]),
  };
}

function entriesOf(text: string | undefined): Map<string, Entry> {
  try {
    return new Map(text === undefined ? [] : (JSON.parse(text) as [string, Entry][]));
  } catch {
    return new Map();
  }
}

/** JSON gives back what it was given. */
function isPlain(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0);
    case 'object':
      if (value === null) return true;
      if (Array.isArray(value)) return value.every(isPlain);
      return (
        Object.getPrototypeOf(value) === Object.prototype &&
        Object.entries(value).every(([key, item]) => key !== '__proto__' && isPlain(item))
      );
    default:
      return false;
  }
}
