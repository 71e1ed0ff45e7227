// A bare DuckDB for tests that look at a database, or need one, without dwh.
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

export type TextRow = readonly (string | null)[];

/** Values as DuckDB prints them. */
export async function textRows(connection: DuckDBConnection, sql: string): Promise<readonly TextRow[]> {
  const reader = await connection.runAndReadAll(sql);
  return reader.getRows().map((row) => row.map((value) => (value === null ? null : String(value))));
}

/** Rows of a query on a database file, which is opened for it and closed again. */
export async function tableOf(file: string, sql: string): Promise<readonly TextRow[]> {
  const instance = await DuckDBInstance.create(file);
  try {
    const connection = await instance.connect();
    try {
      return await textRows(connection, sql);
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}

/** A connection to a database in memory. */
export async function memoryDatabase(): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:');
  return instance.connect();
}
