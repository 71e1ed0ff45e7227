// Functions of the language itself (methods, filters, tests, globals): a signature as text, and what it does with its arguments.
import { argumentError, didYouMean, typeError } from './errors.ts';
import { isInt } from './numbers.ts';
import type { TemplateValue } from './types.ts';
import { described, truth } from './values.ts';

export type Kwargs = ReadonlyMap<string, TemplateValue>;
export const NO_KWARGS: Kwargs = new Map();

/** The arguments of one call, by position in the signature. */
export class Args {
  constructor(
    readonly native: string,
    readonly names: readonly string[],
    readonly given: readonly (TemplateValue | undefined)[],
    /** What `*rest` and `**rest` took. */
    readonly rest: readonly TemplateValue[],
    readonly named: Kwargs,
  ) {}

  /** Undefined: not given. */
  get(index: number): TemplateValue | undefined {
    return this.given[index];
  }

  value(index: number): TemplateValue {
    const value = this.given[index];
    if (value === undefined) throw argumentError(`${this.native}() needs the argument '${this.names[index]}'`);
    return value;
  }

  /** None counts as not given. */
  text(index: number): string | undefined {
    const value = this.given[index];
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string') return value;
    throw this.wrong(index, 'text', value);
  }

  needText(index: number): string {
    const value = this.value(index);
    if (typeof value === 'string') return value;
    throw this.wrong(index, 'text', value);
  }

  /** None counts as not given. */
  int(index: number): number | undefined {
    const value = this.given[index];
    if (value === undefined || value === null) return undefined;
    if (isInt(value)) return Number(value);
    throw this.wrong(index, 'a whole number', value);
  }

  needInt(index: number): number {
    const value = this.value(index);
    if (isInt(value)) return Number(value);
    throw this.wrong(index, 'a whole number', value);
  }

  flag(index: number, otherwise = false): boolean {
    const value = this.given[index];
    return value === undefined ? otherwise : truth(value);
  }

  wrong(index: number, wanted: string, value: TemplateValue): Error {
    return typeError(`${this.native}(): '${this.names[index]}' should be ${wanted}, and is ${described(value)}`);
  }
}

export type Apply<Self> = (self: Self, args: Args) => TemplateValue;

export interface Native<Self = TemplateValue> {
  readonly name: string;
  call(self: Self, args: readonly TemplateValue[], kwargs: Kwargs): TemplateValue;
}

export type Natives<Self = TemplateValue> = ReadonlyMap<string, Native<Self>>;

/** `signature`: 'replace(old, new, count?)'; '?' marks what may be left out, '*' takes further positions, '**' further names. */
function native<Self>(signature: string, apply: Apply<Self>): Native<Self> {
  const [, name = '', list = ''] = /^(\w+)\((.*)\)$/.exec(signature) ?? [];
  const parts = list.split(', ').filter((part) => part !== '');
  const takesRest = parts.includes('*');
  const takesNames = parts.includes('**');
  const parameters = parts.filter((part) => !part.startsWith('*'));
  const names = parameters.map((part) => part.replace('?', ''));
  const required = parameters.filter((part) => !part.endsWith('?')).length;

  const call = (self: Self, args: readonly TemplateValue[], kwargs: Kwargs): TemplateValue => {
    if (args.length > names.length && !takesRest) {
      throw argumentError(
        `${name}() takes ${names.length === 0 ? 'no arguments' : `at most ${names.length} argument(s)`}, and got ${args.length}`,
      );
    }
    let given: (TemplateValue | undefined)[] | readonly TemplateValue[] = args;
    let named = NO_KWARGS;
    if (kwargs.size > 0) {
      const filled: (TemplateValue | undefined)[] = args.slice(0, names.length);
      const others = new Map<string, TemplateValue>();
      for (const [key, value] of kwargs) {
        const index = names.indexOf(key);
        if (index < 0) {
          if (!takesNames) throw argumentError(`${name}() takes no argument '${key}'`, didYouMean(key, names));
          others.set(key, value);
        } else if (filled[index] !== undefined) throw argumentError(`${name}() got the argument '${key}' twice`);
        else filled[index] = value;
      }
      given = filled;
      named = others;
    }
    for (let index = 0; index < required; index++) {
      if (given[index] === undefined) throw argumentError(`${name}() needs the argument '${names[index]}'`);
    }
    return apply(self, new Args(name, names, given, takesRest ? args.slice(names.length) : [], named));
  };
  return { name, call };
}

export const natives = <Self = TemplateValue>(table: Readonly<Record<string, Apply<Self>>>): Natives<Self> =>
  new Map(
    Object.entries(table).map(([signature, apply]) => {
      const made = native(signature, apply);
      return [made.name, made];
    }),
  );
