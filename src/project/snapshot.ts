// A whole parse, kept and restored: when nothing that parsing reads has changed, nothing is parsed. The key covers all files by
// content, the target, this program; vars, environment and names that change from run to run are checked one by one.

import { isMapping } from '../core/config-reader.ts';
import type { Manifest } from '../core/manifest.ts';
import type { DocEntry, GroupEntry, MacroEntry, Node } from '../core/node.ts';
import type { Problem } from '../core/problem.ts';
import { hashIfReadable } from './files.ts';
import { sha256 } from './hash.ts';
import { NAMES_SECTION, namesOf, packNames } from './known-names.ts';
import type { MemoEntry } from './memo.ts';
import { packer, unpacker } from './pack.ts';
import type { ReadLog, Reads } from './reads.ts';
import type { Remembered } from './records.ts';
import type { ProjectFiles, ProjectSettings } from './types.ts';

/** What parsing makes, as plain data. */
export interface Snapshot {
  /** The mark of the program that made it. */
  readonly program: string;
  readonly settings: ProjectSettings;
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

export interface Restored {
  readonly snapshot: Snapshot;
  /** Of the memo; undefined: damaged. Asked for only when the snapshot does not hold. */
  readonly units: () => unknown;
}

/** What the last parse left, whatever its key; undefined when other code made it. */
export function unpackSections(remembered: Remembered | undefined, program: string): Restored | undefined {
  const source = unpacker();
  const next = (name: string): unknown => {
    const [leaves, shapes, stream] = ['leaves', 'shapes', 'stream'].map((part) => remembered?.section(`${name}.${part}`));
    return leaves && shapes && stream ? source.add({ leaves, shapes, stream }) : undefined;
  };
  try {
    const snapshot = next('project');
    if (!isMapping(snapshot) || snapshot.program !== program) return undefined;
    return {
      snapshot: snapshot as unknown as Snapshot,
      units: () => {
        try {
          return withNodes(next('units'), snapshot as unknown as Snapshot);
        } catch {
          return undefined;
        }
      },
    };
  } catch {
    return undefined;
  }
}

/** Nothing that it read has changed. */
export const holds = ({ reads, sideFiles }: Snapshot, files: ProjectFiles, log: ReadLog): boolean =>
  log.holds(reads) &&
  sideFiles.every(([path, hash]) => {
    const found = files.sideFile(path);
    return (found ? hashIfReadable(found) : null) === hash;
  });

/** undefined: it holds something that is not plain data. */
export function packSections(snapshot: Snapshot, units: readonly MemoEntry[]): Record<string, Uint8Array> | undefined {
  const target = packer();
  const sections: Record<string, Uint8Array> = { [NAMES_SECTION]: packNames(namesOf(snapshot)) };
  for (const [name, value] of [['project', snapshot] as const, ['units', withNumbers(units, snapshot)] as const]) {
    const packed = target.add(value);
    if (!packed) return undefined;
    for (const [part, bytes] of Object.entries(packed)) sections[`${name}.${part}`] = bytes;
  }
  return sections;
}

const allNodes = ({ nodes, disabled }: Snapshot): readonly Node[] => [...nodes, ...disabled];

/** Nodes among the units are those of the project, linked or not: their numbers say it in less. */
interface PackedUnits {
  readonly plain: readonly MemoEntry[];
  /** What is kept is a node, or a list of nodes. */
  readonly ofNodes: readonly (readonly [key: string, isList: boolean, reads: Reads | undefined, ...numbers: readonly number[]])[];
}

function withNumbers(units: readonly MemoEntry[], snapshot: Snapshot): PackedUnits {
  const numbers = new Map<string, number>();
  // Of two nodes with one id (one of them is disabled) neither has a number.
  const several = new Set<string>();
  for (const [number, { unique_id }] of allNodes(snapshot).entries())
    if (numbers.has(unique_id)) several.add(unique_id);
    else numbers.set(unique_id, number);
  for (const id of several) numbers.delete(id);
  const numberOf = (one: unknown): number | undefined =>
    isMapping(one) && typeof one.unique_id === 'string' ? numbers.get(one.unique_id) : undefined;
  const plain: MemoEntry[] = [];
  const ofNodes: PackedUnits['ofNodes'][number][] = [];
  for (const entry of units) {
    const [key, value, reads] = entry;
    const found = Array.isArray(value) ? value.map(numberOf) : [numberOf(value)];
    if (found.length > 0 && found.every((number) => number !== undefined)) ofNodes.push([key, Array.isArray(value), reads, ...found]);
    else plain.push(entry);
  }
  return { plain, ofNodes };
}

function withNodes(units: unknown, snapshot: Snapshot): readonly MemoEntry[] | undefined {
  if (!isMapping(units)) return undefined;
  const { plain, ofNodes } = units as unknown as PackedUnits;
  const nodes = allNodes(snapshot);
  return [
    ...plain,
    ...ofNodes.map(([key, isList, reads, ...numbers]): MemoEntry => {
      const found = numbers.map((number) => nodes[number]);
      const value = isList ? found : found[0];
      return reads ? [key, value, reads] : [key, value];
    }),
  ];
}
