// The warehouses that the data tests' SQL is tried on: DuckDB always, Postgres when DWH_TEST_POSTGRES_URL names one.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Dialect } from '../../src/adapters/adapter.ts';
import { duckdbDialect } from '../../src/adapters/duckdb-dialect.ts';
import type { Column } from '../../src/core/statement.ts';
import { memoryDatabase, type TextRow, textRows } from '../support/duckdb.ts';

export interface TriedWarehouse {
  readonly name: string;
  readonly dialect: Dialect;
  rows(sql: string): Promise<readonly TextRow[]>;
  describe(from: string): Promise<readonly Column[]>;
}

/** What data tests ask of a dialect, and nothing else: enough of Postgres to try the SQL there. */
type Needed = Pick<Dialect, 'quote' | 'literal' | 'regexMatches' | 'currentTimestamp' | 'columnType'>;

const postgresDialect = {
  quote: (identifier) => `"${identifier.replaceAll('"', '""')}"`,
  literal: (text) => `'${text.replaceAll("'", "''")}'`,
  currentTimestamp: 'cast(current_timestamp as timestamp)',
  columnType: (written) => (written === 'int' ? 'integer' : written),
  regexMatches: (text, pattern, flags) => `${text} ${flags === 'i' ? '~*' : '~'} ${pattern}`,
} satisfies Needed as Dialect;

const fixture = readFileSync(fileURLToPath(new URL('shop.sql', import.meta.url)), 'utf8');

export async function duckdb(): Promise<TriedWarehouse> {
  const connection = await memoryDatabase();
  await connection.run(fixture);
  return {
    name: 'DuckDB',
    dialect: duckdbDialect,
    rows: (sql) => textRows(connection, sql),
    describe: async (from) =>
      (await textRows(connection, `describe select * from ${from}`)).map(([name, type]) => ({
        name: name ?? '',
        type: (type ?? '').toLowerCase(),
      })),
  };
}

/** The part of the driver that is used here; it is loaded only when there is a server. */
interface PgClient {
  on(event: 'error', listener: () => void): void;
  connect(): Promise<void>;
  query(sql: string | { readonly text: string; readonly rowMode: 'array' }): Promise<{
    readonly rows: readonly (readonly unknown[])[];
    readonly fields: readonly { readonly name: string; readonly dataTypeID: number; readonly dataTypeModifier: number }[];
  }>;
}

export async function postgres(url: string): Promise<TriedWarehouse> {
  const driver: string = 'pg';
  const { default: pg } = (await import(driver)) as { default: { Client: new (options: { connectionString: string }) => PgClient } };
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  // Everything stands in one transaction that is never committed.
  await client.query(`begin; create schema dwh_data_tests; set local search_path to dwh_data_tests; ${fixture}`);
  const rows = async (sql: string): Promise<readonly TextRow[]> => {
    await client.query('savepoint here');
    try {
      const result = await client.query({ text: sql, rowMode: 'array' });
      return result.rows.map((row) => row.map((value) => (value === null ? null : String(value))));
    } finally {
      await client.query('rollback to savepoint here');
    }
  };
  return {
    name: 'Postgres',
    dialect: postgresDialect,
    rows,
    async describe(from) {
      const { fields } = await client.query(`select * from ${from} limit 0`);
      const [types = []] = await rows(
        `select ${fields.map((field) => `format_type(${field.dataTypeID}, ${field.dataTypeModifier})`).join(', ')}`,
      );
      return fields.map(({ name }, index) => ({ name, type: types[index] ?? '' }));
    },
  };
}
