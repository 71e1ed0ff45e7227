// CSV records: the window's bytes in, rows and rejects out; csv-fields.ts says what a record is. Records that are already what
// the warehouse takes go over as they are, other plain values as the bytes they are, and all else through `convert`.
import { isUtf8 } from 'node:buffer';
import type { TargetColumn } from '../core/copy.ts';
import { nearestName } from '../core/nearest.ts';
import { fail } from '../core/problem.ts';
import { type Batch, tooLarge } from './batch.ts';
import { cr, lf } from './byte-classes.ts';
import type { ColumnType } from './column-types.ts';
import { convert, type Refusal } from './convert.ts';
import { CsvFields, malformed, more } from './csv-fields.ts';
import { faults } from './json-parser.ts';
import type { CsvOptions } from './options.ts';
import { isPlain } from './plain-values.ts';
import { maxRecordBytes, type Window } from './window.ts';

export class CsvRecords {
  readonly #fields: CsvFields;
  readonly #nullBytes: number;
  #skipped = 0;
  /** Field of each column; -1: the file does not have it. undefined: the header was not read yet. */
  #order: readonly number[] | undefined;
  /** Fields of every record: the header's, or else the table's. */
  #width = 0;
  /** The file's columns are the table's, in its order, and NULL is written as COPY has it. */
  #copies = false;
  /** All bytes of the window before this offset were found to be UTF-8 without NUL. */
  #soundTo = 0;
  /** Records one behind the other that go over as they are, and have yet to. */
  #run = { start: 0, end: 0, rows: 0 };

  constructor(
    readonly columns: readonly TargetColumn[],
    readonly types: readonly ColumnType[],
    readonly truncate: boolean,
    readonly options: CsvOptions,
  ) {
    this.#fields = new CsvFields(options);
    this.#nullBytes = Buffer.byteLength(options.nullAs);
  }

  /** Begins another file. */
  open(): void {
    this.#skipped = 0;
    this.#width = this.columns.length;
    this.#setOrder(this.options.header ? undefined : this.columns.map((_, index) => index));
  }

