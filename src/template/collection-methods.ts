// The methods of lists, tuples, dicts and numbers, as Python has them.
import { argumentError, typeError, valueError } from './errors.ts';
import { checkItemCount } from './limits.ts';
import { type Args, natives } from './natives.ts';
import { asNumber, intFromFloat, isInt } from './numbers.ts';
import { tupleOf } from './operators.ts';
import type { Dict, PyFloat, TemplateValue } from './types.ts';
import { described, equals, findKey, getKey, isDict, items, lengthOf, orElse, repr, setKey } from './values.ts';
import { itemsView, keysView, sorted, valuesView } from './views.ts';

type List = TemplateValue[];

const indexIn = (list: readonly TemplateValue[], args: Args): number => {
  const place = (given: number | undefined, otherwise: number): number =>
    given === undefined ? otherwise : given < 0 ? Math.max(0, given + list.length) : given;
  const start = place(args.int(1), 0);
  const end = Math.min(place(args.int(2), list.length), list.length);
  for (let index = start; index < end; index++) if (equals(list[index] ?? null, args.value(0))) return index;
  throw valueError(`${described(args.value(0))} is not in the list`);
};

const countIn = (list: readonly TemplateValue[], args: Args): number => list.filter((item) => equals(item, args.value(0))).length;

export const tupleMethods = natives<List>({
  'count(value)': countIn,
  'index(value, start?, stop?)': indexIn,
});

export const listMethods = natives<List>({
  'append(object)': (self, args) => {
    checkItemCount(self.length + 1);
    self.push(args.value(0));
    return null;
  },
  'clear()': (self) => {
    self.length = 0;
    return null;
  },
  'copy()': (self) => [...self],
  'count(value)': countIn,
  'extend(iterable)': (self, args) => {
    // A copy first: a list may be extended with itself.
    const more = [...items(args.value(0))];
    checkItemCount(self.length + more.length);
    for (const item of more) self.push(item);
    return null;
  },
  'index(value, start?, stop?)': indexIn,
  'insert(index, object)': (self, args) => {
    checkItemCount(self.length + 1);
    self.splice(args.needInt(0), 0, args.value(1));
    return null;
  },
  'pop(index?)': (self, args) => {
    if (self.length === 0) throw valueError('pop from an empty list');
    const given = args.int(0) ?? -1;
    const index = given < 0 ? given + self.length : given;
    const [taken] = index < 0 ? [] : self.splice(index, 1);
    if (taken === undefined) throw valueError(`pop(${given}): the list has ${self.length} items`);
    return taken;
  },
  'remove(value)': (self, args) => {
    const index = self.findIndex((item) => equals(item, args.value(0)));
    if (index < 0) throw valueError(`${described(args.value(0))} is not in the list`);
    self.splice(index, 1);
    return null;
  },
  'reverse()': (self) => {
    self.reverse();
    return null;
  },
  'sort(key?, reverse?)': (self, args) => {
    if ((args.get(0) ?? null) !== null)
      throw argumentError("sort() takes no key in templates; use the filter: list | sort(attribute='name')");
    self.splice(0, self.length, ...sorted(self, (value) => value, args.flag(1)));
    return null;
  },
});

/** dict(pairs), dict.update(pairs): a mapping, or pairs. */
export function putAll(dict: Dict, source: TemplateValue, what: string): void {
  if (isDict(source)) {
    for (const [key, value] of source) setKey(dict, key, value);
    return;
  }
  for (const pair of items(source)) {
    const [key, value, ...more] = lengthOf(pair) === undefined ? [] : [...items(pair)];
    if (key === undefined || value === undefined || more.length > 0) {
      throw typeError(`${what} takes a dict or pairs of key and value, and one item is ${described(pair)}`);
    }
    setKey(dict, key, value);
  }
}

export const dictMethods = natives<Dict>({
  'clear()': (self) => {
    self.clear();
    return null;
  },
  'copy()': (self) => new Map(self),
  'fromkeys(iterable, value?)': (_, args) => {
    const made: Dict = new Map();
    for (const key of items(args.value(0))) setKey(made, key, args.get(1) ?? null);
    return made;
  },
  'get(key, default?)': (self, args) => orElse(getKey(self, args.value(0)), () => args.get(1) ?? null),
  'items()': itemsView,
  'keys()': keysView,
  'pop(key, default?)': (self, args) => {
    const key = findKey(self, args.value(0));
    const value = key === undefined ? args.get(1) : self.get(key);
    if (value === undefined) throw valueError(`pop(): the dict has no key ${repr(args.value(0))}`);
    if (key !== undefined) self.delete(key);
    return value;
  },
  'popitem()': (self) => {
    const last = [...self].at(-1);
    if (last === undefined) throw valueError('popitem(): the dict is empty');
    self.delete(last[0]);
    return tupleOf(last);
  },
  'setdefault(key, default?)': (self, args) => {
    const found = getKey(self, args.value(0));
    if (found !== undefined) return found;
    setKey(self, args.value(0), args.get(1) ?? null);
    return args.get(1) ?? null;
  },
  'update(other?, **)': (self, args) => {
    const other = args.get(0);
    if (other !== undefined) putAll(self, other, 'update()');
    for (const [key, value] of args.named) self.set(key, value);
    return null;
  },
  'values()': valuesView,
});

export const intMethods = natives<number | bigint | boolean>({
  'bit_length()': (self) => {
    const whole = BigInt(self);
    return whole === 0n ? 0 : (whole < 0n ? -whole : whole).toString(2).length;
  },
});

export const floatMethods = natives<PyFloat | number>({
  'is_integer()': (self) => Number.isInteger(asNumber(self)),
  'as_integer_ratio()': (self) => {
    let numerator = asNumber(self);
    let denominator = 1n;
    if (!Number.isFinite(numerator)) throw valueError('this float has no ratio');
    while (!Number.isInteger(numerator)) {
      numerator *= 2;
      denominator *= 2n;
    }
    const bottom = Number(denominator);
    return tupleOf([intFromFloat(numerator), isInt(bottom) && Number.isSafeInteger(bottom) ? bottom : denominator]);
  },
});
