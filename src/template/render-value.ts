// Values of YAML that may be templates: text in, text or a native value out.
// https://docs.getdbt.com/reference/dbt-jinja-functions/as_native
import { expression } from './compile-statement.ts';
import { valueError } from './errors.ts';
import { Frame, Scope } from './frame.ts';
import type { Expr } from './nodes.ts';
import { isFloat, isInt, isNumeric, parseFloatText, parseInteger } from './numbers.ts';
import { now, renderNow } from './render.ts';
import { type Place, Source } from './source.ts';
import { insides, parseTemplate } from './template.ts';
import { parseSource } from './template-parser.ts';
import { type Host, PyFloat, type TemplateValue, Undefined } from './types.ts';
import { described, orElse, text } from './values.ts';

/**
 * The rendered text; or, when all of it is one expression, the value that its last filter makes of it (as_bool, as_number,
 * as_native), a list or dict as it is, and whatever names and calls say: a number of vars stays one. Nothing can be asked.
 */
export function renderValue(value: string, place: Place, host: Host): TemplateValue {
  if (!/\{[{%#]/.test(value)) return value;
  const template = parseTemplate(value, place);
  const { whole, source } = insides(template);
  if (!whole) return renderNow(template, host).text;
  const frame = new Frame(source, host, new Scope());
  try {
    return native(whole, now<TemplateValue>(expression(whole)(frame)), source);
  } catch (error) {
    throw frame.placed(error);
  }
}

function native(node: Expr, value: TemplateValue, source: Source): TemplateValue {
  const filter = node.typename === 'Filter' ? node.name : undefined;
  switch (filter) {
    case 'as_bool':
      return asBool(value);
    case 'as_number':
      return asNumber(value);
    case 'as_native':
      return typeof value === 'string' ? orElse(literal(value, source), () => value) : value;
    default:
      return filter !== 'as_text' && keepsKind(node, value) ? value : text(value);
  }
}

/** Lists and dicts do, and what a name or a call says, as in dbt: only what is spelt out in the braces is text. */
const keepsKind = (node: Expr, value: TemplateValue): boolean =>
  Array.isArray(value) || value instanceof Map || (!(value instanceof Undefined) && !isFunction(value) && !isConstant(node));

const isFunction = (value: TemplateValue): boolean =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'function';

/** Whether it says the same wherever it stands: there is no name in it. */
function isConstant(node: Expr): boolean {
  switch (node.typename) {
    case 'Literal':
      return true;
    case 'Group':
    case 'Array':
      return node.children.every(isConstant);
    case 'Dict':
      return node.children.every(({ key, value }) => isConstant(key) && isConstant(value));
    case 'InlineIf':
      return [node.cond, node.body, ...(node.else_ ? [node.else_] : [])].every(isConstant);
    case 'Not':
    case 'Neg':
    case 'Pos':
    case 'Filter':
    case 'Is':
      return isConstant(node.target);
    case 'Concat':
      return node.parts.every(isConstant);
    case 'Compare':
      return isConstant(node.expr) && node.ops.every((operand) => isConstant(operand.expr));
    case 'Symbol':
    case 'LookupVal':
    case 'Slice':
    case 'FunCall':
    case 'Capture':
    case 'Caller':
      return false;
    default:
      return isConstant(node.left) && isConstant(node.right);
  }
}

function asBool(value: TemplateValue): boolean {
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'True') return true;
  if (value === 'false' || value === 'False') return false;
  throw valueError(`as_bool needs true or false, and got ${described(value)}`);
}

function asNumber(value: TemplateValue): TemplateValue {
  if (isNumeric(value) && typeof value !== 'boolean') return value;
  if (typeof value === 'string') {
    const whole = parseInteger(value);
    if (whole !== undefined) return whole;
    const float = parseFloatText(value);
    if (float !== undefined) return new PyFloat(float);
  }
  throw valueError(`as_number needs a number, and got ${described(value)}`);
}

/** Python's literal_eval: numbers, texts, lists, tuples, dicts; undefined for anything else. */
function literal(value: string, { file }: Source): TemplateValue | undefined {
  const source = new Source(`{{ ${value} }}`, { file, package: '' });
  try {
    const [only, ...more] = parseSource(source).body;
    const node = only?.typename === 'Output' && more.length === 0 ? only.children[0] : undefined;
    if (!node || !isLiteral(node)) return undefined;
    return now<TemplateValue>(expression(node)(new Frame(source, { resolve: () => undefined, names: () => [] }, new Scope())));
  } catch {
    // Not a literal: then it is text, as in dbt.
    return undefined;
  }
}

function isLiteral(node: Expr): boolean {
  switch (node.typename) {
    case 'Literal':
      return true;
    case 'Neg':
    case 'Pos':
      return node.target.typename === 'Literal' && (isInt(node.target.value) || isFloat(node.target.value));
    case 'Array':
    case 'Group':
      return node.children.every(isLiteral);
    case 'Dict':
      return node.children.every(({ key, value }) => isLiteral(key) && isLiteral(value));
    default:
      return false;
  }
}
