// A package that is asked for, and one that is found: what all kinds of packages share.
import type { Location } from '../core/location.ts';
import { DwhError, fail, type Problem } from '../core/problem.ts';
import { PROJECT_FILES } from '../core/project-files.ts';
import type { Hub } from './hub.ts';
import type { Locked } from './lock-file.ts';
import type { PackageList, PackageSpec } from './spec.ts';
import type { Web } from './web.ts';

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
export function projectIn(folder: string, shown: string, at: Location, tools: Tools): ReturnType<Tools['project']> {
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

/** As it stands in the file: what is kept of it may be read by anybody, and a template may have a secret in it. */
export const written = (spec: PackageSpec, key: string): string => String(spec.written[key] ?? '');

/** Who asks for what, in one line. */
export const asks = <S extends PackageSpec>(askings: readonly Asking<S>[], what: (spec: S) => string): string =>
  askings.map(({ spec, by }) => `${by} asks for ${what(spec)}`).join('; ');

export const conflict = (name: string, who: string, at: Location): never =>
  fail({
    code: 'package-conflict',
    message: `${name} is asked for in versions that exclude one another: ${who}`,
    at,
    hint: 'Ask for versions that all of them can use, or for other versions of the packages that ask.',
  });
