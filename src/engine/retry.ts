// Work that the warehouse refused only for the moment (two transactions that wanted the same row, a lost connection) is done
// again: the whole unit, never one statement.
import { setTimeout } from 'node:timers/promises';
import { DatabaseError } from '../adapters/adapter.ts';
import { StatementError } from './session.ts';

const TRIES = 6;
const FIRST_PAUSE_MS = 25;

function isTransient(error: unknown): boolean {
  const cause = error instanceof StatementError ? error.cause : error;
  return cause instanceof DatabaseError && cause.details.transient === true;
}

/** `work` has left nothing behind when it throws. `again` is told what went wrong before each new try. */
export async function retried<T>(work: () => Promise<T>, again: (reason: string) => void, signal: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === TRIES || signal.aborted || !isTransient(error)) throw error;
      again(`${error instanceof Error ? error.message : error} (try ${attempt + 1} of ${TRIES})`);
      // Longer each time, and not the same for two that are in each other's way.
      await setTimeout(FIRST_PAUSE_MS * 2 ** attempt * (0.5 + Math.random()), undefined, { signal });
    }
  }
}
