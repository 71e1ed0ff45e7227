// Errors of the language, thrown without a place: the frame in which they happen adds file, line, column and macro stack.
import { nearestName } from '../core/nearest.ts';
import { DwhError } from '../core/problem.ts';
import { Undefined } from './types.ts';

export function templateError(code: string, message: string, hint?: string): DwhError {
  return new DwhError([{ code, message, ...(hint !== undefined && { hint }) }]);
}

/** A value of the wrong kind. */
export const typeError = (message: string, hint?: string): DwhError => templateError('template-type', message, hint);
/** The right kind, and still impossible: division by zero, an item that is not in a list. */
export const valueError = (message: string, hint?: string): DwhError => templateError('template-value', message, hint);
export const argumentError = (message: string, hint?: string): DwhError => templateError('template-arguments', message, hint);
/** Something that would take too much memory or too deep a stack. */
export const limitError = (message: string, hint?: string): DwhError => templateError('template-limit', message, hint);

export const didYouMean = (name: string, candidates: Iterable<string>): string | undefined => {
  const near = nearestName(name, candidates);
  return near === undefined ? undefined : `Did you mean '${near}'?`;
};

/** An undefined value that can tell what the user may have meant; looked up only when it is reported. */
export class Missing extends Undefined {
  readonly #candidates: () => Iterable<string>;

  constructor(name: string, message: string | undefined, candidates: () => Iterable<string>) {
    super(name, message);
    this.#candidates = candidates;
  }

  suggestion(): string | undefined {
    return didYouMean(this.name, this.#candidates());
  }
}

/**
 * Not defined, and printed as nothing: an inline if without an else, a name that the file sets in a branch that was not taken, a
 * parameter that the call leaves out, what a node of the graph does not have, and while parsing a member of data that comes from the
 * warehouse.
 */
export class Nothing extends Undefined {
  constructor(name = 'else', message = 'this inline if is false, and has no else') {
    super(name, message);
  }
}

export function undefinedError(value: Undefined): DwhError {
  const hint =
    value.hint ??
    (value instanceof Missing
      ? (value.suggestion() ?? (value.message === undefined ? `Give it a value before: {% set ${value.name} = … %}` : undefined))
      : undefined);
  return templateError('undefined-name', value.message ?? `'${value.name}' is undefined`, hint);
}
