// The real binary, as a user runs it: dist/dwh.cjs when it is newer than src/, else the sources through tsx.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { repoRoot } from './shared.ts';
import { tempDir } from './temp-dir.ts';

export interface CliResult {
  /** null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly cwd?: string;
  /** Over an environment without any DWH_*, DBT_* or AWS_* variable and with an empty home. */
  readonly env?: Readonly<Record<string, string>>;
  /** A program that starts it, with its arguments. */
  readonly through?: readonly string[];
  /** After this it is killed, and the promise rejected. */
  readonly limitMs?: number;
}

let command: readonly string[] | undefined;

/** Node's arguments before the user's. */
function binary(): readonly string[] {
  if (command) return command;
  const bundle = join(repoRoot, 'dist', 'dwh.cjs');
  const newest = (folder: string): number =>
    Math.max(
      ...readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) =>
        entry.isFile() ? statSync(join(entry.parentPath, entry.name)).mtimeMs : 0,
      ),
    );
  const fresh = existsSync(bundle) && statSync(bundle).mtimeMs >= newest(join(repoRoot, 'src'));
  command = fresh
    ? [bundle]
    : ['--import', join(repoRoot, 'node_modules', 'tsx', 'dist', 'loader.mjs'), join(repoRoot, 'src', 'cli', 'bin.ts')];
  return command;
}

/** A program and its arguments: the user's come behind them. */
export const dwhCommand = (): readonly string[] => [process.execPath, ...binary()];

export function environment(own: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(DWH|DBT|AWS)_/.test(name));
  // What Node compiled is the same for all.
  const caches = join(repoRoot, 'node_modules', '.cache');
  return { ...Object.fromEntries(inherited), HOME: tempDir('home'), XDG_CACHE_HOME: caches, NO_COLOR: '1', ...own };
}

/** Starts it, for tests that signal or kill it. */
export function startCli(args: readonly string[], options: CliOptions = {}): ChildProcess {
  const [program = process.execPath, ...words] = [...(options.through ?? []), ...dwhCommand(), ...args];
  return spawn(program, words, {
    cwd: options.cwd ?? repoRoot,
    env: environment(options.env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

export function cli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  return ended(startCli(args, options), options.limitMs ?? 120_000);
}

/** What a started process printed, when it has ended. */
export function ended(child: ChildProcess, limitMs = 120_000): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`still running after ${limitMs / 1000} s; it printed:\n${stdout}${stderr}`));
    }, limitMs);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout, stderr });
    });
  });
}
