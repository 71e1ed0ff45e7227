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

/** SQLSTATE transaction_resolution_unknown. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const UNKNOWN_OUTCOME = '08007';

/** A commit was not answered, and the server cannot be asked what became of it. */
export function isUnknown(error: unknown): boolean {
  const cause = error instanceof StatementError ? error.cause : error;
  return cause instanceof DatabaseError && cause.details.code === UNKNOWN_OUTCOME;
}

/** `work` comes out the same when it is done again, whether its commit came about or not. */
export async function repeatable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isUnknown(error)) throw error;
    const cause = error instanceof StatementError ? error.cause : (error as DatabaseError);
    const again = new DatabaseError(cause.message, { ...cause.details, transient: true }, { cause: error });
    throw error instanceof StatementError ? new StatementError(error.statement, again, error.place) : again;
  }
}
