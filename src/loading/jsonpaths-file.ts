// Reading the jsonpaths file of this machine that a load names.
import { readFileSync } from 'node:fs';
import type { CopySpec } from '../core/node.ts';
import { fail } from '../core/problem.ts';
import { autoMode } from './jsonpaths.ts';
import { keyOf, localPath, missing, reading, stats } from './local-path.ts';

export interface JsonpathsFile {
  /** How messages name it: relative to the project folder when inside it. */
  readonly file: string;
  readonly text: string;
}

/** undefined: the load needs none. Throws DwhError when it cannot be read. */
export function readJsonpaths({ format, jsonpaths, at }: CopySpec, projectDir: string): JsonpathsFile | undefined {
  if (format !== 'json' || autoMode(jsonpaths) !== undefined) return undefined;
  const path = localPath(jsonpaths, projectDir, at, 'jsonpaths');
  const found = reading(path, at, () => stats(path));
  if (!found) return fail({ ...missing(path, jsonpaths, at), code: 'jsonpaths-unreadable' });
  if (!found.isFile()) {
    return fail({
      code: 'jsonpaths-unreadable',
      message: `'${jsonpaths}' is not a file`,
      at,
      hint: "Name a jsonpaths file, or write auto or 'auto ignorecase'.",
    });
  }
  return { file: keyOf(path, projectDir), text: reading(path, at, () => readFileSync(path, 'utf8')) };
}
