// A seed's CSV file record by record: what is a header, what is NULL, and the rows as Connection.copyIn takes them, most of them
// as they are written. Empty and `null` are NULL.
import { isUtf8 } from 'node:buffer';
import { CsvError, parse } from 'csv-parse/sync';
import { DwhError } from '../core/problem.ts';
import { cr, lf } from '../loading/byte-classes.ts';
import { CsvBytes } from '../loading/csv-bytes.ts';
import { CsvFields } from '../loading/csv-fields.ts';

/** Rows one behind the other, from `start` to `end`. */
interface Stretch {
  readonly start: number;
  end: number;
  /** They are what copyIn takes. */
  readonly asWritten: boolean;
}

/** Hears each value that is not NULL. */
export type ValueReader = { see(bytes: Buffer, start: number, end: number): void } | undefined;

export interface SeedCsv {
  readonly rowCount: number;
  readonly bytes: () => AsyncIterable<Uint8Array>;
}

/** `columnsOf` is given the header, and returns who hears of each column; undefined: nobody. Throws DwhError for what is no CSV. */
export function seedCsv(
  bytes: Buffer,
  { file, delimiter }: { readonly file: string; readonly delimiter: string },
  columnsOf: (header: readonly string[]) => readonly ValueReader[],
): SeedCsv {
  const simple = delimiter.length === 1 && delimiter < '\x7f' && !'"\r\n'.includes(delimiter) && isUtf8(bytes);
  const csv = simple ? survey(bytes, delimiter, columnsOf) : undefined;
  // Whatever is unusual or wrong in a file is csv-parse's to say; what it can read is written anew.
  const again = csv ?? survey(writtenAnew(readCsv(bytes.toString(), file, delimiter)), ',', columnsOf);
  if (!again) throw new Error(`${file} was written anew, and cannot be read`);
  return again;
}

/** As texts, the header first. */
export function readCsv(text: string, file: string, delimiter: string): string[][] {
  const read = (relax_quotes: boolean): string[][] =>
    parse(text, { bom: true, delimiter, skip_empty_lines: true, relax_column_count: false, relax_quotes });
  try {
    try {
      return read(false);
    } catch (error) {
      // A quote within a value that does not begin with one is a character like others. What stands behind a closing quote is not.
      if (error instanceof CsvError && error.code === 'INVALID_OPENING_QUOTE') return read(true);
      throw error;
    }
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

const writtenAnew = (rows: readonly (readonly string[])[]): Buffer =>
  Buffer.from(rows.map((row) => `${row.map((value) => `"${value.replaceAll('"', '""')}"`).join(',')}\n`).join(''));

/** undefined: something in it is unusual or wrong. */
function survey(bytes: Buffer, delimiter: string, columnsOf: (header: readonly string[]) => readonly ValueReader[]): SeedCsv | undefined {
  const fields = new CsvFields({ delimiter, quote: '"' });
  const stretches: Stretch[] = [];
  let stretch: Stretch | undefined;
  let columns: readonly ValueReader[] | undefined;
  let rowCount = 0;
  const begin = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  let lineEnd = 0;
  for (let at = begin; at < bytes.length; ) {
    const end = fields.scan(bytes, at, bytes.length, true);
    if (end < 0 || fields.stray) return undefined;
    const found = bytes[end - 1] !== lf ? 0 : bytes[end - 2] === cr ? 2 : 1;
    // The last line may have none; two kinds in one file mean different things to different readers.
    lineEnd ||= found;
    if (found !== lineEnd && end < bytes.length) return undefined;
    const start = at;
    at = end;
    if (end - start === found) continue;
    if (columns === undefined) {
      columns = columnsOf(texts(fields, bytes));
      continue;
    }
    if (fields.count !== columns.length) return undefined;
    rowCount++;
    const asWritten = see(fields, bytes, columns) && fields.verbatim && found === 1;
    if (stretch?.end === start && stretch.asWritten === asWritten) stretch.end = end;
    else {
      stretch = { start, end, asWritten };
      stretches.push(stretch);
    }
  }
  columns ??= columnsOf([]);
  return { rowCount, bytes: () => rowsOf(bytes, stretches, fields) };
}

const texts = ({ count, start, end }: CsvFields, bytes: Buffer): readonly string[] =>
  Array.from({ length: count }, (_, field) => bytes.toString('utf8', start[field], end[field]).replaceAll('""', '"'));

/** False: NULL stands there in a way that copyIn does not take. */
function see({ start, end, quoted }: CsvFields, bytes: Buffer, columns: readonly ValueReader[]): boolean {
  let asWritten = true;
  for (let field = 0; field < columns.length; field++) {
    const from = start[field] ?? 0;
    const to = end[field] ?? 0;
    if (!isNull(bytes, from, to)) columns[field]?.see(bytes, from, to);
    else if (from < to || quoted[field]) asWritten = false;
  }
  return asWritten;
}

const isNull = (bytes: Buffer, start: number, end: number): boolean =>
  start === end ||
  (end - start === 4 &&
    ((bytes[start] ?? 0) | 0x20) === 0x6e &&
    ((bytes[start + 1] ?? 0) | 0x20) === 0x75 &&
    ((bytes[start + 2] ?? 0) | 0x20) === 0x6c &&
    ((bytes[start + 3] ?? 0) | 0x20) === 0x6c);

const CHUNK = 1 << 20;

async function* rowsOf(bytes: Buffer, stretches: readonly Stretch[], fields: CsvFields): AsyncGenerator<Uint8Array> {
  const csv = new CsvBytes();
  for (const { start, end, asWritten } of stretches) {
    for (let at = start; at < end; ) {
      if (asWritten && end - at >= CHUNK) {
        if (csv.length > 0) yield csv.take();
        yield bytes.subarray(at, at + CHUNK);
        at += CHUNK;
      } else if (asWritten) {
        csv.wholeRows(bytes, at, end, 0);
        at = end;
      } else {
        const next = fields.scan(bytes, at, bytes.length, true);
        writeRow(csv, bytes, fields);
        at = next;
      }
      if (csv.length >= CHUNK) yield csv.take();
    }
  }
  if (csv.length > 0) yield csv.take();
}

function writeRow(csv: CsvBytes, bytes: Buffer, { count, start, end }: CsvFields): void {
  for (let field = 0; field < count; field++) {
    const from = start[field] ?? 0;
    const to = end[field] ?? 0;
    if (isNull(bytes, from, to)) csv.null();
    else csv.bytes(bytes, from, to);
  }
  csv.endRow();
}
