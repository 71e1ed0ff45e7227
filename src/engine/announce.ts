// The first word of every command that works on nodes, and a node's result with what most of them leave empty.
import type { EventBody, NodeLabel, NodeResult, Status } from '../core/event.ts';
import { foundIn } from './labels.ts';
import type { Run } from './run.ts';

export const runStarted = ({ request, dialect, scope, files, manifest }: Run, nodes: readonly NodeLabel[], threads = 1): EventBody => ({
  type: 'run-started',
  command: request.command,
  version: request.version,
  adapter: dialect.name,
  target: String(scope.target.name ?? ''),
  threads,
  targetPath: files.targetPath,
  nodes,
  found: foundIn(manifest),
});

/** The result of work that began at `startedAt` and ends now. */
export function resultNow(
  { deps }: Run,
  begun: Pick<NodeResult, 'node' | 'startedAt' | 'thread'> & { readonly executeAt?: number },
  outcome: Partial<NodeResult> & { readonly status: Status },
): NodeResult {
  const endedAt = deps.clock();
  return { executeAt: endedAt, ...begun, ms: endedAt - begun.startedAt, endedAt, adapterResponse: {}, warnings: [], ...outcome };
}
