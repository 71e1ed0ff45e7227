// Proves a JSON file clean: each line is one object whose values DuckDB's read_json reads exactly as the exact reader does.
// Chunks in; rows and the forms of the values out, or that the file is not clean, which only means that the exact reader
// must read it.
import { leftBrace, lf } from './byte-classes.ts';
import { JsonParser, kinds } from './json-parser.ts';
import { afterBlanks } from './json-records.ts';
import { forms, provableForm } from './provable.ts';
import type { RecordFormat } from './record-format.ts';
import { blockLines, type Shape, shapeOf } from './shape.ts';
import { maxRecordBytes, Window } from './window.ts';

/** DuckDB's buffers are of 16 MiB. */
const readAtOnceBytes = 8 * 1024 * 1024;
const maxShapes = 8;
const maxLearned = 64;
/** Of longer lines no shape is made: it would fit no other line, and making it could take more stack than there is. */
const maxShapeBytes = 1 << 16;

export class LineCheck {
  rows = 0;
  clean = true;
  /** By column: the forms of its values in this file, see `forms`. */
  forms: Uint8Array;
  readonly #window = new Window();
  #bytes = 0;
  #lastByte = lf;
  readonly #parser: JsonParser;
  /** The one used last first; kept from file to file. */
  #shapes: Shape[] = [];
  #learned = 0;
  #byShape = 0;
  #byParser = 0;
  /** Lines in a row that had the first shape: after two, blocks of lines are tried. */
  #streak = 0;
  #counted: Shape | undefined;

  constructor(readonly format: RecordFormat) {
    this.#parser = new JsonParser(format.columns, false);
    this.forms = new Uint8Array(format.columns.length);
  }

  /** Begins another file. */
  open(): void {
    this.rows = 0;
    this.clean = true;
    this.forms = new Uint8Array(this.format.columns.length);
    this.#counted = undefined;
    this.#streak = 0;
    this.#bytes = 0;
    this.#lastByte = lf;
    this.#window.open();
  }

  /** More than DuckDB reads at once, and the last line has no end. */
  get unended(): boolean {
    return this.#bytes > readAtOnceBytes && this.#lastByte !== lf;
  }

  /** The file's next bytes; undefined: its end. To no purpose when `clean` is false. */
  take(chunk: Uint8Array | undefined): void {
    const window = this.#window;
    window.fill(chunk);
    this.#bytes += chunk?.length ?? 0;
    this.#lastByte = chunk?.at(-1) ?? this.#lastByte;
    // read_json refuses a byte-order mark, which the window has passed over; and the exact reader refuses a line this long.
    if (chunk !== undefined && (window.at > 0 || this.#longFirstLine())) this.clean = false;
    const lineEnd = window.final ? window.end : window.bytes.lastIndexOf(lf, window.end - 1) + 1;
    if (this.clean && lineEnd > window.at) this.clean = this.#lines(lineEnd);
    window.at = Math.max(window.at, lineEnd);
  }

  #longFirstLine(): boolean {
    const { at, end } = this.#window;
    if (end - at <= maxRecordBytes) return false;
    const lineEnd = this.#window.lineEnd(at);
    return lineEnd < 0 || lineEnd - at > maxRecordBytes;
  }

  /** Whole lines of the window, the file's last one perhaps without its end. */
  #lines(end: number): boolean {
    const { bytes, at } = this.#window;
    this.#parser.look(bytes);
    const text = `${bytes.toString('latin1', at, end)}${bytes[end - 1] === lf ? '' : '\n'}`;
    for (let p = 0; p < text.length; ) {
      const next = this.#shaped(text, p) || this.#parsed(text, p, at);
      if (next === 0) return false;
      p = next;
    }
    return true;
  }

  /** The offset behind the lines at `p` that have a known shape; 0: none has. */
  #shaped(text: string, p: number): number {
    const [first] = this.#shapes;
    if (first === undefined) return 0;
    if (this.#streak >= 2) {
      const next = match(first.block, text, p);
      if (next > 0) return this.#count(first, blockLines, next);
      this.#streak = 0;
    }
    for (const [index, shape] of this.#shapes.entries()) {
      const next = match(shape.line, text, p);
      if (next === 0) continue;
      this.#streak++;
      if (index > 0) {
        this.#shapes.splice(index, 1);
        this.#shapes.unshift(shape);
        this.#streak = 0;
      }
      return this.#count(shape, 1, next);
    }
    return 0;
  }

  #count(shape: Shape, lines: number, next: number): number {
    this.rows += lines;
    this.#byShape += lines;
    if (this.#counted !== shape) {
      this.#counted = shape;
      for (const [index, form] of shape.forms.entries()) this.forms[index] = (this.forms[index] ?? 0) | form;
    }
    return next;
  }

  /** The offset behind the line at `p` when its one object is provable, or it is blank; 0: neither. `offset` is the text's in the window. */
  #parsed(text: string, p: number, offset: number): number {
    const { bytes } = this.#window;
    const lineEnd = text.indexOf('\n', p);
    const start = afterBlanks(bytes, offset + p);
    if (start >= offset + lineEnd) return lineEnd + 1;
    if (bytes[start] !== leftBrace) return 0;
    const parser = this.#parser;
    const end = parser.parse(start);
    if (end < 0 || end > offset + lineEnd || end - start > maxRecordBytes || afterBlanks(bytes, end) < offset + lineEnd) return 0;
    if (parser.fault !== undefined || parser.empty || parser.repeated) return 0;
    const found = this.#provable();
    if (!found) return 0;
    this.rows++;
    this.#byParser++;
    for (const [index, form] of found.entries()) this.forms[index] = (this.forms[index] ?? 0) | form;
    this.#learn(text.slice(p, lineEnd), found);
    return lineEnd + 1;
  }

  /** The form of each column's value in the record parsed last; undefined: one is not provable. */
  #provable(): Uint8Array | undefined {
    const parser = this.#parser;
    const found = new Uint8Array(this.format.types.length);
    for (const [index, type] of this.format.types.entries()) {
      const kind = parser.kind[index] ?? 0;
      const [start, end] = [parser.start[index] ?? 0, parser.end[index] ?? 0];
      if (kind <= kinds.null) continue;
      // Most values are short texts: they need no decoding.
      if (kind === kinds.plain && type.kind === 'text' && (type.maxBytes === undefined || end - start <= type.maxBytes)) {
        found[index] = forms.string;
        continue;
      }
      const form = provableForm(type, kind, kind === kinds.nested ? '' : parser.text(kind, start, end));
      if (form === undefined) return undefined;
      found[index] = form;
    }
    return found;
  }

  #learn(line: string, found: Uint8Array): void {
    // Where nearly every line has a shape of its own, trying the known ones is work for nothing.
    if (this.#byParser > 200 + this.#byShape) this.#shapes = [];
    else if (this.#learned < maxLearned && line.length <= maxShapeBytes) {
      this.#learned++;
      const shape = shapeOf(line, this.format.columns, this.format.types, found);
      if (shape === undefined || this.#shapes.some((known) => known.source === shape.source)) return;
      this.#shapes = [shape, ...this.#shapes].slice(0, maxShapes);
      this.#streak = 0;
    }
  }
}

/** The offset behind the match at `p`; 0: there is none. */
function match(pattern: RegExp, text: string, p: number): number {
  pattern.lastIndex = p;
  try {
    return pattern.test(text) ? pattern.lastIndex : 0;
  } catch (cause) {
    // A line too long for the regular expression's stack.
    if (cause instanceof RangeError) return 0;
    throw cause;
  }
}
