// What a properties entry says of a node: description, columns, config (also the keys that may stand outside `config:`), and
// whatever only later features read.
import { type ConfigPath, ConfigReader, isMapping } from '../core/config-reader.ts';
import { epochOf } from '../core/dates.ts';
import { nearestName } from '../core/nearest.ts';
import type { ColumnSpec } from '../core/node.ts';
import { mappingOf, readColumns } from './columns.ts';
import { reviewConfig } from './config-review.ts';
import { type Config, type ConfigSection, misspelt } from './config-rules.ts';
import { modelConstraints, modelConstraintsOf, reviewKeys } from './constraints.ts';
import type { Entry, EntryKind } from './properties.ts';
import type { Reading } from './reading.ts';
import { SEMANTIC_MODEL_KEYS } from './semantic-layer.ts';

export interface EntryFacts {
  readonly description: string;
  readonly doc_blocks?: readonly string[];
  readonly config: Config;
  readonly columns: readonly ColumnSpec[];
  readonly extra: Readonly<Record<string, unknown>>;
}

/** Keys that dbt lets stand beside `config:`; they mean the same there. */
const MOVED = ['meta', 'docs', 'group', 'contract', 'access'];
const READ = ['name', 'description', 'config', 'columns', 'tests', 'data_tests', 'quote_columns', ...MOVED];
const KEPT: Readonly<Partial<Record<EntryKind, readonly string[]>>> = {
  snapshots: ['relation'],
  functions: ['arguments', 'returns'],
  models: ['latest_version', 'versions', 'deprecation_date', 'constraints', 'time_spine', 'primary_key', 'freshness'],
};

export function entryFacts(reading: Reading, entry: Entry, section: ConfigSection): EntryFacts {
  const { reader, kind } = entry;
  const describe = reading.describe(entry.file.package);
  const config: Record<string, unknown> = { ...mappingOf(reader.raw('config')) };
  if (reader.has('config') && !isMapping(reader.raw('config'))) reader.mapping('config');
  const moved = new Set<string>();
  for (const key of MOVED) {
    if (!reader.has(key)) continue;
    if (config[key] !== undefined) {
      reader.problem('config-twice', `'${key}' stands both here and under 'config:'`, "Keep the one under 'config:'.", [key]);
    } else {
      config[key] = reader.raw(key);
      moved.add(key);
    }
  }
  const locate = (path: ConfigPath) => reader.source.locate([...reader.path, ...(moved.has(String(path[0])) ? [] : ['config']), ...path]);
  reviewConfig(section, new ConfigReader(config, { locate, problems: reading.problems }));
  const extra: Record<string, unknown> = {};
  const kept = KEPT[kind] ?? [];
  for (const key of reader.keys()) {
    if (READ.includes(key) || (kind === 'models' && SEMANTIC_MODEL_KEYS.includes(key))) continue;
    if (kept.includes(key)) extra[key] = key === 'constraints' ? modelConstraints(reader) : reader.raw(key);
    else unknownKey(entry, key, section, kept);
  }
  if (kept.includes('deprecation_date')) reviewDate(reader);
  if (entry.version) {
    extra.version = entry.version.v;
    extra.latest_version = entry.version.latest;
  }
  const columns = readColumns(reader, describe, entry.version !== undefined);
  if (kind === 'models') reviewKeys({ columns, constraints: modelConstraintsOf(extra), reader });
  return { ...describe(reader, 'description'), config, columns, extra };
}

function reviewDate(reader: ConfigReader): void {
  if (!reader.has('deprecation_date') || epochOf(reader.values.deprecation_date) !== undefined) return;
  const value = String(reader.values.deprecation_date);
  reader.problem(
    'config-value',
    `'deprecation_date' is '${value}', and should be a date`,
    'Write it like this:  deprecation_date: 2027-01-31',
    ['deprecation_date'],
  );
}

function unknownKey({ reader, kind }: Entry, key: string, section: ConfigSection, kept: readonly string[]): void {
  const near = nearestName(key, [...READ, ...kept]);
  const isConfig = misspelt(section, key) === undefined && CONFIG_WORDS.includes(key);
  const hint = isConfig ? `Move it under 'config:'.` : near ? `Did you mean '${near}'?` : `What is your own goes under 'config: meta:'.`;
  reader.problem('unknown-key', `'${key}' is not a key of an entry of '${kind}', and is ignored`, hint, [key], 'warning');
}

const CONFIG_WORDS = [
  'materialized',
  'schema',
  'alias',
  'database',
  'tags',
  'enabled',
  'unique_key',
  'incremental_strategy',
  'on_schema_change',
  'severity',
  'pre_hook',
  'post_hook',
  'full_refresh',
  'grants',
  'persist_docs',
];
