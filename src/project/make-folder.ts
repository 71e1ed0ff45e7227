// A folder with those above it, as `mkdir -p` makes them. Node's own recursive mkdir never ends where a folder is there and takes
// no others, as /proc does.
import { mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

/** Whether it was not there before. `mode`: of those that are made. Throws what the file system throws. */
export function makeFolder(path: string, mode?: number): boolean {
  const missing: string[] = [];
  for (let at = resolve(path); !isFolder(at) && dirname(at) !== at; at = dirname(at)) missing.push(at);
  for (const one of missing.reverse())
    try {
      mkdirSync(one, { mode });
    } catch (error) {
      // Another process was faster.
      if (!isFolder(one)) throw error;
    }
  return missing.length > 0;
}
