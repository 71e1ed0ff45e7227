// Statements as closures: they print into the frame's output, set names in its scope, and signal break and continue.
import { assertNever } from '../core/problem.ts';
import { compileExpression } from './compile-expression.ts';
import { Nothing, templateError, typeError } from './errors.ts';
import { Frame, Scope } from './frame.ts';
import { Namespace } from './globals.ts';
import { Loop } from './loop.ts';
import { Macro, type MacroCode, type Signal, textOf } from './macro.ts';
import type { CallerNode, CaptureNode, Expr, ForNode, MacroNode, ParameterNode, Stmt, Target, WithNode } from './nodes.ts';
import { Output } from './output.ts';
import { all, andThen, isPending, type Pending, type Run, resume } from './pending.ts';
import type { Source } from './source.ts';
import { type CallSite, type TemplateValue, Undefined } from './types.ts';
import { described, isDict, items, text, truth } from './values.ts';

export const expression = (node: Expr): Run<TemplateValue> => compileExpression(node, { capture, caller });

export function compileBody(nodes: readonly Stmt[]): Run<Signal> {
  const [only, ...more] = nodes.map(statement);
  if (!only) return () => undefined;
  if (more.length === 0) return only;
  const parts = [only, ...more];
  return (frame) => {
    for (let index = 0; index < parts.length; index++) {
      const signal = parts[index]?.(frame);
      if (signal === undefined) continue;
      return isPending(signal) ? bodyFrom(signal, parts, index + 1, frame) : signal;
    }
    return undefined;
  };
}

function* bodyFrom(pending: Pending<Signal>, parts: readonly Run<Signal>[], next: number, frame: Frame): Pending<Signal> {
  let signal = yield* pending;
  for (let index = next; signal === undefined && index < parts.length; index++) {
    const result = parts[index]?.(frame);
    signal = isPending(result) ? yield* result : result;
  }
  return signal;
}

function statement(node: Stmt): Run<Signal> {
  const at = node.lineno;
  switch (node.typename) {
    case 'TemplateData': {
      const { value } = node;
      return (frame) => {
        frame.output.data(value, at);
        return undefined;
      };
    }
    case 'Output':
      return andThen(all(node.children.map(expression)), (values, frame) => {
        for (const value of values) {
          // What is undefined is reported where it was looked up.
          if (!(value instanceof Undefined)) frame.offset = at;
          frame.output.value(text(value), at);
        }
        return undefined;
      });
    case 'If': {
      const [body, otherwise] = [compileBody(node.body), compileBody(node.else_)];
      const names = [...setIn(node)];
      if (names.length === 0) return andThen(expression(node.cond), (value, frame) => (truth(value) ? body(frame) : otherwise(frame)));
      return andThen(expression(node.cond), (value, frame) => {
        frame.scope.maySet(names);
        return truth(value) ? body(frame) : otherwise(frame);
      });
    }
    case 'For':
      return loop(node);
    case 'Set': {
      const assign = assignment(node.target);
      return andThen(expression(node.value), assign);
    }
    case 'Do':
      return andThen(expression(node.value), () => undefined);
    case 'With':
      return withBlock(node);
    case 'Break':
      return () => 'break';
    case 'Continue':
      return () => 'continue';
    case 'Macro': {
      const code = macroCode(node);
      return (frame) => {
        frame.scope.values.set(node.name, new Macro(code(frame.source), frame.host, frame.scope));
        return undefined;
      };
    }
    default:
      return assertNever(node);
  }
}

/** Names that one of the branches sets. What a loop sets stays in it. */
function* setIn(node: Extract<Stmt, { typename: 'If' }>): Generator<string> {
  for (const child of [...node.body, ...node.else_]) {
    if (child.typename === 'If') yield* setIn(child);
    else if (child.typename === 'Set' && child.target.typename === 'Symbol') yield child.target.value;
  }
}

