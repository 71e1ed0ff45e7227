// Lines of a file by their numbers: what stands where a warehouse that read the file by itself refused a record.
import { parse } from 'csv-parse/sync';
import type { TargetColumn } from '../core/copy.ts';
import type { CopySpec } from '../core/node.ts';
import { lf } from './byte-classes.ts';
import { fileBytes } from './file-bytes.ts';
import type { CsvOptions } from './options.ts';

/** Of one line; a record may have megabytes. */
const LONGEST = 1 << 16;

/** `lines` from 1, in the unpacked file; those that it does not have are left out. */
export async function rawLines(location: string, key: string, lines: ReadonlySet<number>): Promise<ReadonlyMap<number, string>> {
  const found = new Map<number, string>();
  let last = 0;
  for (const line of lines) last = Math.max(last, line);
  let line = 1;
  let parts: Buffer[] = [];
  const end = (): void => {
    if (lines.has(line)) found.set(line, Buffer.concat(parts).subarray(0, LONGEST).toString().replace(/\r$/, ''));
    parts = [];
    line++;
  };
  for await (const chunk of fileBytes(location, key)) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    for (let at = 0; at < bytes.length && line <= last; ) {
      const stop = bytes.indexOf(lf, at);
      // The chunk's memory is used again for the next one.
      if (lines.has(line)) parts.push(Buffer.from(bytes.subarray(at, Math.min(stop < 0 ? bytes.length : stop, at + LONGEST))));
      if (stop < 0) break;
      at = stop + 1;
      end();
    }
    if (line > last) return found;
  }
  if (parts.length > 0) end();
  return found;
}

/**
 * The text of a column in a record that stands on one line; undefined: it has none, or the record cannot be read. `column` as the
 * warehouse writes it, which may not know case; `columns` in the order of the record's values.
 */
export function valueIn(
  raw: string,
  column: string,
  columns: readonly TargetColumn[],
  { spec: { format }, csv }: { readonly spec: CopySpec; readonly csv: CsvOptions },
): string | undefined {
  const index = columns.findIndex(({ name }) => name.toLowerCase() === column.toLowerCase());
  if (index < 0) return undefined;
  try {
    if (format === 'csv') {
      const [record]: string[][] = parse(raw, { delimiter: csv.delimiter, quote: csv.quote, to: 1, relax_quotes: true });
      // Of a record on several lines this one has some values only.
      return record?.length === columns.length ? record[index] : undefined;
    }
    let value: unknown = JSON.parse(raw);
    for (const step of columns[index]?.path ?? []) value = (value as Record<string | number, unknown> | null)?.[step];
    return value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(value);
  } catch {
    return undefined;
  }
}
