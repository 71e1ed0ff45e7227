// A whole parse, kept and restored: when nothing that parsing reads has changed, nothing is parsed. The key covers all files by
// content, the target, this program; vars, environment and names that change from run to run are checked one by one.

import { isMapping } from '../core/config-reader.ts';
import type { DocEntry, MacroEntry, Node } from '../core/node.ts';
import type { Problem } from '../core/problem.ts';
import { sha256 } from './files.ts';
import { pack, unpack } from './pack.ts';
import type { ReadLog, Reads } from './reads.ts';
import type { Remembered } from './records.ts';
import type { ProjectFiles, ProjectSettings } from './types.ts';

/** What parsing makes, as plain data. */
export interface Snapshot {
  readonly settings: ProjectSettings;
  readonly nodes: readonly Node[];
  readonly disabled: readonly Node[];
  readonly macros: readonly MacroEntry[];
  readonly docs: readonly DocEntry[];
  readonly selectors: Readonly<Record<string, unknown>>;
  /** Of parsing alone: those of loading are found again each time. */
  readonly warnings: readonly Problem[];
  readonly reads: Reads;
  /** Files that configs name: path and hash; null: it is not there. */
  readonly sideFiles: readonly (readonly [path: string, hash: string | null])[];
}

/** Of all that is read from files, and of `world`: target, adapter, program. */
export function keyOf(files: ProjectFiles, world: string): string {
  const parts: unknown[] = [world, files.selectors?.hash() ?? null];
  for (const one of files.packages) {
    // Values, too: some are rendered while loading.
    parts.push(one.name, one.projectFile.hash(), one.project.values, one.folders);
    for (const [kind, found] of Object.entries(one.files))
      parts.push(
        kind,
        found.map(({ source, folder, below }) => [folder, below, source.hash()].join('\0')),
      );
  }
  return sha256(JSON.stringify(parts));
}

export function restore(files: ProjectFiles, remembered: Remembered | undefined, key: string, log: ReadLog): Snapshot | undefined {
  if (remembered?.key !== key) return undefined;
  try {
    const [leaves, shapes, stream] = ['leaves', 'shapes', 'stream'].map((name) => remembered.section(name));
    if (!leaves || !shapes || !stream) return undefined;
    const value = unpack({ leaves: Buffer.from(leaves).toString('utf8'), shapes: Buffer.from(shapes).toString('utf8'), stream });
    if (!isMapping(value) || !Array.isArray(value.nodes)) return undefined;
    const snapshot = value as unknown as Snapshot;
    if (!log.holds(snapshot.reads)) return undefined;
    if (!snapshot.sideFiles.every(([path, hash]) => (files.sideFile(path)?.hash() ?? null) === hash)) return undefined;
    return snapshot;
  } catch {
    return undefined;
  }
}

/** undefined: it holds something that is not plain data. */
export function sectionsOf(snapshot: Snapshot): Record<string, Uint8Array> | undefined {
  const packed = pack(snapshot);
  return packed && { leaves: Buffer.from(packed.leaves), shapes: Buffer.from(packed.shapes), stream: packed.stream };
}