function assignment(target: Target): (value: TemplateValue, frame: Frame) => undefined {
  switch (target.typename) {
    case 'Symbol': {
      const name = target.value;
      return (value, frame) => {
        frame.scope.values.set(name, value);
        return undefined;
      };
    }
    case 'NamespaceRef':
      return (value, frame) => {
        frame.offset = target.lineno;
        const holder = frame.lookup(target.name);
        if (!(holder instanceof Namespace)) {
          const hint = isDict(holder)
            ? `A dict is changed by: {% do ${target.name}.update({'${target.attribute}': …}) %}`
            : `Make it one: {% set ${target.name} = namespace() %}`;
          throw typeError(`'${target.name}.${target.attribute}' cannot be set: '${target.name}' is not a namespace`, hint);
        }
        holder.values.set(target.attribute, value);
        return undefined;
      };
    case 'TargetList': {
      const parts = target.children.map(assignment);
      return (value, frame) => {
        frame.offset = target.lineno;
        const values = [...items(value)];
        if (values.length !== parts.length)
          throw templateError(
            'template-value',
            `${described(value)} has ${values.length} item(s), and ${parts.length} names wait for one each`,
          );
        parts.forEach((assign, index) => {
          assign(values[index] ?? null, frame);
        });
        return undefined;
      };
    }
    default:
      return assertNever(target);
  }
}

function loop(node: ForNode): Run<Signal> {
  const at = node.lineno;
  const assign = assignment(node.name);
  const test = node.test && expression(node.test);
  const [body, otherwise] = [compileBody(node.body), compileBody(node.else_)];

  const start = (value: TemplateValue, frame: Frame, depth: number): Signal | Pending<Signal> => {
    frame.offset = at;
    const iterable = items(value);
    if (!test) return run(value, iterable, frame, depth);
    const chosen = chosenItems(iterable, assign, test, frame);
    return isPending(chosen) ? resume(chosen, (kept) => run(kept, kept, frame, depth), frame) : run(chosen, chosen, frame, depth);
  };

  const run = (value: TemplateValue, iterable: Iterable<TemplateValue>, frame: Frame, depth: number): Signal | Pending<Signal> => {
    const outer = frame.scope;
    const recurse = node.recursive
      ? (inner: TemplateValue, level: number, site: CallSite) => nested(inner, level, frame, outer, site)
      : undefined;
    const state = new Loop(value, iterable, depth, recurse);
    const around = new Scope(outer);
    around.values.set('loop', state);
    const leave = (ended: boolean, inFrame: Frame): Signal | Pending<Signal> => {
      inFrame.scope = outer;
      return ended ? undefined : inner(otherwise, inFrame);
    };
    const next = (): boolean => {
      const item = state.advance();
      if (item === undefined) return false;
      frame.scope = new Scope(around);
      assign(item, frame);
      return true;
    };
    // Jinja2 runs the else when no turn came to its end: break and continue in the first one count as none.
    let ended = false;
    while (next()) {
      const signal = body(frame);
      if (isPending(signal)) return runFrom(signal, ended, next, body, leave, frame);
      if (signal === 'break') break;
      ended ||= signal === undefined;
    }
    return leave(ended, frame);
  };

  /** loop(items): the same body for the next level down, as a text. */
  const nested = (
    value: TemplateValue,
    depth: number,
    frame: Frame,
    scope: Scope,
    called: CallSite,
  ): TemplateValue | Pending<TemplateValue> => {
    const own = new Frame(frame.source, frame.host, scope, { name: 'loop', defined: frame.source.locate(at), called });
    return textOf(own, () => start(value, own, depth), false);
  };

  return andThen(expression(node.arr), (value, frame) => start(value, frame, 0));
}

function* runFrom(
  pending: Pending<Signal>,
  before: boolean,
  next: () => boolean,
  body: Run<Signal>,
  leave: (ended: boolean, frame: Frame) => Signal | Pending<Signal>,
  frame: Frame,
): Pending<Signal> {
  let signal = yield* pending;
  let ended = before || signal === undefined;
  while (signal !== 'break' && next()) {
    const result = body(frame);
    signal = isPending(result) ? yield* result : result;
    ended ||= signal === undefined;
  }
  const left = leave(ended, frame);
  return isPending(left) ? yield* left : left;
}

