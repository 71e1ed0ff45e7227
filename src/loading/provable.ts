// Which values DuckDB's typed read_json provably reads as the exact reader does, in the two forms that the scan needs: a test of
// one parsed value, and a regular expression (on Latin-1 text, one character a byte) that takes a subset of what the test takes.
// What was measured on DuckDB 1.5: 1.5 for a bigint is rounded, '' for a number is an error, true for a bigint is 1, 1.10 for a
// varchar is 1.1, an object for a varchar is written anew, a decimal goes through a double, 1e400 for a double is infinite.
import type { ColumnType } from './column-types.ts';
import { convert } from './convert.ts';
import { kinds } from './json-parser.ts';

/** Forms in which a column's values came, as bits; how the column is read in SQL depends on them. The numbers of a
 * float or decimal column are all 'decimal'. */
export const forms = { none: 0, integer: 1, decimal: 2, string: 4, word: 8 } as const;

/** The one form of a value, or undefined: not provable. `text` is the value's text; for numbers as written. */
export function provableForm(type: ColumnType, kind: number, text: string): number | undefined {
  if (kind <= kinds.null) return forms.none;
  if (kind === kinds.nested || kind === kinds.power || type.kind === 'json') return undefined;
  if (kind === kinds.true || kind === kinds.false) return type.kind === 'boolean' || fits(type, text) ? forms.word : undefined;
  const isString = kind === kinds.plain || kind === kinds.escaped;
  const form = isString
    ? forms.string
    : kind === kinds.integer && type.kind !== 'float' && type.kind !== 'decimal'
      ? forms.integer
      : forms.decimal;
  if (type.kind === 'text') {
    const asWritten = isString || (kind === kinds.integer && /^(?:0|-?[1-9][0-9]{0,17})$/.test(text));
    return asWritten && fits(type, text) ? form : undefined;
  }
  if (isString && text === '') return type.kind === 'boolean' ? undefined : form;
  const converted = convert(type, isString ? 'string' : 'number', text, false);
  return typeof converted === 'string' && safe(type, isString, text) ? form : undefined;
}

const fits = (type: ColumnType, text: string): boolean =>
  type.kind === 'text' && (type.maxBytes === undefined || Buffer.byteLength(text) <= type.maxBytes);

/** Of texts that `convert` takes, those that DuckDB casts to the same. */
function safe(type: ColumnType, isString: boolean, text: string): boolean {
  switch (type.kind) {
    case 'integer':
      return isString
        ? /^-?[0-9]{1,18}$/.test(text)
        : /^-?[0-9]{1,19}$/.test(text)
          ? type.name !== 'hugeint' || text.length <= 18
          : /^-?[0-9]{1,15}\.0+$/.test(text);
    case 'decimal': {
      const [, whole = '', fraction = ''] = /^-?([0-9]+)(?:\.([0-9]+))?$/.exec(text) ?? [];
      return type.precision !== undefined && whole !== '' && whole.length + fraction.length <= 15 && fraction.length <= type.scale;
    }
    case 'float':
      return /^-?[0-9]+(?:\.[0-9]+)?$/.test(text) && text !== '-0';
    case 'date':
      return /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text);
    case 'time':
      return /^[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?$/.test(text);
    case 'timestamp':
      return /^[0-9-]{10}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?Z?$/.test(text);
    case 'timestamptz':
      return /^[0-9-]{10}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?Z$/.test(text);
    default:
      return false;
  }
}

const plainByte = String.raw`[ !#-\[\]-\x7f]`;
const shortEscape = String.raw`\\["\\/bfnrt]`;
const hex = '[0-9a-fA-F]';
/** Neither NUL nor a surrogate, or a whole pair. */
const unicodeEscape = String.raw`\\u(?:(?!0000|[dD][89a-fA-F])${hex}{4}|[dD][89abAB]${hex}{2}\\u[dD][c-fC-F]${hex}{2})`;
const longByte = String.raw`(?:[\xc2-\xdf][\x80-\xbf]|(?:\xe0[\xa0-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]|\xed[\x80-\x9f])[\x80-\xbf]|(?:\xf0[\x90-\xbf]|[\xf1-\xf3][\x80-\xbf]|\xf4[\x80-\x8f])[\x80-\xbf]{2})`;
const anyCharacter = `(?:${plainByte}|${shortEscape}|${unicodeEscape}|${longByte})`;

