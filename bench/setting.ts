// Where and with what the parts of a measurement work.
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Command, nodeCommand, programCommand } from './measure.ts';

export interface Setting {
  /** The repository. */
  readonly root: string;
  /** Empty at first; removed at the end. */
  readonly temporary: string;
  /** The bundle that is measured. */
  readonly dwh: string;
  /** dbt's executable, for the part that compares with it. */
  readonly dbt: string | undefined;
}

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** The executable, made anew if a source file is newer. */
export function builtDwh(): string {
  const bundle = join(root, 'dist', 'dwh.cjs');
  const madeAt = statSync(bundle, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const isNewer = (entry: { parentPath: string; name: string }): boolean => statSync(join(entry.parentPath, entry.name)).mtimeMs > madeAt;
  const sources = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  if (sources.some(isNewer)) {
    const made = spawnSync('npm', ['run', 'build'], { cwd: root, encoding: 'utf8' });
    if (made.status !== 0) throw new Error(`npm run build ended with ${made.status}:\n${made.stdout}${made.stderr}`);
  }
  return bundle;
}

/** Bundles the scripts of bench/bare/, so that what they are written in costs them nothing; they stay where drivers are found. */
export async function bundleBareScripts(): Promise<void> {
  const names = readdirSync(join(root, 'bench', 'bare'));
  await build({
    absWorkingDir: root,
    entryPoints: names.map((name) => `bench/bare/${name}`),
    outdir: bareFolder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['@duckdb/*', 'pg', 'pg-copy-streams'],
    logLevel: 'warning',
  });
}

const bareFolder = join(root, '.tmp', 'bench-bare');

export const bareCommand = (
  script: 'copy-in' | 'hash-files' | 'replay' | 'read-json' | 'send',
  ...args: readonly string[]
): readonly string[] => nodeCommand(join(bareFolder, `${script}.mjs`), ...args);

export function onPath(program: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
}

/** A command of dwh; its name is 'dwh' and what it is given, or `name`. */
export const dwhCommand = (setting: Setting, cwd: string, args: readonly string[], more: Partial<Command> = {}): Command => ({
  name: `dwh ${args.join(' ')}`,
  argv: nodeCommand(setting.dwh, ...args),
  cwd,
  ...more,
});

/** It has a target folder and a database of its own, so that both may use one project. */
export const dbtCommand = (dbt: string, cwd: string, args: readonly string[], more: Partial<Command> = {}): Command => ({
  name: `dbt ${args.join(' ')}`,
  argv: programCommand(dbt, '--quiet', ...args, '--target-path', dbtTarget, '--profiles-dir', '.'),
  cwd,
  env: { BENCH_DATABASE: 'dbt.duckdb', DBT_SEND_ANONYMOUS_USAGE_STATS: 'false' },
  ...more,
});

export const dbtTarget = 'target-dbt';

export const remove = (...paths: readonly string[]): void => {
  for (const path of paths) rmSync(path, { recursive: true, force: true });
};

/**
 * Makes room for files that are made anew. Removed ones would make them dear: ext4 gives no inode out again for a minute, and looks
 * at each that was freed for every new file.
 */
export function setAside(setting: Setting, path: string): void {
  if (statSync(path, { throwIfNoEntry: false })) renameSync(path, join(newFolder(setting, `aside-${randomUUID()}`), 'folder'));
}

export function newFolder(setting: Setting, name: string): string {
  const folder = join(setting.temporary, name);
  remove(folder);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Files younger than this are read again by a warm parse, whatever their times say. */
export const untilFilesAreOld = (): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2500);
};
