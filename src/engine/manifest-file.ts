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
/** Of which parse manifest.json is, and what tells that it is still the file that was written. */
const RECORD = 'partial_parse.manifest.json';
/** Where all stands in it: the next one takes from it what is the same. */
const PLACES = 'partial_parse.places.json';

export function writeManifest(files: Files, source: ManifestSource): void {
  const { manifest, stamp, json, id, before } = source;
  const path = join(files.targetPath, MANIFEST);
  const record = join(files.targetPath, RECORD);
  if (id !== undefined && restamp(path, record, id, manifestHead(manifest, stamp, json))) return;
  const earlier = id === undefined || !before?.manifest ? undefined : opened(files.targetPath, before.id, before.manifest);
  let places: Places = [];
  let stat: Stats;
  try {
    stat = files.replace(MANIFEST, (out) => {
      places = writeManifestText(out, source, earlier);
    });
  } finally {
    if (earlier) closeSync(earlier.file);
  }
  if (id === undefined) return;
  writeFileSync(record, recordOf(id, stat));
  writeFileSync(join(files.targetPath, PLACES), JSON.stringify([id, stat.size, ...places]));
}

const recordOf = (id: string, { ino, size, mtimeMs, ctimeMs }: Stats): string => JSON.stringify([id, ino, size, mtimeMs, ctimeMs]);

/** undefined: it is another one, or not there. */
function opened(targetPath: string, id: string, manifest: Manifest): EarlierFile | undefined {
  let file: number | undefined;
  try {
    file = openSync(join(targetPath, MANIFEST), 'r');
    const stat = fstatSync(file);
    const [of, size, ...places] = JSON.parse(readFileSync(join(targetPath, PLACES), 'utf8')) as [string, number, ...Places];
    // Of one parse, and as long: all but the stamp at the beginning is the same, and the stamp is as long.
    if (of === id && size === stat.size && readFileSync(join(targetPath, RECORD), 'utf8') === recordOf(id, stat))
      return { file, manifest, places };
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
