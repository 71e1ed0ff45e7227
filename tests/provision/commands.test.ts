import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FakeAws } from '../aws/fake-aws.ts';
import { AwsFault, usual } from '../aws/world.ts';
import { golden } from '../support/golden.ts';
import { dwh, type Outcome, project, SHOP } from './harness.ts';

const test = suite('dwh cluster');

const shown = ({ answer, said, warnings, problems }: Outcome): string =>
  [
    ...(said === '' ? [] : [said]),
    ...(answer === '' ? [] : [answer.trimEnd()]),
    ...[...warnings, ...problems].map(({ code, severity = 'error', message, hint }) => `${severity}[${code}] ${message}\n  ${hint}`),
  ].join('\n');
const well = (outcome: Outcome): Outcome => {
  assert.equal(outcome.problems, []);
  return outcome;
};

const journeys = {
  'a provisioned cluster': {
    file: 'cluster/provisioned.txt',
    files: SHOP,
    lines: [
      'cluster status',
      'cluster create --dry-run',
      'cluster create --yes',
      'cluster create --yes',
      'cluster status',
      'cluster cost',
      'cluster pause',
      'cluster pause',
      'cluster cost',
      'cluster resize --nodes 2 --yes',
      'cluster create --yes --nodes 2',
      'cluster resize --nodes 2 --dry-run',
      'cluster resize --nodes 2 --yes',
      'cluster resize --nodes 4 --yes',
      'cluster status',
      'cluster delete --dry-run',
      'cluster delete --yes',
      'cluster delete --yes',
    ],
  },
  'a serverless workgroup': {
    file: 'cluster/serverless.txt',
    files: { ...SHOP, 'project.yml': `${SHOP['project.yml']}  type: serverless\n` },
    lines: [
      'cluster create --yes',
      'cluster create --yes',
      'cluster status',
      'cluster cost',
      'cluster pause',
      'cluster resize --base-capacity 16 --yes',
      'cluster delete --yes --no-final-snapshot',
    ],
  },
};

for (const [name, { file, files, lines }] of Object.entries(journeys)) {
  test(`${name}, from its creation to its end`, async () => {
    const aws = new FakeAws();
    const cwd = project(files);
    const text: string[] = [];
    for (const line of lines) text.push(`$ dwh ${line}`, shown(await dwh(line.split(' '), { aws, cwd })), '');
    golden(file, text.join('\n'));
    assert.equal(aws.world.all(), []);
  });
}

test('nothing is made or deleted unless the user agrees', async () => {
  const aws = new FakeAws();
  const cwd = project(SHOP);
  for (const reply of [undefined, '', 'n', 'nothing']) {
    const { problems } = await dwh(['cluster', 'create'], { aws, cwd, ...(reply !== undefined && { reply }) });
    assert.equal(
      problems.map(({ code }) => code),
      ['cluster-unconfirmed'],
    );
  }
  assert.equal(aws.world.all(), []);
  well(await dwh(['cluster', 'create'], { aws, cwd, reply: 'y' }));
  const all = aws.world.all();
  assert.is(all.length, 4);
  assert.equal(
    (await dwh(['cluster', 'delete'], { aws, cwd })).problems.map(({ code }) => code),
    ['cluster-unconfirmed'],
  );
  assert.equal(aws.world.all(), all);
  // What changes nothing asks nothing.
  well(await dwh(['cluster', 'create'], { aws, cwd }));
});

