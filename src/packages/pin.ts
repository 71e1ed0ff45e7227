// From what is asked for to one package: which version, what its project is called, what it needs in turn, and how it gets into a
// folder. Nothing of the project itself is touched.
import { fail } from '../core/problem.ts';
import { isProjectName } from '../project/load.ts';
import { localFolder, pinLocal } from './from-folder.ts';
import { pinGit } from './from-git.ts';
import { pinHub } from './from-hub.ts';
import { pinTarball } from './from-tarball.ts';
import type { Asking, Pinned, Tools } from './pinned.ts';
import type { GitSpec, HubSpec, LocalSpec, TarballSpec } from './spec.ts';

/** What is the same package, however it is asked for. */
export function keyOf({ spec, folder }: Asking, { root, homeDir }: Tools): string {
  switch (spec.kind) {
    case 'hub':
      return `hub ${spec.package.toLowerCase()}`;
    case 'git':
      return `git ${spec.git.replace(/\/*$/, '').replace(/\.git$/, '')} ${spec.subdirectory ?? ''}`;
    case 'tarball':
      return `tarball ${spec.tarball}`;
    case 'local':
      return `local ${localFolder(spec, folder, root, homeDir)}`;
  }
}

/** `askings`: all that ask for this one package. Throws DwhError. */
export async function pin(askings: readonly Asking[], tools: Tools): Promise<Pinned> {
  const pinned = await pinAs(askings, tools);
  // It becomes the name of a folder, and comes from a hub or a list of packages.
  if (!isProjectName(pinned.name))
    fail({
      code: 'package-invalid',
      message: `'${pinned.name}' cannot be the name of a package (${pinned.shown})`,
      ...(askings[0] && { at: askings[0].spec.at }),
      hint: 'A name has letters, digits and underscores, and does not begin with a digit.',
    });
  return pinned;
}

function pinAs(askings: readonly Asking[], tools: Tools): Promise<Pinned> {
  const [first] = askings;
  switch (first?.spec.kind) {
    case 'hub':
      return pinHub(askings as readonly Asking<HubSpec>[], tools);
    case 'git':
      return pinGit(askings as readonly Asking<GitSpec>[], tools);
    case 'tarball':
      return pinTarball(first as Asking<TarballSpec>, tools);
    case 'local':
      return pinLocal(first as Asking<LocalSpec>, tools);
    default:
      throw new Error('nobody asks for the package');
  }
}
