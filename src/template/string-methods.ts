// The methods of a text, as Python's str has them. Positions and widths count code points.
// https://docs.python.org/3/library/stdtypes.html#string-methods
import { argumentError, typeError, valueError } from './errors.ts';
import { padded } from './format-spec.ts';
import { checkTextLength } from './limits.ts';
import { type Args, natives } from './natives.ts';
import { tupleOf } from './operators.ts';
import { type TemplateValue, Tuple } from './types.ts';
import { described, items, textLength } from './values.ts';

/** Without `chars`: white space. */
export function strip(self: string, chars: string | undefined, left: boolean, right: boolean): string {
  if (chars === undefined) return left ? (right ? self.trim() : self.trimStart()) : self.trimEnd();
  const all = Array.from(self);
  const unwanted = new Set(chars);
  let start = 0;
  let end = all.length;
  if (left) while (start < end && unwanted.has(all[start] ?? '')) start++;
  if (right) while (end > start && unwanted.has(all[end - 1] ?? '')) end--;
  return all.slice(start, end).join('');
}

export function split(self: string, separator: string | undefined, limit: number, fromRight: boolean): string[] {
  if (separator === '') throw valueError('the separator of split() cannot be empty');
  if (separator === undefined) return splitWords(self, limit, fromRight);
  const parts = self.split(separator);
  if (limit < 0 || parts.length <= limit + 1) return parts;
  if (fromRight) return [parts.slice(0, parts.length - limit).join(separator), ...parts.slice(parts.length - limit)];
  return [...parts.slice(0, limit), parts.slice(limit).join(separator)];
}

function splitWords(self: string, limit: number, fromRight: boolean): string[] {
  const words = [...self.matchAll(/\S+/gu)];
  if (limit < 0 || words.length <= limit) return words.map(([word]) => word);
  if (fromRight) {
    const kept = words.slice(words.length - limit);
    const rest = self.slice(0, kept[0]?.index ?? self.length).trimEnd();
    return [...(rest === '' ? [] : [rest]), ...kept.map(([word]) => word)];
  }
  const rest = self.slice(words[limit]?.index ?? self.length).trimEnd();
  return [...words.slice(0, limit).map(([word]) => word), rest];
}

const LINE_END = String.raw`\n\r\v\f\u001c-\u001e\u0085\u2028\u2029`;
const LINE = new RegExp(`([^${LINE_END}]*)(\\r\\n|[${LINE_END}]|$)`, 'gu');

export const splitLines = (self: string, keepEnds = false): string[] =>
  [...self.matchAll(LINE)].flatMap(([all, body = '', end = '']) => (all === '' ? [] : [keepEnds ? body + end : body]));

export function replace(self: string, from: string, to: string, count: number): string {
  // Each place may grow by the length of `to`.
  const places = from === '' ? self.length + 1 : to.length > from.length ? self.split(from).length - 1 : 0;
  checkTextLength(self.length + (count < 0 ? places : Math.min(places, count)) * to.length);
  if (count < 0) return from === '' ? to + Array.from(self, (char) => char + to).join('') : self.replaceAll(from, () => to);
  if (from === '') {
    const chars = Array.from(self);
    const put = Math.min(count, chars.length + 1);
    return (put > 0 ? to : '') + chars.map((char, index) => char + (index + 1 < put ? to : '')).join('');
  }
  const parts = self.split(from);
  const kept = parts.slice(0, count + 1);
  return kept.join(to) + (parts.length > kept.length ? from + parts.slice(kept.length).join(from) : '');
}

export const capitalize = (self: string): string => {
  const [first = '', ...rest] = Array.from(self);
  return first.toUpperCase() + rest.join('').toLowerCase();
};

/** str.title(): a word begins at each letter that follows no letter. */
const title = (self: string): string => self.replace(/\p{L}+/gu, (word) => capitalize(word));

