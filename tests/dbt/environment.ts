// Where dbt comes from: an environment below .tmp, made once by pip, or the one whose python DWH_DBT_PYTHON names.
import { execFile } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { repoRoot } from '../support/shared.ts';

const folder = join(repoRoot, '.tmp', 'dbt');
const lock = `${folder}.lock`;
const PACKAGES = ['dbt-core<1.12', 'dbt-duckdb', 'dbt-postgres'];

/** The interpreter of an environment with dbt; or a text that says why there is none. */
export type Environment = { readonly python: string } | { readonly missing: string };

export async function dbtEnvironment(): Promise<Environment> {
  const given = process.env.DWH_DBT_PYTHON;
  if (given) return { python: given };
  const python = join(folder, 'bin', 'python');
  mkdirSync(join(repoRoot, '.tmp'), { recursive: true });
  // Files of tests that want it at the same moment make it once.
  while (!existsSync(python)) {
    if (!taken()) {
      await wait(200);
      continue;
    }
    try {
      if (!existsSync(python)) await make();
    } catch (error) {
      return { missing: error instanceof Error ? error.message : String(error) };
    } finally {
      rmSync(lock, { force: true });
    }
  }
  return { python };
}

async function make(): Promise<void> {
  const making = `${folder}.${process.pid}`;
  const run = async (program: string, ...args: string[]): Promise<void> => {
    await promisify(execFile)(program, args, { timeout: 300_000 });
  };
  try {
    await run('python3', '-m', 'venv', making);
    await run(join(making, 'bin', 'python'), '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PACKAGES);
    // The programs of an environment know their folder by name; its python does not, and only that is used.
    renameSync(making, folder);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

/** Whether the lock is this process's now; one whose holder is gone counts for nothing. */
function taken(): boolean {
  try {
    const file = openSync(lock, 'wx');
    writeSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (!holderLives()) rmSync(lock, { force: true });
    return false;
  }
}

function holderLives(): boolean {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    // Not yet written: it was taken this moment.
    if (pid > 0) process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
