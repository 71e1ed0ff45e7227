// Temporary logins, asked of a server that answers as AWS's APIs do.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { RedshiftSettings } from '../../src/adapters/redshift/credentials.ts';
import { redshiftSettings } from '../../src/adapters/redshift/credentials.ts';
import { redshift } from '../../src/adapters/redshift/index.ts';
import { logins } from '../../src/adapters/redshift/login/index.ts';
import { ConfigReader } from '../../src/core/config-reader.ts';
import type { Problem } from '../../src/core/problem.ts';
import { rejects, throws } from '../support/rejects.ts';

const NOW = Date.UTC(2024, 0, 15, 12);
const HOUR = 3_600_000;

interface Asked {
  readonly target: string;
  readonly body: string;
  /** Who signed it. */
  readonly signed: string;
}

interface Context {
  server: Server;
  asked: Asked[];
  answer: (asked: Asked) => { readonly status?: number; readonly type: string; readonly body: string };
  environment: Readonly<Record<string, string | undefined>>;
}

const test = suite<Context>('redshift: logins');

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

test.before(async (context) => {
  context.asked = [];
  context.server = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const asked = {
      target: String(request.headers['x-amz-target'] ?? new URLSearchParams(body).get('Action')),
      body,
      signed: /Credential=(\w+)/.exec(request.headers.authorization ?? '')?.[1] ?? '',
    };
    context.asked.push(asked);
    const { status = 200, type, body: answer } = context.answer(asked);
    response.writeHead(status, { 'content-type': type });
    response.end(answer);
  });
  await new Promise<void>((done) => context.server.listen(0, '127.0.0.1', done));
  const address = context.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const settings = {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: 'AKIATEST',
    AWS_SECRET_ACCESS_KEY: 'not-a-secret',
    AWS_MAX_ATTEMPTS: '1',
  };
  context.environment = Object.fromEntries(Object.keys(settings).map((key) => [key, process.env[key]]));
  Object.assign(process.env, settings);
});
test.before.each((context) => {
  context.asked.length = 0;
});
test.after((context) => {
  for (const [key, value] of Object.entries(context.environment)) {
    if (value === undefined) delete process.env[key];
    else process.env[key] = value;
  }
  context.server.close();
});

function settingsOf(target: Readonly<Record<string, unknown>>, problems: Problem[] = []): RedshiftSettings {
  const all = { type: 'redshift', host: 'shop.abc.eu-west-1.redshift.amazonaws.com', dbname: 'shop', schema: 'analytics', ...target };
  return redshiftSettings(redshift.credentials(new ConfigReader(all, { locate: () => undefined, problems }), '/projects/shop'));
}

const clusterAnswer = (password: string, end: number) => ({
  type: 'text/xml',
  body: `<GetClusterCredentialsResponse xmlns="http://redshift.amazonaws.com/doc/2012-12-01/"><GetClusterCredentialsResult>
<DbUser>IAM:ann</DbUser><DbPassword>${password}</DbPassword><Expiration>${new Date(end).toISOString()}</Expiration>
</GetClusterCredentialsResult></GetClusterCredentialsResponse>`,
});

test('a cluster: asked once for several sessions, again when four fifths of the time are over; passwords are learned', async (context) => {
  let now = NOW;
  let count = 0;
  context.answer = () => clusterAnswer(`password-${++count}`, now + HOUR);
  const learned: string[] = [];
  const login = logins(
    settingsOf({ method: 'iam', user: 'ann', autocreate: true, db_groups: ['readers', 'loaders'] }),
    () => now,
    (secret) => learned.push(secret),
  );
  const [one, other] = await Promise.all([login(), login()]);
  assert.equal([one.user, one.password, other.password], ['IAM:ann', 'password-1', 'password-1']);
  now += 0.79 * HOUR;
  assert.is((await login()).password, 'password-1');
  now += 0.02 * HOUR;
  assert.is((await login()).password, 'password-2');
  assert.is(context.asked.length, 2);
  const sent = new URLSearchParams(context.asked[0]?.body);
  assert.equal(
    ['Action', 'ClusterIdentifier', 'DbUser', 'DbName', 'AutoCreate', 'DbGroups.DbGroup.1', 'DbGroups.DbGroup.2'].map((key) =>
      sent.get(key),
    ),
    ['GetClusterCredentials', 'shop', 'ann', 'shop', 'true', 'readers', 'loaders'],
  );
  assert.ok(learned.includes('password-1') && learned.includes('password-2'));
});

