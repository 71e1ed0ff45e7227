// One value of a file into one column: text and the column's type in; out comes the text that every warehouse reads as
// that value, NULL, or why it is refused. JSON and CSV share it, so both mean the same by a number, a date or a blank.
import type { ColumnType } from './column-types.ts';

/** `word` is true or false; `nested` is an object or array, its text as written. CSV has only strings. */
export type ValueKind = 'string' | 'number' | 'word' | 'nested';

export interface Refusal {
  readonly reason: string;
}

const because = (reason: string): Refusal => ({ reason });

const blanks = /^[ \t\n\r\f\v]+|[ \t\n\r\f\v]+$/g;
const numeral = /^([+-]?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/;

/** `raw` is the token as written, which a json column keeps; for all but JSON strings it is the text itself. */
export function convert(type: ColumnType, kind: ValueKind, text: string, truncate: boolean, raw = text): string | null | Refusal {
  if (type.kind === 'text') return fitted(text, type.maxBytes, truncate) ?? because(`too long for ${type.name}`);
  const trimmed = kind === 'string' ? text.replace(blanks, '') : text;
  if (trimmed === '') return null;
  if (type.kind === 'json') return raw === text && kind === 'string' && !isJson(text) ? because('not JSON') : raw;
  if (kind === 'nested') return because(`an object or array, where ${type.name} is wanted`);
  switch (type.kind) {
    case 'integer':
      return kind === 'word' ? because('not a number') : wholeNumber(trimmed, type.min, type.max, type.name);
    case 'decimal':
      return kind === 'word' ? because('not a number') : decimal(trimmed, type.precision, type.scale, type.name);
    case 'float':
      return kind === 'word' ? because('not a number') : float(trimmed, type.single, type.name);
    case 'boolean':
      return truth(trimmed);
    default:
      return kind === 'string' ? instant(type.kind, trimmed) : noInstant(type.kind);
  }
}

/** Cut at a whole character when it may be; undefined: too long. */
function fitted(text: string, maxBytes: number | undefined, truncate: boolean): string | undefined {
  // A UTF-16 unit is at most three bytes, so most texts need no count.
  if (maxBytes === undefined || text.length * 3 <= maxBytes) return text;
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  return truncate ? bytes.toString('utf8', 0, wholeCharacters(bytes, 0, maxBytes)) : undefined;
}

/** The end of the longest run of whole UTF-8 characters that begins at `start` and takes at most `maxBytes`; more bytes than that follow. */
export function wholeCharacters(bytes: Uint8Array, start: number, maxBytes: number): number {
  let end = start + maxBytes;
  while (end > start && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return end;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

interface Digits {
  readonly negative: boolean;
  /** Without leading zeros; empty for zero. The value is digits × 10^power. */
  readonly digits: string;
  readonly power: number;
}

function parseDigits(text: string): Digits | undefined {
  const [all, sign, whole = '', fraction = '', exponent = '0'] = numeral.exec(text) ?? [];
  if (all === undefined) return undefined;
  const digits = (whole + fraction).replace(/^0+/, '');
  return { negative: sign === '-', digits, power: digits === '' ? 0 : Number(exponent) - fraction.length };
}

function wholeNumber(text: string, min: bigint, max: bigint, name: string): string | Refusal {
  const parsed = parseDigits(text);
  if (!parsed) return because('not a number');
  const { negative, digits, power } = parsed;
  if (digits === '') return '0';
  const zeros = /0*$/.exec(digits)?.[0].length ?? 0;
  if (power < -zeros) return because('not a whole number');
  // No integer type has 40 digits; without this a numeral of a megabyte would be multiplied out.
  if (digits.length + power > 40) return because(`out of range for ${name}`);
  const size = BigInt(power < 0 ? digits.slice(0, power) : digits + '0'.repeat(power));
  const value = negative ? -size : size;
  return value < min || value > max ? because(`out of range for ${name}`) : String(value);
}

/** Rounded half away from zero, as the warehouses cast. */
function decimal(text: string, precision: number | undefined, scale: number, name: string): string | Refusal {
  const parsed = parseDigits(text);
  if (!parsed) return because('not a number');
  const { negative, digits, power } = parsed;
  const outOfRange = because(`out of range for ${name}`);
  if (digits === '') return '0';
  if (digits.length + power > 1000) return outOfRange;
  if (precision === undefined) return power < -1000 ? outOfRange : placePoint(negative, digits, power);
  if (digits.length + power > precision - scale) return outOfRange;
  const kept = digits.length + power + scale;
  if (power >= -scale) return placePoint(negative, digits, power);
  if (kept < 0) return '0';
  const up = (digits[kept] ?? '0') >= '5' ? 1n : 0n;
  const rounded = String(BigInt(digits.slice(0, kept) || '0') + up);
  if (rounded === '0') return '0';
  return rounded.length > precision ? outOfRange : placePoint(negative, rounded, -scale);
}

function placePoint(negative: boolean, digits: string, power: number): string {
  const sign = negative ? '-' : '';
  if (power >= 0) return sign + digits + '0'.repeat(power);
  const padded = digits.padStart(1 - power, '0');
  return `${sign}${padded.slice(0, power)}.${padded.slice(power)}`;
}

function float(text: string, single: boolean, name: string): string | Refusal {
  if (!numeral.test(text)) return because('not a number');
  const double = Number(text);
  const value = single ? Math.fround(double) : double;
  const vanished = value === 0 && /[1-9]/.test(text.replace(/[eE].*/, ''));
  if (!Number.isFinite(value) || vanished) return because(`out of range for ${name}`);
  return Object.is(value, -0) ? '-0' : String(value);
}

const truths: Readonly<Record<string, string>> = {
  ...Object.fromEntries(['true', 't', 'yes', 'y', 'on', '1'].map((word) => [word, 'true'])),
  ...Object.fromEntries(['false', 'f', 'no', 'n', 'off', '0'].map((word) => [word, 'false'])),
};

function truth(text: string): string | Refusal {
  const word = text.toLowerCase();
  return (Object.hasOwn(truths, word) ? truths[word] : undefined) ?? because('not true or false');
}

const clock = '([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.]([0-9]+))?)?';
const datePattern = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const timePattern = new RegExp(`^${clock}$`);
const timestampPattern = new RegExp(`^([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T]${clock} ?(Z|z|UTC|[+-][0-9]{2}(?::?[0-9]{2})?)?)?$`);

type InstantKind = 'date' | 'timestamp' | 'timestamptz' | 'time';

const noInstant = (kind: InstantKind): Refusal => because(kind === 'timestamptz' ? 'not a timestamp' : `not a ${kind}`);

function instant(kind: InstantKind, text: string): string | Refusal {
  const refused = noInstant(kind);
  switch (kind) {
    case 'date':
      return isDate(text) ? text : refused;
    case 'time': {
      const [all, hours, minutes, seconds, fraction] = timePattern.exec(text) ?? [];
      return (all !== undefined && clockText(hours, minutes, seconds, fraction)) || refused;
    }
    default: {
      const [, date = '', hours, minutes, seconds, fraction, zone] = timestampPattern.exec(text) ?? [];
      const time = clockText(hours, minutes, seconds, fraction);
      if (!isDate(date) || time === undefined) return refused;
      // A timestamp without a zone takes the clock as written and ignores a zone, as DuckDB, Postgres and Redshift do.
      if (kind === 'timestamp') return `${date} ${time}`;
      return inUtc(date, time, zone) ?? refused;
    }
  }
}

function isDate(text: string): boolean {
  const [all, year, month, day] = datePattern.exec(text) ?? [];
  if (all === undefined || year === '0000') return false;
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  const days = m === 2 ? (y % 4 === 0 && (y % 100 !== 0 || y % 400 === 0) ? 29 : 28) : [4, 6, 9, 11].includes(m) ? 30 : 31;
  return m >= 1 && m <= 12 && d >= 1 && d <= days;
}

/** To the microsecond; further digits are cut off. undefined: no such time of day. */
function clockText(hours = '00', minutes = '00', seconds = '00', fraction = ''): string | undefined {
  if (hours > '23' || minutes > '59' || seconds > '59') return undefined;
  const micros = fraction.slice(0, 6).replace(/0+$/, '');
  return `${hours}:${minutes}:${seconds}${micros === '' ? '' : `.${micros}`}`;
}

/** Without a zone the text is taken as UTC. */
function inUtc(date: string, time: string, zone: string | undefined): string | undefined {
  const [, sign, hours = '0', minutes = '0'] = /^([+-])([0-9]{2}):?([0-9]{2})?$/.exec(zone ?? '') ?? [];
  if (Number(hours) > 15 || Number(minutes) > 59) return undefined;
  const [clockPart = '', micros] = time.split('.');
  const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  const utc = new Date(Date.parse(`${date}T${clockPart}Z`) - offset);
  const year = utc.getUTCFullYear();
  if (year < 1 || year > 9999) return undefined;
  return `${utc.toISOString().slice(0, 19).replace('T', ' ')}${micros === undefined ? '' : `.${micros}`}+00`;
}
