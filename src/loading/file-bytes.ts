// A file's bytes, unpacked when they begin as gzip's do: a location in, chunks out, and the sha256 of the file as it stands.
import { createHash, type Hash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { fail } from '../core/problem.ts';
import { reading } from './local-path.ts';

const chunkBytes = 1 << 20;

/**
 * Raw chunks of a file. A chunk's memory is used again for the next one. Reads are synchronous: a megabyte takes less than a
 * millisecond, while asynchronous reads queue in libuv's four threads behind running statements.
 */
export function* rawChunks(
  location: string,
  hash?: Hash,
  buffer: Uint8Array = Buffer.allocUnsafe(chunkBytes),
): Generator<Uint8Array, void> {
  const file = reading(location, undefined, () => openSync(location, 'r'));
  try {
    for (;;) {
      const length = reading(location, undefined, () => readSync(file, buffer, 0, buffer.length, null));
      if (length === 0) return;
      const chunk = buffer.subarray(0, length);
      hash?.update(chunk);
      yield chunk;
    }
  } finally {
    closeSync(file);
  }
}

/** sha256 of the file's bytes, hex. */
export function contentOf(location: string): string {
  const hash = createHash('sha256');
  for (const _ of rawChunks(location, hash));
  return hash.digest('hex');
}

export const isGzip = (chunk: Uint8Array): boolean => chunk[0] === 0x1f && chunk[1] === 0x8b;

/**
 * Unpacked chunks of gzip chunks, several members one after the other. `key` is how messages name the file. Returns how many
 * packed bytes were used: fewer than there were when the file ends in padding. Throws DwhError when it is damaged or cut short.
 */
export async function* unpacked(chunks: Iterable<Uint8Array>, key: string): AsyncGenerator<Uint8Array, number> {
  const gunzip = createGunzip({ chunkSize: 1 << 18 });
  const copies = function* (): Generator<Uint8Array> {
    // The stream holds a chunk longer than until it asks for the next.
    for (const chunk of chunks) yield Uint8Array.from(chunk);
  };
  pipeline(Readable.from(copies(), { objectMode: false, highWaterMark: 1 }), gunzip, () => {});
  try {
    for await (const chunk of gunzip) yield chunk;
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    if (!code.startsWith('Z_')) throw cause;
    fail(
      {
        code: 'load-damaged',
        message: `${key} is a gzip file that is ${code === 'Z_BUF_ERROR' ? 'cut short' : 'damaged'}`,
        hint: 'Fetch the file again; nothing of this table was loaded.',
      },
      { cause },
    );
  }
  return gunzip.bytesWritten;
}

/** The file's bytes, unpacked where needed. A chunk is valid until the next one is asked for: it may lie in `buffer`. */
export async function* fileBytes(location: string, key: string, buffer?: Uint8Array): AsyncGenerator<Uint8Array, void> {
  const chunks = rawChunks(location, undefined, buffer);
  const first = chunks.next();
  try {
    if (first.done) return;
    const all = (function* (): Generator<Uint8Array> {
      yield first.value;
      yield* chunks;
    })();
    if (isGzip(first.value)) yield* unpacked(all, key);
    else yield* all;
  } finally {
    chunks.return();
  }
}
