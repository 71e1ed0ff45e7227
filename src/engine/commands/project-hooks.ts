// on-run-start and on-run-end: statements of the project around a command that works on nodes.
// https://docs.getdbt.com/reference/project-configs/on-run-start-on-run-end
import { batchResultsJson } from '../../core/batch.ts';
import type { NodeResult } from '../../core/event.ts';
import type { OperationNode } from '../../core/node.ts';
import { type TemplateValue, toTemplate } from '../../template/index.ts';
import { execute } from '../execute.ts';
import { operationRunner } from '../nodes/hook-node.ts';
import type { Run } from '../run.ts';
import type { Slots } from '../slots.ts';

export const operations = (run: Run, when: OperationNode['when']): readonly OperationNode[] =>
  [...run.manifest.nodes.values()]
    .flatMap((node) => (node.resource_type === 'operation' && node.when === when ? [node] : []))
    .sort((a, b) => a.index - b.index);

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

/** What on-run-end sees of the results, in dbt's names. */
export const resultsValue = (run: Run, results: readonly NodeResult[]): TemplateValue =>
  toTemplate(
    results.map((result) => ({
      status: result.status,
      message: result.message ?? null,
      failures: result.failures ?? null,
      execution_time: result.ms / 1000,
      adapter_response: result.adapterResponse,
      thread_id: `Thread-${result.thread + 1}`,
      unique_id: result.node,
      batch_results: batchResultsJson(result.batchResults),
      node: {
        unique_id: result.node,
        ...(run.graph() as { nodes: Record<string, Readonly<Record<string, unknown>>> }).nodes[result.node],
        ...(result.compiledCode !== undefined && {
          compiled: true,
          compiled_code: result.compiledCode,
          compiled_path: result.compiledPath,
        }),
      },
    })),
  );
