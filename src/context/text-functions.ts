// Plain functions on values: JSON and YAML, sets and zips, hashes. https://docs.getdbt.com/reference/dbt-jinja-functions
import { createHash } from 'node:crypto';
import { parse as parseYaml, stringify as writeYaml } from 'yaml';
import { fromTemplate, text, toTemplate } from '../template/index.ts';
import { type TemplateValue, Tuple } from '../template/types.ts';
import { type Arguments, hostFunction, problemError } from './values.ts';

/** JSON as Python writes it: `, ` and `: ` between items, non-ASCII text escaped. */
export function jsonText(value: unknown, sortKeys: boolean): string {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map((item) => jsonText(item, sortKeys)).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    if (sortKeys) entries.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${asciiJson(key)}: ${jsonText(item, sortKeys)}`).join(', ')}}`;
  }
  return typeof value === 'string' ? asciiJson(value) : (JSON.stringify(value) ?? 'null');
}
const asciiJson = (value: string): string =>
  JSON.stringify(value).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

const itemsOf = (value: TemplateValue, name: string): TemplateValue[] => {
  if (Array.isArray(value)) return [...value];
  if (value instanceof Map) return [...value.keys()];
  if (typeof value === 'string') return [...value];
  if (typeof value === 'object' && value !== null && 'items' in value && typeof value.items === 'function') return [...value.items()];
  throw problemError({ code: 'template-type', message: `${name}() needs something with items, and got ${text(value)}` });
};

/** Python's set, kept as a list without repeats in order of first appearance, so that output is the same on every run. */
const distinct = (items: readonly TemplateValue[]): TemplateValue[] => [
  ...new Map(items.map((item) => [`${typeof item}:${text(item)}`, item])).values(),
];

const zipped = (args: Arguments): TemplateValue => {
  const lists = args.positional.map((value) => itemsOf(value, 'zip'));
  const length = Math.min(...lists.map((list) => list.length), lists.length === 0 ? 0 : Number.POSITIVE_INFINITY);
  return Array.from({ length }, (_, index) => Tuple.from(lists.map((list) => list[index] ?? null)) as Tuple);
};

/** `f(value, default)` gives the default where `f_strict(value)` would be an error. */
const lenient = (name: string, strict: (args: Arguments) => TemplateValue) =>
  hostFunction(name, (args) => {
    try {
      return strict(args);
    } catch {
      return args.get(1, 'default') ?? null;
    }
  });

const set = (args: Arguments): TemplateValue => distinct(itemsOf(args.need(0, 'value'), 'set'));

export const textFunctions: Readonly<Record<string, TemplateValue>> = {
  tojson: hostFunction('tojson', (args) => jsonText(fromTemplate(args.need(0, 'value')), args.flag(2, 'sort_keys', false))),
  fromjson: lenient('fromjson', (args) => toTemplate(JSON.parse(args.needText(0, 'string')))),
  toyaml: hostFunction('toyaml', (args) =>
    writeYaml(fromTemplate(args.need(0, 'value')), { sortMapEntries: args.flag(2, 'sort_keys', false) }),
  ),
  fromyaml: lenient('fromyaml', (args) => toTemplate(parseYaml(args.needText(0, 'value')))),
  set: lenient('set', set),
  set_strict: hostFunction('set_strict', set),
  zip: lenient('zip', zipped),
  zip_strict: hostFunction('zip_strict', zipped),
  local_md5: hostFunction('local_md5', (args) => createHash('md5').update(args.needText(0, 'value')).digest('hex')),
};
