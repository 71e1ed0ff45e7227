// The command line in this process, with streams that are collected and an engine that says what the test tells it to.

import { main } from '../../src/cli/main.ts';
import type { System } from '../../src/cli/system.ts';
import type { EventBody } from '../../src/core/event.ts';
import type { Deps, Request } from '../../src/core/request.ts';

export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What the engine was asked for; undefined: it was not called. */
  readonly request: Request | undefined;
}

export interface Fake {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly tty?: boolean;
  readonly columns?: number;
  /** What the engine says, or does. */
  readonly events?: readonly EventBody[];
  readonly engine?: (request: Request, deps: Deps, emit: (event: EventBody) => void, interrupt: () => void) => Promise<void>;
  /** What comes in. */
  readonly stdin?: string;
  readonly answer?: string;
}

const START = Date.UTC(2024, 0, 15, 12);

export async function dwh(argv: readonly string[], fake: Fake = {}): Promise<Outcome> {
  let request: Request | undefined;
  let interrupt = (): void => {};
  let now = START;
  const written = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr'): System['stdout'] => ({
    write: (text) => {
      written[name] += text;
    },
    isTTY: fake.tty === true,
    columns: () => fake.columns ?? 80,
  });
  const status = await main(argv, {
    env: fake.env ?? {},
    cwd: fake.cwd ?? '/shop',
    homeDir: '/home-of-nobody',
    pid: 1,
    here: () => ({ host: 'shop', machine: '', process: 1, born: '', runs: () => true }),
    nodeVersion: 'v20.0.0',
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    clock: () => now++,
    every: () => () => {},
    newId: () => '00000000-0000-4000-8000-000000000000',
    onInterrupt(stop) {
      interrupt = stop;
      return () => {};
    },
    stdin: async () => fake.stdin ?? '',
    ask: fake.answer === undefined ? undefined : async () => fake.answer ?? '',
    async perform(asked, deps, emit) {
      request = asked;
      if (fake.engine) await fake.engine(asked, deps, emit, () => interrupt());
      for (const event of fake.events ?? []) emit(event);
    },
  });
  return { status, ...written, request };
}

/** The request of a command line that is in order. */
export async function requestFor(argv: readonly string[], fake: Fake = {}): Promise<Request> {
  const { request, stderr } = await dwh(argv, fake);
  if (!request) throw new Error(`the engine was not called; it printed:\n${stderr}`);
  return request;
}
