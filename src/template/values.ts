// What Python does with any value: truth, str(), repr(), ==, <, iteration.
import { Nothing, typeError, undefinedError } from './errors.ts';
import { floatText, isNumeric, magnitude } from './numbers.ts';
import { type Dict, type HostObject, PyFloat, type TemplateValue, Tuple, Undefined } from './types.ts';

export const isDict = (value: TemplateValue | undefined): value is Dict => value instanceof Map;
export const isList = (value: TemplateValue | undefined): value is TemplateValue[] => Array.isArray(value) && !(value instanceof Tuple);
export const isHost = (value: TemplateValue | undefined): value is HostObject =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'host';
export const isFunction = (value: TemplateValue | undefined): boolean =>
  typeof value === 'object' && value !== null && 'kind' in value && (value.kind === 'function' || value.call !== undefined);

/** Python's name of the kind, for messages. */
export function typeName(value: TemplateValue): string {
  if (value === null) return 'None';
  switch (typeof value) {
    case 'string':
      return 'str';
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return Number.isInteger(value) ? 'int' : 'float';
    default:
  }
  if (value instanceof PyFloat) return 'float';
  if (value instanceof Tuple) return 'tuple';
  if (Array.isArray(value)) return 'list';
  if (value instanceof Map) return 'dict';
  if (value instanceof Undefined) return 'undefined';
  return value.kind === 'host' ? value.typeName : 'function';
}

/** `??` would take None for nothing. */
export const orElse = <T>(value: T | undefined, otherwise: () => T): T => (value === undefined ? otherwise() : value);

export function truth(value: TemplateValue): boolean {
  if (value === null) return false;
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'string':
      return value !== '';
    case 'number':
      return value !== 0;
    case 'bigint':
      return value !== 0n;
    default:
  }
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Map) return value.size > 0;
  if (value instanceof PyFloat) return value.value !== 0;
  if (value instanceof Undefined) return false;
  if (value.kind === 'function') return true;
  return value.truth ? value.truth() : value.length ? value.length() > 0 : true;
}

/** Python's str(). Throws for an undefined name. */
export function text(value: TemplateValue): string {
  if (typeof value === 'string') return value;
  return value instanceof Nothing ? '' : repr(value);
}

export const repr = (value: TemplateValue): string => reprWithin(value, []);

