// Templates and macros at work over a host: as generators that may ask, or at once where nothing may.
import { templateError } from './errors.ts';
import { Frame, Scope } from './frame.ts';
import { Returned } from './globals.ts';
import { Macro, type Signal } from './macro.ts';
import type { Kwargs } from './natives.ts';
import { MappedOutput } from './output.ts';
import { isPending, type Pending, resume } from './pending.ts';
import { insides, type MacroDefinition, type ParsedTemplate } from './template.ts';
import type { Ask, Callable, CallSite, Host, Rendered, Template, TemplateValue } from './types.ts';
import { orElse } from './values.ts';

export function* render(template: Template, host: Host): Generator<Ask, Rendered, unknown> {
  const begun = begin(insides(template), host);
  return isPending(begun) ? yield* begun : begun;
}

/** For where nothing can be asked: while parsing. A question of the template is an error. */
export function renderNow(template: Template, host: Host): Rendered {
  return now(begin(insides(template), host));
}

function begin(template: ParsedTemplate, host: Host): Rendered | Pending<Rendered> {
  const output = new MappedOutput(template.source);
  const frame = new Frame(template.source, host, new Scope(), undefined, output);
  const finish = (): Rendered => ({ text: output.text, map: output });
  try {
    const done = template.body(frame);
    return isPending(done) ? finishLater(done, frame, finish) : finish();
  } catch (error) {
    throw atTop(error, frame);
  }
}

function* finishLater(done: Pending<Signal>, frame: Frame, finish: () => Rendered): Pending<Rendered> {
  try {
    yield* done;
    return finish();
  } catch (error) {
    throw atTop(error, frame);
  }
}

const atTop = (error: unknown, frame: Frame): unknown =>
  frame.placed(error instanceof Returned ? templateError('template-value', 'return() stands outside of a macro') : error);

/** Runs to the end without an answer: the first question is thrown back into the template, which gives the error its place. */
export function now<T>(result: T | Pending<T>): T {
  if (!isPending(result)) return result;
  const step = result.next();
  if (step.done) return step.value;
  result.throw(templateError('template-ask', 'this asks the warehouse, which is not possible here'));
  throw templateError('template-ask', 'this asks the warehouse, which is not possible here');
}

/** The macro as a function for other templates. It sees the `set`s of its own file, and never the names of its caller. */
export function bindMacro(definition: MacroDefinition, host: Host): Callable {
  return bound(definition, host, fileHost(definition.template, host));
}

function bound({ name, template, code }: MacroDefinition, host: Host, over: Host): Callable {
  let macro: Macro | undefined;
  return {
    kind: 'function',
    name,
    call(args, kwargs, site) {
      if (macro) return macro.call(args, kwargs, site);
      const frame = new Frame(template.source, host, new Scope());
      const start = (): TemplateValue | Pending<TemplateValue> => {
        macro = new Macro(code, over, frame.scope);
        return macro.call(args, kwargs, site);
      };
      const set = settings(template, frame);
      return isPending(set) ? resume(set, start, frame) : start();
    },
  };
}

function settings({ settings: run }: ParsedTemplate, frame: Frame): Signal | Pending<Signal> {
  try {
    return run?.(frame);
  } catch (error) {
    throw frame.placed(error);
  }
}

/** The host's names first, so that it decides which macro a name means; then the macros of the same file. */
function fileHost(template: ParsedTemplate, host: Host): Host {
  const bindings = new Map<string, Callable>();
  const sibling = (name: string): Callable | undefined => {
    const known = bindings.get(name);
    if (known) return known;
    const definition = template.macros.findLast((one) => one.name === name);
    const made = definition && bound(definition, host, over);
    if (made) bindings.set(name, made);
    return made;
  };
  const over: Host = {
    ...(host.unanswered && { unanswered: true }),
    resolve(name, from) {
      return orElse(host.resolve(name, from), () => sibling(name));
    },
    *names(from) {
      yield* host.names(from);
      for (const { name } of template.macros) yield name;
    },
  };
  return over;
}

/** Calls; what it asks is handed on. */
export function* callValue(
  callable: Pick<Callable, 'call'>,
  args: readonly TemplateValue[],
  kwargs: Kwargs,
  site: CallSite,
): Generator<Ask, TemplateValue, unknown> {
  const result = callable.call(args, kwargs, site);
  return isPending(result) ? yield* result : result;
}

/** Calls where nothing can be asked. */
export const callNow = (callable: Pick<Callable, 'call'>, args: readonly TemplateValue[], kwargs: Kwargs, site: CallSite): TemplateValue =>
  now(callable.call(args, kwargs, site));
