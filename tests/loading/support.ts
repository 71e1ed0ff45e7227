// What the loading tests share: a load's spec, its format, reading bytes into rows, and the CSV of Connection.copyIn read back.
import type { FileCount, ListedFile, Reject, RowBatch } from '../../src/core/copy.ts';
import type { CopySpec } from '../../src/core/node.ts';
import { type RecordFormat, readFiles, recordFormat } from '../../src/loading/index.ts';

export const at = { file: 'models/sources.yml', line: 7, column: 9 };

export const spec = (changes: Partial<CopySpec> = {}): CopySpec => ({
  from: 'log-data',
  format: 'json',
  jsonpaths: 'auto',
  mode: 'append',
  on_error: 'reject',
  on_change: 'error',
  truncate_columns: false,
  allow_empty: false,
  options: {},
  at,
  ...changes,
});

/** 'ts:bigint page:varchar(20)' */
export const columns = (text: string): readonly { name: string; type: string }[] =>
  text.split(' ').map((column) => {
    const [name = '', type = ''] = column.split(/:(.*)/s);
    return { name, type: type.replaceAll('_', ' ') };
  });

export const format = (text: string, changes: Partial<CopySpec> = {}): RecordFormat => recordFormat(spec(changes), columns(text));

export interface ReadBack {
  readonly rows: readonly (readonly (string | null)[])[];
  readonly rejects: readonly Reject[];
  readonly done: readonly FileCount[];
}

/** One file of these bytes, in chunks of these sizes (the last size goes on); 'log.json' by name. */
export async function readBytes(
  bytes: Uint8Array | string,
  recordFormat: RecordFormat,
  chunkSizes: readonly number[] = [1 << 20],
): Promise<ReadBack> {
  const all = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
  return collect(
    readFiles([{ key: 'log.json', location: 'log.json' }], recordFormat, undefined, async function* () {
      // One buffer for all chunks, as files are read: a reader that keeps a chunk is found out.
      const buffer = Buffer.alloc(Math.max(...chunkSizes));
      for (let from = 0, index = 0; from < all.length; index++) {
        const size = chunkSizes[Math.min(index, chunkSizes.length - 1)] ?? 1;
        const chunk = all.subarray(from, from + size);
        buffer.set(chunk);
        yield buffer.subarray(0, chunk.length);
        from += chunk.length;
      }
    }),
  );
}

/** Of one small file. */
export async function firstBatch(text: string, recordFormat: RecordFormat): Promise<RowBatch> {
  const batches = readFiles([{ key: 'log.json', location: 'log.json' }], recordFormat, undefined, async function* () {
    yield Buffer.from(text);
  });
  for await (const batch of batches) return batch;
  throw new Error('there is no batch');
}

export async function collect(batches: ReturnType<typeof readFiles>): Promise<ReadBack> {
  const csv: Uint8Array[] = [];
  const rejects: Reject[] = [];
  const done: FileCount[] = [];
  for await (const batch of batches) {
    csv.push(batch.csv);
    rejects.push(...batch.rejects);
    done.push(...batch.done);
  }
  return { rows: csvRows(Buffer.concat(csv).toString()), rejects, done };
}

/** Strictly as Connection.copyIn documents it: what is not quoted is not empty, and has none of its marks in it. */
export function csvRows(text: string): (string | null)[][] {
  const rows: (string | null)[][] = [];
  const value = /(?:"((?:[^"]|"")*)"|([^",\r\n]+))?([,\n])/gy;
  let row: (string | null)[] = [];
  let end = 0;
  for (const [all, quoted, bare, separator] of text.matchAll(value)) {
    row.push(quoted === undefined ? (bare ?? null) : quoted.replaceAll('""', '"'));
    if (bare?.startsWith('\\') && row.length === 1) throw new Error(`COPY may take this for the end of all rows: ${all}`);
    if (separator === '\n') {
      rows.push(row);
      row = [];
    }
    end += all.length;
  }
  if (end !== text.length || row.length > 0) throw new Error(`not the CSV of copyIn at ${end}: ${text.slice(end, end + 80)}`);
  return rows;
}

/** As listed; the mark is of no account here. */
export const listed = (key: string, location: string, size: number, mark = 'm1'): ListedFile => ({ key, location, size, mark });
