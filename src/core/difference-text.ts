// Rows against those that were expected, as lines of text: the marks are dbt's. `@@` heads the columns, `→` marks a row with other
// values (expected→actual), `---` an expected row that is not there, `+++` one that nobody expected, `...` rows that are the same.
import type { DifferentRow, RowDifference } from './event.ts';
import { cutText, oneLine, textWidth } from './table-text.ts';

export interface DifferenceLook {
  readonly separator: string;
  /** In cells; wider tables leave out columns in which no value differs, but for the first. */
  readonly width: number;
  /** Longer values are cut. */
  readonly maxCell: number;
  readonly expected: (text: string) => string;
  readonly actual: (text: string) => string;
}

const same = (text: string): string => text;
/** As it stands in run_results.json. */
export const PLAIN_DIFFERENCE: DifferenceLook = {
  separator: ',',
  width: Number.POSITIVE_INFINITY,
  maxCell: Number.POSITIVE_INFINITY,
  expected: same,
  actual: same,
};

const MARKS: Readonly<Record<DifferentRow['kind'], string>> = { same: '', changed: '→', missing: '---', unexpected: '+++', gap: '...' };
const MARK_WIDTH = 3;

interface Cell {
  readonly plain: string;
  readonly painted: string;
}

export function differenceLines({ columns, rows }: RowDifference, look: DifferenceLook): readonly string[] {
  const paintOf = ({ kind }: DifferentRow): ((text: string) => string) =>
    kind === 'missing' ? look.expected : kind === 'unexpected' ? look.actual : same;
  const text = (value: string | null | undefined): string =>
    value === null || value === undefined ? 'NULL' : cutText(oneLine(value), look.maxCell);
  const differs = ({ kind, expected = [], actual = [] }: DifferentRow, index: number): boolean =>
    kind === 'changed' && expected[index] !== actual[index];
  const cellOf = (row: DifferentRow, index: number): Cell => {
    if (row.kind === 'gap') return { plain: '...', painted: '...' };
    const [expected, actual] = [text(row.expected?.[index]), text(row.actual?.[index])];
    if (differs(row, index)) return { plain: `${expected}→${actual}`, painted: `${look.expected(expected)}→${look.actual(actual)}` };
    const only = row.expected ? expected : actual;
    return { plain: only, painted: paintOf(row)(only) };
  };
  const table = rows.map((row) => columns.map((_, index) => cellOf(row, index)));
  const widths = columns.map((name, index) =>
    table.reduce((width, cells) => Math.max(width, textWidth(cells[index]?.plain ?? '')), textWidth(oneLine(name))),
  );
  const total = widths.reduce((sum, width) => sum + width + look.separator.length, MARK_WIDTH);
  const all = columns.map((_, index) => index);
  const changed = all.filter((index) => rows.some((row) => differs(row, index)));
  const shown = total <= look.width || changed.length === 0 ? all : all.filter((index) => index === 0 || changed.includes(index));
  const line = (mark: string, cells: readonly Cell[], paint: (text: string) => string): string =>
    [
      paint(mark.padEnd(MARK_WIDTH)),
      ...shown.map((index) => {
        const { plain, painted } = cells[index] ?? { plain: '', painted: '' };
        return `${painted}${' '.repeat(Math.max(0, (widths[index] ?? 0) - textWidth(plain)))}`;
      }),
    ]
      .join(look.separator)
      .trimEnd();
  const left = all.filter((index) => !shown.includes(index)).map((index) => oneLine(columns[index] ?? ''));
  return [
    line(
      '@@',
      columns.map((name) => ({ plain: oneLine(name), painted: oneLine(name) })),
      same,
    ),
    ...rows.map((row, index) => line(MARKS[row.kind], table[index] ?? [], paintOf(row))),
    ...(left.length > 0 ? [`nothing differs in: ${left.join(', ')}`] : []),
  ];
}
