// Design's rules for JSON files a second time: slow, over the whole file at once, and written without a look at the exact
// reader. Tests compare the two.
import { gunzipSync } from 'node:zlib';

export interface NaiveColumn {
  readonly name: string;
  readonly type: string;
  readonly path: readonly (string | number)[];
}

export type NaiveCell = null | string | bigint | number;

export interface NaiveResult {
  readonly rows: readonly (readonly NaiveCell[])[];
  readonly rejects: readonly { readonly line: number; readonly column: string | undefined; readonly raw: string }[];
}

interface Text {
  readonly is: 'text';
  readonly value: string;
  readonly token: string;
}
interface Num {
  readonly is: 'number';
  readonly token: string;
}
interface Word {
  readonly is: 'true' | 'false' | 'null';
}
interface List {
  readonly is: 'list';
  readonly items: readonly Json[];
  readonly token: string;
}
interface Obj {
  readonly is: 'object';
  readonly members: readonly (readonly [string, Json])[];
  readonly token: string;
}
type Json = Text | Num | Word | List | Obj;

class Malformed extends Error {}

/** The file as one string, a character a byte: so that every byte keeps its place. */
class Descent {
  bad = false;
  p = 0;
  constructor(readonly s: string) {}

  blanks(): void {
    while (this.p < this.s.length && ' \t\r\n'.includes(this.s[this.p] ?? '')) this.p++;
  }

  take(token: string): boolean {
    if (!this.s.startsWith(token, this.p)) return false;
    this.p += token.length;
    return true;
  }

  value(depth: number): Json {
    const from = this.p;
    if (this.take('null')) return { is: 'null' };
    if (this.take('true')) return { is: 'true' };
    if (this.take('false')) return { is: 'false' };
    const c = this.s[this.p];
    if (c === '"') {
      const value = this.string();
      return { is: 'text', value, token: utf8(this.s.slice(from, this.p)) };
    }
    if (c === '{' || c === '[') {
      if (depth >= 500) throw new Malformed();
      return c === '{' ? this.object(depth) : this.list(depth);
    }
    const number = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/.exec(this.s.slice(this.p, this.p + 400));
    if (!number) throw new Malformed();
    this.p += number[0].length;
    return { is: 'number', token: number[0] };
  }

  object(depth: number): Obj {
    const from = this.p;
    const members: [string, Json][] = [];
    this.take('{');
    this.blanks();
    if (!this.take('}')) {
      do {
        this.blanks();
        if (this.s[this.p] !== '"') throw new Malformed();
        const key = this.string();
        this.blanks();
        if (!this.take(':')) throw new Malformed();
        this.blanks();
        members.push([key, this.value(depth + 1)]);
        this.blanks();
      } while (this.take(','));
      if (!this.take('}')) throw new Malformed();
    }
    return { is: 'object', members, token: utf8(this.s.slice(from, this.p)) };
  }

  list(depth: number): List {
    const from = this.p;
    const items: Json[] = [];
    this.take('[');
    this.blanks();
    if (!this.take(']')) {
      do {
        this.blanks();
        items.push(this.value(depth + 1));
        this.blanks();
      } while (this.take(','));
      if (!this.take(']')) throw new Malformed();
    }
    return { is: 'list', items, token: utf8(this.s.slice(from, this.p)) };
  }

  string(): string {
    this.take('"');
    let text = '';
    let run = '';
    const flush = (): void => {
      const decoded = utf8(run);
      if (Buffer.from(decoded).toString('latin1') !== run) this.bad = true;
      text += decoded;
      run = '';
    };
    for (;;) {
      const c = this.s[this.p++];
      if (c === undefined) throw new Malformed();
      if (c === '"') break;
      if (c === '\0') this.bad = true;
      else if (c < ' ') throw new Malformed();
      if (c !== '\\') {
        run += c;
        continue;
      }
      flush();
      const e = this.s[this.p++] ?? '';
      const simple: Record<string, string> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
      if (e in simple) text += simple[e];
      else if (e === 'u') {
        const digits = this.s.slice(this.p, this.p + 4);
        if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw new Malformed();
        this.p += 4;
        text += String.fromCharCode(Number.parseInt(digits, 16));
      } else throw new Malformed();
    }
    flush();
    if (text.includes('\0') || /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text)) this.bad = true;
    return text;
  }
}

const utf8 = (latin1: string): string => Buffer.from(latin1, 'latin1').toString('utf8');

