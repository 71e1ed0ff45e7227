// A package that is a folder of this machine.
import { cpSync, existsSync, symlinkSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import { fail } from '../core/problem.ts';
import type { Asking, Pinned, Tools } from './pinned.ts';
import type { LocalSpec } from './spec.ts';

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
  const local = isRoots || isAbsolute(spec.local) ? spec.local : relative(tools.root, folder).replaceAll('\\', '/');
  return {
    name,
    locked: { local, name },
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
