// The columns that a CSV file's first line names, for a warehouse that reads the files by itself and knows values by their
// place only.
import { constants, gunzipSync } from 'node:zlib';
import { CsvError, parse } from 'csv-parse/sync';
import { fail } from '../core/problem.ts';
import type { Column } from '../core/statement.ts';
import { isGzip } from './file-bytes.ts';
import type { CsvOptions } from './options.ts';

/** How much of a file is asked for: packed or not, a header is shorter. */
export const HEADER_BYTES = 1 << 16;

const IN_ORDER = 'set ignoreheader, and list the columns in the order of the file';

/**
 * `start`: the file's first bytes, as it stands; `unpacks`: the warehouse takes them for gzip's. None for an empty file. Throws
 * DwhError for what the warehouse would take for something else.
 */
export function headerColumns(
  start: Uint8Array,
  columns: readonly Column[],
  file: string,
  options: CsvOptions,
  unpacks: boolean,
): readonly Column[] {
  const at = { file, line: 1, column: 1 };
  const wrong = (message: string, hint: string): never => fail({ code: 'load-header', message, at, hint });
  if (start.length > 0 && isGzip(start) !== unpacks) {
    const [is, as] = unpacks ? ['is not packed with gzip', 'were'] : ['is packed with gzip', 'were not'];
    fail({
      code: 'load-option',
      message: `${file} ${is}, and COPY would read it as if it ${as}: it goes by the name`,
      at,
      hint: 'Give its key the ending .gz if it is packed, and no such ending if it is not.',
    });
  }
  const bytes = unpacks && start.length > 0 ? unpackedStart(start, file) : start;
  const names = namesIn(bytes, options, (why) =>
    wrong(`the first line of ${file} cannot be read as CSV: ${why}`, `Mend the file, or ${IN_ORDER}.`),
  );
  if (names.length > 0 && beginsBlank(bytes))
    wrong(
      `the first line of ${file} is blank, and COPY passes over that one in place of the one that names the columns`,
      `Take it out, or ${IN_ORDER}.`,
    );
  const found = names.map((name) => {
    const column =
      columns.find((column) => column.name === name) ?? columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
    return (
      column ??
      wrong(
        `the first line of ${file} names '${name}', which is no column of the table, and COPY cannot pass over it`,
        'Declare the column under columns:. If the file has no header, set header: false.',
      )
    );
  });
  const twice = found.find((column, index) => found.indexOf(column) !== index);
  if (twice)
    wrong(`the first line of ${file} names '${twice.name}' twice, and COPY would not know which to take`, `Mend the file, or ${IN_ORDER}.`);
  return found;
}

/** Of a file that goes on behind these bytes. */
function unpackedStart(start: Uint8Array, file: string): Uint8Array {
  try {
    return gunzipSync(start, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch (cause) {
    return fail(
      {
        code: 'load-damaged',
        message: `${file} is a gzip file that is damaged`,
        hint: 'Put the file there again; nothing of this table was loaded.',
      },
      { cause },
    );
  }
}

function namesIn(bytes: Uint8Array, { delimiter, quote }: CsvOptions, wrong: (why: string) => never): readonly string[] {
  try {
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
  } catch (error) {
    if (error instanceof CsvError) return wrong(error.message);
    throw error;
  }
}

const beginsBlank = (bytes: Uint8Array): boolean => /^(?:\xef\xbb\xbf)?\r?\n/.test(Buffer.from(bytes.subarray(0, 5)).toString('latin1'));
