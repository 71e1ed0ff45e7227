// What a snapshot's config says. https://docs.getdbt.com/reference/snapshot-configs
import { type ConfigReader, isMapping } from '../core/config-reader.ts';

export const metaColumns = ['dbt_scd_id', 'dbt_updated_at', 'dbt_valid_from', 'dbt_valid_to', 'dbt_is_deleted'] as const;
export type MetaColumn = (typeof metaColumns)[number];

export const HARD_DELETES = ['ignore', 'invalidate', 'new_record'] as const;

/** What a row of the query, and the current version of its key, are called in the conditions of a strategy. */
export const NEW_ROW = 'source_data';
export const CURRENT_VERSION = 'snapshotted_data';

/** What a macro of the project says of the versions, as SQL. */
export interface OwnStrategy {
  readonly uniqueKey: readonly string[];
  readonly updatedAt: string;
  /** A condition on NEW_ROW and CURRENT_VERSION. */
  readonly rowChanged: string;
  /** Of columns of the query. */
  readonly scdId: string;
  readonly hardDeletes: (typeof HARD_DELETES)[number];
}

/** The macro of a strategy, and the package that is named before a dot. */
export function strategyMacro(strategy: unknown): { readonly of: string | undefined; readonly name: string } | undefined {
  if (typeof strategy !== 'string') return undefined;
  const dot = strategy.indexOf('.');
  const name = `snapshot_${strategy.slice(dot + 1)}_strategy`;
  return { of: dot < 0 ? undefined : strategy.slice(0, dot), name };
}

export interface SnapshotConfig {
  readonly uniqueKey: readonly string[];
  /** undefined: the moment at which a change is found. */
  readonly updatedAt: string | undefined;
  /** Columns whose change makes a new version; undefined: `updatedAt` tells (strategy timestamp). */
  readonly checkCols: 'all' | readonly string[] | undefined;
  readonly hardDeletes: (typeof HARD_DELETES)[number];
  /** Takes the place of `checkCols`, and of the id. */
  readonly own?: Pick<OwnStrategy, 'rowChanged' | 'scdId'>;
  /** SQL: what stands in dbt_valid_to of the current version instead of NULL. */
  readonly validToCurrent: string | undefined;
  /** As they are written. */
  readonly names: Readonly<Record<MetaColumn, string>>;
}

/** Mistakes are reported to the reader's problems. `isOwn`: a macro of the project tells the versions. */
export function readSnapshotConfig(config: ConfigReader, isOwn: boolean): SnapshotConfig {
  const uniqueKey = config.strings('unique_key').filter((key) => key !== '');
  if (uniqueKey.length === 0 && !isMapping(config.raw('unique_key')))
    config.problem('config-missing', "a snapshot needs a 'unique_key'", "Name the key's column: unique_key: id", ['unique_key']);
  const strategy = isOwn ? undefined : config.oneOf('strategy', ['timestamp', 'check'] as const);
  if (!isOwn && strategy === undefined && !config.has('strategy'))
    config.problem('config-missing', "a snapshot needs a 'strategy'", "It may be 'timestamp' or 'check'.", ['strategy']);
  const updatedAt = config.string('updated_at');
  if (strategy === 'timestamp' && updatedAt === undefined) {
    const hint = 'Name the column that says when a row was changed: updated_at: updated_at';
    config.problem('config-missing', "the strategy 'timestamp' needs an 'updated_at'", hint, ['updated_at']);
  }
  const names = config.mapping('snapshot_meta_column_names');
  return {
    uniqueKey,
    updatedAt,
    checkCols: isOwn ? undefined : checkCols(config, strategy),
    hardDeletes: hardDeletes(config),
    validToCurrent: config.string('dbt_valid_to_current'),
    names: Object.fromEntries(metaColumns.map((name) => [name, names.string(name) ?? name])) as Record<MetaColumn, string>,
  };
}

function checkCols(config: ConfigReader, strategy: 'timestamp' | 'check' | undefined): SnapshotConfig['checkCols'] {
  const written = config.raw('check_cols');
  const columns = written === 'all' ? [] : config.strings('check_cols');
  const given = written === 'all' || columns.length > 0;
  if (strategy === 'timestamp') {
    if (given) config.problem('config-value', "the strategy 'timestamp' takes no 'check_cols'", 'Take it out.', ['check_cols']);
    return undefined;
  }
  if (typeof written === 'string' && written !== 'all')
    config.problem('config-value', `'check_cols' is '${written}', and should be 'all' or a list`, `Write:  check_cols: [${written}]`, [
      'check_cols',
    ]);
  else if (strategy === 'check' && !given)
    config.problem('config-missing', "the strategy 'check' needs 'check_cols'", "It is 'all' or a list of columns.", ['check_cols']);
  return written === 'all' ? 'all' : columns;
}

function hardDeletes(config: ConfigReader): SnapshotConfig['hardDeletes'] {
  const chosen = config.oneOf('hard_deletes', HARD_DELETES);
  const older = config.boolean('invalidate_hard_deletes');
  if (config.has('hard_deletes') && older !== undefined) {
    const message = "'hard_deletes' and 'invalidate_hard_deletes' exclude each other";
    config.problem('config-value', message, "Keep 'hard_deletes'.", ['invalidate_hard_deletes']);
  }
  return chosen ?? (older === true ? 'invalidate' : 'ignore');
}
