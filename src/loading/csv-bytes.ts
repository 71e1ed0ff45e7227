// Rows on their way to Connection.copyIn: NULL empty, rows end in LF; values in double quotes, but in records that go over as
// they are written.
import { backslash, lf, quote } from './byte-classes.ts';

/** The byte that a one-letter JSON escape stands for; 0: there is none. */
const unescapedByte: Uint8Array = new Uint8Array(128);
for (const [letter, character] of Object.entries({ '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' })) {
  unescapedByte[letter.charCodeAt(0)] = character.charCodeAt(0);
}

export class CsvBytes {
  rows = 0;
  #bytes: Buffer = Buffer.allocUnsafe(1 << 16);
  #length = 0;
  #rowStart = 0;
  #columns = 0;

  /** Bytes of all whole rows. */
  get length(): number {
    return this.#rowStart;
  }

  null(): void {
    this.#reserve(1);
    this.#comma();
  }

  /** Bytes that have no quote in them, or only doubled ones. */
  bytes(from: Uint8Array, start: number, end: number): void {
    const length = end - start;
    this.#reserve(length + 3);
    this.#comma();
    const out = this.#bytes;
    let p = this.#length;
    out[p++] = quote;
    if (length > 64) {
      out.set(from.subarray(start, end), p);
      p += length;
    } else for (let i = start; i < end; i++) out[p++] = from[i] ?? 0;
    out[p++] = quote;
    this.#length = p;
  }

  /** The inside of a JSON string whose escapes are checked. False, and nothing is written: it has a \\u escape. */
  unescaped(from: Uint8Array, start: number, end: number): boolean {
    // Only a quote grows, from an escape of two bytes to two quotes.
    this.#reserve(end - start + 3);
    const out = this.#bytes;
    let p = this.#length + (this.#columns > 0 ? 1 : 0);
    out[p++] = quote;
    for (let i = start; i < end; i++) {
      let b = from[i] ?? 0;
      if (b === backslash) {
        b = unescapedByte[from[++i] ?? 0] ?? 0;
        if (b === 0) return false;
        if (b === quote) out[p++] = quote;
      }
      out[p++] = b;
    }
    out[p++] = quote;
    this.#comma();
    this.#length = p;
    return true;
  }

  /** Whole rows, with their line ends, that are what copyIn takes. */
  wholeRows(from: Buffer, start: number, end: number, rows: number): void {
    this.#reserve(end - start);
    this.#length += from.copy(this.#bytes, this.#length, start, end);
    this.#rowStart = this.#length;
    this.rows += rows;
  }

  text(text: string): void {
    const quoted = `"${text.includes('"') ? text.replaceAll('"', '""') : text}"`;
    this.#reserve(quoted.length * 3 + 1);
    this.#comma();
    this.#length += this.#bytes.write(quoted, this.#length);
  }

  endRow(): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = lf;
    this.#rowStart = this.#length;
    this.#columns = 0;
    this.rows++;
  }

  /** Takes back what was written since the last whole row. */
  dropRow(): void {
    this.#length = this.#rowStart;
    this.#columns = 0;
  }

  /** The whole rows so far, which are the caller's; begins anew. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.#rowStart);
    this.#bytes = Buffer.allocUnsafe(Math.max(1 << 16, Math.min(taken.length + (taken.length >> 2), 1 << 21)));
    this.#length = 0;
    this.#rowStart = 0;
    this.rows = 0;
    return taken;
  }

  #comma(): void {
    if (this.#columns++ > 0) this.#bytes[this.#length++] = 0x2c;
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes + 1;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
