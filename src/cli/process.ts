// The real process as a System: streams, signals, clock; and the exit status it ends with.
import { randomUUID } from 'node:crypto';
import { homedir } from 'node:os';
import { secretsOf } from '../core/secrets.ts';
import { here } from './here.ts';
import { bug, main } from './main.ts';
import type { OutputStream, System } from './system.ts';

const output = (stream: NodeJS.WriteStream): OutputStream => ({
  write: (text) => stream.write(text),
  isTTY: stream.isTTY === true,
  // 0: a pseudo-terminal that nobody has given a size.
  columns: () => stream.columns || 80,
});

async function ask(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises');
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
}

const system = (): System => ({
  env: process.env,
  cwd: process.cwd(),
  homeDir: process.env.HOME || homedir(),
  pid: process.pid,
  here,
  nodeVersion: process.version,
  stdout: output(process.stdout),
  stderr: output(process.stderr),
  clock: Date.now,
  every(ms, tick) {
    const timer = setInterval(tick, ms);
    timer.unref();
    return () => clearInterval(timer);
  },
  newId: randomUUID,
  onInterrupt(stop) {
    const signals = ['SIGINT', 'SIGTERM'] as const;
    const forget = (): void => {
      for (const signal of signals) process.removeListener(signal, heard);
    };
    const heard = (): void => {
      // Without a listener the next signal ends the process at once, even while a native call is running.
      forget();
      stop();
    };
    for (const signal of signals) process.on(signal, heard);
    return forget;
  },
  async stdin() {
    const chunks: Uint8Array[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array);
    return Buffer.concat(chunks).toString('utf8');
  },
  // Looked at when somebody is to be asked: opening stdin loads node's streams.
  get ask() {
    return process.stdin.isTTY && process.stdout.isTTY ? ask : undefined;
  },
  async perform(request, deps, emit) {
    const { perform } = await import('../engine/perform.ts');
    await perform(request, deps, emit);
  },
});

const flushed = (stream: NodeJS.WriteStream): Promise<void> => new Promise((resolve) => stream.write('', () => resolve()));

/** Runs the command line, and ends the process. */
export async function runProcess(argv: readonly string[]): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    // `dwh ls | head`: the reader has what it wanted.
    stream.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 3));
  }
  const secrets = secretsOf([]);
  // What is thrown where nobody waits for it, in a driver's callback say; unhandled rejections arrive here too.
  process.on('uncaughtException', (error) => {
    process.stderr.write(secrets.mask(bug(error, argv)));
    process.exit(3);
  });
  // Which versions of Node the AWS SDK will drop one day is nothing that a user of dwh can act on.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const status = await main(argv, system(), secrets);
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  // A driver's idle socket must not keep the process alive.
  process.exit(status);
}
