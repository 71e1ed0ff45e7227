// The vocabulary of loading: files found, files remembered, records refused.
import type { Column } from './statement.ts';

/** A file at the source, as listed. */
export interface ListedFile {
  /** How the ledger knows it. Local: relative to the project folder when inside it, else absolute; 's3://bucket/key'. */
  readonly key: string;
  /** How it is opened: an absolute path or an s3 URL. */
  readonly location: string;
  /** Bytes. */
  readonly size: number;
  /** Changes whenever the content may have changed (mtime and inode, or an ETag); equal marks mean equal content. */
  readonly mark: string;
  /** Of the content, where the listing tells it: an ETag. */
  readonly content?: string;
}

/** A row of the ledger. */
export interface LoadedFile {
  readonly key: string;
  readonly size: number;
  readonly mark: string;
  /** Of the content: sha256 hex, or an ETag. */
  readonly content: string;
  readonly rows: number;
  readonly rejects: number;
}

/** A record that was refused. */
export interface Reject {
  readonly file: string;
  /** From 1, in the unpacked file. */
  readonly line: number;
  /** The column whose value was refused; undefined when the record itself is at fault. */
  readonly column?: string;
  readonly value?: string;
  readonly reason: string;
  /** The record as it stands, its first line only when it is malformed; bytes that are not UTF-8 are shown as U+FFFD. */
  readonly raw: string;
}

/** What a column takes: its name, declared type, and for json the path to its value. */
export interface TargetColumn extends Column {
  readonly path?: readonly (string | number)[];
}

/** What a file gave, when it was read to its end. */
export interface FileCount {
  readonly key: string;
  readonly rows: number;
  readonly rejects: number;
}

/** A piece of what the exact reader reads. */
export interface RowBatch {
  /** Whole rows as Connection.copyIn wants them, of one file or several; may be empty. The receiver's to keep. */
  readonly csv: Uint8Array;
  readonly rows: number;
  readonly rejects: readonly Reject[];
  /** Files that ended in this batch, with their totals. */
  readonly done: readonly FileCount[];
}

/** Objects that one statement has the warehouse read by itself. */
export interface ObjectsRead {
  readonly files: readonly ListedFile[];
  /** The statement names the beginning of their places: it may have read more than these. */
  readonly byPrefix: boolean;
}