const lower = (self: string): boolean => self !== self.toUpperCase() && self === self.toLowerCase();
const upper = (self: string): boolean => self !== self.toLowerCase() && self === self.toUpperCase();

export { lower as isLower, upper as isUpper };

/** The part that start and end bound, and the offset at which it starts; all in code points. */
function bounded(self: string, args: Args, first: number): readonly [chars: readonly string[], start: number] | undefined {
  const chars = Array.from(self);
  const place = (given: number | undefined, otherwise: number): number => {
    if (given === undefined) return otherwise;
    return given < 0 ? Math.max(0, given + chars.length) : given;
  };
  const start = place(args.int(first), 0);
  const end = Math.min(place(args.int(first + 1), chars.length), chars.length);
  return start > chars.length ? undefined : [chars.slice(start, Math.max(start, end)), start];
}

function find(self: string, args: Args, last: boolean): number {
  const wanted = args.needText(0);
  const part = bounded(self, args, 1);
  if (!part) return -1;
  const within = part[0].join('');
  const at = last ? within.lastIndexOf(wanted) : within.indexOf(wanted);
  return at < 0 ? -1 : part[1] + textLength(within.slice(0, at));
}

const found = (place: number, self: string): number => {
  if (place < 0) throw valueError(`the text is not found in ${described(self)}`);
  return place;
};

function startsOrEnds(self: string, args: Args, matches: (within: string, affix: string) => boolean): boolean {
  const given = args.value(0);
  const affixes = given instanceof Tuple ? given : [given];
  const part = bounded(self, args, 1);
  return affixes.some((affix) => {
    if (typeof affix !== 'string') throw args.wrong(0, 'text, or a tuple of texts', given);
    return part !== undefined && matches(part[0].join(''), affix);
  });
}

export function joinTexts(separator: string, values: TemplateValue): string {
  let result = '';
  let first = true;
  for (const item of items(values)) {
    if (typeof item !== 'string')
      throw typeError(`join() joins texts, and one item is ${described(item)}`, 'The filter takes any value: items | join(", ")');
    result += first ? item : separator + item;
    first = false;
  }
  checkTextLength(result.length);
  return result;
}

const pad = (self: string, args: Args, align: string): string => {
  const fill = args.text(1) ?? ' ';
  if (textLength(fill) !== 1) throw argumentError(`${args.native}(): the fill should be one character`);
  return padded(self, args.needInt(0), align, fill);
};

/** Python's center() puts the odd blank to the left when the width is odd. */
function center(self: string, args: Args): string {
  const missing = args.needInt(0) - textLength(self);
  if (missing <= 0) return self;
  const left = Math.floor(missing / 2) + (missing & args.needInt(0) & 1);
  return pad(padded(self, textLength(self) + left, '>', args.text(1) ?? ' '), args, '<');
}

export { center };

const partition = (self: string, args: Args, last: boolean): TemplateValue => {
  const separator = args.needText(0);
  if (separator === '') throw valueError('the separator cannot be empty');
  const at = last ? self.lastIndexOf(separator) : self.indexOf(separator);
  if (at < 0) return tupleOf(last ? ['', '', self] : [self, '', '']);
  return tupleOf([self.slice(0, at), separator, self.slice(at + separator.length)]);
};

function expandTabs(self: string, size: number): string {
  let column = 0;
  let result = '';
  for (const char of self) {
    if (char === '\t') {
      const blanks = size > 0 ? size - (column % size) : 0;
      checkTextLength(result.length + blanks);
      result += ' '.repeat(blanks);
      column += blanks;
    } else {
      result += char;
      column = char === '\n' || char === '\r' ? 0 : column + 1;
    }
  }
  return result;
}

function isTitle(self: string): boolean {
  return /\p{L}/u.test(self) && self === title(self);
}

const every = (pattern: RegExp) => (self: string) => pattern.test(self);

