// How a load's files are read: the source's `load:` and its columns in, everything that the readers and the scan need out.
import type { TargetColumn } from '../core/copy.ts';
import type { CopySpec } from '../core/node.ts';
import { type Problem, throwIfAny } from '../core/problem.ts';
import type { Column } from '../core/statement.ts';
import { type ColumnType, columnType, unknownType } from './column-types.ts';
import { autoColumns, autoMode, jsonpathsColumns } from './jsonpaths.ts';
import type { JsonpathsFile } from './jsonpaths-file.ts';
import { type CsvOptions, csvOptions } from './options.ts';

export interface RecordFormat {
  readonly spec: CopySpec;
  /** In the table's order; for json with the path to each one's value. */
  readonly columns: readonly TargetColumn[];
  /** Of the columns. */
  readonly types: readonly ColumnType[];
  /** 'auto ignorecase': the keys of a record match whatever their case. */
  readonly foldKeys: boolean;
  readonly csv: CsvOptions;
  /** Options that have no effect here. */
  readonly warnings: readonly Problem[];
}

/**
 * `columns` in the table's order, their types as the warehouse spells them (Dialect.columnType). `jsonpaths`: what `readJsonpaths`
 * found. Throws one DwhError with all mistakes.
 */
export function recordFormat(spec: CopySpec, columns: readonly Column[], jsonpaths?: JsonpathsFile): RecordFormat {
  const problems: Problem[] = [];
  if (columns.length === 0) problems.push(noColumns(spec));
  const types = columns.flatMap((column) => {
    const type = columnType(column.type);
    if (!type) problems.push(unknownType(column.name, column.type, spec.at));
    return type ? [type] : [];
  });
  const { csv, problems: ofOptions } = csvOptions(spec);
  const warnings = ofOptions.filter((problem) => problem.severity === 'warning');
  if (spec.format === 'parquet' && spec.on_error === 'reject') warnings.push(wholeParquet(spec));
  throwIfAny([...problems, ...ofOptions]);
  return {
    spec,
    columns: targetColumns(spec, columns, jsonpaths),
    types,
    foldKeys: autoMode(spec.jsonpaths) === 'auto ignorecase',
    csv,
    warnings,
  };
}

/** Throws DwhError for a jsonpaths file that does not fit. */
export function targetColumns(spec: CopySpec, columns: readonly Column[], jsonpaths?: JsonpathsFile): readonly TargetColumn[] {
  if (spec.format !== 'json') return columns;
  return jsonpaths ? jsonpathsColumns(jsonpaths.text, jsonpaths.file, columns, spec.at) : autoColumns(columns);
}

export const noColumns = ({ at }: CopySpec): Problem => ({
  code: 'load-columns',
  message: 'a table that is loaded from files must declare its columns',
  at,
  hint: 'List them under columns:, each with name and data_type, in the order of the table.',
});

const wholeParquet = (spec: CopySpec): Problem => ({
  code: 'load-option',
  message: "'on_error: reject' has no effect on parquet files: a value that does not fit stops the load",
  at: spec.at,
  hint: 'Set on_error: abort, or load the values as text and cast them in a model.',
  severity: 'warning',
});
