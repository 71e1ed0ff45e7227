// What a microbatch model says of its batches. https://docs.getdbt.com/docs/build/incremental-microbatch
import { BATCH_SIZES, type BatchSize, momentOf } from '../core/batch.ts';
import type { ConfigReader } from '../core/config-reader.ts';

export interface Microbatch {
  /** The column of the model that has the time, or an expression. */
  readonly eventTime: string;
  /** Where the first batch of a full refresh begins; epoch ms. */
  readonly begin: number;
  readonly size: BatchSize;
  /** So many batches before the current one are run again. */
  readonly lookback: number;
  /** Asked for or forbidden; undefined: as the model is written. */
  readonly concurrent: boolean | undefined;
}

const needed = (config: ConfigReader, key: string, what: string): string => {
  const value = config.string(key);
  if (value === undefined && !config.has(key))
    config.problem('config-missing', `a microbatch model needs the config '${key}': ${what}`, undefined, []);
  return value ?? '';
};

/** What is wrong is reported to the reader's problems. */
export function microbatch(config: ConfigReader): Microbatch {
  const eventTime = needed(config, 'event_time', 'the column that has the time of its rows');
  const written = needed(config, 'begin', 'the time at which its first batch begins');
  const begin = written === '' ? 0 : momentOf(written);
  if (begin === undefined)
    config.problem('config-value', `'begin' is '${written}', which is no time`, 'Write a day or a time in UTC: 2024-01-31', ['begin']);
  if (!config.has('batch_size'))
    config.problem('config-missing', `a microbatch model needs the config 'batch_size': ${BATCH_SIZES.join(', ')}`, undefined, []);
  return {
    eventTime,
    begin: begin ?? 0,
    size: config.oneOf('batch_size', BATCH_SIZES) ?? 'day',
    lookback: config.whole('lookback', 0) ?? 1,
    concurrent: config.boolean('concurrent_batches'),
  };
}
