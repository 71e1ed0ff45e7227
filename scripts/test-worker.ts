// One of the processes that run test files: takes file names from the parent, one at a time, runs their uvu suites, and
// answers with a FileResult. It calls the suites that uvu queues itself, because uvu's own loop prints totals and no results.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { FileResult, Skipped } from './test.ts';

/** What uvu queues: [errors as text or true, passed, skipped, total]. */
type QueuedSuite = () => Promise<readonly [string | true, number, number, number]>;

const shared = globalThis as typeof globalThis & {
  UVU_DEFER?: number;
  UVU_INDEX?: number;
  UVU_QUEUE?: QueuedSuite[][];
  DWH_SKIPPED?: Skipped[];
};
shared.UVU_DEFER = 1;
shared.UVU_INDEX = 0;
shared.UVU_QUEUE = [];
shared.DWH_SKIPPED = [];

/** What the tests print; uvu's own titles, dots and counts are left out. */
let printed = '';
const own = /^(?:• |✘ | {2}\(\d+ \/ \d+\)\n| [^\n]+ {2})$/u;
const write = (chunk: string | Uint8Array): boolean => {
  const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
  if (!own.test(text)) printed += text;
  return true;
};
process.stdout.write = write as typeof process.stdout.write;
process.stderr.write = write as typeof process.stderr.write;

async function run(file: string): Promise<FileResult> {
  const queue: QueuedSuite[] = [];
  shared.UVU_QUEUE?.splice(0, Number.POSITIVE_INFINITY, queue);
  shared.DWH_SKIPPED = [];
  printed = '';
  const startedAt = performance.now();
  let errors = '';
  let passed = 0;
  let total = 0;
  let skips = 0;
  try {
    await import(pathToFileURL(file).href);
    for (const suite of queue) {
      const [text, ran, skipped, all] = await suite();
      passed += ran;
      total += all;
      skips += skipped;
      if (text !== true) errors += text;
      else if (ran < all)
        errors += `  ${all - ran} of ${all} tests gave no result: a hook threw, or a test threw something that is not an Error (uvu hides which)\n`;
    }
    if (total + skips === 0) {
      const hint = /\.run\(\)/.test(readFileSync(file, 'utf8')) ? '' : ' (no suite calls .run())';
      return {
        file,
        passed,
        failed: 1,
        skips,
        skipped: [],
        errors: `  it registered no tests${hint}\n`,
        printed,
        ms: performance.now() - startedAt,
      };
    }
  } catch (error) {
    errors += `  it could not be loaded: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`;
    total += 1;
  }
  // A rejection that nobody handles should strike while this file is still to blame.
  await new Promise((resolve) => setImmediate(resolve));
  return {
    file,
    passed,
    failed: total - passed,
    skips,
    skipped: shared.DWH_SKIPPED ?? [],
    errors,
    printed,
    ms: performance.now() - startedAt,
  };
}

const blame = (error: unknown): void => {
  process.send?.({ crash: error instanceof Error ? (error.stack ?? error.message) : String(error), printed }, () => process.exit(1));
};
process.on('uncaughtException', blame);
process.on('unhandledRejection', blame);

process.on('message', async (file: string) => {
  // While a file runs, the channel does not keep this process alive: a promise that never settles ends it, and the parent sees that.
  process.channel?.unref();
  const result = await run(file);
  process.channel?.ref();
  process.send?.({ result, rss: process.memoryUsage.rss() });
});
process.send?.({ ready: true });
