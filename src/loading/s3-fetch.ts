// Objects of S3 to files of this machine, several at a time, in a folder that is removed when the load has ended. What a killed
// process leaves behind, a later one removes.
import { closeSync, mkdtempSync, openSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import type { ListedFile } from '../core/copy.ts';
import type { Location } from '../core/location.ts';
import { DwhError, fail } from '../core/problem.ts';
import { type Bucket, CONCURRENCY } from '../s3/index.ts';
import { atOnce } from './at-once.ts';
import { fileChanged } from './list.ts';

const NAME = 'dwh-fetched-';
/** No place is the beginning of another one. */
const ENDING = '.object';
const OWN_NAME = /^(\d+)\.object/;
const ABANDONED_MS = 24 * 3600 * 1000;
/** Of an object whose connection breaks off midway: the SDK tries requests again, and not what is still to come of an answer. */
const ATTEMPTS = 3;

/** A folder of this process alone. Only the user may look into it. */
async function makeFolder(at: Location): Promise<string> {
  const folder = writing(at, () => mkdtempSync(join(tmpdir(), NAME)));
  const now = statSync(folder).mtimeMs;
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(NAME)) continue;
    const other = join(tmpdir(), name);
    const found = statSync(other, { throwIfNoEntry: false });
    // Another user's stays.
    if (found && now - found.mtimeMs > ABANDONED_MS) await rm(other, { recursive: true, force: true }).catch(() => undefined);
  }
  return folder;
}

export interface Fetched {
  /** Under their keys, at their places here. */
  readonly files: readonly ListedFile[];
  /** A text with their keys in place of their places here. */
  named(text: string): string;
  remove(): Promise<void>;
}

/** Throws, and leaves nothing behind, when one cannot be had as it was listed. */
export async function fetchObjects(
  bucket: Bucket,
  files: readonly ListedFile[],
  keyOf: (file: ListedFile) => string,
  at: Location,
  signal: AbortSignal,
): Promise<Fetched> {
  const folder = await makeFolder(at);
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const pathOf = (index: number): string => join(folder, `${index}${ENDING}`);
  try {
    await atOnce(CONCURRENCY, files, signal, (file, index, stop) => fetchOne(bucket, file, keyOf(file), pathOf(index), at, stop));
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    files: files.map((file, index) => ({ ...file, location: pathOf(index) })),
    named: (text) =>
      text
        .split(`${folder}${sep}`)
        .map((part, index) => (index === 0 ? part : part.replace(OWN_NAME, (_, number: string) => files[Number(number)]?.key ?? number)))
        .join(''),
    remove,
  };
}

async function fetchOne(bucket: Bucket, file: ListedFile, key: string, path: string, at: Location, signal: AbortSignal): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const last = attempt === ATTEMPTS;
    const object = await bucket.get(key, signal, { etag: file.content });
    // Not every server that speaks S3 knows conditions.
    if (!object || object.etag !== file.content) return fail(fileChanged([file], at));
    try {
      if ((await write(object.bytes, path, at)) === file.size) return;
    } catch (error) {
      const brokeOff = error instanceof DwhError && error.problems[0].code === 's3-unreachable';
      if (!brokeOff || last) throw error;
    }
    if (last) fail(fileChanged([file], at));
  }
}

/** Written synchronously: it goes to memory, and would else queue in libuv's four threads behind running statements. Bytes written. */
async function write(bytes: AsyncIterable<Uint8Array>, path: string, at: Location): Promise<number> {
  const file = writing(at, () => openSync(path, 'w'));
  let written = 0;
  try {
    for await (const chunk of bytes) {
      writing(at, () => writeFileSync(file, chunk));
      written += chunk.length;
    }
    return written;
  } finally {
    closeSync(file);
  }
}

function writing<T>(at: Location, write: () => T): T {
  try {
    return write();
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    return fail(
      {
        code: 'load-unwritable',
        message: `objects cannot be written to the temporary folder ${tmpdir()}: ${code === 'ENOSPC' ? 'the disk is full' : code}`,
        at,
        hint: 'Set TMPDIR to a folder of a disk that has room for all objects of the load.',
      },
      { cause },
    );
  }
}
