// Clusters of the project `shop` at an AWS of our own, in this process: what to ask for, and how to carry it out. The clock is
// the world's: a pause lets its time go on, and no real time passes.
import { ConfigReader } from '../../src/core/config-reader.ts';
import { DwhError, type Problem } from '../../src/core/problem.ts';
import { placeOf } from '../../src/provision/access.ts';
import type { Applying } from '../../src/provision/apply.ts';
import { openCloud } from '../../src/provision/aws/index.ts';
import type { Cloud } from '../../src/provision/cloud.ts';
import { type Aim, converge } from '../../src/provision/converge.ts';
import { planDelete, planPause, planResize, planResume } from '../../src/provision/plan-change.ts';
import { type Desired, planCreate } from '../../src/provision/plan-create.ts';
import { type ClusterSettings, readCluster } from '../../src/provision/settings.ts';
import type { FakeAws } from './fake-aws.ts';
import { REGION } from './world.ts';

export const CIDR = '203.0.113.7/32';
export const PASSWORD = 'Correct-Horse-9';

export function settings(section: Readonly<Record<string, unknown>> = {}): ClusterSettings {
  const problems: Problem[] = [];
  const reader = new ConfigReader({ region: REGION, ...section }, { locate: () => undefined, problems });
  const read = readCluster(reader, 'shop', {}, {});
  const [first, ...rest] = problems;
  if (first) throw new DwhError([first, ...rest]);
  return read;
}

export function cloudOf(aws: FakeAws): Cloud {
  const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };
  const instead = { endpoint: 'http://aws.test', credentials, requestHandler: aws.requestHandler };
  return openCloud({ region: REGION, pathStyle: true, instead });
}

export interface Account {
  readonly said: string[];
  readonly applying: Applying;
  create(): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  resize(nodes: number): Promise<void>;
  remove(snapshot?: string): Promise<void>;
  desired(): Desired;
}

/** `cloud`: as one process has it, which may end before it is done. */
export function account(aws: FakeAws, wanted: ClusterSettings = settings(), cloud: Cloud = cloudOf(aws)): Account {
  const { world } = aws;
  const said: string[] = [];
  const applying: Applying = {
    cloud,
    clock: {
      now: () => world.now,
      random: () => 0.5,
      async pause(ms, signal) {
        signal.throwIfAborted();
        world.now += ms;
      },
    },
    signal: new AbortController().signal,
    say: (message) => said.push(message),
    password: () => PASSWORD,
  };
  const desired = (): Desired => {
    const places = ['s3://shop-data/log-data/', 's3://shop-data/song-data', wanted.workBucket].flatMap(
      (text) => (text && placeOf(text)) || [],
    );
    return { settings: wanted, places, cidr: wanted.allowCidr ?? CIDR, now: new Date(world.now).toISOString() };
  };
  const run = async (plan: Aim['plan'], looks = 1): Promise<void> => {
    await converge({ settings: wanted, plan, looks }, applying);
  };
  return {
    said,
    applying,
    desired,
    create: () => run((actual) => planCreate(desired(), actual)),
    pause: () => run((actual) => planPause(wanted, actual, world.now)),
    resume: () => run((actual) => planResume(wanted, actual, world.now)),
    resize: (nodes) => run((actual) => planResize({ ...wanted, nodes }, actual)),
    remove: (snapshot) => run((actual) => planDelete(wanted, actual, { snapshot, keepBucket: false }), 3),
  };
}
