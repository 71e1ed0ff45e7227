// Python's json.dumps: blanks behind ',' and ':', everything beyond ASCII escaped.
import { typeError, undefinedError } from './errors.ts';
import { checkTextLength } from './limits.ts';
import { floatText, isNumeric } from './numbers.ts';
import { type Dict, type TemplateValue, Undefined } from './types.ts';
import { compare, described, isHost, items, text } from './values.ts';

export interface JsonOptions {
  readonly sortKeys: boolean;
  /** Blanks per level; undefined: all on one line. */
  readonly indent?: number;
}

export function jsonText(value: TemplateValue, options: JsonOptions, level = 0): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (isNumeric(value)) return numberText(value);
  if (value instanceof Undefined) throw undefinedError(value);
  if (level > 200) throw typeError('this is nested too deeply for JSON, or contains itself');
  if (value instanceof Map) {
    const members = entries(value, options.sortKeys).map(([key, item]) => `${quoted(keyText(key))}: ${jsonText(item, options, level + 1)}`);
    return bracketed('{', members, '}', options, level);
  }
  if (Array.isArray(value) || (isHost(value) && value.typeName.startsWith('dict_'))) {
    return bracketed(
      '[',
      Array.from(items(value), (item) => jsonText(item, options, level + 1)),
      ']',
      options,
      level,
    );
  }
  throw typeError(`${described(value)} cannot be written as JSON`);
}

function bracketed(open: string, members: readonly string[], close: string, { indent }: JsonOptions, level: number): string {
  if (members.length === 0) return open + close;
  if (indent === undefined) return checked(`${open}${members.join(', ')}${close}`);
  const line = (depth: number): string => `\n${' '.repeat(indent * depth)}`;
  return checked(open + line(level + 1) + members.join(`,${line(level + 1)}`) + line(level) + close);
}

const checked = (json: string): string => {
  checkTextLength(json.length);
  return json;
};

const entries = (dict: Dict, sortKeys: boolean): (readonly [TemplateValue, TemplateValue])[] =>
  sortKeys ? [...dict].sort(([a], [b]) => compare(a, b)) : [...dict];

function keyText(key: TemplateValue): string {
  if (typeof key === 'string') return key;
  if (key === null) return 'null';
  if (typeof key === 'boolean') return String(key);
  if (isNumeric(key)) return numberText(key);
  throw typeError(`${described(key)} cannot be the key of a JSON object`);
}

function numberText(value: number | bigint | boolean | { readonly value: number }): string {
  const number = typeof value === 'object' ? value.value : value;
  if (typeof value !== 'object' && (typeof number !== 'number' || Number.isInteger(number))) return text(number);
  const shown = floatText(Number(number));
  return { nan: 'NaN', inf: 'Infinity', '-inf': '-Infinity' }[shown] ?? shown;
}

const quoted = (value: string): string =>
  JSON.stringify(value).replace(/[\u007f-\uffff]/g, (unit) =>
    unit === '\x7f' ? unit : `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
