// Python's numbers: integers of any size (number while safe, else bigint), floats (PyFloat), booleans that count as 0 and 1.
import { limitError, typeError, valueError } from './errors.ts';
import { MAX_DIGITS } from './limits.ts';
import { PyFloat, type TemplateValue } from './types.ts';

export type Numeric = number | bigint | boolean | PyFloat;
export type Int = number | bigint;

export const isNumeric = (value: TemplateValue | undefined): value is Numeric =>
  typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint' || value instanceof PyFloat;

/** A host may hand over a plain fractional number: it is a float, too. */
export const isFloat = (value: TemplateValue): boolean =>
  value instanceof PyFloat || (typeof value === 'number' && !Number.isInteger(value));

export const isInt = (value: TemplateValue | undefined): value is Int | boolean =>
  typeof value === 'boolean' || typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));

/** The number as JavaScript compares it. */
export const magnitude = (value: Numeric): Int =>
  typeof value === 'boolean' ? Number(value) : value instanceof PyFloat ? value.value : value;

export const asNumber = (value: Numeric): number => Number(magnitude(value));

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** The one representation of an integer. */
export const int = (value: bigint): Int => (value <= MAX_SAFE && value >= -MAX_SAFE ? Number(value) : value);

/** Of an integral float, exactly. */
export function intFromFloat(value: number): Int {
  if (!Number.isFinite(value)) throw valueError(`cannot convert float ${floatText(value)} to an integer`);
  const whole = Math.trunc(value);
  return Number.isSafeInteger(whole) ? whole + 0 : BigInt(whole);
}

const whole = (value: Numeric): bigint => BigInt(magnitude(value));

/** Exact integer arithmetic where both are integers, floats otherwise. */
function arithmetic(
  a: Numeric,
  b: Numeric,
  fast: (a: number, b: number) => number,
  exact: (a: bigint, b: bigint) => bigint,
): TemplateValue {
  if (isFloat(a) || isFloat(b)) return new PyFloat(fast(asNumber(a), asNumber(b)));
  const result = typeof a === 'bigint' || typeof b === 'bigint' ? Number.NaN : fast(Number(a), Number(b));
  return Number.isSafeInteger(result) ? result + 0 : int(exact(whole(a), whole(b)));
}

export const addNumbers = (a: Numeric, b: Numeric): TemplateValue =>
  arithmetic(
    a,
    b,
    (x, y) => x + y,
    (x, y) => x + y,
  );
export const subtractNumbers = (a: Numeric, b: Numeric): TemplateValue =>
  arithmetic(
    a,
    b,
    (x, y) => x - y,
    (x, y) => x - y,
  );
export const multiplyNumbers = (a: Numeric, b: Numeric): TemplateValue => {
  if (digits(a) + digits(b) > MAX_DIGITS) throw limitError('this product has too many digits');
  return arithmetic(
    a,
    b,
    (x, y) => x * y,
    (x, y) => x * y,
  );
};

/** About how many decimal digits. */
const digits = (value: Numeric): number => (typeof value === 'bigint' ? value.toString(16).length * 1.21 : 17);

const notZero = (value: Numeric): void => {
  if (asNumber(value) === 0) throw valueError('division by zero');
};

export function divideNumbers(a: Numeric, b: Numeric): TemplateValue {
  notZero(b);
  return new PyFloat(asNumber(a) / asNumber(b));
}

const floorDivide = (a: bigint, b: bigint): bigint => {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
};

export function floorDivideNumbers(a: Numeric, b: Numeric): TemplateValue {
  notZero(b);
  return arithmetic(a, b, (x, y) => Math.round((x - floorModulo(x, y)) / y), floorDivide);
}

/** The sign is the divisor's. */
const floorModulo = (x: number, y: number): number => {
  const rest = x % y;
  return rest !== 0 && rest < 0 !== y < 0 ? rest + y : rest;
};

export function moduloNumbers(a: Numeric, b: Numeric): TemplateValue {
  notZero(b);
  return arithmetic(a, b, floorModulo, (x, y) => x - floorDivide(x, y) * y);
}

