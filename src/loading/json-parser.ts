// One JSON object in a window of bytes: checks all of it, and notes where the values that columns want begin and end. Exact
// where JSON.parse is not: numbers keep their digits, duplicate keys are seen, bad text is told from bad syntax, and no value
// is built that nobody wants.
import type { TargetColumn } from '../core/copy.ts';
import * as is from './byte-classes.ts';

/**
 * What stands at a value. Numbers: an 'integer' is digits alone, a 'decimal' has a point, a 'power' an exponent. A 'plain'
 * string has no escape: its bytes are its text.
 */
export const kinds = { missing: 0, null: 1, true: 2, false: 3, integer: 4, decimal: 5, power: 6, plain: 7, escaped: 8, nested: 9 } as const;

/** Reasons for which a record is refused as a whole. */
export const faults = {
  syntax: 'malformed JSON',
  notObject: 'not a JSON object',
  depth: 'nested too deeply',
  nul: 'a NUL character',
  surrogate: 'a lone surrogate',
  utf8: 'invalid UTF-8',
} as const;

/** Deeper than data is; it bounds the stack, and the work that records cut off by the end of a file can cause. */
const maxDepth = 500;

/** A place in records that columns take values from. */
interface Wanted {
  /** Columns that take the value itself. */
  readonly columns: number[];
  /** Columns that take something inside it. */
  readonly below: number[];
  readonly keys: Map<string, Wanted>;
  readonly items: Map<number, Wanted>;
}

/** A key as last seen at this position among the record's keys: records tend to repeat their keys in order. */
interface SeenKey {
  readonly bytes: Uint8Array;
  readonly wanted: Wanted | undefined;
}

const emptyPlace = (): Wanted => ({ columns: [], below: [], keys: new Map(), items: new Map() });

function places(columns: readonly TargetColumn[]): Wanted {
  const root = emptyPlace();
  for (const [index, { path }] of columns.entries()) {
    let place = root;
    for (const step of path ?? []) {
      if (place !== root) place.below.push(index);
      const next = (typeof step === 'string' ? place.keys.get(step) : place.items.get(step)) ?? emptyPlace();
      if (typeof step === 'string') place.keys.set(step, next);
      else place.items.set(step, next);
      place = next;
    }
    if (place !== root) place.columns.push(index);
  }
  return root;
}

export class JsonParser {
  /** Of the last record, by column: what stands there (`kinds`), and where; for strings, between the quotes. */
  readonly kind: Uint8Array;
  readonly start: Int32Array;
  readonly end: Int32Array;
  /** The record's text is at fault, though its syntax is not. */
  fault: string | undefined;
  /** The record has no member. */
  empty = true;
  /** A column's key came twice. */
  repeated = false;
  /** After -1: where it went wrong, and why. At or beyond the window's end: more bytes may mend it. */
  errorAt = 0;
  error: string = faults.syntax;

  #bytes: Buffer = Buffer.alloc(1);
  #escaped = false;
  #found: number = kinds.missing;
  readonly #root: Wanted;
  readonly #seen: SeenKey[] = [];

  /** `foldKeys`: top-level keys match in lower case, whatever theirs. */
  constructor(
    columns: readonly TargetColumn[],
    readonly foldKeys: boolean,
  ) {
    this.#root = places(columns);
    this.kind = new Uint8Array(columns.length);
    this.start = new Int32Array(columns.length);
    this.end = new Int32Array(columns.length);
  }

  /** The window: a NUL byte must follow its last byte, where scanning stops. */
  look(bytes: Buffer): void {
    this.#bytes = bytes;
  }

  /** `at` is the object's brace. Returns the offset behind the object, or -1. */
  parse(at: number): number {
    this.kind.fill(kinds.missing);
    this.fault = undefined;
    this.empty = true;
    this.repeated = false;
    this.error = faults.syntax;
    const bytes = this.#bytes;
    let p = this.#blanks(at + 1);
    if (bytes[p] === is.rightBrace) return p + 1;
    this.empty = false;
    for (let member = 0; ; member++) {
      if (bytes[p] !== is.quote) return this.#stop(p);
      const from = p + 1;
      const seen = this.#seen[member];
      let wanted: Wanted | undefined;
      if (seen !== undefined && this.#sameKey(seen.bytes, from)) {
        p = from + seen.bytes.length + 1;
        wanted = seen.wanted;
      } else {
        const to = this.#string(from);
        if (to < 0) return -1;
        wanted = this.#root.keys.get(this.#key(from, to, this.foldKeys));
        // A key with a fault is not remembered: the fault must be found again.
        if (member < 1000 && to - from < 256 && this.fault === undefined)
          this.#seen[member] = { bytes: Uint8Array.from(bytes.subarray(from, to)), wanted };
        p = to + 1;
      }
      if (bytes[p] !== is.colon) {
        p = this.#blanks(p);
        if (bytes[p] !== is.colon) return this.#stop(p);
      }
      p = this.#value(this.#blanks(p + 1), wanted, 1);
      if (p < 0) return -1;
      p = this.#blanks(p);
      const next = bytes[p];
      if (next === is.rightBrace) return p + 1;
      if (next !== is.comma) return this.#stop(p);
      p = this.#blanks(p + 1);
    }
  }

