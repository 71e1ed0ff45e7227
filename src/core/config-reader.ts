// The one gate for what users write: project files, profiles, properties and config(). It knows where each value stands,
// checks kinds, collects every problem instead of stopping at the first, and knows which keys nobody read.
import type { Location } from './location.ts';
import { nearestName } from './nearest.ts';
import type { Problem } from './problem.ts';

export type ConfigPath = readonly (string | number)[];

export interface ConfigSource {
  /** Where the value at a path stands; called only when a problem is reported. */
  readonly locate: (path: ConfigPath) => Location | undefined;
  /** Where the value at a path itself begins, for a text with errors of its own; undefined: where its key stands will do. */
  readonly locateValue?: (path: ConfigPath) => Location | undefined;
  /** All readers of one input share this list. */
  readonly problems: Problem[];
}

const kindOf = (value: unknown): string =>
  value === null
    ? 'empty'
    : Array.isArray(value)
      ? 'a list'
      : typeof value === 'object'
        ? 'a mapping'
        : `${typeof value === 'string' ? 'the text ' : ''}${JSON.stringify(value)}`;

/** Of each kind of value, one as it is written. */
const EXAMPLES = {
  text: "'some text'",
  'true or false': 'true',
  'a number': '5',
  'text or a list of texts': '[one, two]',
  'a mapping': '{name: value}',
  'a list': '[one, two]',
} as const;

export const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export class ConfigReader {
  readonly #read = new Set<string>();

  constructor(
    readonly values: Readonly<Record<string, unknown>>,
    readonly source: ConfigSource,
    readonly path: ConfigPath = [],
  ) {}

  has(key: string): boolean {
    return this.values[key] !== undefined && this.values[key] !== null;
  }

  /** The value as it is; marks the key as read. */
  raw(key: string): unknown {
    this.#read.add(key);
    return this.values[key];
  }

  string(key: string): string | undefined {
    const value = this.raw(key);
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    return this.#wrong(key, 'text', value);
  }

  /** Like `string`, and a problem when it is missing. */
  requiredString(key: string): string {
    const value = this.string(key);
    if (value === undefined && !this.has(key)) {
      const near = nearestName(key, this.keys());
      this.problem(
        'config-missing',
        `'${key}' is missing`,
        near ? `Did you mean '${key}' instead of '${near}'?` : `Add it:  ${key}: …`,
        [],
      );
    }
    return value ?? '';
  }

  boolean(key: string): boolean | undefined {
    const value = this.raw(key);
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'boolean') return value;
    if (value === 'true' || value === 'True') return true;
    if (value === 'false' || value === 'False') return false;
    return this.#wrong(key, 'true or false', value);
  }

  number(key: string): number | undefined {
    const value = this.raw(key);
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'number') return value;
    if (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))) return Number(value);
    return this.#wrong(key, 'a number', value);
  }

  /** A whole number of at least `least`; undefined when it is missing. */
  whole(key: string, least: number): number | undefined {
    const value = this.number(key);
    if (value !== undefined && (!Number.isInteger(value) || value < least))
      this.problem('config-value', `'${key}' is ${value}, and should be a whole number from ${least}`, undefined, [key]);
    return value;
  }

  oneOf<T extends string>(key: string, allowed: readonly T[]): T | undefined {
    const value = this.string(key);
    if (value === undefined) return undefined;
    const found = allowed.find((one) => one === value);
    if (found !== undefined) return found;
    const near = nearestName(value, allowed);
    this.problem(
      'config-value',
      `'${key}' is '${value}', and may be ${allowed.map((one) => `'${one}'`).join(', ')}`,
      near && `Did you mean '${near}'?`,
      [key],
    );
    return undefined;
  }

  /** A text is a list of one. */
  strings(key: string): readonly string[] {
    const value = this.raw(key);
    if (value === undefined || value === null) return [];
    if (isMapping(value)) {
      this.#wrong(key, 'text or a list of texts', value);
      return [];
    }
    const list = Array.isArray(value) ? value : [value];
    return list.flatMap((item, index) => {
      if (typeof item === 'string') return [item];
      if (typeof item === 'number' || typeof item === 'boolean') return [String(item)];
      this.problem('config-kind', `item ${index + 1} of '${key}' should be text, and is ${kindOf(item)}`, undefined, [key, index]);
      return [];
    });
  }

  mapping(key: string): ConfigReader {
    const value = this.raw(key);
    if (isMapping(value)) return new ConfigReader(value, this.source, [...this.path, key]);
    if (value !== undefined && value !== null) this.#wrong(key, 'a mapping', value);
    return new ConfigReader({}, this.source, [...this.path, key]);
  }

  /** A list of mappings; items of another kind are reported and left out. */
  mappings(key: string): readonly ConfigReader[] {
    const value = this.raw(key);
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) {
      this.#wrong(key, 'a list', value);
      return [];
    }
    return value.flatMap((item, index) => {
      if (isMapping(item)) return [new ConfigReader(item, this.source, [...this.path, key, index])];
      this.problem('config-kind', `item ${index + 1} of '${key}' should be a mapping, and is ${kindOf(item)}`, undefined, [key, index]);
      return [];
    });
  }

  keys(): readonly string[] {
    return Object.keys(this.values);
  }

  at(key?: string): Location | undefined {
    return this.source.locate(key === undefined ? this.path : [...this.path, key]);
  }

  /** Warns of each key that no method asked for, with the nearest of `known`. */
  reportUnread(known: readonly string[], where: string): void {
    for (const key of this.keys()) {
      if (this.#read.has(key) || known.includes(key)) continue;
      const near = nearestName(key, [...this.#read, ...known]);
      this.problem('unknown-key', `'${key}' is not a key of ${where}, and is ignored`, near && `Did you mean '${near}'?`, [key], 'warning');
    }
  }

  /** Where the text at a path of this reader begins. */
  atValue(...path: ConfigPath): Location | undefined {
    const { locate, locateValue = locate } = this.source;
    return locateValue([...this.path, ...path]);
  }

  problem(code: string, message: string, hint: string | undefined, path: ConfigPath, severity: 'error' | 'warning' = 'error'): void {
    const at = this.source.locate([...this.path, ...path]);
    this.source.problems.push({ code, message, severity, ...(at && { at }), ...(hint !== undefined && { hint }) });
  }

  #wrong(key: string, wanted: keyof typeof EXAMPLES, value: unknown): undefined {
    this.problem(
      'config-kind',
      `'${key}' should be ${wanted}, and is ${kindOf(value)}`,
      `Write for example:  ${key}: ${EXAMPLES[wanted]}`,
      [key],
    );
    return undefined;
  }
}
