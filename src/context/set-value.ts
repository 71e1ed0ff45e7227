// Python's set for templates: what `set()` and `set_strict()` make. Items keep the order in which they came first, so that what
// is made of them is the same on every run; two sets are equal whatever their order.
// https://docs.python.org/3/library/stdtypes.html#set-types-set-frozenset
import { getKey, repr, setKey } from '../template/index.ts';
import type { Dict, HostObject, TemplateValue } from '../template/types.ts';
import { type Arguments, type HostCall, hostFunction, hostObject, problemError } from './values.ts';

/** What a set holds, by itself: the keys of a dict, which compare as Python's do. */
const holdings = new WeakMap<HostObject, Dict>();

const heldBy = (value: TemplateValue | undefined): Dict | undefined =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'host' ? holdings.get(value) : undefined;

const gathered = (items: Iterable<TemplateValue>): Dict => {
  const held: Dict = new Map();
  for (const item of items) setKey(held, item, true);
  return held;
};

const has = (held: Dict, item: TemplateValue): boolean => getKey(held, item) !== undefined;

/** `itemsOf`: what of an argument can be gone over, or an error in the words of the caller. */
export function setValue(
  items: Iterable<TemplateValue>,
  itemsOf: (value: TemplateValue, name: string) => Iterable<TemplateValue>,
): HostObject {
  const held = gathered(items);
  const made = (some: Iterable<TemplateValue>): HostObject => setValue(some, itemsOf);
  const others = (args: Arguments, name: string): Dict[] => args.positional.map((value) => heldBy(value) ?? gathered(itemsOf(value, name)));
  const without = (item: TemplateValue): boolean => {
    const kept = [...held.keys()].filter((one) => !has(gathered([one]), item));
    const found = kept.length < held.size;
    held.clear();
    for (const one of kept) held.set(one, true);
    return found;
  };
  const keep = (test: (item: TemplateValue) => boolean): TemplateValue[] => [...held.keys()].filter(test);
  const changes: Readonly<Record<string, (args: Arguments) => TemplateValue>> = {
    add: (args) => {
      setKey(held, args.need(0, 'item'), true);
      return null;
    },
    update: (args) => {
      for (const other of others(args, 'update')) for (const item of other.keys()) setKey(held, item, true);
      return null;
    },
    discard: (args) => {
      without(args.need(0, 'item'));
      return null;
    },
    remove: (args) => {
      const item = args.need(0, 'item');
      if (without(item)) return null;
      throw problemError({ code: 'template-value', message: `${repr(item)} is not in this set` });
    },
    pop: () => {
      const [first] = held.keys();
      if (first === undefined) throw problemError({ code: 'template-value', message: 'pop(): this set is empty' });
      held.delete(first);
      return first;
    },
    clear: () => {
      held.clear();
      return null;
    },
  };
  const answers: Readonly<Record<string, (args: Arguments) => TemplateValue>> = {
    copy: () => made(held.keys()),
    union: (args) => made([...held.keys(), ...others(args, 'union').flatMap((other) => [...other.keys()])]),
    intersection: (args) => {
      const all = others(args, 'intersection');
      return made(keep((item) => all.every((other) => has(other, item))));
    },
    difference: (args) => {
      const all = others(args, 'difference');
      return made(keep((item) => !all.some((other) => has(other, item))));
    },
    symmetric_difference: (args) => {
      const [other = new Map()] = others(args, 'symmetric_difference');
      return made([...keep((item) => !has(other, item)), ...[...other.keys()].filter((item) => !has(held, item))]);
    },
    issubset: (args) => {
      const [other = new Map()] = others(args, 'issubset');
      return keep((item) => !has(other, item)).length === 0;
    },
    issuperset: (args) => {
      const [other = new Map()] = others(args, 'issuperset');
      return [...other.keys()].every((item) => has(held, item));
    },
    isdisjoint: (args) => {
      const [other = new Map()] = others(args, 'isdisjoint');
      return !keep((item) => has(other, item)).length;
    },
  };
  const methods = Object.entries({ ...changes, ...answers }).map(([name, call]) => [name, hostFunction(name, call satisfies HostCall)]);
  const value = hostObject('set', Object.fromEntries(methods), {
    items: () => held.keys(),
    length: () => held.size,
    toText: () => (held.size === 0 ? 'set()' : `{${[...held.keys()].map(repr).join(', ')}}`),
    equals: (other) => {
      const theirs = heldBy(other);
      return theirs !== undefined && theirs.size === held.size && keep((item) => !has(theirs, item)).length === 0;
    },
    arithmetic: (operator, other, reflected) => {
      const theirs = heldBy(other);
      if (operator !== '-' || !theirs || reflected) return undefined;
      return made(keep((item) => !has(theirs, item)));
    },
  });
  holdings.set(value, held);
  return value;
}
