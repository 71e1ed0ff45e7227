// Function calls: plain ones with all that may follow (WITHIN GROUP, IGNORE NULLS, OVER), and those with words between their
// arguments. https://docs.aws.amazon.com/redshift/latest/dg/c_SQL_functions.html
import type { Name, QualifiedName } from '../tree/leaves.ts';
import type { Call, Expression, OrderItem } from '../tree/query.ts';
import { label, name, seesName } from './names.ts';
import type { Reader } from './reader.ts';
import { type } from './types.ts';
import { window } from './windows.ts';

const bareFunctions: ReadonlySet<string> = new Set(
  'current_date current_time current_timestamp current_user current_user_id localtime localtimestamp session_user sysdate user'.split(' '),
);

export const seesBareFunction = (reader: Reader): boolean => reader.seesOneOf(bareFunctions);

/** One word as a function's name, reserved or not. */
function functionName(reader: Reader): QualifiedName {
  const only = label(reader);
  return { kind: 'qualified-name', parts: [only], start: only.start, end: only.end };
}

export function bareFunction(reader: Reader): Call {
  const start = reader.start;
  const called = functionName(reader);
  const args: Expression[] = [];
  // current_timestamp(3)
  if (reader.seesOperator('(') && reader.peek(1).kind === 'number') args.push(reader.parenthesised(() => reader.expression()));
  return { kind: 'call', name: called, args, form: 'bare', approximate: false, ...reader.since(start) };
}

/** Reserved words that are functions all the same, and ENCODE, which is one of PostgreSQL's. */
const reservedFunctions: ReadonlySet<string> = new Set(['left', 'right', 'array', 'isnull', 'collate', 'encode']);

/** Calls that the word before the parenthesis rules; undefined: the call is an ordinary one. */
export function specialCall(reader: Reader): Expression | undefined {
  const { value: word } = reader.peek();
  if (word === 'convert') return convert(reader);
  if (word === 'overlay') reader.refuse('overlay');
  if (word === 'extract' || word === 'position' || word === 'trim' || reservedFunctions.has(word))
    return call(reader, functionName(reader));
  return undefined;
}

/** `convert(integer, x)` */
function convert(reader: Reader): Expression {
  const start = reader.start;
  reader.next();
  const parts = reader.parenthesised(() => {
    const to = type(reader);
    reader.expectOperator(',');
    return { type: to, operand: reader.expression() };
  });
  return { kind: 'cast', form: 'convert', ...parts, ...reader.since(start) };
}

/** From the name, or from the parenthesis when the name was read. */
export function call(reader: Reader, read?: QualifiedName): Call {
  const start = read?.start ?? reader.start;
  const called =
    read ?? ((only) => ({ kind: 'qualified-name' as const, parts: [only] as const, start: only.start, end: only.end }))(name(reader));
  reader.expectOperator('(');
  const given = between(reader, called.parts.at(-1)?.value ?? '');
  reader.expectOperator(')');
  const withinGroup = reader.accept('within', 'group') ? orderedWithin(reader) : undefined;
  if (reader.sees('filter') && reader.seesOperator('(', 1)) reader.refuse('filter-clause', reader.peek(1));
  const nulls = given.nulls ?? nullsTreatment(reader);
  const over = reader.accept('over') ? window(reader) : undefined;
  return {
    kind: 'call',
    name: called,
    approximate: false,
    ...given,
    ...(withinGroup && { withinGroup }),
    ...(nulls && { nulls }),
    ...(over && { over }),
    ...reader.since(start),
  };
}

type Given = Pick<Call, 'args' | 'form' | 'quantifier' | 'nulls'>;

/** What stands between the parentheses. */
function between(reader: Reader, word: string): Given {
  if (reader.seesOperator(')')) return { args: [], form: 'plain' };
  if (word === 'extract') return { args: extracted(reader), form: 'words' };
  if (word === 'position') return { args: found(reader), form: 'words' };
  if (word === 'trim' && reader.acceptOneOf('both', 'leading', 'trailing')) return { args: trimmed(reader), form: 'words' };
  if (reader.sees('variadic')) reader.refuse('variadic-argument');
  const quantifier = reader.acceptOneOf('distinct', 'all');
  const first = argument(reader);
  if (word === 'trim' && reader.accept('from')) return { args: [first, reader.expression()], form: 'words' };
  if (word === 'substring' && (reader.sees('from') || reader.sees('for'))) return { args: [first, ...part(reader)], form: 'words' };
  if (word === 'object_transform') return { args: [first, ...transformation(reader)], form: 'words' };
  const args = [first];
  while (reader.acceptOperator(',')) args.push(argument(reader));
  const nulls = nullsTreatment(reader);
  if (reader.sees('order', 'by')) reader.refuse('aggregate-order');
  return { args, form: 'plain', ...(quantifier && { quantifier }), ...(nulls && { nulls }) };
}

function argument(reader: Reader): Expression {
  const start = reader.start;
  if (reader.acceptOperator('*')) return { kind: 'star', qualifier: [], ...reader.since(start) };
  const star = qualifiedStar(reader);
  if (star) return star;
  const value = reader.expression();
  if (reader.seesOperator('=>') || reader.seesOperator(':=')) reader.refuse('named-argument');
  return value;
}

/** `t.*` */
export function qualifiedStar(reader: Reader): Expression | undefined {
  const start = reader.start;
  return reader.attempt(() => {
    if (!seesName(reader)) return undefined;
    const qualifier: Name[] = [name(reader)];
    while (reader.acceptOperator('.')) {
      if (reader.acceptOperator('*')) return { kind: 'star' as const, qualifier, ...reader.since(start) };
      if (reader.peek().kind !== 'word' && reader.peek().kind !== 'quoted') return undefined;
      qualifier.push(label(reader));
    }
    return undefined;
  });
}

/** `year from x`: the field as a name, or as the string that it may be. */
function extracted(reader: Reader): Expression[] {
  const start = reader.start;
  const field: Expression =
    reader.peek().kind === 'string' ? reader.expression() : { kind: 'column', parts: [label(reader)], ...reader.since(start) };
  reader.expect('from');
  return [field, reader.expression()];
}

/** `needle in hay` */
function found(reader: Reader): Expression[] {
  const needle = reader.grammar.simple(reader);
  reader.expect('in');
  return [needle, reader.grammar.simple(reader)];
}

/** After BOTH, LEADING or TRAILING: `['x'] from text` */
function trimmed(reader: Reader): Expression[] {
  if (reader.accept('from')) return [reader.expression()];
  const first = reader.expression();
  return reader.accept('from') ? [first, reader.expression()] : [first];
}

/** `from 2 for 3` */
function part(reader: Reader): Expression[] {
  const args: Expression[] = [];
  if (reader.accept('from')) args.push(reader.expression());
  if (reader.accept('for')) args.push(reader.expression());
  return args;
}

/** `keep 'path', … set 'path', value, …`: the paths and values, one after the other. */
function transformation(reader: Reader): Expression[] {
  const kept = reader.accept('keep') ? reader.list(() => reader.expression()) : [];
  const set = reader.accept('set') ? reader.list(() => reader.expression()) : [];
  return [...kept, ...set];
}

function nullsTreatment(reader: Reader): Call['nulls'] {
  for (const word of ['ignore', 'respect'] as const) if (reader.accept(word, 'nulls')) return word;
  return undefined;
}

const orderedWithin = (reader: Reader): readonly OrderItem[] =>
  reader.parenthesised(() => {
    reader.expect('order', 'by');
    return reader.grammar.orderBy(reader);
  });
