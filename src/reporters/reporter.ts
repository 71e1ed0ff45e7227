// What the reporters share: where they write, and the fold of the events that each of them looks at.
import type { Event, EventBody, NodeLabel, NodeResult, Status } from '../core/event.ts';
import type { UniqueId } from '../core/node.ts';
import type { Problem } from '../core/problem.ts';

export interface Stream {
  write(text: string): unknown;
}

/** An answer, as it is; its last line ends. */
export const closed = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);

export interface Reporter {
  report(event: Event): void;
  /** Writes what is still held back; nothing is reported after it. */
  close(): void;
}

export type Level = 'debug' | 'info' | 'warn' | 'error' | 'none';
const ORDER: readonly Level[] = ['debug', 'info', 'warn', 'error', 'none'];
export const reaches = (level: Level, threshold: Level): boolean => ORDER.indexOf(level) >= ORDER.indexOf(threshold);

export type RunStarted = Extract<EventBody, { type: 'run-started' }>;

/** The run so far. One per reporter, changed in place by `advance`: a copy per event would cost nodes². */
export interface Progress {
  started: (RunStarted & { readonly at: number }) | undefined;
  readonly labels: Map<UniqueId, NodeLabel>;
  /** 1-based, in order of start: dbt's '3 of 12'. */
  readonly numbers: Map<UniqueId, number>;
  /** When each running node began. */
  readonly running: Map<UniqueId, number>;
  readonly results: NodeResult[];
  readonly problems: Problem[];
  linted: { readonly refused: number; readonly warnings: number } | undefined;
  finished: { readonly at: number; readonly ms: number; readonly interrupted: boolean } | undefined;
}

export const startProgress = (): Progress => ({
  started: undefined,
  labels: new Map(),
  numbers: new Map(),
  running: new Map(),
  results: [],
  problems: [],
  linted: undefined,
  finished: undefined,
});

export function advance(progress: Progress, event: Event): void {
  switch (event.type) {
    case 'problems':
      progress.problems.push(...event.problems);
      break;
    case 'run-started':
      progress.started = event;
      for (const label of event.nodes) progress.labels.set(label.node, label);
      break;
    case 'node-started':
      number(progress, event.node);
      progress.running.set(event.node, event.at);
      break;
    case 'node-finished':
      number(progress, event.result.node);
      progress.running.delete(event.result.node);
      progress.results.push(event.result);
      break;
    case 'linted':
      progress.linted = event;
      break;
    case 'run-finished':
      progress.finished = event;
      break;
  }
}

function number({ numbers }: Progress, node: UniqueId): void {
  if (!numbers.has(node)) numbers.set(node, numbers.size + 1);
}

/** How many nodes the run has; never fewer than have been seen. */
export const total = ({ started, numbers }: Progress): number => Math.max(started?.nodes.length ?? 0, numbers.size);

export const labelText = ({ labels }: Progress, node: UniqueId): string => labels.get(node)?.label ?? node;

export const isFailure = (status: Status): boolean =>
  status === 'error' || status === 'fail' || status === 'runtime error' || status === 'partial success';

export const levelOf = ({ status, warnings }: NodeResult): Level =>
  isFailure(status) ? 'error' : status === 'warn' || warnings.length > 0 ? 'warn' : 'info';

/** How loud a problem is. */
export const problemLevel = ({ severity = 'error' }: Problem): Level =>
  severity === 'warning' ? 'warn' : severity === 'notice' ? 'info' : 'error';

export interface Tally {
  readonly pass: number;
  readonly warn: number;
  readonly error: number;
  readonly skip: number;
  readonly noop: number;
  readonly total: number;
}

/** dbt's buckets: a partial success counts as an error. */
export function tally(results: readonly NodeResult[]): Tally {
  const count = (...statuses: readonly Status[]): number => results.filter(({ status }) => statuses.includes(status)).length;
  return {
    pass: count('success', 'pass'),
    warn: count('warn'),
    error: results.filter(({ status }) => isFailure(status)).length,
    skip: count('skipped'),
    noop: count('no-op'),
    total: results.length,
  };
}
