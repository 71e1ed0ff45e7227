// package-lock.yml as dbt writes it: what each package came to, and a hash of what was asked for, so that dbt and dwh take each
// other's. https://docs.getdbt.com/docs/build/packages#pinning-packages
import { createHash } from 'node:crypto';
import { dump } from 'js-yaml';
import { isMapping } from '../core/config-reader.ts';
import type { PackageList } from './spec.ts';

/** A number as Python prints it: 1.0 stays 1.0. */
class PythonNumber {
  constructor(readonly text: string) {}
}

/** JSON with sorted keys and ASCII only, in Python's spacing. */
function pythonJson(value: unknown): string {
  if (value instanceof PythonNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  if (isMapping(value)) {
    const keys = Object.keys(value).sort();
    return `{${keys.map((key) => `${pythonJson(key)}: ${pythonJson(value[key])}`).join(', ')}}`;
  }
  return JSON.stringify(value ?? null).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** dbt's fields of each kind, with what they are when they are not given. */
const FIELDS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  package: { version: null, install_prerelease: false },
  git: { revision: null, 'warn-unpinned': null, subdirectory: null },
  local: {},
  tarball: {},
};

/** The `sha1_hash` of what is asked for. */
export function sha1Of({ entries, specs, yaml }: PackageList): string {
  const texts = entries.map((entry, index) => {
    const numbers = (value: unknown, path: readonly (string | number)[]): unknown => {
      if (typeof value === 'number') {
        const written = yaml.written(['packages', index, ...path]) ?? '';
        return new PythonNumber(Number.isInteger(value) && /[.eE]/.test(written) ? `${value}.0` : String(value));
      }
      if (Array.isArray(value)) return value.map((item, at) => numbers(item, [...path, at]));
      if (!isMapping(value)) return value;
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, numbers(item, [...path, key])]));
    };
    const kind = Object.keys(FIELDS).find((key) => entry[key] !== undefined) ?? 'local';
    const alias = entry.warn_unpinned === undefined ? entry : { ...entry, 'warn-unpinned': entry.warn_unpinned, warn_unpinned: undefined };
    const own = Object.entries(numbers(alias, []) as Record<string, unknown>).filter(([, value]) => value !== undefined);
    return pythonJson({ ...FIELDS[kind], ...Object.fromEntries(own), unrendered: numbers(specs[index]?.written ?? {}, []) });
  });
  return createHash('sha1').update(texts.sort().join('\n')).digest('hex');
}

/** One package of the lock file, with the name of its project. */
export type Locked = Readonly<Record<string, string>> & { readonly name: string };

export const lockText = (packages: readonly Locked[], sha1: string): string =>
  dump({ packages, sha1_hash: sha1 }, { sortKeys: true, lineWidth: -1 });
