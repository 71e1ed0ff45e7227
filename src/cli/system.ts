// What the command line takes from the process it runs in, so that tests can hand it another.

import type { Emit } from '../core/event.ts';
import type { Deps, Here, Request } from '../core/request.ts';
import type { Stream } from '../reporters/reporter.ts';

export interface OutputStream extends Stream {
  readonly isTTY: boolean;
  readonly columns: () => number;
}

export interface System {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly homeDir: string;
  readonly pid: number;
  readonly here: () => Here;
  readonly nodeVersion: string;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Epoch ms. */
  readonly clock: () => number;
  readonly every: (ms: number, tick: () => void) => () => void;
  readonly newId: () => string;
  /** Calls back at the first Ctrl-C; from then on a second one kills. Returns how to stop listening. */
  readonly onInterrupt: (stop: () => void) => () => void;
  /** All that comes in, to its end. */
  readonly stdin: () => Promise<string>;
  /** Asks the user; undefined when nobody is there to answer. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
  /** The engine; loaded when first asked for. */
  readonly perform: (request: Request, deps: Deps, emit: Emit) => Promise<void>;
}
