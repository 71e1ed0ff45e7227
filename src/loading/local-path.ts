// Paths as a project writes them: resolved against its folder, named for messages and the ledger, and what is said when there
// is nothing to read at one.
import { type BigIntStats, readdirSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Location } from '../core/location.ts';
import { nearestName } from '../core/nearest.ts';
import { fail, type Problem } from '../core/problem.ts';

/** `key` is where it is written: 'from', 'jsonpaths'. A path or a file:// URL; relative paths are relative to `projectDir`. */
export function localPath(written: string, projectDir: string, at: Location, key: string): string {
  if (written.trim() === '') return fail({ code: 'load-place', message: `'${key}' is empty`, at, hint: 'Name a path.' });
  if (!/^file:\/\//i.test(written)) return resolve(projectDir, written);
  try {
    return resolve(fileURLToPath(written));
  } catch (cause) {
    return fail(
      { code: 'load-place', message: `'${written}' is not a file URL of this machine`, at, hint: 'Write file:///absolute/path.' },
      { cause },
    );
  }
}

/** Relative to the project folder when inside it, with forward slashes; else absolute. */
export function keyOf(file: string, projectDir: string): string {
  const inside = relative(projectDir, file);
  const key = inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside) ? file : inside;
  return sep === '/' ? key : key.replaceAll(sep, '/');
}

/** undefined: there is nothing at the path. */
export const stats = (path: string): BigIntStats | undefined => {
  try {
    return statSync(path, { bigint: true, throwIfNoEntry: false });
  } catch (cause) {
    if (codeOf(cause) === 'ENOTDIR') return undefined;
    throw cause;
  }
};

/** Runs a call of node:fs; what it throws becomes a DwhError that names the path. */
export function reading<T>(path: string, at: Location | undefined, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    return fail(unreadable(path, at, cause), { cause });
  }
}

const codeOf = (cause: unknown): string => (cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause));

/** What the system says of a file or folder, in words. */
export function unreadable(path: string, at: Location | undefined, cause: unknown): Problem {
  const code = codeOf(cause);
  const because: Readonly<Record<string, string>> = {
    EACCES: 'permission is denied',
    EPERM: 'permission is denied',
    ENOENT: 'it is not there, or is a link to a file that is not there',
    ELOOP: 'its links go round in a circle',
    ENOTDIR: 'it is neither a folder nor a file',
  };
  return {
    code: 'load-unreadable',
    message: `'${path}' cannot be read: ${because[code] ?? code}`,
    ...(at && { at }),
    hint:
      code === 'EACCES' || code === 'EPERM'
        ? 'Give the user that runs dwh the right to read it.'
        : 'Restore it, or take it out of the folder.',
  };
}

export function missing(path: string, written: string, at: Location): Problem {
  const folder = dirname(path);
  let names: readonly string[] = [];
  try {
    names = readdirSync(folder);
  } catch {
    // The folder is missing too; the message names the whole path.
  }
  const near = nearestName(basename(path), names);
  return {
    code: 'load-missing',
    message: `'${written}' does not exist (looked for ${path})`,
    at,
    hint: /[*?]/.test(written)
      ? 'Patterns are not taken: name a folder, which is taken with all below it, or one file.'
      : near === undefined
        ? 'Relative paths are relative to the project folder.'
        : `Did you mean '${join(dirname(written), near)}'?`,
  };
}
