// The S3 client: list, get, head, put; keys of every kind; and what is said of everything that S3 and the way to it can refuse.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Bucket, openBucket, s3Url } from '../../src/s3/index.ts';
import { type ExpectedProblem, rejects } from '../support/rejects.ts';
import type { Fault } from '../support/s3-server.ts';
import { repoRoot } from '../support/shared.ts';
import { tempDir } from '../support/temp-dir.ts';
import { ACCESS_KEY, environmentOf, inEnvironment, onServer, SECRET_KEY, SESSION_TOKEN, withoutCredentials } from './support.ts';

const tests = suite('s3: the client');
const { test } = onServer(tests);

const at = { file: 'models/sources.yml', line: 7, column: 9 };
const { signal } = new AbortController();

async function opened<T>(name: string, work: (bucket: Bucket) => Promise<T>, region?: string): Promise<T> {
  const bucket = await openBucket(name, at, region);
  try {
    return await work(bucket);
  } finally {
    bucket.close();
  }
}

async function keys(name: string, prefix = '', limit?: number): Promise<readonly string[]> {
  return opened(name, async (bucket) => {
    const found: string[] = [];
    for await (const page of bucket.list(prefix, signal, limit)) found.push(...page.map(({ key }) => key));
    return found;
  });
}

async function text(bucket: Bucket, key: string, etag?: string): Promise<string | undefined> {
  const found = await bucket.get(key, signal, { etag });
  if (!found) return undefined;
  const chunks: Uint8Array[] = [];
  for await (const chunk of found.bytes) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

test('a listing has every page, in binary order, with sizes and ETags', async (server) => {
  server.pageSize = 7;
  const names = Array.from({ length: 30 }, (_, index) => `a/${index}.json`);
  for (const name of [...names, 'b/1.json']) server.put('paged', name, name);
  assert.equal(await keys('paged', 'a/'), [...names].sort());
  assert.equal(server.asked(), { 'LIST a/': 5 });
  const [first] = await opened('paged', async (bucket) => (await bucket.list('b/', signal).next()).value ?? []);
  assert.equal(first, { key: 'b/1.json', size: 8, etag: server.put('paged', 'b/1.json', 'b/1.json') });
});

test('with a limit there is one page of so many', async (server) => {
  for (const name of ['a', 'a/1', 'a/2']) server.put('limited', name, '');
  assert.equal(await keys('limited', 'a', 1), ['a']);
  assert.equal(server.requests.length, 1);
});

test('objects are put, asked about and got, also by ETag', async (server) => {
  server.bucket('written');
  await opened('written', async (bucket) => {
    const etag = await bucket.put('manifests/1.json', '{"entries": []}', signal);
    assert.is(server.text('written', 'manifests/1.json'), '{"entries": []}');
    assert.equal(await bucket.head('manifests/1.json', signal), { key: 'manifests/1.json', size: 15, etag });
    assert.is(await text(bucket, 'manifests/1.json', etag), '{"entries": []}');
    assert.is(await text(bucket, 'manifests/1.json', 'another'), undefined);
    assert.is(await text(bucket, 'nothing'), undefined);
    assert.is(await bucket.head('nothing', signal), undefined);
    await bucket.put('bytes', Uint8Array.of(0, 1, 255), signal);
    assert.is((await bucket.head('bytes', signal))?.size, 3);
  });
});

/** Control characters and lone surrogates too, of which XML has no, and no key: S3 takes UTF-8. */
const awkwardKey = fc
  .array(
    fc.oneof(fc.constantFrom(...'/.+%&<>"\'?#*[]{}~\\ \t\r\n\u0001=;:@,()$!|^`éü日😀'), fc.string({ unit: 'grapheme', maxLength: 3 })),
    {
      minLength: 1,
      maxLength: 12,
    },
  )
  .map((parts) => Buffer.from(parts.join('')).toString())
  .filter((key) => key !== '' && !key.includes('\0') && Buffer.byteLength(key) <= 1024);

test('a key is what it is, whatever is in it', async (server) => {
  server.bucket('keys');
  await opened('keys', (bucket) =>
    fc.assert(
      fc.asyncProperty(awkwardKey, async (key) => {
        await bucket.put(key, key, signal);
        const listed = (await bucket.list(key, signal, 1).next()).value ?? [];
        assert.equal(
          listed.map((object) => object.key),
          [key],
        );
        assert.is(await text(bucket, key), key);
        assert.is(server.text('keys', key), key);
        server.remove('keys', key);
      }),
      { numRuns: 200 },
    ),
  );
});

test('a URL is parted at the slash behind the bucket', async () => {
  assert.equal(s3Url('s3://b/x/y.json'), { bucket: 'b', key: 'x/y.json' });
  assert.equal(s3Url('S3://b//x%20 y\n/'), { bucket: 'b', key: '/x%20 y\n/' });
  assert.equal(
    [s3Url('s3://b'), s3Url('s3://b/')],
    [
      { bucket: 'b', key: '' },
      { bucket: 'b', key: '' },
    ],
  );
  assert.equal([s3Url('s3://'), s3Url('s3:///x'), s3Url('s3:/b/x')], [undefined, undefined, undefined]);
});

const fails = (work: Promise<unknown>, problem: ExpectedProblem): Promise<Error> =>
  rejects(work, { at: 'models/sources.yml:7:9', ...problem });

const faults: readonly (readonly [Fault, ExpectedProblem])[] = [
  [
    { status: 403, code: 'AccessDenied', message: 'Access Denied' },
    { code: 's3-denied', message: 's3://faulty/a/ cannot be listed: access is denied', hint: 's3:ListBucket' },
  ],
  [
    { status: 403, code: 'ExpiredToken' },
    { code: 's3-credentials', message: 'have expired', hint: 'aws sso login' },
  ],
  [
    { status: 403, code: 'SignatureDoesNotMatch' },
    { code: 's3-credentials', message: 'the secret access key does not belong' },
  ],
  [
    { status: 403, code: 'RequestTimeTooSkewed' },
    { code: 's3-credentials', message: 'the clock of this machine' },
  ],
  [
    { status: 400, code: 'InvalidToken' },
    { code: 's3-credentials', hint: 'AWS_SESSION_TOKEN' },
  ],
  [
    { status: 301, code: 'PermanentRedirect' },
    { code: 's3-region', message: 'in another region' },
  ],
  [
    { status: 400, code: 'SomethingNew', message: 'of which nobody knew' },
    { code: 's3-refused', message: 'S3 answered 400 SomethingNew' },
  ],
];
for (const [fault, problem] of faults) {
  test(`${'code' in fault ? fault.code : ''} is told with what to do`, async (server) => {
    server.put('faulty', 'a/1.json', '');
    server.fault = () => fault;
    await fails(keys('faulty', 'a/'), problem);
  });
}

test('an archived object says so, and what may be listed and not read', async (server) => {
  server.put('archived', 'a/1.json', '');
  const get = () => opened('archived', (bucket) => text(bucket, 'a/1.json'));
  server.fault = () => ({ status: 403, code: 'InvalidObjectState' });
  await fails(get(), { code: 's3-archived', message: 's3://archived/a/1.json cannot be read: the object is archived' });
  server.fault = () => ({ status: 403, code: 'AccessDenied' });
  await fails(get(), { code: 's3-denied', hint: 's3:GetObject' });
  await fails(
    opened('archived', (bucket) => bucket.head('a/1.json', signal)),
    { code: 's3-denied' },
  );
  await fails(
    opened('archived', (bucket) => bucket.put('m', '', signal)),
    { code: 's3-denied', message: 'cannot be written', hint: 's3:PutObject' },
  );
});

test('a bucket that is not there is named', async () => {
  await fails(keys('nowhere', 'a/'), { code: 's3-bucket', message: 's3://nowhere/a/ cannot be listed: there is no such bucket' });
  await fails(
    opened('nowhere', (bucket) => text(bucket, 'a')),
    { code: 's3-bucket' },
  );
});

test('without credentials a public bucket is read, and a private one says that there are none', async (server) => {
  server.bucket('open', { public: true });
  server.put('open', 'a/1.json', 'x');
  server.put('closed', 'a/1.json', 'x');
  await inEnvironment(withoutCredentials(server), async () => {
    assert.equal(await keys('open'), ['a/1.json']);
    assert.is(await opened('open', (bucket) => text(bucket, 'a/1.json')), 'x');
    assert.is(server.requests.at(-1)?.headers.authorization, undefined);
    await fails(keys('closed'), { code: 's3-credentials', message: 'no AWS credentials were found', hint: 'AWS_ACCESS_KEY_ID' });
  });
});

test('an access key that AWS does not know is an error also at a public bucket', async (server) => {
  server.bucket('open', { public: true });
  server.accessKeys = ['another'];
  await fails(keys('open'), { code: 's3-credentials', message: 'AWS does not know the access key' });
});

test('a sign-in that is over is told', async (server) => {
  const config = join(tempDir('aws'), 'config');
  writeFileSync(
    config,
    `[default]
sso_session = work
sso_account_id = 123456789012
sso_role_name = reader
[sso-session work]
sso_region = us-east-1
sso_start_url = https://sso.invalid/start
`,
  );
  await inEnvironment({ ...withoutCredentials(server), AWS_CONFIG_FILE: config }, () =>
    fails(keys('any'), { code: 's3-credentials', message: 's3://any cannot be read: there are no valid AWS credentials' }),
  );
});

test('a bucket of another region is found by what S3 answers, by many requests at once', async (server) => {
  server.bucket('far', { region: 'eu-central-1' });
  for (const name of ['1', '2', '3', '4']) server.put('far', name, name);
  const read = () => opened('far', (bucket) => Promise.all(['1', '2', '3', '4'].map((key) => text(bucket, key))), 'us-east-1');
  assert.equal(await read(), ['1', '2', '3', '4']);
  assert.equal(server.asked(), { 'GET 1': 2, 'GET 2': 2, 'GET 3': 2, 'GET 4': 2 });
  server.fault = ({ headers }) =>
    headers.authorization?.includes('eu-central-1')
      ? { status: 301, code: 'PermanentRedirect', headers: { 'x-amz-bucket-region': 'x' } }
      : undefined;
  await fails(
    opened('far', (bucket) => text(bucket, '1'), 'us-east-1'),
    { code: 's3-region', message: 'the bucket is in the region x', hint: 'region: x' },
  );
});

test('the region is the one of the load, else of the environment, else us-east-1', async (server) => {
  server.put('regions', 'a', '');
  const used = async (region?: string): Promise<string | undefined> => {
    server.requests.length = 0;
    await opened('regions', (bucket) => bucket.head('a', signal), region);
    return /Credential=[^/]+\/\d+\/([^/]+)/.exec(server.requests[0]?.headers.authorization ?? '')?.[1];
  };
  assert.equal([await used(), await used('eu-west-1')], ['us-west-2', 'eu-west-1']);
  const { AWS_REGION: _, ...without } = environmentOf(server);
  assert.is(await inEnvironment(without, () => used()), 'us-east-1');
});

test('a server by its name is asked by paths, also when ~/.aws/config names it', async (server) => {
  server.put('by-path', 'a', 'x');
  const url = `http://localhost:${server.port}`;
  const config = join(tempDir('aws'), 'config');
  writeFileSync(config, `[default]\nendpoint_url = ${url}\n`);
  const { AWS_ENDPOINT_URL_S3: _, ...without } = environmentOf(server);
  for (const settings of [{ AWS_ENDPOINT_URL: url }, { AWS_CONFIG_FILE: config }])
    assert.equal(await inEnvironment({ ...without, ...settings }, () => keys('by-path')), ['a']);
});

test('what does not answer is told with its address', async (server) => {
  const settings = (url: string) => ({ ...environmentOf(server), AWS_ENDPOINT_URL_S3: url, AWS_MAX_ATTEMPTS: '1' });
  await inEnvironment(settings('http://127.0.0.1:1'), () =>
    fails(keys('any'), { code: 's3-unreachable', message: 'ECONNREFUSED', hint: 'the endpoint http://127.0.0.1:1' }),
  );
  await inEnvironment(settings(`https://127.0.0.1:${server.port}`), () => fails(keys('any'), { code: 's3-unreachable' }));
});

test('a refusal for the moment is asked again, and told when it stays', async (server) => {
  server.put('busy', 'a', 'x');
  let left = 2;
  server.fault = () => (left-- > 0 ? { status: 503, code: 'SlowDown', message: 'Please reduce your request rate.' } : undefined);
  assert.equal(await keys('busy'), ['a']);
  assert.equal(server.requests.length, 3);
  server.fault = () => ({ status: 500, code: 'InternalError' });
  await fails(keys('busy'), { code: 's3-refused', message: 'S3 answered 500 InternalError', hint: 'run again' });
  assert.equal(server.requests.length, 3 + 5);
});

test('an answer that breaks off is told', async (server) => {
  server.put('cut', 'a', 'x'.repeat(1000));
  server.fault = () => ({ cutAfter: 500 });
  await fails(
    opened('cut', (bucket) => text(bucket, 'a')),
    { code: 's3-unreachable', message: 's3://cut/a cannot be read' },
  );
});

test("S3's own words are shown, without what is secret", async (server) => {
  server.put('telling', 'a', '');
  server.fault = () => ({ status: 400, code: 'Odd', message: `signed by ${ACCESS_KEY} with ${SECRET_KEY} and ${SESSION_TOKEN}` });
  const error = await inEnvironment(environmentOf(server, { AWS_SESSION_TOKEN: SESSION_TOKEN }), () =>
    fails(keys('telling'), { code: 's3-refused' }),
  );
  const [problem] = (error as Error & { problems: [{ detail: string[] }] }).problems;
  assert.equal(problem.detail, ['Odd: signed by ***** with ***** and *****']);
});

tests('the SDK is loaded only when a bucket is opened', () => {
  const code = `
    import { createRequire } from 'node:module';
    const loaded = () => Object.keys(createRequire(process.cwd() + '/x').cache).some((file) => file.includes('client-s3'));
    const { openBucket } = await import('./src/s3/index.ts');
    await import('./src/engine/index.ts');
    const before = loaded();
    await openBucket('any', { file: '', line: 1, column: 1 });
    process.stdout.write([before, loaded()].join());`;
  const loader = join(repoRoot, 'node_modules', 'tsx', 'dist', 'loader.mjs');
  const args = ['--import', loader, '--input-type=module', '--eval', code];
  const printed = execFileSync(process.execPath, args, {
    cwd: repoRoot,
    encoding: 'utf8',
    env: { ...process.env, AWS_EC2_METADATA_DISABLED: 'true' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  assert.is(printed, 'false,true');
});

tests.run();