test('only the caller is let in: the address when it has changed, another range where it is spelt out', async () => {
  const aws = new FakeAws();
  const cwd = project(SHOP);
  const open = (): readonly string[] => [...aws.world.groups.values()].flatMap(({ rules }) => rules.map(({ cidr }) => cidr));
  well(await dwh(['cluster', 'create', '--yes'], { aws, cwd, address: '198.51.100.1' }));
  assert.equal(open(), ['198.51.100.1/32']);
  well(await dwh(['cluster', 'create', '--yes'], { aws, cwd, address: '198.51.100.2' }));
  assert.equal(open(), ['198.51.100.2/32']);
  const { problems } = await dwh(['cluster', 'create', '--yes'], { aws, cwd, address: '' });
  assert.equal(
    problems.map(({ code }) => code),
    ['cluster-address'],
  );
  const { warnings } = well(await dwh(['cluster', 'create', '--yes', '--allow-cidr', '0.0.0.0/0'], { aws, cwd, address: '' }));
  assert.equal(
    warnings.map(({ code }) => code),
    ['cluster-open'],
  );
  assert.equal(open(), ['0.0.0.0/0']);
});

test('a password comes from the environment, is checked before anything is made, and is never said', async () => {
  const aws = new FakeAws();
  const cwd = project(SHOP);
  const create = ['cluster', 'create', '--yes', '--password-env', 'SHOP_PASSWORD'];
  for (const password of ['', 'short1A', 'nocapital1', 'NODIGITaaa', 'With/Slash1', 'With Blank1']) {
    const { problems, said } = await dwh(create, { aws, cwd, env: { SHOP_PASSWORD: password } });
    assert.equal(
      problems.map(({ code }) => code),
      ['cluster-password'],
      password,
    );
    assert.ok(password === '' || !JSON.stringify([problems, said]).includes(password));
  }
  assert.equal(aws.world.all(), []);
  const outcome = well(await dwh(create, { aws, cwd, env: { SHOP_PASSWORD: 'Correct-Horse-9' } }));
  assert.is(aws.world.clusters.get('shop')?.password, 'Correct-Horse-9');
  assert.not(JSON.stringify(outcome).includes('Correct-Horse-9'));
  assert.match(outcome.said, /password: "\{\{ env_var\('SHOP_PASSWORD'\) \}\}"/);
});

test("what is there without the project's tags is neither used, changed nor deleted", async () => {
  const aws = new FakeAws();
  const cwd = project(SHOP);
  const { world } = aws;
  const foreign = { 'dwh:project': 'another', 'dwh:cluster': 'shop' };
  world.roles.set('dwh-shop', { name: 'dwh-shop', trust: '{}', madeAt: 0, tags: {}, policies: new Map([['their', '{}']]) });
  world.groups.set('sg-1', { id: 'sg-1', name: 'dwh-shop', vpc: 'vpc-0default', madeAt: 0, tags: foreign, rules: [], busyUntil: 0 });
  world.buckets.set('shop-work', { region: 'us-west-2', tags: {}, objects: new Map([['theirs', new Uint8Array(1)]]) });
  const before = world.all();
  const create = await dwh(['cluster', 'create', '--yes'], { aws, cwd });
  assert.equal(
    create.problems.map(({ code }) => code),
    ['cluster-foreign', 'cluster-foreign', 'cluster-foreign'],
  );
  const remove = well(await dwh(['cluster', 'delete', '--yes'], { aws, cwd }));
  assert.equal(
    remove.warnings.map(({ code }) => code),
    ['cluster-foreign', 'cluster-foreign', 'cluster-foreign'],
  );
  assert.equal(world.all(), before);
  assert.equal([...(world.buckets.get('shop-work')?.objects.keys() ?? [])], ['theirs']);
});

test('the bucket for work goes with what is in it, or stays when it is asked to', async () => {
  const aws = new FakeAws();
  const cwd = project(SHOP);
  well(await dwh(['cluster', 'create', '--yes'], { aws, cwd }));
  aws.world.buckets.get('shop-work')?.objects.set('manifest.json', new Uint8Array(1));
  const kept = well(await dwh(['cluster', 'delete', '--yes', '--keep-bucket'], { aws, cwd }));
  assert.match(kept.said, /but for the bucket shop-work/);
  assert.equal(aws.world.all(), ['bucket shop-work']);
  well(await dwh(['cluster', 'delete', '--yes'], { aws, cwd }));
  assert.equal(aws.world.all(), []);
});

