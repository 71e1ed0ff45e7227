// Postgres' spelling of types: from what a project writes ('string', 'super', 'varchar(max)') to what format_type() prints,
// which is how columns carry them. https://www.postgresql.org/docs/current/datatype.html

const SPELLINGS: Readonly<Record<string, string>> = {
  string: 'text',
  varchar: 'character varying',
  nvarchar: 'character varying',
  'char varying': 'character varying',
  char: 'character',
  nchar: 'character',
  bpchar: 'character',
  int: 'integer',
  int4: 'integer',
  signed: 'integer',
  int1: 'smallint',
  tinyint: 'smallint',
  int2: 'smallint',
  short: 'smallint',
  int8: 'bigint',
  long: 'bigint',
  number: 'numeric',
  decimal: 'numeric',
  dec: 'numeric',
  double: 'double precision',
  float: 'double precision',
  float8: 'double precision',
  float4: 'real',
  bool: 'boolean',
  logical: 'boolean',
  datetime: 'timestamp without time zone',
  timestamp: 'timestamp without time zone',
  timestamptz: 'timestamp with time zone',
  time: 'time without time zone',
  timetz: 'time with time zone',
  binary: 'bytea',
  blob: 'bytea',
  varbinary: 'bytea',
  varbyte: 'bytea',
  'binary varying': 'bytea',
  super: 'jsonb',
  variant: 'jsonb',
};

const SIZED = new Set(['character varying', 'character', 'numeric', 'bit', 'bit varying']);

/** `timestamp(3)` and `time(3)` keep their precision, which format_type() prints in the middle. */
function timeType(spelt: string, size: string): string {
  return size === '' ? spelt : spelt.replace(/^(timestamp|time)/, `$1${size}`);
}

export function columnType(written: string): string {
  const text = written.trim();
  const match = /^([a-z][a-z0-9_ ]*?)\s*(\(\s*(?:\d+(?:\s*,\s*\d+)?|max)\s*\))?(\s+with(?:out)?\s+time\s+zone)?((?:\s*\[\d*\])*)$/i.exec(
    text,
  );
  if (!match) return text.toLowerCase();
  const [, base = '', rawSize = '', zone = '', rawBrackets = ''] = match;
  const brackets = rawBrackets.replaceAll(/\s+|\d+/g, '');
  const size = rawSize.replaceAll(/\s+/g, '').toLowerCase();
  const name = `${base}${zone}`.toLowerCase().replaceAll(/\s+/g, ' ');
  const spelt = SPELLINGS[name] ?? name;
  if (/^(timestamp|time) with/.test(spelt)) return `${timeType(spelt, size)}${brackets}`;
  // float(1) to float(24) is a real. https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-FLOAT
  if (name === 'float' && size !== '') return `${Number(size.slice(1, -1)) <= 24 ? 'real' : 'double precision'}${brackets}`;
  if (!SIZED.has(spelt)) return `${spelt}${SPELLINGS[name] === undefined ? size : ''}${brackets}`;
  if (size === '(max)') return `text${brackets}`;
  if (spelt === 'character' && size === '') return `character(1)${brackets}`;
  if (spelt === 'numeric' && /^\(\d+\)$/.test(size)) return `numeric(${size.slice(1, -1)},0)${brackets}`;
  return `${spelt}${size}${brackets}`;
}

/** Of pg_type.dat: https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat */
export const OID = {
  bool: 16,
  bytea: 17,
  int8: 20,
  int2: 21,
  int4: 23,
  text: 25,
  oid: 26,
  json: 114,
  float4: 700,
  float8: 701,
  bpchar: 1042,
  varchar: 1043,
  date: 1082,
  time: 1083,
  timestamp: 1114,
  timestamptz: 1184,
  numeric: 1700,
  uuid: 2950,
  jsonb: 3802,
} as const;

const PLAIN: ReadonlyMap<number, string> = new Map([
  [OID.bool, 'boolean'],
  [OID.bytea, 'bytea'],
  [OID.int8, 'bigint'],
  [OID.int2, 'smallint'],
  [OID.int4, 'integer'],
  [OID.text, 'text'],
  [OID.json, 'json'],
  [OID.float4, 'real'],
  [OID.float8, 'double precision'],
  [OID.date, 'date'],
  [OID.uuid, 'uuid'],
  [OID.jsonb, 'jsonb'],
]);

/** As format_type() prints the usual types; undefined: ask it. A modifier of -1 is none; those of sizes count a header of 4. */
export function knownType(oid: number, modifier: number): string | undefined {
  const plain = PLAIN.get(oid);
  if (plain !== undefined) return plain;
  const size = modifier - 4;
  if (oid === OID.varchar) return modifier < 0 ? 'character varying' : `character varying(${size})`;
  if (oid === OID.bpchar && modifier >= 0) return `character(${size})`;
  if (oid === OID.numeric) return modifier < 0 ? 'numeric' : `numeric(${size >> 16},${((size & 0x7ff) ^ 1024) - 1024})`;
  if (oid === OID.timestamp && modifier < 0) return 'timestamp without time zone';
  if (oid === OID.timestamptz && modifier < 0) return 'timestamp with time zone';
  return undefined;
}
