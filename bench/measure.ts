// Measures commands from outside: each run is a process of its own, and the processes that are compared take turns, so that
// what else the machine does falls on all of them alike. Results are medians.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Usage {
  /** User and system time of all threads, the server's included. */
  readonly cpuMs: number;
  /** Of it: the server's. */
  readonly serverMs: number;
  readonly wallMs: number;
  readonly peakMb: number;
}

export interface Command {
  readonly name: string;
  /** A program and its arguments; for node, `nodeCommand` makes it. */
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** CPU ms so far of a server that works for the command. */
  readonly server?: () => number;
  /** Makes what the next run starts from; not measured. */
  readonly before?: () => void;
}

const here = dirname(fileURLToPath(import.meta.url));

export const nodeCommand = (...args: readonly string[]): readonly string[] => [
  process.execPath,
  '--require',
  join(here, 'usage.cjs'),
  ...args,
];

// What python tells of a finished child, for programs that are not node's.
const python = `
import json, os, resource, subprocess, sys
status = subprocess.call(sys.argv[1:])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
os.write(3, json.dumps({'cpuMs': (used.ru_utime + used.ru_stime) * 1000, 'peakKb': used.ru_maxrss}).encode())
sys.exit(status)
`;

export const programCommand = (...args: readonly string[]): readonly string[] => ['python3', '-c', python, ...args];

/** Throws when the command fails: a failed run's numbers mean nothing. */
export function measure({ name, argv, cwd, env, server = () => 0, before }: Command): Usage {
  before?.();
  const [program = '', ...args] = argv;
  const servedBefore = server();
  const startedAt = performance.now();
  const child = spawnSync(program, args, {
    cwd,
    env: { ...process.env, NO_COLOR: '1', CI: '1', DBT_SEND_ANONYMOUS_USAGE_STATS: 'false', ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 28,
  });
  const wallMs = performance.now() - startedAt;
  if (child.status !== 0) throw new Error(`${name} ended with ${child.status ?? child.signal}:\n${child.stderr}`);
  const used = JSON.parse(String(child.output[3])) as { cpuMs: number; peakKb: number };
  const serverMs = server() - servedBefore;
  return { cpuMs: used.cpuMs + serverMs, serverMs, wallMs, peakMb: used.peakKb / 1024 };
}

/** Round after round of all commands in turn; the medians, by the command's name. */
export function interleaved(commands: readonly Command[], runs: number, said: (text: string) => void): ReadonlyMap<string, Usage> {
  const usages = new Map<string, Usage[]>(commands.map(({ name }) => [name, []]));
  for (let run = 1; run <= runs; run++) {
    for (const command of commands) {
      said(`${command.name}, run ${run} of ${runs}`);
      usages.get(command.name)?.push(measure(command));
    }
  }
  return new Map(
    [...usages].map(([name, all]): [string, Usage] => [
      name,
      {
        cpuMs: median(all.map(({ cpuMs }) => cpuMs)),
        serverMs: median(all.map(({ serverMs }) => serverMs)),
        wallMs: median(all.map(({ wallMs }) => wallMs)),
        peakMb: median(all.map(({ peakMb }) => peakMb)),
      },
    ]),
  );
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
