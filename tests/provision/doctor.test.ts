// dwh cluster doctor at an AWS of our own, whose cluster is the stand-in for Redshift, with TLS and a bucket to COPY from: all
// is well, and then one thing after the other is not.
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Call, FakeAws } from '../aws/fake-aws.ts';
import { AwsFault, type Cluster } from '../aws/world.ts';
import { environmentOf, inEnvironment } from '../s3/support.ts';
import { StandIn } from '../stand-in/stand-in.ts';
import { bucketsOf } from '../stand-in/stores.ts';
import { S3Server } from '../support/s3-server.ts';
import { dwh, type Outcome, project, SHOP } from './harness.ts';

const ROLE = 'arn:aws:iam::123456789012:role/dwh-shop';
const ca = fileURLToPath(new URL('../fixtures/tls/ca.crt', import.meta.url));

interface Context {
  s3: S3Server;
  standIn: StandIn;
  /** Without TLS. */
  plain: StandIn;
}
const test = suite<Context>('dwh cluster doctor');

test.before(async (context) => {
  context.s3 = await S3Server.start();
  const objects = bucketsOf(context.s3);
  context.standIn = await StandIn.start({ tls: true, objects, iamRoles: [ROLE] });
  context.plain = await StandIn.start();
  for (const bucket of ['shop-data', 'shop-work']) context.s3.bucket(bucket);
  context.s3.put('shop-data', 'orders/1.json', '{"id": 1}\n');
});
test.after(async ({ s3, standIn, plain }) => {
  await standIn.close();
  await plain.close();
  await s3.close();
});

interface Ward {
  readonly aws: FakeAws;
  readonly cluster: Cluster;
  examine(more?: { readonly address?: string; readonly profile?: Readonly<Record<string, unknown>> }): Promise<Outcome>;
}

/** A cluster that was just made, with nothing wrong. */
async function ward({ s3, standIn }: Context): Promise<Ward> {
  const aws = new FakeAws();
  const { world } = aws;
  world.endpoint = { host: 'localhost', port: standIn.port };
  world.buckets.set('shop-data', { region: 'us-west-2', tags: {}, objects: new Map() });
  const target = (more: Readonly<Record<string, unknown>>): string =>
    JSON.stringify({
      shop: {
        target: 'prod',
        outputs: {
          prod: {
            ...{ ...standIn.target('public'), host: 'localhost', sslmode: 'verify-full', sslrootcert: ca },
            ...{ iam_role: ROLE, work_uri: 's3://shop-work/dwh/', region: 'us-west-2', retries: 0, ...more },
          },
        },
      },
    });
  const folder = (more: Readonly<Record<string, unknown>> = {}): string =>
    project({ ...SHOP, 'project.yml': `${SHOP['project.yml']}profile: shop\n`, 'profiles.yml': target(more) });
  const made = await dwh(['cluster', 'create', '--yes'], { aws, cwd: folder() });
  assert.equal(made.problems, []);
  const cluster = world.clusters.get('shop');
  if (!cluster) throw new Error('no cluster was made');
  return {
    aws,
    cluster,
    examine: ({ profile, ...more } = {}) =>
      inEnvironment(environmentOf(s3), () => dwh(['cluster', 'doctor'], { aws, cwd: folder(profile), ...more })),
  };
}

/** 'port: not tested, for cluster' is 'port ?'. */
const brief = ({ answer }: Outcome): readonly string[] =>
  answer
    .trimEnd()
    .split('\n')
    .map((line) =>
      line.replace(/^(\w+): (?:(OK)|(not tested)|.).*$/, (_, name, ok, untested) => `${name} ${ok ? 'OK' : untested ? '?' : 'NO'}`),
    );
const failing = (outcome: Outcome): readonly string[] =>
  brief(outcome).flatMap((line) => (line.endsWith(' NO') ? [line.slice(0, -3)] : []));
const fixes = ({ problems }: Outcome): readonly string[] => problems.map(({ code, hint = '' }) => `${code}: ${hint}`);

test('all is well, from the credentials to one COPY, and nothing is left behind', async (context) => {
  const { examine } = await ward(context);
  const outcome = await examine();
  assert.equal(outcome.problems, []);
  assert.equal(brief(outcome), [
    'credentials OK',
    'cluster OK',
    'region OK',
    'role OK',
    'public OK',
    'port OK',
    'tls OK',
    'login OK',
    'copy OK',
  ]);
  assert.match(outcome.answer, /copy: OK, s3:\/\/shop-work\/dwh\/doctor-.*\.csv was read/);
  assert.equal(context.s3.keys('shop-work', ''), []);
  assert.ok(context.standIn.transcript.some(({ sql }) => /^copy dwh_doctor from/i.test(sql)));
});

test("without work_uri one of the source's objects is read, and not loaded", async (context) => {
  const { examine, aws } = await ward(context);
  const profile = { work_uri: undefined };
  // What the role may read has changed with it.
  aws.world.roles.get('dwh-shop')?.policies.clear();
  const outcome = await examine({ profile });
  assert.equal(failing(outcome), ['role']);
  assert.match(fixes(outcome)[0] ?? '', /dwh cluster create/);
});

