// Finding the files below a folder: names, sizes and times, never contents. Links are followed, loops are not.
import { readdirSync, realpathSync, statSync } from 'node:fs';
import type { Problem } from '../core/problem.ts';
import type { Ignored } from './ignore.ts';

/** What tells that a file is still the one that was read: see stat-trust in files.ts. */
export interface FileStat {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly ino: number;
}

export interface Listed extends FileStat {
  /** Relative to the folder, forward slashes. */
  readonly below: string;
}

const reasonOf = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied';
  if (code === 'ENOENT') return 'it does not exist (a broken link?)';
  if (code === 'ELOOP') return 'links point at one another in a circle';
  return error instanceof Error ? error.message : String(error);
};

export const unreadable = (what: 'folder' | 'file', path: string, error: unknown): Problem => ({
  code: what === 'file' ? 'unreadable-file' : 'unreadable-folder',
  message: `the ${what} ${path} cannot be read: ${reasonOf(error)}`,
  at: { file: path, line: 1, column: 1 },
  hint:
    reasonOf(error) === 'permission denied'
      ? `Give this user the right to read it, or leave it out with a line in .dbtignore.`
      : 'Remove it, or leave it out with a line in .dbtignore.',
});

/**
 * All files below `root/folder`, by path. A folder that does not exist holds none. `wanted` decides by name before a file's
 * stat is asked for. Folders and files that cannot be read are problems, and the rest is still found.
 */
export function listFiles(
  root: string,
  folder: string,
  wanted: (name: string) => boolean,
  ignored: Ignored,
  problems: Problem[],
): Listed[] {
  const found: Listed[] = [];
  const walk = (below: string, parents: readonly string[]): void => {
    const relative = below === '' ? folder : `${folder}/${below}`;
    const absolute = `${root}/${relative}`;
    let entries: readonly import('node:fs').Dirent[];
    try {
      entries = readdirSync(absolute, { withFileTypes: true });
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (below === '' && (code === 'ENOENT' || code === 'ENOTDIR')) return;
      problems.push(unreadable('folder', relative, error));
      return;
    }
    for (const entry of entries) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (ignored(`${folder}/${path}`)) continue;
      try {
        let isFolder = entry.isDirectory();
        if (entry.isSymbolicLink()) {
          if (!statSync(`${absolute}/${entry.name}`).isDirectory()) isFolder = false;
          else {
            const real = realpathSync(`${absolute}/${entry.name}`);
            if (parents.some((parent) => parent === real || real === realpathSync(parent))) continue;
            walk(path, [...parents, real]);
            continue;
          }
        }
        if (isFolder) walk(path, [...parents, `${absolute}/${entry.name}`]);
        else if (wanted(entry.name)) {
          const { size, mtimeMs, ctimeMs, ino } = statSync(`${absolute}/${entry.name}`);
          found.push({ below: path, size, mtimeMs, ctimeMs, ino });
        }
      } catch (error) {
        if (wanted(entry.name)) problems.push(unreadable('file', `${folder}/${path}`, error));
      }
    }
  };
  walk('', [`${root}/${folder}`]);
  return found.sort((a, b) => (a.below < b.below ? -1 : a.below > b.below ? 1 : 0));
}
