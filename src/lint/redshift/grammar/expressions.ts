// Operators, by precedence; what they join is in primary.ts.
// https://docs.aws.amazon.com/redshift/latest/dg/r_compound_conditions.html
import type { Expression, Like } from '../tree/query.ts';
import { level, operators } from '../words/operators.ts';
import { postfix, primary } from './primary.ts';
import type { Reader } from './reader.ts';

const signs: ReadonlySet<string> = new Set(['+', '-', '~', '@', '|/', '||/']);
/** Operators of the language's own, which may follow an expression and are none of these. */
const punctuation: ReadonlySet<string> = new Set(['(', ')', '[', ']', ',', '.', ';', ':', '::', ':=', '=>']);

export const expression = (reader: Reader): Expression => binary(reader, level.or);

/** Up to where a word of a special form stops it: `position(a in b)`, `between a and b`. */
export const simple = (reader: Reader): Expression => reader.nested(() => binary(reader, level.other));

function prefix(reader: Reader): Expression {
  const start = reader.start;
  if (reader.accept('not')) {
    const operand = reader.nested(() => binary(reader, level.not));
    return { kind: 'unary', op: 'not', operand, ...reader.since(start) };
  }
  const token = reader.peek();
  if (token.kind === 'operator' && signs.has(token.value)) {
    reader.next();
    const operand = reader.nested(() => binary(reader, level.sign));
    return { kind: 'unary', op: token.value, operand, ...reader.since(start) };
  }
  if (reader.connecting && reader.accept('prior')) {
    const operand = reader.nested(() => binary(reader, level.sign));
    return { kind: 'unary', op: 'prior', operand, ...reader.since(start) };
  }
  return postfix(reader, start, primary(reader));
}

function binary(reader: Reader, least: number): Expression {
  const start = reader.start;
  let left = prefix(reader);
  for (;;) {
    const longer = operation(reader, start, left, least) ?? predicate(reader, start, left, least);
    if (!longer) return left;
    left = longer;
  }
}

/** `left op right` of operators made of signs, AND, OR and AT TIME ZONE. */
function operation(reader: Reader, start: number, left: Expression, least: number): Expression | undefined {
  const token = reader.peek();
  const op = token.value;
  if (token.kind === 'operator') {
    // One that Redshift does not have is refused when the types are known: checks/operators.ts.
    const own = operators.get(op) ?? (punctuation.has(op) ? undefined : level.other);
    if (own === undefined || own < least) return undefined;
    reader.next();
    if (reader.sees('any') || reader.sees('some') || reader.sees('all')) return quantified(reader, start, left, op);
    const right = binary(reader, own + 1);
    return { kind: 'binary', op, left, right, ...reader.since(start) };
  }
  if (token.kind !== 'word') return undefined;
  if (op === 'or' || op === 'and') {
    if (level[op] < least) return undefined;
    reader.next();
    const right = binary(reader, level[op] + 1);
    return { kind: 'binary', op, left, right, ...reader.since(start) };
  }
  if (level.zone >= least && reader.accept('at', 'time', 'zone')) {
    const zone = binary(reader, level.sign);
    return { kind: 'at-time-zone', operand: left, zone, ...reader.since(start) };
  }
  return undefined;
}

function quantified(reader: Reader, start: number, left: Expression, op: string): Expression {
  const quantifier = reader.expectOneOf('any', 'some', 'all');
  reader.expectOperator('(');
  if (!reader.seesQuery && !reader.seesOperator('(')) reader.refuse('any-array');
  const query = reader.query();
  reader.expectOperator(')');
  return { kind: 'quantified', op, quantifier, left, query, ...reader.since(start) };
}

/** IS, IN, BETWEEN, LIKE and their like, with and without NOT. */
function predicate(reader: Reader, start: number, operand: Expression, least: number): Expression | undefined {
  if (reader.peek().kind !== 'word') return undefined;
  if (level.is >= least) {
    if (reader.accept('is')) return is(reader, start, operand);
    const postfixed = reader.acceptOneOf('isnull', 'notnull');
    if (postfixed) return { kind: 'is', negated: postfixed === 'notnull', what: 'null', operand, ...reader.since(start) };
  }
  if (level.range < least) return undefined;
  const negated = reader.sees('not') && ['in', 'between', 'like', 'ilike', 'similar'].some((word) => reader.isWord(1, word));
  if (negated) reader.next();
  if (reader.accept('in')) return oneOf(reader, start, operand, negated);
  if (reader.accept('between')) return between(reader, start, operand, negated);
  if (reader.accept('like')) return like(reader, start, operand, negated, 'like');
  if (reader.accept('ilike')) return like(reader, start, operand, negated, 'ilike');
  if (reader.accept('similar', 'to')) return like(reader, start, operand, negated, 'similar to');
  if (!reader.accept('overlaps')) return undefined;
  const right = binary(reader, level.other);
  return { kind: 'binary', op: 'overlaps', left: operand, right, ...reader.since(start) };
}

function is(reader: Reader, start: number, operand: Expression): Expression {
  const negated = reader.accept('not');
  if (reader.sees('distinct')) reader.refuse('is-distinct-from');
  if (reader.sees('json')) reader.refuse('is-json');
  const what = reader.acceptOneOf('null', 'true', 'false', 'unknown') ?? reader.refuse('is-document');
  return { kind: 'is', negated, what, operand, ...reader.since(start) };
}

function oneOf(reader: Reader, start: number, operand: Expression, negated: boolean): Expression {
  const choices = reader.parenthesised(() => {
    if (reader.seesQuery) return reader.query();
    if (reader.sees('values')) reader.refuse('values-list');
    const first = reader.expression();
    if (first.kind === 'subquery' && reader.seesRestOfQuery) return reader.grammar.continued(reader, { ...first, kind: 'nested-query' });
    return reader.acceptOperator(',') ? [first, ...reader.list(() => reader.expression())] : [first];
  });
  return { kind: 'in', negated, operand, choices, ...reader.since(start) };
}

function between(reader: Reader, start: number, operand: Expression, negated: boolean): Expression {
  if (reader.sees('symmetric') || reader.sees('asymmetric')) reader.refuse('between-symmetric');
  const low = simple(reader);
  reader.expect('and');
  const high = simple(reader);
  return { kind: 'between', negated, operand, low, high, ...reader.since(start) };
}

function like(reader: Reader, start: number, operand: Expression, negated: boolean, op: Like['op']): Expression {
  if (['any', 'all', 'some'].some((word) => reader.sees(word))) reader.refuse('like-any');
  const pattern = simple(reader);
  const escapedBy = reader.accept('escape') ? simple(reader) : undefined;
  return { kind: 'like', op, negated, operand, pattern, ...(escapedBy && { escape: escapedBy }), ...reader.since(start) };
}
