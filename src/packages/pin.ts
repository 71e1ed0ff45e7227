// From what is asked for to one package: which version, what its project is called, what it needs in turn, and how it gets into a
// folder. Nothing of the project itself is touched.
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Location } from '../core/location.ts';
import { DwhError, fail, type Problem } from '../core/problem.ts';
import { PROJECT_FILES } from '../core/project-files.ts';
import { type Bound, boundOf, canMeet, highest, versionOf } from '../core/version-ranges.ts';
import { isProjectName } from '../project/load.ts';
import { type Checkout, checkOut } from './git.ts';
import type { Hub } from './hub.ts';
import type { Locked } from './lock-file.ts';
import { type GitSpec, type HubSpec, type LocalSpec, type PackageList, type PackageSpec, packagesIn, type TarballSpec } from './spec.ts';
import { unpack } from './tar.ts';
import { Unreachable, type Web } from './web.ts';

/** Who asks for a package. */
export interface Asking<S extends PackageSpec = PackageSpec> {
  readonly spec: S;
  /** 'the project', or the name of a package. */
  readonly by: string;
  /** The folder that local paths are relative to; undefined: the root project's alone. */
  readonly folder: string | undefined;
}

export interface Pinned {
  /** The name of its project, and of its folder. */
  readonly name: string;
  readonly locked: Locked;
  /** 'version 1.1.1 of dbt-labs/dbt_utils' */
  readonly shown: string;
  /** Of the hub's, when there is a later one than this. */
  readonly later?: string;
  readonly needs: PackageList;
  /** Where it stands now; undefined: at the hub. */
  readonly folder: string | undefined;
  /** Makes `into`, which is not there. */
  readonly put: (into: string) => Promise<void>;
  readonly warnings: readonly Problem[];
}

export interface Tools {
  readonly root: string;
  readonly homeDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly hub: Hub;
  readonly web: Web;
  /** The release of dbt whose packages are taken. */
  readonly dbtVersion: string;
  /** A new folder for what is fetched; goes away in the end. */
  readonly room: () => string;
  /** Reads the project in a folder: its name, and what it needs. */
  readonly project: (folder: string, shown: string) => { readonly name: string; readonly needs: PackageList };
}

/** A mistake in it is shown where it is asked for: the folder it was fetched into is gone by then. */
function projectIn(folder: string, shown: string, at: Location, tools: Tools): ReturnType<Tools['project']> {
  try {
    return tools.project(folder, shown);
  } catch (error) {
    if (!(error instanceof DwhError)) throw error;
    const [{ code, message, hint }] = error.problems;
    const isMissing = code === 'project-missing';
    const reason = isMissing ? `there is ${PROJECT_FILES.map((name) => `no ${name}`).join(' and ')} in it` : message;
    const next = isMissing ? 'Name the folder of it that has one, with subdirectory (git), or another package.' : hint;
    return fail(
      { code: 'package-invalid', message: `${shown} is no package: ${reason}`, at, ...(next !== undefined && { hint: next }) },
      { cause: error },
    );
  }
}

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

const written = (spec: PackageSpec, key: string): string => String(spec.written[key] ?? '');

/** Who asks for what, in one line. */
const asks = <S extends PackageSpec>(askings: readonly Asking<S>[], what: (spec: S) => string): string =>
  askings.map(({ spec, by }) => `${by} asks for ${what(spec)}`).join('; ');

const conflict = (name: string, who: string, at: Location): never =>
  fail({
    code: 'package-conflict',
    message: `${name} is asked for in versions that exclude one another: ${who}`,
    at,
    hint: 'Ask for versions that all of them can use, or for other versions of the packages that ask.',
  });

function boundsOf({ spec }: Asking<HubSpec>): readonly Bound[] {
  return spec.versions.map(
    (text) =>
      boundOf(text) ??
      fail({
        code: 'package-version',
        message: `'${text}' of ${spec.package} is not a version`,
        at: spec.at,
        hint: 'A version has three numbers, and a range a sign before them: ">=1.0.0".',
      }),
  );
}