test('the endpoint goes into the profile where its host is plain text; all else in the file stays', async () => {
  const aws = new FakeAws();
  const profile = (host: string): string => `# mine
shop:
  target: prod
  outputs:
    prod: {type: redshift, host: ${host}, user: ada, password: 'x y z', dbname: dev, schema: public}   # the one
`;
  const cwd = project({ ...SHOP, 'project.yml': `${SHOP['project.yml']}profile: shop\n`, 'profiles.yml': profile('nowhere') });
  const { said } = well(await dwh(['cluster', 'create', '--yes', '--write-profile'], { aws, cwd }));
  const host = 'shop.c0ffee.us-west-2.redshift.amazonaws.com';
  assert.match(said, `profiles.yml: the host of the target 'prod' is ${host} now`);
  assert.is(readFileSync(join(cwd, 'profiles.yml'), 'utf8'), profile(host));
});

test('a target that cannot be read yet is no hindrance: its host is known once there is a cluster', async () => {
  const aws = new FakeAws();
  const profiles = `shop:\n  target: prod\n  outputs:\n    prod: {type: redshift, host: "{{ env_var('SHOP_HOST') }}", user: a, password: b, dbname: dev, schema: public, work_uri: 's3://shop-tmp/x/'}\n`;
  const cwd = project({ ...SHOP, 'project.yml': `${SHOP['project.yml']}profile: shop\n`, 'profiles.yml': profiles });
  const first = well(await dwh(['cluster', 'create', '--yes'], { aws, cwd }));
  assert.match(first.said, /The target is not read, and with it no work_uri: .*SHOP_HOST/);
  const policy = (): string => aws.world.roles.get('dwh-shop')?.policies.get('dwh-read') ?? '';
  assert.match(policy(), 'shop-data/orders');
  assert.not(policy().includes('shop-tmp'));
  well(await dwh(['cluster', 'create', '--yes'], { aws, cwd, env: { SHOP_HOST: 'shop.c0ffee.us-west-2.redshift.amazonaws.com' } }));
  assert.match(policy(), 'shop-tmp/x');
});

test('a call that is denied is told with what to do, and the next create goes on from there', async () => {
  const actions = [
    's3 CreateBucket',
    'iam CreateRole',
    'iam PutRolePolicy',
    'ec2 CreateSecurityGroup',
    'ec2 AuthorizeSecurityGroupIngress',
    'redshift CreateCluster',
  ];
  for (const [index, action] of actions.entries()) {
    const aws = new FakeAws();
    const cwd = project(SHOP);
    const code = action.startsWith('ec2') ? 'UnauthorizedOperation' : 'AccessDenied';
    aws.fault = (call) =>
      `${call.service} ${call.action}` === action ? new AwsFault(code, 'User ada is not authorized to perform this', 403) : undefined;
    const { problems } = await dwh(['cluster', 'create', '--yes'], { aws, cwd });
    assert.equal(
      problems.map(({ code: one }) => one),
      ['aws-denied'],
      action,
    );
    assert.match(problems[0]?.hint ?? '', /^Give the AWS identity of this run the right to /);
    assert.is(aws.calls.filter((call) => call === action).length, 1, 'it is not tried again');
    assert.ok(aws.world.all().length <= index, 'nothing behind it was made');
    aws.fault = () => undefined;
    well(await dwh(['cluster', 'create', '--yes'], { aws, cwd }));
    assert.is(aws.world.clusters.get('shop')?.status, 'available');
    assert.is(aws.world.all().length, 4);
  }
});