/** A body whose names end with it. */
function inner(body: Run<Signal>, frame: Frame): Signal | Pending<Signal> {
  const outer = frame.scope;
  frame.scope = new Scope(outer);
  const finish = (signal: Signal): Signal => {
    frame.scope = outer;
    return signal;
  };
  const signal = body(frame);
  return isPending(signal) ? resume(signal, finish, frame) : finish(signal);
}

/** `for … if`: the items that pass, chosen before the first turn. */
function chosenItems(
  iterable: Iterable<TemplateValue>,
  assign: (value: TemplateValue, frame: Frame) => undefined,
  test: Run<TemplateValue>,
  frame: Frame,
): TemplateValue[] | Pending<TemplateValue[]> {
  const outer = frame.scope;
  const candidates = [...iterable];
  const tests = candidates.map(
    (item): Run<TemplateValue> =>
      (inFrame) => {
        inFrame.scope = new Scope(outer);
        assign(item, inFrame);
        return test(inFrame);
      },
  );
  const choose = (verdicts: readonly TemplateValue[]): TemplateValue[] => {
    frame.scope = outer;
    return candidates.filter((_, index) => truth(verdicts[index] ?? null));
  };
  const verdicts = all(tests)(frame);
  return isPending(verdicts) ? resume(verdicts, choose, frame) : choose(verdicts);
}

function withBlock(node: WithNode): Run<Signal> {
  const body = compileBody(node.body);
  const assigns = node.pairs.map(({ target }) => assignment(target));
  // Values are evaluated outside: {% with a = 1, b = a %} takes the outer a.
  return andThen(all(node.pairs.map(({ value }) => expression(value))), (values, frame) =>
    inner((within) => {
      assigns.forEach((assign, index) => {
        assign(values[index] ?? null, within);
      });
      return body(within);
    }, frame),
  );
}

function capture(node: CaptureNode): Run<TemplateValue> {
  const body = compileBody(node.body);
  return (frame) => {
    const outer = frame.output;
    const own = new Output();
    frame.output = own;
    const finish = (): string => {
      frame.output = outer;
      return own.text;
    };
    const done = inner(body, frame);
    return isPending(done) ? resume(done, finish, frame) : finish();
  };
}

function caller(node: CallerNode): Run<TemplateValue> {
  const { lineno, parameters, body, uses } = node;
  const code = lazyCode({ name: 'caller', lineno, parameters, body, uses }, true);
  return (frame) => new Macro(code(frame.source), frame.host, frame.scope);
}

interface FunctionNode {
  readonly name: string;
  readonly lineno: number;
  readonly parameters: readonly ParameterNode[];
  readonly body: readonly Stmt[];
  readonly uses: MacroCode['uses'];
}

/** The code of a function whose body is compiled when it is first called. */
function lazyCode({ name, lineno, parameters, body, uses }: FunctionNode, isCaller: boolean): (source: Source) => MacroCode {
  let code: MacroCode | undefined;
  let compiled: Run<Signal> | undefined;
  return (source) => {
    code ??= {
      name,
      source,
      defined: source.locate(lineno),
      parameters: parameters.map((parameter) => parameter.name),
      uses,
      isCaller,
      run: () => {
        compiled ??= compileFunction(parameters, body);
        return compiled;
      },
    };
    return code;
  };
}

export const macroCode = (node: Omit<MacroNode, 'typename' | 'source'>): ((source: Source) => MacroCode) => lazyCode(node, false);

function compileFunction(parameters: readonly ParameterNode[], body: readonly Stmt[]): Run<Signal> {
  const run = compileBody(body);
  return parameters.reduceRight<Run<Signal>>((rest, parameter) => {
    const missing = new Nothing(parameter.name, `the parameter '${parameter.name}' was not given`);
    const otherwise = parameter.default ? expression(parameter.default) : () => missing;
    const set = andThen(otherwise, (value, frame) => {
      frame.scope.values.set(parameter.name, value);
      return rest(frame);
    });
    return (frame) => (frame.scope.values.has(parameter.name) ? rest(frame) : set(frame));
  }, run);
}
