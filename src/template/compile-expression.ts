// Expressions as closures: a node in, a function from a frame to a value out.
import { assertNever } from '../core/problem.ts';
import { argumentError, Nothing, typeError, undefinedError } from './errors.ts';
import { filters } from './filters.ts';
import type { Frame } from './frame.ts';
import { getAttribute, getItem, getSlice, Slice } from './members.ts';
import { type Kwargs, NO_KWARGS } from './natives.ts';
import type {
  BinaryNode,
  CallArguments,
  CallerNode,
  CallNode,
  CaptureNode,
  CompareNode,
  Expr,
  FilterNode,
  IsNode,
  LookupNode,
} from './nodes.ts';
import { add, compared, divide, floorDivide, joined, modulo, multiply, power, sign, subtract, tupleOf } from './operators.ts';
import { all, andThen, isPending, type Pending, type Run, resume } from './pending.ts';
import { type Callable, type CallSite, type Dict, type TemplateValue, Undefined } from './types.ts';
import { valueTests } from './value-tests.ts';
import { described, isHost, items, setKey, text, truth } from './values.ts';

/** What an expression may contain that is made of statements. */
export interface Bodies {
  capture(node: CaptureNode): Run<TemplateValue>;
  caller(node: CallerNode): Run<TemplateValue>;
}

export function compileExpression(node: Expr, bodies: Bodies): Run<TemplateValue> {
  const compile = (child: Expr): Run<TemplateValue> => compileExpression(child, bodies);
  const at = node.lineno;
  switch (node.typename) {
    case 'Literal': {
      const { value } = node;
      return () => value;
    }
    case 'Symbol': {
      const name = node.value;
      return (frame) => {
        frame.offset = at;
        return frame.lookup(name);
      };
    }
    case 'Array':
      return all(node.children.map(compile));
    case 'Group':
      return andThen(all(node.children.map(compile)), tupleOf);
    case 'Dict':
      return andThen(all(node.children.flatMap(({ key, value }) => [compile(key), compile(value)])), (parts, frame) => {
        frame.offset = at;
        return dictOf(parts);
      });
    case 'LookupVal':
      return lookup(node, compile);
    case 'Slice': {
      const bounds = [node.start, node.stop, node.step].map((bound) => (bound ? compile(bound) : () => null));
      return andThen(all(bounds), ([start = null, stop = null, step = null]) => new Slice(start, stop, step));
    }
    case 'InlineIf': {
      const nothing = new Nothing();
      const [body, otherwise] = [compile(node.body), node.else_ ? compile(node.else_) : () => nothing];
      return andThen(compile(node.cond), (value, frame) => (truth(value) ? body : otherwise)(frame));
    }
    case 'And': {
      const right = compile(node.right);
      return andThen(compile(node.left), (value, frame) => (truth(value) ? right(frame) : value));
    }
    case 'Or': {
      const right = compile(node.right);
      return andThen(compile(node.left), (value, frame) => (truth(value) ? value : right(frame)));
    }
    case 'Not':
      return andThen(compile(node.target), (value) => !truth(value));
    case 'Neg':
    case 'Pos': {
      const operator = node.typename === 'Neg' ? '-' : '+';
      return andThen(compile(node.target), (value, frame) => {
        frame.offset = at;
        return sign(operator, value);
      });
    }
    case 'Add':
    case 'Sub':
    case 'Mul':
    case 'Div':
    case 'FloorDiv':
    case 'Mod':
    case 'Pow':
      return binary(compile(node.left), compile(node.right), OPERATORS[node.typename], at);
    case 'Concat':
      return andThen(all(node.parts.map(compile)), (parts, frame) => {
        frame.offset = at;
        return joined(parts);
      });
    case 'Compare':
      return comparison(node, compile);
    case 'FunCall':
      return call(node, compile);
    case 'Filter':
      return native(node, compile, filters);
    case 'Is':
      return native(node, compile, valueTests);
    case 'Capture':
      return bodies.capture(node);
    case 'Caller':
      return bodies.caller(node);
    default:
      return assertNever(node);
  }
}

const OPERATORS: Readonly<Record<BinaryNode['typename'], (a: TemplateValue, b: TemplateValue) => TemplateValue>> = {
  Add: add,
  Sub: subtract,
  Mul: multiply,
  Div: divide,
  FloorDiv: floorDivide,
  Mod: modulo,
  Pow: power,
};

type Compile = (node: Expr) => Run<TemplateValue>;

const binary = (
  left: Run<TemplateValue>,
  right: Run<TemplateValue>,
  operate: (a: TemplateValue, b: TemplateValue, frame: Frame) => TemplateValue,
  at: number,
): Run<TemplateValue> =>
  andThen(left, (a, frame) => {
    const finish = (b: TemplateValue): TemplateValue => {
      frame.offset = at;
      return operate(a, b, frame);
    };
    const b = right(frame);
    return isPending(b) ? resume(b, finish, frame) : finish(b);
  });

function dictOf(parts: readonly TemplateValue[]): Dict {
  const dict: Dict = new Map();
  for (let index = 0; index < parts.length; index += 2) setKey(dict, parts[index] ?? null, parts[index + 1] ?? null);
  return dict;
}

/** While parsing, dicts and lists may be without what the warehouse puts into them. */
function found(value: TemplateValue, within: TemplateValue, frame: Frame): TemplateValue {
  if (!(value instanceof Undefined) || !frame.host.unanswered || !(within instanceof Map || Array.isArray(within))) return value;
  return new Nothing(value.name, value.message);
}

