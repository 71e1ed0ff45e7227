// Objects → rows of text for the columns of a load, and what is wrong with records.
import { Refused } from '../errors.ts';
import { recordsOf } from './delimited.ts';
import { fieldOf, type Json, pathSteps, rootsOf, valueAt } from './json.ts';
import type { SourceObject } from './objects.ts';
import type { CopyOptions } from './options.ts';

export interface LoadColumn {
  readonly name: string;
  readonly oid: number;
  readonly modifier: number;
  readonly type: string;
  readonly required: boolean;
}
export interface LoadRow {
  readonly file: string;
  readonly line: number;
  readonly raw: string;
  readonly values: (string | null)[];
}
export interface LoadError {
  readonly file: string;
  readonly line: number;
  readonly raw: string;
  readonly column?: LoadColumn;
  readonly value: string;
  readonly code: number;
  readonly reason: string;
}

/** 'auto', 'auto ignorecase', or the steps of each column. */
export type JsonForm = 'auto' | 'auto ignorecase' | readonly (readonly (string | number)[])[];

/** https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-format.html#copy-json-jsonpaths */
export function jsonForm(bytes: Uint8Array, columns: number): JsonForm {
  let file: unknown;
  try {
    file = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    throw new Refused({ sqlstate: 'XX000', message: 'Invalid JSONPaths file: it is not valid JSON' });
  }
  // Any other key is taken for no key at all, without a word.
  const paths = (file as { jsonpaths?: unknown } | null)?.jsonpaths;
  if (!Array.isArray(paths)) return 'auto';
  if (paths.length !== columns)
    throw new Refused({
      sqlstate: 'XX000',
      message: `Number of jsonpaths and the number of columns should match. JSONPath size: ${paths.length}, Number of columns in table or column list: ${columns}`,
    });
  return paths.map((path) => {
    const steps = pathSteps(String(path));
    if (!steps) throw new Refused({ sqlstate: 'XX000', message: `Invalid JSONPath format: ${String(path)}` });
    return steps;
  });
}

export interface Rows {
  readonly rows: LoadRow[];
  readonly errors: LoadError[];
  readonly lines: ReadonlyMap<string, number>;
}

export function readRows(
  objects: readonly SourceObject[],
  columns: readonly LoadColumn[],
  options: CopyOptions,
  form: JsonForm | undefined,
): Rows {
  const rows: LoadRow[] = [];
  const errors: LoadError[] = [];
  const lines = new Map<string, number>();
  for (const { url, bytes } of objects) {
    const text = Buffer.from(bytes)
      .toString('utf8')
      .replace(/^\uFEFF/, '');
    const before = rows.length + errors.length;
    if (form) jsonRows(url, text, columns, form, rows, errors);
    else delimitedRows(url, text, columns, options, rows, errors);
    lines.set(url, rows.length + errors.length - before);
  }
  return { rows, errors, lines };
}

function jsonRows(file: string, text: string, columns: readonly LoadColumn[], form: JsonForm, rows: LoadRow[], errors: LoadError[]): void {
  const ignoreCase = form === 'auto ignorecase';
  for (const { line, raw, value, problem } of rootsOf(text)) {
    if (value === undefined) {
      errors.push({ file, line, raw, value: '', code: 1216, reason: `Invalid JSON: ${problem ?? ''}` });
      continue;
    }
    const fields = value instanceof Map ? (ignoreCase ? lowered(value) : value) : new Map<string, Json>();
    const values = columns.map(({ name }, index) =>
      fieldOf(typeof form === 'string' ? (fields.get(name) as Json | undefined) : valueAt(value, form[index] ?? [])),
    );
    rows.push({ file, line, raw, values });
  }
}

const lowered = (fields: ReadonlyMap<string, Json>): ReadonlyMap<string, Json> =>
  new Map([...fields].map(([key, value]) => [key.toLowerCase(), value]));

function delimitedRows(
  file: string,
  text: string,
  columns: readonly LoadColumn[],
  options: CopyOptions,
  rows: LoadRow[],
  errors: LoadError[],
): void {
  const isCsv = options.has('csv');
  const nullText = options.text('null') ?? '\\N';
  let skipped = options.number('ignoreheader') ?? 0;
  const records = recordsOf(text, {
    delimiter: options.text('delimiter') ?? (isCsv ? ',' : '|'),
    ...(isCsv && { quote: options.text('quote') ?? '"' }),
    escape: options.has('escape'),
    removeQuotes: options.has('removequotes'),
    ignoreBlankLines: options.has('ignoreblanklines'),
  });
  for (const { line, raw, fields, problem } of records) {
    if (skipped-- > 0) continue;
    // A last delimiter ends a line of text.
    const given = !isCsv && fields.length === columns.length + 1 && fields.at(-1) === '' ? fields.slice(0, -1) : fields;
    const reason =
      problem ??
      (given.length > columns.length
        ? 'Extra column(s) found'
        : given.length < columns.length && !options.has('fillrecord')
          ? isCsv
            ? 'Delimiter not found'
            : 'Delimiter not found'
          : undefined);
    if (reason !== undefined) {
      errors.push({
        file,
        line,
        raw,
        value: '',
        code: problem === undefined ? (given.length > columns.length ? 1202 : 1201) : 1214,
        reason,
      });
      continue;
    }
    rows.push({
      file,
      line,
      raw,
      values: columns.map((_, index) => (given[index] === undefined || given[index] === nullText ? null : given[index])),
    });
  }
}
