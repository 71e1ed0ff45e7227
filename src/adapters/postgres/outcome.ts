// What became of a commit whose answer was lost: the server is asked, so that nothing is done twice.
import { setTimeout } from 'node:timers/promises';
import { DatabaseError } from '../adapter.ts';
import type { Ending, Outcome } from './server.ts';

/** For a session that went away to end its commit. */
const TRIES = 50;
const PAUSE_MS = 100;

/** The first value of the answer. */
type Ask = (sql: string) => Promise<unknown>;

/** Throws when that cannot be told: then it must not be tried again. */
export async function wasCommitted(ask: Ask, id: string, outcome: Outcome): Promise<boolean> {
  let said: unknown;
  try {
    for (let attempt = 0; attempt < TRIES; attempt++) {
      said = await ask(outcome.of(id));
      if (said === 'committed' || said === 'aborted') return said === 'committed';
      await setTimeout(PAUSE_MS);
    }
  } catch (error) {
    said = error instanceof Error ? error.message : error;
  }
  throw unknownOutcome(String(said));
}

/** Nothing of a session that went away can happen any more: it is ended, and has no transaction. */
export async function hasEnded(ask: Ask, pid: number, ending: Ending): Promise<boolean> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    if (attempt > 0) await setTimeout(PAUSE_MS);
    // The way to the server may still be cut, and the session gone by itself.
    await ask(ending.end(pid)).catch(() => undefined);
    const open = await ask(ending.open(pid)).catch(() => undefined);
    if (open !== undefined && Number(open) === 0) return true;
  }
  return false;
}

export const unknownOutcome = (why: string, unsettled = false): DatabaseError =>
  new DatabaseError(`the connection was lost during a commit, and the server does not say whether it happened: ${why}`, {
    code: '08007',
    ...(unsettled && { unsettled }),
    hint: 'Look at the relation, and run again: what is loaded or made anew comes out the same, what is only appended may come twice.',
  });
