// Configs of nodes: the defaults of each kind, and how a nearer setting joins a farther one. dbt's rules: tags, hooks and
// packages add up; meta, quoting, column_types, docs, contract merge key by key; grants replace or, with '+', extend each
// privilege; everything else replaces. https://docs.getdbt.com/reference/configs-and-properties#combining-configs
import { isMapping } from '../core/config-reader.ts';
import { editDistance } from '../core/nearest.ts';

export type Config = Readonly<Record<string, unknown>>;
/** The sections of a project file that hold configs. */
export type ConfigSection =
  | 'models'
  | 'seeds'
  | 'snapshots'
  | 'sources'
  | 'data_tests'
  | 'analyses'
  | 'exposures'
  | 'unit_tests'
  | 'functions';

const NODE_DEFAULTS: Config = {
  enabled: true,
  tags: [],
  meta: {},
  materialized: 'view',
  lookback: 1,
  persist_docs: {},
  'post-hook': [],
  'pre-hook': [],
  quoting: {},
  column_types: {},
  on_schema_change: 'ignore',
  on_configuration_change: 'apply',
  grants: {},
  packages: [],
  docs: { show: true, node_color: null },
  contract: { enforced: false, alias_types: true },
};

/** What holds where nothing is set; keys whose default is null are left out. */
export const DEFAULTS: Readonly<Record<ConfigSection, Config>> = {
  models: { ...NODE_DEFAULTS, access: 'protected' },
  seeds: { ...NODE_DEFAULTS, materialized: 'seed', delimiter: ',' },
  snapshots: {
    ...NODE_DEFAULTS,
    materialized: 'snapshot',
    snapshot_meta_column_names: { dbt_valid_to: null, dbt_valid_from: null, dbt_scd_id: null, dbt_updated_at: null, dbt_is_deleted: null },
  },
  analyses: NODE_DEFAULTS,
  sources: { enabled: true, tags: [], meta: {} },
  exposures: { enabled: true, tags: [], meta: {} },
  unit_tests: { enabled: true, tags: [], meta: {} },
  functions: { ...NODE_DEFAULTS, materialized: 'function', type: 'scalar' },
  data_tests: {
    enabled: true,
    schema: 'dbt_test__audit',
    tags: [],
    meta: {},
    materialized: 'test',
    severity: 'ERROR',
    fail_calc: 'count(*)',
    warn_if: '!= 0',
    error_if: '!= 0',
  },
};

const APPEND = new Set(['tags', 'pre-hook', 'post-hook', 'packages']);
const MERGE = new Set(['meta', 'quoting', 'column_types', 'docs', 'contract', 'snapshot_meta_column_names']);

/** What a template makes of a YAML value is text; dbt gives these their kind back. */
const BOOLEANS = new Set([
  ...['enabled', 'full_refresh', 'store_failures', 'quote_columns', 'invalidate_hard_deletes', 'concurrent_batches'],
  ...['transient', 'ordered', 'backup', 'auto_refresh', 'bind'],
]);
const BOOLEANS_WITHIN = new Set(['docs', 'persist_docs', 'quoting', 'contract']);
const NUMBERS = new Set(['limit', 'lookback', 'tolerance']);

function typed(key: string, value: unknown): unknown {
  if (typeof value === 'string') {
    if (BOOLEANS.has(key)) return booleanOf(value);
    return NUMBERS.has(key) && /^\s*-?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : value;
  }
  return BOOLEANS_WITHIN.has(key) && isMapping(value)
    ? Object.fromEntries(Object.entries(value).map(([name, item]) => [name, booleanOf(item)]))
    : value;
}

function booleanOf(value: unknown): unknown {
  if (value === 'true' || value === 'True') return true;
  return value === 'false' || value === 'False' ? false : value;
}

const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];

/** pre_hook and post_hook are spelt with a dash from here on. */
export const configSpelling = (key: string): string => (key === 'pre_hook' || key === 'post_hook' ? key.replace('_', '-') : key);

