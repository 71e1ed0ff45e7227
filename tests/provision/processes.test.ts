// Real processes: killed while AWS works for them, and started again; and the binary as it is, over HTTP.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FakeAws, isQuestion } from '../aws/fake-aws.ts';
import { usual } from '../aws/world.ts';
import { cli, ended, environment } from '../support/cli.ts';
import { repoRoot } from '../support/shared.ts';
import { project, SHOP } from './harness.ts';

const test = suite('clusters: processes');

const awsEnvironment = (endpoint: string): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_ACCESS_KEY_ID: 'AKIAPLANTEDFORTESTS1',
  AWS_SECRET_ACCESS_KEY: 'planted/Secret+Key/thatNobodyMaySee00001',
  AWS_REGION: 'us-west-2',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
});

const child = fileURLToPath(new URL('child.ts', import.meta.url));
const loader = join(repoRoot, 'node_modules', 'tsx', 'dist', 'loader.mjs');

test('a process that is killed while AWS works for it has not lost anything: the next one goes on', async () => {
  const aws = new FakeAws();
  aws.perRequestMs = 20_000;
  const endpoint = await aws.listen();
  const cwd = project(SHOP);
  const start = (...argv: readonly string[]): ChildProcess =>
    spawn(process.execPath, ['--import', loader, child, cwd, ...argv], {
      env: environment(awsEnvironment(endpoint)),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  /** Each process is killed once it has changed so much; the last one comes to its end. Returns how many were killed. */
  const untilDone = async (changes: number, ...argv: readonly string[]): Promise<number> => {
    for (let killed = 0; ; killed++) {
      let count = 0;
      const running = start(...argv);
      aws.fault = (call) => {
        if (isQuestion(call)) return undefined;
        count++;
        if (count < changes) return undefined;
        running.kill('SIGKILL');
        return 'silent';
      };
      const { code, signal, stderr } = await ended(running);
      if (signal === 'SIGKILL') continue;
      assert.is(code, 0, stderr);
      return killed;
    }
  };
  try {
    assert.ok((await untilDone(3, 'cluster', 'create', '--yes')) >= 2);
    assert.equal(aws.world.all(), ['bucket shop-work', 'cluster shop', 'group dwh-shop', 'role dwh-shop']);
    assert.is(aws.world.clusters.get('shop')?.status, 'available');
    assert.ok((await untilDone(3, 'cluster', 'delete', '--yes')) >= 1);
    assert.equal(aws.world.all(), []);
  } finally {
    aws.close();
  }
});

test('the binary makes and shows a cluster, and exits with 2 for what nobody agreed to', async () => {
  // All at once, so that nothing has to be waited for.
  const aws = new FakeAws({ ...usual, create: 0, iam: 0, ec2: 0 });
  aws.perRequestMs = 30_000;
  const env = awsEnvironment(await aws.listen());
  const cwd = project(SHOP);
  try {
    const create = ['cluster', 'create', '--allow-cidr', '203.0.113.7/32'];
    const unasked = await cli(create, { cwd, env });
    assert.is(unasked.code, 2);
    assert.match(unasked.stdout + unasked.stderr, /error\[cluster-unconfirmed\]/);
    const made = await cli([...create, '--yes'], { cwd, env });
    assert.is(made.code, 0, made.stdout + made.stderr);
    assert.match(made.stdout, /endpoint: shop\.c0ffee\.us-west-2\.redshift\.amazonaws\.com:5439/);
    const status = await cli(['cluster', 'status'], { cwd, env });
    assert.is(status.code, 0);
    assert.match(status.stdout, /cluster shop in us-west-2: available, 1 x ra3\.large/);
    assert.not((made.stdout + status.stdout).includes('thatNobodyMaySee'));
  } finally {
    aws.close();
  }
});

test.run();
