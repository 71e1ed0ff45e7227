// + - * / // % ** ~ and their kin, between any two values.
import { typeError, undefinedError } from './errors.ts';
import { checkItemCount, checkTextLength } from './limits.ts';
import {
  addNumbers,
  divideNumbers,
  floorDivideNumbers,
  isInt,
  isNumeric,
  moduloNumbers,
  multiplyNumbers,
  negate,
  powerNumbers,
  subtractNumbers,
} from './numbers.ts';
import { percentFormat } from './percent-format.ts';
import { type TemplateValue, Tuple, Undefined } from './types.ts';
import { compare, contains, described, equals, isDict, isHost, text } from './values.ts';

/** What a thing of the host's makes of the operation; a refusal when neither side knows it. */
function orHost(operator: '+' | '-' | '*' | '/', a: TemplateValue, b: TemplateValue): TemplateValue {
  const found = (isHost(a) ? a.arithmetic?.(operator, b, false) : undefined) ?? (isHost(b) ? b.arithmetic?.(operator, a, true) : undefined);
  return found ?? refuse(operator, a, b);
}

function refuse(operator: string, a: TemplateValue, b: TemplateValue): never {
  if (a instanceof Undefined) throw undefinedError(a);
  if (b instanceof Undefined) throw undefinedError(b);
  const hint = operator === '+' && (typeof a === 'string' || typeof b === 'string') ? 'Use ~ to join values as text.' : undefined;
  throw typeError(`'${operator}' does not work between ${described(a)} and ${described(b)}`, hint);
}

export const tupleOf = (values: Iterable<TemplateValue>): Tuple => {
  const tuple = new Tuple();
  for (const value of values) tuple.push(value);
  return tuple;
};

export function add(a: TemplateValue, b: TemplateValue): TemplateValue {
  if (isNumeric(a) && isNumeric(b)) return addNumbers(a, b);
  if (typeof a === 'string' && typeof b === 'string') return joined([a, b]);
  if (Array.isArray(a) && Array.isArray(b) && a instanceof Tuple === b instanceof Tuple) {
    checkItemCount(a.length + b.length);
    return a instanceof Tuple ? tupleOf([...a, ...b]) : [...a, ...b];
  }
  return orHost('+', a, b);
}

export function subtract(a: TemplateValue, b: TemplateValue): TemplateValue {
  return isNumeric(a) && isNumeric(b) ? subtractNumbers(a, b) : orHost('-', a, b);
}

export function multiply(a: TemplateValue, b: TemplateValue): TemplateValue {
  if (isNumeric(a) && isNumeric(b)) return multiplyNumbers(a, b);
  if (isInt(b)) return repeated(a, Number(b)) ?? orHost('*', a, b);
  if (isInt(a)) return repeated(b, Number(a)) ?? orHost('*', a, b);
  return orHost('*', a, b);
}

function repeated(value: TemplateValue, times: number): TemplateValue | undefined {
  const count = Math.max(0, times);
  if (typeof value === 'string') {
    checkTextLength(value.length * count);
    return value === '' ? '' : value.repeat(count);
  }
  if (!Array.isArray(value)) return undefined;
  checkItemCount(value.length * count);
  const items: TemplateValue[] = [];
  if (value.length > 0) for (let round = 0; round < count; round++) for (const item of value) items.push(item);
  return value instanceof Tuple ? tupleOf(items) : items;
}

export function divide(a: TemplateValue, b: TemplateValue): TemplateValue {
  return isNumeric(a) && isNumeric(b) ? divideNumbers(a, b) : orHost('/', a, b);
}

export function floorDivide(a: TemplateValue, b: TemplateValue): TemplateValue {
  return isNumeric(a) && isNumeric(b) ? floorDivideNumbers(a, b) : refuse('//', a, b);
}

export function modulo(a: TemplateValue, b: TemplateValue): TemplateValue {
  if (typeof a === 'string') return percentFormat(a, b);
  return isNumeric(a) && isNumeric(b) ? moduloNumbers(a, b) : refuse('%', a, b);
}

export function power(a: TemplateValue, b: TemplateValue): TemplateValue {
  return isNumeric(a) && isNumeric(b) ? powerNumbers(a, b) : refuse('**', a, b);
}

export function sign(operator: '-' | '+', value: TemplateValue): TemplateValue {
  if (value instanceof Undefined) throw undefinedError(value);
  if (!isNumeric(value)) throw typeError(`'${operator}' does not work on ${described(value)}`);
  if (operator === '-') return negate(value);
  return typeof value === 'boolean' ? Number(value) : value;
}

/** `~`: each value as text. */
export function joined(values: readonly TemplateValue[]): string {
  let result = '';
  for (const value of values) result += text(value);
  checkTextLength(result.length);
  return result;
}

/** `a | b` of dicts is not the language's; comparisons are. */
export function compared(operator: string, a: TemplateValue, b: TemplateValue): boolean {
  switch (operator) {
    case '==':
      return equals(a, b);
    case '!=':
      return !equals(a, b);
    case '<':
      return compare(a, b, operator) < 0;
    case '<=':
      return compare(a, b, operator) <= 0;
    case '>':
      return compare(a, b, operator) > 0;
    case '>=':
      return compare(a, b, operator) >= 0;
    case 'in':
      return contains(b, a);
    case 'not in':
      return !contains(b, a);
    default:
      throw typeError(`'${operator}' is not a comparison`);
  }
}

/** Python's x[start:stop:step] on anything with positions; undefined for what has none. */
export function slice(value: TemplateValue, bounds: readonly [TemplateValue, TemplateValue, TemplateValue]): TemplateValue | undefined {
  if (isDict(value) || (typeof value !== 'string' && !Array.isArray(value))) return undefined;
  const characters = typeof value === 'string' ? Array.from(value) : value;
  const [start, stop, step] = bounds.map((bound) => {
    if (bound === null || isInt(bound)) return bound === null ? undefined : Number(bound);
    throw typeError(`the bounds of a slice are whole numbers, and one is ${described(bound)}`);
  });
  const picked: (string | TemplateValue)[] = [];
  for (const index of sliceIndexes(characters.length, start, stop, step)) picked.push(characters[index] ?? null);
  if (typeof value === 'string') return picked.join('');
  return value instanceof Tuple ? tupleOf(picked) : picked;
}

export function* sliceIndexes(length: number, start: number | undefined, stop: number | undefined, step = 1): Generator<number> {
  if (step === 0) throw typeError('the step of a slice cannot be 0');
  const down = step < 0;
  const clamp = (bound: number): number => {
    const place = bound < 0 ? bound + length : bound;
    return Math.min(Math.max(place, down ? -1 : 0), down ? length - 1 : length);
  };
  const from = start === undefined ? (down ? length - 1 : 0) : clamp(start);
  const to = stop === undefined ? (down ? -1 : length) : clamp(stop);
  for (let index = from; down ? index > to : index < to; index += step) yield index;
}