export const stringMethods = natives<string>({
  'capitalize()': capitalize,
  'casefold()': (self) => self.toLowerCase().replaceAll('ß', 'ss'),
  'center(width, fillchar?)': center,
  'count(sub, start?, end?)': (self, args) => {
    const wanted = args.needText(0);
    const part = bounded(self, args, 1);
    if (!part) return 0;
    return wanted === '' ? part[0].length + 1 : part[0].join('').split(wanted).length - 1;
  },
  'endswith(suffix, start?, end?)': (self, args) => startsOrEnds(self, args, (within, affix) => within.endsWith(affix)),
  'expandtabs(tabsize?)': (self, args) => expandTabs(self, args.int(0) ?? 8),
  'find(sub, start?, end?)': (self, args) => find(self, args, false),
  'index(sub, start?, end?)': (self, args) => found(find(self, args, false), self),
  'isalnum()': every(/^[\p{L}\p{N}]+$/u),
  'isalpha()': every(/^\p{L}+$/u),
  'isascii()': (self) => !/[^\0-\x7f]/u.test(self),
  'isdecimal()': every(/^\p{Nd}+$/u),
  'isdigit()': every(/^[\p{Nd}\u00b2\u00b3\u00b9\u2070-\u2079\u2080-\u2089]+$/u),
  'isidentifier()': every(/^[\p{ID_Start}_]\p{ID_Continue}*$/u),
  'islower()': lower,
  'isnumeric()': every(/^\p{N}+$/u),
  'isprintable()': (self) => !/[\p{C}\p{Z}]/u.test(self.replaceAll(' ', '')),
  'isspace()': every(/^\s+$/u),
  'istitle()': isTitle,
  'isupper()': upper,
  'join(iterable)': (self, args) => joinTexts(self, args.value(0)),
  'ljust(width, fillchar?)': (self, args) => pad(self, args, '<'),
  'lower()': (self) => self.toLowerCase(),
  'lstrip(chars?)': (self, args) => strip(self, args.text(0), true, false),
  'partition(sep)': (self, args) => partition(self, args, false),
  'removeprefix(prefix)': (self, args) => (self.startsWith(args.needText(0)) ? self.slice(args.needText(0).length) : self),
  'removesuffix(suffix)': (self, args) => {
    const suffix = args.needText(0);
    return suffix !== '' && self.endsWith(suffix) ? self.slice(0, -suffix.length) : self;
  },
  'replace(old, new, count?)': (self, args) => replace(self, args.needText(0), args.needText(1), args.int(2) ?? -1),
  'rfind(sub, start?, end?)': (self, args) => find(self, args, true),
  'rindex(sub, start?, end?)': (self, args) => found(find(self, args, true), self),
  'rjust(width, fillchar?)': (self, args) => pad(self, args, '>'),
  'rpartition(sep)': (self, args) => partition(self, args, true),
  'rsplit(sep?, maxsplit?)': (self, args) => split(self, args.text(0), args.int(1) ?? -1, true),
  'rstrip(chars?)': (self, args) => strip(self, args.text(0), false, true),
  'split(sep?, maxsplit?)': (self, args) => split(self, args.text(0), args.int(1) ?? -1, false),
  'splitlines(keepends?)': (self, args) => splitLines(self, args.flag(0)),
  'startswith(prefix, start?, end?)': (self, args) => startsOrEnds(self, args, (within, affix) => within.startsWith(affix)),
  'strip(chars?)': (self, args) => strip(self, args.text(0), true, true),
  'swapcase()': (self) => Array.from(self, (char) => (char === char.toUpperCase() ? char.toLowerCase() : char.toUpperCase())).join(''),
  'title()': title,
  'upper()': (self) => self.toUpperCase(),
  'zfill(width)': (self, args) => {
    const [, sign = '', digits = ''] = /^([+-]?)(.*)$/su.exec(self) ?? [];
    return sign + padded(digits, args.needInt(0) - sign.length, '>', '0');
  },
});
