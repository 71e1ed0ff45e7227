// What a model made against what it should have made: rows are a bag, and those that are left over on both sides are
// paired with whatever is least unlike. Pure.
import type { DifferentRow, RowDifference } from '../../core/event.ts';

export type Cells = readonly (string | null)[];

/** More pairs than this are not weighed: rows stay missing and unexpected. */
const MAX_PAIRS = 250_000;

/** undefined: they are the same, in whatever order. */
export function differenceOf(columns: readonly string[], expected: readonly Cells[], actual: readonly Cells[]): RowDifference | undefined {
  const byKey = new Map<string, Cells[]>();
  for (const row of actual) {
    const key = JSON.stringify(row);
    const same = byKey.get(key);
    if (same) same.push(row);
    else byKey.set(key, [row]);
  }
  const rows: DifferentRow[] = [];
  const missing: Cells[] = [];
  for (const row of expected) {
    const found = byKey.get(JSON.stringify(row))?.pop();
    if (found) rows.push({ kind: 'same', expected: row, actual: found });
    else missing.push(row);
  }
  const unexpected = [...byKey.values()].flat();
  if (missing.length === 0 && unexpected.length === 0) return undefined;
  const pairs = pairsOf(missing, unexpected);
  rows.push(
    ...missing.flatMap((row, index): DifferentRow[] => {
      const partner = pairs.get(index);
      const found = partner === undefined ? undefined : unexpected[partner];
      return found ? [{ kind: 'changed', expected: row, actual: found }] : [{ kind: 'missing', expected: row }];
    }),
  );
  const taken = new Set(pairs.values());
  rows.push(...unexpected.flatMap((row, index): DifferentRow[] => (taken.has(index) ? [] : [{ kind: 'unexpected', actual: row }])));
  rows.sort((a, b) => compareCells(a.expected ?? a.actual ?? [], b.expected ?? b.actual ?? []));
  return { columns, rows: withGaps(rows) };
}

/** Index in `missing` → index in `unexpected`: the pairs with the fewest different values first. */
function pairsOf(missing: readonly Cells[], unexpected: readonly Cells[]): ReadonlyMap<number, number> {
  const pairs = new Map<number, number>();
  if (missing.length * unexpected.length > MAX_PAIRS) return pairs;
  const weighed = missing.flatMap((one, left) =>
    unexpected.flatMap((other, right) => {
      const differs = one.flatMap((cell, index) => (cell === other[index] ? [] : [index]));
      // Rows that have nothing in common but NULLs are two rows.
      const common = one.some((cell, index) => cell !== null && cell === other[index]);
      return common ? [{ left, right, count: differs.length, first: differs[0] ?? 0 }] : [];
    }),
  );
  // Keys tend to stand first: of two that are equally unlike, the one whose first difference comes later.
  weighed.sort((a, b) => a.count - b.count || b.first - a.first || a.left - b.left || a.right - b.right);
  const taken = new Set<number>();
  for (const { left, right } of weighed) {
    if (pairs.has(left) || taken.has(right)) continue;
    pairs.set(left, right);
    taken.add(right);
  }
  return pairs;
}

/** Of rows that are the same only the neighbours of others stay. */
function withGaps(rows: readonly DifferentRow[]): readonly DifferentRow[] {
  const isSame = (index: number): boolean => (rows[index]?.kind ?? 'same') === 'same';
  const kept: DifferentRow[] = [];
  for (const [index, row] of rows.entries()) {
    if (!isSame(index) || !isSame(index - 1) || !isSame(index + 1)) kept.push(row);
    else if (kept.at(-1)?.kind !== 'gap') kept.push({ kind: 'gap' });
  }
  return kept;
}

const isNumber = (text: string): boolean => text.trim() !== '' && Number.isFinite(Number(text));

/** NULL first, numbers as numbers. */
function compareCells(one: Cells, other: Cells): number {
  for (const [index, a] of one.entries()) {
    const b = other[index] ?? null;
    if (a === b) continue;
    if (a === null || b === null) return a === null ? -1 : 1;
    const order = isNumber(a) && isNumber(b) ? Number(a) - Number(b) : 0;
    if (order !== 0) return order;
    return a < b ? -1 : 1;
  }
  return 0;
}
