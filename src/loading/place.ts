// What a load needs of the place where its files are.
import type { ListedFile } from '../core/copy.ts';

/** Opened for one load; `close` removes what was fetched. */
export interface Place {
  /** Sorted by key in binary order, so every engine and every machine loads in the same order. */
  list(signal: AbortSignal): Promise<readonly ListedFile[]>;
  /** The files as they can be opened here, under the same keys, until the next call or `close`. Missing: they are here. */
  readonly fetch?: (files: readonly ListedFile[], signal: AbortSignal) => Promise<readonly ListedFile[]>;
  /** The first bytes of a file, `length` at most. Only where the files are not here. */
  readonly start?: (file: ListedFile, length: number, signal: AbortSignal) => Promise<Uint8Array>;
  /** Of S3, once something was listed. */
  readonly region?: () => Promise<string>;
  /** A text with the keys of fetched files in place of where they lie here. */
  named?(text: string): string;
  /** Those of `files` that were written to, replaced or removed since they were listed. Asked at the end of a load, before the commit. */
  changedSince(files: readonly ListedFile[], signal: AbortSignal): Promise<readonly ListedFile[]>;
  close(): Promise<void>;
}
