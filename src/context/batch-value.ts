// `model.batch` of a microbatch model.
import { toTemplate } from '../template/index.ts';
import type { HostObject, TemplateValue } from '../template/types.ts';
import { datetimeValue } from './modules.ts';
import { hostObject } from './values.ts';

/** Times are epoch ms. */
export interface BatchMoment {
  readonly id: string;
  readonly start: number;
  readonly end: number;
}

/** Where there is none a microbatch model may still ask for its parts, while it is parsed and for `compile`: it is false. */
export const noBatch = (): HostObject =>
  hostObject(
    'batch',
    { id: '', event_time_start: datetimeValue(0), event_time_end: datetimeValue(0) },
    { truth: () => false, toText: () => '' },
  );

/** Where macros that take the place of dbt's own look for the time of a batch. */
export const batchMoments = ({ start, end }: BatchMoment): ReadonlyMap<string, TemplateValue> =>
  new Map([
    ['__dbt_internal_microbatch_event_time_start', datetimeValue(start)],
    ['__dbt_internal_microbatch_event_time_end', datetimeValue(end)],
  ]);

export const batchValue = ({ id, start, end }: BatchMoment): TemplateValue =>
  toTemplate({ id, event_time_start: datetimeValue(start), event_time_end: datetimeValue(end) });
