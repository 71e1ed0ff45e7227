// The parse cache on disk: one file in the target folder, written beside and renamed. A line of JSON says what follows and
// its hashes; a file that is missing, damaged or of another version is as good as none.

import { randomUUID } from 'node:crypto';
import { closeSync, fstatSync, mkdirSync, openSync, readSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMapping } from '../core/config-reader.ts';
import { sha256 } from './files.ts';
import type { FileRecord, Kept, Remembered } from './records.ts';
import type { ProjectFiles } from './types.ts';

const FORMAT = 'dwh parse cache 1';
const NAME = 'partial_parse.json';
/** The first line holds lengths and hashes only. */
const HEAD_BYTES = 4096;

interface Entry {
  readonly start: number;
  readonly bytes: number;
  readonly hash: string;
}

export function readCache(targetPath: string): Remembered | undefined {
  const path = join(targetPath, NAME);
  try {
    const head = readRange(path, 0, HEAD_BYTES).toString('utf8');
    const end = head.indexOf('\n');
    const header: unknown = JSON.parse(head.slice(0, end));
    if (!isMapping(header) || header.format !== FORMAT || typeof header.key !== 'string' || !isMapping(header.sections)) return undefined;
    const sections = header.sections as Readonly<Record<string, Entry>>;
    const section = (name: string): string | undefined => {
      const entry = sections[name];
      if (!entry) return undefined;
      try {
        const bytes = readRange(path, end + 1 + entry.start, entry.bytes);
        return bytes.length === entry.bytes && sha256(bytes) === entry.hash ? bytes.toString('utf8') : undefined;
      } catch {
        return undefined;
      }
    };
    const files = section('files');
    if (files === undefined) return undefined;
    return { key: header.key, files: new Map(JSON.parse(files) as [string, FileRecord][]), section };
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

/** Keeps a parse for the next run. A target folder that cannot be written costs only time: nothing is said. */
export function rememberParse(files: ProjectFiles, kept: Kept): void {
  try {
    const bodies = { files: JSON.stringify([...files.fileRecords()]), ...kept.sections };
    let start = 0;
    const buffers: Buffer[] = [];
    const sections: Record<string, Entry> = {};
    for (const [name, text] of Object.entries(bodies)) {
      const buffer = Buffer.from(text, 'utf8');
      sections[name] = { start, bytes: buffer.length, hash: sha256(buffer) };
      buffers.push(buffer);
      start += buffer.length;
    }
    const header = JSON.stringify({ format: FORMAT, key: kept.key, sections });
    mkdirSync(files.targetPath, { recursive: true });
    const path = join(files.targetPath, NAME);
    const beside = `${path}.${randomUUID()}`;
    try {
      writeFileSync(beside, Buffer.concat([Buffer.from(`${header}\n`), ...buffers]));
      renameSync(beside, path);
    } catch (error) {
      rmSync(beside, { force: true });
      throw error;
    }
  } catch {
    // The next run parses again.
  }
}
