// The run that `retry` goes on with: from the journal, when the run was cut off, else from run_results.json. What was read is
// dwh's or dbt's own writing, and may be cut off, old, or somebody else's.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMapping } from '../core/config-reader.ts';
import { fail } from '../core/problem.ts';
import { JOURNAL } from '../reporters/journal.ts';

type Json = Readonly<Record<string, unknown>>;

export interface EarlierRun {
  /** The command as run_results.json names it, and its options under dbt's names. */
  readonly args: Json;
  /** Epoch ms. */
  readonly startedAt: number;
  /** All that it had to do. */
  readonly nodes: readonly string[];
  readonly results: readonly Json[];
}

const RETRIED = new Set(['error', 'fail', 'skipped', 'runtime error', 'partial success']);

/** Throws DwhError when there is none in `folder`. `shown`: the folder, for messages. */
export function earlierRun(folder: string, shown: string): EarlierRun {
  const journal = join(folder, JOURNAL);
  const results = join(folder, 'run_results.json');
  if (existsSync(journal)) return fromJournal(textOf(journal)) ?? unreadable(`${shown}/${JOURNAL}`);
  if (existsSync(results)) return fromResults(textOf(results)) ?? unreadable(`${shown}/run_results.json`);
  return fail({
    code: 'no-earlier-run',
    message: `there is no run to go on with: ${shown}/ has no run_results.json`,
    hint: 'Run a command first, or name the folder with the artifacts of a run: dwh retry --state DIR',
  });
}

/** '' where it cannot be read: no record of a run, like any text that is none. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

const unreadable = (file: string): never =>
  fail({
    code: 'no-earlier-run',
    message: `${file} cannot be read as the record of a run`,
    hint: 'Run the command again, or name another folder with --state.',
  });

function parsed(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isMapping(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const time = (value: unknown): number => Date.parse(typeof value === 'string' ? value : '');

/** dbt before 1.10 does not say when a run began. */
function startOf(metadata: unknown, elapsedSeconds: number): number {
  if (!isMapping(metadata)) return Number.NaN;
  const began = time(metadata.invocation_started_at);
  return Number.isNaN(began) ? time(metadata.generated_at) - elapsedSeconds * 1000 : began;
}

function runOf(head: Json, results: readonly Json[], nodes: readonly string[]): EarlierRun | undefined {
  const startedAt = startOf(head.metadata, typeof head.elapsed_time === 'number' ? head.elapsed_time : 0);
  if (!isMapping(head.args) || typeof head.args.which !== 'string' || Number.isNaN(startedAt)) return undefined;
  return { args: head.args, startedAt, nodes, results };
}

function fromResults(text: string): EarlierRun | undefined {
  const head = parsed(text);
  if (!head || !Array.isArray(head.results)) return undefined;
  const results = head.results.filter(isMapping);
  return runOf(
    head,
    results,
    results.map(({ unique_id }) => String(unique_id)),
  );
}

/** The last line may be cut off: its node has not ended. */
function fromJournal(text: string): EarlierRun | undefined {
  const [first = '', ...rest] = text.split('\n');
  const head = parsed(first);
  if (!head || !Array.isArray(head.nodes)) return undefined;
  const rows = new Map<string, Json>();
  for (const line of rest) {
    const row = line === '' ? undefined : parsed(line);
    if (row) rows.set(String(row.unique_id), row);
  }
  return runOf(head, [...rows.values()], head.nodes.map(String));
}

const isHook = (id: string, { args }: EarlierRun): boolean => id.startsWith('operation.') && args.which !== 'run-operation';

function unwell({ nodes, results }: EarlierRun): readonly string[] {
  const statuses = new Map(results.map(({ unique_id, status }) => [String(unique_id), String(status)]));
  return nodes.filter((id) => RETRIED.has(statuses.get(id) ?? 'skipped'));
}

/** Hooks belong to the run and not to what is retried: they run with it again. */
export const failedNodes = (run: EarlierRun): readonly string[] => unwell(run).filter((id) => !isHook(id, run));
export const hooksFailed = (run: EarlierRun): boolean => unwell(run).some((id) => isHook(id, run));
