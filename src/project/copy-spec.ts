// `load:` of a source table: how dwh loads it. Known keys are checked here; everything else is the warehouse's own COPY
// parameter and passes through.
import type { ConfigReader } from '../core/config-reader.ts';
import { nearestName } from '../core/nearest.ts';
import type { CopySpec } from '../core/node.ts';
import { loadOptions } from '../loading/options.ts';

const KEYS = ['from', 'format', 'jsonpaths', 'mode', 'on_error', 'max_errors', 'on_change', 'truncate_columns', 'allow_empty'] as const;
export function readCopySpec(load: ConfigReader): CopySpec {
  const from = load.requiredString('from');
  const options: Record<string, unknown> = {};
  for (const key of load.keys()) {
    if ((KEYS as readonly string[]).includes(key)) continue;
    const value = load.raw(key);
    // COPY's own words have no case, and a key without a value is none.
    if (value !== undefined && value !== null) options[key.toLowerCase()] = value;
    const near = loadOptions.includes(key.toLowerCase()) ? undefined : nearestName(key, [...KEYS, ...loadOptions]);
    if (near)
      load.problem(
        'unknown-key',
        `'${key}' is not a key of 'load' that dwh knows; it passes to the warehouse's COPY`,
        `Did you mean '${near}'?`,
        [key],
        'warning',
      );
  }
  const maxErrors = load.number('max_errors');
  const onError = load.oneOf('on_error', ['abort', 'reject']) ?? 'abort';
  if (maxErrors !== undefined && (!Number.isInteger(maxErrors) || maxErrors < 0))
    load.problem(
      'config-value',
      `'max_errors' is ${maxErrors}, and must be a whole number`,
      'With 10, the eleventh reject stops the load.',
      ['max_errors'],
    );
  if (maxErrors !== undefined && onError === 'abort') {
    load.problem('config-value', "'max_errors' needs 'on_error: reject': with 'abort' the first bad record stops the load", undefined, [
      'max_errors',
    ]);
  }
  return {
    from,
    format: load.oneOf('format', ['json', 'csv', 'parquet']) ?? 'json',
    jsonpaths: load.string('jsonpaths') ?? 'auto',
    mode: load.oneOf('mode', ['append', 'replace']) ?? 'append',
    on_error: onError,
    ...(maxErrors !== undefined && { max_errors: maxErrors }),
    on_change: load.oneOf('on_change', ['error', 'reload', 'ignore']) ?? 'error',
    truncate_columns: load.boolean('truncate_columns') ?? false,
    allow_empty: load.boolean('allow_empty') ?? false,
    options,
    at: load.at() ?? { file: '', line: 1, column: 1 },
  };
}
