// Rows in files: `copy … to`, and the functions that read them. One file of text is read with the very columns and
// options that it was written with, so that '007' stays a text and no rows are still a table with its columns.
// https://duckdb.org/docs/stable/sql/statements/copy
import { statement } from '../../core/statement.ts';
import type { FileOptions, FileTables, OutputFiles } from '../output-files.ts';
import { quote, relationName } from '../sql.ts';
import { literal } from './literal.ts';

/** Options whose value is a text, with the name that they have where the file is read. */
const TEXTS: Readonly<Record<string, string>> = {
  delimiter: 'delim',
  delim: 'delim',
  sep: 'delim',
  quote: 'quote',
  escape: 'escape',
  null: 'nullstr',
  nullstr: 'nullstr',
  dateformat: 'dateformat',
  timestampformat: 'timestampformat',
  compression: 'compression',
  filename_pattern: '',
};

const isQuoted = (text: string): boolean => text.startsWith("'");

function written([key, value]: readonly [string, unknown]): string {
  const text = String(value);
  if (key.toLowerCase() === 'partition_by')
    return `${key} (${Array.isArray(value) ? value.join(', ') : text.replace(/^\((.*)\)$/s, '$1')})`;
  return `${key} ${key.toLowerCase() in TEXTS && !isQuoted(text) ? literal(text) : text}`;
}

/** A value of plain data as SQL. */
function value(plain: unknown): string {
  if (Array.isArray(plain)) return `[${plain.map(value).join(', ')}]`;
  if (typeof plain === 'object' && plain !== null)
    return `{${Object.entries(plain)
      .map(([key, one]) => `${literal(key)}: ${value(one)}`)
      .join(', ')}}`;
  return typeof plain === 'string' ? literal(plain) : String(plain);
}

const call = (name: string, location: string, options: readonly (readonly [string, string])[]): string =>
  `select * from ${name}(${[literal(location), ...options.map(([key, sql]) => `${key} = ${sql}`)].join(', ')})`;

const given = (options: FileOptions): readonly (readonly [string, string])[] =>
  Object.entries(options).map(([key, plain]) => [key, value(plain)]);

/** What a reader has to know of how the text was written. */
function asWritten(write: FileOptions): readonly (readonly [string, string])[] {
  return Object.entries(write).flatMap(([key, plain]): readonly (readonly [string, string])[] => {
    const name = TEXTS[key.toLowerCase()];
    if (!name) return [];
    const text = String(plain);
    return [[name, isQuoted(text) ? text : literal(text)]];
  });
}

const hasHeader = (write: FileOptions): boolean => !/^(?:0|false|off)$/i.test(String(write.header ?? 1));

/** Below folders nothing is found where nothing was written: there a row of nothing stands for no rows. */
const fillers = (columns: readonly { readonly name: string }[]): string => columns.map(() => 'null').join(', ');

export const fileTables: FileTables = {
  write(rows, { location, format, write, levels }, columns) {
    const options = [['format', format] as const, ...(format === 'csv' && write.header === undefined ? [['header', 1] as const] : [])];
    const others = Object.entries(write).filter(([key]) => key.toLowerCase() !== 'format');
    const name = relationName(rows);
    return [
      ...(levels === undefined
        ? []
        : [statement(`insert into ${name} select ${fillers(columns)} where not exists (select 1 from ${name})`)]),
      statement(`copy ${name} to ${literal(location)} (${[...options, ...others].map(written).join(', ')})`),
    ];
  },
  query({ location, format, write, read, levels }: OutputFiles, columns) {
    if (levels !== undefined) {
      const all = `${location}/${'*/'.repeat(levels)}*.${format}`;
      const isEmpty = (columns ?? []).map(({ name }) => `${quote(name)} is null`).join(' and ');
      const compression = asWritten(write).filter(([name]) => name === 'compression' && format !== 'parquet');
      return `${call(`read_${format}`, all, [...compression, ...given(read ?? {})])}${isEmpty && ` where not (${isEmpty})`}`;
    }
    if (read !== undefined || columns === undefined || format === 'parquet') return call(`read_${format}`, location, given(read ?? {}));
    const types = `{${columns.map(({ name, type }) => `${literal(name)}: ${literal(type)}`).join(', ')}}`;
    const own: readonly (readonly [string, string])[] =
      format === 'csv'
        ? [
            ['auto_detect', 'false'],
            ['header', String(hasHeader(write))],
            ['allow_quoted_nulls', 'false'],
          ]
        : [['format', "'auto'"]];
    return call(`read_${format}`, location, [...own, ...asWritten(write), ['columns', types]]);
  },
};
