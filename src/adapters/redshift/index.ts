// The Redshift adapter: Postgres' with its differences.
import type { Adapter } from '../adapter.ts';
import { redshiftCredentials, redshiftSettings } from './credentials.ts';
import { redshiftDialect } from './dialect.ts';

export const redshift: Adapter = {
  dialect: redshiftDialect,
  credentials: redshiftCredentials,
  linter: async () => (await import('../../lint/redshift-linter.ts')).redshiftLinter,
  async open(credentials, { clock, learned }) {
    const [{ openPostgres }, { logins }, { redshiftServer }] = await Promise.all([
      import('../postgres/warehouse.ts'),
      import('./login/index.ts'),
      import('./server.ts'),
    ]);
    const settings = redshiftSettings(credentials);
    return openPostgres(redshiftServer(settings, logins(settings, clock, learned)), settings);
  },
};
