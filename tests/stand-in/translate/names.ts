// Names and literals in Postgres' spelling.
import { createHash } from 'node:crypto';
import type { Name, QualifiedName } from '../../../src/lint/redshift/index.ts';
import { foldCase } from '../../../src/lint/redshift/tokens.ts';

const MAX_NAME_BYTES = 127;
export const MAX_POSTGRES_BYTES = 63;
/** What is left of a long name before its hash. */
const BEGINNING_BYTES = 40;

const cut = (name: string, bytes: number): string => {
  let kept = name;
  while (Buffer.byteLength(kept) > bytes) kept = [...kept].slice(0, -1).join('');
  return kept;
};

/** Names that Postgres would cut, by what it is told instead. */
const longNames = new Map<string, string>();

/** As Redshift keeps it: in lower case, quoted or not, and cut. https://docs.aws.amazon.com/redshift/latest/dg/r_names.html */
const kept = (value: string): string => cut(foldCase(value), MAX_NAME_BYTES);

/** As Postgres keeps it. */
export function stored(value: string): string {
  const name = kept(value);
  if (Buffer.byteLength(name) <= MAX_POSTGRES_BYTES) return name;
  const short = shortened(name);
  longNames.set(short, name);
  return short;
}

const shortened = (name: string): string => `${cut(name, BEGINNING_BYTES)}~${createHash('sha256').update(name).digest('hex').slice(0, 16)}`;

/** In a question to the catalogue, where a name stands in a literal. */
export const storedLiteral = (value: string): string => {
  const short = Buffer.byteLength(value) > MAX_POSTGRES_BYTES ? shortened(value) : value;
  return longNames.has(short) ? short : value;
};

/** The name that a value is, where it is one that was shortened. */
export const longName = (value: string): string | undefined => longNames.get(value);
export const hasLongNames = (): boolean => longNames.size > 0;
/** In an error's text. */
export const withLongNames = (said: string): string => [...longNames].reduce((text, [short, name]) => text.replaceAll(short, name), said);

export const quoted = (value: string): string => `"${stored(value).replaceAll('"', '""')}"`;
export const text = (value: string): string =>
  `E'${value.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll('\n', '\\n').replaceAll('\r', '\\r')}'`;
export const namesOf = ({ parts }: QualifiedName): string[] => parts.map(({ value }) => stored(value));
export const list = (names: readonly Name[]): string => names.map(({ value }) => quoted(value)).join(', ');
