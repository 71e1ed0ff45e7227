// The same text, another answer on another engine.

import { fold, type Scope } from '../redshift/checks/relations.ts';
import type { Edit, Repair } from '../redshift/finding.ts';
import { foldCase } from '../redshift/tokens.ts';
import type { Literal } from '../redshift/tree/leaves.ts';
import type { Binary, Call, Cast, Expression, OrderItem, Query, Select } from '../redshift/tree/query.ts';
import type { Statement } from '../redshift/tree/statement.ts';
import { all, type Node, walk } from '../redshift/tree/walk.ts';
import type { Typing } from './typing.ts';
import type { Warn } from './warn.ts';

export interface Looked {
  readonly statement: Statement;
  readonly scopes: readonly Scope[];
  readonly typing: Typing;
  /** Where NULLs go in a descending order, on the engine that the text is for. */
  readonly nullsOfDescending: 'first' | 'last';
  /** CONCAT of a NULL is NULL there. */
  readonly concatIsStrict: boolean;
  readonly source: string;
}

const COMPARISONS: ReadonlySet<string> = new Set(['=', '<>', '!=', '<', '>', '<=', '>=']);
/** They take away what would be another fraction. */
const WHOLE: ReadonlySet<string> = new Set(['floor', 'trunc']);
/** Their letters are ASCII, whatever goes in. */
const ASCII: ReadonlySet<string> = new Set('md5 sha sha1 sha2 func_sha1 to_hex crc32'.split(' '));

const named = ({ name }: Call): string => foldCase(name.parts.at(-1)?.value ?? '');

export function warnOfAnswers(looked: Looked, warn: Warn): void {
  const whole = new Set<Node>();
  walk(looked.statement, (node) => {
    if (node.kind === 'call') {
      if (WHOLE.has(named(node))) for (const argument of node.args) whole.add(inner(argument));
      call(node, looked, warn);
    } else if (node.kind === 'binary') {
      if (!whole.has(node)) division(node, looked, warn);
      if (COMPARISONS.has(node.op)) compared([node.left, node.right], looked, warn);
    } else if (node.kind === 'in' && Array.isArray(node.choices)) compared([node.operand, ...node.choices], looked, warn);
    else if (node.kind === 'between') compared([node.operand, node.low, node.high], looked, warn);
    else if (node.kind === 'case' && node.subject) compared([node.subject, ...node.whens.map(({ condition }) => condition)], looked, warn);
    else if (node.kind === 'cast') cut(node, looked, warn);
    else if (node.kind === 'cte' || (node.kind === 'derived' && node.query)) bareLiterals(node.query, looked, warn);
    return undefined;
  });
  orders(looked, warn);
}

const inner = (expression: Expression): Expression => (expression.kind === 'group' ? inner(expression.inner) : expression);

function division({ op, left, right, start }: Binary, { typing }: Looked, warn: Warn): void {
  if (op !== '/' || typing.family(left) !== 'integer' || typing.family(right) !== 'integer') return;
  const [a, b] = [inner(left), inner(right)];
  const exact = a.kind === 'literal' && b.kind === 'literal' && Number(a.value) % Number(b.value) === 0;
  if (!exact) warn('integer-division', { start });
}

function call(node: Call, looked: Looked, warn: Warn): void {
  const { typing, source, concatIsStrict } = looked;
  const [first, second] = node.args;
  if (named(node) === 'avg' && first && typing.family(first) === 'integer') warn('integer-average', node);
  if (named(node) !== 'concat' || !first || !second || node.args.every(typing.neverNull)) return;
  const texts = [first, second].every((one) => [undefined, 'text'].includes(typing.family(one)));
  warn('concat-null', node, {}, concatIsStrict && node.args.length === 2 && texts ? joined(node, first, second, source) : undefined);
}

/** concat(a, b) → (a || b); whatever stands between stays. */
function joined({ start, end, name }: Call, first: Expression, second: Expression, source: string): Repair | undefined {
  const comma = commaBetween(source, first.end, second.start);
  if (comma === undefined) return undefined;
  const wrap = (one: Expression): readonly Edit[] =>
    ['column', 'literal', 'call', 'group', 'cast', 'subquery', 'case'].includes(one.kind)
      ? []
      : [
          { start: one.start, end: one.start + 1, text: `(${source.charAt(one.start)}` },
          { start: one.end - 1, end: one.end, text: `${source.charAt(one.end - 1)})` },
        ];
  // One token would be edited twice.
  if ([first, second].some((one) => one.end - one.start < 2 && wrap(one).length > 0)) return undefined;
  const edits = [{ start, end: name.end, text: '' }, ...wrap(first), { start: comma, end: comma + 1, text: ' ||' }, ...wrap(second)];
  return { start, end, edits };
}

