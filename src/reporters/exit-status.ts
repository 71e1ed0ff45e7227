// The exit status as a fold of the events: 0 all well; 1 the run finished and something failed, erred or was partial;
// 2 nothing ran; 130 interrupted. (3, a bug, is not an event: see cli/main.ts.)
import type { NodeResult } from '../core/event.ts';
import type { UniqueId } from '../core/node.ts';
import { isError } from '../core/problem.ts';
import { FRESHNESS_RESULT, TEST_RESULT, verdictOf, type WarningPolicy } from '../core/warnings.ts';
import { isFailure, type Progress } from './reporter.ts';

export type ExitStatus = 0 | 1 | 2 | 130;

/** What is an error by `policy` is one in `progress`, but for results that are not problems. */
export function exitStatus({ finished, problems, results, labels, linted }: Progress, policy: WarningPolicy): ExitStatus {
  if (finished?.interrupted) return 130;
  if (linted) return linted.refused > 0 || problems.some(isError) || (policy.error === 'all' && linted.warnings > 0) ? 1 : 0;
  if (problems.some(isError)) return results.length > 0 ? 1 : 2;
  const isSource = (node: UniqueId): boolean => labels.get(node)?.resource_type === 'source';
  const isBad = ({ node, status, warnings }: NodeResult): boolean =>
    isFailure(status) ||
    warnings.some(isError) ||
    (status === 'warn' && verdictOf(policy, isSource(node) ? FRESHNESS_RESULT : TEST_RESULT) === 'error');
  return results.some(isBad) ? 1 : 0;
}
