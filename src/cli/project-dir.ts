// Which folder is the project: the one that was named, or the nearest that has a project file, from here upwards.
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { PROJECT_FILES } from '../core/project-files.ts';

/** Absolute. Without any project file upwards it is `cwd`: the engine says what is missing. */
export function projectDir(named: string | undefined, cwd: string): string {
  if (named !== undefined) return resolve(cwd, named);
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (PROJECT_FILES.some((file) => existsSync(join(folder, file)))) return folder;
    if (dirname(folder) === folder) return cwd;
  }
}
