// How long the longest chain behind each step is: what the executor starts first when it may choose.
import type { UniqueId } from '../core/node.ts';
import type { DraftStep } from './steps.ts';

/** A step that nobody has timed counts as much as the average of its kind, else of all, else 1 ms. */
function assumedWeights(kinds: ReadonlyMap<UniqueId, string>, weights: ReadonlyMap<UniqueId, number>): (id: UniqueId) => number {
  const sums = new Map<string, { total: number; count: number }>();
  for (const [id, kind] of kinds) {
    const ms = weights.get(id);
    if (ms === undefined) continue;
    for (const key of [kind, '']) {
      const sum = sums.get(key) ?? { total: 0, count: 0 };
      sums.set(key, { total: sum.total + ms, count: sum.count + 1 });
    }
  }
  const mean = (key: string): number | undefined => {
    const sum = sums.get(key);
    return sum && sum.total / sum.count;
  };
  return (id) => weights.get(id) ?? mean(kinds.get(id) ?? '') ?? mean('') ?? 1;
}

/** `steps`: each behind all that it waits for, and behind the node it gates. `kinds`: resource types, for the averages. */
export function priorities(
  steps: readonly DraftStep[],
  kinds: ReadonlyMap<UniqueId, string>,
  weights: ReadonlyMap<UniqueId, number>,
): ReadonlyMap<UniqueId, number> {
  const weight = assumedWeights(kinds, weights);
  // The longest chain that begins when a step is staged, and when it has published or passed.
  const afterStage = new Map<UniqueId, number>();
  const afterEnd = new Map<UniqueId, number>();
  const raise = (map: Map<UniqueId, number>, id: UniqueId, ms: number): void => {
    if (ms > (map.get(id) ?? 0)) map.set(id, ms);
  };
  const found = new Map<UniqueId, number>();
  for (const step of [...steps].reverse()) {
    const { node } = step;
    const rest = step.gated === undefined ? (afterEnd.get(node) ?? 0) : Math.max(afterEnd.get(node) ?? 0, afterEnd.get(step.gated) ?? 0);
    const ms = weight(node) + Math.max(rest, afterStage.get(node) ?? 0);
    found.set(node, ms);
    for (const wait of step.after) raise(wait.until === 'staged' ? afterStage : afterEnd, wait.node, ms);
  }
  return found;
}
