// The order in which batches run: the first alone, and when it fails none of the others; then all but the last, several at once
// where they may and a connection is free; the last alone. A failed batch stops no other.
import type { Span } from '../../core/batch.ts';
import type { Emit } from '../../core/event.ts';
import { DwhError, type Problem } from '../../core/problem.ts';
import type { Session } from '../session.ts';

export interface Batches {
  readonly spans: readonly Span[];
  /** Those between the first and the last need not wait for one another. */
  readonly parallel: boolean;
  /** That an earlier run made. */
  readonly earlier: readonly Span[];
  readonly successful: Span[];
  readonly failed: Span[];
  /** Of the first that failed. */
  error?: unknown;
  problem?: Problem;
}

export interface Around {
  readonly session: Session;
  readonly spare: <T>(work: (session: Session) => Promise<T>) => Promise<T> | undefined;
  readonly name: (span: Span) => string;
  readonly told: (error: unknown, span: Span) => Problem;
  readonly say: Emit;
  readonly clock: () => number;
  /** Of the model. */
  readonly label: string;
}

export async function runBatches(
  batches: Batches,
  work: (span: Span, index: number, session: Session) => Promise<void>,
  { session, spare, name, told, say, clock, label }: Around,
): Promise<void> {
  const { spans, successful, failed } = batches;
  const line = (index: number, what: string): void =>
    say({ type: 'note', level: 'info', message: `Batch ${index + 1} of ${spans.length} of ${label}: ${what}` });
  const one = async (index: number, own: Session): Promise<void> => {
    const span = spans[index];
    if (!span) return;
    if (own.signal.aborted) {
      failed.push(span);
      batches.error ??= new DwhError([{ code: 'cancelled', message: 'the run was stopped' }]);
      return;
    }
    const begun = clock();
    try {
      await work(span, index, own);
      successful.push(span);
      line(index, `OK ${name(span)} in ${((clock() - begun) / 1000).toFixed(2)}s`);
    } catch (error) {
      failed.push(span);
      const problem = told(error, span);
      if (batches.error === undefined) Object.assign(batches, { error, problem });
      line(index, `ERROR ${name(span)}: ${problem.message}`);
    }
  };

  const last = spans.length - 1;
  await one(0, session);
  if (failed.length > 0) {
    failed.push(...spans.slice(1));
    if (last > 0) line(0, `the ${last} others are skipped`);
    return;
  }
  const beside = new Set<Promise<void>>();
  for (let next = 1; next < last; next++) {
    while (batches.parallel && next < last - 1) {
      const index = next;
      const borrowed = spare((other) => one(index, other));
      if (!borrowed) break;
      const done = borrowed.finally(() => beside.delete(done));
      beside.add(done);
      next++;
    }
    await one(next, session);
  }
  await Promise.all(beside);
  if (last > 0) await one(last, session);
}
