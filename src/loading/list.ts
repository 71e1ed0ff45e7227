// The files at a source on this machine, as they are now, sorted by key in binary order, so every engine and every machine loads
// in the same order.
import { type BigIntStats, type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ListedFile } from '../core/copy.ts';
import type { Location } from '../core/location.ts';
import { fail, type Problem } from '../core/problem.ts';
import { keyOf, localPath, missing, reading, stats } from './local-path.ts';
import { pause } from './pause.ts';

/** `from` as written; relative paths are relative to `projectDir`, which is absolute. `at` is where `from` is written. */
export type Lister = (from: string, projectDir: string, at: Location) => Promise<readonly ListedFile[]>;

/**
 * A folder with all that is below it, one file, or a file:// URL. A folder is taken whole and alone: 'song-data' never takes
 * in 'song-data-71', and a trailing slash makes no difference. Names that begin with '.' are left out (editors and file
 * browsers put them there); every other regular file is taken, as COPY takes every key. Links are followed, each folder once.
 * An empty list is an empty folder: whether that is allowed is for the caller to say.
 */
export const listLocal: Lister = async (from, projectDir, at) => {
  const path = localPath(from, projectDir, at, 'from');
  const key = (file: string): string => keyOf(file, projectDir);
  const top = reading(path, at, () => stats(path));
  if (!top) return fail(missing(path, from, at));
  if (top.isFile()) return [listed(path, key(path), top)];
  const files: ListedFile[] = [];
  const seen = new Set<string>();
  const folders = [path];
  // Links to folders come after all that is really there: a link made later must not give a file another key.
  const links: string[] = [];
  // Calls are synchronous, with a pause now and then: asynchronous ones cost ten times the CPU for each small file, and
  // would queue in libuv's four threads behind running statements.
  for (;;) {
    const folder = folders.pop() ?? links.shift();
    if (folder === undefined) return inBinaryOrder(files);
    const real = reading(folder, at, () => realpathSync(folder));
    if (seen.has(real)) continue;
    seen.add(real);
    for (const entry of entriesOf(folder, at)) {
      const child = join(folder, entry.name);
      if (entry.isDirectory()) {
        folders.push(child);
        continue;
      }
      const found = reading(child, at, () => statSync(child, { bigint: true }));
      if (found.isDirectory()) links.push(child);
      else if (found.isFile()) files.push(listed(child, key(child), found));
      if (files.length % 500 === 499) await pause();
    }
  }
};

function entriesOf(folder: string, at: Location): readonly Dirent[] {
  const entries = reading(folder, at, () => readdirSync(folder, { withFileTypes: true }));
  return entries.filter((entry) => !entry.name.startsWith('.')).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Of this machine; s3-place.ts lists the others. */
export const listFiles: Lister = async (from, projectDir, at) => {
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(from)?.[1]?.toLowerCase() ?? 'file';
  if (scheme === 'file') return listLocal(from, projectDir, at);
  return fail({
    code: 'load-place',
    message: `'${from}' begins with ${scheme}://, and files can only be loaded from a local path, file:// or s3://`,
    at,
    hint: 'Name a folder or a file in from.',
  });
};

/** An empty listing, for a load without allow_empty. */
export const nothingListed = (from: string, at: Location): Problem => ({
  code: 'load-empty',
  message: `there is no file in '${from}'`,
  at,
  hint: 'Check from, or set allow_empty: true if that is as it should be.',
});

/** Those of `files` that were written to, replaced or removed since they were listed. Asked at the end of a load, before the commit. */
export const changedSince = (files: readonly ListedFile[]): readonly ListedFile[] =>
  files.filter((file) => {
    const now = reading(file.location, undefined, () => stats(file.location));
    return now === undefined || markOf(now) !== file.mark;
  });

export const fileChanged = (files: readonly ListedFile[], at: Location): Problem => ({
  code: 'load-moved',
  message: `${files
    .map((file) => file.key)
    .slice(0, 20)
    .join(', ')} changed while it was loaded`,
  at,
  hint: 'Nothing of this table was loaded: run it again when the file is complete.',
});

const markOf = (found: BigIntStats): string => `${found.mtimeNs}-${found.ctimeNs}-${found.ino}-${found.size}`;

const listed = (location: string, key: string, found: BigIntStats): ListedFile => ({
  key,
  location,
  size: Number(found.size),
  mark: markOf(found),
});

export function inBinaryOrder(files: ListedFile[]): readonly ListedFile[] {
  // UTF-16 order is byte order but for characters beyond the basic plane.
  const plain = files.every((file) => !/[\ud800-\uffff]/.test(file.key));
  return files.sort((a, b) => (plain ? (a.key < b.key ? -1 : 1) : Buffer.compare(Buffer.from(a.key), Buffer.from(b.key))));
}
