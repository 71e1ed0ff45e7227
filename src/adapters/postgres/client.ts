// A session with the server, ready to use: TLS as sslmode says, role, search path, and settings on which values depend.
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import pg from 'pg';
import { fail } from '../../core/problem.ts';
import type { PostgresSettings } from './credentials.ts';
import { isLost, openError } from './errors.ts';
import type { Server } from './server.ts';
import { typeParsers } from './values.ts';

type Tls = NonNullable<pg.ClientConfig['ssl']>;

function file(key: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return fail({
      code: 'profile-invalid',
      message: `${key} names ${path}, which cannot be read`,
      hint: 'Correct the path in the profile.',
    });
  }
}

/** The ways to try, in turn. As libpq: below verify-ca nobody checks who answers, unless a root certificate is named. */
function waysOf({ sslmode, sslrootcert, sslcert, sslkey, host }: PostgresSettings): readonly Tls[] {
  if (sslmode === 'disable' || host.startsWith('/')) return [false];
  const verifies = sslmode === 'verify-ca' || sslmode === 'verify-full' || (sslmode === 'require' && sslrootcert !== undefined);
  const tls: Tls = {
    rejectUnauthorized: verifies,
    ...(sslrootcert !== undefined && { ca: file('sslrootcert', sslrootcert) }),
    ...(sslcert !== undefined && { cert: file('sslcert', sslcert) }),
    ...(sslkey !== undefined && { key: file('sslkey', sslkey) }),
    ...(sslmode !== 'verify-full' && { checkServerIdentity: () => undefined }),
  };
  if (sslmode === 'prefer') return [tls, false];
  return sslmode === 'allow' ? [false, tls] : [tls];
}

interface Attaching {
  attachListeners(stream: Socket): void;
}

/** What the driver throws at a message that it does not know, nobody can catch: it becomes an error of the socket. */
function catchUnknownMessages(client: pg.Client): void {
  const { connection } = client as unknown as { readonly connection: Attaching };
  const attach = connection.attachListeners.bind(connection);
  connection.attachListeners = (stream) => {
    attach(stream);
    for (const listener of stream.listeners('data') as ((chunk: Buffer) => void)[]) {
      stream.off('data', listener);
      stream.on('data', (chunk: Buffer) => {
        try {
          listener(chunk);
        } catch (error) {
          stream.destroy(error as Error);
        }
      });
    }
  };
}

async function connect(server: Server, settings: PostgresSettings, ssl: Tls): Promise<pg.Client> {
  const { user, password } = await server.login(settings);
  const client = new pg.Client({
    host: settings.host,
    port: settings.port,
    user,
    password,
    database: settings.database,
    ssl,
    application_name: settings.applicationName,
    connectionTimeoutMillis: settings.connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: settings.keepaliveMs,
    types: typeParsers as pg.CustomTypesConfig,
    ...(settings.searchPath !== undefined && { options: `-c search_path=${settings.searchPath.replaceAll(/([\\ ])/g, '\\$1')}` }),
  });
  catchUnknownMessages(client);
  // A server that goes away while nothing runs says so in an event; the next statement finds out.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(server.setup(settings));
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}

const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));
/** A server that starts, restarts or is full now. */
const PASSES = /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|57P03|53300)$/;

/** Throws DwhError. */
export async function openClient(server: Server, settings: PostgresSettings): Promise<pg.Client> {
  let last: unknown;
  for (let attempt = 0; attempt <= settings.retries; attempt++) {
    if (attempt > 0) await wait(200 * attempt);
    for (const ssl of waysOf(settings)) {
      try {
        return await connect(server, settings, ssl);
      } catch (error) {
        last = error;
        if (!(ssl && /does not support SSL/i.test(String(error))) && !(settings.sslmode === 'allow' && !ssl)) break;
      }
    }
    if (!PASSES.test(String((last as { code?: unknown }).code)) && !isLost(last)) break;
  }
  throw openError(last, settings);
}
