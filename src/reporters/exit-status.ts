// The exit status as a fold of the events: 0 all well; 1 the run finished and something failed, erred or was partial;
// 2 nothing ran; 130 interrupted. (3, a bug, is not an event: see cli/main.ts.)
import { isError } from '../core/problem.ts';
import { isFailure, type Progress } from './reporter.ts';

export type ExitStatus = 0 | 1 | 2 | 130;

export function exitStatus({ finished, problems, results, linted }: Progress, options: { readonly warnError: boolean }): ExitStatus {
  if (finished?.interrupted) return 130;
  if (linted) return linted.refused > 0 || problems.some(isError) || (options.warnError && linted.warnings > 0) ? 1 : 0;
  if (problems.some(isError)) return results.length > 0 ? 1 : 2;
  if (results.some(({ status }) => isFailure(status))) return 1;
  if (!options.warnError) return 0;
  if (results.some(({ status, warnings }) => status === 'warn' || warnings.length > 0)) return 1;
  return problems.every(({ severity }) => severity === 'notice') ? 0 : results.length > 0 ? 1 : 2;
}
