// What operators join: literals, columns, CASE, casts, parentheses; and what follows one without an operator.
import type { Token } from '../tokens.ts';
import type { Literal, Name } from '../tree/leaves.ts';
import type { Expression, Subscript, When } from '../tree/query.ts';
import { bareFunction, call, seesBareFunction, specialCall } from './calls.ts';
import { columnName, label, seesName } from './names.ts';
import type { Reader } from './reader.ts';
import { skipIntervalFields, type } from './types.ts';

export function primary(reader: Reader): Expression {
  const token = reader.peek();
  switch (token.kind) {
    case 'string':
    case 'number':
      return literal(reader);
    case 'parameter':
      reader.next();
      return { kind: 'parameter', index: Number(token.value.slice(1)), start: token.start, end: token.end };
    case 'operator':
      if (token.value === '(') return parenthesised(reader);
      return reader.refuse(token.value === '?' ? 'placeholder' : 'unrecognised');
    case 'word':
      return keyword(reader, token) ?? named(reader);
    case 'quoted':
      return named(reader);
    default:
      return reader.unexpected();
  }
}

/** Strings on lines of their own, one after the other, are one. */
function literal(reader: Reader): Literal {
  const start = reader.start;
  const { kind, value } = reader.next();
  if (kind !== 'string') return { kind: 'literal', type: 'number', value, ...reader.since(start) };
  let whole = value;
  while (reader.peek().kind === 'string') whole += reader.next().value;
  return { kind: 'literal', type: 'string', value: whole, ...reader.since(start) };
}

function keyword(reader: Reader, { value: word, start }: Token): Expression | undefined {
  if (word === 'null' || word === 'true' || word === 'false') {
    reader.next();
    return { kind: 'literal', type: word === 'null' ? 'null' : 'boolean', value: word, ...reader.since(start) };
  }
  if (word === 'case') return caseOf(reader);
  if (word === 'interval') return interval(reader);

  if (word === 'exists' && reader.seesOperator('(', 1)) {
    reader.next();
    const query = reader.parenthesised(() => reader.query());
    return { kind: 'exists', query, ...reader.since(start) };
  }
  if ((word === 'cast' || word === 'try_cast') && reader.seesOperator('(', 1)) {
    reader.next();
    const cast = reader.parenthesised(() => {
      const operand = reader.expression();
      reader.expect('as');
      return { operand, type: type(reader) };
    });
    return { kind: 'cast', form: word, ...cast, ...reader.since(start) };
  }
  if (word === 'array' && reader.seesOperator('[', 1)) reader.refuse('array-constructor');
  if (word === 'row' && reader.seesOperator('(', 1)) reader.refuse('row-constructor');
  if (seesBareFunction(reader)) return bareFunction(reader);
  if (word === 'approximate' && reader.peek(1).kind === 'word' && reader.seesOperator('(', 2)) {
    reader.next();
    return { ...call(reader), approximate: true, start };
  }
  return reader.seesOperator('(', 1) ? specialCall(reader) : undefined;
}

/** A column, a function's call, or a literal with its type before it. */
function named(reader: Reader): Expression {
  const start = reader.start;
  if (reader.seesOperator('(', 1)) return call(reader);
  const typed = typedLiteral(reader);
  if (typed) return typed;
  const parts: [Name, ...Name[]] = [columnName(reader)];
  while (reader.seesOperator('.') && !reader.seesOperator('*', 1)) {
    reader.next();
    parts.push(label(reader));
  }
  if (reader.seesOperator('(') && !seesOuterMark(reader)) return call(reader, { kind: 'qualified-name', parts, ...reader.since(start) });
  return { kind: 'column', parts, ...reader.since(start) };
}

/** `date '2026-01-01'`, `timestamp with time zone '…'` */
function typedLiteral(reader: Reader): Expression | undefined {
  const start = reader.start;
  const follows = reader.peek(1);
  const zoned = follows.kind === 'word' && (follows.value === 'with' || follows.value === 'without' || follows.value === 'precision');
  if (follows.kind !== 'string' && !zoned) return undefined;
  return reader.attempt(() => {
    if (!seesName(reader)) return undefined;
    if (zoned && !['time', 'timestamp', 'double'].some((word) => reader.sees(word))) return undefined;
    const of = type(reader);
    if (reader.peek().kind !== 'string') return undefined;
    const { value } = literal(reader);
    return { kind: 'typed-literal' as const, type: of, value, ...reader.since(start) };
  });
}

