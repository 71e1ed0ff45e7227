// What is wrong, in the user's words, and the one error that is thrown on purpose.
import type { Location } from './location.ts';

export interface Problem {
  /** Listed in docs/errors.md: 'ref-not-found', 'graph-cycle', … */
  readonly code: string;
  readonly message: string;
  readonly at?: Location;
  /** What to do next: one sentence. */
  readonly hint?: string;
  /** What the user needs to see below the message, line by line: a macro stack, the files searched, the source line. */
  readonly detail?: readonly string[];
  /** 'warning': reported, and does not stop anything unless --warn-error; 'notice': nor then. Default 'error'. */
  readonly severity?: 'error' | 'warning' | 'notice';
}

export const isError = ({ severity = 'error' }: Problem): boolean => severity === 'error';

export class DwhError extends Error {
  override readonly name = 'DwhError';
  constructor(
    readonly problems: readonly [Problem, ...Problem[]],
    options?: ErrorOptions,
  ) {
    super(problems[0].message, options);
  }
}

export const fail = (problem: Problem, options?: ErrorOptions): never => {
  throw new DwhError([problem], options);
};

/** Throws one DwhError with all problems of severity 'error', when there is one. */
export function throwIfAny(problems: readonly Problem[]): void {
  const [first, ...rest] = problems.filter(isError);
  if (first) throw new DwhError([first, ...rest]);
}

/** An exhaustive switch ends with this. */
export function assertNever(value: never): never {
  throw new Error(`unexpected case: ${JSON.stringify(value)}`);
}