/** undefined: a comment may hold it. */
function commaBetween(source: string, from: number, to: number): number | undefined {
  const between = source.slice(from, to);
  return /^\s*,\s*$/.test(between) ? from + between.indexOf(',') : undefined;
}

/** Texts that end with blanks, and CHAR, whose values do. */
function compared(sides: readonly Expression[], { typing }: Looked, warn: Warn): void {
  const blank = sides
    .map(inner)
    .find((one) => (one.kind === 'literal' && one.type === 'string' && one.value.endsWith(' ')) || typing.isChar(one));
  if (blank) warn('trailing-blanks', blank);
}

/** A cast of what may be more bytes than characters. */
function cut({ operand, type, form }: Cast, { typing }: Looked, warn: Warn): void {
  const [length] = type.args;
  if (!['varchar', 'char'].includes(type.name) || typeof length !== 'number' || form === 'try_cast') return;
  const of = inner(operand);
  const family = typing.family(of);
  if (family !== undefined && family !== 'text' && family !== 'super') return;
  if (of.kind === 'call' && ASCII.has(named(of))) return;
  // What is cut before, or wide enough for any characters of a width that is known.
  if (of.kind === 'literal' && (of.type === 'null' || Buffer.byteLength(of.value) <= length)) return;
  warn('byte-length', type, { type: `${type.name}(${length})`, length });
}

function bareLiterals({ body }: Query, { source }: Looked, warn: Warn): void {
  const stack = [body];
  for (let part = stack.pop(); part; part = stack.pop()) {
    if (part.kind === 'set-operation') stack.push(part.right, part.left);
    else if (part.kind === 'nested-query') stack.push(part.query.body);
    else
      for (const { expression } of part.items) {
        const literal = inner(expression);
        if (isText(literal)) warn('unknown-literal', literal, { text: source.slice(literal.start, literal.end) });
      }
  }
}

const isText = (expression: Expression): expression is Literal => expression.kind === 'literal' && expression.type === 'string';

/** Where an order decides which rows there are, or is what is seen. */
function orders({ statement, scopes, typing, nullsOfDescending, source }: Looked, warn: Warn): void {
  const look = (items: readonly OrderItem[], select: Select | undefined, fixes: boolean): void => {
    for (const item of items) {
      if (item.direction !== 'desc' || item.nulls || typing.neverNull(selected(item.expression, select))) continue;
      const word = { start: item.end - 'desc'.length, end: item.end };
      const fixed = fixes && foldCase(source.slice(word.start, word.end)) === 'desc';
      const edit = { ...word, text: `${source.slice(word.start, word.end)} nulls ${nullsOfDescending}` };
      warn('null-order', item, {}, fixed ? { start: item.start, end: item.end, edits: [edit] } : undefined);
    }
  };
  const seen = new Set<Query>();
  for (const { query, select } of scopes) {
    if (!query || seen.has(query)) continue;
    seen.add(query);
    const top = select === query.body ? select?.top : undefined;
    if (query === statement || query.limit || query.offset || top) look(query.orderBy, select, true);
  }
  for (const window of all(statement, 'window')) look(window.orderBy, undefined, true);
  for (const { withinGroup } of all(statement, 'call')) if (withinGroup) look(withinGroup, undefined, false);
}

/** What ORDER BY means by an alias or by a place in the select list. */
function selected(expression: Expression, select: Select | undefined): Expression {
  const item =
    expression.kind === 'literal' && expression.type === 'number'
      ? select?.items[Number(expression.value) - 1]
      : expression.kind === 'column' && expression.parts.length === 1
        ? select?.items.find(({ alias }) => alias && fold(alias) === fold(expression.parts[0]))
        : undefined;
  return item?.expression ?? (expression.kind === 'literal' && expression.type === 'number' ? NOTHING : expression);
}

const NOTHING: Literal = { kind: 'literal', type: 'null', value: '', start: 0, end: 0 };
