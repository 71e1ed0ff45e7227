// A package that is a folder of this machine.
import { cpSync, existsSync, symlinkSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import { fail } from '../core/problem.ts';
import { secretsOfEnvironment } from '../core/secret-names.ts';
import { secretsOf } from '../core/secrets.ts';
import { type Asking, type Pinned, type Tools, written } from './pinned.ts';
import { LOCK_FILE, type LocalSpec, PACKAGES_FILE } from './spec.ts';

/** Relative to the package that names it, where it is there; else to the root project, as in dbt. */
export function localFolder({ local }: LocalSpec, folder: string | undefined, root: string, homeDir: string): string {
  const path = local.replace(/^~(?=\/|$)/, homeDir);
  const beside = folder === undefined ? undefined : resolve(folder, path);
  return beside !== undefined && existsSync(beside) ? beside : resolve(root, path);
}

export async function pinLocal({ spec, folder: from, by }: Asking<LocalSpec>, tools: Tools): Promise<Pinned> {
  const folder = localFolder(spec, from, tools.root, tools.homeDir);
  if (!existsSync(folder))
    fail({
      code: 'package-missing',
      message: `the folder ${spec.local} of a package is not there (asked for by ${by})`,
      at: spec.at,
      hint: `Looked at ${folder}`,
    });
  const { name, needs } = tools.project(folder, spec.local);
  const isRoots = from === undefined || from === tools.root;
  return {
    name,
    locked: { local: isRoots || isAbsolute(spec.local) ? written(spec, 'local') : fromRoot(folder, { spec, by }, tools), name },
    shown: `folder ${spec.local}`,
    needs,
    folder,
    async put(into) {
      try {
        symlinkSync(folder, into, 'dir');
      } catch {
        // Where links need a right of their own.
        cpSync(folder, into, { recursive: true, filter: (path) => !/[\\/](?:\.git|target|dbt_packages)$/.test(path) });
      }
    },
    warnings: [],
  };
}

/** The project's lock file has paths from the project, and none that a package was told in secret. */
function fromRoot(folder: string, { spec, by }: Pick<Asking, 'spec' | 'by'>, { root, env }: Tools): string {
  const path = relative(root, folder).replaceAll('\\', '/');
  if (secretsOf(secretsOfEnvironment(env)).mask(path) === path) return path;
  return fail({
    code: 'package-secret',
    message: `there is a secret in the path of the package ${path}, which ${by} asks for, and the path would stand in ${LOCK_FILE}`,
    at: spec.at,
    hint: `Ask for it in the project's own ${PACKAGES_FILE}, too: a template is kept there as it is written.`,
  });
}
