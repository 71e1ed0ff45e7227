import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DwhError } from '../../src/core/problem.ts';
import { FakeAws } from '../aws/fake-aws.ts';
import { AwsFault, type Cluster } from '../aws/world.ts';
import { dwh, type Outcome, project, SHOP, type Surroundings } from './harness.ts';

const test = suite('dwh build --cluster');

const HOST = 'shop.c0ffee.us-west-2.redshift.amazonaws.com';
const profiles = (host: string): string =>
  `shop:\n  target: prod\n  outputs:\n    prod: {type: redshift, host: ${host}, user: ada, password: 'x y z', dbname: dev, schema: public}\n`;
const FILES = { ...SHOP, 'project.yml': `${SHOP['project.yml']}profile: shop\n`, 'profiles.yml': profiles(HOST) };

interface Scene {
  readonly aws: FakeAws;
  readonly cluster: () => Cluster | undefined;
  /** The states of the cluster while it was built. */
  readonly seen: string[];
  readonly run: (line: string, more?: Partial<Surroundings>) => Promise<Outcome>;
}

function scene(files: Readonly<Record<string, string>> = FILES): Scene {
  const aws = new FakeAws();
  const cwd = project(files);
  const seen: string[] = [];
  const cluster = (): Cluster | undefined => aws.world.clusters.get('shop');
  const build = async (): Promise<void> => {
    aws.world.now += 600_000;
    seen.push(cluster()?.status ?? 'none');
  };
  return { aws, cluster, seen, run: (line, more) => dwh(line.split(' '), { aws, cwd, build, ...more }) };
}
const codes = ({ problems }: Outcome): readonly string[] => problems.map(({ code }) => code);
const tagged = (cluster: Cluster | undefined): readonly string[] =>
  Object.keys(cluster?.tags ?? {}).filter((key) => /lease|expires/.test(key));

test('the cluster is made for the first build, resumed for the next, and paused after each', async () => {
  const { run, seen, cluster } = scene();
  for (let build = 1; build <= 2; build++) {
    const outcome = await run('build --cluster');
    assert.equal(codes(outcome), []);
    assert.is(/^Estimate: .*list prices of/m.test(outcome.said), build === 1);
    assert.equal(seen, Array(build).fill('available'));
    assert.is(cluster()?.status, 'paused');
    assert.equal(tagged(cluster()), []);
  }
});

test('or deleted, after a last snapshot; the bucket for work stays', async () => {
  const { run, seen, aws } = scene();
  assert.equal(codes(await run('build --cluster delete')), []);
  assert.equal(seen, ['available']);
  assert.equal(aws.world.all(), ['bucket shop-work']);
  assert.is(aws.world.snapshots.length, 1);
});

test('what was running is paused, too: the build has it for itself', async () => {
  const { run, cluster } = scene();
  await run('cluster create --yes');
  assert.equal(codes(await run('build --cluster')), []);
  assert.is(cluster()?.status, 'paused');
});

test('a build that fails, errs or is interrupted gives it back', async () => {
  const { run, cluster } = scene();
  const failed = await run('build --cluster', {
    build: async () => {
      throw new DwhError([{ code: 'database-error', message: 'no' }]);
    },
  });
  assert.equal(codes(failed), ['database-error']);
  assert.is(cluster()?.status, 'paused');
  const bug = run('build --cluster', {
    build: async () => {
      throw new TypeError('a bug');
    },
  });
  assert.is(await bug.catch((error: unknown) => (error as Error).message), 'a bug');
  assert.is(cluster()?.status, 'paused');
  assert.equal(codes(await run('build --cluster', { build: async (interrupt) => interrupt() })), []);
  assert.is(cluster()?.status, 'paused');
});

test('an interruption while it is made or resumed gives it back as well', async () => {
  const { run, cluster, seen } = scene();
  const at = (words: string) => (message: string, interrupt: () => void) => {
    if (message.includes(words)) interrupt();
  };
  await run('build --cluster', { heard: at('creating') });
  assert.is(cluster()?.status, 'paused');
  await run('build --cluster', { heard: at('resuming') });
  assert.is(cluster()?.status, 'paused');
  assert.equal(seen, []);
});

test('a killed build leaves a tag; when its time is over, a later command gives the cluster back, and not before', async () => {
  for (const [line, after] of [
    ['cluster pause --expired', 'paused'],
    ['cluster delete --expired --yes', undefined],
  ] as const) {
    const { run, cluster, aws } = scene();
    await run('build --cluster --ttl 90m', {
      build: async () => {
        // From here on nothing that this process would change reaches AWS.
        aws.process({ at: 1, done: false });
      },
    });
    aws.process();
    assert.is(cluster()?.status, 'available');
    assert.equal(tagged(cluster()), ['dwh:lease', 'dwh:expires']);
    assert.match((await run(line)).said, 'No build has left it behind');
    assert.is(cluster()?.status, 'available');
    assert.equal((await run('cluster status')).warnings, []);
    aws.world.now += 5_400_000;
    const status = await run('cluster status');
    assert.equal(
      status.warnings.map(({ code }) => code),
      ['cluster-forgotten'],
    );
    assert.match(status.answer, /lease: of the build .*, over since 2026/);
    assert.equal(codes(await run(line)), []);
    assert.is(cluster()?.status, after);
  }
});

test('of two builds at a time the first gives it back', async () => {
  const { run, cluster } = scene();
  const outer = await run('build --cluster', {
    build: async () => {
      const inner = await run('build --cluster');
      assert.match(inner.said, /^The build .* has 'shop' until .*, and gives it back\./);
      assert.is(cluster()?.status, 'available');
    },
  });
  assert.equal(codes(outer), []);
  assert.is(cluster()?.status, 'paused');
});

test('what an earlier build forgot, the next one takes over and gives back', async () => {
  const { run, cluster, aws } = scene();
  await run('cluster create --yes');
  Object.assign(cluster()?.tags ?? {}, { 'dwh:lease': 'another', 'dwh:expires': new Date(aws.world.now - 1).toISOString() });
  assert.equal(codes(await run('build --cluster')), []);
  assert.is(cluster()?.status, 'paused');
  assert.equal(tagged(cluster()), []);
});

test('a target that is another cluster is told, nothing is built, and the cluster is given back', async () => {
  const { run, cluster, seen } = scene({ ...FILES, 'profiles.yml': profiles('elsewhere.example') });
  assert.equal(codes(await run('build --cluster')), ['cluster-target']);
  assert.equal(seen, []);
  assert.is(cluster()?.status, 'paused');
});

test('a cluster that cannot be given back is told with what it means', async () => {
  const { run, aws, cluster } = scene();
  aws.fault = ({ action }) => (action === 'PauseCluster' ? new AwsFault('AccessDenied', 'not yours to pause', 403) : undefined);
  const outcome = await run('build --cluster');
  assert.equal(codes(outcome), ['cluster-left']);
  assert.match(outcome.problems[0]?.message ?? '', /is not given back, and costs/);
  assert.is(cluster()?.status, 'available');
  // What went wrong before that is told as well.
  const both = await run('build --cluster', {
    build: async () => {
      throw new DwhError([{ code: 'database-error', message: 'no' }]);
    },
  });
  assert.equal(codes(both), ['database-error']);
  assert.equal(
    both.warnings.map(({ code }) => code),
    ['cluster-left'],
  );
});

test.run();
