// A seed's CSV text to typed columns and the bytes of its rows. Types are inferred from all rows, as dbt does:
// integer, number, date, timestamp, boolean, else text; empty and `null` are NULL.
// https://docs.getdbt.com/docs/build/seeds
import { CsvError, parse } from 'csv-parse/sync';
import { DwhError } from '../core/problem.ts';
import type { Column } from '../core/statement.ts';

export interface SeedRows {
  readonly columns: readonly Column[];
  readonly rowCount: number;
  /** As Connection.copyIn takes them. */
  readonly bytes: () => AsyncIterable<Uint8Array>;
}

export interface SeedOptions {
  /** For messages. */
  readonly file: string;
  readonly delimiter: string;
  /** By column name: the type as the project writes it. */
  readonly columnTypes: ReadonlyMap<string, string>;
  /** To the dialect's spelling. */
  readonly columnType: (written: string) => string;
  /** A name of the header as the table has it. */
  readonly columnName: (written: string) => string;
}

const INTEGER = /^[+-]?\d+$/;
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/;
const isNull = (text: string): boolean => text === '' || text.toLowerCase() === 'null';
const fitsInt = (text: string): boolean => BigInt(text) >= -2147483648n && BigInt(text) <= 2147483647n;
const fitsBigint = (text: string): boolean => BigInt(text) >= -9223372036854775808n && BigInt(text) <= 9223372036854775807n;
const isRealDate = (text: string): boolean => {
  const date = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text.slice(0, 10));
};

/** From narrow to wide: the first that all values fit. A number with a leading zero ('007') is text, so that nothing is lost. */
const TYPES: readonly { readonly type: string; readonly fits: (text: string) => boolean }[] = [
  { type: 'integer', fits: (text) => INTEGER.test(text) && !/^[+-]?0\d/.test(text) && fitsInt(text) },
  { type: 'bigint', fits: (text) => INTEGER.test(text) && !/^[+-]?0\d/.test(text) && fitsBigint(text) },
  { type: 'double precision', fits: (text) => NUMBER.test(text) && !/^[+-]?0\d/.test(text) },
  { type: 'date', fits: (text) => DATE.test(text) && isRealDate(text) },
  { type: 'timestamp', fits: (text) => (DATE.test(text) || TIMESTAMP.test(text)) && isRealDate(text) },
  { type: 'boolean', fits: (text) => /^(true|false)$/i.test(text) },
];

function inferType(values: Iterable<string>): string {
  let left = TYPES;
  for (const value of values) {
    if (isNull(value)) continue;
    left = left.filter(({ fits }) => fits(value));
    if (left.length === 0) break;
  }
  return left[0]?.type ?? 'text';
}

function readCsv(text: string, { file, delimiter }: SeedOptions): string[][] {
  try {
    return parse(text, { bom: true, delimiter, skip_empty_lines: true, relax_column_count: false });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error.lines === 'number' ? error.lines : 1;
    throw new DwhError(
      [
        {
          code: 'seed-csv',
          message: `the CSV cannot be read: ${error.message}`,
          at: { file, line, column: 1 },
          hint: 'Every row needs as many values as the header has names; values with the delimiter go in double quotes.',
        },
      ],
      { cause: error },
    );
  }
}

const CHUNK = 1 << 20;

/** Throws DwhError for a CSV that can't be read, an empty file, or repeated column names. */
export function seedRows(text: string, options: SeedOptions): SeedRows {
  const [header, ...rows] = readCsv(text, options);
  const at = { file: options.file, line: 1, column: 1 };
  if (!header)
    throw new DwhError([
      { code: 'seed-csv', message: 'the CSV is empty: it has no header', at, hint: 'Give it a first line with the column names.' },
    ]);
  const repeated = header.find((name, index) => header.findIndex((one) => one.toLowerCase() === name.toLowerCase()) !== index);
  if (repeated !== undefined)
    throw new DwhError([
      { code: 'seed-csv', message: `the column name '${repeated}' stands twice in the header`, at, hint: 'Rename one of them.' },
    ]);
  const columns = header.map((name, index) => {
    const written = [...options.columnTypes].find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
    return { name: options.columnName(name), type: options.columnType(written ?? inferType(rows.map((row) => row[index] ?? ''))) };
  });
  return {
    columns,
    rowCount: rows.length,
    async *bytes() {
      let chunk = '';
      for (const row of rows) {
        chunk += `${row.map((value) => (isNull(value) ? '' : `"${value.replaceAll('"', '""')}"`)).join(',')}\n`;
        if (chunk.length >= CHUNK) {
          yield Buffer.from(chunk);
          chunk = '';
        }
      }
      if (chunk !== '') yield Buffer.from(chunk);
    },
  };
}
