// What is said of a node that is not published because its tests did not let it pass.
import type { NodeResult } from '../core/event.ts';
import type { Manifest } from '../core/manifest.ts';
import type { Node, UniqueId } from '../core/node.ts';
import type { Problem } from '../core/problem.ts';
import type { Outcome } from './nodes/runner.ts';

/** `gates`: those that did not pass. By a failing test it is an error, by tests that could not run it is skipped. */
export function heldBack(manifest: Manifest, node: Node, gates: readonly UniqueId[], results: readonly NodeResult[]): Outcome {
  const ended = results.filter((one) => gates.includes(one.node));
  const ran = ({ status, problem }: NodeResult): boolean => status !== 'skipped' && problem?.code !== 'cancelled';
  const result = ended.find(ran) ?? ended[0];
  const gate = result?.node ?? gates[0] ?? node.unique_id;
  const test = manifest.nodes.get(gate);
  const kept = 'what was published before stays as it was';
  if (result && !ran(result)) {
    return {
      status: 'skipped',
      message: `not published: ${gate} could not run (${result.message ?? 'skipped'}); ${kept}`,
      adapterResponse: {},
    };
  }
  const problem: Problem = {
    code: 'held-back',
    message: `held back by ${gate}: ${result?.message ?? 'the test did not pass'}; ${kept}`,
    at: test?.at ?? node.at,
    hint: 'Mend the data or the model; --publish always publishes before testing.',
  };
  return { status: 'error', message: problem.message, adapterResponse: {}, problem };
}