export function powerNumbers(a: Numeric, b: Numeric): TemplateValue {
  if (isFloat(a) || isFloat(b) || asNumber(b) < 0) {
    if (asNumber(a) === 0 && asNumber(b) < 0) throw valueError('0 cannot be raised to a negative power');
    const result = asNumber(a) ** asNumber(b);
    if (Number.isNaN(result) && !Number.isNaN(asNumber(a))) throw valueError('a negative number has no fractional power');
    return new PyFloat(result);
  }
  const base = Math.abs(asNumber(a));
  if (base > 1 && Math.log10(base) * asNumber(b) > MAX_DIGITS) throw limitError('this power has too many digits');
  return arithmetic(
    a,
    b,
    (x, y) => x ** y,
    (x, y) => x ** y,
  );
}

export const negate = (value: Numeric): TemplateValue => (isFloat(value) ? new PyFloat(-asNumber(value)) : int(-whole(value)));

/** As Python prints a float: the shortest digits that read back, '.0' on whole numbers, exponents from 1e16 and below 1e-4. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e16 || size < 1e-4)) {
    const [mantissa = '', exponent = ''] = value.toExponential().split('e');
    return `${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
  }
  const text = Object.is(value, -0) ? '-0' : String(value);
  return text.includes('.') ? text : `${text}.0`;
}

/** Python's int(text): digits with single underscores, an optional sign, blanks around; undefined when it is none. */
export function parseInteger(text: string, base = 10): Int | undefined {
  const match = /^([+-]?)(0[xX]|0[oO]|0[bB])?([0-9a-zA-Z]+(?:_[0-9a-zA-Z]+)*)$/.exec(text.trim().replace(/^([+-]?0[xob])_/i, '$1'));
  if (!match) return undefined;
  const [, sign, prefix = '', body = ''] = match;
  const ownBase = { '0x': 16, '0o': 8, '0b': 2 }[prefix.toLowerCase()];
  const effective = ownBase !== undefined && (base === ownBase || base === 0) ? ownBase : base === 0 ? 10 : base;
  const digitsText = (ownBase === effective ? body : prefix + body).replaceAll('_', '').toLowerCase();
  let value = 0n;
  if (effective === 10) {
    if (!/^[0-9]+$/.test(digitsText)) return undefined;
    value = BigInt(digitsText);
  } else {
    for (const digit of digitsText) {
      const worth = Number.parseInt(digit, 36);
      if (!(worth < effective)) return undefined;
      value = value * BigInt(effective) + BigInt(worth);
    }
  }
  return int(sign === '-' ? -value : value);
}

/** Python's float(text); undefined when it is none. */
export function parseFloatText(text: string): number | undefined {
  const plain = text.trim().replace(/(?<=\d)_(?=\d)/g, '');
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return Number(plain);
  const word = /^([+-]?)(inf|infinity|nan)$/i.exec(plain);
  if (!word) return undefined;
  if (word[2]?.toLowerCase() === 'nan') return Number.NaN;
  return word[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** Python's round(): halves go to the even neighbour, judged on the exact value of the float. */
export function roundFloat(value: number, precision: number): number {
  if (!Number.isFinite(value) || Math.abs(value) >= 1e21 || precision > 60) return value;
  if (precision < 0) {
    const unit = 10 ** -precision;
    return roundFloat(value / unit, 0) * unit;
  }
  const exact = Math.abs(value).toFixed(100);
  const cut = exact.indexOf('.') + 1 + precision;
  const tie = /^50*$/.test(exact.slice(cut));
  const kept = exact.slice(0, cut).replace(/\.$/, '');
  const even = Number(kept.at(-1)) % 2 === 0;
  const rounded = tie && even ? Number(kept) : Number(Math.abs(value).toFixed(precision));
  return value < 0 ? -rounded : rounded;
}

/** Of an integer, to a power of ten: round(1250, -2) is 1200. */
export function roundInteger(value: Int, precision: number): Int {
  if (precision >= 0) return value;
  const unit = 10n ** BigInt(-precision);
  const exact = BigInt(value);
  const low = floorDivide(exact, unit) * unit;
  const twice = (exact - low) * 2n;
  const up = twice > unit || (twice === unit && (low / unit) % 2n !== 0n);
  return int(up ? low + unit : low);
}

/** The number as an index or a count. */
export function wholeNumber(value: TemplateValue | undefined, what: string): number {
  if (isInt(value)) return Number(value);
  throw typeError(`${what} should be a whole number`);
}
