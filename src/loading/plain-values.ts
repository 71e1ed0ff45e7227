// Values whose bytes every warehouse reads as `convert` would: they go over as they are, without a string being made of them.
// It is a subset, checked byte by byte; `convert` alone decides about all others.
import { colon, dot, minus, nine, space, zero } from './byte-classes.ts';
import type { ColumnType } from './column-types.ts';

/** A numeral without exponent of so many bytes is a double, neither too large nor too small. */
export const safeFloatBytes = 17;

/** The bytes from `start` to `end` are the value's text, without quotes in it. */
export function isPlain(type: ColumnType, bytes: Uint8Array, start: number, end: number): boolean {
  switch (type.kind) {
    case 'text':
      return type.maxBytes === undefined || end - start <= type.maxBytes;
    case 'integer': {
      const from = bytes[start] === minus ? start + 1 : start;
      return from < end && end - start <= type.safeDigits && wholeEnd(bytes, from, end) === end;
    }
    case 'float':
      return !type.single && end - start <= safeFloatBytes && isDecimal(bytes, start, end, safeFloatBytes, safeFloatBytes);
    case 'decimal':
      return type.precision !== undefined && isDecimal(bytes, start, end, type.precision - type.scale, type.scale);
    case 'boolean':
      return (end - start === 4 && isWord(bytes, start, 'true')) || (end - start === 5 && isWord(bytes, start, 'false'));
    case 'date':
      return end - start === 10 && isDate(bytes, start);
    case 'timestamp':
      return end - start >= 19 && isDate(bytes, start) && bytes[start + 10] === space && isClock(bytes, start + 11, end);
    case 'time':
      return isClock(bytes, start, end);
    default:
      return false;
  }
}

/** Where a whole number without needless zeros ends; `from` when there is none. */
function wholeEnd(bytes: Uint8Array, from: number, end: number): number {
  let p = from;
  while (p < end && (bytes[p] ?? 0) >= zero && (bytes[p] ?? 0) <= nine) p++;
  return p > from + 1 && bytes[from] === zero ? from : p;
}

function isDecimal(bytes: Uint8Array, start: number, end: number, wholeDigits: number, fractionDigits: number): boolean {
  const from = bytes[start] === minus ? start + 1 : start;
  let p = wholeEnd(bytes, from, end);
  if (p === from || p - from > wholeDigits) return false;
  if (p === end) return true;
  if (bytes[p] !== dot || p + 1 === end || end - p - 1 > fractionDigits) return false;
  for (p++; p < end; p++) if ((bytes[p] ?? 0) < zero || (bytes[p] ?? 0) > nine) return false;
  return true;
}

function isWord(bytes: Uint8Array, start: number, word: string): boolean {
  for (let i = 0; i < word.length; i++) if (bytes[start + i] !== word.charCodeAt(i)) return false;
  return true;
}

/** Two digits as a number; NaN: they are not. */
function two(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - zero;
  const units = (bytes[at + 1] ?? 0) - zero;
  return tens >= 0 && tens <= 9 && units >= 0 && units <= 9 ? tens * 10 + units : Number.NaN;
}

/** YYYY-MM-DD of a day that there is, from year 1. */
function isDate(bytes: Uint8Array, at: number): boolean {
  if (bytes[at + 4] !== minus || bytes[at + 7] !== minus) return false;
  const year = two(bytes, at) * 100 + two(bytes, at + 2);
  const month = two(bytes, at + 5);
  const day = two(bytes, at + 8);
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1)) return false;
  if (day <= 28) return true;
  if (month === 2) return day === 29 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= 30 || (day === 31 && month !== 4 && month !== 6 && month !== 9 && month !== 11);
}

/** HH:MM:SS, and up to six digits behind a point. */
function isClock(bytes: Uint8Array, at: number, end: number): boolean {
  const length = end - at;
  if (length < 8 || bytes[at + 2] !== colon || bytes[at + 5] !== colon) return false;
  if (!(two(bytes, at) <= 23 && two(bytes, at + 3) <= 59 && two(bytes, at + 6) <= 59)) return false;
  if (length === 8) return true;
  if (bytes[at + 8] !== dot || length < 10 || length > 15) return false;
  for (let p = at + 9; p < end; p++) if ((bytes[p] ?? 0) < zero || (bytes[p] ?? 0) > nine) return false;
  return true;
}
