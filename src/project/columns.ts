// Columns as properties describe them: for models, seeds, analyses, source tables.
import { type ConfigReader, isMapping } from '../core/config-reader.ts';
import { nearestName } from '../core/nearest.ts';
import type { ColumnSpec } from '../core/node.ts';
import { columnConstraints } from './constraints.ts';
import type { Describe } from './docs.ts';

const KNOWN = [
  'name',
  'description',
  'data_type',
  'quote',
  'tags',
  'meta',
  'config',
  'tests',
  'data_tests',
  'constraints',
  'docs',
  'encode',
  'policy_tags',
  'granularity',
  'dimension',
  'entity',
];

/** A column that is described twice is there twice, and a warning; where `overrides`, the later one takes the place of the first. */
export function readColumns(entry: ConfigReader, describe: Describe, overrides = false): readonly ColumnSpec[] {
  const columns = describedColumns(entry, describe, overrides);
  return overrides ? [...new Map(columns.map((column) => [column.name, column])).values()] : columns;
}

function describedColumns(entry: ConfigReader, describe: Describe, overrides: boolean): readonly ColumnSpec[] {
  const seen = new Map<string, ConfigReader>();
  return entry.mappings('columns').flatMap((reader): ColumnSpec[] => {
    const name = reader.requiredString('name');
    if (name === '') return [];
    const before = seen.get(name);
    if (before && !overrides) {
      reader.problem(
        'column-twice',
        `the column '${name}' is described twice: first on line ${before.at('name')?.line}`,
        'Put everything about it into one entry.',
        ['name'],
        'warning',
      );
    }
    seen.set(name, reader);
    const config = reader.has('config') ? reader.mapping('config') : undefined;
    const dataType = reader.string('data_type');
    const quote = reader.boolean('quote');
    const meta = { ...reader.mapping('meta').values, ...config?.mapping('meta').values };
    const tags = [...new Set([...reader.strings('tags'), ...(config?.strings('tags') ?? [])])];
    const extra: Record<string, unknown> = {};
    for (const key of reader.keys()) {
      if (['name', 'description', 'data_type', 'quote', 'tags', 'meta', 'config', 'tests', 'data_tests'].includes(key)) continue;
      extra[key] = key === 'constraints' ? columnConstraints(reader) : reader.raw(key);
      const near = KNOWN.includes(key) ? undefined : nearestName(key, KNOWN);
      if (near)
        reader.problem(
          'unknown-key',
          `'${key}' is not a key of a column that dwh knows; it is kept, and does nothing by itself`,
          `Did you mean '${near}'?`,
          [key],
          'warning',
        );
    }
    return [
      {
        name,
        ...describe(reader, 'description'),
        ...(dataType !== undefined && { data_type: dataType }),
        ...(quote !== undefined && { quote }),
        meta,
        tags,
        extra,
      },
    ];
  });
}

export const mappingOf = (value: unknown): Readonly<Record<string, unknown>> => (isMapping(value) ? value : {});
