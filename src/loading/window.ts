// The stretch of a file that is in memory: chunks go in behind, records are read off the front, lines are counted on the way.
// Memory is bounded by the largest record, not by the file.
import { lf } from './byte-classes.ts';

/** A longer record is refused. */
export const maxRecordBytes = 16 * 1024 * 1024;

export class Window {
  /** What is left of the file, from `at` to `end`; a NUL byte stands at `end`. */
  bytes: Buffer = Buffer.alloc(1);
  at = 0;
  end = 0;
  /** No more bytes will come. */
  final = false;
  /** The rest of the current line is passed over. */
  skipping = false;
  #memory: Buffer = Buffer.allocUnsafe(1 << 21);
  #countedTo = 0;
  #line = 1;
  #started = false;

  /** Begins another file. */
  open(): void {
    this.at = 0;
    this.end = 0;
    this.final = false;
    this.skipping = false;
    this.#countedTo = 0;
    this.#line = 1;
    this.#started = false;
    this.#show();
  }

  /** Takes a chunk in; what lies before `at` is let go. undefined: the file has ended. */
  fill(chunk: Uint8Array | undefined): void {
    if (chunk === undefined) {
      this.final = true;
      return;
    }
    this.#line = this.lineOf(this.at);
    // A byte-order mark is one only where the file begins.
    if (this.at > 0) this.#started = true;
    const kept = this.end - this.at;
    const needed = kept + chunk.length + 1;
    const memory = needed > this.#memory.length ? Buffer.allocUnsafe(Math.max(needed, this.#memory.length * 2)) : this.#memory;
    this.#memory.copy(memory, 0, this.at, this.end);
    memory.set(chunk, kept);
    this.#memory = memory;
    this.at = 0;
    this.end = kept + chunk.length;
    this.#countedTo = 0;
    this.#show();
    if (!this.#started && this.end >= 3) {
      this.#started = true;
      if (memory[0] === 0xef && memory[1] === 0xbb && memory[2] === 0xbf) this.at = 3;
    }
  }

  #show(): void {
    this.#memory[this.end] = 0;
    this.bytes = this.#memory.subarray(0, this.end + 1);
  }

  /** The line, from 1, that an offset not before the last one asked for is on. */
  lineOf(offset: number): number {
    let line = this.#line;
    for (let p = this.#countedTo; ; p++) {
      p = this.bytes.indexOf(lf, p);
      if (p < 0 || p >= offset) break;
      line++;
    }
    this.#line = line;
    this.#countedTo = offset;
    return line;
  }

  /** The offset of the first LF at or behind an offset, or -1: there is none yet. */
  lineEnd(offset: number): number {
    return this.bytes.indexOf(lf, offset);
  }

  /** When `skipping`: goes behind the line's end, or, when it is not here yet, behind all there is. */
  skipLine(): void {
    const lineEnd = this.lineEnd(this.at);
    this.skipping = lineEnd < 0 && !this.final;
    this.at = lineEnd < 0 ? this.end : lineEnd + 1;
  }

  /** Bytes as text, for people: what is not UTF-8 is shown as U+FFFD, and so is NUL, which not every warehouse can store. */
  shown(from: number, to: number): string {
    return this.bytes.toString('utf8', from, to).replaceAll('\0', '\ufffd');
  }
}
