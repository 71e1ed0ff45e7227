// x.name, x[key] and x[a:b]: what a template may see of a value. Only what is listed here and what host objects offer;
// never a property of JavaScript.
import { dictMethods, floatMethods, intMethods, listMethods, tupleMethods } from './collection-methods.ts';
import { Missing, Nothing, typeError, undefinedError } from './errors.ts';
import { type Native, natives } from './natives.ts';
import { isFloat, isInt } from './numbers.ts';
import { slice } from './operators.ts';
import { formatText } from './string-format.ts';
import { stringMethods } from './string-methods.ts';
import { type Callable, type Dict, type HostObject, PyFloat, RecordDict, type TemplateValue, Tuple, Undefined } from './types.ts';
import { characters, described, getKey, isHost, iterate, orElse, repr, text, typeName } from './values.ts';

/** x[a:b:c] carries its bounds in one of these. */
export class Slice implements HostObject {
  readonly kind = 'host';
  readonly typeName = 'slice';

  constructor(
    readonly start: TemplateValue,
    readonly stop: TemplateValue,
    readonly step: TemplateValue,
  ) {}

  get(): undefined {
    return undefined;
  }

  names(): readonly string[] {
    return [];
  }
}

/** A tuple whose items have names, too: what groupby gives. */
export class NamedTuple extends Tuple {
  names: readonly string[] = [];
}

/** Python's `format.format_map(words)`. */
export const formatNamed = (format: string, words: Dict): string =>
  formatText(format, [], new Map([...words].map(([key, value]) => [text(key), value])), lookups);

const formatMethods = natives<string>({
  'format(*, **)': (self, args) => formatText(self, args.rest, args.named, lookups),
  'format_map(mapping)': (self, args) => {
    const mapping = args.value(0);
    if (!(mapping instanceof Map)) throw args.wrong(0, 'a dict', mapping);
    return formatNamed(self, mapping);
  },
});

const bound = <Self>(self: Self, method: Native<Self> | undefined): Callable | undefined =>
  method && { kind: 'function', name: method.name, call: (args, kwargs) => method.call(self, args, kwargs) };

function methodOf(value: TemplateValue, name: string): Callable | undefined {
  if (typeof value === 'string') return bound(value, stringMethods.get(name) ?? formatMethods.get(name));
  if (Array.isArray(value)) return bound(value, (value instanceof Tuple ? tupleMethods : listMethods).get(name));
  if (value instanceof Map) return bound(value, dictMethods.get(name));
  if (value instanceof PyFloat) return bound(value, floatMethods.get(name));
  if (typeof value === 'number') return isFloat(value) ? bound(value, floatMethods.get(name)) : bound(value, intMethods.get(name));
  if (typeof value === 'bigint' || typeof value === 'boolean') return bound(value, intMethods.get(name));
  return undefined;
}

function* methodNames(value: TemplateValue): Iterable<string> {
  if (typeof value === 'string') yield* [...stringMethods.keys(), ...formatMethods.keys()];
  else if (Array.isArray(value)) yield* (value instanceof Tuple ? tupleMethods : listMethods).keys();
  else if (value instanceof Map) {
    yield* dictMethods.keys();
    for (const key of value.keys()) if (typeof key === 'string') yield key;
  } else if (isHost(value)) yield* value.names();
}

function missing(value: TemplateValue, name: string): Undefined {
  const message =
    (isHost(value) ? value.lacks?.(name) : undefined) ?? `${value === null ? 'None' : `this ${typeName(value)}`} has no member '${name}'`;
  return value instanceof RecordDict ? new Nothing(name, message) : new Missing(name, message, () => methodNames(value));
}

function named(value: TemplateValue, name: string): TemplateValue | undefined {
  if (isHost(value)) return value.get(name);
  if (value instanceof NamedTuple) {
    const index = value.names.indexOf(name);
    if (index >= 0) return value[index];
  }
  return methodOf(value, name);
}

/** x.name: a member, else an item. Undefined values have neither: that is an error. */
export function getAttribute(value: TemplateValue, name: string): TemplateValue {
  if (value instanceof Map) {
    return bound(value, dictMethods.get(name)) ?? orElse(value.get(name), () => missing(value, name));
  }
  if (value instanceof Undefined) throw undefinedError(value);
  return orElse(named(value, name), () => missing(value, name));
}

/** x[key]: an item, else (when the key is a text) a member. */
export function getItem(value: TemplateValue, key: TemplateValue): TemplateValue {
  if (value instanceof Undefined) throw undefinedError(value);
  if (key instanceof Undefined) throw undefinedError(key);
  if (value instanceof Map) {
    const found = Array.isArray(key) && !(key instanceof Tuple) ? undefined : getKey(value, key);
    if (found !== undefined) return found;
  } else if (isHost(value)) {
    const found = value.item?.(key);
    if (found !== undefined) return found;
  } else if (isInt(key) && (typeof value === 'string' || Array.isArray(value))) {
    const within = typeof value === 'string' ? characters(value) : value;
    const found = within[Number(key) < 0 ? Number(key) + within.length : Number(key)];
    if (found !== undefined) return found;
    return new Undefined(repr(key), `this ${typeName(value)} has ${within.length} item(s), and no item ${repr(key)}`);
  }
  if (typeof key === 'string') return orElse(named(value, key), () => missing(value, key));
  return new Undefined(repr(key), `${described(value)} has no item ${repr(key)}`);
}

export function getSlice(value: TemplateValue, bounds: Slice): TemplateValue {
  if (value instanceof Undefined) throw undefinedError(value);
  const sliceable = isHost(value) && value.item !== undefined ? [...(iterate(value) ?? [])] : value;
  const picked = slice(sliceable, [bounds.start, bounds.stop, bounds.step]);
  if (picked === undefined) throw typeError(`${described(value)} cannot be sliced`);
  return picked;
}

const lookups = {
  attribute: (value: TemplateValue, name: string): TemplateValue => getAttribute(value, name),
  item: (value: TemplateValue, key: TemplateValue): TemplateValue => getItem(value, key),
};