export function naiveRead(file: Uint8Array, columns: readonly NaiveColumn[], truncate: boolean): NaiveResult {
  const bytes = file[0] === 0x1f && file[1] === 0x8b ? gunzipSync(file) : Buffer.from(file);
  const s = bytes.toString('latin1').replace(/^\xef\xbb\xbf/, '');
  const rows: NaiveCell[][] = [];
  const rejects: { line: number; column: string | undefined; raw: string }[] = [];
  const reader = new Descent(s);
  for (;;) {
    reader.blanks();
    const from = reader.p;
    if (from >= s.length) return { rows, rejects };
    const line = s.slice(0, from).split('\n').length;
    reader.bad = false;
    let record: Json;
    try {
      if (s[from] !== '{') throw new Malformed();
      record = reader.object(0);
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      const lineEnd = s.indexOf('\n', from);
      reader.p = lineEnd < 0 ? s.length : lineEnd + 1;
      rejects.push({ line, column: undefined, raw: shown(s.slice(from, lineEnd < 0 ? s.length : lineEnd).replace(/\r$/, '')) });
      continue;
    }
    const raw = shown(s.slice(from, reader.p));
    if (reader.bad) {
      rejects.push({ line, column: undefined, raw });
      continue;
    }
    if (record.is === 'object' && record.members.length === 0) continue;
    const cells = columns.map((column) => cell(pick(record, column.path), column.type, truncate));
    const wrong = cells.indexOf(undefined);
    if (wrong >= 0) rejects.push({ line, column: columns[wrong]?.name, raw });
    else rows.push(cells.map((one) => one ?? null));
  }
}

const shown = (latin1: string): string => utf8(latin1).replaceAll('\0', '\ufffd');

function pick(json: Json, path: readonly (string | number)[]): Json | undefined {
  let at: Json | undefined = json;
  for (const step of path) {
    if (typeof step === 'number') at = at?.is === 'list' ? at.items[step] : undefined;
    else at = at?.is === 'object' ? at.members.findLast(([key]) => key === step)?.[1] : undefined;
  }
  return at;
}

/** undefined: refused. Numbers are compared as numbers: bigint, or a double; decimals as their value times 10^scale. */
function cell(json: Json | undefined, type: string, truncate: boolean): NaiveCell | undefined {
  if (!json || json.is === 'null') return null;
  const written =
    json.is === 'text' ? json.value : json.is === 'number' || json.is === 'list' || json.is === 'object' ? json.token : json.is;
  const [, name = '', a = '0', b = '0'] = /^([a-z ]+)(?:\((\d+)(?:,(\d+))?\))?$/.exec(type) ?? [];
  if (name === 'varchar') {
    const limit = a === '0' ? Number.POSITIVE_INFINITY : Number(a);
    if (Buffer.byteLength(written) <= limit) return written;
    if (!truncate) return undefined;
    let cut = '';
    for (const character of written) {
      if (Buffer.byteLength(cut + character) > limit) break;
      cut += character;
    }
    return cut;
  }
  const text = json.is === 'text' ? written.replace(/^[ \t\n\r\f\v]+|[ \t\n\r\f\v]+$/g, '') : written;
  if (text === '') return null;
  if (json.is === 'list' || json.is === 'object') return undefined;
  if (name === 'boolean') {
    const word = text.toLowerCase();
    if (['true', 't', 'yes', 'y', 'on', '1'].includes(word)) return 'true';
    return ['false', 'f', 'no', 'n', 'off', '0'].includes(word) ? 'false' : undefined;
  }
  if (name === 'date') {
    const time = json.is === 'text' && /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
    return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text || text < '0001' ? undefined : text;
  }
  if (json.is === 'true' || json.is === 'false') return undefined;
  if (!/^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$/.test(text)) return undefined;
  if (name === 'double') {
    const value = Number(text);
    return !Number.isFinite(value) || (value === 0 && /^[^eE]*[1-9]/.test(text)) ? undefined : value;
  }
  // As a fraction of two integers.
  const [, sign, whole = '', fraction = '', exponent = '0'] = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  if (Math.abs(Number(exponent)) > 2000)
    return /[1-9]/.test(whole + fraction) ? (name === 'decimal' && exponent.startsWith('-') ? 0n : undefined) : 0n;
  const power = Number(exponent) - fraction.length;
  const top = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n) * 10n ** BigInt(Math.max(power, 0));
  const bottom = 10n ** BigInt(Math.max(-power, 0));
  if (name === 'decimal') {
    const scaled = top * 10n ** BigInt(b);
    const half = scaled < 0n ? -bottom : bottom;
    const rounded = (2n * scaled + half) / (2n * bottom);
    return (rounded < 0n ? -rounded : rounded) < 10n ** BigInt(a) ? rounded : undefined;
  }
  const bits = { smallint: 15n, integer: 31n, bigint: 63n }[name] ?? 0n;
  if (top % bottom !== 0n) return undefined;
  const value = top / bottom;
  return value >= -(2n ** bits) && value < 2n ** bits ? value : undefined;
}
