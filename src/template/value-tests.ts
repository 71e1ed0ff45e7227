// Tests: what may stand behind `is`. https://jinja.palletsprojects.com/en/stable/templates/#list-of-builtin-tests
import { type Native, natives } from './natives.ts';
import { isFloat, isInt, isNumeric } from './numbers.ts';
import { compared, modulo } from './operators.ts';
import { sequenceFilters } from './sequence-filters.ts';
import { isLower, isUpper } from './string-methods.ts';
import { textFilters } from './text-filters.ts';
import { PyFloat, type TemplateValue, Undefined } from './types.ts';
import { valueFilters } from './value-filters.ts';
import { equals, isDict, isFunction, isHost, iterate, text } from './values.ts';

/** Filters that apply others; they are made where both tables are known. */
export const HIGHER_ORDER = ['map', 'select', 'reject', 'selectattr', 'rejectattr'];

const isFilter = (name: string): boolean =>
  textFilters.has(name) || valueFilters.has(name) || sequenceFilters.has(name) || HIGHER_ORDER.includes(name);

const isIterable = (value: TemplateValue): boolean => !(value instanceof Undefined) && iterate(value) !== undefined;

const isSequence = (value: TemplateValue): boolean =>
  typeof value === 'string' ||
  Array.isArray(value) ||
  isDict(value) ||
  (isHost(value) && value.length !== undefined && value.item !== undefined);

const remainder = (value: TemplateValue, by: TemplateValue): TemplateValue => modulo(value, by);

const isSame = (a: TemplateValue, b: TemplateValue): boolean =>
  a === b || (a instanceof PyFloat && b instanceof PyFloat && Object.is(a, b));

const named = natives({
  'boolean()': (value) => typeof value === 'boolean',
  'callable()': isFunction,
  'defined()': (value) => !(value instanceof Undefined),
  'divisibleby(num)': (value, args) => equals(remainder(value, args.value(0)), 0),
  'escaped()': () => false,
  'even()': (value) => equals(remainder(value, 2), 0),
  'false()': (value) => value === false,
  'filter()': (value) => isFilter(text(value)),
  'float()': isFloat,
  'in(seq)': (value, args) => compared('in', value, args.value(0)),
  'integer()': (value) => isInt(value) && typeof value !== 'boolean',
  'iterable()': isIterable,
  'lower()': (value) => isLower(text(value)),
  'mapping()': (value) => isDict(value) || (isHost(value) && value.isMapping === true),
  'none()': (value) => value === null,
  'number()': isNumeric,
  'odd()': (value) => equals(remainder(value, 2), 1),
  'sameas(other)': (value, args) => isSame(value, args.value(0)),
  'sequence()': isSequence,
  'string()': (value) => typeof value === 'string',
  'test()': (value) => valueTests.has(text(value)),
  'true()': (value) => value === true,
  'undefined()': (value) => value instanceof Undefined,
  'upper()': (value) => isUpper(text(value)),
  ...Object.fromEntries(
    Object.entries({ eq: '==', equalto: '==', ne: '!=', gt: '>', greaterthan: '>', ge: '>=', lt: '<', lessthan: '<', le: '<=' }).map(
      ([name, operator]) => [
        `${name}(other)`,
        (value: TemplateValue, args: { value(index: number): TemplateValue }) => compared(operator, value, args.value(0)),
      ],
    ),
  ),
});

/** select('>=', 3): the operators are names of tests, too. */
const SPELLINGS = { '==': 'eq', '!=': 'ne', '>': 'gt', '>=': 'ge', '<': 'lt', '<=': 'le' };

export const valueTests: ReadonlyMap<string, Native> = new Map([
  ...named,
  ...Object.entries(SPELLINGS).flatMap(([operator, name]): (readonly [string, Native])[] => {
    const test = named.get(name);
    return test ? [[operator, test]] : [];
  }),
]);
