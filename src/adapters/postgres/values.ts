// A value's text as the server prints it, to a Value without loss: see core/statement.ts.
import type { Value } from '../../core/statement.ts';
import { OID } from './types.ts';

const integer = (text: string): number | bigint => {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
};

/** Hexadecimal output, the server's default since 9.0. */
const bytes = (text: string): Value => (text.startsWith('\\x') ? Uint8Array.from(Buffer.from(text.slice(2), 'hex')) : text);

const PARSERS: ReadonlyMap<number, (text: string) => Value> = new Map<number, (text: string) => Value>([
  [OID.bool, (text) => text === 't'],
  [OID.int2, Number],
  [OID.int4, Number],
  [OID.oid, Number],
  [OID.int8, integer],
  [OID.float4, Number],
  [OID.float8, Number],
  [OID.bytea, bytes],
]);

const asText = (text: string): Value => text;

/** What pg asks for each column. All that is not listed stays the server's text: decimals, dates, times, arrays, json. */
export const typeParsers = { getTypeParser: (oid: number): ((text: string) => Value) => PARSERS.get(oid) ?? asText };