function interval(reader: Reader): Expression {
  const start = reader.start;
  reader.next();
  if (reader.seesOperator('(')) reader.parenthesised(() => reader.integer());
  if (reader.peek().kind !== 'string') reader.unexpected();
  const { value } = literal(reader);
  const fields = skipIntervalFields(reader);
  return { kind: 'interval', value, ...(fields !== undefined && { fields }), ...reader.since(start) };
}

function caseOf(reader: Reader): Expression {
  const start = reader.start;
  reader.next();
  const subject = reader.sees('when') ? undefined : reader.expression();
  const whens: When[] = [];
  while (reader.sees('when') || whens.length === 0) {
    const from = reader.start;
    reader.expect('when');
    const condition = reader.expression();
    reader.expect('then');
    const result = reader.expression();
    whens.push({ kind: 'when', condition, result, ...reader.since(from) });
  }
  const otherwise = reader.accept('else') ? reader.expression() : undefined;
  reader.expect('end');
  return { kind: 'case', ...(subject && { subject }), whens, ...(otherwise && { otherwise }), ...reader.since(start) };
}

function parenthesised(reader: Reader): Expression {
  const start = reader.start;
  reader.next();
  const close = (): void => reader.expectOperator(')');
  if (reader.sees('values')) reader.refuse('values-list');
  if (reader.seesQuery) {
    const query = reader.query();
    close();
    return { kind: 'subquery', query, ...reader.since(start) };
  }
  const first = reader.expression();
  if (first.kind === 'subquery' && reader.seesRestOfQuery) {
    const query = reader.grammar.continued(reader, { ...first, kind: 'nested-query' });
    close();
    return { kind: 'subquery', query, ...reader.since(start) };
  }
  const others = reader.acceptOperator(',') ? reader.list(() => reader.expression()) : [];
  close();
  if (others.length > 0) return { kind: 'row', items: [first, ...others], ...reader.since(start) };
  return { kind: 'group', inner: first, ...reader.since(start) };
}

const seesOuterMark = (reader: Reader): boolean => reader.seesOperator('(') && reader.seesOperator('+', 1) && reader.seesOperator(')', 2);

/** `x::type`, `x[0].field`, `column (+)` */
export function postfix(reader: Reader, start: number, first: Expression): Expression {
  let operand = first;
  for (;;) {
    if (reader.acceptOperator('::')) operand = { kind: 'cast', form: '::', operand, type: type(reader), ...reader.since(start) };
    else if (reader.seesOperator('[') || (reader.seesOperator('.') && navigates(reader, operand)))
      operand = { kind: 'navigation', base: operand, steps: steps(reader), ...reader.since(start) };
    else if (operand.kind === 'column' && seesOuterMark(reader)) {
      for (let i = 0; i < 3; i++) reader.next();
      operand = { kind: 'outer-mark', operand, ...reader.since(start) };
    } else if (reader.sees('collate') && !reader.isWord(1, 'case_sensitive') && !reader.isWord(1, 'case_insensitive'))
      reader.refuse('collate-expression');
    else return operand;
  }
}

const navigates = (reader: Reader, { kind }: Expression): boolean =>
  (kind === 'call' || kind === 'group' || kind === 'cast') && !reader.seesOperator('*', 1);

function steps(reader: Reader): (Name | Subscript)[] {
  const taken: (Name | Subscript)[] = [];
  for (;;) {
    const start = reader.start;
    if (reader.acceptOperator('[')) {
      const index = reader.expression();
      reader.expectOperator(']');
      taken.push({ kind: 'subscript', index, ...reader.since(start) });
    } else if (reader.seesOperator('.') && !reader.seesOperator('*', 1)) {
      reader.next();
      taken.push(label(reader));
    } else return taken;
  }
}