  #stop(p: number, error: string = faults.syntax): -1 {
    this.errorAt = p;
    this.error = error;
    return -1;
  }

  #blanks(at: number): number {
    const bytes = this.#bytes;
    let p = at;
    for (;;) {
      const b = bytes[p] ?? 0;
      if (b > is.space || (b !== is.space && b !== is.lf && b !== is.cr && b !== is.tab)) return p;
      p++;
    }
  }

  #sameKey(key: Uint8Array, from: number): boolean {
    const bytes = this.#bytes;
    const length = key.length;
    if (bytes[from + length] !== is.quote) return false;
    for (let i = 0; i < length; i++) if (key[i] !== bytes[from + i]) return false;
    return true;
  }

  #key(from: number, to: number, fold: boolean): string {
    const text = this.text(this.#escaped ? kinds.escaped : kinds.plain, from, to);
    return fold ? text.toLowerCase() : text;
  }

  /** What a value's bytes say, as text: a string's characters, and for all else the token as written. */
  text(kind: number, from: number, to: number): string {
    const text = this.#bytes.toString('utf8', from, to);
    // The scanner has checked the escapes. Of a record at fault no value is wanted, and its bytes may be more than JSON.parse takes.
    return kind === kinds.escaped && this.fault === undefined ? JSON.parse(`"${text}"`) : text;
  }

  #value(at: number, wanted: Wanted | undefined, depth: number): number {
    const end = wanted !== undefined && wanted.below.length > 0 ? this.#inside(at, wanted, depth) : this.#any(at, depth);
    if (end < 0 || wanted === undefined) return end;
    const inner = this.#found === kinds.plain || this.#found === kinds.escaped ? 1 : 0;
    const columns = wanted.columns;
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i] ?? 0;
      if (this.kind[column] !== kinds.missing) this.repeated = true;
      this.kind[column] = this.#found;
      this.start[column] = at + inner;
      this.end[column] = end - inner;
    }
    return end;
  }

  /** Any value; sets #found. Returns the offset behind it, or -1. */
  #any(at: number, depth: number): number {
    const bytes = this.#bytes;
    const first = bytes[at] ?? 0;
    if (first === is.quote) {
      const to = this.#string(at + 1);
      if (to < 0) return -1;
      this.#found = this.#escaped ? kinds.escaped : kinds.plain;
      return to + 1;
    }
    if (first === is.minus || (first >= is.zero && first <= is.nine)) return this.#number(at);
    switch (first) {
      case is.leftBrace:
      case is.leftBracket:
        return this.#inside(at, undefined, depth);
      case 0x6e:
        this.#found = kinds.null;
        return this.#word(at, 0x75, 0x6c, 0x6c);
      case 0x74:
        this.#found = kinds.true;
        return this.#word(at, 0x72, 0x75, 0x65);
      case 0x66: {
        const end = this.#word(at + 1, 0x6c, 0x73, 0x65);
        this.#found = kinds.false;
        return bytes[at + 1] === 0x61 ? end : this.#stop(at + 1);
      }
      default:
        return this.#stop(at);
    }
  }

  #word(at: number, second: number, third: number, fourth: number): number {
    const bytes = this.#bytes;
    if (bytes[at + 1] !== second) return this.#stop(at + 1);
    if (bytes[at + 2] !== third) return this.#stop(at + 2);
    if (bytes[at + 3] !== fourth) return this.#stop(at + 3);
    return at + 4;
  }

  #number(at: number): number {
    const bytes = this.#bytes;
    let p = bytes[at] === is.minus ? at + 1 : at;
    this.#found = kinds.integer;
    if (bytes[p] === is.zero) p++;
    else {
      p = this.#digits(p);
      if (p < 0) return -1;
    }
    if (bytes[p] === is.dot) {
      this.#found = kinds.decimal;
      p = this.#digits(p + 1);
      if (p < 0) return -1;
    }
    if (((bytes[p] ?? 0) | 0x20) === 0x65) {
      this.#found = kinds.power;
      const sign = bytes[p + 1];
      p = this.#digits(sign === is.minus || sign === 0x2b ? p + 2 : p + 1);
    }
    return p;
  }

  /** One digit or more. */
  #digits(at: number): number {
    const bytes = this.#bytes;
    let p = at;
    for (;;) {
      const b = bytes[p] ?? 0;
      if (b < is.zero || b > is.nine) break;
      p++;
    }
    return p === at ? this.#stop(p) : p;
  }

  /** `at` is behind the opening quote. Returns the offset of the closing one, or -1; sets #escaped, and `fault` for bad text. */
  #string(at: number): number {
    const bytes = this.#bytes;
    this.#escaped = false;
    let p = at;
    for (;;) {
      let b = bytes[p] ?? 0;
      while (is.plainInString[b] === 1) {
        p++;
        b = bytes[p] ?? 0;
      }
      if (b === is.quote) return p;
      if (b === is.backslash) {
        this.#escaped = true;
        p = this.#escape(p + 1);
        if (p < 0) return -1;
      } else if (b >= 0x80) {
        const length = is.utf8Length(bytes, p);
        // At the window's end a cut-off sequence runs into the NUL, and the string is read again with more bytes.
        if (length === 0) this.fault ??= faults.utf8;
        p += length || 1;
      } else if (b === 0 && p < bytes.length - 1) {
        this.fault ??= faults.nul;
        p++;
      } else return this.#stop(p);
    }
  }

  /** `at` is behind the backslash. Returns the offset behind the escape, or -1. */
  #escape(at: number): number {
    const bytes = this.#bytes;
    switch (bytes[at]) {
      case is.quote:
      case is.backslash:
      case 0x2f: // '/'
      case 0x62: // b
      case 0x66: // f
      case 0x6e: // n
      case 0x72: // r
      case 0x74: // t
        return at + 1;
      case 0x75: // u
        break;
      default:
        return this.#stop(at);
    }
    const unit = this.#hex(at + 1);
    if (unit < 0) return -1;
    if (unit === 0) this.fault ??= faults.nul;
    if (unit < 0xd800 || unit > 0xdfff) return at + 5;
    if (unit > 0xdbff || bytes[at + 5] !== is.backslash || bytes[at + 6] !== 0x75) {
      this.fault ??= faults.surrogate;
      return at + 5;
    }
    const low = this.#hex(at + 7);
    if (low < 0) return -1;
    if (low >= 0xdc00 && low <= 0xdfff) return at + 11;
    // The second escape is looked at again: it may be a NUL, or begin a pair.
    this.fault ??= faults.surrogate;
    return at + 5;
  }

  #hex(at: number): number {
    const bytes = this.#bytes;
    let value = 0;
    for (let p = at; p < at + 4; p++) {
      const digit = is.hexValue[bytes[p] ?? 0] ?? 255;
      if (digit === 255) return this.#stop(p);
      value = value * 16 + digit;
    }
    return value;
  }

  /** An object or array with all that is in it; `wanted` says what columns take from it. Sets #found. */
  #inside(at: number, wanted: Wanted | undefined, depth: number): number {
    // A key that comes again replaces what its first value gave.
    if (wanted !== undefined) for (const column of wanted.below) this.kind[column] = kinds.missing;
    const bytes = this.#bytes;
    const open = bytes[at];
    if (open !== is.leftBrace && open !== is.leftBracket) return this.#any(at, depth);
    if (depth >= maxDepth) return this.#stop(at, faults.depth);
    const close = open === is.leftBrace ? is.rightBrace : is.rightBracket;
    let p = this.#blanks(at + 1);
    if (bytes[p] === close) {
      this.#found = kinds.nested;
      return p + 1;
    }
    for (let item = 0; ; item++) {
      let inner: Wanted | undefined;
      if (open === is.leftBrace) {
        if (bytes[p] !== is.quote) return this.#stop(p);
        const to = this.#string(p + 1);
        if (to < 0) return -1;
        inner = wanted?.keys.get(this.#key(p + 1, to, false));
        p = this.#blanks(to + 1);
        if (bytes[p] !== is.colon) return this.#stop(p);
        p = this.#blanks(p + 1);
      } else inner = wanted?.items.get(item);
      p = this.#value(p, inner, depth + 1);
      if (p < 0) return -1;
      p = this.#blanks(p);
      if (bytes[p] === close) {
        this.#found = kinds.nested;
        return p + 1;
      }
      if (bytes[p] !== is.comma) return this.#stop(p);
      p = this.#blanks(p + 1);
    }
  }
}
