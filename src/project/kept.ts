// A parse as bytes, and back: whole, or as what it has otherwise than one that was kept whole. The whole is large, and after an edit
// nearly all of it is as it was.
import { isMapping } from '../core/config-reader.ts';
import { isSame } from '../core/is-same.ts';
import type { Node } from '../core/node.ts';
import { once } from '../core/once.ts';
import { NAMES_SECTION, namesOf, packNames } from './known-names.ts';
import type { MemoEntry } from './memo.ts';
import { type Packer, packer, type Unpacker, unpacker } from './pack.ts';
import type { Reads } from './reads.ts';
import type { Kept, Remembered, Sections } from './records.ts';
import type { Snapshot } from './snapshot.ts';

export interface Restored {
  readonly key: string;
  readonly id: string;
  readonly snapshot: Snapshot;
  /** Of the memo; undefined: damaged. Asked for only when the snapshot does not hold. */
  readonly units: () => readonly MemoEntry[] | undefined;
  /** What it is made of: the next edits are made on top of that, too. */
  readonly whole: Whole;
}

interface Whole extends Pick<Restored, 'id' | 'snapshot' | 'units'> {
  readonly sections: Sections;
}

const WHOLE_PARTS = ['project', 'units'].flatMap((name) => [`${name}.leaves`, `${name}.shapes`, `${name}.stream`]);

/** Plain data. Nodes are numbers: those of the whole, the disabled behind the others; then those that were added. */
interface Edits {
  readonly fields: Partial<Snapshot>;
  readonly added: readonly Node[];
  readonly nodes: readonly Run[];
  readonly disabled: readonly Run[];
  /** Units of the whole, by number. */
  readonly dropped: readonly number[];
  readonly units: PackedUnits;
}

/** Numbers that follow one another: most nodes stand where they stood. */
type Run = readonly [first: number, count: number];

/** Nodes among the units are those of the project, linked or not: their numbers say it in less. */
interface PackedUnits {
  readonly plain: readonly MemoEntry[];
  /** What is kept is a node, or a list of nodes. */
  readonly ofNodes: readonly (readonly [key: string, isList: boolean, reads: Reads | undefined, ...numbers: readonly number[]])[];
}

/** With more than one node in so many made anew, a parse is kept whole. */
const FEW = 4;

/** What the last parse left, whatever its key; undefined when other code made it. */
export function unpackSections(remembered: Remembered | undefined, program: string): Restored | undefined {
  if (!remembered?.whole) return undefined;
  const { whole: sections, edits } = remembered;
  try {
    const source = unpacker();
    const snapshot = unpacked(source, sections, 'project');
    if (!isMapping(snapshot) || snapshot.program !== program) return undefined;
    const whole: Whole = {
      id: sections.id,
      sections,
      snapshot: snapshot as unknown as Snapshot,
      units: once(() => {
        try {
          const units = unpacked(source, sections, 'units');
          return isMapping(units) ? withNodes(units as unknown as PackedUnits, nodesOf(whole.snapshot)) : undefined;
        } catch {
          return undefined;
        }
      }),
    };
    const found = edits && unpacked(unpacker(), edits, 'edits');
    const [{ key, id }, parts] = edits && isMapping(found) ? [edits, edited(whole, found as unknown as Edits)] : [sections, whole];
    return { key, id, snapshot: parts.snapshot, units: parts.units, whole };
  } catch {
    return undefined;
  }
}

function unpacked(from: Unpacker, { section }: Sections, name: string): unknown {
  const [leaves, shapes, stream] = ['leaves', 'shapes', 'stream'].map((part) => section(`${name}.${part}`));
  return leaves && shapes && stream ? from.add({ leaves, shapes, stream }) : undefined;
}

function edited({ snapshot, units }: Whole, edits: Edits): Pick<Restored, 'snapshot' | 'units'> {
  const nodes = [...nodesOf(snapshot), ...edits.added];
  const numbered = (runs: readonly Run[]): readonly Node[] => runs.flatMap(([first, count]) => nodes.slice(first, first + count));
  const dropped = new Set(edits.dropped);
  return {
    snapshot: { ...snapshot, ...edits.fields, nodes: numbered(edits.nodes), disabled: numbered(edits.disabled) },
    units: () => {
      const before = units();
      return before && [...before.filter((_, number) => !dropped.has(number)), ...withNodes(edits.units, nodes)];
    },
  };
}

