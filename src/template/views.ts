// Things that Python makes without copying: dict views, ranges, one-pass iterators. To the language they are host objects.
import { valueError } from './errors.ts';
import { checkItemCount } from './limits.ts';
import { isInt } from './numbers.ts';
import { tupleOf } from './operators.ts';
import type { Dict, HostObject, TemplateValue } from './types.ts';
import { compare, contains, equals, isHost, items, repr } from './values.ts';

const noNames = { get: () => undefined, names: () => [] } as const;

/** A view follows its dict. */
function dictView(typeName: string, dict: Dict, all: () => Iterable<TemplateValue>): HostObject {
  return {
    kind: 'host',
    typeName,
    ...noNames,
    items: all,
    length: () => dict.size,
    truth: () => dict.size > 0,
    toText: () => `${typeName}([${Array.from(all(), repr).join(', ')}])`,
    equals: (other) => {
      if (!isHost(other) || other.typeName !== typeName || typeName === 'dict_values') return false;
      const theirs = [...(other.items?.() ?? [])];
      return theirs.length === dict.size && theirs.every((item) => contains([...all()], item));
    },
  };
}

export const keysView = (dict: Dict): HostObject => dictView('dict_keys', dict, () => items(dict));
export const valuesView = (dict: Dict): HostObject =>
  dictView('dict_values', dict, function* () {
    for (const key of items(dict)) yield dict.get(key) ?? null;
  });
export const itemsView = (dict: Dict): HostObject =>
  dictView('dict_items', dict, function* () {
    for (const key of items(dict)) yield tupleOf([key, dict.get(key) ?? null]);
  });

/** What filters such as map and select return in Jinja2: true always, without a length, empty after the first pass. */
export function iterator(typeName: string, all: Iterable<TemplateValue>): HostObject {
  const rest = all[Symbol.iterator]();
  // Not the iterator's own iterable: leaving a loop early would close it, and Python's goes on where it stopped.
  const again: Iterable<TemplateValue> = { [Symbol.iterator]: () => ({ next: () => rest.next() }) };
  return { kind: 'host', typeName, ...noNames, items: () => again, truth: () => true, toText: () => `<${typeName} object>` };
}

export const generator = (all: Iterable<TemplateValue>): HostObject => iterator('generator', all);

export function range(start: number, stop: number, step: number): HostObject {
  if (step === 0) throw valueError('the step of range() cannot be 0');
  const length = Math.max(0, Math.ceil((stop - start) / step));
  checkItemCount(length);
  const at = (index: number): number => start + index * step;
  return {
    kind: 'host',
    typeName: 'range',
    ...noNames,
    *items() {
      for (let index = 0; index < length; index++) yield at(index);
    },
    item(key) {
      if (!isInt(key)) return undefined;
      const index = Number(key) < 0 ? Number(key) + length : Number(key);
      return index >= 0 && index < length ? at(index) : undefined;
    },
    length: () => length,
    truth: () => length > 0,
    equals: (other) =>
      isHost(other) &&
      other.typeName === 'range' &&
      equals(
        [...items(other)],
        Array.from({ length }, (_, index) => at(index)),
      ),
    toText: () => `range(${start}, ${stop}${step === 1 ? '' : `, ${step}`})`,
  };
}

/** Python's sorted(): stable; `reverse` keeps equal items in their order, too. */
export function sorted(values: Iterable<TemplateValue>, key: (value: TemplateValue) => TemplateValue, reverse: boolean): TemplateValue[] {
  const keyed = Array.from(values, (value) => ({ value, key: key(value) }));
  keyed.sort((a, b) => (reverse ? compare(b.key, a.key) : compare(a.key, b.key)));
  return keyed.map(({ value }) => value);
}
