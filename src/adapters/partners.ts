// Conditions of a match, in the form that DuckDB and Postgres search fastest: what knows one side only stands outside of what
// looks for partners.
import type { Dialect } from './dialect.ts';
import type { Match } from './match.ts';

/** The rows of the target, named t, that have a partner among the staged ones, which are named s. */
export function havePartners(match: Match, staged: string, { nullSafeEquals }: Pick<Dialect, 'nullSafeEquals'>): string {
  const { keys, both, onStaged, onTarget } = match('t', 's');
  const same = keys.map((key) => nullSafeEquals(key.target, key.staged, key.type));
  return [`exists (select 1 from ${staged} as s where ${[...same, ...both, ...onStaged].join(' and ')})`, ...onTarget].join(' and ');
}

/** All of a match as one condition. */
export function allOf(match: Match, target: string, staged: string, { nullSafeEquals }: Pick<Dialect, 'nullSafeEquals'>): string {
  const { keys, both, onTarget, onStaged } = match(target, staged);
  return [...keys.map((key) => nullSafeEquals(key.target, key.staged, key.type)), ...both, ...onTarget, ...onStaged].join(' and ');
}
