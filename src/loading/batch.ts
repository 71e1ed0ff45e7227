// What a reader has read: rows as CSV, and records refused. The two grow until the batch is full and is handed on.
import type { Reject } from '../core/copy.ts';
import { cr } from './byte-classes.ts';
import { CsvBytes } from './csv-bytes.ts';
import { shownValue } from './refused-record.ts';
import { maxRecordBytes, type Window } from './window.ts';

const fullBytes = 1 << 20;
const fullRejects = 1000;

/** Of a line longer than any record may be, this much is kept as the reject's raw text. */
const keptOfLongLine = 1 << 16;

export const tooLarge = `larger than ${maxRecordBytes / 1024 / 1024} MiB`;

export class Batch {
  readonly csv = new CsvBytes();
  #rejects: Reject[] = [];
  #rejectChars = 0;

  /** Time to hand it on. */
  get full(): boolean {
    return this.csv.length >= fullBytes || this.#rejects.length >= fullRejects || this.#rejectChars >= fullBytes;
  }

  get rejects(): number {
    return this.#rejects.length;
  }

  takeRejects(): readonly Reject[] {
    const taken = this.#rejects;
    this.#rejects = [];
    this.#rejectChars = 0;
    return taken;
  }

  /** A record from `start` to `end` of the window whose value for `column` was refused; both undefined: the record as a whole. */
  refuse(window: Window, file: string, start: number, end: number, reason: string, column?: string, value?: string): void {
    const raw = window.shown(start, end);
    this.#rejectChars += raw.length;
    this.#rejects.push({
      file,
      line: window.lineOf(start),
      ...(column !== undefined && { column }),
      ...(value !== undefined && { value: shownValue(value) }),
      reason,
      raw,
    });
  }

  /**
   * The record that begins at `start` cannot be read: what is left of its first line is the reject, and reading goes on at the
   * next. False: the line's end is not in the window yet, and nothing was done.
   */
  refuseLine(window: Window, file: string, start: number, reason: string): boolean {
    const lineEnd = window.lineEnd(start);
    const whole = lineEnd >= 0 || window.final;
    const end = lineEnd < 0 ? window.end : lineEnd;
    const long = end - start > maxRecordBytes;
    if (!whole && !long) return false;
    const shownTo = long ? start + keptOfLongLine : window.bytes[end - 1] === cr ? end - 1 : end;
    this.refuse(window, file, start, shownTo, reason);
    window.at = lineEnd < 0 ? end : lineEnd + 1;
    window.skipping = !whole;
    return true;
  }
}
