// How agate's tables print themselves: as a table, CSV and JSON. https://agate.readthedocs.io/en/latest/api/table.html
import { jsonText, text } from '../template/index.ts';
import { type Callable, PyFloat, type TemplateValue } from '../template/types.ts';
import type { Cells } from './table-methods.ts';
import { type Arguments, hostFunction, problemError } from './values.ts';

const DOTS = '...';

/** For JSON, which has no dates. */
const plainText = (value: TemplateValue): TemplateValue =>
  typeof value === 'object' && value !== null && !(value instanceof PyFloat) ? text(value) : value;

/** Letters as they are, where `tojson` writes their numbers. */
const withLetters = (json: string): string =>
  json.replace(/\\(?:u([0-9a-f]{4})|.)/g, (all, digits: string | undefined) => {
    const point = digits === undefined ? 0 : Number.parseInt(digits, 16);
    return point > 0x7f ? String.fromCharCode(point) : all;
  });

const csvField = (value: TemplateValue): string => {
  const written = value === null ? '' : text(value);
  return /[",\r\n]/.test(written) ? `"${written.replaceAll('"', '""')}"` : written;
};

/** `say` prints. */
export function printing(names: readonly string[], cells: Cells, say: (text: string) => void): Readonly<Record<string, Callable>> {
  const saying = (name: string, make: (args: Arguments) => string): Callable =>
    hostFunction(name, (args) => {
      say(make(args));
      return null;
    });
  return {
    print_json: saying('print_json', (args) => withLetters(json(names, cells, args))),
    print_csv: saying('print_csv', () => [names, ...cells].map((row) => row.map(csvField).join(',')).join('\n')),
    print_table: saying('print_table', (args) =>
      tableText(names, cells, {
        rows: atMost(args, 0, 'max_rows', 20),
        columns: atMost(args, 1, 'max_columns', 6),
        width: atMost(args, 3, 'max_column_width', 20),
        precision: atMost(args, 5, 'max_precision', 3),
      }),
    ),
  };
}

/** None: as many as there are. */
function atMost(args: Arguments, index: number, name: string, otherwise: number): number {
  const given = args.get(index, name);
  return given === null ? Number.POSITIVE_INFINITY : Number(given ?? otherwise);
}

function json(names: readonly string[], cells: Cells, args: Arguments): string {
  const [key, indent] = [args.get(1, 'key') ?? null, args.get(3, 'indent') ?? null];
  const options = { sortKeys: false, ...(indent !== null && { indent: Number(indent) }) };
  const rows = cells.map((row) => new Map(names.map((name, index) => [name, plainText(row[index] ?? null)])));
  if (args.flag(2, 'newline', false)) return rows.map((row) => jsonText(row, { sortKeys: false })).join('\n');
  if (key === null) return jsonText(rows, options);
  const by = names.find((name) => name.toLowerCase() === text(key).toLowerCase());
  if (by === undefined)
    throw problemError({
      code: 'template-value',
      message: `these rows have no column '${text(key)}'`,
      hint: `Their columns: ${names.join(', ')}`,
    });
  return jsonText(new Map(rows.map((row) => [text(row.get(by) ?? null), row])), options);
}

interface Limits {
  readonly rows: number;
  readonly columns: number;
  /** Of a cell, in characters. */
  readonly width: number;
  /** Of a number, behind its point. */
  readonly precision: number;
}

/** In agate's form: what is beyond the limits is left out, and dots stand for it. */
function tableText(names: readonly string[], cells: Cells, limits: Limits): string {
  const more = names.length > limits.columns;
  const cut = (row: readonly string[]): string[] => [...row.slice(0, limits.columns), ...(more ? [DOTS] : [])];
  const short = (written: string): string =>
    written.length > limits.width ? `${written.slice(0, limits.width - DOTS.length)}${DOTS}` : written;
  const shown = cells.slice(0, limits.rows);
  const numbers = names.map((_, index) => numberText(shown, index, limits.precision));
  const written = (value: TemplateValue, index: number): string =>
    value === null ? '' : value instanceof PyFloat ? (numbers[index]?.(value) ?? text(value)) : text(value);
  const body = shown.map((row) => cut(row.map((value, index) => short(written(value, index)))));
  const head = cut(names.map(short));
  const lines = cells.length > limits.rows ? [...body, head.map(() => DOTS)] : body;
  const widths = head.map((name, index) => Math.max(name.length, ...lines.map((line) => line[index]?.length ?? 0)));
  const isText = head.map((_, index) => cells.some((row) => typeof row[index] === 'string'));
  const line = (row: readonly string[]): string =>
    `| ${row.map((value, index) => (isText[index] ? value.padEnd(widths[index] ?? 0) : value.padStart(widths[index] ?? 0))).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...lines.map(line)].join('\n');
}

/** Numbers of one column have the same places, at most `precision`; … stands for more. */
function numberText(cells: Cells, column: number, precision: number): (value: PyFloat) => string {
  const places = Math.max(0, ...cells.map((row) => placesOf(row[column] ?? null)));
  const kept = Math.min(places, precision, 100);
  const format = new Intl.NumberFormat('en-US', { minimumFractionDigits: kept, maximumFractionDigits: kept });
  return ({ value }) => (Number.isFinite(value) ? `${format.format(value)}${places > kept ? '…' : ''}` : text(new PyFloat(value)));
}

/** Of 2.50 one, of 5e-05 five. */
function placesOf(value: TemplateValue): number {
  if (!(value instanceof PyFloat)) return 0;
  const [, digits = '', exponent = '0'] = /^-?\d+(?:\.(\d*?)0*)?(?:e([-+]?\d+))?$/.exec(text(value)) ?? [];
  return Math.max(0, digits.length - Number(exponent));
}
