// What one parse leaves for the next: when nothing that it read has changed, nothing is parsed. The key covers all files by content,
// the target, this program; vars, environment and names that change from run to run are checked one by one.

import { isSame } from '../core/is-same.ts';
import type { Manifest } from '../core/manifest.ts';
import type { DocEntry, GroupEntry, MacroEntry, Node } from '../core/node.ts';
import type { Problem } from '../core/problem.ts';
import { hashIfReadable } from './files.ts';
import { sha256 } from './hash.ts';
import type { ReadLog, Reads } from './reads.ts';
import type { ProjectFiles, ProjectSettings } from './types.ts';

/** What parsing makes, as plain data. */
export interface Snapshot {
  /** The mark of the program that made it. */
  readonly program: string;
  /** The mark of that, the target and the adapter. */
  readonly world: string;
  readonly settings: ProjectSettings;
  readonly packageOrder: readonly string[];
  readonly ownPackageFirst: boolean;
  /** What link warned of; nodes and disabled ones are the manifest's, in its order. undefined: they are not linked. */
  readonly linked: readonly Problem[] | undefined;
  readonly nodes: readonly Node[];
  readonly disabled: readonly Node[];
  readonly macros: readonly MacroEntry[];
  readonly docs: readonly DocEntry[];
  readonly groups: readonly GroupEntry[];
  readonly restricted: readonly string[];
  readonly selectors: Readonly<Record<string, unknown>>;
  /** Of parsing alone: those of loading are found again each time. */
  readonly warnings: readonly Problem[];
  readonly reads: Reads;
  /** Files that configs name: path and hash; null: it is not there. */
  readonly sideFiles: readonly (readonly [path: string, hash: string | null])[];
}

/** What link made of it. `given`: how many of its warnings are of load and parse; they come first. */
export const ofLinked = (parsed: Snapshot, { nodes, disabled, warnings }: Manifest, given: number): Snapshot => ({
  ...parsed,
  linked: warnings.slice(given),
  nodes: [...nodes.values()],
  disabled: [...disabled.values()],
});

/** Of all that is read from files, and of `world`: target, adapter, program. */
export function keyOf(files: ProjectFiles, world: string): string {
  const parts: unknown[] = [world, files.selectors ? hashIfReadable(files.selectors) : null];
  for (const one of files.packages) {
    // Values, too: some are rendered while loading.
    parts.push(one.name, one.projectFile.file, hashIfReadable(one.projectFile), one.project.values);
    for (const [kind, found] of Object.entries(one.files))
      parts.push(
        kind,
        found.map(({ source, folder, below }) => [folder, below, hashIfReadable(source)].join('\0')),
      );
  }
  return sha256(JSON.stringify(parts));
}

/** Nothing that it read has changed. */
export const holds = ({ reads, sideFiles }: Snapshot, files: ProjectFiles, log: ReadLog): boolean =>
  log.holds(reads) &&
  sideFiles.every(([path, hash]) => {
    const found = files.sideFile(path);
    return (found ? hashIfReadable(found) : null) === hash;
  });

/** `now`, with what is the same in `before` taken from there: so equal things are one thing. Nodes are looked at when they are linked. */
export function like(now: Snapshot, before: Snapshot | undefined): Snapshot {
  if (!before) return now;
  const shared = SHARED.filter((key) => isSame(now[key], before[key]));
  return { ...now, ...Object.fromEntries(shared.map((key) => [key, before[key]])) };
}

const SHARED = [
  'settings',
  'packageOrder',
  'macros',
  'docs',
  'groups',
  'restricted',
  'selectors',
  'warnings',
  'reads',
  'sideFiles',
] as const;
