// The DuckDB adapter: the embedded warehouse, a file of the project or memory. The native driver is imported in `open`,
// so that commands which only parse start quickly. https://duckdb.org/docs/stable/
import type { Adapter } from '../adapter.ts';
import { duckdbCredentials, duckdbSettings } from './credentials.ts';
import { duckdbDialect } from './dialect.ts';

export const duckdb: Adapter = {
  dialect: duckdbDialect,
  credentials: duckdbCredentials,
  async linter() {
    const [{ engineLinter }, { duckdbParser }] = await Promise.all([import('../../lint/engine-linter.ts'), import('./parser.ts')]);
    return engineLinter(await duckdbParser());
  },
  async open(credentials, { maxConcurrency }) {
    const { openDuckdb } = await import('./warehouse.ts');
    return openDuckdb(duckdbSettings(credentials), maxConcurrency);
  },
};
