// A node's config as dbt's manifest has it: with every key that its kind has, those that nothing sets as null.
import type { FreshnessSpec, ResourceType } from '../core/node.ts';

type Json = Readonly<Record<string, unknown>>;

const COMMON = ['alias', 'schema', 'database', 'group', 'static_analysis'];
const NODE = [
  ...COMMON,
  ...['incremental_strategy', 'batch_size', 'begin', 'full_refresh', 'unique_key', 'event_time', 'concurrent_batches'],
];
const NO_THRESHOLD = { count: null, period: null };

export const completeFreshness = (spec: FreshnessSpec = {}): Json => ({
  warn_after: spec.warn_after ?? NO_THRESHOLD,
  error_after: spec.error_after ?? NO_THRESHOLD,
  filter: spec.filter ?? null,
});

const nulls = (keys: readonly string[]): Json => Object.fromEntries(keys.map((key) => [key, null]));

const UNSET: Readonly<Partial<Record<ResourceType, Json>>> = {
  model: nulls([...NODE, 'freshness']),
  seed: nulls([...NODE, 'quote_columns']),
  snapshot: nulls([...NODE, 'strategy', 'target_schema', 'target_database', 'updated_at', 'check_cols', 'dbt_valid_to_current']),
  test: nulls([...COMMON, 'store_failures', 'store_failures_as', 'where', 'limit']),
  analysis: nulls(NODE),
  operation: nulls(NODE),
  function: nulls([...NODE, 'volatility', 'runtime_version', 'entry_point']),
  unit_test: nulls(['static_analysis']),
  source: { ...nulls(['event_time', 'loaded_at_field', 'loaded_at_query', 'static_analysis']), freshness: completeFreshness() },
};

/** Not spread: of so many keys that takes long. */
export const completeConfig = (type: ResourceType, config: Json): Json => Object.assign({}, UNSET[type], config);
