// The server's list of the files that a copy read, beside those that it was meant to read. Its names are cut. Pure.
import type { ListedFile } from '../../core/copy.ts';
import type { Row } from '../../core/statement.ts';

export interface CopiedFiles {
  /** What it read of each, by key; files are missing that are not named, or not by a name of their own. */
  readonly lines: ReadonlyMap<string, number>;
  /** Meant, not named, and not empty. */
  readonly missing: readonly string[];
  /** Named, and not meant. */
  readonly others: readonly string[];
}

/** By a name as the server has it: whole, or the first bytes of a longer one, which several keys may begin with. */
export function fileNames(files: readonly Pick<ListedFile, 'key'>[], nameBytes: number): (name: string) => readonly string[] {
  const byName = new Map<string, string[]>();
  for (const { key } of files) {
    for (const name of new Set([key.trimEnd(), cut(key, nameBytes)])) {
      const same = byName.get(name);
      if (same) same.push(key);
      else byName.set(name, [key]);
    }
  }
  return (name) => byName.get(name.trimEnd()) ?? [];
}

/** `rows`: [file, lines]. */
export function copiedFiles(files: readonly ListedFile[], rows: readonly Row[], nameBytes: number): CopiedFiles {
  const keysOf = fileNames(files, nameBytes);
  const lines = new Map<string, number>();
  const named = new Set<string>();
  const others: string[] = [];
  for (const [name, count] of rows) {
    const text = String(name);
    const keys = keysOf(text);
    for (const key of keys) named.add(key);
    const [only] = keys;
    if (keys.length === 1 && only !== undefined) lines.set(only, Number(count));
    // Marks of folders have no rows.
    if (keys.length === 0 && !/(?:\/|_\$folder\$)$/.test(text.trimEnd())) others.push(text.trimEnd());
  }
  return { lines, missing: files.filter(({ key, size }) => size > 0 && !named.has(key)).map(({ key }) => key), others };
}

function cut(name: string, bytes: number): string {
  const whole = Buffer.from(name);
  if (whole.length <= bytes) return name.trimEnd();
  let end = bytes;
  // Not within a character.
  while (((whole[end] ?? 0) & 0xc0) === 0x80) end--;
  return whole.subarray(0, end).toString().trimEnd();
}
