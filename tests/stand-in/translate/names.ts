// Names and literals in Postgres' spelling.
import type { Name, QualifiedName } from '../../../src/lint/redshift/index.ts';
import { foldCase } from '../../../src/lint/redshift/tokens.ts';
import { Untranslated } from './pieces.ts';

const MAX_NAME_BYTES = 127;
const MAX_POSTGRES_BYTES = 63;

/** Quoted or not, names are kept in lower case, and cut. https://docs.aws.amazon.com/redshift/latest/dg/r_names.html */
export function stored(value: string): string {
  let folded = foldCase(value);
  while (Buffer.byteLength(folded) > MAX_NAME_BYTES) folded = [...folded].slice(0, -1).join('');
  return folded;
}

/** Postgres would cut what Redshift keeps. */
export function quoted(value: string): string {
  const kept = stored(value);
  if (Buffer.byteLength(kept) > MAX_POSTGRES_BYTES) throw new Untranslated('names of more than 63 bytes', 0);
  return `"${kept.replaceAll('"', '""')}"`;
}
export const text = (value: string): string =>
  `E'${value.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll('\n', '\\n').replaceAll('\r', '\\r')}'`;
export const namesOf = ({ parts }: QualifiedName): string[] => parts.map(({ value }) => stored(value));
export const list = (names: readonly Name[]): string => names.map(({ value }) => quoted(value)).join(', ');
