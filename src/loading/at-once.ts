// The same for many things, so many at a time; the first that fails stops the others.
import { setMaxListeners } from 'node:events';

/** Returns or throws when none is running any more. */
export async function atOnce<T>(
  limit: number,
  things: readonly T[],
  signal: AbortSignal,
  work: (thing: T, index: number, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  setMaxListeners(0, either);
  const failures: unknown[] = [];
  const entries = things.entries();
  const worker = async (): Promise<void> => {
    for (const [index, thing] of entries) {
      if (either.aborted) return;
      try {
        await work(thing, index, either);
      } catch (error) {
        failures.push(error);
        stop.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, things.length) }, worker));
  signal.throwIfAborted();
  if (failures.length > 0) throw failures[0];
}
