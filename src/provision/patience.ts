// Asking again: what AWS throttles, what is not known everywhere yet, what takes its time. The clock is the caller's.
import { fail } from '../core/problem.ts';
import { codeOf, isBusy } from './failure.ts';

export interface Clock {
  /** Epoch ms. */
  now(): number;
  /** Throws when the signal is aborted. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
  /** From 0 to 1: two that are in each other's way do not wait equally long. */
  random(): number;
}

export interface Patience {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Hears that it takes longer. */
  readonly say?: (message: string) => void;
}

const FIRST_MS = 1000;
const LONGEST_MS = 20_000;
/** Tries after which the user is told. */
const TOLD_AFTER = 4;
/** For so long a request is repeated, unless its caller has longer. */
const BUSY_MS = 180_000;

/** The call, again while AWS is busy, or `also` says that it is worth it. Throws what the last one threw. */
export async function patiently<T>(
  { clock, signal, say }: Patience,
  call: () => Promise<T>,
  also: (error: unknown) => boolean = () => false,
  limitMs = BUSY_MS,
): Promise<T> {
  const until = clock.now() + limitMs;
  for (let ms = FIRST_MS, tries = 1; ; ms = Math.min(ms * 2, LONGEST_MS), tries++) {
    signal.throwIfAborted();
    try {
      return await call();
    } catch (error) {
      if ((!isBusy(error) && !also(error)) || clock.now() >= until) throw error;
      if (tries === TOLD_AFTER) say?.(`  AWS is not ready for it yet (${codeOf(error)}): asking again`);
      // Not the same for two that are in each other's way.
      await clock.pause(ms * (0.75 + clock.random() / 2), signal);
    }
  }
}

export interface Polled<T> {
  readonly ask: () => Promise<T>;
  /** undefined: ask again. */
  readonly judge: (found: T, waitedMs: number) => true | undefined;
  readonly limitMs: () => number;
  /** 'the cluster shop is available' */
  readonly what: string;
}

const FIRST_POLL_MS = 5000;
const LONGEST_POLL_MS = 30_000;

/** Asks until it is judged well; more seldom, the longer it takes. */
export async function poll<T>(patience: Patience, { ask, judge, limitMs, what }: Polled<T>): Promise<void> {
  const { clock, signal } = patience;
  const began = clock.now();
  for (let ms = FIRST_POLL_MS; ; ms = Math.min(ms * 1.3, LONGEST_POLL_MS)) {
    const waited = clock.now() - began;
    if (judge(await patiently(patience, ask), waited)) return;
    if (waited > limitMs())
      fail({
        code: 'cluster-timeout',
        message: `after ${Math.round(waited / 60_000)} minutes it is not so that ${what}`,
        hint: 'See what AWS says of it: dwh cluster status; then run the command again: it goes on from here.',
      });
    await clock.pause(ms, signal);
  }
}
