// SQL by which DuckDB loads parquet files: columns by name, values cast to the declared types. A value that does not fit stops
// the load; parquet has no records that could be put aside. https://duckdb.org/docs/stable/data/parquet/overview
import { literal, quoted, sqlType } from './duckdb-json.ts';
import type { RecordFormat } from './record-format.ts';
import type { ScannedFile } from './scan.ts';

/** A query that gives the files' rows with the table's columns in their order; a column that some files lack is NULL in theirs. */
export function readParquetSql(files: readonly ScannedFile[], { columns, types, spec }: RecordFormat): string {
  const values = columns.map(({ name }, index) => {
    const type = types[index];
    if (type?.kind !== 'text') return `cast(${quoted(name)} as ${type ? sqlType(type) : 'VARCHAR'}) as ${quoted(name)}`;
    const text = `cast(${quoted(name)} as VARCHAR)`;
    if (type.maxBytes === undefined) return `${text} as ${quoted(name)}`;
    // Lengths count in bytes; only a value that is too long is looked at character by character.
    const cut = `left(${text}, list_max(list_filter(range(0, ${type.maxBytes + 1}), lambda n: strlen(left(${text}, n)) <= ${type.maxBytes})))`;
    const refusal = `error(${literal(`column ${name}: a value is too long for ${type.name}`)})`;
    return `case when strlen(${text}) > ${type.maxBytes} then ${spec.truncate_columns ? cut : refusal} else ${text} end as ${quoted(name)}`;
  });
  const list = files.map((file) => literal(file.location)).join(',\n  ');
  return `select\n  ${values.join(',\n  ')}\nfrom read_parquet([\n  ${list}\n], union_by_name = true, hive_partitioning = false)`;
}

/** A query that gives each file's location and its number of rows, from the files' own metadata. */
export const parquetRowsSql = (files: readonly ScannedFile[]): string =>
  `select file_name, num_rows from parquet_file_metadata([${files.map((file) => literal(file.location)).join(', ')}])`;
