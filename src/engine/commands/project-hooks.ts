// on-run-start and on-run-end: statements of the project around a command that works on nodes.
// https://docs.getdbt.com/reference/project-configs/on-run-start-on-run-end
import { datetimeValue } from '../../context/index.ts';
import { batchResultsJson } from '../../core/batch.ts';
import type { NodeResult } from '../../core/event.ts';
import type { OperationNode } from '../../core/node.ts';
import { recordToTemplate, type TemplateValue } from '../../template/index.ts';
import { execute } from '../execute.ts';
import { operationRunner } from '../nodes/hook-node.ts';
import type { Run } from '../run.ts';
import type { Slots } from '../slots.ts';

/** The project's own, then those of packages by their names. */
export function operations({ manifest }: Run, when: OperationNode['when']): readonly OperationNode[] {
  const place = ({ package_name }: OperationNode): string => (package_name === manifest.project_name ? '' : package_name);
  return [...manifest.nodes.values()]
    .flatMap((node) => (node.resource_type === 'operation' && node.when === when ? [node] : []))
    .sort((a, b) => (place(a) === place(b) ? a.index - b.index : place(a) < place(b) ? -1 : 1));
}

/** What on-run-end sees where nothing runs. */
export const NO_RESULTS: Readonly<Record<string, TemplateValue>> = { results: [], schemas: [], database_schemas: [] };

/** One after the other; the first that fails stops the rest. */
export async function runOperations(
  run: Run,
  slots: Slots,
  list: readonly OperationNode[],
  more: Readonly<Record<string, TemplateValue>>,
): Promise<readonly NodeResult[]> {
  const steps = list.map((node, index) => {
    const before = list[index - 1];
    return {
      node: node.unique_id,
      after: before ? [{ node: before.unique_id, until: 'published' as const }] : [],
      gates: [],
      priority: list.length - index,
    };
  });
  return execute(run, { steps }, slots, (node) => {
    if (node.resource_type !== 'operation') throw new Error(`${node.unique_id} is no hook of the project`);
    return operationRunner(run, node, more);
  });
}

/** Where the manifest, as `graph` shows it, has what a result may be of. */
const SECTIONS = ['nodes', 'sources', 'unit_tests', 'functions', 'exposures'] as const;
type Graph = Readonly<Record<(typeof SECTIONS)[number], Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

/** What on-run-end sees of the results, in dbt's names. */
export function resultsValue(run: Run, results: readonly NodeResult[]): TemplateValue {
  const graph = run.graph() as Graph;
  return recordToTemplate(
    results.map((result) => ({
      status: result.status,
      message: result.message ?? null,
      failures: result.failures ?? null,
      execution_time: result.ms / 1000,
      adapter_response: result.adapterResponse,
      thread_id: `Thread-${result.thread + 1}`,
      unique_id: result.node,
      batch_results: batchResultsJson(result.batchResults),
      ...(result.freshness && {
        max_loaded_at: datetimeValue(result.freshness.maxLoadedAt),
        snapshotted_at: datetimeValue(result.freshness.snapshottedAt),
        age: (result.freshness.snapshottedAt - result.freshness.maxLoadedAt) / 1000,
      }),
      node: {
        unique_id: result.node,
        ...SECTIONS.map((section) => graph[section][result.node]).find((node) => node !== undefined),
        ...(result.compiledCode !== undefined && {
          compiled: true,
          compiled_code: result.compiledCode,
          compiled_path: result.compiledPath,
        }),
      },
    })),
  );
}
