// The columns that a CSV file's first line names, for a warehouse that reads the files by itself and knows values by their
// place only.
import { constants, gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { fail } from '../core/problem.ts';
import type { Column } from '../core/statement.ts';
import { isGzip } from './file-bytes.ts';
import type { CsvOptions } from './options.ts';

/** How much of a file is asked for: packed or not, a header is shorter. */
export const HEADER_BYTES = 1 << 16;

/** `start`: the file's first bytes, as it stands. Throws DwhError for a name that is no column's. */
export function headerColumns(start: Uint8Array, columns: readonly Column[], file: string, options: CsvOptions): readonly Column[] {
  const names = namesIn(start, options);
  return names.map((name) => {
    const found =
      columns.find((column) => column.name === name) ?? columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
    if (found) return found;
    return fail({
      code: 'load-header',
      message: `the first line of ${file} names '${name}', which is no column of the table, and COPY cannot pass over it`,
      at: { file, line: 1, column: 1 },
      hint: 'Declare the column under columns:. If the file has no header, set header: false.',
    });
  });
}

function namesIn(start: Uint8Array, { delimiter, quote }: CsvOptions): readonly string[] {
  // Of a file that goes on behind these bytes.
  const bytes = isGzip(start) ? gunzipSync(start, { finishFlush: constants.Z_SYNC_FLUSH }) : start;
  const records: string[][] = parse(Buffer.from(bytes.subarray(0, HEADER_BYTES)), {
    bom: true,
    delimiter,
    quote,
    to: 1,
    relax_quotes: true,
    skip_empty_lines: true,
    trim: true,
  });
  return records[0] ?? [];
}
