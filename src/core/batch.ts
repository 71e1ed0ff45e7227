// Time cut into batches: hours, days, months or years, in UTC. A moment is epoch ms.
// https://docs.getdbt.com/docs/build/incremental-microbatch

/** Its end is not part of it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export const BATCH_SIZES = ['hour', 'day', 'month', 'year'] as const;
export type BatchSize = (typeof BATCH_SIZES)[number];

/** What became of a model's batches: in run_results.json, and what `retry` goes by. */
export interface BatchResults {
  readonly successful: readonly Span[];
  readonly failed: readonly Span[];
}

const HOUR = 3_600_000;

/** The beginning of the batch that the moment is in. */
export function batchStart(moment: number, size: BatchSize): number {
  const at = new Date(moment);
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()];
  switch (size) {
    case 'hour':
      return Math.floor(moment / HOUR) * HOUR;
    case 'day':
      return Math.floor(moment / (24 * HOUR)) * 24 * HOUR;
    case 'month':
      return Date.UTC(year, month);
    case 'year':
      return Date.UTC(year, 0);
  }
}

/** The beginning of a batch so many batches behind (or, negative, before) the one that the moment is in. */
export function batchesFrom(moment: number, size: BatchSize, count: number): number {
  const start = batchStart(moment, size);
  const at = new Date(start);
  switch (size) {
    case 'hour':
      return start + count * HOUR;
    case 'day':
      return start + count * 24 * HOUR;
    case 'month':
      return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + count);
    case 'year':
      return Date.UTC(at.getUTCFullYear() + count, 0);
  }
}

/** Where the batch of the moment ends; a moment at which one begins is the end of the one before. */
export const batchEnd = (moment: number, size: BatchSize): number =>
  batchStart(moment, size) === moment ? moment : batchesFrom(moment, size, 1);

/** From a batch's beginning to `end`, at least one. */
export function batchesBetween(start: number, end: number, size: BatchSize): readonly Span[] {
  const batches: Span[] = [];
  for (let at = start; batches.length === 0 || at < end; at = batchesFrom(at, size, 1)) {
    batches.push({ start: at, end: batchesFrom(at, size, 1) });
  }
  return batches;
}

/** As long before (or after) as `count` of `size` are: of 31 March a month before is 29 February. */
export function shifted(moment: number, size: BatchSize, count: number): number {
  if (size === 'hour' || size === 'day') return moment + count * (size === 'hour' ? HOUR : 24 * HOUR);
  const at = new Date(moment);
  const day = at.getUTCDate();
  at.setUTCDate(1);
  at.setUTCMonth(at.getUTCMonth() + count * (size === 'year' ? 12 : 1));
  const last = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate();
  at.setUTCDate(Math.min(day, last));
  return at.getTime();
}

const LENGTHS: Readonly<Record<BatchSize, number>> = { year: 4, month: 7, day: 10, hour: 13 };

/** '2024-01-31', '2024-01-31T16': what its compiled file is called by. */
export const batchName = (start: number, size: BatchSize): string => new Date(start).toISOString().slice(0, LENGTHS[size]);

/** '20240131' */
export const batchId = (start: number, size: BatchSize): string => batchName(start, size).replaceAll('-', '');

/** As Python prints it: '2024-01-31 00:00:00+00:00'. In SQL it is a date, a timestamp, with or without a time zone. */
export function momentText(moment: number, between = ' '): string {
  const iso = new Date(moment).toISOString();
  const ms = iso.slice(20, 23);
  return `${iso.slice(0, 10)}${between}${iso.slice(11, 19)}${ms === '000' ? '' : `.${ms}000`}+00:00`;
}

/** Whose times are within the span: a condition. */
export const within = (column: string, { start, end }: Span): string =>
  `${column} >= '${momentText(start)}' and ${column} < '${momentText(end)}'`;

/** In their order, and as one where one begins where the other ends. */
export function joined(spans: readonly Span[]): readonly Span[] {
  const all: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const last = all.at(-1);
    if (last && span.start <= last.end) all[all.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
    else all.push(span);
  }
  return all;
}

/** As run_results.json has them. */
export function batchResultsJson(results: BatchResults | undefined): Readonly<Record<string, unknown>> | null {
  if (!results) return null;
  const spans = (list: readonly Span[]): unknown => list.map(({ start, end }) => [momentText(start, 'T'), momentText(end, 'T')]);
  return { successful: spans(results.successful), failed: spans(results.failed) };
}

const ISO = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?))?(Z|[+-]\d\d:?\d\d)?$/;

/** Of run_results.json; undefined: there are none, or it is not as dbt or dwh writes it. */
export function batchResultsOf(json: unknown): BatchResults | undefined {
  if (typeof json !== 'object' || json === null || !('successful' in json) || !('failed' in json)) return undefined;
  const spans = (list: unknown): readonly (Span | undefined)[] =>
    Array.isArray(list)
      ? list.map((pair: unknown) => {
          const [start, end] = Array.isArray(pair) ? pair.map((one) => momentOf(String(one))) : [];
          return start === undefined || end === undefined ? undefined : { start, end };
        })
      : [undefined];
  const [successful, failed] = [spans(json.successful), spans(json.failed)];
  const known = (list: readonly (Span | undefined)[]): readonly Span[] => list.filter((one) => one !== undefined);
  return [...successful, ...failed].includes(undefined) ? undefined : { successful: known(successful), failed: known(failed) };
}

/** An ISO date, with or without a time; UTC where it names no zone. undefined: it is none. */
export function momentOf(written: string): number | undefined {
  const [, day, time = '00:00', zone = 'Z'] = ISO.exec(written.trim()) ?? [];
  if (day === undefined) return undefined;
  const moment = Date.parse(`${day}T${time.replace(/(\.\d{3})\d+$/, '$1')}${zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`);
  // 31 February is another day to Date.
  const exists = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(moment) || Number.isNaN(exists.getTime()) || exists.toISOString().slice(0, 10) !== day ? undefined : moment;
}