/** `nearer` wins or adds, key by key. Neither is changed. */
export function mergeConfig(farther: Config, nearer: Config): Config {
  const keys = Object.keys(nearer);
  if (keys.length === 0) return farther;
  const merged: Record<string, unknown> = { ...farther };
  for (const written of keys) {
    const key = configSpelling(written);
    const value = typed(key, nearer[written]);
    if (APPEND.has(key)) merged[key] = [...listOf(merged[key]), ...listOf(value)];
    else if (MERGE.has(key) && isMapping(value)) merged[key] = isMapping(merged[key]) ? { ...merged[key], ...value } : value;
    else if (key === 'grants' && isMapping(value)) merged[key] = mergeGrants(isMapping(merged[key]) ? merged[key] : {}, value);
    else merged[key] = value;
  }
  return merged;
}

function mergeGrants(farther: Config, nearer: Config): Config {
  const merged: Record<string, unknown> = { ...farther };
  for (const [key, value] of Object.entries(nearer)) {
    const privilege = key.replace(/^\+/, '');
    merged[privilege] = key.startsWith('+') ? [...listOf(merged[privilege]), ...listOf(value)] : listOf(value);
  }
  return merged;
}

const KNOWN_KEYS: Readonly<Record<ConfigSection, readonly string[]>> = (() => {
  const node = [
    ...[
      'enabled',
      'alias',
      'schema',
      'database',
      'tags',
      'meta',
      'group',
      'materialized',
      'persist_docs',
      'post-hook',
      'pre-hook',
      'post_hook',
      'pre_hook',
      'quoting',
    ],
    ...[
      'column_types',
      'full_refresh',
      'unique_key',
      'on_schema_change',
      'on_configuration_change',
      'grants',
      'packages',
      'docs',
      'contract',
      'event_time',
    ],
    ...['transient', 'description', 'static_analysis', 'publish', 'query_tag', 'options', 'vars'],
    // Redshift's and DuckDB's own.
    ...[
      'dist',
      'sort',
      'sort_type',
      'bind',
      'backup',
      'encode',
      'query_group',
      'auto_refresh',
      'swap',
      'indexes',
      'partitioned_by',
      'sorted_by',
      'location',
      'format',
    ],
  ];
  const model = [
    ...node,
    ...[
      'incremental_strategy',
      'incremental_predicates',
      'predicates',
      'merge_update_columns',
      'merge_exclude_columns',
      'batch_size',
      'lookback',
      'begin',
      'concurrent_batches',
    ],
    ...['access', 'sql_header', 'latest_version', 'freshness', 'time_spine'],
  ];
  return {
    models: model,
    seeds: [...node, 'delimiter', 'quote_columns'],
    snapshots: [
      ...node,
      'strategy',
      'updated_at',
      'check_cols',
      'target_schema',
      'target_database',
      'invalidate_hard_deletes',
      'hard_deletes',
      'dbt_valid_to_current',
      'snapshot_meta_column_names',
    ],
    sources: [
      'enabled',
      'event_time',
      'meta',
      'tags',
      'freshness',
      'loaded_at_field',
      'loaded_at_query',
      'load',
      'external',
      'static_analysis',
    ],
    data_tests: [
      ...[
        'enabled',
        'alias',
        'schema',
        'database',
        'tags',
        'meta',
        'group',
        'materialized',
        'severity',
        'store_failures',
        'store_failures_as',
        'where',
        'limit',
      ],
      ...['fail_calc', 'warn_if', 'error_if', 'sql_header', 'static_analysis'],
    ],
    analyses: [...model, 'expect', 'ordered', 'tolerance'],
    exposures: ['enabled', 'meta', 'tags'],
    functions: [...model, 'type', 'volatility', 'runtime_version', 'entry_point'],
    unit_tests: ['enabled', 'meta', 'tags', 'static_analysis'],
  };
})();

/** The key that was probably meant by an unknown one: within two letters. Any other unknown key is the user's own. */
export function misspelt(section: ConfigSection, key: string): string | undefined {
  const known = KNOWN_KEYS[section];
  if (known.includes(key) || key.length < 4) return undefined;
  let best: string | undefined;
  let bestDistance = 3;
  for (const candidate of known) {
    if (candidate.length < 4) continue;
    const distance = editDistance(key, candidate, 2);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}
