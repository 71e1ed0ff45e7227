// The engine's only way to speak. Every report (terminal lines, json lines, run_results.json, summary, exit status) is a
// fold over these.
import type { BatchResults } from './batch.ts';
import type { FreshnessSpec, Node, UniqueId } from './node.ts';
import type { Problem } from './problem.ts';
import type { Relation } from './relation.ts';
import type { Row } from './statement.ts';

/** dbt's words. */
export type Status = 'success' | 'pass' | 'warn' | 'fail' | 'error' | 'runtime error' | 'skipped' | 'partial success' | 'no-op';

export interface RejectCount {
  readonly file: string;
  readonly reason: string;
  readonly count: number;
  /** The first one, for the terminal. */
  readonly line: number;
  readonly column?: string;
  readonly value?: string;
}

/** Rows against those that were expected, as texts; null: NULL. */
export interface RowDifference {
  readonly columns: readonly string[];
  readonly rows: readonly DifferentRow[];
}

export interface DifferentRow {
  /** `gap`: rows that are the same are left out. */
  readonly kind: 'same' | 'changed' | 'missing' | 'unexpected' | 'gap';
  readonly expected?: readonly (string | null)[];
  readonly actual?: readonly (string | null)[];
}

export interface NodeResult {
  readonly node: UniqueId;
  readonly status: Status;
  /** Wall time from first statement to last. */
  readonly ms: number;
  /** Epoch ms at which rendering (compile) and execution began, and execution ended. */
  readonly startedAt: number;
  readonly executeAt: number;
  readonly endedAt: number;
  /** 0-based: which of the `threads` connections. */
  readonly thread: number;
  /** dbt's `message`: 'CREATE TABLE (6820 rows)', 'Got 3 results, configured to fail if != 0'. */
  readonly message?: string;
  /** Failing rows of a test. */
  readonly failures?: number;
  /** rows_affected, files, files_skipped, rejected, … as in run_results.json. */
  readonly adapterResponse: Readonly<Record<string, unknown>>;
  readonly problem?: Problem;
  /** Warnings found on the way: columns left out, rejects. */
  readonly warnings: readonly Problem[];
  /** Sample rows of a failing test or of `show`, for the terminal. */
  readonly sample?: { readonly columns: readonly string[]; readonly rows: readonly Row[] };
  /** Of a unit test that failed. */
  readonly difference?: RowDifference;
  readonly rejects?: readonly RejectCount[];
  /** With public names. Undefined when nothing was compiled. */
  readonly compiledCode?: string;
  readonly compiledPath?: string;
  readonly relationName?: string;
  /** Of a microbatch model. */
  readonly batchResults?: BatchResults;
  /** source freshness: what was measured against what. */
  readonly freshness?: FreshnessResult;
}

export interface FreshnessResult {
  /** Epoch ms. */
  readonly maxLoadedAt: number;
  readonly snapshottedAt: number;
  readonly criteria: FreshnessSpec;
}

/** What a reporter needs to name a node without the manifest. */
export interface NodeLabel {
  readonly node: UniqueId;
  /** 'macro': of run-operation. */
  readonly resource_type: Node['resource_type'] | 'macro';
  /** 'table model analytics.orders', 'test unique_orders_id', 'load of sparkify.staging_events'. */
  readonly label: string;
  readonly file: string;
  readonly line: number;
  readonly name: string;
  /** As manifest.json has it: below the folder of its kind. */
  readonly path: string;
  /** 'table', 'test', …; '' where nothing is made. */
  readonly materialized: string;
  /** Where it goes; the name as the warehouse quotes it comes with the result. */
  readonly relation?: Relation;
}

export type EventBody =
  | { readonly type: 'problems'; readonly problems: readonly Problem[] }
  | { readonly type: 'note'; readonly message: string; readonly level: 'debug' | 'info' }
  | {
      readonly type: 'run-started';
      readonly command: string;
      readonly version: string;
      readonly adapter: string;
      readonly target: string;
      readonly threads: number;
      /** Absolute: where run_results.json goes. */
      readonly targetPath: string;
      /** In scheduled order. */
      readonly nodes: readonly NodeLabel[];
      /** Counts of the whole project, as dbt's "Found 12 models, …". */
      readonly found: Readonly<Record<string, number>>;
    }
  | { readonly type: 'node-started'; readonly node: UniqueId; readonly thread: number }
  | { readonly type: 'statement'; readonly node: UniqueId; readonly sql: string }
  | { readonly type: 'node-finished'; readonly result: NodeResult }
  /** lint is done; what it found is in its answer. */
  | { readonly type: 'linted'; readonly refused: number; readonly warnings: number }
  /** What a command answers on stdout: ls lines, compiled SQL, rows of show. Printed as it is, also with --quiet. */
  | { readonly type: 'output'; readonly text: string }
  | { readonly type: 'run-finished'; readonly ms: number; readonly interrupted: boolean };

export type Event = { readonly at: number /* epoch ms */ } & EventBody;

export type Emit = (event: EventBody) => void;
