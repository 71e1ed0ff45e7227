// What a command is to the command line.
import type { Retry } from '../core/request.ts';
import type { Secrets } from '../core/secrets.ts';
import type { Given, Options } from './given.ts';
import type { System } from './system.ts';

export interface Invocation {
  readonly given: Given;
  readonly system: System;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly argv: readonly string[];
  /** Of this invocation; the engine adds those that it finds. */
  readonly secrets: Secrets;
  /** The run that this one goes on with. */
  readonly retry?: Retry;
}

export interface Command {
  /** Its own, besides the global ones. */
  readonly options: Options;
  readonly examples: readonly (readonly [command: string, what: string])[];
  /** The exit status. Throws DwhError when nothing could be done. */
  readonly run: (invocation: Invocation) => Promise<number>;
}

/** What the list of commands shows without loading them. */
export interface CommandEntry {
  /** As yargs has it: 'run', 'init [name]'. The first word is its name. */
  readonly usage: string;
  readonly aliases?: readonly string[];
  readonly describe: string;
  /** What the word in brackets of `usage` is. */
  readonly positional?: string;
  readonly load: () => Promise<Command>;
}

export interface CommandGroup {
  readonly usage: string;
  readonly describe: string;
  readonly commands: readonly CommandEntry[];
}

export const nameOf = ({ usage }: { readonly usage: string }): string => usage.split(' ')[0] ?? usage;