test('what is wrong is found where it is, with its fix, and what rests on it is not tested', async (context) => {
  const cases: readonly (readonly [name: string, spoil: (one: Ward) => unknown, code: RegExp, skipped: number])[] = [
    [
      'credentials',
      ({ aws }) =>
        Object.assign(aws, { fault: ({ service }: Call) => (service === 'sts' ? new AwsFault('ExpiredToken', 'over', 403) : undefined) }),
      /^aws-credentials: Renew/,
      8,
    ],
    ['cluster', ({ aws }) => void aws.world.clusters.clear(), /^cluster-missing: Make it with dwh cluster create/, 6],
    ['cluster', ({ cluster }) => Object.assign(cluster, { status: 'paused' }), /^cluster-paused: Resume it/, 6],
    ['cluster', ({ cluster }) => Object.assign(cluster, { status: 'modifying' }), /^cluster-busy: Wait/, 6],
    ['region', ({ aws }) => void aws.world.buckets.delete('shop-data'), /^s3-bucket: Check its name/, 1],
    [
      'region',
      ({ aws }) => void aws.world.buckets.set('shop-data', { region: 'eu-west-1', tags: {}, objects: new Map() }),
      /^doctor-region: Write region: eu-west-1 under load:/,
      1,
    ],
    [
      'region',
      ({ aws }) =>
        void aws.world.buckets.set('shop-work', {
          region: 'eu-west-1',
          tags: { 'dwh:project': 'shop', 'dwh:cluster': 'shop' },
          objects: new Map(),
        }),
      /^doctor-region: COPY reads manifests only/,
      1,
    ],
    ['role', ({ aws }) => void aws.world.roles.clear(), /^doctor-role: Mend it with: dwh cluster create/, 1],
    [
      'role',
      ({ aws }) => void Object.assign(aws.world.roles.get('dwh-shop') ?? {}, { trust: '{"Statement": []}' }),
      /^doctor-role: Mend/,
      1,
    ],
    ['role', ({ aws }) => void aws.world.roles.get('dwh-shop')?.policies.clear(), /^doctor-role: Mend/, 1],
    ['role', ({ cluster }) => void cluster.roles.clear(), /^doctor-role: Mend/, 1],
    ['role', ({ cluster, aws }) => void cluster.roles.set(ROLE, aws.world.now + 60_000), /^doctor-role: Wait a minute/, 1],
    ['public', ({ cluster }) => void Object.assign(cluster, { publicly: false }), /^doctor-private: Make it public/, 0],
    [
      'port',
      ({ aws }) => Object.assign(aws.world, { endpoint: { host: 'localhost', port: 1 } }),
      /^doctor-port: Something between here and AWS/,
      3,
    ],
    [
      'tls',
      ({ aws }) => Object.assign(aws.world, { endpoint: { host: 'localhost', port: context.plain.port } }),
      /^doctor-tls: Let the target's sslrootcert/,
      2,
    ],
  ];
  for (const [name, spoil, fix, skipped] of cases) {
    const one = await ward(context);
    spoil(one);
    const outcome = await one.examine();
    const what = `${name}, ${fix.source}:\n${outcome.answer}`;
    assert.equal(failing(outcome), [name], what);
    assert.match(fixes(outcome)[0] ?? '', fix, what);
    assert.is(brief(outcome).filter((line) => line.endsWith('?')).length, skipped, what);
  }
});

test('a machine that has another address now is told how to let it in', async (context) => {
  const { examine, aws } = await ward(context);
  aws.world.endpoint = { host: 'localhost', port: 1 };
  const outcome = await examine({ address: '198.51.100.9' });
  assert.match(fixes(outcome)[0] ?? '', 'Let it in: dwh cluster create --allow-cidr 198.51.100.9/32');
  assert.match(outcome.answer, /lets in 203\.0\.113\.7\/32/);
});

test('a wrong password, a certificate of others and a COPY that is refused are told apart', async (context) => {
  const { examine, cluster } = await ward(context);
  assert.equal(failing(await examine({ profile: { password: 'Wrong-Pass-1' } })), ['login']);
  assert.equal(failing(await examine({ profile: { sslrootcert: undefined } })), ['tls']);
  const denied = await examine({ profile: { iam_role: 'arn:aws:iam::123456789012:role/another' } });
  assert.equal(failing(denied), ['role']);
  assert.match(fixes(denied)[0] ?? '', `Write iam_role: ${ROLE}`);
  cluster.roles.set('arn:aws:iam::123456789012:role/another', 0);
  const refused = await examine({ profile: { iam_role: 'arn:aws:iam::123456789012:role/another' } });
  assert.equal(failing(refused), ['copy']);
  assert.match(fixes(refused)[0] ?? '', /^doctor-copy: If S3 denies it/);
  assert.equal(context.s3.keys('shop-work', ''), []);
});

test('without a Redshift target all but login and COPY is tested', async () => {
  const aws = new FakeAws();
  aws.world.endpoint = { host: 'localhost', port: 1 };
  const cwd = project(SHOP);
  assert.equal((await dwh(['cluster', 'create', '--yes'], { aws, cwd })).problems, []);
  aws.world.buckets.set('shop-data', { region: 'us-west-2', tags: {}, objects: new Map() });
  const outcome = await dwh(['cluster', 'doctor'], { aws, cwd });
  assert.equal(brief(outcome).slice(0, 5), ['credentials OK', 'cluster OK', 'region OK', 'role OK', 'public OK']);
});

test.run();
