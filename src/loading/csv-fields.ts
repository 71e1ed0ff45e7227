// The fields of one CSV record: bytes in, where each value begins and ends out. RFC 4180, with any delimiter and quote; quoted
// values may hold line ends. A quote inside an unquoted value stands for itself. https://www.rfc-editor.org/rfc/rfc4180
import { backslash, comma, cr, lf, quote } from './byte-classes.ts';

/** What a scan returns that has not found the record's end. */
export const more = -1;
export const malformed = -2;

export class CsvFields {
  /** Of the record scanned last, up to `count`: where each value begins and ends, without its quotes, and whether it had any. */
  readonly start: number[] = [];
  readonly end: number[] = [];
  readonly quoted: boolean[] = [];
  count = 0;
  /** A quoted value has quotes in it, doubled. */
  quotesInside = false;
  /** An unquoted value has a quote in it, or a CR; or the record ends in a CR alone. */
  stray = false;
  #first = 0;
  readonly #delimiter: number;
  readonly #quote: number;
  readonly #isCopys: boolean;
  /** 1 for the bytes that may end an unquoted value, or mean something else in one. */
  readonly #stops = new Uint8Array(256);
  /** Of them. */
  readonly #highest: number;

  /** Both of one byte. */
  constructor(options: { readonly delimiter: string; readonly quote: string }) {
    this.#delimiter = options.delimiter.charCodeAt(0);
    this.#quote = options.quote.charCodeAt(0);
    this.#isCopys = this.#delimiter === comma && this.#quote === quote;
    for (const byte of [this.#delimiter, this.#quote, lf, cr, 0]) this.#stops[byte] = 1;
    this.#highest = Math.max(this.#delimiter, this.#quote, cr);
  }

  /** Connection.copyIn takes the record as it is written, but for its line end. */
  get verbatim(): boolean {
    return this.#isCopys && !this.stray && this.#first !== backslash;
  }

  /**
   * The record that begins at `start`. Returns the offset behind it and its line end; or that it needs more bytes than there are
   * before `end`, or is malformed. `final`: there are no more. A NUL byte stands at `end`.
   */
  scan(bytes: Buffer, start: number, end: number, final: boolean): number {
    const delimiter = this.#delimiter;
    const mark = this.#quote;
    const stops = this.#stops;
    const highest = this.#highest;
    this.count = 0;
    this.quotesInside = false;
    this.stray = false;
    this.#first = bytes[start] ?? 0;
    for (let p = start; ; ) {
      const field = this.count++;
      if (bytes[p] === mark && p < end) {
        const from = ++p;
        for (;;) {
          while (bytes[p] !== mark && p < end) p++;
          // The byte behind the quote decides whether it closes the value.
          if (p + 1 >= end && (p >= end || !final)) return final ? malformed : more;
          if (bytes[p + 1] !== mark || p + 1 >= end) break;
          this.quotesInside = true;
          p += 2;
        }
        this.start[field] = from;
        this.end[field] = p;
        this.quoted[field] = true;
        p++;
      } else {
        const from = p;
        let b = 0;
        for (;;) {
          b = bytes[p] ?? 0;
          while (b > highest || stops[b] === 0) b = bytes[++p] ?? 0;
          if (b === delimiter || b === lf || p >= end) break;
          if (b === mark || (b === cr && bytes[p + 1] !== lf)) this.stray = true;
          p++;
        }
        if (p >= end && !final) return more;
        this.start[field] = from;
        this.end[field] = (p >= end || b === lf) && p > from && bytes[p - 1] === cr ? p - 1 : p;
        this.quoted[field] = false;
      }
      if (p >= end) return final ? p : more;
      if (bytes[p] === delimiter) {
        p++;
        continue;
      }
      if (bytes[p] === lf) return p + 1;
      if (bytes[p] === cr) {
        if (p + 1 >= end) {
          this.stray = true;
          return final ? p + 1 : more;
        }
        if (bytes[p + 1] === lf) return p + 2;
      }
      return malformed;
    }
  }
}
