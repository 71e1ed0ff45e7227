// Skipping with a reason: a skipped test counts as skipped, and the runner prints why at the end.
import type { Test } from 'uvu';

const shared = globalThis as typeof globalThis & { DWH_SKIPPED?: { readonly name: string; readonly reason: string }[] };

function report(name: string, reason: string): void {
  // Under uvu's own runner there is no list, and the reason goes where the tests print.
  if (shared.DWH_SKIPPED) shared.DWH_SKIPPED.push({ name, reason });
  else process.stdout.write(`\n  skipped: ${name}: ${reason}\n`);
}

/**
 * The suite itself when `condition` holds; else the same suite with its tests skipped for `reason` and its hooks left out.
 * For one test: skipUnless(condition, reason, test)('name', async () => { … }). For all: const test = skipUnless(condition, reason, suite('…')).
 */
export function skipUnless<T>(condition: unknown, reason: string, test: Test<T>): Test<T> {
  if (condition) return test;
  const skip = (name?: string): void => {
    report(name ?? 'a test', reason);
    test.skip(name);
  };
  const hook = Object.assign(() => {}, { each: () => {} });
  return Object.assign(skip, { only: skip, skip, before: hook, after: hook, run: () => test.run() });
}
