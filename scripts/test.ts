// `npm test [pattern]`: runs tests/**/*.test.ts over a few long-lived processes that take files from one queue, slowest file
// of last time first. Prints each failure as it comes, then why tests were skipped, and as its last line
// 'N passed, N failed, N skipped'. A file that crashes, hangs or registers no tests is a failure.
import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Skipped {
  readonly name: string;
  readonly reason: string;
}

export interface FileResult {
  /** Absolute in the worker, relative to the repository in print. */
  readonly file: string;
  readonly passed: number;
  readonly failed: number;
  readonly skips: number;
  /** Those of `skips` that said why. */
  readonly skipped: readonly Skipped[];
  /** uvu's text: test names, messages, diffs, stacks. */
  readonly errors: string;
  readonly printed: string;
  readonly ms: number;
}

type Message =
  | { readonly ready: true }
  | { readonly result: FileResult; readonly rss: number }
  | { readonly crash: string; readonly printed: string };

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Another folder of the repository for the runner's own tests. */
const folder = process.env.DWH_TEST_FOLDER ?? 'tests';
const durationsFile = join(root, '.tmp', 'test-durations.json');
const fileLimitMs = Number(process.env.DWH_TEST_FILE_LIMIT_MS ?? 600_000);
/** A process above this is replaced after the file that took it there: what one file leaks must not starve the others. */
const recycleAboveBytes = 1_200_000_000;
/** Where tests make their temporary folders; goes with all of them at the end, whatever happened to the processes. */
const temporary = mkdtempSync(join(tmpdir(), 'dwh-tests-'));
process.on('exit', () => rmSync(temporary, { recursive: true, force: true }));
process.on('SIGINT', () => process.exit(130));

function testFiles(pattern: string): string[] {
  const expression = new RegExp(pattern);
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => join(folder, file).split(sep).join('/'))
    .filter((file) => expression.test(file))
    .sort();
}

const lastDurations = (): Record<string, number> => {
  try {
    return JSON.parse(readFileSync(durationsFile, 'utf8')) as Record<string, number>;
  } catch {
    return {};
  }
};

/** Slowest first; a file that never ran counts by its size, about as much as its tests would take. */
function inOrder(files: readonly string[], durations: Readonly<Record<string, number>>): string[] {
  const weight = (file: string): number => durations[file] ?? statSync(join(root, file)).size / 10;
  return [...files].sort((a, b) => weight(b) - weight(a));
}

const indented = (text: string): string =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => `    | ${line}`)
    .join('\n');

function print(result: FileResult): void {
  if (result.failed === 0) return;
  const output = result.printed.trim() === '' ? '' : `  it printed:\n${indented(result.printed)}\n`;
  process.stdout.write(`\nFAILED ${result.file} (${result.passed} passed, ${result.failed} failed)\n${result.errors.trimEnd()}\n${output}`);
}

