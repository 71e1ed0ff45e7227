// The first look at a file: its content's tag, and whether DuckDB may read it by itself. One pass over the bytes serves both.
import { createHash } from 'node:crypto';
import type { ListedFile } from '../core/copy.ts';
import { fail, type Problem } from '../core/problem.ts';
import { isGzip, rawChunks, unpacked } from './file-bytes.ts';
import { LineCheck } from './line-check.ts';
import { pause } from './pause.ts';
import type { RecordFormat } from './record-format.ts';

export interface ScannedFile extends ListedFile {
  /** As listed; else sha256 of the file as it stands, hex. */
  readonly content: string;
  /** gzip. */
  readonly packed: boolean;
  /** Present: the file may be loaded by DuckDB's own reader (`readJsonSql`, `readParquetSql`). Absent: by `readFiles`. */
  readonly clean?: CleanFile;
}

export interface CleanFile {
  /** Exactly; undefined for parquet, which only DuckDB has read. */
  readonly rows?: number;
  /** By column, the forms of its values: see provable.ts. Empty for parquet. */
  readonly forms: Uint8Array;
  /** Large, and its last line has no end. */
  readonly unended?: boolean;
}

/**
 * In order. `findsClean`: whether to tell clean files from others, which only a warehouse that reads files has a use for. Throws
 * DwhError for a file that cannot be read.
 */
export async function scanFiles(
  files: Iterable<ListedFile>,
  format: RecordFormat,
  signal?: AbortSignal,
  findsClean = true,
): Promise<readonly ScannedFile[]> {
  const check = findsClean && isProvable(format) ? new LineCheck(format) : undefined;
  const buffer = Buffer.allocUnsafe(1 << 20);
  const scanned: ScannedFile[] = [];
  let bytes = 0;
  for (const file of files) {
    if (format.spec.format === 'parquet' && globs.test(file.location)) fail(patternName(file, format));
    const hash = createHash('sha256');
    const chunks = rawChunks(file.location, file.content === undefined ? hash : undefined, buffer);
    const found = await look(file, chunks, format.spec.format === 'parquet' ? undefined : check);
    const clean = format.spec.format === 'parquet' ? { forms: new Uint8Array() } : found.clean;
    scanned.push({ ...file, content: file.content ?? hash.digest('hex'), packed: found.packed, ...(clean && { clean }) });
    bytes += Math.min(file.size, pauseBytes);
    if (bytes < pauseBytes) continue;
    bytes = 0;
    signal?.throwIfAborted();
    await pause();
  }
  return scanned;
}

/** Other work waits no longer than it takes to look at so many bytes. */
const pauseBytes = 1 << 22;

/** Takes every chunk, so that all are hashed; checks them as long as the file may be clean. */
async function look(
  file: ListedFile,
  chunks: Generator<Uint8Array, void>,
  check: LineCheck | undefined,
): Promise<{ packed: boolean; clean?: CleanFile }> {
  const lines = check && !globs.test(file.location) ? check : undefined;
  lines?.open();
  const first = chunks.next();
  if (first.done) return { packed: false, ...(lines && { clean: { rows: 0, forms: lines.forms } }) };
  const packed = isGzip(first.value);
  const all = (function* (): Generator<Uint8Array, void> {
    yield first.value;
    yield* chunks;
  })();
  if (packed && lines) {
    const unpacking = unpacked(all, file.key);
    for (;;) {
      const next = await unpacking.next();
      // DuckDB refuses a file that is padded behind its last member.
      if (next.done) {
        if (next.value < file.size) return { packed };
        break;
      }
      if (lines.clean) lines.take(next.value);
    }
  } else {
    let count = 0;
    for (const chunk of all) {
      if (lines?.clean) lines.take(chunk);
      if (++count % 4 === 0) await pause();
    }
  }
  if (lines?.clean) lines.take(undefined);
  return { packed, ...(lines?.clean && { clean: { rows: lines.rows, forms: lines.forms, unended: lines.unended } }) };
}

/** DuckDB takes such paths as patterns, and has no way to take them as they are. */
const globs = /[*?[]/;

const patternName = (file: ListedFile, { spec }: RecordFormat): Problem => ({
  code: 'load-place',
  message: `${file.key} cannot be loaded: DuckDB takes a path with *, ? or [ as a pattern`,
  at: spec.at,
  hint: 'Rename the file or its folder.',
});

/** Whether any file of the format can be proved: each column is one top-level key, and DuckDB can tell the keys apart. */
function isProvable({ spec, columns, foldKeys }: RecordFormat): boolean {
  if (spec.format !== 'json' || foldKeys) return false;
  const keys = new Set(columns.map(({ path }) => (path?.length === 1 ? String(path[0]) : '')));
  return (
    !keys.has('') && ![...keys].some((key) => key.includes('\0')) && new Set([...keys].map((key) => key.toLowerCase())).size === keys.size
  );
}
