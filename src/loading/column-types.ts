// The column types that files can be loaded into: declared type text in, what a value must be to fit out.
import type { Location } from '../core/location.ts';
import type { Problem } from '../core/problem.ts';

export type ColumnType =
  | { readonly kind: 'integer'; readonly name: string; readonly min: bigint; readonly max: bigint; readonly safeDigits: number }
  /** `precision` undefined: declared without one; how much fits is the warehouse's own business. */
  | { readonly kind: 'decimal'; readonly name: string; readonly precision: number | undefined; readonly scale: number }
  | { readonly kind: 'float'; readonly name: string; readonly single: boolean }
  /** `maxBytes` undefined: no limit. */
  | { readonly kind: 'text'; readonly name: string; readonly maxBytes: number | undefined }
  | { readonly kind: 'boolean' | 'date' | 'timestamp' | 'timestamptz' | 'time' | 'json'; readonly name: string };

/** `safeDigits`: any whole number of that many digits fits. */
const integer = (name: string, bits: bigint): ColumnType => {
  const max = 2n ** (bits - 1n) - 1n;
  return { kind: 'integer', name, min: -max - 1n, max, safeDigits: String(max).length - 1 };
};

const integers: Readonly<Record<string, ColumnType>> = {
  tinyint: integer('tinyint', 8n),
  smallint: integer('smallint', 16n),
  int2: integer('smallint', 16n),
  int: integer('integer', 32n),
  integer: integer('integer', 32n),
  int4: integer('integer', 32n),
  bigint: integer('bigint', 64n),
  int8: integer('bigint', 64n),
  hugeint: integer('hugeint', 128n),
};

/** Bytes of a character type written without a length: char is one character in SQL, the others have no limit. */
const texts: Readonly<Record<string, number | undefined>> = {
  char: 1,
  character: 1,
  nchar: 1,
  bpchar: undefined,
  varchar: undefined,
  nvarchar: undefined,
  'character varying': undefined,
  text: undefined,
  string: undefined,
};

const plain: Readonly<Record<string, Exclude<ColumnType['kind'], 'integer' | 'decimal' | 'float' | 'text'>>> = {
  boolean: 'boolean',
  bool: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
  datetime: 'timestamp',
  'timestamp without time zone': 'timestamp',
  timestamptz: 'timestamptz',
  'timestamp with time zone': 'timestamptz',
  time: 'time',
  'time without time zone': 'time',
  json: 'json',
  jsonb: 'json',
  super: 'json',
};

/** Redshift's varchar(max). */
const maxVarchar = 65_535;

/**
 * The type as the warehouse spells it (Dialect.columnType), where a bare 'float' can only be DuckDB's, of single precision:
 * the others say real or double precision. undefined: not a type that files can be loaded into.
 */
export function columnType(written: string): ColumnType | undefined {
  const text = written.trim().toLowerCase().replace(/\s+/g, ' ');
  const [, name = '', first, second] = /^([a-z][a-z0-9 ]*?)(?: ?\( ?(\d+|max)(?: ?, ?(\d+))? ?\))?$/.exec(text) ?? [];
  const size = first === 'max' ? maxVarchar : first === undefined ? undefined : Number(first);
  if (Object.hasOwn(integers, name)) return size === undefined ? integers[name] : undefined;
  if (Object.hasOwn(texts, name)) return { kind: 'text', name: text, maxBytes: size ?? texts[name] };
  if (Object.hasOwn(plain, name)) {
    const kind = plain[name];
    return kind && { kind, name };
  }
  switch (name) {
    case 'decimal':
    case 'numeric':
    case 'dec':
      return { kind: 'decimal', name: text, precision: size, scale: second === undefined ? 0 : Number(second) };
    case 'double':
    case 'double precision':
    case 'float8':
      return { kind: 'float', name: 'double precision', single: false };
    case 'real':
    case 'float4':
      return { kind: 'float', name: 'real', single: true };
    case 'float':
      return size !== undefined && size > 24
        ? { kind: 'float', name: 'double precision', single: false }
        : { kind: 'float', name: 'real', single: true };
    default:
      return undefined;
  }
}

export const unknownType = (column: string, type: string, at: Location): Problem => ({
  code: 'load-type',
  message: `column '${column}' has the type '${type}', and files cannot be loaded into it`,
  at,
  hint: 'Use smallint, integer, bigint, decimal(p,s), real, double precision, boolean, char(n), varchar(n), text, date, timestamp, timestamptz, time or json.',
});
