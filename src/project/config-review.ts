// Configs as users write them, looked at: keys that are probably misspelt (warnings), values of another kind than their key
// takes (errors). Keys that are not here are the user's own, or are checked by whoever reads them.
import { type ConfigReader, isMapping } from '../core/config-reader.ts';
import { type ConfigSection, misspelt } from './config-rules.ts';

type Check = (config: ConfigReader, key: string) => unknown;

const truth: Check = (config, key) => config.boolean(key);
const text: Check = (config, key) => config.string(key);
const texts: Check = (config, key) => config.strings(key);
const number: Check = (config, key) => config.number(key);
const mapping: Check = (config, key) => config.mapping(key);
const contract: Check = (config, key) => {
  const asked = config.mapping(key);
  for (const part of ['enforced', 'alias_types']) asked.boolean(part);
};
/** By privilege, who has it. */
const grants: Check = (config, key) => {
  const asked = config.mapping(key);
  for (const privilege of asked.keys()) asked.strings(privilege);
};
const oneOf =
  (...allowed: readonly string[]): Check =>
  (config, key) =>
    config.oneOf(key, allowed);
const hooks: Check = (config, key) => {
  const value = config.raw(key);
  for (const hook of Array.isArray(value) ? value : [value]) {
    if (hook === null || hook === undefined || typeof hook === 'string' || (isMapping(hook) && typeof hook.sql === 'string')) continue;
    config.problem(
      'config-kind',
      `a hook in '${key}' should be SQL, or a mapping with 'sql', and is ${JSON.stringify(hook)}`,
      'For example:  {sql: "vacuum", transaction: false}',
      [key],
    );
  }
};

const all = (check: Check, ...keys: readonly string[]): readonly (readonly [string, Check])[] => keys.map((key) => [key, check]);

const CHECKS: ReadonlyMap<string, Check> = new Map([
  ...all(truth, 'enabled', 'full_refresh', 'store_failures', 'quote_columns', 'concurrent_batches', 'ordered'),
  ...all(text, 'materialized', 'schema', 'alias', 'database', 'group', 'incremental_strategy', 'on_schema_change', 'sql_header'),
  ...all(text, 'severity', 'where', 'fail_calc', 'warn_if', 'error_if', 'delimiter', 'event_time', 'batch_size', 'begin', 'expect'),
  ...all(texts, 'tags', 'unique_key', 'merge_update_columns', 'merge_exclude_columns', 'incremental_predicates', 'predicates'),
  ...all(number, 'limit', 'lookback', 'tolerance'),
  ...all(mapping, 'meta', 'persist_docs', 'docs', 'quoting', 'column_types'),
  ...all(contract, 'contract'),
  ...all(grants, 'grants'),
  ...all(hooks, 'pre-hook', 'post-hook', 'pre_hook', 'post_hook'),
  ...all(oneOf('apply', 'continue', 'fail'), 'on_configuration_change'),
  ...all(oneOf('private', 'protected', 'public'), 'access'),
  ...all(oneOf('ephemeral', 'table', 'view'), 'store_failures_as'),
]);

/** Problems go to the reader's list. `written`: a key as it stands in the file, with its plus sign. */
export function reviewConfig(section: ConfigSection, config: ConfigReader, written: (key: string) => string = (key) => key): void {
  for (const key of config.keys()) {
    const check = CHECKS.get(key);
    const meant = check ? undefined : misspelt(section, key);
    if (check) check(config, key);
    else if (meant !== undefined) {
      config.problem(
        'config-misspelt',
        `'${written(key)}' is not a config that dwh knows; it is kept, and does nothing by itself`,
        `Did you mean '${written(key) === key ? '' : '+'}${meant}'?`,
        [key],
        'warning',
      );
    }
  }
}
