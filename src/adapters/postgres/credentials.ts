// A profile's postgres target to what opening needs. The keys are dbt-postgres':
// https://docs.getdbt.com/docs/core/connect-data-platform/postgres-setup
import { isAbsolute, join } from 'node:path';
import type { ConfigReader } from '../../core/config-reader.ts';
import { throwIfAny } from '../../core/problem.ts';
import type { Credentials } from '../adapter.ts';

/** https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-SSLMODE-STATEMENTS */
export const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
export type SslMode = (typeof SSL_MODES)[number];

/** A type, not an interface, so that it is a record. */
export type PostgresSettings = {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** undefined: from PGPASSWORD or the password file, as libpq does. */
  readonly password: string | undefined;
  readonly database: string;
  readonly schema: string;
  readonly role: string | undefined;
  readonly searchPath: string | undefined;
  readonly sslmode: SslMode;
  /** Absolute paths. */
  readonly sslrootcert: string | undefined;
  readonly sslcert: string | undefined;
  readonly sslkey: string | undefined;
  readonly connectTimeoutMs: number;
  /** 0: the system's default. */
  readonly keepaliveMs: number;
  /** As the server's lists of sessions show it. */
  readonly applicationName: string;
  /** Attempts to connect after the first. */
  readonly retries: number;
  /** Where the ledger is kept; undefined: `_dwh`. */
  readonly state_schema: string | undefined;
};

/** What `postgresCredentials` put there. */
export const postgresSettings = (credentials: Credentials): PostgresSettings => credentials.settings as PostgresSettings;

export function postgresCredentials(profile: ConfigReader, projectDir: string): Credentials {
  const absolute = (path: string | undefined): string | undefined =>
    path === undefined || isAbsolute(path) ? path : join(projectDir, path);
  const either = (name: string, other: string): string | undefined => profile.string(name) ?? profile.string(other);
  const host = profile.requiredString('host');
  const port = profile.whole('port', 1) ?? 5432;
  const user = profile.requiredString('user');
  const password = either('password', 'pass');
  const database = either('dbname', 'database');
  if (database === undefined) profile.problem('config-missing', "'dbname' is missing", undefined, []);
  const schema = profile.requiredString('schema');
  const threads = profile.whole('threads', 1) ?? 1;
  const settings: PostgresSettings = {
    host,
    port,
    user,
    password,
    database: database ?? '',
    schema,
    role: profile.string('role'),
    searchPath: profile.string('search_path'),
    sslmode: profile.oneOf('sslmode', SSL_MODES) ?? 'prefer',
    sslrootcert: absolute(profile.string('sslrootcert')),
    sslcert: absolute(profile.string('sslcert')),
    sslkey: absolute(profile.string('sslkey')),
    connectTimeoutMs: (profile.whole('connect_timeout', 0) ?? 10) * 1000,
    keepaliveMs: (profile.whole('keepalives_idle', 0) ?? 0) * 1000,
    applicationName: profile.string('application_name') ?? 'dwh',
    retries: profile.whole('retries', 0) ?? 1,
    state_schema: profile.string('state_schema'),
  };
  // Transactions are dwh's own affair.
  profile.reportUnread(['type', 'autocommit'], 'a postgres target');
  throwIfAny(profile.source.problems);
  return {
    type: 'postgres',
    database: settings.database,
    schema,
    threads,
    shown: {
      host,
      port,
      user,
      dbname: settings.database,
      sslmode: settings.sslmode,
      ...(settings.role !== undefined && { role: settings.role }),
      ...(settings.searchPath !== undefined && { search_path: settings.searchPath }),
    },
    settings,
  };
}
