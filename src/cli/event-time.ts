// --event-time-start and --event-time-end: the time whose batches are run. --sample: the time that inputs are read of.
import { BATCH_SIZES, type BatchSize, momentOf, type Span, shifted } from '../core/batch.ts';
import type { Given } from './given.ts';
import { usage } from './given.ts';
import { dictionary } from './vars.ts';

const FORMS = "Write a day or a time in UTC: 2024-01-31, '2024-01-31 16:00:00'";
const SAMPLES = `Write a length, --sample '3 days', or --sample "{start: 2024-01-01, end: 2024-01-31}"`;

function moment(name: string, written: unknown, hint: string): number {
  const found = typeof written === 'string' ? momentOf(written) : undefined;
  return found ?? usage(`${name} is ${JSON.stringify(written)}, which is no time`, hint);
}

export function eventTime(given: Given): Span | undefined {
  const [start, end] = [given.text('event-time-start'), given.text('event-time-end')];
  if (start === undefined && end === undefined) return undefined;
  if (start === undefined || end === undefined) {
    const [there, missing] = start === undefined ? ['end', 'start'] : ['start', 'end'];
    return usage(`--event-time-${there} needs --event-time-${missing} beside it`, FORMS);
  }
  const span = { start: moment('--event-time-start', start, FORMS), end: moment('--event-time-end', end, FORMS) };
  if (span.start >= span.end) usage(`--event-time-start is ${start}, and should be before --event-time-end, which is ${end}`);
  return span;
}

/** `now`: where '3 days' end. */
export async function sample(given: Given, now: number): Promise<Span | undefined> {
  const written = given.text('sample')?.trim();
  if (written === undefined) return undefined;
  return written.startsWith('{') ? spanOf(await dictionary('--sample', written)) : lastOnes(written, now);
}

function spanOf(sample: Readonly<Record<string, unknown>>): Span {
  const other = Object.keys(sample).find((key) => key !== 'start' && key !== 'end');
  if (other !== undefined) usage(`--sample has no '${other}'`, SAMPLES);
  const span = { start: moment("'start' of --sample", sample.start, SAMPLES), end: moment("'end' of --sample", sample.end, SAMPLES) };
  if (span.start >= span.end) usage(`--sample ends at ${sample.end}, which is not behind its start, ${sample.start}`);
  return span;
}

function lastOnes(written: string, now: number): Span {
  const [count = '', word = '', more] = written.split(/\s+/);
  if (word === '' || more !== undefined) usage(`--sample is '${written}'`, SAMPLES);
  const size = BATCH_SIZES.find((one): one is BatchSize => one === word.toLowerCase().replace(/s$/, ''));
  if (size === undefined)
    return usage(`--sample is '${written}', and '${word}' should be one of: ${BATCH_SIZES.map((one) => `${one}s`).join(', ')}`, SAMPLES);
  if (!/^[1-9]\d*$/.test(count)) usage(`--sample is '${written}', and '${count}' should be a whole number from 1`, SAMPLES);
  return { start: shifted(now, size, -Number(count)), end: now };
}
