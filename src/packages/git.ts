// One revision of a git repository in a folder, by the program git. It never asks for a password.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { fail } from '../core/problem.ts';
import { makeFolder } from '../project/make-folder.ts';

const run = promisify(execFile);

export interface Checkout {
  /** The commit that the revision stood for. */
  readonly commit: string;
}

class GitError extends Error {}

const environment = (env: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv => ({
  ...env,
  GIT_TERMINAL_PROMPT: '0',
  LC_ALL: 'C',
});

/** What git says, in its last lines that say something. */
const words = (stderr: string): string =>
  stderr
    .split('\n')
    .map((line) => line.replace(/^(fatal|error): /, '').trim())
    .filter((line) => line !== '' && !/^(hint|warning|From|remote):?\b/.test(line))
    .slice(0, 2)
    .join('; ');

/** `revision`: a branch, a tag or a commit; undefined: what the repository has as its head. */
export async function checkOut(
  address: string,
  revision: string | undefined,
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<Checkout> {
  const git = async (...args: readonly string[]): Promise<string> => {
    try {
      return (await run('git', args, { cwd: folder, env: environment(env), signal, maxBuffer: 64 << 20 })).stdout.trim();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if ('code' in error && error.code === 'ENOENT')
        return fail({
          code: 'git-missing',
          message: 'the program git is not installed',
          hint: 'Install git, or name the package with tarball:.',
        });
      signal.throwIfAborted();
      throw new GitError(words('stderr' in error ? String(error.stderr) : error.message) || 'git failed');
    }
  };
  makeFolder(folder);
  await git('init', '--quiet');
  await git('remote', 'add', 'origin', address);
  const wanted = revision ?? 'HEAD';
  try {
    try {
      await git('fetch', '--quiet', '--depth', '1', 'origin', wanted);
    } catch (error) {
      // A commit that is not the head of anything, or the beginning of one: it is in what all branches and tags have.
      if (!(error instanceof GitError) || !/^[0-9a-f]{7,64}$/.test(wanted)) throw error;
      await git('fetch', '--quiet', '--tags', 'origin', '+refs/heads/*:refs/remotes/origin/*');
      await git('checkout', '--quiet', '--detach', wanted);
      return { commit: await git('rev-parse', 'HEAD') };
    }
    await git('checkout', '--quiet', '--detach', 'FETCH_HEAD');
    return { commit: await git('rev-parse', 'HEAD') };
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    const unknown = /couldn't find remote ref|did not match any|unknown revision|not our ref/.test(error.message);
    return fail(
      {
        code: unknown ? 'git-revision' : 'git-failed',
        message: unknown ? `${address} has no revision '${wanted}'` : `${address} cannot be fetched: ${error.message}`,
        hint: unknown ? 'Name a branch, a tag or a commit of it.' : 'Check the address, and whether you may read it: git ls-remote …',
      },
      { cause: error },
    );
  }
}
