// The types: their names, which of them a column may have, and what PostgreSQL has and Redshift has not.
// https://docs.aws.amazon.com/redshift/latest/dg/c_Supported_data_types.html
// https://docs.aws.amazon.com/redshift/latest/dg/c_unsupported-postgresql-datatypes.html

export type TypeFamily =
  | 'integer'
  | 'decimal'
  | 'float'
  | 'boolean'
  | 'text'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'interval'
  | 'super'
  | 'binary'
  | 'spatial'
  | 'sketch';

interface ColumnType {
  readonly family: TypeFamily;
  /** Other names of it, in lower case, with one blank between words. */
  readonly aliases: readonly string[];
  /** How many numbers may stand in parentheses. */
  readonly args?: 1 | 2;
  /** Whether MAX may. */
  readonly max?: true;
}

export const columnTypes: Readonly<Record<string, ColumnType>> = {
  smallint: { family: 'integer', aliases: ['int2'] },
  integer: { family: 'integer', aliases: ['int', 'int4'] },
  bigint: { family: 'integer', aliases: ['int8'] },
  decimal: { family: 'decimal', aliases: ['numeric', 'dec'], args: 2 },
  real: { family: 'float', aliases: ['float4'] },
  'double precision': { family: 'float', aliases: ['float8', 'float', 'double'], args: 1 },
  boolean: { family: 'boolean', aliases: ['bool'] },
  char: { family: 'text', aliases: ['character', 'nchar', 'national character', 'national char'], args: 1, max: true },
  bpchar: { family: 'text', aliases: [] },
  varchar: {
    family: 'text',
    aliases: ['character varying', 'char varying', 'nvarchar', 'national character varying', 'national char varying'],
    args: 1,
    max: true,
  },
  text: { family: 'text', aliases: [] },
  date: { family: 'date', aliases: [] },
  time: { family: 'time', aliases: ['time without time zone'] },
  timetz: { family: 'time', aliases: ['time with time zone'] },
  timestamp: { family: 'timestamp', aliases: ['timestamp without time zone', 'datetime'] },
  timestamptz: { family: 'timestamp', aliases: ['timestamp with time zone'] },
  interval: { family: 'interval', aliases: [], args: 1 },
  super: { family: 'super', aliases: [] },
  varbyte: { family: 'binary', aliases: ['varbinary', 'binary varying'], args: 1, max: true },
  geometry: { family: 'spatial', aliases: [] },
  geography: { family: 'spatial', aliases: [] },
  hllsketch: { family: 'sketch', aliases: [] },
};

/** Types of the catalogs' own columns: a query on the leader may cast to them, no table has them. */
export const catalogTypes: ReadonlySet<string> = new Set(
  'oid name regclass regproc regprocedure regtype regoper xid cid tid int2vector oidvector aclitem abstime "char" sql_identifier character_data cardinal_number yes_or_no refcursor record anyelement cstring'.split(
    ' ',
  ),
);

/** Types that the server knows of and refuses for columns; any other name is of no type at all. */
export const unsupportedTypes: ReadonlySet<string> = new Set(
  (
    'serial serial2 serial4 serial8 bigserial smallserial bytea money bit varbit xml json inet cidr macaddr point line lseg box path polygon circle ' +
    'abstime reltime tinterval oid name regclass regproc regtype xid cid tid "char" refcursor anyarray anyelement'
  ).split(' '),
);

const canonical = new Map<string, string>(
  Object.entries(columnTypes).flatMap(([name, { aliases }]) => [name, ...aliases].map((one): [string, string] => [one, name])),
);

/** The one name of a type; undefined: Redshift has none of this name for columns. */
export const canonicalType = (written: string): string | undefined => canonical.get(written);

export const familyOf = (type: string): TypeFamily | undefined => columnTypes[type]?.family;
