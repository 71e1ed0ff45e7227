// target/manifest.json. When the one that is there was written from the same parse, only its time and its run's id are
// changed, in place: of ten thousand models the file has 80 MB, and writing it costs more than all the rest of a warm parse.
import { closeSync, fstatSync, openSync, readFileSync, readSync, type Stats, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest } from '../core/manifest.ts';
import type { Files } from './files.ts';
import { type EarlierFile, type ManifestParts, manifestHead, type Places, writeManifestText } from './manifest-json.ts';

export interface ManifestSource extends ManifestParts {
  /** Equal ids mean manifests that differ in their stamps only; undefined: it is not known what is equal. */
  readonly id: string | undefined;
  /** Of the parse before this one. */
  readonly before: { readonly id: string; readonly manifest: Manifest | undefined } | undefined;
}

const MANIFEST = 'manifest.json';
/** Of which parse manifest.json is, and what tells that it is still the file that was written; then where all stands in it. */
const RECORD = 'partial_parse.manifest.json';

export function writeManifest(files: Files, source: ManifestSource): void {
  const { manifest, stamp, json, id, before } = source;
  const path = join(files.targetPath, MANIFEST);
  const record = join(files.targetPath, RECORD);
  if (id !== undefined && restamp(path, record, id, manifestHead(manifest, stamp, json))) return;
  const earlier = id === undefined || !before?.manifest ? undefined : opened(path, record, before.id, before.manifest);
  let places: Places = [];
  try {
    files.replace(MANIFEST, (out) => {
      places = writeManifestText(out, source, earlier);
    });
  } finally {
    if (earlier) closeSync(earlier.file);
  }
  if (id === undefined) return;
  const file = openSync(path, 'r');
  try {
    writeFileSync(record, `${recordOf(id, fstatSync(file))}\n${JSON.stringify(places)}`);
  } finally {
    closeSync(file);
  }
}

const recordOf = (id: string, { ino, size, mtimeMs, ctimeMs }: Stats): string => JSON.stringify([id, ino, size, mtimeMs, ctimeMs]);

/** undefined: it is another one, or not there. */
function opened(path: string, record: string, id: string, manifest: Manifest): EarlierFile | undefined {
  let file: number | undefined;
  try {
    const [known, places = ''] = readFileSync(record, 'utf8').split('\n');
    file = openSync(path, 'r');
    if (recordOf(id, fstatSync(file)) === known) return { file, manifest, places: JSON.parse(places) as Places };
  } catch {
    // It is written anew.
  }
  if (file !== undefined) closeSync(file);
  return undefined;
}

/** False: the file is another one, or not there. */
function restamp(path: string, record: string, id: string, head: string): boolean {
  let file: number;
  let known: string;
  let places: string;
  try {
    [known = '', places = ''] = readFileSync(record, 'utf8').split('\n');
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
    writeFileSync(record, `${recordOf(id, fstatSync(file))}\n${places}`);
    return true;
  } finally {
    closeSync(file);
  }
}

const withoutStamp = (head: string): string => head.replace(/"(generated_at|invocation_id|invocation_started_at)":"[^"]*"/g, '"$1":""');
