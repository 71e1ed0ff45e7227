// All filters by name; here are those that apply filters and tests in turn.
import { argumentError, didYouMean } from './errors.ts';
import { type Args, type Native, natives } from './natives.ts';
import { sequenceFilters } from './sequence-filters.ts';
import { textFilters } from './text-filters.ts';
import { type TemplateValue, Undefined } from './types.ts';
import { attributeGetter, valueFilters } from './value-filters.ts';
import { valueTests } from './value-tests.ts';
import { items, text, truth } from './values.ts';
import { generator } from './views.ts';

function named(table: ReadonlyMap<string, Native>, what: string, given: TemplateValue): Native {
  const name = text(given);
  const found = table.get(name);
  if (!found) throw argumentError(`there is no ${what} '${name}'`, didYouMean(name, table.keys()));
  return found;
}

/** As in Jinja2, these take None and other false values for a list without items. */
const itemsOrNone = (value: TemplateValue): Iterable<TemplateValue> => (truth(value) || value instanceof Undefined ? items(value) : []);

function map(value: TemplateValue, args: Args): TemplateValue {
  const [name, ...rest] = args.rest;
  if (name === undefined) {
    const attribute = args.named.get('attribute');
    if (attribute === undefined) throw argumentError("map needs a filter or an attribute: map('upper'), map(attribute='name')");
    return generator(Array.from(itemsOrNone(value), attributeGetter(attribute, args.named.get('default'))));
  }
  const filter = named(filters, 'filter', name);
  return generator(Array.from(itemsOrNone(value), (item) => filter.call(item, rest, args.named)));
}

const choose =
  (wanted: boolean, byAttribute: boolean) =>
  (value: TemplateValue, args: Args): TemplateValue => {
    const [attribute] = args.rest;
    if (byAttribute && attribute === undefined) throw argumentError("the name of an attribute is missing: selectattr('name')");
    const of = byAttribute ? attributeGetter(attribute ?? null) : (item: TemplateValue) => item;
    const [name, ...rest] = byAttribute ? args.rest.slice(1) : args.rest;
    const test = name === undefined ? undefined : named(valueTests, 'test', name);
    const passes = (item: TemplateValue): boolean => truth(test ? test.call(of(item), rest, args.named) : of(item));
    return generator([...itemsOrNone(value)].filter((item) => passes(item) === wanted));
  };

const higherOrder = natives({
  'map(*, **)': map,
  'select(*, **)': choose(true, false),
  'reject(*, **)': choose(false, false),
  'selectattr(*, **)': choose(true, true),
  'rejectattr(*, **)': choose(false, true),
});

export const filters: ReadonlyMap<string, Native> = new Map([...textFilters, ...valueFilters, ...sequenceFilters, ...higherOrder]);
