// Objects that a warehouse reads by itself, in as few statements as there must be: what one statement reads is packed in one
// way and fills the same columns. Named by a manifest, or by the beginning of their places where there is none. Pure.
// https://docs.aws.amazon.com/redshift/latest/dg/loading-data-files-using-manifest.html
import type { ListedFile } from '../core/copy.ts';
import type { Column } from '../core/statement.ts';

export interface ObjectGroup {
  readonly files: readonly ListedFile[];
  readonly packed: string | undefined;
  /** In the order of the objects' values. */
  readonly columns: readonly Column[];
}

export function groupObjects(
  files: readonly ListedFile[],
  packing: (key: string) => string | undefined,
  columnsOf: (file: ListedFile) => readonly Column[],
): readonly ObjectGroup[] {
  const groups = new Map<string, { files: ListedFile[]; packed: string | undefined; columns: readonly Column[] }>();
  for (const file of files) {
    const [packed, columns] = [packing(file.key), columnsOf(file)];
    const id = JSON.stringify([packed, ...columns.map(({ name }) => name)]);
    const known = groups.get(id);
    if (known) known.files.push(file);
    else groups.set(id, { files: [file], packed, columns });
  }
  return [...groups.values()];
}

/** Columnar files are refused without their lengths. */
export const manifestOf = (files: readonly ListedFile[]): string =>
  JSON.stringify({ entries: files.map(({ key, size }) => ({ url: key, mandatory: true, meta: { content_length: size } })) });

export interface Prefixed {
  /** Begins the places of these files, and of no other that is listed. */
  readonly prefix: string;
  readonly files: readonly ListedFile[];
}

/**
 * The fewest prefixes for `wanted` that begin none of the other listed places. undefined: there are none, since a place goes on
 * where another one ends ('a.json', 'a.json.bak'). `listed` and `wanted` are in one order, by key. Nothing is known of what lies
 * outside `folder` ('s3://bucket/events/'), so that only whole places are named there.
 */
export function prefixesOf(wanted: readonly ListedFile[], listed: readonly ListedFile[], folder: string): readonly Prefixed[] | undefined {
  const chosen = new Set(wanted.map(({ key }) => key));
  const found: Prefixed[] = [];
  for (let from = 0; from < listed.length; ) {
    let to = from;
    while (chosen.has(listed[to]?.key ?? '')) to++;
    if (to > from) {
      const some = split(listed.slice(from, to), [listed[from - 1]?.key, listed[to]?.key], folder);
      if (!some) return undefined;
      found.push(...some);
    }
    from = to + 1;
  }
  return found;
}

/** `others`: what stands before and behind these. */
function split(files: readonly ListedFile[], others: readonly (string | undefined)[], folder: string): readonly Prefixed[] | undefined {
  const common = commonStart(files[0]?.key ?? '', files.at(-1)?.key ?? '');
  const isTheirs = (prefix: string): boolean =>
    (prefix.startsWith(folder) || (files.length === 1 && prefix === common)) && others.every((other) => other?.startsWith(prefix) !== true);
  for (const prefix of [common.slice(0, common.lastIndexOf('/') + 1), common]) if (isTheirs(prefix)) return [{ prefix, files }];
  if (files.length === 1) return undefined;
  const found: Prefixed[] = [];
  const next = (file: ListedFile | undefined): number | undefined => file?.key.codePointAt(common.length);
  for (let from = 0; from < files.length; ) {
    let to = from;
    while (to < files.length && next(files[to]) === next(files[from])) to++;
    const some = split(files.slice(from, to), [files[from - 1]?.key ?? others[0], files[to]?.key ?? others[1]], folder);
    if (!some) return undefined;
    found.push(...some);
    from = to;
  }
  return found;
}

/** Of whole characters; what stands in order between the two begins with it as well. */
function commonStart(first: string, last: string): string {
  let length = 0;
  while (length < first.length && first[length] === last[length]) length++;
  const half = /[\ud800-\udbff]$/.test(first.slice(0, length)) && length < first.length;
  return first.slice(0, half ? length - 1 : length);
}
