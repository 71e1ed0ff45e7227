// What an incremental model's config says: strategy, key, predicates, columns. Mistakes are reported to the reader's problems.
// https://docs.getdbt.com/docs/build/incremental-strategy
import type { ConfigReader } from '../core/config-reader.ts';
import { nearestName } from '../core/nearest.ts';
import type { Problem } from '../core/problem.ts';
import { type Microbatch, microbatch } from './microbatch-config.ts';
import { type SchemaChange, schemaChange } from './schema-change.ts';

const STRATEGIES = ['append', 'delete+insert', 'merge', 'microbatch'] as const;
export type Strategy = (typeof STRATEGIES)[number];

export interface IncrementalConfig {
  readonly strategy: Strategy;
  /** What a run that adds rows ends with, and others where the dialect `needsStrategy`: the one that is written is none. */
  readonly unknown?: Problem;
  readonly uniqueKey: readonly string[];
  readonly predicates: readonly string[];
  readonly onSchemaChange: SchemaChange;
  readonly mergeUpdate: readonly string[];
  readonly mergeExclude: readonly string[];
  /** Of the strategy 'microbatch'. */
  readonly batches?: Microbatch;
}

function unknownStrategy(written: string): Problem {
  const near = nearestName(written, STRATEGIES);
  const macro = `get_incremental_${written.replaceAll('+', '_')}_sql`;
  return {
    code: 'config-value',
    message: `'incremental_strategy' is '${written}', and may be ${STRATEGIES.map((one) => `'${one}'`).join(', ')}, 'default', or a macro's`,
    hint: near ? `Did you mean '${near}'?` : `The macro would be ${macro}. Without it, the model cannot add rows.`,
  };
}

export function incrementalConfig(config: ConfigReader): IncrementalConfig {
  const uniqueKey = config.strings('unique_key').filter((key) => key !== '');
  const written = config.string('incremental_strategy') ?? 'default';
  const known = STRATEGIES.find((one) => one === written);
  const unknown = known === undefined && written !== 'default' ? unknownStrategy(written) : undefined;
  // As with dbt, a project in which one is not to be had can be read and listed.
  if (unknown) config.problem('config-value', unknown.message, unknown.hint, ['incremental_strategy'], 'warning');
  const strategy: Strategy = known ?? (uniqueKey.length > 0 ? 'delete+insert' : 'append');
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
  return {
    strategy,
    ...(unknown && { unknown }),
    uniqueKey,
    predicates,
    onSchemaChange,
    mergeUpdate,
    mergeExclude,
    ...(batches && { batches }),
  };
}
