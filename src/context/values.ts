// Small makers of things that templates can hold: functions, objects, arguments by name.
import { DwhError, type Problem } from '../core/problem.ts';
import { repr } from '../template/index.ts';
import type { Ask, Callable, CallSite, HostObject, TemplateValue } from '../template/types.ts';

export type Kwargs = ReadonlyMap<string, TemplateValue>;
export type HostCall = (args: Arguments, site: CallSite) => TemplateValue | Generator<Ask, TemplateValue, unknown>;

/** Arguments of a host function, by position or name. */
export interface Arguments {
  readonly positional: readonly TemplateValue[];
  readonly named: Kwargs;
  /** The argument at `index` or called `name`; undefined when neither was given. */
  get(index: number, name: string): TemplateValue | undefined;
  /** Like get, and an error when it is missing. */
  need(index: number, name: string): TemplateValue;
  /** A text; other kinds are an error, None counts as missing. */
  text(index: number, name: string): string | undefined;
  needText(index: number, name: string): string;
  flag(index: number, name: string, otherwise: boolean): boolean;
}

const argumentProblem = (message: string, hint?: string): DwhError =>
  new DwhError([{ code: 'template-arguments', message, ...(hint !== undefined && { hint }) }]);

function argumentsOf(name: string, positional: readonly TemplateValue[], named: Kwargs): Arguments {
  const get = (index: number, key: string): TemplateValue | undefined => (index < positional.length ? positional[index] : named.get(key));
  const text = (index: number, key: string): string | undefined => {
    const value = get(index, key);
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string') return value;
    throw argumentProblem(`${name}(): ${key} should be text, and is ${repr(value)}`);
  };
  return {
    positional,
    named,
    get,
    text,
    need(index, key) {
      const value = get(index, key);
      if (value === undefined) throw argumentProblem(`${name}() needs the argument '${key}'`);
      return value;
    },
    needText(index, key) {
      const value = text(index, key);
      if (value === undefined) throw argumentProblem(`${name}() needs the argument '${key}'`);
      return value;
    },
    flag(index, key, otherwise) {
      const value = get(index, key);
      return typeof value === 'boolean' ? value : otherwise;
    },
  };
}

/** A function for templates. A DwhError that it throws without a place gets the place of the call. */
export const hostFunction = (name: string, call: HostCall): Callable => ({
  kind: 'function',
  name,
  call: (args, kwargs, site) => call(argumentsOf(name, args, kwargs), site),
});

/** A thing with members that are looked up by name; nothing else of it is visible. */
export function hostObject(
  typeName: string,
  members: Readonly<Record<string, TemplateValue | (() => TemplateValue)>>,
  more: Partial<Omit<HostObject, 'kind' | 'typeName' | 'get' | 'names'>> = {},
): HostObject {
  const known = new Map(Object.entries(members));
  return {
    kind: 'host',
    typeName,
    get(name) {
      const member = known.get(name);
      return typeof member === 'function' ? member() : member;
    },
    names: () => known.keys(),
    ...more,
  };
}

export const problemError = (problem: Problem): DwhError => new DwhError([problem]);