/** What the warehouse has not put there yet has no members either, and says nothing when it is called. */
const isUnanswered = (value: TemplateValue, frame: Frame): boolean => frame.host.unanswered === true && value instanceof Nothing;

function lookup(node: LookupNode, compile: Compile): Run<TemplateValue> {
  const at = node.lineno;
  const target = compile(node.target);
  if (node.dotted && node.val.typename === 'Literal') {
    const name = String(node.val.value);
    return andThen(target, (value, frame) => {
      if (isUnanswered(value, frame)) return value;
      if (!(value instanceof Undefined)) frame.offset = at;
      return found(getAttribute(value, name), value, frame);
    });
  }
  return binary(
    target,
    compile(node.val),
    (value, key, frame) =>
      isUnanswered(value, frame) ? value : key instanceof Slice ? getSlice(value, key) : found(getItem(value, key), value, frame),
    at,
  );
}

/** a < b < c: each is compared with its neighbour, until one fails. */
function comparison(node: CompareNode, compile: Compile): Run<TemplateValue> {
  const rest = node.ops.map(({ expr, type, lineno }) => ({ right: compile(expr), operator: type, at: lineno }));
  const from = (index: number, left: TemplateValue, frame: Frame): boolean | Pending<boolean> => {
    const step = rest[index];
    if (!step) return true;
    const finish = (right: TemplateValue): boolean | Pending<boolean> => {
      frame.offset = step.at;
      return compared(step.operator, left, right) && from(index + 1, right, frame);
    };
    const right = step.right(frame);
    return isPending(right) ? resume(right, finish, frame) : finish(right);
  };
  return andThen(compile(node.expr), (left, frame) => from(0, left, frame));
}

interface Given {
  readonly args: readonly TemplateValue[];
  readonly kwargs: Kwargs;
}

const NOTHING_GIVEN: Given = { args: [], kwargs: NO_KWARGS };

function compileArguments({ positional, named, spread, spreadNames }: CallArguments, compile: Compile): Run<Given> {
  if (positional.length === 0 && named.length === 0 && !spread && !spreadNames) return () => NOTHING_GIVEN;
  const count = positional.length;
  if (named.length === 0 && !spread && !spreadNames) {
    return andThen(all(positional.map(compile)), (args) => ({ args, kwargs: NO_KWARGS }));
  }
  const parts = [...positional, ...named.map(({ value }) => value), ...(spread ? [spread] : []), ...(spreadNames ? [spreadNames] : [])];
  return andThen(all(parts.map(compile)), (values) => {
    const args = values.slice(0, count);
    const kwargs = new Map<string, TemplateValue>();
    named.forEach(({ name }, index) => {
      if (kwargs.has(name)) throw argumentError(`the argument '${name}' is given twice`);
      kwargs.set(name, values[count + index] ?? null);
    });
    let next = count + named.length;
    if (spread) args.push(...items(values[next++] ?? null));
    if (spreadNames) spreadInto(kwargs, values[next] ?? null);
    return { args, kwargs };
  });
}

function spreadInto(kwargs: Map<string, TemplateValue>, value: TemplateValue): void {
  if (value instanceof Undefined) throw undefinedError(value);
  if (!(value instanceof Map)) throw typeError(`'**' takes a dict, and got ${described(value)}`);
  for (const [key, item] of value) {
    if (kwargs.has(text(key))) throw argumentError(`the argument '${text(key)}' is given twice`);
    kwargs.set(text(key), item);
  }
}

function call(node: CallNode, compile: Compile): Run<TemplateValue> {
  const callee = node.name;
  // x.name(…) is called at the name.
  const at = callee.typename === 'LookupVal' && callee.dotted ? callee.lineno : node.lineno;
  const given = compileArguments(node.args, compile);
  return andThen(compile(callee), (target, frame) => withArguments(given, frame, (values) => callValueAt(target, values, frame, at)));
}

const withArguments = (
  given: Run<Given>,
  frame: Frame,
  use: (values: Given) => TemplateValue | Pending<TemplateValue>,
): TemplateValue | Pending<TemplateValue> => {
  const values = given(frame);
  return isPending(values) ? resume(values, use, frame) : use(values);
};

function callValueAt(target: TemplateValue, { args, kwargs }: Given, frame: Frame, at: number): TemplateValue | Pending<TemplateValue> {
  if (isUnanswered(target, frame)) return target;
  frame.offset = at;
  const result = functionOf(target).call(args, kwargs, frame.site(at));
  if (!isPending(result)) return result;
  return resume(
    result,
    (value) => {
      frame.offset = at;
      return value;
    },
    frame,
  );
}

function functionOf(target: TemplateValue): { readonly call: Callable['call'] } {
  if (target instanceof Undefined) throw undefinedError(target);
  if (typeof target === 'object' && target !== null && 'kind' in target) {
    if (target.kind === 'function') return target;
    const { call } = target;
    if (call) return { call: (args: readonly TemplateValue[], kwargs: Kwargs, site: CallSite) => call.call(target, args, kwargs, site) };
  }
  throw typeError(`${isHost(target) ? `this ${target.typeName}` : described(target)} cannot be called`);
}

/** A filter or test: its own function, known since parsing. */
function native(node: FilterNode | IsNode, compile: Compile, table: typeof filters): Run<TemplateValue> {
  const at = node.lineno;
  const found = table.get(node.name);
  if (!found) throw new Error(`the parser let '${node.name}' pass, which is no filter and no test`);
  const given = compileArguments(node.args, compile);
  return andThen(compile(node.target), (value, frame) =>
    withArguments(given, frame, ({ args, kwargs }) => {
      frame.offset = at;
      return found.call(value, args, kwargs);
    }),
  );
}
