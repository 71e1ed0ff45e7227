// A template or macro body while it runs: its names, where it is, what it has printed; and what the called see of the caller.
import type { Location } from '../core/location.ts';
import { locationText } from '../core/location.ts';
import { DwhError, type Problem } from '../core/problem.ts';
import { limitError, Missing, Nothing, templateError } from './errors.ts';
import { globals } from './globals.ts';
import { Output } from './output.ts';
import type { Source } from './source.ts';
import type { CallSite, Host, TemplateValue } from './types.ts';

export class Scope {
  readonly values = new Map<string, TemplateValue>();

  /** Names that branches set, or not. */
  #optional: Set<string> | undefined;

  constructor(readonly parent?: Scope) {}

  maySet(names: readonly string[]): void {
    this.#optional ??= new Set();
    for (const name of names) this.#optional.add(name);
  }

  mightHave(name: string): boolean {
    return this.#optional?.has(name) === true || this.parent?.mightHave(name) === true;
  }

  get(name: string): TemplateValue | undefined {
    let scope: Scope | undefined = this;
    while (scope !== undefined) {
      const value = scope.values.get(name);
      if (value !== undefined) return value;
      scope = scope.parent;
    }
    return undefined;
  }

  *names(): Generator<string> {
    yield* this.values.keys();
    if (this.parent) yield* this.parent.names();
  }
}

/** The macro that a frame runs, and who called it. */
export interface Activation {
  readonly name: string;
  readonly defined: Location;
  readonly called: CallSite;
}

export class Frame {
  /** Where evaluation is: an offset into the source. Kept up to date by whatever can go wrong. */
  offset = 0;
  output: Output;
  /** How many macros are running, this one included. */
  readonly depth: number;

  constructor(
    readonly source: Source,
    readonly host: Host,
    public scope: Scope,
    readonly activation?: Activation,
    output?: Output,
  ) {
    this.output = output ?? new Output();
    this.depth = activation ? depthOf(activation.called) + 1 : 0;
  }

  lookup(name: string): TemplateValue {
    let found = this.scope.get(name);
    if (found === undefined) found = this.host.resolve(name, this.source.package);
    if (found === undefined) found = globals.get(name);
    if (found !== undefined) return found;
    const { scope, host, source } = this;
    if (scope.mightHave(name)) return new Nothing(name, `'${name}' was not set on the way here`);
    return new Missing(name, undefined, () => [...scope.names(), ...host.names(source.package), ...globals.keys()]);
  }

  site(offset: number): CallSite {
    return new Site(this, offset);
  }

  /** The error as the user sees it: with the place and the macros that led there, when it has no place yet. */
  placed(error: unknown): unknown {
    const known = asTemplateError(error);
    if (!(known instanceof DwhError)) return known;
    const [first, ...rest] = known.problems;
    if (first.at !== undefined) return known;
    const problem: Problem = { ...first, at: this.source.locate(this.offset), detail: [...(first.detail ?? []), ...this.#stackLines()] };
    return new DwhError([problem, ...rest], { cause: known.cause });
  }

  #stackLines(): string[] {
    const { stack } = new Site(this, this.offset);
    const lines = stack.map(
      ({ macro, defined, called }) => `macro ${macro} (${defined.file}:${defined.line}), called at ${locationText(called)}`,
    );
    return lines.length <= 20 ? lines : [...lines.slice(0, 10), `… ${lines.length - 20} more …`, ...lines.slice(-10)];
  }
}

/** JavaScript's own limits, said in the language's words; all else stays what it is. */
function asTemplateError(error: unknown): unknown {
  if (!(error instanceof RangeError)) return error;
  if (/call stack/i.test(error.message)) return limitError('this is nested too deeply');
  if (/string length|array length|BigInt/i.test(error.message)) return limitError('this would make a value that is too large');
  return templateError('template-value', error.message);
}

class Site implements CallSite {
  readonly package: string;

  constructor(
    readonly frame: Frame,
    readonly offset: number,
  ) {
    this.package = frame.source.package;
  }

  get at(): Location {
    return this.frame.source.locate(this.offset);
  }

  get stack(): CallSite['stack'] {
    const frames = [];
    for (let { activation } = this.frame; activation; ) {
      const { name, defined, called } = activation;
      frames.push({ macro: name, defined, called: called.at });
      if (!(called instanceof Site)) return [...frames, ...called.stack];
      activation = called.frame.activation;
    }
    return frames;
  }
}

/** How many macros are running where the call is written. */
export const depthOf = (site: CallSite): number => (site instanceof Site ? site.frame.depth : site.stack.length);
