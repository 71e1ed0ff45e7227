// external: rows in a file, and a view that reads them. The rows are made beside and tested there; publication writes the file and
// replaces the view. https://github.com/duckdb/dbt-duckdb#writing-to-external-files
import { isAbsolute, join } from 'node:path';
import type { Dialect } from '../adapters/dialect.ts';
import { FILE_FORMATS, type FileFormat, type FileOptions, type FilePlaces, type OutputFiles } from '../adapters/output-files.ts';
import type { ConfigReader } from '../core/config-reader.ts';
import { runs } from '../core/plan.ts';
import type { Relation } from '../core/relation.ts';
import { besideName, type Configured, type Materialization, type Planned, type Task } from './materialization.ts';

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

interface Said {
  readonly location: string | undefined;
  readonly format: FileFormat;
  readonly write: FileOptions;
  readonly read: FileOptions | undefined;
}

/** Keys that need Python. */
const PLUGINS = ['plugin', 'glue_register'];

function said(config: ConfigReader): Said {
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
  const reading = `${format}_read_options`;
  return { location, format: format ?? 'parquet', write, read: config.has(reading) ? config.mapping(reading).values : undefined };
}

const isUrl = (path: string): boolean => /^[a-z][a-z0-9+.-]+:/i.test(path);

function outputFiles({ location, format, write, read }: Said, { identifier }: Relation, { project, root }: FilePlaces): OutputFiles {
  const by = write.partition_by;
  const partitions = by === undefined || by === null ? 0 : Array.isArray(by) ? by.length : String(by).split(',').length;
  const isFolder = partitions > 0 || /^(?:true|1)$/i.test(String(write.per_thread_output ?? ''));
  const path = location ?? `${root}/${identifier}${isFolder ? '' : `.${format}`}`;
  const place = isUrl(path) || isAbsolute(path) ? path : join(project, path);
  return { location: place.replace(/\/$/, ''), format, write, read, levels: isFolder ? partitions : undefined };
}

function externalPlan(task: Task, from: Said, dialect: Dialect): Planned {
  const { relation, sql, existing, incoming, files } = task;
  const { fileTables } = dialect;
  if (!fileTables || !files) throw new Error(`${dialect.name} has no files`);
  const rows = besideName(relation, 'next', dialect);
  const output = outputFiles(from, relation, files);
  return {
    verb: 'CREATE EXTERNAL',
    stage: runs(dialect.createTableAs(rows, sql)),
    candidate: rows,
    publish: runs([
      ...fileTables.write(rows, output, incoming),
      ...(existing && existing.kind !== 'view' ? dialect.drop(existing) : []),
      ...dialect.replaceView(relation, fileTables.query(output, incoming)),
    ]),
    cleanup: runs(dialect.drop({ relation: rows, kind: 'table' })),
  };
}

export const external: Materialization = {
  name: 'external',
  missing: ({ name, fileTables }) =>
    fileTables
      ? undefined
      : {
          message: `${name} does not write files: it has no materialization 'external'`,
          hint: "Use 'table', and export the rows.",
        },
  configure(config): Configured {
    const from = said(config);
    return {
      needsColumns: () => true,
      isIncremental: () => false,
      plan: (task, dialect) => externalPlan(task, from, dialect),
    };
  },
};
