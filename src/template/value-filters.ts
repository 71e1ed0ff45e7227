// Filters on single values: numbers, defaults, and dbt's as_* and is_list.
import { argumentError, typeError } from './errors.ts';
import { getAttribute, getItem } from './members.ts';
import { natives } from './natives.ts';
import {
  asNumber,
  intFromFloat,
  isFloat,
  isInt,
  isNumeric,
  negate,
  parseFloatText,
  parseInteger,
  roundFloat,
  roundInteger,
} from './numbers.ts';
import { PyFloat, type TemplateValue, Undefined } from './types.ts';
import { described, isDict, isList, orElse, truth } from './values.ts';

function toInt(value: TemplateValue, base: number): TemplateValue | undefined {
  if (typeof value === 'string') {
    const whole = parseInteger(value, base);
    if (whole !== undefined) return whole;
    const float = parseFloatText(value);
    return float !== undefined && Number.isFinite(float) ? intFromFloat(float) : undefined;
  }
  if (!isNumeric(value)) return undefined;
  if (!isFloat(value)) return typeof value === 'boolean' ? Number(value) : value;
  return Number.isFinite(asNumber(value)) ? intFromFloat(asNumber(value)) : undefined;
}

function toFloat(value: TemplateValue): PyFloat | undefined {
  const number = typeof value === 'string' ? parseFloatText(value) : isNumeric(value) ? asNumber(value) : undefined;
  return number === undefined ? undefined : new PyFloat(number);
}

function round(value: TemplateValue, precision: number, method: string): TemplateValue {
  if (!isNumeric(value)) throw typeError(`round needs a number, and got ${described(value)}`);
  if (method === 'common') {
    if (isFloat(value)) return new PyFloat(roundFloat(asNumber(value), precision));
    return roundInteger(typeof value === 'bigint' ? value : asNumber(value), precision);
  }
  if (method !== 'ceil' && method !== 'floor')
    throw argumentError(`round(): the method is 'common', 'ceil' or 'floor', and not '${method}'`);
  const unit = 10 ** precision;
  return new PyFloat(Math[method](asNumber(value) * unit) / unit);
}

/** Of an absolute value, the sign is the only thing to change; True counts as 1. */
const absolute = (value: TemplateValue): TemplateValue => {
  if (!isNumeric(value)) throw typeError(`abs needs a number, and got ${described(value)}`);
  if (asNumber(value) < 0 || Object.is(asNumber(value), -0)) return negate(value);
  return typeof value === 'boolean' ? Number(value) : value;
};

// In a rendered text they change nothing; renderValue knows their meaning for values of YAML.
const unchanged = (value: TemplateValue): TemplateValue => value;

export const valueFilters = natives({
  'abs()': absolute,
  'as_bool()': unchanged,
  'as_native()': unchanged,
  'as_number()': unchanged,
  'as_text()': unchanged,
  'attr(name)': (value, args) => (isDict(value) ? getAttribute(new Map(), args.needText(0)) : getAttribute(value, args.needText(0))),
  'd(default_value?, boolean?)': (value, args) => withDefault(value, args.get(0), args.flag(1)),
  'default(default_value?, boolean?)': (value, args) => withDefault(value, args.get(0), args.flag(1)),
  'float(default?)': (value, args) => toFloat(value) ?? orElse(args.get(0), () => new PyFloat(0)),
  'int(default?, base?)': (value, args) => toInt(value, args.int(1) ?? 10) ?? orElse(args.get(0), () => 0),
  'is_list()': isList,
  'round(precision?, method?)': (value, args) => round(value, args.int(0) ?? 0, args.text(1) ?? 'common'),
});

function withDefault(value: TemplateValue, otherwise: TemplateValue = '', boolean: boolean): TemplateValue {
  return value instanceof Undefined || (boolean && !truth(value)) ? otherwise : value;
}

/** 'a.b.0' of an item: what `attribute=` means in filters. */
export function attributeGetter(attribute: TemplateValue, otherwise?: TemplateValue): (item: TemplateValue) => TemplateValue {
  const parts: TemplateValue[] = isInt(attribute)
    ? [attribute]
    : String(attribute)
        .split('.')
        .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  return (item) => {
    let value = item;
    for (const part of parts) {
      value = getItem(value, part);
      if (otherwise !== undefined && otherwise !== null && value instanceof Undefined) value = otherwise;
    }
    return value;
  };
}
