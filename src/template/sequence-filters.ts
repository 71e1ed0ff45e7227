// Filters on lists and other things with items.
import { argumentError, typeError, undefinedError } from './errors.ts';
import { checkItemCount } from './limits.ts';
import { NamedTuple } from './members.ts';
import { type Args, natives } from './natives.ts';
import { add, joined, tupleOf } from './operators.ts';
import { type Dict, type TemplateValue, Undefined } from './types.ts';
import { attributeGetter } from './value-filters.ts';
import { compare, described, equals, findKey, isDict, isHost, items, lengthOf, orElse, setKey } from './values.ts';
import { generator, itemsView, iterator, sorted } from './views.ts';

type Getter = (item: TemplateValue) => TemplateValue;

const ignoreCase = (value: TemplateValue): TemplateValue => (typeof value === 'string' ? value.toLowerCase() : value);

/** What an item is compared by: itself or an attribute, small letters for texts unless the case counts. */
function sortKey(attribute: TemplateValue | undefined, caseSensitive: boolean, otherwise?: TemplateValue): Getter {
  const get: Getter = attribute === undefined || attribute === null ? (item) => item : attributeGetter(attribute, otherwise);
  return caseSensitive ? get : (item) => ignoreCase(get(item));
}

function sort(value: TemplateValue, args: Args): TemplateValue {
  const attribute = args.get(2);
  const keys =
    typeof attribute === 'string' ? attribute.split(',').map((one) => sortKey(one, args.flag(1))) : [sortKey(attribute, args.flag(1))];
  return sorted(items(value), (item) => keys.map((key) => key(item)), args.flag(0));
}

function dictSort(value: TemplateValue, args: Args): TemplateValue {
  if (!isDict(value)) throw typeError(`dictsort needs a dict, and got ${described(value)}`);
  const by = args.text(1) ?? 'key';
  if (by !== 'key' && by !== 'value') throw argumentError(`dictsort(): by is 'key' or 'value', and not '${by}'`);
  const key: Getter = (pair) => {
    const part = Array.isArray(pair) ? (pair[by === 'key' ? 0 : 1] ?? null) : null;
    return args.flag(0) ? part : ignoreCase(part);
  };
  return sorted([...value].map(tupleOf), key, args.flag(2));
}

function groupBy(value: TemplateValue, args: Args): TemplateValue {
  const caseSensitive = args.flag(2);
  const key = sortKey(args.value(0), caseSensitive, args.get(1));
  const groups: { readonly key: TemplateValue; readonly list: TemplateValue[] }[] = [];
  for (const item of sorted(items(value), key, false)) {
    const last = groups.at(-1);
    if (last && equals(last.key, key(item))) last.list.push(item);
    else groups.push({ key: key(item), list: [item] });
  }
  const shownKey = attributeGetter(args.value(0), args.get(1));
  return groups.map((group) => {
    const pair = new NamedTuple();
    pair.push(caseSensitive ? group.key : shownKey(group.list[0] ?? null), group.list);
    pair.names = ['grouper', 'list'];
    return pair;
  });
}

function* unique(value: TemplateValue, args: Args): Generator<TemplateValue> {
  const key = sortKey(args.get(1), args.flag(0));
  const seen: Dict = new Map();
  for (const item of items(value)) {
    if (findKey(seen, key(item)) !== undefined) continue;
    setKey(seen, key(item), true);
    yield item;
  }
}

function extreme(value: TemplateValue, args: Args, better: (order: number) => boolean): TemplateValue {
  const key = sortKey(args.get(1), args.flag(0));
  let best: TemplateValue | undefined;
  for (const item of items(value)) if (best === undefined || better(compare(key(item), key(best)))) best = item;
  return orElse(best, () => new Undefined('item', 'there is no smallest and no greatest item: there are no items'));
}

