// A problem as people read it: `models/orders.sql:3:8 error[ref-not-found] …`, then what to look at, then what to do next.
import { locationText } from '../core/location.ts';
import { isError, type Problem } from '../core/problem.ts';
import { oneLine } from '../core/table-text.ts';
import type { Look } from './look.ts';

const lines = (text: string): readonly string[] => text.split(/\r?\n/).map(oneLine);

/** `indent` goes before every line. */
export function problemLines(problem: Problem, { colors }: Look, indent = ''): readonly string[] {
  const paint = isError(problem) ? colors.red : colors.yellow;
  const place = problem.at ? `${colors.bold(oneLine(locationText(problem.at)))} ` : '';
  const [first = '', ...more] = lines(problem.message);
  return [
    `${place}${paint(`${problem.severity ?? 'error'}[${problem.code}]`)} ${first}`,
    ...more.map((line) => `  ${line}`),
    ...(problem.detail ?? []).flatMap((text) => lines(text.replaceAll('\t', ' '))).map((line) => colors.dim(`  ${line}`)),
    ...(problem.hint === undefined ? [] : lines(problem.hint).map((line) => `  ${colors.cyan(line)}`)),
  ].map((line) => `${indent}${line}`);
}
