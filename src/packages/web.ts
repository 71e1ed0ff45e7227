// Files by HTTP, with a few tries.
import { setTimeout } from 'node:timers/promises';

const TRIES = 3;
const PAUSE_MS = 200;
const LIMIT_MS = 60_000;

/** There was no answer, or none that is any use. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

export interface Web {
  /** undefined: it is not there (404). Throws Unreachable. */
  get(url: string): Promise<Buffer | undefined>;
}

const reasonOf = (error: unknown): string => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message || ('code' in cause ? String(cause.code) : cause.name) : String(cause);
};

export function web(signal: AbortSignal): Web {
  const once = async (url: string): Promise<Buffer | undefined> => {
    const answer = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]) });
    if (answer.status === 404) return undefined;
    if (!answer.ok) throw new Unreachable(`HTTP ${answer.status}`);
    return Buffer.from(await answer.arrayBuffer());
  };
  return {
    async get(url) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await once(url);
        } catch (error) {
          signal.throwIfAborted();
          if (attempt === TRIES) throw error instanceof Unreachable ? error : new Unreachable(reasonOf(error), { cause: error });
          await setTimeout(PAUSE_MS * 2 ** attempt, undefined, { signal });
        }
      }
    },
  };
}
