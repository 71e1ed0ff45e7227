// DuckDB's spelling of types: from what a project writes ('string', 'super', 'varchar(max)'), and from what DuckDB prints
// ('DECIMAL(18,3)', 'STRUCT(a INTEGER)') to the lower case that columns carry. https://duckdb.org/docs/stable/sql/data_types/overview

/** Names that DuckDB does not have or spells otherwise when it prints a column. */
const SPELLINGS: Readonly<Record<string, string>> = {
  text: 'varchar',
  string: 'varchar',
  char: 'varchar',
  character: 'varchar',
  bpchar: 'varchar',
  nvarchar: 'varchar',
  nchar: 'varchar',
  'character varying': 'varchar',
  int: 'integer',
  int4: 'integer',
  signed: 'integer',
  int1: 'tinyint',
  int2: 'smallint',
  short: 'smallint',
  int8: 'bigint',
  long: 'bigint',
  number: 'decimal',
  numeric: 'decimal',
  dec: 'decimal',
  'double precision': 'double',
  float8: 'double',
  float4: 'float',
  real: 'float',
  bool: 'boolean',
  logical: 'boolean',
  datetime: 'timestamp',
  timestamp_us: 'timestamp',
  'timestamp without time zone': 'timestamp',
  timestamptz: 'timestamp with time zone',
  'time without time zone': 'time',
  timetz: 'time with time zone',
  bytea: 'blob',
  binary: 'blob',
  varbinary: 'blob',
  varbyte: 'blob',
  'binary varying': 'blob',
  super: 'json',
  jsonb: 'json',
};

/**
 * Sizes of character types are kept: DuckDB takes them and forgets them, but a load counts by them. `float` stays DuckDB's
 * own, of 4 bytes, as in dbt.
 */
export function columnType(written: string): string {
  const text = written.trim();
  const match = /^([a-z][a-z0-9_ ]*?)\s*(\(\s*(?:\d+(?:\s*,\s*\d+)?|max)\s*\))?((?:\s*\[\d*\])*)$/i.exec(text);
  if (!match) return lowerType(text);
  const [, base = '', size = '', brackets = ''] = match;
  const name = base.toLowerCase().replaceAll(/\s+/g, ' ');
  const spelt = SPELLINGS[name] ?? name;
  const sized = spelt === 'varchar' || spelt === 'decimal' || SPELLINGS[name] === undefined;
  const kept = !sized || /max/i.test(size) ? '' : size.replaceAll(/\s+/g, '');
  return `${spelt}${kept}${brackets.replaceAll(/\s+/g, '')}`;
}

/** A type as DuckDB prints it, in lower case but for the names of fields and the values of enums. */
export function lowerType(printed: string): string {
  if (!/["'\\]|struct|union|enum/i.test(printed)) return printed.toLowerCase();
  // A field's name is the word after '(' or ',' of a STRUCT or UNION when another word follows it.
  const open: string[] = [];
  let mayBeName = false;
  return printed.replaceAll(/"(?:[^"]|"")*"|'(?:[^']|'')*'|[\w$]+|[(),]|[^"'\w$(),]+/g, (token, at: number) => {
    if (token === '(') {
      open.push(/(struct|union)\s*$/i.test(printed.slice(Math.max(0, at - 8), at)) ? 'fields' : 'other');
      mayBeName = open.at(-1) === 'fields';
      return token;
    }
    if (token === ')') {
      open.pop();
      mayBeName = false;
      return token;
    }
    if (token === ',') {
      mayBeName = open.at(-1) === 'fields';
      return token;
    }
    if (token.trim() === '') return token;
    const isName = mayBeName && /^\s+["\w]/.test(printed.slice(at + token.length));
    mayBeName = false;
    return isName || /^["']/.test(token) ? token : token.toLowerCase();
  });
}
