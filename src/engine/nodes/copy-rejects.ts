// Records that a warehouse refused while it copied files by itself: it tells file, line, column and reason, and the record
// itself is read from its file.
import { setTimeout as sleep } from 'node:timers/promises';
import type { ObjectCopies } from '../../adapters/copies.ts';
import type { ListedFile, Reject, TargetColumn } from '../../core/copy.ts';
import type { CopySpec } from '../../core/node.ts';
import { DwhError } from '../../core/problem.ts';
import { type CsvOptions, headerColumns, type Place, rawLines, shownValue, valueIn } from '../../loading/index.ts';
import type { Session } from '../session.ts';
import { fileNames } from './copy-files.ts';

/** What is fetched for the sake of refused records. */
const [MOST_FILES, MOST_BYTES] = [100, 256 << 20];
const [TRIES, PAUSE_MS] = [20, 500];

export type Refused = Omit<Reject, 'raw' | 'value'>;

/** How the records of a load are read. */
export interface RecordShape {
  readonly spec: CopySpec;
  /** By a file's key. */
  readonly packing: (key: string) => string | undefined;
  readonly columns: readonly TargetColumn[];
  readonly csv: CsvOptions;
}

/** What the server says that these copies refused, of `files`. */
export async function refusedBy(
  copies: ObjectCopies,
  ids: readonly string[],
  files: readonly Pick<ListedFile, 'key'>[],
  session: Session,
): Promise<readonly Refused[]> {
  const { rows } = await session.read(copies.errorsOf(ids));
  const keysOf = fileNames(files, copies.fileNameBytes);
  return rows.map(([name, line, column, reason]) => {
    const text = String(name).trimEnd();
    const [key, ...more] = keysOf(text);
    const place = String(column ?? '').trimEnd();
    return {
      file: key !== undefined && more.length === 0 ? key : text,
      line: Number(line),
      ...(place !== '' && { column: place }),
      reason: String(reason).trimEnd(),
    };
  });
}

/** Whether the server's own records know of all these copies. `isFresh`: they may come a little behind the commit. */
export async function areRecorded(copies: ObjectCopies, ids: readonly string[], session: Session, isFresh: boolean): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    const counts = new Map((await session.read(copies.errorCounts(ids))).rows.map(([id, count]) => [String(id), Number(count)]));
    const there = ids.every((id) => counts.has(id));
    if (there) {
      const errors = [...counts.values()].reduce((sum, count) => sum + count, 0);
      const listed = errors === 0 ? 0 : (await session.read(copies.errorsOf(ids))).rows.length;
      // Counted and not yet listed, or listed otherwise than counted: what is there by the last try is all.
      if (listed >= errors || attempt === TRIES) return true;
    }
    if (attempt === TRIES || (!there && !isFresh)) return false;
    await sleep(PAUSE_MS, undefined, { signal: session.signal });
  }
}

/** That can be read here: by no other packing than gzip, in UTF-8. */
function hasLines(key: string, { spec: { format, options }, packing }: RecordShape): boolean {
  return format !== 'parquet' && ['gzip', undefined].includes(packing(key)) && isUtf8(options.encoding);
}

/** COPY's ENCODING; UTF-8 when it is left out. */
export const isUtf8 = (encoding: unknown): boolean => encoding === undefined || /^utf-?8$/i.test(String(encoding));

/** With the records as they stand in their files, as far as these can be read again. */
export async function withRecords(
  refused: readonly Refused[],
  files: readonly ListedFile[],
  place: Place,
  shape: RecordShape,
  signal: AbortSignal,
): Promise<readonly Reject[]> {
  const lines = new Map<string, Set<number>>();
  for (const { file, line } of refused) {
    const known = lines.get(file);
    if (known) known.add(line);
    else lines.set(file, new Set([line]));
  }
  let bytes = 0;
  const wanted = files
    .filter(({ key }) => lines.has(key) && hasLines(key, shape))
    .slice(0, MOST_FILES)
    .filter(({ size }) => {
      if (bytes + size > MOST_BYTES) return false;
      bytes += size;
      return true;
    });
  const found = new Map<string, ReadonlyMap<number, string>>();
  const columns = new Map<string, readonly TargetColumn[]>();
  const hasHeader = shape.spec.format === 'csv' && shape.csv.header;
  try {
    for (const file of (await place.fetch?.(wanted, signal)) ?? []) {
      const own = await rawLines(file.location, file.key, new Set([...(hasHeader ? [1] : []), ...(lines.get(file.key) ?? [])]));
      found.set(file.key, own);
      if (hasHeader) columns.set(file.key, headerColumns(Buffer.from(own.get(1) ?? ''), shape.columns, file.key, shape.csv, false));
    }
  } catch (error) {
    // Changed or gone since, or damaged: the server's words are enough.
    if (!(error instanceof DwhError)) throw error;
  }
  return refused.map((one) => {
    const raw = found.get(one.file)?.get(one.line) ?? '';
    const own = hasHeader ? columns.get(one.file) : shape.columns;
    const value = one.column === undefined || raw === '' || !own ? undefined : valueIn(raw, one.column, own, shape);
    return { ...one, raw, ...(value !== undefined && { value: shownValue(value) }) };
  });
}
