// Asserting errors: uvu's assert.throws is synchronous, and knows nothing of problems.
import * as assert from 'uvu/assert';
import { DwhError, type Problem } from '../../src/core/problem.ts';

export interface ExpectedProblem {
  readonly code?: string;
  /** A text must be contained in the message. */
  readonly message?: string | RegExp;
  readonly hint?: string | RegExp;
  /** 'models/a.sql:3:8', or its beginning. */
  readonly at?: string;
}

const says = (text: string | undefined, wanted: string | RegExp): boolean =>
  text !== undefined && (typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text));

const place = ({ at }: Problem): string => (at ? `${at.file}:${at.line}:${at.column}` : '');

const matches = (problem: Problem, wanted: ExpectedProblem): boolean =>
  (wanted.code === undefined || problem.code === wanted.code) &&
  (wanted.message === undefined || says(problem.message, wanted.message)) &&
  (wanted.hint === undefined || says(problem.hint, wanted.hint)) &&
  (wanted.at === undefined || place(problem).startsWith(wanted.at));

const shown = (problem: Problem): string =>
  `  ${place(problem)} [${problem.code}] ${problem.message}${problem.hint === undefined ? '' : ` | ${problem.hint}`}`;

/** One of `problems` is the wanted one. */
export function hasProblem(problems: readonly Problem[], wanted: ExpectedProblem): void {
  const found = problems.some((problem) => matches(problem, wanted));
  const wantedText = Object.entries(wanted).map(([key, value]) => `${key} ${value}`);
  assert.ok(found, `no problem with ${wantedText.join(', ')} among:\n${problems.map(shown).join('\n')}`);
}

/** The promise is rejected with a DwhError that has the wanted problem; another error is compared by its message. Returns the error. */
export async function rejects(promise: Promise<unknown>, wanted: ExpectedProblem): Promise<Error> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error : new Error(`not an Error was thrown: ${String(error)}`)),
  );
  if (outcome === undefined) throw new Error(`nothing was thrown; expected ${JSON.stringify(wanted.code ?? String(wanted.message))}`);
  check(outcome, wanted);
  return outcome;
}

/** `rejects` for a function that throws at once. */
export function throws(action: () => unknown, wanted: ExpectedProblem): Error {
  let outcome: unknown;
  try {
    action();
  } catch (error) {
    outcome = error;
  }
  if (outcome === undefined) throw new Error(`nothing was thrown; expected ${JSON.stringify(wanted.code ?? String(wanted.message))}`);
  const error = outcome instanceof Error ? outcome : new Error(`not an Error was thrown: ${String(outcome)}`);
  check(error, wanted);
  return error;
}

function check(error: Error, wanted: ExpectedProblem): void {
  if (error instanceof DwhError) hasProblem(error.problems, wanted);
  else if (wanted.code !== undefined || (wanted.message !== undefined && !says(error.message, wanted.message))) throw error;
}
