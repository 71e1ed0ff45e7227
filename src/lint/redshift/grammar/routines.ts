// CREATE FUNCTION, CREATE PROCEDURE, CREATE EXTERNAL FUNCTION.
// https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_FUNCTION.html r_CREATE_PROCEDURE.html r_CREATE_EXTERNAL_FUNCTION.html
import type { Argument, CreateRoutine } from '../tree/definitions.ts';
import type { Literal, TypeName } from '../tree/leaves.ts';
import { name, qualifiedName, seesName } from './names.ts';
import type { Reader } from './reader.ts';
import { seesType, type } from './types.ts';

/** After `create [or replace]`. */
export function createRoutine(reader: Reader, start: number, orReplace: boolean): CreateRoutine {
  const external = reader.accept('external');
  const word = reader.expectOneOf('function', 'procedure');
  const routine = external ? (word === 'function' ? 'external function' : reader.unexpected()) : word;
  const called = qualifiedName(reader);
  const args = reader.parenthesised(() => (reader.seesOperator(')') ? [] : reader.list(() => argument(reader))));
  let returns: TypeName | undefined;
  if (word === 'function') {
    reader.expect('returns');
    if (reader.sees('trigger') || reader.sees('event_trigger')) reader.refuse('returns-trigger');
    if (reader.sees('table') || reader.sees('setof')) reader.refuse('returns-table');
    returns = type(reader);
  } else if (reader.sees('returns')) reader.unexpected();
  const clauses = routineClauses(reader, routine);
  return {
    kind: 'create-routine',
    routine,
    orReplace,
    name: called,
    args,
    ...(returns && { returns }),
    ...clauses,
    ...reader.since(start),
  };
}

function argument(reader: Reader): Argument {
  const start = reader.start;
  if (reader.sees('variadic')) reader.refuse('variadic-argument');
  // The mode may stand behind the name, too.
  let mode = argumentMode(reader);
  const named = reader.attempt(() => {
    if (!seesName(reader)) return undefined;
    const called = name(reader);
    mode ??= argumentMode(reader);
    return seesType(reader) && !secondTypeWord(reader) ? called : undefined;
  });
  const of = type(reader);
  if (reader.sees('default') || reader.seesOperator('=')) reader.refuse('argument-default');
  return { kind: 'argument', ...(mode && { mode }), ...(named && { name: named }), type: of, ...reader.since(start) };
}

/** `double precision` alone is a type, and no argument of the name double. */
const secondTypeWord = (reader: Reader): boolean => reader.sees('precision') || reader.sees('varying');

const argumentMode = (reader: Reader): Argument['mode'] => reader.acceptOneOf('inout', 'in', 'out');

type Clauses = Pick<CreateRoutine, 'language' | 'body'>;

function routineClauses(reader: Reader, routine: CreateRoutine['routine']): Clauses {
  let body: Literal | undefined;
  let language: string | undefined;
  while (!reader.done) {
    const start = reader.start;
    if (reader.acceptOneOf('volatile', 'stable', 'immutable', 'nonatomic')) continue;
    if (reader.accept('security')) reader.expectOneOf('definer', 'invoker');
    else if (reader.accept('set')) setting(reader);
    else if (reader.accept('language')) language = languageOf(reader, routine);
    else if (routine === 'external function' && externalClause(reader)) continue;
    else if (!body && reader.accept('as')) {
      const { value, end } = reader.string();
      body = { kind: 'literal', type: 'string', value, start, end };
    } else reader.refuse('function-options');
  }
  if (routine !== 'external function' && (!body || !language)) reader.unexpected();
  return { ...(language !== undefined && { language }), ...(body && { body }) };
}

function setting(reader: Reader): void {
  name(reader);
  if (!reader.acceptOperator('=')) reader.expect('to');
  reader.expression();
}

function languageOf(reader: Reader, routine: CreateRoutine['routine']): string {
  const token = reader.peek();
  const allowed = routine === 'procedure' ? ['plpgsql'] : ['sql', 'plpythonu'];
  const word = token.kind === 'string' ? token.value.toLowerCase() : token.value;
  if (!allowed.includes(word)) reader.refuse('function-language');
  reader.next();
  return word;
}

function externalClause(reader: Reader): boolean {
  if (reader.acceptOneOf('lambda', 'sagemaker', 'max_batch_rows', 'retry_timeout')) {
    if (reader.peek().kind === 'number') reader.integer();
    else reader.string();
    return true;
  }
  if (reader.accept('max_batch_size')) {
    reader.integer();
    reader.acceptOneOf('kb', 'mb');
    return true;
  }
  if (!reader.accept('iam_role')) return false;
  if (!reader.accept('default')) reader.string();
  return true;
}
