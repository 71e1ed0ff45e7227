// What the S3 tests share: a server for a suite, the settings by which the AWS SDK finds it, and projects that load from it.
import type { Test } from 'uvu';
import { events, loading, type TableSpec } from '../loads/project.ts';
import type { Fixture } from '../support/fixture.ts';
import { S3Server } from '../support/s3-server.ts';

export const ACCESS_KEY = 'AKIAPLANTEDFORTESTS1';
export const SECRET_KEY = 'planted/Secret+Key/thatNobodyMaySee00001';
export const SESSION_TOKEN = 'planted-session-token-that-nobody-may-see';

/** The whole of what the SDK may find, for a process: nothing of this machine's. */
export const environmentOf = (server: S3Server, more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => ({
  ...withoutCredentials(server),
  AWS_ACCESS_KEY_ID: ACCESS_KEY,
  AWS_SECRET_ACCESS_KEY: SECRET_KEY,
  ...more,
});

export const withoutCredentials = (server: S3Server): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL_S3: server.endpoint,
  AWS_REGION: 'us-west-2',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
});

/** Runs `work` with these AWS settings, and no others, in this process. */
export async function inEnvironment<T>(settings: Readonly<Record<string, string>>, work: () => Promise<T>): Promise<T> {
  const own = (name: string): boolean => name.startsWith('AWS_') || name === 'TMPDIR';
  const before = Object.entries(process.env).filter(([name]) => own(name));
  const clear = (): void => {
    for (const name of Object.keys(process.env)) if (name.startsWith('AWS_') || name in settings) delete process.env[name];
  };
  clear();
  // The binary says so for itself.
  Object.assign(process.env, settings, { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' });
  try {
    return await work();
  } finally {
    clear();
    Object.assign(process.env, Object.fromEntries(before));
  }
}

/** A server for all tests of a suite, and tests that run with the AWS settings for it. Each test takes buckets of its own. */
export function onServer(suite: Test): {
  readonly test: (name: string, work: (server: S3Server) => Promise<void>) => void;
  readonly server: () => S3Server;
} {
  let running: S3Server | undefined;
  const server = (): S3Server => {
    if (!running) throw new Error('the server has not been started');
    return running;
  };
  suite.before(async () => {
    running = await S3Server.start();
  });
  suite.after(() => server().close());
  return {
    server,
    test: (name, work) =>
      suite(name, async () => {
        const own = server();
        own.requests.length = 0;
        own.fault = () => undefined;
        own.accessKeys = undefined;
        own.pageSize = 1000;
        own.knowsConditions = true;
        await inEnvironment(environmentOf(own), () => work(own));
      }),
  };
}

export const row = (ts: number): string => `{"ts":${ts}}\n`;

/** A project whose table `events` is loaded from there. */
export const loadingFrom = (
  from: string,
  more: Readonly<Record<string, unknown>> = {},
  columns: string = events.columns,
): Promise<Fixture> => loading({}, { events: tableFrom(from, more, columns) });

export const tableFrom = (from: string, more: Readonly<Record<string, unknown>> = {}, columns: string = events.columns): TableSpec => ({
  columns,
  load: { ...events.load, from, ...more },
});

/** Objects of these keys, each with one row. */
export function putRows(server: S3Server, bucket: string, keys: readonly string[]): void {
  for (const [index, key] of keys.entries()) server.put(bucket, key, row(index));
}
