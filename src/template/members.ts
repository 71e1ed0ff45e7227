// x.name, x[key] and x[a:b]: what a template may see of a value. Only what is listed here and what host objects offer;
// never a property of JavaScript.
import { dictMethods, floatMethods, intMethods, listMethods, tupleMethods } from './collection-methods.ts';
import { Missing, typeError, undefinedError } from './errors.ts';
import type { Kwargs, Native } from './natives.ts';
import { isFloat, isInt } from './numbers.ts';
import { slice } from './operators.ts';
import { formatText } from './string-format.ts';
import { stringMethods } from './string-methods.ts';
import { type Callable, type HostObject, PyFloat, type TemplateValue, Tuple, Undefined } from './types.ts';
import { characters, described, getKey, isHost, iterate, orElse, repr, typeName } from './values.ts';

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

// Methods are kept per kind of `self`; methodOf picks the table by looking at the value, which is what makes the casts right.
const formatMethods = new Map<string, Native<string>>([
  ['format', { name: 'format', call: (self, args, kwargs) => formatText(self, args, kwargs, lookups) }],
  [
    'format_map',
    {
      name: 'format_map',
      call: (self, [mapping]) => {
        if (!(mapping instanceof Map)) throw typeError('format_map() takes a dict');
        const named = new Map([...mapping].flatMap(([key, value]) => (typeof key === 'string' ? [[key, value] as const] : [])));
        return formatText(self, [], named, lookups);
      },
    },
  ],
]);

export function methodOf(value: TemplateValue, name: string): Native | undefined {
  if (typeof value === 'string') return (stringMethods.get(name) ?? formatMethods.get(name)) as Native | undefined;
  if (Array.isArray(value)) return (value instanceof Tuple ? tupleMethods : listMethods).get(name) as Native | undefined;
  if (value instanceof Map) return dictMethods.get(name) as Native | undefined;
  if (value instanceof PyFloat) return floatMethods.get(name) as Native | undefined;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') {
    return (isFloat(value) ? floatMethods : intMethods).get(name) as Native | undefined;
  }
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

const bound = (self: TemplateValue, method: Native): Callable => ({
  kind: 'function',
  name: method.name,
  call: (args: readonly TemplateValue[], kwargs: Kwargs) => method.call(self, args, kwargs),
});

const missing = (value: TemplateValue, name: string): Undefined =>
  new Missing(name, `${value === null ? 'None' : `this ${typeName(value)}`} has no member '${name}'`, () => methodNames(value));

function named(value: TemplateValue, name: string): TemplateValue | undefined {
  if (isHost(value)) return value.get(name);
  if (value instanceof NamedTuple) {
    const index = value.names.indexOf(name);
    if (index >= 0) return value[index];
  }
  const method = methodOf(value, name);
  return method && bound(value, method);
}

/** x.name: a member, else an item. Undefined values have neither: that is an error. */
export function getAttribute(value: TemplateValue, name: string): TemplateValue {
  if (value instanceof Map) {
    const method = dictMethods.get(name);
    return method ? bound(value, method as Native) : orElse(value.get(name), () => missing(value, name));
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
