// Names of generic tests, exactly dbt's: they are ids in manifests, in selections and in tables of stored failures.
import { isMapping } from '../core/config-reader.ts';
import { repr, text, toTemplate } from '../template/index.ts';
import { md5 } from './hash.ts';

/** Longer names are cut to 30 characters and a hash: they name files, and tables where failures are stored. */
const MAX_NAME = 63;

export interface TestNames {
  /** For the unique_id and fqn. */
  readonly full: string;
  /** For the file and the alias. */
  readonly short: string;
}

/** `args` without `model`; `spell` gives Python's str() of a value. */
export function testNames(type: string, target: string, args: Readonly<Record<string, unknown>>, spell: Spell): TestNames {
  const parts: string[] = [];
  for (const key of sortedKeys(args)) {
    if (key === 'model') continue;
    const value = args[key];
    const items: readonly unknown[] = isMapping(value) ? Object.values(value) : Array.isArray(value) ? value : [value];
    for (const item of items) parts.push(spell(item).replace(/[^0-9a-zA-Z_]+/g, '_'));
  }
  const identifier = `${type}_${target}`;
  const full = `${identifier}_${parts.join('__')}`;
  return { full, short: full.length > MAX_NAME ? `${identifier.slice(0, 30)}_${md5(full)}` : full };
}

/** Most are in order already, and sorting makes a copy. */
function sortedKeys(record: Readonly<Record<string, unknown>>): readonly string[] {
  const keys = Object.keys(record);
  return keys.every((key, index) => index === 0 || (keys[index - 1] ?? '') < key) ? keys : keys.sort();
}

/** The last part of a generic test's unique_id. */
export function testHash(name: string, metadata: Readonly<Record<string, unknown>>, spell: Spell): string {
  const quoted = (value: string): string => (/^[\x20-\x26\x28-\x5b\x5d-\x7e]*$/.test(value) ? `'${value}'` : repr(value));
  const hashable = (value: unknown): string => {
    if (Array.isArray(value)) return `[${value.map(hashable).join(', ')}]`;
    if (!isMapping(value)) return quoted(spell(value));
    return `{${sortedKeys(value)
      .map((key) => `${quoted(key)}: ${hashable(value[key])}`)
      .join(', ')}}`;
  };
  return md5(`${name}${hashable(metadata)}`).slice(-10);
}

export type Spell = (value: unknown) => string;

/** Python's str(). YAML's 1.0 arrives here as 1, so whole floats are told apart by how they are written: see floatsWritten. */
export const spellWith =
  (floats: ReadonlyMap<number, string>): Spell =>
  (value) => {
    if (typeof value === 'string') return value;
    if (typeof value === 'number') return floats.get(value) ?? text(toTemplate(value));
    return text(toTemplate(value ?? null));
  };
