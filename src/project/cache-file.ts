// The parse cache on disk, in the target folder: what is known of each file (partial_parse.files.json), what parsing made of
// them (partial_parse.bin), and what a later parse has otherwise (partial_parse.edits.bin, which names the one that it goes with).
// Each is written beside and renamed. A file that is missing, damaged or of another version is as good as none; nothing is ever
// said of it.
import { randomUUID } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync, readSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { endianness } from 'node:os';
import { join } from 'node:path';
import { isMapping } from '../core/config-reader.ts';
import type { Manifest } from '../core/manifest.ts';
import { sha256 } from './hash.ts';
import { makeFolder } from './make-folder.ts';
import type { FileRecord, Kept, Remembered, Sections } from './records.ts';
import type { Project, ProjectFiles } from './types.ts';

const FORMAT = `dwh parse cache 2 ${endianness()}`;
const FILES = 'partial_parse.files.json';
const WHOLE = 'partial_parse.bin';
const EDITS = 'partial_parse.edits.bin';
/** The first line holds places and hashes only. */
const HEAD_BYTES = 4096;

interface Entry {
  readonly start: number;
  readonly bytes: number;
  readonly hash: string;
}

/** `files`: what is known of each file, too; it is large. */
export function readCache(targetPath: string, { files } = { files: true }): Remembered {
  const whole = readSections(join(targetPath, WHOLE), undefined);
  return {
    files: files ? readTable(join(targetPath, FILES)) : new Map(),
    whole,
    edits: whole && readSections(join(targetPath, EDITS), whole.id),
  };
}

function readTable(path: string): ReadonlyMap<string, FileRecord> {
  try {
    const text = readFileSync(path, 'utf8');
    const end = text.indexOf('\n');
    const body = text.slice(end + 1);
    return text.slice(0, end) === `${FORMAT} ${sha256(body)}` ? new Map(JSON.parse(body) as [string, FileRecord][]) : new Map();
  } catch {
    return new Map();
  }
}

/** `on`: the id that they have to name. */
function readSections(path: string, on: string | undefined): Sections | undefined {
  try {
    const head = readRange(path, 0, HEAD_BYTES).toString('utf8');
    const end = head.indexOf('\n');
    const header: unknown = JSON.parse(head.slice(0, end));
    if (!isMapping(header) || header.format !== FORMAT || typeof header.key !== 'string' || !isMapping(header.sections)) return undefined;
    if (header.on !== on) return undefined;
    const entries = header.sections as Readonly<Record<string, Entry>>;
    return {
      key: header.key,
      id: sha256(head.slice(0, end)),
      section(name) {
        const entry = entries[name];
        if (!entry) return undefined;
        try {
          const bytes = readRange(path, end + 1 + entry.start, entry.bytes);
          return sha256(bytes) === entry.hash ? bytes : undefined;
        } catch {
          return undefined;
        }
      },
    };
  } catch {
    return undefined;
  }
}

function readRange(path: string, start: number, bytes: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(Math.min(bytes, Math.max(0, fstatSync(file).size - start)));
    let read = 0;
    while (read < buffer.length) {
      const count = readSync(file, buffer, read, buffer.length - read, start + read);
      if (count === 0) break;
      read += count;
    }
    return buffer.subarray(0, read);
  } finally {
    closeSync(file);
  }
}

/**
 * Keeps a parse for the next run, and what link made of it; undefined: it cannot be linked. Returns the id of what is kept
 * now: equal ids, equal contents. A target folder that cannot be written costs only time. A parse with secrets in it is not
 * kept, and nor is the one before it.
 */
export function rememberParse(
  files: ProjectFiles,
  project: Project,
  linked: Manifest | undefined,
  hasSecrets: (parts: Iterable<Uint8Array>) => boolean,
): string | undefined {
  try {
    const records = files.fileRecords();
    if (!records) return undefined;
    const made = project.remember?.(linked);
    const secret = made !== undefined && hasSecrets(made.all);
    const [whole, edits] = [join(files.targetPath, WHOLE), join(files.targetPath, EDITS)];
    if (secret) for (const path of [whole, edits]) rmSync(path, { force: true });
    const kept = secret ? undefined : made;
    const header = kept && headerOf(kept);
    const known = files.remembered?.files;
    const changed = known?.size !== records.size || [...records].some(([path, record]) => !sameRecord(known.get(path), record));
    if (kept || changed) makeFolder(files.targetPath);
    if (kept) {
      const parts = [Buffer.from(`${header}\n`), ...Object.values(kept.sections)];
      writeWhole(kept.on === undefined ? whole : edits, parts);
      // They go with another, and would only lie there.
      if (kept.on === undefined) rmSync(edits, { force: true });
    }
    if (changed) {
      const body = JSON.stringify([...records]);
      writeWhole(join(files.targetPath, FILES), [Buffer.from(`${FORMAT} ${sha256(body)}\n${body}`)]);
    }
    if (project.remember) return header && sha256(header);
    return project.before?.id;
  } catch {
    // The next run parses again.
    return undefined;
  }
}

const sameRecord = (a: FileRecord | undefined, b: FileRecord): boolean => a?.every((value, index) => value === b[index]) ?? false;

/** Where each section stands behind the header, and its hash. */
function headerOf({ key, on, sections }: Kept): string {
  const entries: Record<string, Entry> = {};
  let start = 0;
  for (const [name, bytes] of Object.entries(sections)) {
    entries[name] = { start, bytes: bytes.length, hash: sha256(bytes) };
    start += bytes.length;
  }
  return JSON.stringify({ format: FORMAT, key, on, sections: entries });
}

function writeWhole(path: string, parts: readonly Uint8Array[]): void {
  const beside = `${path}.${randomUUID()}`;
  try {
    writeFileSync(beside, Buffer.concat(parts));
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}
