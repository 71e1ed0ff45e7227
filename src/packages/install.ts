// Packages into the folder of packages: made beside, and then exchanged for it, so that there is always all of one list.
import { existsSync, lstatSync, readdirSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Location } from '../core/location.ts';
import { fail } from '../core/problem.ts';
import { PROJECT_FILES } from '../core/project-files.ts';
import { makeFolder } from '../project/make-folder.ts';
import { finishExchange, type Places } from '../project/package-folder.ts';
import type { Pinned } from './pinned.ts';

/** What a killed install left: an exchange is finished, what was half made goes. */
export function recover(places: Places): void {
  finishExchange(places);
  for (const path of [places.beside, places.before]) rmSync(path, { recursive: true, force: true });
}

/** The folder is exchanged as a whole: what stands in it and is no package would be lost. */
function holdsNothingElse(folder: string): boolean {
  if (!existsSync(folder)) return true;
  return readdirSync(folder, { withFileTypes: true }).every((entry) => {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.') && !entry.isDirectory()) return true;
    if (entry.isSymbolicLink()) return !existsSync(path) || lstatSync(realpathSync(path)).isDirectory();
    return entry.isDirectory() && (PROJECT_FILES.some((name) => existsSync(join(path, name))) || readdirSync(path).length === 0);
  });
}

/** Throws DwhError. `shown`: the folder, as it is asked for. */
export function checkPlace({ installed }: Places, root: string, shown: string, at: Location | undefined): void {
  const way = relative(resolve(installed), resolve(root));
  const isAbove = way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
  if (!isAbove && holdsNothingElse(installed)) return;
  fail({
    code: 'packages-folder',
    message: isAbove
      ? `packages cannot be installed in '${shown}': the project itself is in it`
      : `packages cannot be installed in '${shown}': there are other things in it, and the folder is exchanged as a whole`,
    ...(at && { at }),
    hint: isAbove
      ? 'Name a folder of its own: packages-install-path: dbt_packages'
      : 'Take them out of it, or name another: packages-install-path: dbt_packages',
  });
}

/** `each` hears of every package that is made. */
export async function install(packages: readonly Pinned[], places: Places, each: (one: Pinned) => void): Promise<void> {
  const { installed, made, before } = places;
  makeFolder(made);
  for (const one of packages) {
    await one.put(join(made, one.name));
    each(one);
  }
  if (existsSync(installed)) renameSync(installed, before);
  // A command that wanted the packages at this moment may have done it.
  if (existsSync(made)) renameSync(made, installed);
  rmSync(before, { recursive: true, force: true });
}
