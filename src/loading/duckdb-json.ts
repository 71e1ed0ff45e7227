// SQL by which DuckDB loads files that the scan has found clean. Text only; what it relies on is proved by scan.ts and
// provable.ts, and compared with the exact reader by tests/loading/fast-path.test.ts.
// https://duckdb.org/docs/stable/data/json/loading_json https://duckdb.org/docs/stable/data/parquet/overview
import type { ColumnType } from './column-types.ts';
import { forms } from './provable.ts';
import type { RecordFormat } from './record-format.ts';
import type { ScannedFile } from './scan.ts';

export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/**
 * Queries that together give the files' rows, each with the table's columns in their order: one as a rule, more where files
 * must be read differently, none when no file has a row. For `insert into … select …`.
 */
export function readJsonSql(files: readonly ScannedFile[], format: RecordFormat): readonly string[] {
  const seen = new Uint8Array(format.columns.length);
  for (const { clean } of files) for (const [index, form] of (clean?.forms ?? seen).entries()) seen[index] = (seen[index] ?? 0) | form;
  // A column that came as text in one file and with decimals in another cannot be read in one way.
  const divided = format.types.flatMap((type, index) => (mixes(type, seen[index] ?? 0) ? [index] : []));
  const groups = new Map<string, ScannedFile[]>();
  for (const file of files) {
    if (file.clean?.rows === 0) continue;
    const key = [file.packed, file.clean?.unended, ...divided.map((index) => ((file.clean?.forms[index] ?? 0) & forms.string) > 0)].join();
    const group = groups.get(key);
    if (group) group.push(file);
    else groups.set(key, [file]);
  }
  return [...groups.values()].map((group) => groupSql(group, format));
}

/** Read as text, a number with decimals may not be what was written; so text and decimals of one column must come apart. */
function mixes(type: ColumnType, form: number): boolean {
  return type.kind !== 'text' && (form & forms.string) > 0 && (form & forms.decimal) > 0;
}

function groupSql(files: readonly ScannedFile[], { columns, types }: RecordFormat): string {
  const asText = types.map((type, index) => readAsText(type) || files.some(({ clean }) => ((clean?.forms[index] ?? 0) & forms.string) > 0));
  const fields = new Map<string, string>();
  const values = columns.map(({ name, path }, index) => {
    const key = String(path?.[0]);
    const type = types[index];
    const text = asText[index] === true || type === undefined;
    const field = quoted(key);
    // One key may fill two columns: as text, if either wants it so.
    fields.set(key, text || fields.get(key) === 'VARCHAR' ? 'VARCHAR' : sqlType(type));
    return `${type === undefined || type.kind === 'text' ? field : `cast(${text ? `nullif(${field}, '')` : field} as ${sqlType(type)})`} as ${quoted(name)}`;
  });
  const options = [
    `columns = {${[...fields].map(([key, type]) => `${quoted(key)}: ${literal(type)}`).join(', ')}}`,
    // DuckDB 1.5 looks for line ends with several threads, and loses a last line without one, or refuses it, where its buffers
    // end by chance; objects it finds with one.
    `format = '${files[0]?.clean?.unended === true ? 'unstructured' : 'newline_delimited'}'`,
    `compression = '${files[0]?.packed === true ? 'gzip' : 'uncompressed'}'`,
    // Folders named key=value would add columns, or fill one of these.
    'hive_partitioning = false',
  ];
  return `select\n  ${values.join(',\n  ')}\nfrom read_json([\n  ${files.map((file) => literal(file.location)).join(',\n  ')}\n], ${options.join(', ')})`;
}

const readAsText = (type: ColumnType): boolean =>
  type.kind !== 'integer' && type.kind !== 'decimal' && type.kind !== 'float' && type.kind !== 'boolean';

/** A type that files can be loaded into, as DuckDB spells it. */
export function sqlType(type: ColumnType): string {
  switch (type.kind) {
    case 'text':
      return 'VARCHAR';
    case 'decimal':
      return type.precision === undefined ? 'DECIMAL' : `DECIMAL(${type.precision}, ${type.scale})`;
    case 'float':
      return type.single ? 'FLOAT' : 'DOUBLE';
    case 'timestamptz':
      return 'TIMESTAMPTZ';
    default:
      return type.kind === 'integer' ? type.name.toUpperCase() : type.kind.toUpperCase();
  }
}
