// The exact reader: files in, batches of rows and rejects out. It reads every file that COPY would, whatever is in it, in
// memory bounded by the largest record.
import type { FileCount, RowBatch } from '../core/copy.ts';
import { DwhError } from '../core/problem.ts';
import { Batch } from './batch.ts';
import { CsvRecords } from './csv-records.ts';
import { fileBytes } from './file-bytes.ts';
import { JsonRecords } from './json-records.ts';
import type { RecordFormat } from './record-format.ts';
import { refusedRecord } from './refused-record.ts';
import { Window } from './window.ts';

export interface FileToRead {
  readonly key: string;
  readonly location: string;
}

interface RecordReader {
  open?(): void;
  read(window: Window, batch: Batch, file: string): void;
}

function recordReader(format: RecordFormat): RecordReader {
  const { columns, types, spec } = format;
  switch (spec.format) {
    case 'json':
      return new JsonRecords(columns, types, spec.truncate_columns, format.foldKeys);
    case 'csv':
      return new CsvRecords(columns, types, spec.truncate_columns, format.csv);
    case 'parquet':
      throw new Error('parquet files have no records to read: they are loaded in SQL');
  }
}

/**
 * Rows and rejects of the files, in their order. With `on_error: abort` the first reject is thrown as a DwhError; with
 * `on_error: reject` the one beyond `max_errors` is. Throws DwhError for a file that cannot be read.
 */
export async function* readFiles(
  files: Iterable<FileToRead>,
  format: RecordFormat,
  signal?: AbortSignal,
  bytesOf: (file: FileToRead) => AsyncIterable<Uint8Array> = opener(),
): AsyncGenerator<RowBatch, void> {
  const reader = recordReader(format);
  const window = new Window();
  const batch = new Batch();
  const limit = format.spec.on_error === 'abort' ? 0 : (format.spec.max_errors ?? Number.POSITIVE_INFINITY);
  let done: FileCount[] = [];
  let rejected = 0;

  const hand = (count: { rows: number; rejects: number }): RowBatch => {
    const rows = batch.csv.rows;
    const rejects = batch.takeRejects();
    count.rows += rows;
    count.rejects += rejects.length;
    rejected += rejects.length;
    if (rejected > limit)
      throw new DwhError([
        refusedRecord(rejects[rejects.length - (rejected - limit)], format.spec.on_error === 'abort' ? undefined : limit),
      ]);
    const ended = done;
    done = [];
    return { csv: batch.csv.take(), rows, rejects, done: ended };
  };

  for (const file of files) {
    // Totals of this file: what earlier files have left in the batch is taken off.
    const count = { rows: -batch.csv.rows, rejects: -batch.rejects };
    window.open();
    reader.open?.();
    for await (const chunk of withEnd(bytesOf(file))) {
      signal?.throwIfAborted();
      window.fill(chunk);
      for (reader.read(window, batch, file.key); batch.full; reader.read(window, batch, file.key)) yield hand(count);
    }
    done.push({ key: file.key, rows: count.rows + batch.csv.rows, rejects: count.rejects + batch.rejects });
    // A reject must stop the load at once, not when the batch is full.
    if (batch.rejects > 0 && rejected + batch.rejects > limit) hand(count);
  }
  if (done.length > 0) yield hand({ rows: 0, rejects: 0 });
}

/** Opens files one after the other, with one buffer for all: thousands of small files should not cost a megabyte each. */
function opener(): (file: FileToRead) => AsyncIterable<Uint8Array> {
  const buffer = Buffer.allocUnsafe(1 << 20);
  return (file) => fileBytes(file.location, file.key, buffer);
}

async function* withEnd(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array | undefined, void> {
  yield* chunks;
  yield undefined;
}
