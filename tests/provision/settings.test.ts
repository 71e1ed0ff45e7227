import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ConfigReader } from '../../src/core/config-reader.ts';
import type { Problem } from '../../src/core/problem.ts';
import { isCidr, type Overrides, readCluster } from '../../src/provision/settings.ts';

const test = suite('clusters: the section of the project file');

function read(
  section: Readonly<Record<string, unknown>>,
  given: Overrides = {},
  env: Readonly<Record<string, string>> = { AWS_REGION: 'us-west-2' },
) {
  const problems: Problem[] = [];
  const reader = new ConfigReader(section, { locate: (path) => ({ file: 'project.yml', line: path.length, column: 1 }), problems }, [
    'cluster',
  ]);
  return { settings: readCluster(reader, 'song_plays', given, env), problems };
}
const said = (section: Readonly<Record<string, unknown>>, given?: Overrides): readonly string[] =>
  read(section, given).problems.map(({ code, message, hint = '' }) => `${code}: ${message} | ${hint}`);

test('every key has a default', () => {
  const { settings, problems } = read({});
  assert.equal(problems, []);
  assert.equal(settings, {
    type: 'provisioned',
    project: 'song_plays',
    identifier: 'song-plays',
    region: 'us-west-2',
    nodeType: 'ra3.large',
    nodes: 1,
    baseCapacity: 8,
    database: 'dev',
    user: 'admin',
    port: 5439,
    role: 'dwh-song-plays',
    passwordEnv: undefined,
    allowCidr: undefined,
    subnetGroup: undefined,
    vpc: undefined,
    buckets: [],
    workBucket: undefined,
    tags: {},
    ttlMs: 14_400_000,
  });
});

test('what the command line says counts more', () => {
  const { settings, problems } = read(
    { node_type: 'ra3.xlplus', nodes: 2, allow_cidr: '10.0.0.0/8', ttl: '1d', password_env: 'FILE', base_capacity: 16 },
    { nodeType: 'RA3.large', nodes: 3, allowCidr: '192.0.2.1/32', ttl: '90m', passwordEnv: 'SHELL', baseCapacity: 32 },
  );
  assert.equal(problems, []);
  const { nodeType, nodes, allowCidr, ttlMs, passwordEnv, baseCapacity } = settings;
  assert.equal([nodeType, nodes, allowCidr, ttlMs, passwordEnv, baseCapacity], ['ra3.large', 3, '192.0.2.1/32', 5_400_000, 'SHELL', 32]);
});

test('dc2 is refused with the reason, in the file and on the command line', () => {
  for (const problems of [said({ node_type: 'dc2.large' }), said({}, { nodeType: 'dc2.8xlarge' })]) {
    assert.is(problems.length, 1);
    assert.match(
      problems[0] ?? '',
      /^cluster-node-type: 'dc2\.\w+' cannot be had any more: AWS makes no clusters of dc2.* \| Use ra3\.large/,
    );
  }
  assert.match(said({ node_type: 'ra3.lrge' })[0] ?? '', /Did you mean 'ra3\.large'\?/);
});

test('a key that is none is a warning with the nearest', () => {
  const { problems } = read({ node_typ: 'ra3.large' });
  assert.equal(
    problems.map(({ code, severity, hint }) => [code, severity, hint]),
    [['unknown-key', 'warning', "Did you mean 'node_type'?"]],
  );
});

test('each wrong value is told at its line', () => {
  const wrong: readonly (readonly [Readonly<Record<string, unknown>>, RegExp])[] = [
    [{ identifier: 'Song_Plays' }, /'identifier' is 'Song_Plays'/],
    [{ identifier: 'a--b' }, /single hyphens/],
    [{ identifier: 'a-' }, /'identifier' is 'a-'/],
    [{ nodes: 0 }, /'nodes' is 0/],
    [{ node_type: 'ra3.4xlarge' }, /'nodes' is 1, and a cluster of ra3\.4xlarge has 2 to 128/],
    [{ port: 80 }, /5431 to 5455/],
    [{ user: 'Ada Lovelace' }, /'user' is/],
    [{ database: 'My DB' }, /'database' is/],
    [{ allow_cidr: '10.0.0.1' }, /no range of addresses/],
    [{ ttl: 'soon' }, /should be a time/],
    [{ base_capacity: 12 }, /'base_capacity' is 12/],
    [{ role: 'arn:aws:iam::1:role/x' }, /Write role: x/],
    [{ vpc: 'vpc-1' }, /needs a 'subnet_group'/],
    [{ tags: { 'aws:x': 'y' } }, /aws: and dwh: are taken/],
    [{ work_bucket: 'My Bucket' }, /should be the name of a bucket/],
    [{ type: 'severless' }, /Did you mean 'serverless'\?/],
  ];
  for (const [section, expected] of wrong) {
    const problems = said(section);
    assert.ok(
      problems.some((problem) => expected.test(problem)),
      `${JSON.stringify(section)} says: ${problems.join('; ')}`,
    );
  }
});

test('without a region nothing is guessed', () => {
  assert.equal(
    read({}, {}, {}).problems.map(({ code, message }) => [code, message]),
    [['config-missing', "'region' is missing under cluster:"]],
  );
});

test('a range of addresses is four bytes and a length, and nothing else', () => {
  const byte = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(byte, byte, byte, byte, fc.integer({ min: 0, max: 32 }), (a, b, c, d, bits) => {
      assert.ok(isCidr(`${a}.${b}.${c}.${d}/${bits}`));
      assert.not(isCidr(`${a}.${b}.${c}.${d + 256}/${bits}`));
      assert.not(isCidr(`${a}.${b}.${c}.${d}/${bits + 33}`));
      assert.not(isCidr(`${a}.${b}.${c}/${bits}`));
    }),
    { numRuns: 200 },
  );
});

test.run();
