// DuckDB's own parser: what its grammar refuses. An instance without a file, which runs nothing.
import { DuckDBInstance } from '@duckdb/node-api';
import type { EngineParser } from '../../lint/engine-linter.ts';
import { duckdbReport } from './errors.ts';

/** Of these types are its refusals of a text; what else it says is of a statement that it would have had to begin with. */
const REFUSALS = ['Parser', 'Syntax', 'Catalog', 'Unknown'];

export async function duckdbParser(): Promise<EngineParser> {
  const instance = await DuckDBInstance.create(':memory:', { errors_as_json: 'true', enable_external_access: 'false', threads: '1' });
  const connection = await instance.connect();
  return {
    nulls: { ofDescending: 'last', concatIsStrict: false },
    url: 'https://duckdb.org/docs/stable/sql/introduction',
    async fault(sql) {
      try {
        await connection.extractStatements(sql);
        return undefined;
      } catch (error) {
        const { type, message, position } = duckdbReport(error, sql);
        return REFUSALS.includes(type) ? { message: `DuckDB: ${message}`, offset: position } : undefined;
      }
    },
  };
}
