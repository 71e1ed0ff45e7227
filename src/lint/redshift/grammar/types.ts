// A type as it is written after a column's name, in a cast, in a routine's signature.
// https://docs.aws.amazon.com/redshift/latest/dg/c_Supported_data_types.html
import type { TypeName } from '../tree/leaves.ts';
import { canonicalType } from '../words/types.ts';
import { seesName } from './names.ts';
import type { Reader } from './reader.ts';

export const intervalFields: ReadonlySet<string> = new Set(['year', 'month', 'day', 'hour', 'minute', 'second']);

/** Words that are reserved, and types. */
export const seesType = (reader: Reader): boolean => seesName(reader) || ['interval', 'oid'].some((word) => reader.sees(word));

export function type(reader: Reader): TypeName {
  const start = reader.start;
  if (!seesType(reader)) reader.unexpected();
  const first = reader.next();
  let written = first.kind === 'quoted' ? `"${first.value}"` : first.value;
  // pg_catalog.int4, information_schema.sql_identifier
  while (reader.acceptOperator('.')) written = reader.next().value;
  written = furtherWords(reader, written);
  if (nestedTypes.has(written) && reader.peek().text.startsWith('<')) skipNested(reader);
  const args = reader.seesOperator('(') ? reader.parenthesised(() => reader.list(() => argument(reader))) : [];
  const zoned = written === 'time' || written === 'timestamp' ? `${written}${timeZone(reader)}` : written;
  if (written === 'interval') skipIntervalFields(reader);
  const array = arrayMarks(reader);
  return { kind: 'type', name: canonicalType(zoned) ?? zoned, args, array, ...reader.since(start) };
}

/** Types of external tables' columns: `array<struct<a:int, b:varchar(20)>>`. */
const nestedTypes: ReadonlySet<string> = new Set(['array', 'struct', 'map']);

function skipNested(reader: Reader): void {
  let depth = 0;
  do {
    const { kind, text } = reader.peek();
    if (kind !== 'word' && kind !== 'quoted' && kind !== 'number' && kind !== 'operator') reader.unexpected();
    reader.next();
    for (const char of text) depth += kind !== 'operator' ? 0 : char === '<' ? 1 : char === '>' ? -1 : 0;
  } while (depth > 0);
}

const argument = (reader: Reader): number | 'max' => (reader.accept('max') ? 'max' : reader.integer());

const varying: ReadonlySet<string> = new Set(['character', 'char', 'bit', 'binary', 'nchar', 'national character', 'national char']);

function furtherWords(reader: Reader, first: string): string {
  if (first === 'double' && reader.accept('precision')) return 'double precision';
  const word = first === 'national' ? `national ${reader.expectOneOf('character', 'char')}` : first;
  return varying.has(word) && reader.accept('varying') ? `${word} varying` : word;
}

function timeZone(reader: Reader): string {
  for (const word of ['with', 'without']) if (reader.accept(word, 'time', 'zone')) return ` ${word} time zone`;
  return '';
}

/** `year to month`, `day to second (3)`; gives the words. */
export function skipIntervalFields(reader: Reader): string | undefined {
  if (!reader.seesOneOf(intervalFields)) return undefined;
  let words = reader.next().value;
  if (reader.seesOperator('(')) reader.parenthesised(() => reader.integer());
  if (reader.accept('to')) {
    if (!reader.seesOneOf(intervalFields)) reader.unexpected();
    words += ` to ${reader.next().value}`;
    if (reader.seesOperator('(')) reader.parenthesised(() => reader.integer());
  }
  return words;
}

function arrayMarks(reader: Reader): boolean {
  let array = false;
  while (reader.acceptOperator('[')) {
    if (!reader.seesOperator(']')) reader.integer();
    reader.expectOperator(']');
    array = true;
  }
  return array;
}
