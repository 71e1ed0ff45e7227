// Plain data (JSON, YAML, rows) to values of the language and back.
import { typeError, undefinedError } from './errors.ts';
import { int } from './numbers.ts';
import { type Dict, PyFloat, RecordDict, type TemplateValue, Undefined } from './types.ts';
import { described, isHost, iterate, text } from './values.ts';

/** Objects become dicts, arrays lists, numbers that are not integers floats, dates their ISO text. Values of the language stay. */
export const toTemplate = (plain: unknown): TemplateValue => converted(plain, Map);
/** The same for what dbt tells of nodes. */
export const recordToTemplate = (plain: unknown): TemplateValue => converted(plain, RecordDict);

type DictKind = new (entries: Iterable<readonly [TemplateValue, TemplateValue]>) => Dict;

function converted(plain: unknown, kind: DictKind): TemplateValue {
  if (plain === undefined || plain === null) return null;
  switch (typeof plain) {
    case 'string':
    case 'boolean':
      return plain;
    case 'number':
      return Number.isSafeInteger(plain)
        ? plain + 0
        : Number.isInteger(plain) && Math.abs(plain) < 1e21
          ? BigInt(plain)
          : new PyFloat(plain);
    case 'bigint':
      return int(plain);
    case 'object':
      return objectToTemplate(plain, kind);
    default:
      throw typeError(`a ${typeof plain} cannot become a value of a template`);
  }
}

function objectToTemplate(plain: object, kind: DictKind): TemplateValue {
  if (plain instanceof PyFloat || plain instanceof Undefined) return plain;
  if (isOwnKind(plain)) return plain;
  if (plain instanceof Date) return plain.toISOString();
  if (Array.isArray(plain)) return plain.map((item) => converted(item, kind));
  const entries = plain instanceof Map ? [...plain] : Object.entries(plain);
  return new kind(entries.map(([key, value]): [TemplateValue, TemplateValue] => [toTemplate(key), converted(value, kind)]));
}

const isOwnKind = (plain: object): plain is Extract<TemplateValue, { kind: string }> =>
  'kind' in plain && ((plain.kind === 'function' && 'call' in plain) || (plain.kind === 'host' && 'typeName' in plain));

/** Dicts become objects (keys as text), lists, tuples and views arrays, host objects their text. Undefined and functions are errors. */
export function fromTemplate(value: TemplateValue): unknown {
  // A whole number that a double holds exactly is a number again, so that JSON can be made of it.
  if (typeof value === 'bigint') return BigInt(Number(value)) === value ? Number(value) : value;
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof PyFloat) return value.value;
  if (value instanceof Undefined) throw undefinedError(value);
  if (value instanceof Map) return fromDict(value);
  if (Array.isArray(value)) return Array.from(value, fromTemplate);
  if (!isHost(value)) throw typeError(`${described(value)} is not data`);
  const items = value.toText === undefined || isView(value.typeName) ? iterate(value) : undefined;
  return items ? Array.from(items, fromTemplate) : text(value);
}

const isView = (typeName: string): boolean =>
  typeName.startsWith('dict_') || ['generator', 'range', 'list_reverseiterator', 'set'].includes(typeName);

/** A key such as '__proto__' becomes a key of its own, never the prototype. */
function fromDict(dict: Dict): Record<string, unknown> {
  return Object.fromEntries([...dict].map(([key, value]) => [text(key), fromTemplate(value)]));
}
