// A stream of CSV bytes as files of bounded size that end at the end of a row, for a server that reads files.
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';

export interface CsvFile {
  readonly path: string;
  /** Bytes of the longest row. */
  readonly longestRow: number;
  /** No file comes after it. */
  readonly last: boolean;
}

const [QUOTE, LF] = [34, 10];
const BUFFER_BYTES = 1 << 20;

/** Files of about `bytesPerFile` in `folder`, in turn, made while they are asked for; the caller removes each. */
export async function* csvFiles(
  bytes: AsyncIterable<Uint8Array>,
  folder: string,
  bytesPerFile: number,
): AsyncGenerator<CsvFile, undefined> {
  let file: FileWriter | undefined;
  let count = 0;
  // Offsets in the whole stream: where this chunk, the current file and the current row began.
  let [chunkStart, fileStart, rowStart, longestRow] = [0, 0, 0, 0];
  let quoted = false;
  const nextFile = async (): Promise<FileWriter> => {
    const path = join(folder, `${count++}.csv`);
    return new FileWriter(path, await open(path, 'wx', 0o600));
  };
  try {
    for await (const chunk of bytes) {
      if (chunk.length === 0) continue;
      if (file && rowStart === chunkStart && rowStart - fileStart >= bytesPerFile) {
        await file.close();
        yield { path: file.path, longestRow, last: false };
        file = undefined;
        [fileStart, longestRow] = [rowStart, 0];
      }
      file ??= await nextFile();
      let written = 0;
      for (let at = 0; at < chunk.length; at++) {
        const byte = chunk[at];
        if (byte === QUOTE) quoted = !quoted;
        if (byte !== LF || quoted) continue;
        const end = chunkStart + at + 1;
        longestRow = Math.max(longestRow, end - rowStart);
        rowStart = end;
        // At the end of a chunk the next one decides: only when more follows, so that the last file is known to be the last.
        if (end - fileStart < bytesPerFile || at + 1 === chunk.length) continue;
        await file.write(chunk.subarray(written, at + 1));
        await file.close();
        yield { path: file.path, longestRow, last: false };
        file = await nextFile();
        [written, fileStart, longestRow] = [at + 1, end, 0];
      }
      await file.write(chunk.subarray(written));
      chunkStart += chunk.length;
    }
    if (!file) return undefined;
    if (quoted) throw new Error('the CSV ends inside a quoted value');
    await file.close();
    yield { path: file.path, longestRow: Math.max(longestRow, chunkStart - rowStart), last: true };
    return undefined;
  } finally {
    await file?.abandon();
  }
}

/** Collects small pieces, and copies them: a stream may use its buffer again. */
class FileWriter {
  readonly #buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  #filled = 0;
  #handle: FileHandle | undefined;

  constructor(
    readonly path: string,
    handle: FileHandle,
  ) {
    this.#handle = handle;
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#filled + bytes.length > BUFFER_BYTES) await this.#flush();
    if (bytes.length > BUFFER_BYTES) {
      await this.#handle?.writeFile(bytes);
      return;
    }
    this.#buffer.set(bytes, this.#filled);
    this.#filled += bytes.length;
  }

  async close(): Promise<void> {
    await this.#flush();
    await this.abandon();
  }

  /** Closes it as it is. */
  async abandon(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  async #flush(): Promise<void> {
    if (this.#filled > 0) await this.#handle?.writeFile(this.#buffer.subarray(0, this.#filled));
    this.#filled = 0;
  }
}
