// The folder of packages: what stands in it, and what a command that changed it and was killed left beside it. The new folder is
// made beside, the old one steps aside, and the new one takes its place.
import { existsSync, lstatSync, readdirSync, readlinkSync, realpathSync, renameSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Problem } from '../core/problem.ts';
import { PROJECT_FILES } from '../core/project-files.ts';

export interface Places {
  readonly installed: string;
  /** For what is made; goes away. */
  readonly beside: string;
  /** In it, the packages. */
  readonly made: string;
  /** The folder before, while it is exchanged. */
  readonly before: string;
}

/** A folder that is a link stays one, and what it leads to is exchanged. */
export function placesOf(folder: string): Places {
  const isLink = lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  const linked = (): string => (existsSync(folder) ? realpathSync(folder) : resolve(dirname(folder), readlinkSync(folder)));
  const installed = isLink ? linked() : folder;
  const hidden = (word: string): string => join(dirname(installed), `.${basename(installed)}.${word}`);
  const beside = hidden('new');
  return { installed, beside, made: join(beside, 'packages'), before: hidden('old') };
}

/** An exchange that was cut off is finished: what the old folder made way for was whole. Throws what the file system throws. */
export function finishExchange({ installed, made, before }: Places): void {
  if (existsSync(installed) || !existsSync(before)) return;
  try {
    renameSync(made, installed);
  } catch {
    renameSync(before, installed);
  }
}

/** The folders of packages, by name. */
export function installedPackages(folder: string, problems: Problem[]): readonly string[] {
  const names = namesIn(folder) ?? (takePlace(folder, problems) ? namesIn(folder) : undefined);
  return (names ?? [])
    .sort()
    .map((name) => join(folder, name))
    .filter((path) => PROJECT_FILES.some((name) => existsSync(join(path, name))));
}

function namesIn(folder: string): string[] | undefined {
  try {
    return readdirSync(folder);
  } catch {
    return undefined;
  }
}

/** Whether there may be a folder now. */
function takePlace(folder: string, problems: Problem[]): boolean {
  const places = placesOf(folder);
  try {
    finishExchange(places);
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    problems.push({
      code: 'packages-missing',
      severity: 'warning',
      message: `an install of packages was cut off before they were in ${places.installed}, and they cannot be put there now: ${error.message}`,
      hint: 'Make the folder around it writable, or install them with: dwh deps',
    });
    return false;
  }
}
