// Rows on their way to Connection.copyIn: NULL empty, rows end in LF; values in double quotes, but in records that go over as
// they are written.
import { backslash, hexValue, lf, quote } from './byte-classes.ts';

/** The byte that a one-letter JSON escape stands for; 0: there is none. */
const unescapedByte: Uint8Array = new Uint8Array(128);
for (const [letter, character] of Object.entries({ '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' })) {
  unescapedByte[letter.charCodeAt(0)] = character.charCodeAt(0);
}

const letterU = 0x75;

/** Of four hexadecimal digits. */
const codeUnit = (bytes: Uint8Array, at: number): number =>
  ((hexValue[bytes[at] ?? 0] ?? 0) << 12) |
  ((hexValue[bytes[at + 1] ?? 0] ?? 0) << 8) |
  ((hexValue[bytes[at + 2] ?? 0] ?? 0) << 4) |
  (hexValue[bytes[at + 3] ?? 0] ?? 0);

/** Returns the offset behind the character. */
function putUtf8(out: Uint8Array, at: number, point: number): number {
  let p = at;
  if (point < 0x80) {
    // The one character that is written twice.
    if (point === quote) out[p++] = quote;
    out[p++] = point;
    return p;
  }
  if (point >= 0x10000) {
    out[p++] = 0xf0 | (point >> 18);
    out[p++] = 0x80 | ((point >> 12) & 0x3f);
  } else if (point >= 0x800) out[p++] = 0xe0 | (point >> 12);
  out[p++] = point >= 0x800 ? 0x80 | ((point >> 6) & 0x3f) : 0xc0 | (point >> 6);
  out[p++] = 0x80 | (point & 0x3f);
  return p;
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

  /** The inside of a JSON string whose escapes are checked: it has no lone surrogate. */
  unescaped(from: Uint8Array, start: number, end: number): void {
    // Only a quote grows, from an escape of two bytes to two quotes.
    this.#reserve(end - start + 3);
    this.#comma();
    const out = this.#bytes;
    let p = this.#length;
    out[p++] = quote;
    for (let i = start; i < end; i++) {
      const b = from[i] ?? 0;
      if (b !== backslash) {
        out[p++] = b;
        continue;
      }
      const letter = from[++i] ?? 0;
      if (letter === letterU) {
        const unit = codeUnit(from, i + 1);
        const isPair = unit >= 0xd800 && unit <= 0xdfff;
        p = putUtf8(out, p, isPair ? 0x10000 + ((unit - 0xd800) << 10) + codeUnit(from, i + 7) - 0xdc00 : unit);
        i += isPair ? 10 : 4;
        continue;
      }
      if (letter === quote) out[p++] = quote;
      out[p++] = unescapedByte[letter] ?? 0;
    }
    out[p++] = quote;
    this.#length = p;
  }

  /** A whole row that is what copyIn takes, but for its line end. */
  row(from: Buffer, start: number, end: number): void {
    this.#reserve(end - start + 1);
    this.#length += from.copy(this.#bytes, this.#length, start, end);
    this.endRow();
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