  #setOrder(order: readonly number[] | undefined): void {
    this.#order = order;
    const inOrder = order?.length === this.#width && order.every((field, index) => field === index);
    this.#copies = inOrder && this.#nullBytes === 0;
  }

  /** Takes whole records off the window's front, until the window must be filled or the batch is full. */
  read(window: Window, batch: Batch, file: string): void {
    this.#records(window, batch, file);
    this.#endRun(window, batch);
  }

  #records(window: Window, batch: Batch, file: string): void {
    if (window.skipping) window.skipLine();
    this.#soundTo = soundTo(window);
    while (!batch.full) {
      const start = this.#afterBlankLines(window);
      window.at = start;
      if (start >= window.end) return;
      const end = this.#fields.scan(window.bytes, start, window.end, window.final);
      if (end === more && window.end - start <= maxRecordBytes) return;
      if (end < 0 || end - start > maxRecordBytes) {
        if (!batch.refuseLine(window, file, start, end === malformed ? 'malformed CSV' : tooLarge)) return;
        continue;
      }
      const textEnd = end > start && window.bytes[end - 1] === lf ? end - (window.bytes[end - 2] === cr ? 2 : 1) : end;
      if (this.#skipped < this.options.skipRecords) this.#skipped++;
      else if (this.#order === undefined) this.#setOrder(this.#header(window, file));
      else if (this.#isVerbatim(window, end)) this.#addToRun(window, batch, start, textEnd, end);
      else {
        this.#endRun(window, batch);
        this.#record(window, batch, file, start, textEnd, this.#order);
      }
      window.at = end;
    }
  }

  #addToRun(window: Window, batch: Batch, start: number, textEnd: number, end: number): void {
    const run = this.#run;
    if (run.end !== start) this.#endRun(window, batch);
    if (textEnd + 1 !== end) {
      // Its line end is CRLF, or the file's.
      this.#endRun(window, batch);
      batch.csv.row(window.bytes, start, textEnd);
      return;
    }
    if (run.rows === 0) run.start = start;
    run.end = end;
    run.rows++;
  }

  #endRun(window: Window, batch: Batch): void {
    const run = this.#run;
    if (run.rows === 0) return;
    batch.csv.wholeRows(window.bytes, run.start, run.end, run.rows);
    run.rows = 0;
  }

  /** The record is what the warehouse takes, but for its line end: each value of it is plain or NULL. */
  #isVerbatim({ bytes }: Window, end: number): boolean {
    const fields = this.#fields;
    if (!fields.verbatim || !this.#copies || fields.count !== this.#width || end > this.#soundTo) return false;
    for (let column = 0; column < this.types.length; column++) {
      const type = this.types[column];
      const from = fields.start[column] ?? 0;
      const to = fields.end[column] ?? 0;
      if (type === undefined || ((from < to || fields.quoted[column]) && !isPlain(type, bytes, from, to))) return false;
    }
    return true;
  }

  #afterBlankLines(window: Window): number {
    const bytes = window.bytes;
    let p = window.at;
    for (;;) {
      if (bytes[p] === lf) p++;
      else if (bytes[p] === cr && bytes[p + 1] === lf) p += 2;
      else return p;
    }
  }

  #text(window: Window, field: number): string {
    const fields = this.#fields;
    const text = window.bytes.toString('utf8', fields.start[field] ?? 0, fields.end[field] ?? 0);
    const { quote } = this.options;
    return fields.quotesInside && fields.quoted[field] ? text.replaceAll(quote + quote, quote) : text;
  }

  #header(window: Window, file: string): readonly number[] {
    const names = Array.from({ length: this.#fields.count }, (_, field) => this.#text(window, field).trim());
    const lower = names.map((name) => name.toLowerCase());
    const order = this.columns.map(({ name }) => (names.includes(name) ? names.indexOf(name) : lower.indexOf(name.toLowerCase())));
    this.#width = this.#fields.count;
    if (order.some((field) => field >= 0)) return order;
    const near = nearestName(
      names[0] ?? '',
      this.columns.map((column) => column.name),
    );
    return fail({
      code: 'load-header',
      message: `the first line of ${file} names no column of the table: ${names.slice(0, 10).join(', ')}`,
      at: { file, line: 1, column: 1 },
      hint:
        near === undefined
          ? 'If the file has no header, set header: false.'
          : `Did you mean '${near}'? If the file has no header, set header: false.`,
    });
  }

  #record(window: Window, batch: Batch, file: string, start: number, end: number, order: readonly number[]): void {
    const { bytes } = window;
    if (end > this.#soundTo) {
      const text = bytes.subarray(start, end);
      const fault = text.includes(0) ? faults.nul : isUtf8(text) ? undefined : faults.utf8;
      if (fault !== undefined) {
        batch.refuse(window, file, start, end, fault);
        return;
      }
    }
    const fields = this.#fields;
    if (fields.count !== this.#width) {
      batch.refuse(window, file, start, end, `${fields.count} values, where ${this.#width} are expected`);
      return;
    }
    for (let column = 0; column < this.types.length; column++) {
      const refusal = this.#put(column, window, batch, order[column] ?? -1);
      if (refusal === undefined) continue;
      batch.csv.dropRow();
      batch.refuse(window, file, start, end, refusal.reason, this.columns[column]?.name ?? '', this.#text(window, order[column] ?? 0));
      return;
    }
    batch.csv.endRow();
  }

  #put(column: number, window: Window, batch: Batch, field: number): Refusal | undefined {
    const { csv } = batch;
    const fields = this.#fields;
    const type = this.types[column];
    const from = fields.start[field] ?? 0;
    const to = fields.end[field] ?? 0;
    const quoted = fields.quoted[field] === true;
    const { nullAs, quote } = this.options;
    const mayBeNull = !quoted && to - from === this.#nullBytes;
    if (field < 0 || type === undefined || (mayBeNull && from === to)) {
      csv.null();
      return undefined;
    }
    // A quote is to be doubled, as it already is between quotes.
    const isWritten = type.kind !== 'text' || (quote === '"' && (quoted || !fields.stray));
    if (isWritten && !mayBeNull && isPlain(type, window.bytes, from, to)) {
      csv.bytes(window.bytes, from, to);
      return undefined;
    }
    const text = this.#text(window, field);
    const converted = !quoted && text === nullAs ? null : convert(type, 'string', text, this.truncate);
    if (converted === null) csv.null();
    else if (typeof converted === 'string') csv.text(converted);
    else return converted;
    return undefined;
  }
}

/** Nothing of the window is at fault before this offset: the end of its last line, or where it begins. */
function soundTo({ bytes, at, end, final }: Window): number {
  const to = final ? end : bytes.lastIndexOf(lf, end - 1) + 1;
  if (to <= at) return at;
  const text = bytes.subarray(at, to);
  return text.includes(0) || !isUtf8(text) ? at : to;
}
