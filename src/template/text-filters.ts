// Filters that make text. https://jinja.palletsprojects.com/en/stable/templates/#list-of-builtin-filters
import { argumentError, typeError } from './errors.ts';
import { fixed, padded } from './format-spec.ts';
import { jsonText } from './json-text.ts';
import { checkTextLength } from './limits.ts';
import { type Args, natives } from './natives.ts';
import { asNumber, isNumeric, parseFloatText } from './numbers.ts';
import { tupleOf } from './operators.ts';
import { percentFormat } from './percent-format.ts';
import { prettyText } from './pretty-text.ts';
import { capitalize, replace, splitLines, strip } from './string-methods.ts';
import { type TemplateValue, Undefined } from './types.ts';
import { described, isDict, items, text, textLength } from './values.ts';
import { wrapParagraph } from './word-wrap.ts';

const HTML: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', "'": '&#39;', '"': '&#34;' };
const escapeHtml = (value: TemplateValue): string => text(value).replace(/[&<>'"]/g, (char) => HTML[char] ?? char);

function fileSize(value: TemplateValue, binary: boolean): string {
  const bytes = isNumeric(value) ? asNumber(value) : parseFloatText(text(value));
  if (bytes === undefined) throw typeError(`filesizeformat needs a number, and got ${described(value)}`);
  const base = binary ? 1024 : 1000;
  if (bytes === 1) return '1 Byte';
  if (bytes < base) return `${Math.trunc(bytes)} Bytes`;
  const letters = ['K', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];
  const power = Math.max(
    0,
    letters.findIndex((_, index) => bytes < base ** (index + 2) || index === letters.length - 1),
  );
  const letter = letters[power] ?? 'Y';
  return `${fixed(bytes / base ** (power + 1), 1)} ${binary ? `${letter}iB` : `${letter === 'K' ? 'k' : letter}B`}`;
}

/** A line that is empty stays empty; one of blanks does not count as empty. */
function indent(value: TemplateValue, args: Args): string {
  const width = args.get(0) ?? 4;
  const margin = typeof width === 'string' ? width : ' '.repeat(Math.max(0, checkedWidth(args.int(0) ?? 4)));
  const lines = splitLines(`${text(value)}\n`);
  checkTextLength(lines.length * margin.length);
  const [first = '', ...rest] = lines;
  const blank = args.flag(2);
  return [args.flag(1) ? margin + first : first, ...rest.map((line) => (line === '' && !blank ? line : margin + line))].join('\n');
}

const checkedWidth = (width: number): number => {
  checkTextLength(width);
  return width;
};

function truncate(value: TemplateValue, args: Args): string {
  const [length, end, leeway] = [args.int(0) ?? 255, args.text(2) ?? '...', args.int(3) ?? 5];
  const whole = text(value);
  const characters = Array.from(whole);
  if (length < textLength(end)) throw argumentError(`truncate(): the length is ${length}, and the end '${end}' alone is longer`);
  if (characters.length <= length + leeway) return whole;
  const kept = characters.slice(0, length - textLength(end)).join('');
  if (args.flag(1)) return kept + end;
  const space = kept.lastIndexOf(' ');
  return (space < 0 ? kept : kept.slice(0, space)) + end;
}

const quote = (value: string): string =>
  encodeURIComponent(value.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );

function urlEncode(value: TemplateValue): string {
  if (typeof value === 'string' || (!isDict(value) && !Array.isArray(value))) return quote(text(value)).replaceAll('%2F', '/');
  const pairs = isDict(value) ? [...value].map(tupleOf) : value;
  const query = (part: TemplateValue): string => quote(text(part)).replaceAll('%20', '+');
  return Array.from(pairs, (pair) => {
    const [key = null, item = null] = items(pair);
    return `${query(key)}=${query(item)}`;
  }).join('&');
}

/** Without comments and tags, entities as what they stand for, blanks one by one. */
function withoutTags(value: TemplateValue): string {
  const names = new Map(Object.entries(HTML).map(([char, entity]) => [entity, char]));
  return text(value)
    .replace(/<!--[\s\S]*?-->|<[^<>]*>/g, '')
    .trim()
    .split(/\s+/)
    .join(' ')
    .replace(/&(?:amp|lt|gt|quot|#39|#34);/g, (entity) => (entity === '&quot;' ? '"' : (names.get(entity) ?? entity)));
}

/** Those that are None or undefined are left out. */
function xmlAttributes(value: TemplateValue, spaced: boolean): string {
  if (!isDict(value)) throw typeError(`xmlattr needs a dict, and got ${described(value)}`);
  const written = [...value].flatMap(([key, item]) => {
    if (item === null || item instanceof Undefined) return [];
    const name = text(key);
    if (/[\s/>=]/.test(name)) throw argumentError(`xmlattr(): '${name}' is no name of an attribute`);
    return [`${escapeHtml(name)}="${escapeHtml(item)}"`];
  });
  return written.length > 0 && spaced ? ` ${written.join(' ')}` : written.join(' ');
}

/** Jinja2's own idea of a title: a word starts after a blank or an opening bracket. */
const title = (value: TemplateValue): string =>
  text(value)
    .split(/([-\s({[<]+)/u)
    .map(capitalize)
    .join('');

export const textFilters = natives({
  'capitalize()': (value) => capitalize(text(value)),
  'center(width?)': (value, args) => {
    const [whole, width] = [text(value), args.int(0) ?? 80];
    const missing = Math.max(0, width - textLength(whole));
    const left = Math.floor(missing / 2) + (missing & width & 1);
    return padded(padded(whole, textLength(whole) + left, '>', ' '), width, '<', ' ');
  },
  'e()': escapeHtml,
  'escape()': escapeHtml,
  'filesizeformat(binary?)': (value, args) => fileSize(value, args.flag(0)),
  'forceescape()': escapeHtml,
  'format(*, **)': (value, args) => {
    if (args.rest.length > 0 && args.named.size > 0) throw argumentError('format takes values by position or by name, not both');
    return percentFormat(text(value), args.named.size > 0 ? new Map(args.named) : tupleOf(args.rest));
  },
  'indent(width?, first?, blank?)': indent,
  'lower()': (value) => text(value).toLowerCase(),
  'pprint()': prettyText,
  'replace(old, new, count?)': (value, args) => replace(text(value), text(args.value(0)), text(args.value(1)), args.int(2) ?? -1),
  'safe()': text,
  'string()': text,
  'striptags()': withoutTags,
  'title()': title,
  'tojson(indent?)': (value, args) => {
    const spaces = args.int(0);
    const json = jsonText(value, { sortKeys: true, ...(spaces !== undefined && { indent: spaces }) });
    return json.replace(/[<>&']/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
  },
  'trim(chars?)': (value, args) => strip(text(value), args.text(0), true, true),
  'truncate(length?, killwords?, end?, leeway?)': truncate,
  'upper()': (value) => text(value).toUpperCase(),
  'urlencode()': urlEncode,
  'wordcount()': (value) => text(value).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0,
  'wordwrap(width?, break_long_words?, wrapstring?, break_on_hyphens?)': (value, args) => {
    const options = { width: args.int(0) ?? 79, breakLongWords: args.flag(1, true), breakOnHyphens: args.flag(3, true) };
    const separator = args.text(2) ?? '\n';
    return splitLines(text(value))
      .map((line) => wrapParagraph(line, options).join(separator))
      .join(separator);
  },
  'xmlattr(autospace?)': (value, args) => xmlAttributes(value, args.flag(0, true)),
});
