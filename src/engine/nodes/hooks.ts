// pre-hook and post-hook: a node's own statements, rendered in its scope, inside its transaction or outside of it.
// https://docs.getdbt.com/reference/resource-configs/pre-hook-post-hook
import type { Hook, ModelNode, SeedNode, SnapshotNode } from '../../core/node.ts';
import { statement } from '../../core/statement.ts';
import { drive } from '../answer.ts';
import { renderText, type Situation } from '../compile.ts';
import { lintHookBeforeRun } from '../lint/before-run.ts';
import type { Run } from '../run.ts';
import type { Session } from '../session.ts';

export async function runHooks(
  run: Run,
  node: ModelNode | SeedNode | SnapshotNode,
  hooks: readonly Hook[],
  inside: boolean,
  session: Session,
  situation: Situation,
): Promise<void> {
  for (const hook of hooks) {
    if (hook.transaction !== inside) continue;
    const { text } = await drive(renderText(run, node, hook.sql, node.original_file_path, situation), async () => session, run.catalog);
    if (text.trim() === '') continue;
    await lintHookBeforeRun(run, node, text, inside);
    await session.run(statement(text.trim()));
    run.catalog.ran(text);
  }
}
