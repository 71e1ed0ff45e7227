// Python's format specification: what stands behind the colon in '{:>8.2f}'.
// https://docs.python.org/3/library/string.html#format-specification-mini-language
import { typeError, valueError } from './errors.ts';
import { checkTextLength } from './limits.ts';
import { asNumber, floatText, isFloat, isInt, isNumeric } from './numbers.ts';
import type { TemplateValue } from './types.ts';
import { described, text, textLength } from './values.ts';

const SPEC = /^(?:(.)?([<>=^]))?([+\- ])?(z)?(#)?(0)?(\d+)?([_,])?(?:\.(\d+))?([a-zA-Z%])?$/su;

export function padded(body: string, width: number, align: string, fill: string): string {
  const missing = width - textLength(body);
  if (missing <= 0) return body;
  checkTextLength(width);
  if (align === '<') return body + fill.repeat(missing);
  if (align === '^') return fill.repeat(Math.floor(missing / 2)) + body + fill.repeat(Math.ceil(missing / 2));
  return fill.repeat(missing) + body;
}

/** Digits in groups of `size` from the right. */
const grouped = (digits: string, separator: string, size: number): string =>
  digits.replace(new RegExp(`\\B(?=(.{${size}})+$)`, 'g'), separator);

export function formatValue(value: TemplateValue, spec: string): string {
  if (spec === '') return text(value);
  const match = SPEC.exec(spec);
  if (!match) throw valueError(`'${spec}' is not a format specification`);
  const [, fillGiven, alignGiven, signGiven, , alternate, zero, widthText, separator, precisionText, type] = match;
  const width = Number(widthText ?? 0);
  checkTextLength(width);
  const precision = precisionText === undefined ? undefined : Number(precisionText);
  const fill = fillGiven ?? (zero && !alignGiven ? '0' : ' ');

  if (!isNumeric(value) || (typeof value === 'boolean' && type === undefined) || type === 's') {
    if (type !== undefined && type !== 's') throw valueError(`the format '${type}' does not work on ${described(value)}`);
    const body = precision === undefined ? text(value) : Array.from(text(value)).slice(0, precision).join('');
    return padded(body, width, alignGiven === '=' || !alignGiven ? '<' : alignGiven, fill);
  }
  const negative = asNumber(value) < 0 || Object.is(asNumber(value), -0);
  const [prefix, digits] = numberBody(value, type, precision, alternate !== undefined, separator);
  const sign = negative ? '-' : signGiven === '+' || signGiven === ' ' ? signGiven : '';
  const align = alignGiven ?? (zero ? '=' : '>');
  if (align === '=') return sign + prefix + padded(digits, width - sign.length - prefix.length, '>', fill);
  return padded(sign + prefix + digits, width, align, fill);
}

/** The number without its sign: prefix ('0x') and digits. */
function numberBody(
  value: TemplateValue,
  type: string | undefined,
  precision: number | undefined,
  alternate: boolean,
  separator: string | undefined,
): readonly [string, string] {
  const group = (digits: string, size = 3): string => (separator === undefined ? digits : grouped(digits, separator, size));
  const groupFloat = (digits: string): string => digits.replace(/^\d+/, (whole) => group(whole));
  const base = { d: 10, b: 2, o: 8, x: 16, X: 16 }[type ?? (isInt(value) ? 'd' : '')];
  if (isInt(value) && base !== undefined) {
    if (precision !== undefined) throw valueError('a whole number takes no precision in a format');
    const whole = BigInt(value);
    const digits = (whole < 0n ? -whole : whole).toString(base);
    const prefix = alternate && base !== 10 ? `0${type}` : '';
    return [prefix, group(type === 'X' ? digits.toUpperCase() : digits, base === 10 ? 3 : 4)];
  }
  if (base !== undefined) throw valueError(`the format '${type}' does not work on ${described(value)}`);
  if (type === 'c') return ['', String.fromCodePoint(Number(value))];
  if (!isNumeric(value)) throw typeError(`${described(value)} is not a number`);
  const size = Math.abs(asNumber(value));
  if (!Number.isFinite(size))
    return ['', type === 'F' || type === 'E' || type === 'G' ? floatText(size).toUpperCase() : floatText(size) + (type === '%' ? '%' : '')];
  switch (type) {
    case 'f':
    case 'F':
      return ['', groupFloat(fixed(size, precision ?? 6))];
    case '%':
      return ['', `${groupFloat(fixed(size * 100, precision ?? 6))}%`];
    case 'e':
    case 'E':
      return ['', exponentText(size, precision ?? 6, type)];
    case 'g':
    case 'G':
    case 'n':
      return ['', groupFloat(general(size, precision ?? 6, type === 'G' ? 'E' : 'e'))];
    case undefined:
      if (precision === undefined) return ['', groupFloat(isFloat(value) ? floatText(size) : String(size))];
      return ['', groupFloat(generalFloat(size, precision))];
    default:
      throw valueError(`'${type}' is not a format type`);
  }
}

/** toFixed rounds halves up where Python rounds them to even. */
export function fixed(size: number, precision: number): string {
  checkTextLength(precision);
  if (size >= 1e21) return `${BigInt(size)}${precision > 0 ? `.${'0'.repeat(precision)}` : ''}`;
  if (precision > 100) return size.toFixed(100) + '0'.repeat(precision - 100);
  const exact = size.toFixed(100);
  const cut = exact.indexOf('.') + 1 + precision;
  const kept = precision === 0 ? exact.slice(0, cut - 1) : exact.slice(0, cut);
  return /^50*$/.test(exact.slice(cut)) && Number(kept.at(-1)) % 2 === 0 ? kept : size.toFixed(precision);
}

export function exponentText(size: number, precision: number, letter: string): string {
  const [mantissa = '', exponent = ''] = size.toExponential(Math.min(precision, 100)).split('e');
  return `${mantissa}${letter}${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
}

export function general(size: number, precision: number, letter: string): string {
  const significant = Math.min(Math.max(precision, 1), 100);
  const exponent = size === 0 ? 0 : Number(size.toExponential(significant - 1).split('e')[1]);
  const trim = (digits: string): string => (digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits);
  if (exponent < -4 || exponent >= significant) {
    const [mantissa = '', power = ''] = exponentText(size, significant - 1, 'e').split('e');
    return `${trim(mantissa)}${letter}${power}`;
  }
  return trim(fixed(size, Math.max(0, significant - 1 - exponent)));
}

/** Without a type, a precision means 'g' that keeps one digit behind the point. */
function generalFloat(size: number, precision: number): string {
  const shown = general(size, precision, 'e');
  return /[.e]/.test(shown) ? shown : `${shown}.0`;
}
