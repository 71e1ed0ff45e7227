// Rows that are kept in files instead of the warehouse: what is written, and how it is read again.
import { isAbsolute, join } from 'node:path';
import type { ConfigReader } from '../core/config-reader.ts';
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
  /** All that was written, as a query. `columns` undefined: those that the files are found to have. */
  query(files: OutputFiles, columns?: readonly Column[]): string;
}

/** Absolute, or URLs: the project's folder, and the root that the target names. */
export interface FilePlaces {
  readonly project: string;
  readonly root: string;
}

const PACKED: Readonly<Record<string, string>> = { gz: 'gzip', zst: 'zstd' };
const endings = (location: string): readonly string[] => /[^/\\]*$/.exec(location)?.[0].toLowerCase().split('.').slice(1) ?? [];

/** What a file's name says: 'orders.csv.gz' is CSV, and packed. */
function fromName(location: string): { readonly format?: string; readonly compression?: string } {
  const parts = [...endings(location)];
  const compression = PACKED[parts.at(-1) ?? ''];
  if (compression !== undefined) parts.pop();
  const format = parts.at(-1);
  return { ...(format !== undefined && { format }), ...(compression !== undefined && { compression }) };
}

/** What a model's config says of its files. */
export interface OutputSetting {
  readonly location: string | undefined;
  readonly format: FileFormat;
  readonly write: FileOptions;
  readonly read: FileOptions | undefined;
}

/** Keys with options of what reads each format. */
const READ_OPTIONS: Readonly<Record<FileFormat, string>> = {
  parquet: 'parquet_read_options',
  csv: 'csv_read_options',
  json: 'json_read_options',
};

/** Keys that need Python. */
const PLUGINS = ['plugin', 'glue_register'];

/** Mistakes are reported to the reader. */
export function outputSetting(config: ConfigReader): OutputSetting {
  for (const key of PLUGINS) {
    if (config.has(key) && config.raw(key) !== false)
      config.problem('config-unsupported', `'${key}' of an external model is not supported: plugins are Python code`, 'Remove it.', [key]);
  }
  const location = config.string('location');
  const own = Object.fromEntries(
    (['format', 'delimiter'] as const).flatMap((key) => {
      const text = config.string(key);
      return text === undefined ? [] : [[key, text]];
    }),
  );
  const write: Record<string, unknown> = { ...config.mapping('options').values, ...own };
  const name = location === undefined ? {} : fromName(location);
  if (name.compression !== undefined && write.format === undefined) write.compression ??= name.compression;
  const written = write.format ?? name.format ?? (write.delimiter === undefined ? 'parquet' : 'csv');
  const format = FILE_FORMATS.find((one) => one === String(written).toLowerCase());
  if (!format)
    config.problem(
      'config-value',
      `the format of an external model is '${String(written)}'${write.format === undefined ? ', by the name of its location' : ''}`,
      `Say with 'format' what it is: ${FILE_FORMATS.join(', ')}`,
      [write.format === undefined ? 'location' : 'format'],
    );
  const reading = READ_OPTIONS[format ?? 'parquet'];
  return { location, format: format ?? 'parquet', write, read: config.has(reading) ? config.mapping(reading).values : undefined };
}

const isUrl = (path: string): boolean => /^[a-z][a-z0-9+.-]+:/i.test(path);

/** Paths without a folder before them are the project's. */
export function outputFiles(
  { location, format, write, read }: OutputSetting,
  identifier: string,
  { project, root }: FilePlaces,
): OutputFiles {
  const by = write.partition_by;
  const partitions = by === undefined || by === null ? 0 : Array.isArray(by) ? by.length : String(by).split(',').length;
  const isFolder = partitions > 0 || /^(?:true|1)$/i.test(String(write.per_thread_output ?? ''));
  const path = location ?? `${root}/${identifier}${isFolder ? '' : `.${format}`}`;
  const place = isUrl(path) || isAbsolute(path) ? path : join(project, path);
  return { location: place.replace(/\/$/, ''), format, write, read, levels: isFolder ? partitions : undefined };
}
