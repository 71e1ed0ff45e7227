// COPY and UNLOAD. https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html r_UNLOAD.html
import { Refused } from '../refusal.ts';
import { splitStatements } from '../statements.ts';
import type { Copy, Option, Unload } from '../tree/changes.ts';
import type { Literal } from '../tree/leaves.ts';
import type { Query } from '../tree/query.ts';
import { copyParameters, type Takes, unloadParameters } from '../words/copy.ts';
import { columnList, name, qualifiedName } from './names.ts';
import { Reader } from './reader.ts';

export function copy(reader: Reader): Copy {
  const start = reader.start;
  reader.expect('copy');
  if (reader.seesOperator('(')) reader.refuse('copy-direction');
  const table = qualifiedName(reader);
  const columns = reader.seesOperator('(') ? columnList(reader) : undefined;
  if (reader.sees('to')) reader.refuse('copy-direction');
  reader.expect('from');
  if (reader.sees('stdin') || reader.sees('program')) reader.refuse('copy-source');
  const source = text(reader);
  if (!isPlace(source.value)) reader.refuse('copy-source', { ...reader.peek(-1) });
  const options = parameters(reader, copyParameters, 'copy-parameter');
  return { kind: 'copy', table, ...(columns && { columns }), source, options, ...reader.since(start) };
}

/** A host's manifest lies on S3, too. */
const isPlace = (source: string): boolean =>
  ['s3://', 'emr://', 'dynamodb://', 'ssh://'].some((scheme) => source.toLowerCase().startsWith(scheme));

function text(reader: Reader): Literal {
  const { value, start, end } = reader.string();
  return { kind: 'literal', type: 'string', value, start, end };
}

export function unload(reader: Reader): Unload {
  const start = reader.start;
  reader.expect('unload');
  const statement = reader.parenthesised(() => text(reader));
  const query = innerQuery(reader, statement);
  reader.expect('to');
  const target = text(reader);
  const options = parameters(reader, unloadParameters, 'unload-parameter');
  return { kind: 'unload', text: statement, inner: { query }, target, options, ...reader.since(start) };
}

/** The query within the literal; a refusal of it stands at the literal. */
function innerQuery(reader: Reader, { value, start, end }: Literal): Query {
  const [statement, second] = splitStatements(value);
  if (!statement || second) return reader.unexpected();
  try {
    const inner = new Reader(statement.tokens, reader.grammar);
    const query = inner.query();
    return inner.done ? query : inner.unexpected();
  } catch (error) {
    if (error instanceof Refused) throw new Refused({ ...error.refusal, start, end });
    throw error;
  }
}

function parameters(reader: Reader, known: Readonly<Record<string, Takes>>, otherwise: 'copy-parameter' | 'unload-parameter'): Option[] {
  const options: Option[] = [];
  while (!reader.done) {
    const start = reader.start;
    reader.accept('with');
    if (reader.seesOperator('(')) reader.refuse('copy-options');
    if (reader.accept('format')) reader.accept('as');
    if (otherwise === 'copy-parameter' && reader.sees('job')) options.push(...job(reader));
    else options.push(parameter(reader, start, known, otherwise));
  }
  return options;
}

function parameter(
  reader: Reader,
  start: number,
  known: Readonly<Record<string, Takes>>,
  otherwise: 'copy-parameter' | 'unload-parameter',
): Option {
  const token = reader.peek();
  const takes = token.kind === 'word' && Object.hasOwn(known, token.value) ? known[token.value] : undefined;
  if (takes === undefined) return token.kind === 'word' ? reader.refuse(otherwise) : reader.unexpected();
  reader.next();
  const option = (value: Partial<Option> = {}): Option => ({ kind: 'option', name: token.value, ...value, ...reader.since(start) });
  if (takes === 'columns') {
    reader.expect('by');
    const columns = columnList(reader);
    reader.accept('include');
    return option({ columns });
  }
  // AS goes before a value only.
  const as = takes !== 'flag' && reader.accept('as');
  if (takes === 'string' || (takes === 'string?' && (as || reader.peek().kind === 'string')))
    return option({ value: reader.string().value });
  if (takes === 'role') return option({ value: reader.accept('default') ? 'default' : reader.string().value });
  if (takes === 'number') return option({ value: reader.integer() });
  if (takes === 'size') return option(size(reader));
  if (takes === 'switch?') {
    const value = reader.acceptOneOf('on', 'off', 'true', 'false', 'preset');
    return option(value === undefined ? {} : { value });
  }
  if (typeof takes === 'object') return option({ value: encoding(reader, takes) });
  if (token.value === 'manifest' && otherwise === 'unload-parameter') reader.accept('verbose');
  if (token.value === 'encrypted') reader.accept('auto');
  if (token.value === 'simplify') {
    reader.accept('auto');
    return option(reader.peek().kind === 'number' ? { value: Number(reader.next().value) } : {});
  }
  return option();
}

function size(reader: Reader): Pick<Option, 'value' | 'unit'> {
  const { kind, value } = reader.next();
  if (kind !== 'number') return reader.unexpected();
  const unit = reader.acceptOneOf('mb', 'gb');
  return { value: Number(value), ...(unit && { unit }) };
}

function encoding(reader: Reader, words: readonly string[]): string {
  const { kind, value } = reader.peek();
  const word = kind === 'string' ? value.toLowerCase() : value;
  if ((kind !== 'word' && kind !== 'string') || !words.includes(word)) return reader.unexpected();
  reader.next();
  return word;
}

/** `job create name auto on` */
function job(reader: Reader): Option[] {
  const start = reader.start;
  reader.expect('job', 'create');
  const options: Option[] = [{ kind: 'option', name: 'job create', value: name(reader).value, ...reader.since(start) }];
  const from = reader.start;
  if (reader.accept('auto')) options.push({ kind: 'option', name: 'auto', value: reader.expectOneOf('on', 'off'), ...reader.since(from) });
  return options;
}