function* batch(value: TemplateValue, size: number, fill: TemplateValue): Generator<TemplateValue> {
  let row: TemplateValue[] = [];
  for (const item of items(value)) {
    if (row.length === size) {
      yield row;
      row = [];
    }
    row.push(item);
  }
  if (row.length === 0) return;
  if (fill !== null) {
    checkItemCount(size);
    while (row.length < size) row.push(fill);
  }
  yield row;
}

function* columns(value: TemplateValue, count: number, fill: TemplateValue): Generator<TemplateValue> {
  const all = [...items(value)];
  if (count === 0) throw argumentError('slice(): the number of slices cannot be 0');
  checkItemCount(count);
  const size = Math.floor(all.length / count);
  const longer = all.length % count;
  let offset = 0;
  for (let column = 0; column < count; column++) {
    const start = offset + column * size;
    if (column < longer) offset++;
    const part = all.slice(start, offset + (column + 1) * size);
    if (fill !== null && column >= longer) part.push(fill);
    yield part;
  }
}

function length(value: TemplateValue): number {
  const found = lengthOf(value);
  if (found === undefined)
    throw typeError(`${described(value)} has no length`, isHost(value) ? 'Make it a list first: x | list | length' : undefined);
  return found;
}

/** From the end; what is read once only has none. */
function last(value: TemplateValue): TemplateValue {
  if (lengthOf(value) === undefined)
    throw typeError(`${described(value)} has no last item`, isHost(value) ? 'Make it a list first: x | list | last' : undefined);
  return orElse([...items(value)].at(-1), () => new Undefined('last', 'there is no last item: there are no items'));
}

function reverse(value: TemplateValue): TemplateValue {
  if (typeof value === 'string') return Array.from(value).reverse().join('');
  return iterator('list_reverseiterator', [...items(value)].reverse());
}

function attributes(value: TemplateValue, attribute: TemplateValue | undefined): Iterable<TemplateValue> {
  return attribute === undefined || attribute === null ? items(value) : Array.from(items(value), attributeGetter(attribute));
}

export const sequenceFilters = natives({
  'batch(linecount, fill_with?)': (value, args) => generator([...batch(value, args.needInt(0), args.get(1) ?? null)]),
  'count()': length,
  'dictsort(case_sensitive?, by?, reverse?)': dictSort,
  'first()': (value) => {
    for (const item of items(value)) return item;
    return new Undefined('first', 'there is no first item: there are no items');
  },
  'groupby(attribute, default?, case_sensitive?)': groupBy,
  'items()': (value) => {
    if (value instanceof Undefined) return generator([]);
    if (!isDict(value)) throw typeError(`items needs a dict, and got ${described(value)}`);
    return generator(items(itemsView(value)));
  },
  'join(d?, attribute?)': (value, args) => {
    const separator = joined([args.get(0) ?? '']);
    const parts: TemplateValue[] = [];
    for (const item of attributes(value, args.get(1))) parts.push(...(parts.length > 0 ? [separator, item] : [item]));
    return joined(parts);
  },
  'last()': last,
  'random()': (value) => {
    const all = [...items(value)];
    return orElse(
      all[Math.floor(Math.random() * all.length)],
      () => new Undefined('random', 'there is no random item: there are no items'),
    );
  },
  'length()': length,
  'list()': (value) => [...items(value)],
  'max(case_sensitive?, attribute?)': (value, args) => extreme(value, args, (order) => order > 0),
  'min(case_sensitive?, attribute?)': (value, args) => extreme(value, args, (order) => order < 0),
  'reverse()': reverse,
  'slice(slices, fill_with?)': (value, args) => generator([...columns(value, args.needInt(0), args.get(1) ?? null)]),
  'sort(reverse?, case_sensitive?, attribute?)': sort,
  'sum(attribute?, start?)': (value, args) => {
    let total: TemplateValue = args.get(1) ?? 0;
    for (const item of attributes(value, args.get(0))) {
      if (item instanceof Undefined) throw undefinedError(item);
      total = add(total, item);
    }
    return total;
  },
  'unique(case_sensitive?, attribute?)': (value, args) => generator([...unique(value, args)]),
});
