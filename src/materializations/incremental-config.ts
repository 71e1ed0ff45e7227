// What an incremental model's config says: strategy, key, predicates, columns. Mistakes are reported to the reader's problems.
// https://docs.getdbt.com/docs/build/incremental-strategy
import type { ConfigReader } from '../core/config-reader.ts';
import { type Microbatch, microbatch } from './microbatch-config.ts';
import { type SchemaChange, schemaChange } from './schema-change.ts';

export type Strategy = 'append' | 'delete+insert' | 'merge' | 'microbatch';

export interface IncrementalConfig {
  readonly strategy: Strategy;
  readonly uniqueKey: readonly string[];
  readonly predicates: readonly string[];
  readonly onSchemaChange: SchemaChange;
  readonly mergeUpdate: readonly string[];
  readonly mergeExclude: readonly string[];
  /** Of the strategy 'microbatch'. */
  readonly batches?: Microbatch;
}

export function incrementalConfig(config: ConfigReader): IncrementalConfig {
  const uniqueKey = config.strings('unique_key');
  const written = config.oneOf('incremental_strategy', ['append', 'delete+insert', 'merge', 'microbatch', 'default'] as const);
  const strategy: Strategy = written === undefined || written === 'default' ? (uniqueKey.length > 0 ? 'delete+insert' : 'append') : written;
  const onSchemaChange = config.oneOf('on_schema_change', schemaChange) ?? 'ignore';
  const mergeUpdate = config.strings('merge_update_columns');
  const mergeExclude = config.strings('merge_exclude_columns');
  if (mergeUpdate.length > 0 && mergeExclude.length > 0) {
    config.problem('config-value', "'merge_update_columns' and 'merge_exclude_columns' exclude each other", 'Take one of them out.', [
      'merge_exclude_columns',
    ]);
  }
  const predicates = [...config.strings('incremental_predicates'), ...config.strings('predicates')];
  const batches = strategy === 'microbatch' ? microbatch(config) : undefined;
  return { strategy, uniqueKey, predicates, onSchemaChange, mergeUpdate, mergeExclude, ...(batches && { batches }) };
}
