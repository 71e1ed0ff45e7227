// Redshift's spelling of types, as format_type() prints them: its own aliases and sizes, which are in bytes.
// https://docs.aws.amazon.com/redshift/latest/dg/c_Supported_data_types.html
import { knownType as postgresName, columnType as postgresType } from '../postgres/types.ts';

/** VARCHAR without a size, TEXT and NVARCHAR are 256 bytes. https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html */
const DEFAULT_BYTES = 256;
export const MAX_VARCHAR_BYTES = 65_535;

export function columnType(written: string): string {
  const type = postgresType(written);
  if (/\(\s*max\s*\)\s*$/i.test(written) && type === 'text') return `character varying(${MAX_VARCHAR_BYTES})`;
  if (type === 'text' || type === 'character varying') return `character varying(${DEFAULT_BYTES})`;
  if (type === 'jsonb' || type === 'json') return 'super';
  if (type === 'bytea') return 'varbyte';
  if (type === 'numeric') return 'numeric(18,0)';
  return type;
}

/** https://docs.aws.amazon.com/redshift/latest/dg/r_SUPER_type.html and its neighbours; numbers as the drivers of Redshift know them. */
const OWN: ReadonlyMap<number, string> = new Map([
  [3000, 'geometry'],
  [3001, 'geography'],
  [4000, 'super'],
  [6551, 'varbyte'],
]);

export const typeName = (oid: number, modifier: number): string | undefined => OWN.get(oid) ?? postgresName(oid, modifier);

/** A value that takes the place of NULL where two sides are compared; beside it stands whether they are NULL. */
export function standIn(type: string): string | undefined {
  if (/^(smallint|integer|bigint|numeric|real|double precision)/.test(type)) return '0';
  if (/^(character|text|varchar|char)/.test(type)) return "''";
  if (type === 'boolean') return 'false';
  if (type === 'date') return "cast('2000-01-01' as date)";
  if (/^timestamp/.test(type)) return `cast('2000-01-01' as ${type})`;
  return undefined;
}
