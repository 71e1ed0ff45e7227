// JSON records: the window's bytes in, rows and rejects out. Records stand one behind the other with blanks between or none;
// each becomes a row, a reject, or nothing when it is an empty object.
import type { TargetColumn } from '../core/copy.ts';
import { type Batch, tooLarge } from './batch.ts';
import { cr, dot, leftBrace, lf, minus, nine, space, tab, zero } from './byte-classes.ts';
import type { ColumnType } from './column-types.ts';
import { convert, type Refusal, type ValueKind, wholeCharacters } from './convert.ts';
import { faults, JsonParser, kinds } from './json-parser.ts';
import { maxRecordBytes, type Window } from './window.ts';

/** By the parser's kinds. */
const valueKinds: readonly ValueKind[] = ['word', 'word', 'word', 'word', 'number', 'number', 'number', 'string', 'string', 'nested'];

/** A numeral without exponent of so many bytes is a double, neither too large nor too small. */
const safeFloatBytes = 17;

export class JsonRecords {
  readonly #parser: JsonParser;

  constructor(
    readonly columns: readonly TargetColumn[],
    readonly types: readonly ColumnType[],
    readonly truncate: boolean,
    foldKeys: boolean,
  ) {
    this.#parser = new JsonParser(columns, foldKeys);
  }

  /** Takes whole records off the window's front, until the window must be filled or the batch is full. */
  read(window: Window, batch: Batch, file: string): void {
    const parser = this.#parser;
    const bytes = window.bytes;
    parser.look(bytes);
    if (window.skipping) window.skipLine();
    while (!batch.full) {
      const start = afterBlanks(bytes, window.at);
      window.at = start;
      if (start >= window.end) return;
      if (bytes[start] !== leftBrace) {
        if (!batch.refuseLine(window, file, start, faults.notObject)) return;
        continue;
      }
      const end = parser.parse(start);
      const readTo = end < 0 ? Math.min(parser.errorAt, window.end) : end;
      if (readTo - start > maxRecordBytes) {
        if (!batch.refuseLine(window, file, start, tooLarge)) return;
      } else if (end < 0) {
        if (parser.errorAt >= window.end && !window.final) return;
        if (!batch.refuseLine(window, file, start, parser.error)) return;
      } else {
        if (!parser.empty) this.#record(window, batch, file, start, end);
        window.at = end;
      }
    }
  }

  #record(window: Window, batch: Batch, file: string, start: number, end: number): void {
    const parser = this.#parser;
    if (parser.fault !== undefined) {
      batch.refuse(window, file, start, end, parser.fault);
      return;
    }
    for (let column = 0; column < this.columns.length; column++) {
      const refusal = this.#put(column, window.bytes, batch);
      if (!refusal) continue;
      batch.csv.dropRow();
      const value = parser.text(parser.kind[column] ?? 0, parser.start[column] ?? 0, parser.end[column] ?? 0);
      batch.refuse(window, file, start, end, refusal.reason, this.columns[column]?.name ?? '', value);
      return;
    }
    batch.csv.endRow();
  }

  /** Common values go over as the bytes they are; all others through `convert`, which decides alone what is refused. */
  #put(column: number, bytes: Buffer, batch: Batch): Refusal | undefined {
    const parser = this.#parser;
    const kind = parser.kind[column] ?? 0;
    const type = this.types[column];
    const csv = batch.csv;
    if (kind <= kinds.null || type === undefined) {
      csv.null();
      return undefined;
    }
    const start = parser.start[column] ?? 0;
    const end = parser.end[column] ?? 0;
    const isNumeral = kind === kinds.integer || kind === kinds.decimal;
    if (type.kind === 'text') {
      // Escaped, a text is never shorter.
      if (kind === kinds.escaped && (type.maxBytes === undefined || end - start <= type.maxBytes)) {
        csv.unescaped(bytes, start, end);
        return undefined;
      }
      if (kind === kinds.plain || isNumeral) {
        if (type.maxBytes === undefined || end - start <= type.maxBytes) {
          csv.bytes(bytes, start, end);
          return undefined;
        }
        if (this.truncate) {
          csv.bytes(bytes, start, wholeCharacters(bytes, start, type.maxBytes));
          return undefined;
        }
      }
    } else if (type.kind === 'integer' && (isNumeral || kind === kinds.plain)) {
      const wholeEnd = endOfWhole(bytes, start, end);
      if (wholeEnd > start && wholeEnd - start <= type.safeDigits) {
        csv.bytes(bytes, start, wholeEnd);
        return undefined;
      }
    } else if (type.kind === 'float' && !type.single && isNumeral && end - start <= safeFloatBytes) {
      csv.bytes(bytes, start, end);
      return undefined;
    }
    const text = parser.text(kind, start, end);
    const raw = kind === kinds.plain || kind === kinds.escaped ? bytes.toString('utf8', start - 1, end + 1) : text;
    const converted = convert(type, valueKinds[kind] ?? 'string', text, this.truncate, raw);
    if (converted === null) csv.null();
    else if (typeof converted === 'string') csv.text(converted);
    else return converted;
    return undefined;
  }
}

/** The first offset at or behind `at` that holds no JSON blank. */
export function afterBlanks(bytes: Uint8Array, at: number): number {
  let p = at;
  for (;;) {
    const b = bytes[p];
    if (b !== lf && b !== cr && b !== space && b !== tab) return p;
    p++;
  }
}

/** Where the digits end in '12', '-12' or '12.00'; `start` when it is anything else. */
function endOfWhole(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes[start] === minus ? start + 1 : start;
  let p = first;
  while (p < end && (bytes[p] ?? 0) >= zero && (bytes[p] ?? 0) <= nine) p++;
  if (p === first) return start;
  const wholeEnd = p;
  if (p === end) return wholeEnd;
  if (bytes[p] !== dot || p + 1 === end) return start;
  for (p++; p < end; p++) if (bytes[p] !== zero) return start;
  return wholeEnd;
}
