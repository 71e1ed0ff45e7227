// A file of the project, read at most once and only when asked for; and what the last parse knows of it. A file whose size,
// times and inode are as remembered keeps its remembered hash, unless it changed so shortly before it was read that a
// further change could hide behind the same times (git's "racy" rule).
import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { DwhError } from '../core/problem.ts';
import { sha256 } from './hash.ts';
import type { FileRecord } from './records.ts';
import type { SourceFile } from './types.ts';
import { type FileStat, unreadable } from './walk.ts';

/** Coarse file systems keep times to two seconds. */
const RACY_MS = 2000;
const LARGE_BYTES = 1 << 20;

export interface FileReader {
  file(place: { readonly path: string; readonly file: string; readonly location: string }, stat: FileStat): SourceFile;
  /**
   * What to remember of the files that were handed out. Reads those whose hash nobody asked for. undefined: a file changed
   * between the moments when its hash and its text were asked for, and what was made of it may be kept under the wrong hash.
   */
  records(): ReadonlyMap<string, FileRecord> | undefined;
}

/** `startedAt`: epoch ms, not after the first stat was taken. */
export function fileReader(remembered: ReadonlyMap<string, FileRecord> | undefined, startedAt: number): FileReader {
  const handedOut = new Map<string, { readonly source: SourceFile; readonly stat: FileStat }>();
  let torn = false;
  return {
    file(place, stat) {
      const known = handedOut.get(place.location);
      if (known) return known.source;
      const record = remembered?.get(place.location);
      const trusted =
        record !== undefined &&
        record[0] === stat.size &&
        record[1] === stat.mtimeMs &&
        record[2] === stat.ctimeMs &&
        record[3] === stat.ino;
      let text: string | undefined;
      let hash = trusted ? record[4] : undefined;
      const reading = <T>(work: () => T): T => {
        try {
          return work();
        } catch (error) {
          throw new DwhError([unreadable('file', place.file, error)], { cause: error });
        }
      };
      const read = (): string => {
        if (text === undefined) {
          text = withoutMark(reading(() => readFileSync(place.location, 'utf8')));
          const found = contentHash(text);
          torn ||= hash !== undefined && hash !== found;
          hash = found;
        }
        return text;
      };
      const source: SourceFile = {
        path: place.path,
        file: place.file,
        location: place.location,
        size: stat.size,
        text: read,
        hash() {
          // A seed may be large, and nobody asks for its text.
          if (hash === undefined && stat.size > LARGE_BYTES) hash = hashOfBytes(reading(() => readFileSync(place.location)));
          if (hash === undefined) read();
          return hash ?? '';
        },
      };
      handedOut.set(place.location, { source, stat });
      return source;
    },
    records() {
      const records = [...handedOut].map(([location, { source, stat }]): [string, FileRecord] => {
        const racy = Math.max(stat.mtimeMs, stat.ctimeMs) >= startedAt - RACY_MS;
        return [location, [stat.size, racy ? -1 : stat.mtimeMs, stat.ctimeMs, stat.ino, source.hash()]];
      });
      return torn ? undefined : new Map(records);
    },
  };
}

/** For keys: what cannot be read is reported by whoever needs its text. */
export function hashIfReadable(source: SourceFile): string {
  try {
    return source.hash();
  } catch (error) {
    if (error instanceof DwhError) return 'unreadable';
    throw error;
  }
}

/**
 * One hash serves two ends: dbt's checksum (of the text without the blanks around it) is its first 64 characters, and the
 * blanks follow, so that equal hashes mean equal texts.
 */
export function contentHash(text: string): string {
  const stripped = text.trim();
  const start = text.indexOf(stripped);
  const around = `${text.slice(0, start)}|${text.slice(start + stripped.length)}`;
  return joined(stripped, around);
}

const withoutMark = (text: string): string => text.replace(/^\uFEFF/, '');

const isBlank = (byte: number | undefined): boolean => byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);

/** The same for a file's bytes, which need not become a text where what is to be stripped is ASCII. */
export function hashOfBytes(bytes: Buffer): string {
  let start = 0;
  while (isBlank(bytes[start])) start++;
  let end = bytes.length;
  while (end > start && isBlank(bytes[end - 1])) end--;
  if (!isUtf8(bytes) || (bytes[start] ?? 0x80) >= 0x80 || (bytes[end - 1] ?? 0x80) >= 0x80)
    return contentHash(withoutMark(bytes.toString()));
  return joined(bytes.subarray(start, end), `${bytes.toString('latin1', 0, start)}|${bytes.toString('latin1', end)}`);
}

const joined = (stripped: string | Uint8Array, around: string): string =>
  around === '|\n' ? sha256(stripped) : sha256(stripped) + sha256(around).slice(0, 16);

export const checksumOf = (hash: string): string => hash.slice(0, 64);
