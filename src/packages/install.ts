// Packages into the folder of packages: made beside, and then exchanged for it, so that there is always all of one list.
import { existsSync, lstatSync, mkdirSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Pinned } from './pin.ts';

export interface Places {
  readonly installed: string;
  /** For what is made; goes away. */
  readonly beside: string;
  /** The folder before, while it is exchanged. */
  readonly before: string;
}

/** A folder that is a link stays one. */
export function placesOf(folder: string): Places {
  const installed = existsSync(folder) && lstatSync(folder).isSymbolicLink() ? realpathSync(folder) : folder;
  const hidden = (word: string): string => join(dirname(installed), `.${basename(installed)}.${word}`);
  return { installed, beside: hidden('new'), before: hidden('old') };
}

/** What a killed install left: the old folder comes back, what was half made goes. */
export function recover({ installed, beside, before }: Places): void {
  rmSync(beside, { recursive: true, force: true });
  if (!existsSync(before)) return;
  if (existsSync(installed)) rmSync(before, { recursive: true, force: true });
  else renameSync(before, installed);
}

/** `each` hears of every package that is made. */
export async function install(packages: readonly Pinned[], places: Places, each: (one: Pinned) => void): Promise<void> {
  const { installed, beside, before } = places;
  const made = join(beside, 'packages');
  mkdirSync(made, { recursive: true });
  for (const one of packages) {
    await one.put(join(made, one.name));
    each(one);
  }
  if (existsSync(installed)) renameSync(installed, before);
  renameSync(made, installed);
  rmSync(before, { recursive: true, force: true });
}
