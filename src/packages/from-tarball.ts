// A package in a .tar.gz, at an address or in a file.
import { readFileSync, renameSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DwhError, fail } from '../core/problem.ts';
import { makeFolder } from '../project/make-folder.ts';
import { type Asking, type Pinned, projectIn, type Tools, written } from './pinned.ts';
import type { PackageSpec, TarballSpec } from './spec.ts';
import { unpack } from './tar.ts';
import { Unreachable } from './web.ts';

/** The one folder of a tarball. */
export async function download(address: string, spec: PackageSpec, tools: Tools): Promise<string> {
  const invalid = (reason: string, cause: unknown, code = 'package-invalid'): never =>
    fail(
      {
        code,
        message: `${address} is no package: ${reason}`,
        at: spec.at,
        hint: 'A package is a .tar.gz with one folder, which holds its dbt_project.yml.',
      },
      { cause },
    );
  let bytes: Buffer | undefined;
  try {
    bytes = /^https?:/.test(address) ? await tools.web.get(address) : readLocal(address, tools.root);
  } catch (error) {
    tools.signal.throwIfAborted();
    if (error instanceof Unreachable || (error instanceof Error && 'code' in error))
      return fail(
        {
          code: 'package-unreachable',
          message: `${address} cannot be fetched: ${error.message}`,
          at: spec.at,
          hint: 'Check the address and the network.',
        },
        { cause: error },
      );
    throw error;
  }
  if (!bytes) return invalid('there is nothing at this address (404)', undefined, 'package-unreachable');
  const room = tools.room();
  makeFolder(room);
  try {
    const top = unpack(bytes, room);
    const [only] = top;
    if (only === undefined || top.length > 1)
      return invalid(`there are ${top.length} things at its top (${top.slice(0, 5).join(', ')})`, undefined);
    return join(room, only);
  } catch (error) {
    if (error instanceof DwhError) throw error;
    return invalid(error instanceof Error ? error.message : String(error), error);
  }
}

const readLocal = (address: string, root: string): Buffer =>
  readFileSync(address.startsWith('file:') ? fileURLToPath(address) : resolve(root, address));

export async function pinTarball({ spec }: Asking<TarballSpec>, tools: Tools): Promise<Pinned> {
  const folder = await download(spec.tarball, spec, tools);
  const { name, needs } = projectIn(folder, spec.tarball, spec.at, tools);
  const called = spec.name ?? name;
  return {
    name: called,
    locked: { name: called, tarball: written(spec, 'tarball') },
    shown: `tarball ${spec.tarball}`,
    needs,
    folder,
    put: async (into) => renameSync(folder, into),
    warnings: [],
  };
}
