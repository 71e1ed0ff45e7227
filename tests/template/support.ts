// A host made of a record, and short ways to render and to see what went wrong.
import { DwhError, type Problem } from '../../src/core/problem.ts';
import { parseTemplate, render, renderNow } from '../../src/template/index.ts';
import type { Callable, CallSite, Host, Rendered, TemplateValue } from '../../src/template/types.ts';

type Names = Readonly<Record<string, TemplateValue>>;

export function hostOf(names: Names = {}): Host {
  const known = new Map(Object.entries(names));
  return { resolve: (name) => known.get(name), names: () => known.keys() };
}

export const hostFunction = (name: string, call: (args: readonly TemplateValue[], site: CallSite) => TemplateValue): Callable => ({
  kind: 'function',
  name,
  call: (args, _, site) => call(args, site),
});

/** Asks, and gives what it is answered. */
export const asking = (name: string): Callable => ({
  kind: 'function',
  name,
  *call(args) {
    return (yield [name, ...args]) as TemplateValue;
  },
});

export const parse = (text: string, file = 'models/a.sql'): ReturnType<typeof parseTemplate> =>
  parseTemplate(text, { file, package: 'shop' });

export const rendered = (text: string, names?: Names): string => renderNow(parse(text), hostOf(names)).text;

/** Renders, answering each question with `answer`. */
export function renderedWith(text: string, names: Names, answer: (ask: unknown) => unknown): Rendered {
  const running = render(parse(text), hostOf(names));
  let step = running.next();
  while (!step.done) step = running.next(answer(step.value));
  return step.value;
}

/** The one problem of what `run` throws; anything but a DwhError is a failure. */
export function problemOf(run: () => unknown): Problem {
  try {
    run();
  } catch (error) {
    if (error instanceof DwhError) return error.problems[0];
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** 'line:column code message', the way tests read best. */
export function shown({ at, code, message }: Problem): string {
  return `${at?.line}:${at?.column} ${code} ${message}`;
}
