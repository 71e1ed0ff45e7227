// Python's pprint.pformat: keys in order, and what does not fit into 80 columns one item a line.
import { tupleOf } from './operators.ts';
import { type TemplateValue, Tuple } from './types.ts';
import { compare, repr, typeName } from './values.ts';

export const prettyText = (value: TemplateValue): string => format(inOrder(value), 0, 0);

function inOrder(value: TemplateValue): TemplateValue {
  if (value instanceof Tuple) return tupleOf(value.map(inOrder));
  if (Array.isArray(value)) return value.map(inOrder);
  if (!(value instanceof Map)) return value;
  const byKey = ([a]: readonly [TemplateValue, TemplateValue], [b]: readonly [TemplateValue, TemplateValue]): number =>
    typeName(a) === typeName(b) ? compare(a, b) : typeName(a) < typeName(b) ? -1 : 1;
  return new Map([...value].sort(byKey).map(([key, item]) => [key, inOrder(item)]));
}

/** `allowance`: how much of the last line must stay free for what closes the containers around. */
function format(value: TemplateValue, indent: number, allowance: number): string {
  const line = repr(value);
  if (line.length <= 80 - indent - allowance) return line;
  if (value instanceof Map) {
    const entries = [...value].map(([key, item], index) => {
      const shown = repr(key);
      return `${shown}: ${format(item, indent + shown.length + 3, index === value.size - 1 ? allowance + 1 : 1)}`;
    });
    return `{${entries.join(`,\n${' '.repeat(indent + 1)}`)}}`;
  }
  if (!Array.isArray(value)) return line;
  const close = value instanceof Tuple ? (value.length === 1 ? ',)' : ')') : ']';
  const shown = Array.from(value, (item, index) => format(item, indent + 1, index === value.length - 1 ? allowance + close.length : 1));
  return (value instanceof Tuple ? '(' : '[') + shown.join(`,\n${' '.repeat(indent + 1)}`) + close;
}
