// A file written from its beginning to its end, of texts and of parts of another file, and put in place when it is whole.
import { randomUUID } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync, renameSync, rmSync, type Stats, writeSync } from 'node:fs';

/** Each returns how many bytes it came to. */
export interface Out {
  text(text: string): number;
  /** What an open file has from one byte to before another. */
  part(file: number, start: number, end: number): number;
}

const BUFFER_BYTES = 1 << 20;
/** What a processor keeps at hand. */
const COPIED_BYTES = 1 << 18;

/** Returns what tells the file from another that is put in its place. */
export function replaceFile(path: string, write: (out: Out) => void): Stats {
  const beside = `${path}.${randomUUID()}`;
  try {
    const file = openSync(beside, 'w');
    try {
      const { out, end } = outTo(file);
      write(out);
      end();
      renameSync(beside, path);
      return fstatSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

function outTo(to: number): { readonly out: Out; readonly end: () => void } {
  const buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  let used = 0;
  // Parts that follow one another are one.
  let part = { file: -1, start: 0, end: 0 };
  const writeAll = (bytes: Uint8Array, length: number): void => {
    for (let at = 0; at < length; ) at += writeSync(to, bytes, at, length - at);
  };
  const flush = (): void => {
    writeAll(buffer, used);
    used = 0;
  };
  const copy = (): void => {
    if (part.start === part.end) return;
    flush();
    const { file, start, end } = part;
    for (let at = start; at < end; ) {
      const read = readSync(file, buffer, 0, Math.min(COPIED_BYTES, end - at), at);
      if (read === 0) throw new Error('the file that is copied from has become shorter');
      writeAll(buffer, read);
      at += read;
    }
    part = { file: -1, start: 0, end: 0 };
  };
  return {
    out: {
      text(text) {
        copy();
        const most = text.length * 3;
        if (most > BUFFER_BYTES - used) flush();
        if (most > BUFFER_BYTES) {
          const bytes = Buffer.from(text);
          writeAll(bytes, bytes.length);
          return bytes.length;
        }
        const written = buffer.write(text, used);
        used += written;
        return written;
      },
      part(file, start, end) {
        if (file === part.file && start === part.end) part.end = end;
        else {
          copy();
          part = { file, start, end };
        }
        return end - start;
      },
    },
    end() {
      copy();
      flush();
    },
  };
}
