// Macros and callers while they run: arguments bound to parameters, a frame of their own, a text or a returned value back.
import type { Location } from '../core/location.ts';
import { argumentError, didYouMean, limitError } from './errors.ts';
import { Frame, Scope } from './frame.ts';
import { Returned } from './globals.ts';
import { MAX_DEPTH } from './limits.ts';
import type { Kwargs } from './natives.ts';
import type { Uses } from './nodes.ts';
import { tupleOf } from './operators.ts';
import { isPending, type Pending, type Run } from './pending.ts';
import type { Source } from './source.ts';
import { type Callable, type CallSite, type Dict, type Host, type TemplateValue, Undefined } from './types.ts';

/** What a statement hands to the one around it. */
export type Signal = 'break' | 'continue' | undefined;

export interface MacroCode {
  readonly name: string;
  readonly source: Source;
  readonly defined: Location;
  readonly parameters: readonly string[];
  readonly uses: Uses;
  /** A call block's body: return() in it leaves the macro that calls it, as in dbt. */
  readonly isCaller: boolean;
  /** Defaults of missing parameters first, then the body. */
  readonly run: () => Run<Signal>;
}

function bindArguments(
  { name, parameters, uses }: MacroCode,
  args: readonly TemplateValue[],
  kwargs: Kwargs,
  values: Map<string, TemplateValue>,
): void {
  const signature = `It is called as ${name}(${parameters.join(', ')}).`;
  const takes = (special: keyof Uses): boolean => uses[special] && !parameters.includes(special);
  parameters.forEach((parameter, index) => {
    const value = args[index];
    if (value !== undefined) values.set(parameter, value);
  });
  if (takes('varargs')) values.set('varargs', tupleOf(args.slice(parameters.length)));
  else if (args.length > parameters.length) {
    const most = parameters.length === 0 ? 'no arguments' : `at most ${parameters.length} argument${parameters.length === 1 ? '' : 's'}`;
    throw argumentError(`macro '${name}' takes ${most}, and got ${args.length}`, signature);
  }
  const others: Dict = new Map();
  for (const [key, value] of kwargs) {
    if (parameters.includes(key)) {
      if (values.has(key)) throw argumentError(`macro '${name}' got the argument '${key}' twice`);
      values.set(key, value);
    } else if (key === 'caller' && takes('caller')) values.set('caller', value);
    else if (takes('kwargs')) others.set(key, value);
    else if (key === 'caller') throw argumentError(`macro '${name}' takes no caller`, 'A macro for {% call %} prints caller() somewhere.');
    else throw argumentError(`macro '${name}' takes no argument '${key}'`, didYouMean(key, parameters) ?? signature);
  }
  if (takes('kwargs')) values.set('kwargs', others);
  if (takes('caller') && !values.has('caller'))
    values.set('caller', new Undefined('caller', 'no caller: this macro was not called by a call block'));
}

/** A macro as a value; `scope` is where it was defined. */
export class Macro implements Callable {
  readonly kind = 'function';
  readonly name: string;

  constructor(
    readonly code: MacroCode,
    readonly host: Host,
    readonly scope: Scope,
  ) {
    this.name = code.name;
  }

  call(args: readonly TemplateValue[], kwargs: Kwargs, called: CallSite): TemplateValue | Pending<TemplateValue> {
    const { code } = this;
    const scope = new Scope(this.scope);
    bindArguments(code, args, kwargs, scope.values);
    const frame = new Frame(code.source, this.host, scope, { name: code.name, defined: code.defined, called });
    if (frame.depth > MAX_DEPTH)
      throw limitError(`macros call one another more than ${MAX_DEPTH} deep`, 'Look for a macro that calls itself without an end.');
    return textOf(frame, () => code.run()(frame), !code.isCaller);
  }
}

/** Runs a frame to its text. A return() ends it with the value returned, or goes on to the macro around. */
export function textOf(
  frame: Frame,
  begin: () => Signal | Pending<Signal>,
  catchesReturn: boolean,
): TemplateValue | Pending<TemplateValue> {
  try {
    const done = begin();
    return isPending(done) ? textLater(done, frame, catchesReturn) : frame.output.text;
  } catch (error) {
    return left(error, frame, catchesReturn);
  }
}

function* textLater(done: Pending<Signal>, frame: Frame, catchesReturn: boolean): Pending<TemplateValue> {
  try {
    yield* done;
    return frame.output.text;
  } catch (error) {
    return left(error, frame, catchesReturn);
  }
}

function left(error: unknown, frame: Frame, catchesReturn: boolean): TemplateValue {
  if (!(error instanceof Returned)) throw frame.placed(error);
  if (!catchesReturn) throw error;
  return error.value;
}
