// run_results.json (dbt's schema v6) and sources.json (v3) as plain data, from the events alone; and the one function that
// writes such a file. https://docs.getdbt.com/reference/artifacts/run-results-json
import { renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type ArtifactMeta, artifactMetadata } from '../core/artifact-metadata.ts';
import { batchResultsJson } from '../core/batch.ts';
import type { NodeResult } from '../core/event.ts';
import type { UniqueId } from '../core/node.ts';
import type { Request, Retry } from '../core/request.ts';
import { makeFolder } from '../project/make-folder.ts';
import { isFailure, type Progress } from './reporter.ts';

/** Of a Request. */
export type ResultsMeta = ArtifactMeta & Pick<Request, 'args'>;

const iso = (at: number): string => new Date(at).toISOString();
/** As sources.json has times of the data: 2023-05-20T20:00:00+00:00, with six digits where there are fractions. */
const isoWithOffset = (at: number): string => iso(at).replace(/\.(\d{3})Z$/, (_, ms) => `${ms === '000' ? '' : `.${ms}000`}+00:00`);

export const metadata = (schema: string, progress: Progress, meta: ArtifactMeta): Record<string, unknown> =>
  artifactMetadata(schema, progress.finished?.at ?? meta.startedAt, meta);

function timing({ startedAt, executeAt, endedAt, status }: NodeResult): readonly unknown[] {
  if (status === 'skipped') return [];
  const started = iso(startedAt);
  const executed = executeAt === startedAt ? started : iso(executeAt);
  const ended = endedAt === executeAt ? executed : iso(endedAt);
  return [
    { name: 'compile', started_at: started, completed_at: executed },
    { name: 'execute', started_at: executed, completed_at: ended },
  ];
}

/** Only nodes with SQL of their own can be compiled; of the others dbt says null. */
const NEVER_COMPILED = new Set(['seed', 'source', 'exposure']);

export type ResultRow = Readonly<Record<string, unknown>>;

/** One node's result. */
export const resultRow = (result: NodeResult, { labels }: Pick<Progress, 'labels'>): ResultRow => ({
  status: result.status,
  timing: timing(result),
  thread_id: `Thread-${result.thread + 1}`,
  execution_time: result.ms / 1000,
  adapter_response: result.adapterResponse,
  message: result.message ?? result.problem?.message ?? null,
  failures: result.failures ?? (result.batchResults ? 0 : null),
  unique_id: result.node,
  compiled: NEVER_COMPILED.has(labels.get(result.node)?.resource_type ?? '') ? null : result.compiledCode !== undefined,
  compiled_code: result.compiledCode ?? null,
  relation_name: result.relationName ?? null,
  batch_results: batchResultsJson(result.batchResults),
});

/** Results of the first run that this one has none for and does not try again. */
export function keptRows({ labels }: Progress, retry: Retry): readonly ResultRow[] {
  const again = new Set(retry.nodes);
  return retry.results.filter(({ unique_id }) => !again.has(String(unique_id)) && !labels.has(String(unique_id) as UniqueId));
}

/** In the order of the first run: what was tried again stands where it stood. */
function allRows(progress: Progress, retry: Retry): readonly ResultRow[] {
  const rows = new Map([...keptRows(progress, retry)].map((row) => [String(row.unique_id), row]));
  for (const result of progress.results) rows.set(result.node, resultRow(result, progress));
  const places = new Map(retry.results.map(({ unique_id }, index) => [String(unique_id), index]));
  const place = (id: string): number => places.get(id) ?? places.size;
  return [...rows].sort(([one], [other]) => place(one) - place(other)).map(([, row]) => row);
}

export function runResults(progress: Progress, meta: ResultsMeta): Record<string, unknown> {
  return {
    metadata: metadata('run-results/v6', progress, meta),
    results: meta.retry ? allRows(progress, meta.retry) : progress.results.map((result) => resultRow(result, progress)),
    elapsed_time: (progress.finished?.ms ?? 0) / 1000,
    args: meta.args,
  };
}

/** The same as JSON, with results that are JSON already. */
export function runResultsText(rows: readonly string[], progress: Progress, meta: ResultsMeta): string {
  const others = JSON.stringify(runResults({ ...progress, results: [] }, meta));
  // Before it there is only the metadata, whose values are texts.
  return others.replace('"results":[]', () => `"results":[${rows.join(',')}]`);
}

/** As dbt writes it. */
const NO_THRESHOLD = { count: null, period: null };

export function sourcesJson(progress: Progress, meta: ResultsMeta): Record<string, unknown> {
  return {
    metadata: metadata('sources/v3', progress, meta),
    // Hooks of the project have no age.
    results: progress.results
      .filter(({ node }) => !node.startsWith('operation.'))
      .map((result) => {
        const { freshness } = result;
        if (!freshness)
          return { unique_id: result.node, error: result.problem?.message ?? result.message ?? null, status: 'runtime error' };
        const { warn_after, error_after, filter } = freshness.criteria;
        return {
          unique_id: result.node,
          max_loaded_at: isoWithOffset(freshness.maxLoadedAt),
          snapshotted_at: isoWithOffset(freshness.snapshottedAt),
          max_loaded_at_time_ago_in_s: (freshness.snapshottedAt - freshness.maxLoadedAt) / 1000,
          status: result.status === 'success' ? 'pass' : isFailure(result.status) ? 'error' : result.status,
          criteria: { warn_after: warn_after ?? NO_THRESHOLD, error_after: error_after ?? NO_THRESHOLD, filter: filter ?? null },
          adapter_response: result.adapterResponse,
          timing: timing(result),
          thread_id: `Thread-${result.thread + 1}`,
          execution_time: result.ms / 1000,
        };
      }),
    elapsed_time: (progress.finished?.ms ?? 0) / 1000,
  };
}

/** In one step: a reader sees the old file or the new one. */
export function writeArtifact(path: string, json: string): void {
  makeFolder(dirname(path));
  writeFileSync(`${path}.new`, `${json}\n`);
  renameSync(`${path}.new`, path);
}
