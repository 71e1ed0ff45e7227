// The Postgres adapter. The driver is imported in `open`, so that commands which only parse start quickly.
import type { Adapter } from '../adapter.ts';
import { postgresCredentials, postgresSettings } from './credentials.ts';
import { postgresDialect } from './dialect.ts';
import { postgresServer } from './server.ts';

export const postgres: Adapter = {
  dialect: postgresDialect,
  credentials: postgresCredentials,
  async linter() {
    const [{ engineLinter }, { postgresParser }] = await Promise.all([import('../../lint/engine-linter.ts'), import('./parser.ts')]);
    return engineLinter(await postgresParser());
  },
  async open(credentials) {
    const { openPostgres } = await import('./warehouse.ts');
    return openPostgres(postgresServer, postgresSettings(credentials));
  },
};
