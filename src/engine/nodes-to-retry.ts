// What `retry` works on: the nodes of the first run that did not end well, as far as the project still has them.
import type { Emit } from '../core/event.ts';
import type { Manifest } from '../core/manifest.ts';
import type { UniqueId } from '../core/node.ts';
import type { Request, Retry } from '../core/request.ts';

/** In the manifest's order. */
export function nodesToRetry(
  { nodes }: Manifest,
  { nodes: failed, all, startedAt }: Retry,
  { command }: Pick<Request, 'command'>,
  emit: Emit,
): readonly UniqueId[] {
  const again = new Set(failed);
  const first = new Set(all);
  const gone = failed.filter((id) => !nodes.has(id as UniqueId));
  if (gone.length > 0) emit({ type: 'note', level: 'info', message: `No longer in the project, and not tried again: ${gone.join(', ')}` });
  const chosen = [...nodes.values()].flatMap((node) => {
    // A node that is built again is another one than its tests have read, those too that passed.
    const gates =
      command === 'build' && node.resource_type === 'test' && first.has(node.unique_id) && node.depends_on.some((id) => again.has(id));
    return again.has(node.unique_id) || gates ? [node.unique_id] : [];
  });
  const begun = new Date(startedAt).toISOString().slice(0, 19).replace('T', ' ');
  emit({ type: 'note', level: 'info', message: `Going on with dwh ${command} of ${begun} UTC: ${chosen.length} of ${all.length} nodes` });
  return chosen;
}
