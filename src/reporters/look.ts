// How text looks: colours or none, and how wide lines may be.
import picocolors from 'picocolors';
import type { Status } from '../core/event.ts';

type Colors = ReturnType<typeof picocolors.createColors>;

export interface Look {
  readonly colors: Colors;
  /** In cells. */
  readonly width: number;
  /** Of the terminal: the lines of nodes are cut there. Undefined: nothing is cut, so that logs have every name whole. */
  readonly columns?: number;
}

export const look = (options: { readonly colors: boolean; readonly width: number }): Look => ({
  colors: picocolors.createColors(options.colors),
  width: options.width,
});

const words: Readonly<Record<Status, string>> = {
  success: 'OK',
  pass: 'PASS',
  warn: 'WARN',
  fail: 'FAIL',
  error: 'ERROR',
  'runtime error': 'ERROR',
  skipped: 'SKIP',
  'partial success': 'PARTIAL',
  'no-op': 'NO-OP',
};
/** 'OK', 'FAIL', … */
export const statusWord = (status: Status): string => words[status];

export function statusColor({ colors }: Look, status: Status): (text: string) => string {
  if (status === 'success' || status === 'pass') return colors.green;
  if (status === 'skipped' || status === 'no-op') return colors.dim;
  return status === 'warn' ? colors.yellow : colors.red;
}

/** '0.12s', '1m 05s', '2h 03m'. */
export function durationText(ms: number): string {
  if (ms < 60_000) return `${(ms / 1000).toFixed(2)}s`;
  const seconds = Math.floor(ms / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${two(seconds % 60)}s`;
  return `${Math.floor(seconds / 3600)}h ${two(Math.floor((seconds % 3600) / 60))}m`;
}
