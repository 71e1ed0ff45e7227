// A piece of evaluation that may have to wait for an answer. Everything runs straight through until a call hands back a
// generator; only from there on does the rest of that piece run as one. So what asks nothing pays nothing.
import type { Frame } from './frame.ts';
import type { Ask } from './types.ts';

export type Pending<T> = Generator<Ask, T, unknown>;
export type Run<T> = (frame: Frame) => T | Pending<T>;

/** No value of the language has a `next` of its own; generators do. */
export const isPending = <T>(value: T | Pending<T>): value is Pending<T> =>
  typeof value === 'object' && value !== null && typeof (value as { next?: unknown }).next === 'function';

export const andThen =
  <A, B>(first: Run<A>, next: (value: A, frame: Frame) => B | Pending<B>): Run<B> =>
  (frame) => {
    const value = first(frame);
    return isPending(value) ? resume(value, next, frame) : next(value, frame);
  };

export function* resume<A, B>(pending: Pending<A>, next: (value: A, frame: Frame) => B | Pending<B>, frame: Frame): Pending<B> {
  const result = next(yield* pending, frame);
  return isPending(result) ? yield* result : result;
}

/** All of them, in order. */
export const all =
  <T>(runs: readonly Run<T>[]): Run<T[]> =>
  (frame) => {
    const values: T[] = [];
    for (const run of runs) {
      const value = run(frame);
      if (isPending(value)) return allFrom(value, values, runs, frame);
      values.push(value);
    }
    return values;
  };

function* allFrom<T>(pending: Pending<T>, values: T[], runs: readonly Run<T>[], frame: Frame): Pending<T[]> {
  values.push(yield* pending);
  while (values.length < runs.length) {
    const value = runs[values.length]?.(frame);
    if (value !== undefined) values.push(isPending(value) ? yield* value : value);
  }
  return values;
}
