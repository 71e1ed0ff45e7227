// A question: an analysis whose rows are known. Expected rows come as CSV; numbers compare as numbers, all else as text.
import { parse } from 'csv-parse/sync';
import type { TestNode } from '../../core/node.ts';
import { fail } from '../../core/problem.ts';
import type { Result, Row, Value } from '../../core/statement.ts';

type Expectation = NonNullable<TestNode['expect']>;

export interface Difference {
  readonly failures: number;
  readonly message: string;
  /** Rows with a first column '-' (expected, not found) or '+' (found, not expected). */
  readonly sample: { readonly columns: readonly string[]; readonly rows: readonly Row[] };
}

/** NULL is written as an empty field. */
export function cellText(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'object') return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : JSON.stringify(value);
  return String(value);
}

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;

function sameCell(actual: string, expected: string, tolerance: number): boolean {
  if (actual === expected) return true;
  if (!NUMBER.test(actual) || !NUMBER.test(expected)) return false;
  if (/^[+-]?\d+$/.test(actual) && /^[+-]?\d+$/.test(expected))
    return BigInt(actual) === BigInt(expected) || (tolerance > 0 && Math.abs(Number(actual) - Number(expected)) <= tolerance);
  return Math.abs(Number(actual) - Number(expected)) <= tolerance;
}

/** One spelling per number, so that '1.50' sorts and pairs with '1.5'. */
const canonical = (cell: string): string => (NUMBER.test(cell) && !/^[+-]?\d+$/.test(cell) ? String(Number(cell)) : cell);
const sortKey = (row: readonly string[]): string => JSON.stringify(row.map(canonical));

/** Undefined when the rows are the expected ones. Throws DwhError when the file can't be read or names other columns. */
export function compareRows(result: Result, expect: Expectation): Difference | undefined {
  const [header, ...expected] = parse(expect.text, { bom: true, skip_empty_lines: true }) as string[][];
  const names = result.columns.map((column) => column.name);
  const at = { file: expect.file, line: 1, column: 1 };
  if (!header)
    return fail({
      code: 'expected-rows',
      message: 'the file of expected rows is empty',
      at,
      hint: 'Give it a header line with the column names.',
    });
  if (header.length !== names.length || header.some((name, index) => name.toLowerCase() !== names[index]?.toLowerCase())) {
    return fail({
      code: 'expected-rows',
      message: `the question answers with the columns ${names.join(', ')}, and the file of expected rows has ${header.join(', ')}`,
      at,
    });
  }
  const actual = result.rows.map((row) => row.map(cellText));
  const same = (a: readonly string[], b: readonly string[]): boolean =>
    a.every((cell, index) => sameCell(cell, b[index] ?? '', expect.tolerance));
  const missing: string[][] = [];
  let extra: string[][] = [];
  if (expect.ordered) {
    for (let index = 0; index < Math.max(actual.length, expected.length); index++) {
      const [found, wanted] = [actual[index], expected[index]];
      if (found && wanted && same(found, wanted)) continue;
      if (wanted) missing.push(wanted);
      if (found) extra.push(found);
    }
  } else {
    const byKey = new Map<string, string[][]>();
    for (const row of actual) byKey.set(sortKey(row), [...(byKey.get(sortKey(row)) ?? []), row]);
    const unmatched = expected.filter((row) => byKey.get(sortKey(row))?.pop() === undefined);
    extra = [...byKey.values()].flat();
    // Within the tolerance two rows need not be spelt alike: pair what is left, in order.
    for (const row of unmatched) {
      const index = expect.tolerance > 0 ? extra.findIndex((one) => same(one, row)) : -1;
      if (index < 0) missing.push(row);
      else extra.splice(index, 1);
    }
  }
  if (missing.length === 0 && extra.length === 0) return undefined;
  return {
    failures: missing.length + extra.length,
    message: `${missing.length} expected row${missing.length === 1 ? '' : 's'} not found, ${extra.length} row${extra.length === 1 ? '' : 's'} not expected (${expect.file})`,
    sample: { columns: ['', ...names], rows: [...missing.map((row) => ['-', ...row]), ...extra.map((row) => ['+', ...row])].slice(0, 10) },
  };
}
