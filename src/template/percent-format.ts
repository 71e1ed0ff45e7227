// Python's text % values. https://docs.python.org/3/library/stdtypes.html#printf-style-string-formatting
import { argumentError, typeError, valueError } from './errors.ts';
import { exponentText, fixed, general, padded } from './format-spec.ts';
import { checkTextLength } from './limits.ts';
import { asNumber, intFromFloat, isFloat, isNumeric } from './numbers.ts';
import { type TemplateValue, Tuple } from './types.ts';
import { described, getKey, isDict, repr, text } from './values.ts';

const DIRECTIVE = /%(?:\(([^)]*)\))?([#0\- +]*)(\*|\d+)?(?:\.(\*|\d+))?[hlL]?(.|$)/gs;

export function percentFormat(format: string, values: TemplateValue): string {
  const queue = values instanceof Tuple ? [...values] : [values];
  let used = 0;
  let named = false;
  const next = (): TemplateValue => {
    const value = queue[used++];
    if (value === undefined) throw argumentError(`'${format}' has more places than values`);
    return value;
  };
  const count = (given: string | undefined): number | undefined => {
    const value = given === '*' ? next() : given;
    if (value === undefined) return undefined;
    checkTextLength(Number(value));
    return Number(value);
  };
  const result = format.replace(
    DIRECTIVE,
    (_, key: string | undefined, flags: string, widthText: string | undefined, precisionText: string | undefined, type: string) => {
      if (type === '%') return '%';
      let width = count(widthText) ?? 0;
      const precision = count(precisionText);
      let value: TemplateValue;
      if (key === undefined) value = next();
      else {
        named = true;
        if (!isDict(values)) throw typeError(`'%(${key})' needs a dict, and got ${described(values)}`);
        const found = getKey(values, key);
        if (found === undefined) throw valueError(`the dict has no key '${key}'`);
        value = found;
      }
      const left = flags.includes('-') || width < 0;
      width = Math.abs(width);
      const [sign, body] = converted(value, type, precision, flags);
      if (left) return padded(sign + body, width, '<', ' ');
      const zeros = flags.includes('0') && !'srac'.includes(type);
      return zeros ? sign + padded(body, width - sign.length, '>', '0') : padded(sign + body, width, '>', ' ');
    },
  );
  if (!named && used < queue.length && !(used === 0 && (isDict(values) || Array.isArray(values)) && !(values instanceof Tuple)))
    throw argumentError(`'${format}' has fewer places than values`);
  return result;
}

function converted(
  value: TemplateValue,
  type: string,
  precision: number | undefined,
  flags: string,
): readonly [sign: string, body: string] {
  const cut = (shown: string): string => (precision === undefined ? shown : Array.from(shown).slice(0, precision).join(''));
  switch (type) {
    case 's':
      return ['', cut(text(value))];
    case 'r':
    case 'a':
      return ['', cut(repr(value))];
    case 'c':
      return ['', typeof value === 'string' ? value : String.fromCodePoint(Number(value))];
    default:
  }
  if (!'diuxXofFeEgG'.includes(type) || type === '')
    throw valueError(type === '' ? "the format ends in a single '%'" : `'%${type}' is not a format`, "Write '%%' for a per cent sign.");
  if (!isNumeric(value)) throw typeError(`'%${type}' needs a number, and got ${described(value)}`);
  const sign = asNumber(value) < 0 || Object.is(asNumber(value), -0) ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  if ('diuxXo'.includes(type)) {
    if (isFloat(value) && 'xXo'.includes(type)) throw typeError(`'%${type}' needs a whole number, and got ${described(value)}`);
    const whole = BigInt(
      isFloat(value)
        ? intFromFloat(asNumber(value))
        : value === true || value === false || typeof value === 'object'
          ? Number(asNumber(value))
          : value,
    );
    const base = type === 'x' || type === 'X' ? 16 : type === 'o' ? 8 : 10;
    const digits = (whole < 0n ? -whole : whole).toString(base).padStart(precision ?? 0, '0');
    const shown = type === 'X' ? digits.toUpperCase() : digits;
    return [whole < 0n ? '-' : sign === '-' ? '' : sign, (flags.includes('#') && base !== 10 ? `0${type}` : '') + shown];
  }
  const size = Math.abs(asNumber(value));
  const letter = type === 'E' || type === 'G' ? 'E' : 'e';
  if (!Number.isFinite(size)) return [sign, Number.isNaN(size) ? 'nan' : 'inf'];
  if (type === 'f' || type === 'F') return [sign, fixed(size, precision ?? 6)];
  return [sign, type === 'e' || type === 'E' ? exponentText(size, precision ?? 6, letter) : general(size, precision ?? 6, letter)];
}
