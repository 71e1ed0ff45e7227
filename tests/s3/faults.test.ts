// Loads from s3:// that are in trouble: objects that change or vanish meanwhile, answers that break off, refusals. Nothing is
// loaded by halves, nothing fetched is left behind.
import { mkdirSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { load, stored } from '../loads/project.ts';
import type { Fixture } from '../support/fixture.ts';
import { type ExpectedProblem, hasProblem } from '../support/rejects.ts';
import type { S3Request } from '../support/s3-server.ts';
import { tempDir } from '../support/temp-dir.ts';
import { environmentOf, inEnvironment, loadingFrom, onServer, putRows, row, withoutCredentials } from './support.ts';

const tests = suite('s3: loads in trouble');
const { test, server } = onServer(tests);

const fails = async (shop: Fixture, problem: ExpectedProblem): Promise<void> => {
  const found = await load(shop);
  assert.is(found.status, 'error');
  hasProblem(found.problem ? [found.problem] : [], { at: 'models/sources.yml', ...problem });
};

/** A folder for temporary files that is empty before and after `work`. */
async function leavesNothing(work: () => Promise<void>): Promise<void> {
  const folder = tempDir('tmpdir');
  await inEnvironment({ ...environmentOf(server()), TMPDIR: folder }, work);
  assert.equal(readdirSync(folder), []);
}

/** Does something once, before the first request that `when` names is answered. */
const once = (when: (request: S3Request) => boolean, act: () => void) => {
  let done = false;
  return (request: S3Request): undefined => {
    if (done || !when(request)) return;
    done = true;
    act();
  };
};
const isGet = (key: string) => (request: S3Request) => request.method === 'GET' && request.key === key;

test('an object that changes between listing and fetching stops the load', async (server) => {
  putRows(server, 'moving', ['e/1.json', 'e/2.json', 'e/3.json']);
  const shop = await loadingFrom('s3://moving/e');
  await leavesNothing(async () => {
    for (const [conditions, ts] of [
      [true, 98],
      [false, 99],
    ] as const) {
      server.knowsConditions = conditions;
      server.fault = once(isGet('e/2.json'), () => server.put('moving', 'e/2.json', row(ts)));
      await fails(shop, { code: 'load-moved', message: 's3://moving/e/2.json changed while it was loaded' });
    }
  });
  assert.equal((await load(shop)).counts, [3, 3, 0, 0]);
  assert.equal(await shop.query('select ts from raw.events order by ts'), [['0'], ['2'], ['99']]);
});

test('an object that is removed between listing and fetching stops the load', async (server) => {
  putRows(server, 'leaving', ['e/1.json', 'e/2.json']);
  const shop = await loadingFrom('s3://leaving/e');
  await leavesNothing(async () => {
    server.fault = once(isGet('e/1.json'), () => server.remove('leaving', 'e/1.json'));
    await fails(shop, { code: 'load-moved', message: 's3://leaving/e/1.json' });
  });
  assert.equal((await load(shop)).counts, [1, 1, 0, 0]);
});

test('an object that changes or vanishes between fetching and the commit rolls the load back', async (server) => {
  // Few among many are asked for one by one, else another listing tells.
  for (const [bucket, more] of [
    ['late-few', 40],
    ['late-all', 0],
  ] as const) {
    server.pageSize = 1000;
    putRows(
      server,
      bucket,
      Array.from({ length: more }, (_, index) => `e/${index}.json`),
    );
    const shop = await loadingFrom(`s3://${bucket}/e`);
    if (more > 0) await load(shop);
    for (const change of [() => server.put(bucket, 'e/new.json', row(99)), () => server.remove(bucket, 'e/new.json')]) {
      server.put(bucket, 'e/new.json', row(50));
      let fetched = false;
      server.fault = (request) => {
        if (fetched && !isGet('e/new.json')(request)) change();
        fetched ||= isGet('e/new.json')(request);
        return undefined;
      };
      await leavesNothing(() => fails(shop, { code: 'load-moved', message: `s3://${bucket}/e/new.json changed while it was loaded` }));
      server.fault = () => undefined;
    }
    assert.equal(await shop.query('select count(*) from _dwh.load_files'), [[String(more)]]);
  }
});

test('an answer that breaks off is asked for again, and told when it always does', async (server) => {
  const text = row(1).repeat(1000);
  server.put('cut', 'e/1.json', text);
  const shop = await loadingFrom('s3://cut/e');
  let left = 2;
  server.fault = (request) => (isGet('e/1.json')(request) && left-- > 0 ? { cutAfter: 5000 } : undefined);
  assert.equal((await load(shop)).counts, [1000, 1, 0, 0]);
  server.put('cut', 'e/2.json', text);
  server.fault = (request) => (isGet('e/2.json')(request) ? { cutAfter: 5000 } : undefined);
  await leavesNothing(() => fails(shop, { code: 's3-unreachable', message: 's3://cut/e/2.json cannot be read' }));
  assert.is(server.asked()['GET e/2.json'], 3);
  server.fault = (request) => (isGet('e/2.json')(request) ? { endAfter: 5000 } : undefined);
  await leavesNothing(() => fails(shop, { code: 'load-moved', message: 's3://cut/e/2.json' }));
  assert.is(server.asked()['GET e/2.json'], 6);
  assert.equal((await stored(shop)).ledger.length, 1);
});

test('throttling in the middle of a fetch is waited out', async (server) => {
  putRows(
    server,
    'busy',
    Array.from({ length: 40 }, (_, index) => `e/${index}.json`),
  );
  const refused = new Set<string>();
  server.fault = ({ method, key }) => {
    if (method !== 'GET' || !key.endsWith('7.json') || refused.has(key)) return undefined;
    refused.add(key);
    return { status: 503, code: 'SlowDown', message: 'Please reduce your request rate.' };
  };
  assert.equal((await load(await loadingFrom('s3://busy/e'))).counts, [40, 40, 0, 0]);
  assert.is(refused.size, 4);
});

test('one object that may not be read stops the load, and no other is asked for any more', async (server) => {
  putRows(
    server,
    'denied',
    Array.from({ length: 400 }, (_, index) => `e/${String(index).padStart(3, '0')}.json`),
  );
  const shop = await loadingFrom('s3://denied/e');
  await leavesNothing(async () => {
    server.fault = (request) => (isGet('e/000.json')(request) ? { status: 403, code: 'AccessDenied' } : undefined);
    await fails(shop, { code: 's3-denied', message: 's3://denied/e/000.json cannot be read', hint: 's3:GetObject' });
  });
  assert.ok(server.requests.length < 400, `${server.requests.length} requests`);
  assert.equal(await shop.query('select count(*) from _dwh.load_files'), [['0']]);
});

test('what S3 refuses at the listing is told at the source', async (server) => {
  putRows(server, 'private', ['e/1.json']);
  server.accessKeys = ['another'];
  await fails(await loadingFrom('s3://private/e'), { code: 's3-credentials', message: 's3://private/e cannot be listed' });
  await fails(await loadingFrom('s3://nowhere/e'), { code: 's3-bucket' });
  await inEnvironment(withoutCredentials(server), async () =>
    fails(await loadingFrom('s3://private/e'), { code: 's3-credentials', message: 'no AWS credentials were found' }),
  );
});

test("a load's region is where the bucket is first looked for", async (server) => {
  server.bucket('frankfurt', { region: 'eu-central-1' });
  putRows(server, 'frankfurt', ['e/1.json']);
  assert.equal((await load(await loadingFrom('s3://frankfurt/e', { region: 'eu-central-1' }))).counts, [1, 1, 0, 0]);
  assert.not(server.requests.some(({ headers }) => headers.authorization?.includes('us-west-2')));
});

test('a temporary folder that is not there is told', async (server) => {
  putRows(server, 'homeless', ['e/1.json']);
  const shop = await loadingFrom('s3://homeless/e');
  await inEnvironment({ ...environmentOf(server), TMPDIR: shop.path('no/where') }, () =>
    fails(shop, { code: 'load-unwritable', message: `${shop.path('no/where')}: ENOENT`, hint: 'TMPDIR' }),
  );
});

test('what a killed process has left is removed a day later, and nothing else', async (server) => {
  putRows(server, 'swept', ['e/1.json']);
  const folder = tempDir('tmpdir');
  for (const [name, hours] of [
    ['dwh-fetched-old', 25],
    ['dwh-fetched-now', 1],
    ['another-old', 25],
  ] as const) {
    mkdirSync(join(folder, name));
    utimesSync(join(folder, name), new Date(), new Date(Date.now() - hours * 3600_000));
  }
  const shop = await loadingFrom('s3://swept/e');
  await inEnvironment({ ...environmentOf(server), TMPDIR: folder }, () => load(shop));
  assert.equal(readdirSync(folder).sort(), ['another-old', 'dwh-fetched-now']);
});

tests.run();
