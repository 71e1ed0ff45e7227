// How a node becomes public, as data; only the engine interprets it: to run, to print (--dry-run), to kill at each step in tests.
import type { ObjectsRead, RowBatch } from './copy.ts';
import type { Problem } from './problem.ts';
import type { Relation } from './relation.ts';
import type { Column, Result, Row, Statement } from './statement.ts';

/** Rows that come from files through our own reader, or from a seed: CSV bytes (see Connection.copyIn) made while they are asked for. */
export interface CopyIn {
  readonly into: Relation;
  readonly columns: readonly Column[];
  readonly bytes: () => AsyncIterable<Uint8Array>;
  /** For --dry-run and target/run/. */
  readonly shown: string;
}

/** Files that go through our own reader: rows to `into`, refused records and totals to the engine, which keeps them. */
export interface ReadFiles {
  readonly into: Relation;
  readonly columns: readonly Column[];
  readonly batches: (signal: AbortSignal) => AsyncIterable<RowBatch>;
  readonly shown: string;
}

/** Objects that the warehouse reads by itself: the engine asks it what it found. */
export interface CopyObjects extends ObjectsRead {
  readonly run: Statement;
}

/** A macro of the project that makes statements of what it is told: get_incremental_…_sql. */
export interface MacroCall {
  readonly macro: string;
  readonly relation: Relation;
  readonly staged: Relation;
  /** That are written, as the relation has them. */
  readonly columns: readonly Column[];
  /** As configured. */
  readonly uniqueKey: unknown;
  readonly predicates: unknown;
}

export type Step =
  /** `judge` says what is wrong with what came of it; `refused` says more than the warehouse does when it does not run it. */
  | {
      readonly run: Statement;
      readonly judge?: (result: Result) => Problem | undefined;
      readonly refused?: (message: string) => Problem;
      /** Its rows are not the node's. */
      readonly aside?: boolean;
    }
  /** A query whose rows decide whether to go on. */
  | { readonly check: Statement; readonly judge: (rows: readonly Row[]) => Problem | undefined }
  | { readonly template: MacroCall }
  | { readonly copy: CopyIn }
  | { readonly read: ReadFiles }
  | { readonly objects: CopyObjects };

export interface Plan {
  /** Committed, restartable; readers see nothing of it. */
  readonly stage: readonly Step[];
  /** What the tests read: the node as it will be. */
  readonly candidate: Relation;
  /** One short transaction; the engine adds grants, comments, lease check and ledger rows. */
  readonly publish: readonly Step[];
  /** Also run at start, for the leftovers of a crash. */
  readonly cleanup: readonly Step[];
}

export const runs = (statements: readonly Statement[]): Step[] => statements.map((run) => ({ run }));
