// Identifiers, alone and qualified. https://docs.aws.amazon.com/redshift/latest/dg/r_names.html
import type { Token } from '../tokens.ts';
import type { Name, QualifiedName } from '../tree/leaves.ts';
import { clauseWords, readableWords, reservedWords, structureWords } from '../words/reserved.ts';
import type { Reader } from './reader.ts';

const take = (reader: Reader): Name => {
  const token = reader.next();
  return { kind: 'name', value: token.value, quoted: token.kind === 'quoted', start: token.start, end: token.end };
};

const isReserved = (reader: Reader, token: Token): boolean =>
  reservedWords.has(token.value) && !(token.value === 'array' && !reader.seesOperator('(', 1) && !reader.seesOperator('[', 1));

/** Whether the next token is a name: quoted, or no reserved word. */
export function seesName(reader: Reader): boolean {
  const token = reader.peek();
  return token.kind === 'quoted' || (token.kind === 'word' && !isReserved(reader, token));
}

export function name(reader: Reader): Name {
  if (seesName(reader)) return take(reader);
  return reader.peek().kind === 'word' ? reader.refuse('reserved-word') : reader.unexpected();
}

/** A column's name where it is read, not given. */
export function columnName(reader: Reader): Name {
  if (reader.seesOneOf(readableWords)) return take(reader);
  // A clause begins where an expression should stand: quotes are not what is missing.
  return reader.seesOneOf(structureWords) ? reader.unexpected() : name(reader);
}

/** After AS, and after a dot, every word is a name. */
export function label(reader: Reader): Name {
  const { kind } = reader.peek();
  return kind === 'quoted' || kind === 'word' ? take(reader) : reader.unexpected();
}

/** `[as] alias`; without AS no word that goes on with a clause. */
export function optionalAlias(reader: Reader): Name | undefined {
  if (reader.accept('as')) return label(reader);
  return seesName(reader) && !reader.seesOneOf(clauseWords) ? take(reader) : undefined;
}

/** Up to three parts: database, schema, name. */
export function qualifiedName(reader: Reader): QualifiedName {
  const start = reader.start;
  const parts: [Name, ...Name[]] = [name(reader)];
  while (parts.length < 3 && reader.acceptOperator('.')) parts.push(label(reader));
  return { kind: 'qualified-name', parts, ...reader.since(start) };
}

/** `(a, b)` */
export const columnList = (reader: Reader): Name[] => reader.parenthesised(() => reader.list(() => name(reader)));
