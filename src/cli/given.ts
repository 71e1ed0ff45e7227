// What was given: the parsed command line first, then the environment. Every value is checked here, once.
import { nearestName } from '../core/nearest.ts';
import { fail } from '../core/problem.ts';
import type { Option } from './options.ts';

export type Options = Readonly<Record<string, Option>>;
export type Value = boolean | number | string | readonly string[];

export interface Given {
  flag(name: string): boolean | undefined;
  text(name: string): string | undefined;
  texts(name: string): readonly string[];
  number(name: string): number | undefined;
  /** Those that were given, under dbt's names for run_results.json: {full_refresh: true}. */
  readonly values: Readonly<Record<string, Value>>;
  readonly positionals: readonly string[];
  /** Names of the options that stand on the command line: no variable stood in for them. */
  readonly written: ReadonlySet<string>;
}

export const usage = (message: string, hint?: string): never => fail({ code: 'usage', message, ...(hint !== undefined && { hint }) });

/** Throws a DwhError of code 'usage'. `parsed`: names as in `options`; what was not given is undefined. */
export function given(
  parsed: Readonly<Record<string, unknown>>,
  positionals: readonly string[],
  options: Options,
  env: Readonly<Record<string, string | undefined>>,
): Given {
  const values: Record<string, Value> = {};
  const written = new Set<string>();
  for (const [name, option] of Object.entries(options)) {
    const own = fromArguments(name, option, parsed[name]);
    if (own !== undefined) written.add(name);
    const value = own ?? fromEnvironment(option, env);
    if (value === undefined) continue;
    values[name] = value;
  }
  return givenOf(values, positionals, written);
}

/** `values`: under the options' own names. */
export function givenOf(values: Readonly<Record<string, Value>>, positionals: readonly string[], written: ReadonlySet<string>): Given {
  const of =
    <T extends Value>(is: (value: Value) => value is T) =>
    (name: string): T | undefined => {
      const value = values[name];
      return value !== undefined && is(value) ? value : undefined;
    };
  const texts = of((value): value is readonly string[] => Array.isArray(value));
  return {
    flag: of((value): value is boolean => typeof value === 'boolean'),
    text: of((value): value is string => typeof value === 'string'),
    number: of((value): value is number => typeof value === 'number'),
    texts: (name) => texts(name) ?? [],
    values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name.replaceAll('-', '_'), value])),
    positionals,
    written,
  };
}

/** `more`: for options that were not given, under the options' own names. */
export function withDefaults(given: Given, more: Readonly<Record<string, Value>>): Given {
  const own = Object.entries(given.values).map(([name, value]) => [name.replaceAll('_', '-'), value as Value]);
  return givenOf({ ...more, ...Object.fromEntries(own) }, given.positionals, given.written);
}

/** A value from YAML. */
export function yamlValue(name: string, option: Option, raw: unknown, refused: (message: string) => never): Value {
  const { kind, choices } = option;
  const is = `'${name}' is ${JSON.stringify(raw)}, and should be`;
  if (kind === 'flag') return typeof raw === 'boolean' ? raw : refused(`${is} true or false`);
  if (kind === 'number') return typeof raw === 'number' && Number.isInteger(raw) ? raw : refused(`${is} a whole number`);
  if (typeof raw === 'object') return JSON.stringify(raw);
  const text = String(raw).toLowerCase();
  if (choices) return choices.includes(text) ? text : refused(`${is} one of ${choices.join(', ')}`);
  return String(raw);
}

function fromArguments(name: string, option: Option, raw: unknown): Value | undefined {
  if (raw === undefined) return undefined;
  // Given several times, the last one counts, as in dbt; a list takes all.
  const all: readonly unknown[] = Array.isArray(raw) ? raw : [raw];
  const last = all.at(-1);
  if (option.kind === 'flag') return last === true;
  if (option.bare && last === '') return true;
  const written = all.map(String);
  if (option.kind === 'texts') return written.map((text) => checked(`--${name}`, option, text));
  return typed(`--${name}`, option, written.at(-1) ?? '');
}

function fromEnvironment({ env: variable, ours, ...option }: Option, env: Readonly<Record<string, string | undefined>>): Value | undefined {
  if (variable === undefined) return undefined;
  for (const prefix of ours ? ['DWH_'] : ['DWH_', 'DBT_ENGINE_', 'DBT_']) {
    const name = `${prefix}${variable}`;
    const text = env[name];
    if (text === undefined || text === '') continue;
    if (option.kind === 'texts') return text.split(/[\s,]+/).map((word) => checked(name, option, word));
    if (option.kind !== 'flag') return typed(name, option, text);
    const lower = text.toLowerCase();
    if (['1', 'true', 't', 'yes', 'y', 'on'].includes(lower)) return true;
    if (['0', 'false', 'f', 'no', 'n', 'off'].includes(lower)) return false;
    return usage(`${name} is '${text}', and should be true or false`);
  }
  return undefined;
}

function typed(name: string, option: Option, text: string): Value {
  if (option.kind !== 'number') return checked(name, option, text);
  if (!/^-?\d+$/.test(text)) usage(`${name} is '${text}', and should be a whole number`);
  return Number(text);
}

function checked(name: string, { choices }: Option, text: string): string {
  if (!choices) return text;
  const lower = text.toLowerCase();
  if (choices.includes(lower)) return lower;
  const near = nearestName(text, choices);
  return usage(`${name} is '${text}', and may be ${choices.join(', ')}`, near && `Did you mean ${near}?`);
}
