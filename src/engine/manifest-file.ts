// target/manifest.json. When the one that is there was written from the same parse, only its time and its run's id are
// changed, in place: of ten thousand models the file has 80 MB, and writing it costs more than all the rest of a warm parse.
import { closeSync, fstatSync, openSync, readFileSync, readSync, type Stats, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Dialect } from '../adapters/dialect.ts';
import type { Manifest } from '../core/manifest.ts';
import type { Secrets } from '../core/secrets.ts';
import type { Files } from './files.ts';
import { type CompiledParts, type Deferred, type ManifestStamp, manifestHead, manifestText } from './manifest-json.ts';

export interface ManifestSource {
  readonly manifest: Manifest;
  readonly dialect: Dialect;
  readonly stamp: ManifestStamp;
  /** Equal ids mean manifests that differ in their stamps only; undefined: it is not known what is equal. */
  readonly id: string | undefined;
  readonly json: Secrets['json'];
  readonly deferred: Deferred;
  readonly compiled?: CompiledParts;
}

const MANIFEST = 'manifest.json';
/** Of which parse manifest.json is, and what tells that it is still the file that was written. */
const RECORD = 'partial_parse.manifest.json';

export function writeManifest(files: Files, { manifest, dialect, stamp, id, json, deferred, compiled }: ManifestSource): void {
  const path = join(files.targetPath, MANIFEST);
  const record = join(files.targetPath, RECORD);
  if (id !== undefined && restamp(path, record, id, manifestHead(manifest, stamp, json))) return;
  files.replace(MANIFEST, manifestText(manifest, dialect, stamp, json, deferred, compiled));
  if (id === undefined) return;
  const file = openSync(path, 'r');
  try {
    writeFileSync(record, recordOf(id, fstatSync(file)));
  } finally {
    closeSync(file);
  }
}

const recordOf = (id: string, { ino, size, mtimeMs, ctimeMs }: Stats): string => JSON.stringify([id, ino, size, mtimeMs, ctimeMs]);

/** False: the file is another one, or not there. */
function restamp(path: string, record: string, id: string, head: string): boolean {
  let file: number;
  let known: string;
  try {
    known = readFileSync(record, 'utf8');
    file = openSync(path, 'r+');
  } catch {
    return false;
  }
  try {
    // All by the open file: another run may put its own in this one's place meanwhile.
    if (recordOf(id, fstatSync(file)) !== known) return false;
    const bytes = Buffer.from(head);
    const there = Buffer.alloc(bytes.length);
    readSync(file, there, 0, there.length, 0);
    if (withoutStamp(there.toString()) !== withoutStamp(head)) return false;
    writeSync(file, bytes, 0, bytes.length, 0);
    writeFileSync(record, recordOf(id, fstatSync(file)));
    return true;
  } finally {
    closeSync(file);
  }
}

const withoutStamp = (head: string): string => head.replace(/"(generated_at|invocation_id|invocation_started_at)":"[^"]*"/g, '"$1":""');