/** Runs files from the queue until it is empty; a process that dies fails its file and is replaced. */
function worker(queue: string[], done: (result: FileResult) => void): Promise<void> {
  return new Promise((resolve) => {
    let child: ChildProcess;
    let current: string | undefined;
    let last = '';
    let blame = '';
    let printed = '';
    let timer: NodeJS.Timeout | undefined;
    let startedAt = 0;

    const next = (): void => {
      current = queue.shift();
      if (current === undefined) {
        child.removeAllListeners('exit');
        child.once('exit', () => resolve());
        // Whatever tests left open must not keep us waiting.
        child.kill('SIGKILL');
        return;
      }
      last = current;
      startedAt = performance.now();
      timer = setTimeout(() => {
        blame = `it was still running after ${fileLimitMs / 1000} s`;
        child.kill('SIGKILL');
      }, fileLimitMs);
      child.send(join(root, current));
    };
    const crashed = (how: string): void => {
      clearTimeout(timer);
      const file = current ?? last;
      const errors = `  ${blame || `its process ended before its tests did (${how}): process.exit(), a crash, or a promise that never settles`}\n`;
      current = undefined;
      done({ file, passed: 0, failed: 1, skips: 0, skipped: [], errors, printed, ms: performance.now() - startedAt });
      if (queue.length > 0) start();
      else resolve();
    };
    const start = (): void => {
      blame = '';
      printed = '';
      child = fork(join(root, 'scripts', 'test-worker.ts'), [], {
        cwd: root,
        execArgv: ['--import', 'tsx'],
        env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', DWH_TEST_TMP: temporary },
      });
      child.on('message', (message: Message) => {
        if ('crash' in message) {
          blame = `something it started failed and nobody caught it: ${message.crash}`;
          printed = message.printed;
          return;
        }
        if ('ready' in message) return next();
        clearTimeout(timer);
        current = undefined;
        done({ ...message.result, file: relative(root, message.result.file).split(sep).join('/') });
        if (message.rss < recycleAboveBytes || queue.length === 0) return next();
        child.removeAllListeners('exit');
        child.kill('SIGKILL');
        start();
      });
      child.on('exit', (code, signal) => crashed(signal ?? `exit ${code}`));
    };
    start();
  });
}

/** One line per file under each reason. */
function skippedByReason(results: readonly FileResult[]): ReadonlyMap<string, readonly string[]> {
  const reasons = new Map<string, string[]>();
  const add = (reason: string, line: string): void => {
    reasons.set(reason, [...(reasons.get(reason) ?? []), line]);
  };
  for (const { file, skips, skipped } of results) {
    for (const reason of new Set(skipped.map((one) => one.reason))) {
      const names = skipped.flatMap((one) => (one.reason === reason ? [one.name] : []));
      add(
        reason,
        names.length > 3 ? `${file}: ${names.length} tests (${names.slice(0, 2).join(', ')}, …)` : `${file}: ${names.join(', ')}`,
      );
    }
    if (skips > skipped.length) add('no reason given', `${file}: ${skips - skipped.length} tests`);
  }
  return reasons;
}

async function main(pattern: string): Promise<number> {
  const files = testFiles(pattern);
  const durations = lastDurations();
  const queue = inOrder(files, durations);
  const count = Math.min(queue.length, Number(process.env.DWH_TEST_WORKERS ?? Math.max(2, Math.min(4, availableParallelism()))));
  const results: FileResult[] = [];
  const done = (result: FileResult): void => {
    results.push(result);
    durations[result.file] = Math.round(result.ms);
    print(result);
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: count }, () => worker(queue, done)));
  if (folder === 'tests') {
    mkdirSync(dirname(durationsFile), { recursive: true });
    writeFileSync(durationsFile, JSON.stringify(durations));
  }

  const sum = (of: (result: FileResult) => number): number => results.reduce((total, result) => total + of(result), 0);
  const slowest = [...results].sort((a, b) => b.ms - a.ms).slice(0, 3);
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
  process.stdout.write(
    `\n${results.length} files in ${seconds(performance.now() - startedAt)}; slowest: ${slowest.map(({ file, ms }) => `${file} ${seconds(ms)}`).join(', ')}\n`,
  );
  for (const [reason, lines] of skippedByReason(results))
    process.stdout.write(`skipped, ${reason}:\n${lines.map((line) => `  ${line}\n`).join('')}`);
  const failed = results.filter((result) => result.failed > 0);
  if (failed.length > 0) process.stdout.write(`failed in:\n${failed.map(({ file }) => `  ${file}\n`).join('')}`);
  if (files.length === 0) process.stdout.write(`no test file matches ${pattern}\n`);
  process.stdout.write(`${sum((r) => r.passed)} passed, ${sum((r) => r.failed)} failed, ${sum((r) => r.skips)} skipped\n`);
  return failed.length > 0 || files.length === 0 ? 1 : 0;
}

process.exitCode = await main(process.argv[2] ?? '');
