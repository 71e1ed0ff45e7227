// The warehouses that the data tests' SQL is tried on, with the tables of shop.sql: DuckDB and a real Postgres.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Connection, Warehouse } from '../../src/adapters/adapter.ts';
import type { Dialect } from '../../src/adapters/dialect.ts';
import { postgresDialect } from '../../src/adapters/postgres/dialect.ts';
import { type Column, statement } from '../../src/core/statement.ts';
import { duckdbAdapter, openTarget as openDuckdb } from '../adapters/duckdb-target.ts';
import { openTarget as openPostgres } from '../adapters/postgres-target.ts';

type TextRow = readonly (string | null)[];

export interface TriedWarehouse {
  readonly name: string;
  readonly dialect: Dialect;
  rows(sql: string): Promise<readonly TextRow[]>;
  describe(from: string): Promise<readonly Column[]>;
  close(): Promise<void>;
}

const fixture = readFileSync(fileURLToPath(new URL('shop.sql', import.meta.url)), 'utf8');

async function filled(name: string, dialect: Dialect, warehouse: Warehouse): Promise<TriedWarehouse> {
  const connection: Connection = await warehouse.connect();
  await connection.run(statement(fixture));
  return {
    name,
    dialect,
    async rows(sql) {
      const { rows } = await connection.run(statement(sql));
      return rows.map((row) => row.map((value) => (value === null ? null : String(value))));
    },
    describe: (from) => connection.describe(`select * from ${from}`),
    close: () => warehouse.close(),
  };
}

export const duckdb = async (): Promise<TriedWarehouse> =>
  filled('DuckDB', duckdbAdapter().dialect, await openDuckdb({ path: ':memory:' }));

export async function postgres(): Promise<TriedWarehouse> {
  const { warehouse } = await openPostgres({ schema: 'public' });
  return filled('Postgres', postgresDialect, warehouse);
}
