// Rows that are kept in files instead of the warehouse: what is written, and how it is read again.
import type { Relation } from '../core/relation.ts';
import type { Column, Statement } from '../core/statement.ts';

export const FILE_FORMATS = ['parquet', 'csv', 'json'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

/** Values of options as they stand in SQL, or as plain data. */
export type FileOptions = Readonly<Record<string, unknown>>;

export interface OutputFiles {
  /** A path, or a URL; the folder, where there are `levels`. */
  readonly location: string;
  readonly format: FileFormat;
  /** Of `copy … to`. */
  readonly write: FileOptions;
  /** Of the function that reads the format; undefined: nothing was said. */
  readonly read: FileOptions | undefined;
  /** Folders below the location down to the files. undefined: it is one file. */
  readonly levels: number | undefined;
}

/** Only where the warehouse writes and reads files by itself. */
export interface FileTables {
  /** The rows of a table. */
  write(rows: Relation, files: OutputFiles, columns: readonly Column[]): readonly Statement[];
  /** All that was written, as a query that has the columns. */
  query(files: OutputFiles, columns: readonly Column[]): string;
}

/** Absolute, or URLs: the project's folder, and the root that the target names. */
export interface FilePlaces {
  readonly project: string;
  readonly root: string;
}
