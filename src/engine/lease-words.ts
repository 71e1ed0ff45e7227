// What is said of a lease: who holds a target, and what became of the run that held it.
import type { Problem } from '../core/problem.ts';
import type { LeaseRow } from './lease-table.ts';

const timeOf = (seconds: number): string => `${new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** 'dwh build, process 4711 on etl-1, since 2026-11-26 08:00:00 UTC' */
export const holderText = ({ command, process, host, startedAt }: LeaseRow): string =>
  `${command}, process ${process} on ${host}, since ${timeOf(startedAt)}`;

export const held = (target: string, row: LeaseRow): Problem => ({
  code: 'lease-held',
  message: `another run works on ${target}: ${holderText(row)}`,
  hint: 'Wait for it with --wait, or --wait SECONDS; --steal takes the target over, and the other run publishes nothing more.',
  detail: [`its last sign of life: ${row.now - row.beatAt} s ago`],
});

/** What is known of the holder by now; undefined: nothing. */
export const lost = (row: LeaseRow | undefined): Problem => ({
  code: 'lease-lost',
  message: row ? `this run was taken over by ${holderText(row)}` : 'this run does not hold its target any more',
  hint: 'It publishes nothing more. When the other one has ended, run again.',
});

export const silent = (seconds: number): Problem => ({
  code: 'lease-silent',
  message: `for ${seconds} s no sign of life of this run has reached the warehouse, so another one may have taken over`,
  hint: 'It publishes nothing more. When the warehouse answers again, run again.',
});

export const unavailable = (target: string, schema: string, reason: string): Problem => ({
  code: 'lease-unavailable',
  severity: 'warning',
  message: `nothing keeps other runs off ${target} while this one goes on: ${reason}`,
  hint: `Let the user make and write to the schema ${schema}, or name another one with 'state_schema' in the target.`,
});

export const unanswered = (target: string, reason: string): Problem => ({
  code: 'lease-failed',
  message: `whether another run works on ${target} cannot be told: ${reason}`,
  hint: 'Run again.',
});