test('what AWS refuses otherwise has a code of its own', async () => {
  const cases: readonly (readonly [string, AwsFault, string])[] = [
    ['sts GetCallerIdentity', new AwsFault('InvalidClientTokenId', 'The security token is invalid.', 403), 'aws-credentials'],
    ['sts GetCallerIdentity', new AwsFault('ExpiredToken', 'The security token has expired.', 403), 'aws-credentials'],
    ['redshift CreateCluster', new AwsFault('InsufficientClusterCapacity', 'no nodes'), 'aws-capacity'],
    ['redshift CreateCluster', new AwsFault('NumberOfNodesQuotaExceeded', 'too many'), 'aws-quota'],
    ['redshift CreateCluster', new AwsFault('InvalidVPCNetworkStateFault', 'no internet gateway'), 'aws-refused'],
    ['redshift DescribeClusters', new AwsFault('InternalFailure', 'down', 500), 'aws-unreachable'],
  ];
  for (const [action, fault, code] of cases) {
    const aws = new FakeAws();
    aws.fault = (call) => (`${call.service} ${call.action}` === action ? fault : undefined);
    const { problems } = await dwh(['cluster', 'create', '--yes'], { aws, cwd: project(SHOP) });
    assert.equal(
      problems.map((problem) => problem.code),
      [code],
      fault.code,
    );
    assert.ok(problems[0]?.hint);
  }
});

test('a region without a default VPC, and a cluster that broke, are told', async () => {
  const aws = new FakeAws();
  const cwd = project(SHOP);
  aws.world.defaultVpc = undefined;
  assert.equal(
    (await dwh(['cluster', 'create', '--yes'], { aws, cwd })).problems.map(({ code }) => code),
    ['cluster-network'],
  );
  aws.renew();
  well(await dwh(['cluster', 'create', '--yes'], { aws, cwd }));
  const found = aws.world.clusters.get('shop');
  assert.ok(found);
  found.status = 'incompatible-network';
  assert.equal(
    (await dwh(['cluster', 'create', '--yes'], { aws, cwd })).problems.map(({ code }) => code),
    ['cluster-broken'],
  );
  well(await dwh(['cluster', 'delete', '--yes'], { aws, cwd }));
  assert.equal(aws.world.all(), []);
});

test('a security group that is in use for long after its cluster is deleted in the end', async () => {
  const aws = new FakeAws({ ...usual, release: 900_000 });
  const cwd = project(SHOP);
  well(await dwh(['cluster', 'create', '--yes'], { aws, cwd }));
  const { said } = well(await dwh(['cluster', 'delete', '--yes'], { aws, cwd }));
  assert.match(said, 'AWS is not ready for it yet (DependencyViolation): asking again');
  assert.equal(aws.world.all(), []);
});

test('an interrupted command says that it goes on, and does', async () => {
  const aws = new FakeAws();
  const cwd = project(SHOP);
  const heard = (message: string, interrupt: () => void): void => {
    if (message.startsWith('Make the security group')) interrupt();
  };
  const { said } = well(await dwh(['cluster', 'create', '--yes'], { aws, cwd, heard }));
  assert.match(said, /Interrupted\. The same command goes on from here\.$/);
  assert.is(aws.world.clusters.size, 0);
  well(await dwh(['cluster', 'create', '--yes'], { aws, cwd }));
  assert.is(aws.world.clusters.get('shop')?.status, 'available');
});

test('a change by somebody else at the same time is followed', async () => {
  const aws = new FakeAws();
  const cwd = project(SHOP);
  well(await dwh(['cluster', 'create', '--yes'], { aws, cwd }));
  const found = aws.world.clusters.get('shop');
  assert.ok(found);
  // Just before the request to pause comes in, somebody resizes it.
  let once = true;
  aws.fault = ({ action }) => {
    if (action === 'PauseCluster' && once) {
      once = false;
      aws.world.move(found, 'resizing', 60_000, 'available');
    }
    return undefined;
  };
  const { said } = well(await dwh(['cluster', 'pause'], { aws, cwd }));
  assert.match(said, /not as it was: looking again/);
  assert.is(found.status, 'paused');
});

test.run();
