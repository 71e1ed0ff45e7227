// Redshift's types in Postgres: strings are sized in bytes, SUPER is jsonb.
// https://docs.aws.amazon.com/redshift/latest/dg/c_Supported_data_types.html
import type { TypeName } from '../../../src/lint/redshift/index.ts';
import { Untranslated } from './pieces.ts';

const MAX_BYTES = 65_535;
const PLAIN = new Set(
  'smallint integer bigint real boolean date time timetz timestamp timestamptz interval oid name regclass regtype "char"'.split(' '),
);

export interface PostgresType {
  readonly sql: string;
  /** Of a string: how many bytes it may have. */
  readonly bytes?: number;
}

export function typeOf({ name, args, array, start }: TypeName): PostgresType {
  const [size, scale] = args;
  if (array) throw new Untranslated('arrays', start);
  if (PLAIN.has(name)) return { sql: name };
  if (name === 'double precision') return { sql: typeof size === 'number' && size <= 24 ? 'real' : name };
  if (name === 'decimal') return { sql: `numeric(${size ?? 18}, ${scale ?? 0})` };
  if (name === 'varchar' || name === 'text') {
    const bytes = size === 'max' ? MAX_BYTES : (size ?? 256);
    return { sql: `varchar(${bytes})`, bytes };
  }
  if (name === 'char' || name === 'bpchar') {
    const bytes = size === 'max' ? 4096 : (size ?? (name === 'char' ? 1 : 256));
    return { sql: `char(${bytes})`, bytes };
  }
  if (name === 'super') return { sql: 'jsonb' };
  if (name === 'varbyte') return { sql: 'bytea' };
  throw new Untranslated(`the type ${name}`, start);
}
