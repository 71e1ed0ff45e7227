// A seed's CSV file as rows with values, for templates that ask for them. Columns whose type the project writes are left as text.
import type { Result, Value } from '../core/statement.ts';
import { readCsv } from './seed-csv.ts';
import { type SeedOptions, seedRows } from './seed-rows.ts';

const READ: Readonly<Record<string, (text: string) => Value>> = {
  integer: Number,
  bigint: BigInt,
  'double precision': Number,
  boolean: (text) => /^true$/i.test(text),
};

/** Throws as `seedRows` does. */
export function seedTable(file: Buffer, options: Pick<SeedOptions, 'file' | 'delimiter' | 'columnTypes'>): Result {
  const written = new Set([...options.columnTypes.keys()].map((name) => name.toLowerCase()));
  const columns = seedRows(file, { ...options, columnType: (type) => type, columnName: (name) => name }).columns.map((column) =>
    written.has(column.name.toLowerCase()) ? { ...column, type: 'text' } : column,
  );
  const value = (text: string, index: number): Value =>
    /^(null)?$/i.test(text) ? null : (READ[columns[index]?.type ?? '']?.(text) ?? text);
  const [, ...rows] = readCsv(file.toString(), options.file, options.delimiter);
  return { columns, rows: rows.map((row) => row.map(value)), rowCount: rows.length };
}