async function pinHub(askings: readonly Asking<HubSpec>[], tools: Tools): Promise<Pinned> {
  const [{ spec }] = askings as readonly [Asking<HubSpec>];
  const name = spec.package;
  const bounds = askings.flatMap(boundsOf);
  if (!canMeet(bounds))
    conflict(
      name,
      asks(askings, ({ versions }) => versions.join(' ')),
      spec.at,
    );
  const all = await tools.hub.versions(name).catch((error: unknown) => {
    if (!(error instanceof DwhError)) throw error;
    const [first, ...rest] = error.problems;
    throw new DwhError([{ at: spec.at, ...first }, ...rest], { cause: error.cause });
  });
  const installed = versionOf(tools.dbtVersion);
  const fits = (requires: readonly string[]): boolean => requires.every((text) => !installed || (boundOf(text)?.allows(installed) ?? true));
  const usable = [...all].flatMap(([version, { requires }]) => (fits(requires) ? [version] : []));
  const prerelease = askings.some((asking) => asking.spec.prerelease);
  const version = highest(usable, bounds, prerelease);
  const found = version === undefined ? undefined : all.get(version);
  if (version === undefined || !found) {
    const other = highest([...all.keys()], bounds, prerelease);
    return fail({
      code: 'package-version',
      message:
        other === undefined
          ? `the hub has no version of ${name} that fits: ${asks(askings, ({ versions }) => versions.join(' '))}`
          : `${name} ${other} is not made for dbt ${tools.dbtVersion}: it requires ${all.get(other)?.requires.join(' ')}`,
      at: spec.at,
      hint: `There are: ${usable.slice(-10).join(', ') || 'none that can be used'}`,
    });
  }
  const latest = highest(usable, [], prerelease);
  return {
    name: found.name,
    locked: { name: found.name, package: name, version },
    shown: `version ${version} of ${name}`,
    ...(latest !== undefined && latest !== version && { later: latest }),
    needs: packagesIn(found.packages, name),
    folder: undefined,
    put: async (into) => renameSync(await download(found.tarball, spec, tools), into),
    warnings: [],
  };
}

/** The one folder of a tarball. */
async function download(address: string, spec: PackageSpec, tools: Tools): Promise<string> {
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
  mkdirSync(room, { recursive: true });
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

async function pinTarball({ spec }: Asking<TarballSpec>, tools: Tools): Promise<Pinned> {
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

async function pinGit(askings: readonly Asking<GitSpec>[], tools: Tools): Promise<Pinned> {
  const [{ spec }] = askings as readonly [Asking<GitSpec>];
  const revisions = [...new Set(askings.flatMap((asking) => asking.spec.revision ?? []))];
  if (revisions.length > 1)
    conflict(
      spec.git,
      asks(askings, ({ revision }) => revision ?? 'any'),
      spec.at,
    );
  const [revision] = revisions;
  const room = tools.room();
  let checkout: Checkout;
  try {
    checkout = await checkOut(spec.git, revision, room, tools.env, tools.signal);
  } catch (error) {
    if (!(error instanceof DwhError)) throw error;
    throw new DwhError([{ at: spec.at, ...error.problems[0] }], { cause: error.cause });
  }
  const folder = spec.subdirectory === undefined ? room : join(room, spec.subdirectory);
  if (relative(room, folder).startsWith('..') || !existsSync(folder))
    fail({
      code: 'package-invalid',
      message: `${spec.git} has no folder '${spec.subdirectory}'`,
      at: spec.at,
      hint: 'Correct subdirectory.',
    });
  const { name, needs } = projectIn(folder, spec.git, spec.at, tools);
  const unpinned = revision === undefined || revision === 'main' || revision === 'master';
  return {
    name,
    locked: {
      git: written(spec, 'git'),
      name,
      revision: checkout.commit,
      ...(spec.subdirectory !== undefined && { subdirectory: spec.subdirectory }),
    },
    shown: `${revision === undefined ? 'the head' : `revision ${revision}`} of ${spec.git}`,
    needs,
    folder,
    // Without its history: the place may be a folder of another repository.
    put: async (into) => cpSync(folder, into, { recursive: true, filter: (path) => path !== join(room, '.git') }),
    warnings:
      unpinned && askings.every((asking) => asking.spec.warnUnpinned)
        ? [
            {
              code: 'package-unpinned',
              severity: 'warning',
              message: `${spec.git} is taken at ${revision === undefined ? 'its head' : `'${revision}'`}, which moves`,
              at: spec.at,
              hint: `Pin it with: revision: ${checkout.commit}, or say: warn-unpinned: false`,
            },
          ]
        : [],
  };
}

/** Relative to the package that names it, where it is there; else to the root project, as in dbt. */
function localFolder({ local }: LocalSpec, folder: string | undefined, root: string, homeDir: string): string {
  const path = local.replace(/^~(?=\/|$)/, homeDir);
  const beside = folder === undefined ? undefined : resolve(folder, path);
  return beside !== undefined && existsSync(beside) ? beside : resolve(root, path);
}

async function pinLocal({ spec, folder: from, by }: Asking<LocalSpec>, tools: Tools): Promise<Pinned> {
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
