// CSV records: the window's bytes in, rows and rejects out. RFC 4180, with any delimiter and quote; quoted values may hold
// line ends. A quote inside an unquoted value stands for itself. https://www.rfc-editor.org/rfc/rfc4180
import type { TargetColumn } from '../core/copy.ts';
import { nearestName } from '../core/nearest.ts';
import { fail } from '../core/problem.ts';
import { type Batch, tooLarge } from './batch.ts';
import { cr, isUtf8, lf } from './byte-classes.ts';
import type { ColumnType } from './column-types.ts';
import { convert } from './convert.ts';
import { faults } from './json-parser.ts';
import type { CsvOptions } from './options.ts';
import { maxRecordBytes, type Window } from './window.ts';

const more = -1;
const malformed = -2;

export class CsvRecords {
  /** Of the record scanned last: where each field's text begins and ends, without its quotes, and whether it was quoted. */
  readonly #start: number[] = [];
  readonly #end: number[] = [];
  readonly #quoted: boolean[] = [];
  #fields = 0;
  #quotesInside = false;
  #skipped = 0;
  /** Field of each column; -1: the file does not have it. undefined: the header was not read yet. */
  #order: readonly number[] | undefined;
  /** Fields of every record: the header's, or else the table's. */
  #width = 0;
  readonly #delimiter: number;
  readonly #quote: number;

  constructor(
    readonly columns: readonly TargetColumn[],
    readonly types: readonly ColumnType[],
    readonly truncate: boolean,
    readonly options: CsvOptions,
  ) {
    this.#delimiter = options.delimiter.charCodeAt(0);
    this.#quote = options.quote.charCodeAt(0);
  }

  /** Begins another file. */
  open(): void {
    this.#skipped = 0;
    this.#order = this.options.header ? undefined : this.columns.map((_, index) => index);
    this.#width = this.columns.length;
  }

  /** Takes whole records off the window's front, until the window must be filled or the batch is full. */
  read(window: Window, batch: Batch, file: string): void {
    if (window.skipping) window.skipLine();
    while (!batch.full) {
      const start = this.#afterBlankLines(window);
      window.at = start;
      if (start >= window.end) return;
      const end = this.#scan(window, start);
      if (end === more && window.end - start <= maxRecordBytes) return;
      if (end < 0 || end - start > maxRecordBytes) {
        if (!batch.refuseLine(window, file, start, end === malformed ? 'malformed CSV' : tooLarge)) return;
        continue;
      }
      const textEnd = end > start && window.bytes[end - 1] === lf ? end - (window.bytes[end - 2] === cr ? 2 : 1) : end;
      if (this.#skipped < this.options.skipRecords) this.#skipped++;
      else if (this.#order === undefined) this.#order = this.#header(window, file);
      else this.#record(window, batch, file, start, textEnd, this.#order);
      window.at = end;
    }
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

  /** Returns the offset behind the record and its line end; or that it needs more bytes, or is malformed. */
  #scan(window: Window, start: number): number {
    const { bytes, end } = window;
    const delimiter = this.#delimiter;
    const quote = this.#quote;
    this.#fields = 0;
    this.#quotesInside = false;
    for (let p = start; ; ) {
      const field = this.#fields++;
      if (bytes[p] === quote && p < end) {
        const from = ++p;
        for (;;) {
          p = bytes.indexOf(quote, p);
          // The byte behind the quote decides whether it closes the value.
          if (p < 0 || (p + 1 >= end && !window.final)) return window.final ? malformed : more;
          if (bytes[p + 1] !== quote || p + 1 >= end) break;
          this.#quotesInside = true;
          p += 2;
        }
        this.#field(field, from, p, true);
        p++;
      } else {
        const from = p;
        let b = bytes[p];
        while (b !== delimiter && b !== lf && p < end) b = bytes[++p];
        if (p >= end && !window.final) return more;
        const to = (p >= end || b === lf) && p > from && bytes[p - 1] === cr ? p - 1 : p;
        this.#field(field, from, to, false);
      }
      if (p >= end) return window.final ? p : more;
      if (bytes[p] === delimiter) {
        p++;
        continue;
      }
      if (bytes[p] === lf) return p + 1;
      if (bytes[p] === cr) {
        if (p + 1 >= end) return window.final ? p + 1 : more;
        if (bytes[p + 1] === lf) return p + 2;
      }
      return malformed;
    }
  }

  #field(field: number, from: number, to: number, quoted: boolean): void {
    this.#start[field] = from;
    this.#end[field] = to;
    this.#quoted[field] = quoted;
  }

  #text(window: Window, field: number): string {
    const text = window.bytes.toString('utf8', this.#start[field] ?? 0, this.#end[field] ?? 0);
    const { quote } = this.options;
    return this.#quotesInside && this.#quoted[field] ? text.replaceAll(quote + quote, quote) : text;
  }

  #header(window: Window, file: string): readonly number[] {
    const names = Array.from({ length: this.#fields }, (_, field) => this.#text(window, field).trim());
    const lower = names.map((name) => name.toLowerCase());
    const order = this.columns.map(({ name }) => (names.includes(name) ? names.indexOf(name) : lower.indexOf(name.toLowerCase())));
    this.#width = this.#fields;
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
    const fault = bytes.subarray(start, end).includes(0) ? faults.nul : isUtf8(bytes, start, end) ? undefined : faults.utf8;
    if (fault !== undefined) {
      batch.refuse(window, file, start, end, fault);
      return;
    }
    if (this.#fields !== this.#width) {
      batch.refuse(window, file, start, end, `${this.#fields} values, where ${this.#width} are expected`);
      return;
    }
    for (const [index, type] of this.types.entries()) {
      const field = order[index] ?? -1;
      const text = field < 0 ? null : this.#text(window, field);
      if (text === null || (!this.#quoted[field] && text === this.options.nullAs)) {
        batch.csv.null();
        continue;
      }
      const converted = convert(type, 'string', text, this.truncate);
      if (converted === null) batch.csv.null();
      else if (typeof converted === 'string') batch.csv.text(converted);
      else {
        batch.csv.dropRow();
        batch.refuse(window, file, start, end, converted.reason, this.columns[index]?.name ?? '', text);
        return;
      }
    }
    batch.csv.endRow();
  }
}
