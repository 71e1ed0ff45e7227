// Plain functions on values: JSON and YAML, sets and zips, hashes. https://docs.getdbt.com/reference/dbt-jinja-functions
import { createHash } from 'node:crypto';
import { dump, load } from 'js-yaml';
import { fromTemplate, iterate, jsonText, text, toTemplate } from '../template/index.ts';
import { type TemplateValue, Tuple } from '../template/types.ts';
import { setValue } from './set-value.ts';
import { type Arguments, hostFunction, problemError } from './values.ts';

const itemsOf = (value: TemplateValue, name: string): TemplateValue[] => {
  const items = iterate(value);
  if (items) return [...items];
  throw problemError({ code: 'template-type', message: `${name}() needs something with items, and got ${text(value)}` });
};

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

const set = (args: Arguments): TemplateValue => setValue(itemsOf(args.need(0, 'value'), 'set'), itemsOf);

/** Of two dicts of lists: what of the first the second does not have, whatever the case. */
const differences = (args: Arguments): TemplateValue => {
  const [a, b] = [args.need(0, 'dict_a'), args.need(1, 'dict_b')];
  if (!(a instanceof Map) || !(b instanceof Map))
    throw problemError({ code: 'template-type', message: 'diff_of_two_dicts() needs two dicts of lists' });
  const fold = (value: TemplateValue): string => text(value).toLowerCase();
  const known = new Map([...b].map(([key, values]) => [fold(key), new Set(itemsOf(values, 'diff_of_two_dicts').map(fold))]));
  const left = [...a].map(([key, values]): [TemplateValue, TemplateValue[]] => [
    key,
    itemsOf(values, 'diff_of_two_dicts').filter((value) => !known.get(fold(key))?.has(fold(value))),
  ]);
  return new Map(left.filter(([, values]) => values.length > 0));
};

export const textFunctions: Readonly<Record<string, TemplateValue>> = {
  tojson: hostFunction('tojson', (args) => jsonText(args.need(0, 'value'), { sortKeys: args.flag(2, 'sort_keys', false) })),
  fromjson: lenient('fromjson', (args) => toTemplate(JSON.parse(args.needText(0, 'string')))),
  toyaml: hostFunction('toyaml', (args) =>
    dump(fromTemplate(args.need(0, 'value')), { sortKeys: args.flag(2, 'sort_keys', false), seqNoIndent: true }),
  ),
  fromyaml: lenient('fromyaml', (args) => toTemplate(load(args.needText(0, 'value')))),
  set: lenient('set', set),
  set_strict: hostFunction('set_strict', set),
  zip: lenient('zip', zipped),
  zip_strict: hostFunction('zip_strict', zipped),
  diff_of_two_dicts: hostFunction('diff_of_two_dicts', differences),
  local_md5: hostFunction('local_md5', (args) => createHash('md5').update(args.needText(0, 'value')).digest('hex')),
};
