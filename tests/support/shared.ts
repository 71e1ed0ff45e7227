// The folder with the real data that may lie beside the repository. Tests that need it are skipped without it.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const repoRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Absolute path of `../shared` (with `parts` below it), or undefined when it is not there. */
export function shared(...parts: readonly string[]): string | undefined {
  const path = join(repoRoot, '..', 'shared', ...parts);
  return existsSync(path) ? path : undefined;
}

export const withoutShared = 'the folder ../shared with the real data is not there';
