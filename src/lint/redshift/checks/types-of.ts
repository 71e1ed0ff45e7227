// The type of an expression, as far as its text tells: literals, casts, operators, functions. Undefined: only the tables know.
import type { Expression } from '../tree/query.ts';
import { functions } from '../words/functions/index.ts';
import type { Family } from '../words/functions/signature.ts';
import { familyOf, type TypeFamily } from '../words/types.ts';

const families: Readonly<Record<TypeFamily, Family>> = {
  integer: 'integer',
  decimal: 'number',
  float: 'number',
  boolean: 'boolean',
  text: 'text',
  date: 'time',
  time: 'time',
  timestamp: 'time',
  interval: 'interval',
  super: 'super',
  binary: 'binary',
  spatial: 'spatial',
  sketch: 'sketch',
};
/** Of a type that does not say more: what its name is in the server's messages. */
const names: Readonly<Record<Family, string>> = {
  any: '"unknown"',
  part: '"unknown"',
  number: 'numeric',
  integer: 'integer',
  text: 'character varying',
  boolean: 'boolean',
  time: 'timestamp without time zone',
  interval: 'interval',
  super: 'super',
  binary: 'varbyte',
  spatial: 'geometry',
  sketch: 'hllsketch',
};
const comparisons: ReadonlySet<string> = new Set(['=', '<', '>', '<=', '>=', '<>', '!=', '~', '~*', '!~', '!~*', 'and', 'or', 'overlaps']);

export function typeOf(expression: Expression): Family | undefined {
  switch (expression.kind) {
    case 'literal':
      if (expression.type === 'number') return expression.value.includes('.') || expression.value.includes('e') ? 'number' : 'integer';
      return expression.type === 'boolean' ? 'boolean' : undefined;
    case 'typed-literal':
    case 'cast': {
      const family = familyOf(expression.type.name);
      return family && families[family];
    }
    case 'interval':
      return 'interval';
    case 'unary':
      return expression.op === 'not' ? 'boolean' : undefined;
    case 'binary':
      if (comparisons.has(expression.op)) return 'boolean';
      return expression.op === '||' ? 'text' : undefined;
    case 'between':
    case 'in':
    case 'like':
    case 'is':
    case 'exists':
    case 'quantified':
      return 'boolean';
    case 'group':
      return typeOf(expression.inner);
    case 'call': {
      const [signature] = functions.get(expression.name.parts.at(-1)?.value ?? '') ?? [];
      const returns = signature?.returns;
      if (returns === 'same') return expression.args[0] && typeOf(expression.args[0]);
      return returns === 'any' ? undefined : returns;
    }
    default:
      return undefined;
  }
}

/** As the server writes it where no function fits: a bare string is "unknown". */
export const serverType = (expression: Expression): string => names[typeOf(expression) ?? 'any'];

/** Whether a value of the type may stand where the parameter is: what the server casts by itself. */
export function fits(given: Family | undefined, wanted: Family): boolean {
  if (given === undefined || given === wanted || wanted === 'any' || wanted === 'part') return true;
  switch (wanted) {
    case 'number':
    case 'integer':
      return given === 'number' || given === 'integer' || given === 'super' || given === 'interval' || given === 'text';
    case 'text':
      return given !== 'boolean' && given !== 'spatial' && given !== 'sketch';
    case 'boolean':
      return given !== 'time' && given !== 'interval' && given !== 'text';
    case 'time':
      return given === 'text' || given === 'interval' || given === 'super';
    default:
      return true;
  }
}