const anyString = `"${plainByte}*(?:(?:${shortEscape}|${unicodeEscape}|${longByte})${plainByte}*)*"`;
const anyNumber = '-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][-+]?[0-9]+)?';

/** Any value that is not an object or array, for keys that no column wants. */
export const anyScalar = `(?:${anyString}|${anyNumber}|null|true|false)`;

/**
 * A string that takes at most so many bytes once unescaped. Characters of one byte are counted one by one; behind the first of
 * more bytes, each is counted as four. No string matches both ways: a line that fails would else be tried in all their
 * combinations.
 */
function shortString(maxBytes: number): string {
  const narrow = `(?:${plainByte}|${shortEscape})`;
  const before = Math.floor(maxBytes / 4);
  const behind = Math.floor((maxBytes - before - 4) / 4);
  const wide = behind < 0 ? '' : `|${narrow}{0,${before}}(?:${unicodeEscape}|${longByte})${anyCharacter}{0,${behind}}"`;
  return `"(?:${narrow}{0,${maxBytes}}"${wide})`;
}

const monthAndDay = '(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])';
const date = `(?:[1-9][0-9]{3})-${monthAndDay}`;
const time = '(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,6})?';

/** What a column is expected to hold when all that was seen is NULL. */
export function usualForm(type: ColumnType): number {
  switch (type.kind) {
    case 'integer':
      return forms.integer;
    case 'decimal':
    case 'float':
      return forms.decimal;
    case 'boolean':
      return forms.word;
    default:
      return forms.string;
  }
}

/** A pattern for NULL and for values of the column in one form. undefined: there is none. */
export function provablePattern(type: ColumnType, form: number): string | undefined {
  const pattern = formPattern(type, form);
  return pattern && `(?:${pattern}|null)`;
}

function formPattern(type: ColumnType, form: number): string | undefined {
  const isString = form === forms.string;
  if (form === forms.word && type.kind !== 'text') return type.kind === 'boolean' ? 'true|false' : undefined;
  if (form === forms.integer && (type.kind === 'decimal' || type.kind === 'float')) return undefined;
  switch (type.kind) {
    case 'text':
      if (isString) return type.maxBytes === undefined ? anyString : shortString(type.maxBytes);
      if (type.maxBytes !== undefined && type.maxBytes < 19) return undefined;
      return form === forms.integer ? '0|-?[1-9][0-9]{0,17}' : form === forms.word ? 'true|false' : undefined;
    case 'integer': {
      const digits = Math.min(type.safeDigits, 18);
      if (isString) return `"(?:-?[0-9]{1,${digits}})?"`;
      return form === forms.decimal ? `-?${whole(Math.min(digits, 15))}\\.0+` : `-?${whole(digits)}`;
    }
    case 'decimal': {
      if (type.precision === undefined) return undefined;
      const wholeDigits = Math.min(type.precision - type.scale, 15 - Math.min(type.scale, 6));
      const places = Math.min(type.scale, 15 - Math.max(wholeDigits, 1));
      const numeral = `-?${whole(wholeDigits)}${places === 0 ? '' : `(?:\\.[0-9]{1,${places}})?`}`;
      return isString ? `"(?:${numeral})?"` : numeral;
    }
    case 'float': {
      const numeral = '-?(?:[1-9][0-9]{0,16}(?:\\.[0-9]{1,17})?|0\\.[0-9]{1,17})|0';
      return isString ? `"(?:${numeral})?"` : numeral;
    }
    case 'date':
      return isString ? `"${date}"` : undefined;
    case 'time':
      return isString ? `"${time}"` : undefined;
    case 'timestamp':
      return isString ? `"${date}[ T]${time}Z?"` : undefined;
    case 'timestamptz':
      return isString ? `"${date}[ T]${time}Z"` : undefined;
    default:
      return undefined;
  }
}

const whole = (digits: number): string => (digits < 1 ? '0' : `(?:0|[1-9][0-9]{0,${digits - 1}})`);
