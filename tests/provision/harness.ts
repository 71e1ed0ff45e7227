// A command line of `dwh cluster` and `dwh build --cluster`, carried out in this process at an AWS of our own, whose clock it
// has: no real time passes.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArguments } from '../../src/cli/arguments.ts';
import { clusterAsked } from '../../src/cli/cluster.ts';
import { requestOf } from '../../src/cli/request.ts';
import type { System } from '../../src/cli/system.ts';
import type { EventBody } from '../../src/core/event.ts';
import { DwhError, type Problem } from '../../src/core/problem.ts';
import { secretsOf } from '../../src/core/secrets.ts';
import { type Afterwards, type ClusterOutside, type ClusterVerb, cluster, leased } from '../../src/engine/index.ts';
import type { Cloud } from '../../src/provision/cloud.ts';
import { cloudOf } from '../aws/account.ts';
import type { FakeAws } from '../aws/fake-aws.ts';
import { tempDir } from '../support/temp-dir.ts';

export interface Outcome {
  /** What was asked for. */
  readonly answer: string;
  /** Progress. */
  readonly said: string;
  readonly warnings: readonly Problem[];
  readonly problems: readonly Problem[];
}

export interface Surroundings {
  /** Its time is the clock. */
  readonly aws: FakeAws | { readonly world: { now: number }; readonly calls: readonly string[] };
  /** Where it is not in this process. */
  readonly cloud?: Cloud;
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What the user answers; undefined: nobody is there. */
  readonly reply?: string;
  readonly address?: string;
  /** Hears of progress, and may interrupt. */
  readonly heard?: (message: string, interrupt: () => void) => void;
  /** In place of building, for `build --cluster`. */
  readonly build?: (interrupt: () => void) => Promise<void>;
}

/** A folder with these files. */
export function project(files: Readonly<Record<string, string>>): string {
  const folder = tempDir('cluster');
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

export const SHOP: Readonly<Record<string, string>> = {
  'project.yml': `name: shop
cluster:
  region: us-west-2
  work_bucket: shop-work
  tags: {team: sales}
`,
  'models/sources.yml': `sources:
  - name: raw
    tables:
      - name: orders
        load: {from: s3://shop-data/orders/, format: json}
        columns: [{name: id, data_type: bigint}]
`,
};

/** Throws what is no DwhError. */
export async function dwh(
  argv: readonly string[],
  { aws, cwd, cloud, env = {}, reply, address = '203.0.113.7', heard, build }: Surroundings,
): Promise<Outcome> {
  const unused = (): never => {
    throw new Error('this is not of this process');
  };
  const stream = { write: () => undefined, isTTY: false, columns: () => 80 };
  const system: System = {
    ...{ env, cwd, homeDir: cwd, pid: 1, nodeVersion: 'v20', stdout: stream, stderr: stream },
    ...{ clock: () => aws.world.now, every: unused, onInterrupt: unused, ask: undefined, perform: unused },
    here: unused,
    stdin: unused,
    newId: () => `00000000-0000-4000-8000-${String(aws.calls.length).padStart(12, '0')}`,
  };
  const parsed = await parseArguments(argv, system);
  if ('text' in parsed) throw new Error(parsed.text);
  const { given } = parsed;
  const [first = '', second = ''] = argv;
  const secrets = secretsOf([]);
  const words = first === 'build' ? 'build' : `${first} ${second}`;
  const request = await requestOf(words, { given, system, startedAt: aws.world.now, argv, secrets });
  const controller = new AbortController();
  const interrupt = (): void => controller.abort();
  const answer: string[] = [];
  const said: string[] = [];
  const told: Problem[] = [];
  const emit = (event: EventBody): void => {
    if (event.type === 'output') answer.push(event.text);
    if (event.type === 'note') {
      said.push(event.message);
      heard?.(event.message, interrupt);
    }
    if (event.type === 'problems') told.push(...event.problems);
  };
  const outside: ClusterOutside = {
    clock: () => aws.world.now,
    signal: controller.signal,
    here: unused,
    secrets,
    ask: reply === undefined ? undefined : async () => reply,
    async pause(ms, signal) {
      signal.throwIfAborted();
      aws.world.now += ms;
    },
    random: () => 0.5,
    openCloud: async () => cloud ?? cloudOf(aws as FakeAws),
    address: async () => (address === '' ? undefined : address),
  };
  let problems: readonly Problem[] = [];
  try {
    if (first === 'build') {
      const afterwards = given.flag('cluster') ? 'pause' : (given.text('cluster') as Afterwards);
      await leased(request, clusterAsked('create', given), afterwards, outside, emit, async () => build?.(interrupt));
    } else await cluster(request, clusterAsked(second as ClusterVerb, given), outside, emit);
  } catch (error) {
    if (!(error instanceof DwhError)) throw error;
    problems = error.problems;
  }
  return { answer: answer.join(''), said: said.join('\n'), warnings: told, problems };
}