/** undefined: it holds something that is not plain data. */
export function packSections(snapshot: Snapshot, units: readonly MemoEntry[], last: Restored | undefined): Omit<Kept, 'key'> | undefined {
  const edits = last && editsOf(snapshot, units, last.whole);
  const target = packer();
  const packed = edits
    ? packedAs(target, 'edits', edits)
    : { ...packedAs(target, 'project', snapshot), ...packedAs(target, 'units', withNumbers(units, numbersOf(nodesOf(snapshot)))) };
  if (Object.values(packed).includes(undefined)) return undefined;
  const sections = {
    ...((!edits || namesChanged(edits, last.whole.snapshot)) && { [NAMES_SECTION]: packNames(namesOf(snapshot)) }),
    ...(packed as Record<string, Uint8Array>),
  };
  return { on: edits && last.whole.id, sections, all: allParts(sections, edits && last.whole.sections) };
}

function* allParts(sections: Readonly<Record<string, Uint8Array>>, whole: Sections | undefined): Generator<Uint8Array, void> {
  yield* Object.values(sections);
  if (whole) for (const name of WHOLE_PARTS) yield whole.section(name) ?? new Uint8Array();
}

/** Looking at those that were edited takes a tenth of making all names anew. */
function namesChanged({ fields, added, nodes }: Edits, { nodes: before }: Snapshot): boolean {
  const count = nodes.reduce((sum, [, more]) => sum + more, 0);
  if (fields.macros || fields.selectors || count !== before.length) return true;
  const known = new Map(before.map((node) => [node.unique_id, node]));
  const named = ({ name, package_name, original_file_path, tags, config }: Node): unknown => [
    ...[name, package_name, original_file_path, tags, config.group, config.materialized],
  ];
  return added.some((node) => {
    const old = known.get(node.unique_id);
    return !old || !isSame(named(node), named(old));
  });
}

function packedAs(target: Packer, name: string, value: unknown): Record<string, Uint8Array | undefined> {
  const { leaves, shapes, stream } = target.add(value) ?? {};
  return { [`${name}.leaves`]: leaves, [`${name}.shapes`]: shapes, [`${name}.stream`]: stream };
}

/** undefined: they would be as large as the whole, or it is damaged. */
function editsOf(snapshot: Snapshot, units: readonly MemoEntry[], whole: Whole): Edits | undefined {
  const knownUnits = whole.units();
  if (!knownUnits) return undefined;
  const before = nodesOf(whole.snapshot);
  const numbers = new Map(before.map((node, number) => [node, number]));
  const added: Node[] = [];
  const numberOf = (node: Node): number => {
    const known = numbers.get(node);
    if (known !== undefined) return known;
    const number = before.length + added.push(node) - 1;
    numbers.set(node, number);
    return number;
  };
  const nodes = runsOf(snapshot.nodes.map(numberOf));
  const disabled = runsOf(snapshot.disabled.map(numberOf));
  const kept = new Set(units);
  const known = new Set(knownUnits);
  const more = withNumbers(
    units.filter((unit) => !known.has(unit)),
    numbersOf(nodesOf(snapshot), numberOf),
  );
  if ((added.length + more.plain.length) * FEW > before.length) return undefined;
  const { nodes: _, disabled: __, ...fields } = snapshot;
  const others = Object.entries(fields).filter(([key, value]) => !isSame(value, whole.snapshot[key as keyof typeof fields]));
  return {
    fields: Object.fromEntries(others),
    added,
    nodes,
    disabled,
    dropped: knownUnits.flatMap((unit, number) => (kept.has(unit) ? [] : [number])),
    units: more,
  };
}

function runsOf(numbers: readonly number[]): readonly Run[] {
  const runs: [first: number, count: number][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last && last[0] + last[1] === number) last[1]++;
    else runs.push([number, 1]);
  }
  return runs;
}

const nodesOf = ({ nodes, disabled }: Pick<Snapshot, 'nodes' | 'disabled'>): readonly Node[] => [...nodes, ...disabled];

/** By id. Of two nodes with one id (one of them is disabled) neither has a number. */
function numbersOf(nodes: readonly Node[], numberOf: (node: Node, index: number) => number = (_, index) => index): Map<string, number> {
  const numbers = new Map<string, number>();
  const several = new Set<string>();
  for (const [index, node] of nodes.entries())
    if (numbers.has(node.unique_id)) several.add(node.unique_id);
    else numbers.set(node.unique_id, numberOf(node, index));
  for (const id of several) numbers.delete(id);
  return numbers;
}

function withNumbers(units: readonly MemoEntry[], numbers: ReadonlyMap<string, number>): PackedUnits {
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

const withNodes = ({ plain, ofNodes }: PackedUnits, nodes: readonly Node[]): readonly MemoEntry[] => [
  ...plain,
  ...ofNodes.map(([key, isList, reads, ...numbers]): MemoEntry => {
    const found = numbers.map((number) => nodes[number]);
    const value = isList ? found : found[0];
    return reads ? [key, value, reads] : [key, value];
  }),
];