test('the key of the profile is used, and half of one is refused', async (context) => {
  context.answer = () => clusterAnswer('hunter2', NOW + HOUR);
  const ask = (more: object): Promise<unknown> =>
    logins(
      settingsOf({ method: 'iam', user: 'ann', ...more }),
      () => NOW,
      () => {},
    )();
  await ask({ access_key_id: 'AKIAPROFILE', secret_access_key: 'k3y' });
  await ask({});
  assert.equal(
    context.asked.map(({ signed }) => signed),
    ['AKIAPROFILE', 'AKIATEST'],
  );
  throws(() => settingsOf({ method: 'iam', user: 'ann', access_key_id: 'AKIAPROFILE' }), {
    code: 'config-missing',
    message: "'secret_access_key'",
  });
});

test('keys of older profiles, and those that change nothing here, are taken without a word', () => {
  const problems: Problem[] = [];
  const old = {
    keepalives_idle: 240,
    role: 'reporter',
    ra3_node: true,
    retry_all: true,
    tcp_keepalive_interval: 5,
    allow_concurrent_drops: true,
  };
  const { keepaliveMs, role } = settingsOf({ user: 'ann', password: 'p', ...old }, problems);
  assert.equal([keepaliveMs, role, problems], [240_000, 'reporter', []]);
});

test('a serverless workgroup', async (context) => {
  context.answer = () => ({
    type: 'application/x-amz-json-1.1',
    body: JSON.stringify({ dbUser: 'IAMR:loader', dbPassword: 'temporary', expiration: (NOW + HOUR) / 1000 }),
  });
  const login = logins(
    settingsOf({ method: 'iam', host: 'reports.123456789012.us-west-2.redshift-serverless.amazonaws.com' }),
    () => NOW,
    () => {},
  );
  assert.is((await login()).user, 'IAMR:loader');
  assert.match(context.asked[0]?.target ?? '', 'GetCredentials');
  assert.equal(JSON.parse(context.asked[0]?.body ?? '{}').workgroupName, 'reports');
});

test('a secret, read again when it may have been rotated; one without a password is an error', async (context) => {
  let now = NOW;
  let secret: unknown = { username: 'ann', password: 'first' };
  context.answer = () => ({ type: 'application/x-amz-json-1.1', body: JSON.stringify({ SecretString: JSON.stringify(secret) }) });
  const login = logins(
    settingsOf({ method: 'secret', secret_arn: 'arn:aws:secretsmanager:eu-west-1:1:secret:shop' }),
    () => now,
    () => {},
  );
  assert.equal(await login().then(({ user, password }) => [user, password]), ['ann', 'first']);
  secret = { username: 'ann', password: 'second' };
  assert.is((await login()).password, 'first');
  now += 301_000;
  assert.is((await login()).password, 'second');
  secret = { user: 'ann' };
  now += 301_000;
  await rejects(login(), { code: 'connection-login', message: "no 'username' and 'password'", hint: 'secretsmanager:GetSecretValue' });
});

test('what AWS refuses is said, with the right that is needed', async (context) => {
  context.answer = () => ({
    status: 403,
    type: 'text/xml',
    body: '<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User is not authorized</Message></Error></ErrorResponse>',
  });
  const login = logins(
    settingsOf({ method: 'iam', user: 'ann' }),
    () => NOW,
    () => {},
  );
  await rejects(login(), { code: 'connection-login', message: "'shop': User is not authorized", hint: 'redshift:GetClusterCredentials' });
  await rejects(login(), { code: 'connection-login' });
  assert.is(context.asked.length, 2);
});

test.run();