function reprWithin(value: TemplateValue, outer: readonly TemplateValue[]): string {
  if (value === null) return 'None';
  switch (typeof value) {
    case 'string':
      return stringRepr(value);
    case 'boolean':
      return value ? 'True' : 'False';
    case 'bigint':
      return String(value);
    case 'number':
      return Number.isInteger(value) ? String(value) : floatText(value);
    default:
  }
  if (value instanceof PyFloat) return value.digits ?? floatText(value.value);
  if (value instanceof Undefined) throw undefinedError(value);
  if (Array.isArray(value) || value instanceof Map) {
    // A list inside itself prints as [...], as in Python.
    if (outer.includes(value)) return value instanceof Map ? '{...}' : '[...]';
    const within = [...outer, value];
    const show = (item: TemplateValue): string => reprWithin(item, within);
    if (value instanceof Map) return `{${[...value].map(([key, item]) => `${show(key)}: ${show(item)}`).join(', ')}}`;
    if (value instanceof Tuple) return value.length === 1 ? `(${show(value[0] ?? null)},)` : `(${Array.from(value, show).join(', ')})`;
    return `[${value.map(show).join(', ')}]`;
  }
  if (value.kind === 'function') return `<function ${value.name}>`;
  return value.toText ? value.toText() : `<${value.typeName}>`;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function stringRepr(value: string): string {
  const quote = value.includes("'") && !value.includes('"') ? '"' : "'";
  const body = value.replace(/[\\\p{C}\p{Z}'"]/gu, (char) => {
    if (char === ' ') return char;
    if (char === "'" || char === '"') return char === quote ? `\\${char}` : char;
    const code = char.codePointAt(0) ?? 0;
    const hex = code.toString(16);
    return (
      ESCAPES[char] ??
      (code < 0x100 ? `\\x${hex.padStart(2, '0')}` : code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`)
    );
  });
  return quote + body + quote;
}

const defined = (value: TemplateValue): TemplateValue => {
  if (value instanceof Undefined) throw undefinedError(value);
  return value;
};

/** A member that is not there may be compared, as in Jinja: `{% if node.config.zone == 'eu' %}`. A name that nothing sets may not. */
const isAbsent = (value: TemplateValue): boolean => {
  if (!(value instanceof Undefined)) return false;
  if (value.message === undefined) throw undefinedError(value);
  return true;
};

export function equals(a: TemplateValue, b: TemplateValue): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a === b;
  const [noA, noB] = [isAbsent(a), isAbsent(b)];
  if (noA || noB) return noA && noB;
  if (isNumeric(a)) return isNumeric(b) && compareNumbers(magnitude(a), magnitude(b)) === 0;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length || a instanceof Tuple !== b instanceof Tuple) return false;
    for (let index = 0; index < a.length; index++) if (!equals(a[index] ?? null, b[index] ?? null)) return false;
    return true;
  }
  if (a instanceof Map) {
    if (!(b instanceof Map) || a.size !== b.size) return false;
    for (const [key, value] of a) {
      const found = findKey(b, key);
      if (found === undefined || !equals(value, b.get(found) ?? null)) return false;
    }
    return true;
  }
  if (isHost(a) && a.equals) return a.equals(b);
  if (isHost(b) && b.equals) return b.equals(a);
  return a === b;
}

/** NaN for what is not a number. */
const compareNumbers = (a: number | bigint, b: number | bigint): number => (a < b ? -1 : a > b ? 1 : a >= b ? 0 : Number.NaN);

/** By code points, not UTF-16 units. */
function compareTexts(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    let x = a.charCodeAt(index);
    let y = b.charCodeAt(index);
    if (x === y) continue;
    if (x >= 0xd800 && y >= 0xd800) {
      // Surrogates stand for code points above all others.
      if (x < 0xe000) x += 0x10000;
      if (y < 0xe000) y += 0x10000;
    }
    return x - y;
  }
  return a.length - b.length;
}

/** Negative, zero or positive; NaN beside a float that is not a number. Throws for what Python cannot order. */
export function compare(a: TemplateValue, b: TemplateValue, operator = '<'): number {
  if (typeof a === 'string' && typeof b === 'string') return compareTexts(a, b);
  if (isNumeric(a) && isNumeric(b)) return compareNumbers(magnitude(a), magnitude(b));
  if (Array.isArray(a) && Array.isArray(b) && a instanceof Tuple === b instanceof Tuple) {
    const length = Math.min(a.length, b.length);
    for (let index = 0; index < length; index++) {
      const [x, y] = [a[index] ?? null, b[index] ?? null];
      if (!equals(x, y)) return compare(x, y, operator);
    }
    return a.length - b.length;
  }
  defined(a);
  defined(b);
  const byHost = hostOrder(a, b);
  if (byHost !== undefined) return byHost;
  throw typeError(`'${operator}' does not work between ${described(a)} and ${described(b)}`);
}

/** The order that a thing of the host's knows; undefined: none. */
function hostOrder(a: TemplateValue, b: TemplateValue): number | undefined {
  if (isHost(a)) return a.compareTo?.(b);
  const reversed = isHost(b) ? b.compareTo?.(a) : undefined;
  return reversed === undefined ? undefined : -reversed;
}

/** The value and its kind, cut short, for messages. */
export function described(value: TemplateValue): string {
  if (value === null || value instanceof Undefined) return typeName(value);
  if (typeof value === 'object' && 'kind' in value) return value.kind === 'host' ? value.typeName : `the function ${value.name}`;
  const shown = repr(value);
  return `${shown.length > 60 ? `${shown.slice(0, 57)}...` : shown} (${typeName(value)})`;
}

/** The items that `for` goes over: of a list, tuple, text, dict (its keys) or host object; undefined for what is not iterable. */
export function iterate(value: TemplateValue): Iterable<TemplateValue> | undefined {
  if (typeof value === 'string' || Array.isArray(value)) return value;
  if (value instanceof Map) return dictKeys(value);
  if (value instanceof Nothing) return [];
  if (value instanceof Undefined) throw undefinedError(value);
  return isHost(value) ? value.items?.() : undefined;
}

/** Python refuses to go on when a dict grows under a loop; otherwise such a loop might never end. */
function* dictKeys(dict: Dict): Generator<TemplateValue> {
  const size = dict.size;
  for (const key of dict.keys()) {
    yield key;
    if (dict.size !== size)
      throw typeError('the dict changed its size while a loop went over it', 'Loop over a copy: {% for key in d | list %}');
  }
}

/** Like iterate, and an error for what is not iterable. */
export function items(value: TemplateValue): Iterable<TemplateValue> {
  const found = iterate(value);
  if (found === undefined) throw typeError(`${described(value)} cannot be looped over`);
  return found;
}

/** Python's len(); undefined for what has none. */
export function lengthOf(value: TemplateValue): number | undefined {
  if (typeof value === 'string') return textLength(value);
  if (Array.isArray(value)) return value.length;
  if (value instanceof Map) return value.size;
  if (value instanceof Nothing) return 0;
  if (value instanceof Undefined) throw undefinedError(value);
  return isHost(value) ? value.length?.() : undefined;
}

const SURROGATE = /[\ud800-\udfff]/;

/** Characters as Python counts them: code points. */
export function textLength(value: string): number {
  if (!SURROGATE.test(value)) return value.length;
  let count = 0;
  for (const _ of value) count++;
  return count;
}

/** The text as something that indexes by code points. */
export const characters = (value: string): string | readonly string[] => (SURROGATE.test(value) ? Array.from(value) : value);

// Dicts: Map, with Python's idea of equal keys (1, 1.0 and True are one key; tuples are equal by their items).

/** The key under which the dict holds what equals `key`; undefined: it holds none. */
export function findKey(dict: Dict, key: TemplateValue): TemplateValue | undefined {
  if (dict.has(key)) return key;
  if (typeof key === 'string' || key === null) return undefined;
  hashable(key);
  if (isNumeric(key) || key instanceof Tuple) {
    for (const own of dict.keys()) if (typeof own !== 'string' && equals(own, key)) return own;
  }
  return undefined;
}

export function getKey(dict: Dict, key: TemplateValue): TemplateValue | undefined {
  const direct = dict.get(key);
  if (direct !== undefined || typeof key === 'string') return direct;
  const found = findKey(dict, key);
  return found === undefined ? undefined : dict.get(found);
}

/** An equal key keeps its place and its first spelling. */
export function setKey(dict: Dict, key: TemplateValue, value: TemplateValue): void {
  dict.set(typeof key === 'string' ? key : (findKey(dict, key) ?? key), value);
}

function hashable(key: TemplateValue): void {
  if (key instanceof Undefined) throw undefinedError(key);
  if (key instanceof Tuple) for (const item of key) hashable(item);
  else if (Array.isArray(key) || key instanceof Map) throw typeError(`a ${typeName(key)} cannot be the key of a dict`);
}

/** Python's `in`. */
export function contains(container: TemplateValue, value: TemplateValue): boolean {
  if (typeof container === 'string') {
    if (typeof value === 'string') return container.includes(value);
    defined(value);
    throw typeError(`'in' looks for a text in a text, not for ${described(value)}`);
  }
  const absent = isAbsent(value);
  if (isAbsent(container)) return false;
  if (container instanceof Map) return !absent && findKey(container, value) !== undefined;
  const found = iterate(container);
  if (found === undefined) throw typeError(`'in' needs something that contains items, and got ${described(container)}`);
  for (const item of found) if (item === value || (!(item instanceof Undefined) && equals(item, value))) return true;
  return false;
}
