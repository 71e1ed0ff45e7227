// The process ends at any moment, before a request or after it was done and not yet answered, and the command is run again: the
// same end state, and nothing is left after delete. Requests are those of the AWS SDK.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ClusterSettings } from '../../src/provision/settings.ts';
import { type Account, account, cloudOf, settings } from '../aws/account.ts';
import { FakeAws, Killed } from '../aws/fake-aws.ts';
import { AwsFault, type Durations, usual } from '../aws/world.ts';

const test = suite('clusters: cut off anywhere, and run again');

/** Whether it came to its end. */
async function attempt(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    let cause: unknown = error;
    while (cause instanceof Error && !(cause instanceof Killed)) cause = cause.cause;
    if (cause instanceof Killed) return false;
    throw error;
  }
}

/** All that stands there, without what tells when. */
function stateOf({ world }: FakeAws): unknown {
  const lasting = (tags: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(tags).filter(([key]) => !/since|ran/.test(key)));
  return {
    all: world.all(),
    roles: [...world.roles.values()].map(({ trust, tags, policies }) => ({ trust, tags, policies: [...policies] })),
    groups: [...world.groups.values()].map(({ tags, rules }) => ({ tags, rules })),
    clusters: [...world.clusters.values()].map(({ status, nodes, tags, roles }) => ({
      status,
      nodes,
      tags: lasting(tags),
      roles: [...roles.keys()],
    })),
    namespaces: [...world.namespaces.values()].map(({ status, tags, roles }) => ({ status, tags, roles })),
    workgroups: [...world.workgroups.values()].map(({ status, tags, capacity }) => ({ status, tags, capacity })),
  };
}

const quick: Durations = { ...usual, create: 30_000, pause: 15_000, resume: 15_000, resize: 20_000, delete: 20_000 };
const aws = new FakeAws();
const cloud = cloudOf(aws);

type Step = (one: Account) => Promise<void>;
const create: Step = (one) => one.create();
const pause: Step = (one) => one.pause();
const resume: Step = (one) => one.resume();
const remove: Step = (one) => one.remove();

const provisioned = settings({ work_bucket: 'shop-work' });
const serverless = settings({ type: 'serverless', work_bucket: 'shop-work' });

/** The state after these steps, when nothing goes wrong. */
async function undisturbed(wanted: ClusterSettings, steps: readonly Step[]): Promise<unknown> {
  aws.renew(quick);
  for (const step of steps) await step(account(aws, wanted, cloud));
  return stateOf(aws);
}

for (const [name, wanted] of Object.entries({ 'a provisioned cluster': provisioned, 'a serverless workgroup': serverless })) {
  test(`${name}: create is cut off at every request that changes something, and delete too`, async () => {
    const expected = await undisturbed(wanted, [create]);
    for (const [before, step, after] of [
      [[], create, expected],
      [[create], remove, await undisturbed(wanted, [])],
    ] as const) {
      let kills = 0;
      for (let at = 1, whole = false; !whole; at++) {
        // To end before a change is to end behind the one before it.
        for (const done of at === 1 ? [false, true] : [true]) {
          aws.renew(quick);
          for (const earlier of before) await earlier(account(aws, wanted, cloud));
          aws.process({ at, done });
          whole = await attempt(() => step(account(aws, wanted, cloud)));
          if (whole) break;
          kills++;
          const last = aws.calls.at(-1);
          aws.process();
          await step(account(aws, wanted, cloud));
          assert.equal(stateOf(aws), after, `cut off at change ${at}, ${done ? `done: ${last}` : `behind ${last}`}`);
        }
      }
      assert.ok(kills >= 6, `${kills} times`);
    }
  });
}

/** Nothing is left of the project, and what was there before is. */
async function nothingLeft(wanted: ClusterSettings): Promise<void> {
  await remove(account(aws, wanted, cloud));
  assert.equal(aws.world.all(), []);
}

test('after any kills, under throttling and lost answers, every command ends in its state, and delete leaves nothing', async () => {
  const kill = fc.record({ at: fc.integer({ min: 1, max: 8 }), done: fc.boolean() });
  const journey = fc.record({
    serverless: fc.boolean(),
    steps: fc.subarray(['pause', 'resume'] as const),
    kills: fc.array(kill, { maxLength: 3 }),
    /** Of each hundred requests so many are throttled or lost. */
    trouble: fc.integer({ min: 0, max: 20 }),
    seed: fc.integer({ min: 1, max: 1_000_000 }),
    endsEarly: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(journey, async ({ serverless: isServerless, steps, kills, trouble, seed, endsEarly }) => {
      const wanted = isServerless ? serverless : provisioned;
      aws.renew(quick);
      let random = seed;
      aws.fault = ({ service }) => {
        random = (random * 48_271) % 2_147_483_647;
        const dice = random % 100;
        if (dice >= trouble) return undefined;
        if (dice % 3 === 0) return 'lost-before';
        if (dice % 3 === 1) return 'lost-after';
        return service === 's3'
          ? new AwsFault('SlowDown', 'Please reduce your request rate.', 503)
          : new AwsFault('ThrottlingException', 'Rate exceeded');
      };
      const all: readonly Step[] = [create, ...(isServerless ? [] : steps.map((step) => ({ pause, resume })[step]))];
      const left = [...kills];
      for (const step of all) {
        const next = left.shift();
        aws.process(next);
        const whole = await attempt(() => step(account(aws, wanted, cloud)));
        aws.process();
        if (whole) continue;
        if (endsEarly) break;
        await step(account(aws, wanted, cloud));
      }
      if (!endsEarly) {
        const paused = !isServerless && steps.at(-1) === 'pause';
        const status = isServerless ? aws.world.workgroups.get('shop')?.status : aws.world.clusters.get('shop')?.status;
        assert.is(status?.toLowerCase(), paused ? 'paused' : 'available');
      }
      const last = left.shift();
      aws.process(last);
      if (last) await attempt(() => remove(account(aws, wanted, cloud)));
      aws.process();
      await nothingLeft(wanted);
    }),
    { numRuns: 200 },
  );
});

test.run();
