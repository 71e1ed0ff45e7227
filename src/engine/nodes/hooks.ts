// pre-hook and post-hook: a node's own statements, rendered in its scope, inside its transaction or outside of it.
// https://docs.getdbt.com/reference/resource-configs/pre-hook-post-hook
import type { FunctionNode, Hook, ModelNode, SeedNode, SnapshotNode } from '../../core/node.ts';
import { statement } from '../../core/statement.ts';
import { drive } from '../answer.ts';
import { renderText, type Situation } from '../compile.ts';
import { lintHookBeforeRun } from '../lint/before-run.ts';
import type { Run } from '../run.ts';
import { type Session, StatementError } from '../session.ts';
import { seedNames } from './seed-file.ts';

type Hooked = FunctionNode | ModelNode | SeedNode | SnapshotNode;

export async function runHooks(
  run: Run,
  node: Hooked,
  hooks: readonly Hook[],
  inside: boolean,
  session: Session,
  situation: Situation,
): Promise<void> {
  const seen = node.resource_type === 'seed' ? { ...situation, more: seedNames(run, node) } : situation;
  for (const hook of hooks) {
    if (hook.transaction !== inside) continue;
    const { text } = await drive(renderText(run, node, hook.sql, node.original_file_path, seen), async () => session, run.catalog);
    if (text.trim() === '') continue;
    await lintHookBeforeRun(run, node, text, inside);
    try {
      await session.run(statement(text.trim()));
    } catch (error) {
      throw error instanceof StatementError ? await placed(run, node, hook, error) : error;
    }
    run.catalog.ran(text);
  }
}

async function placed(run: Run, node: Hooked, hook: Hook, { statement, cause }: StatementError): Promise<StatementError> {
  const { placeOfHook } = await import('./hook-place.ts');
  const when = node.pre_hooks.includes(hook) ? 'pre-hook' : 'post-hook';
  const hint = `It is a ${when} of ${node.resource_type} '${node.name}', and was sent as: ${statement.shown.replaceAll(/\s+/g, ' ')}`;
  return new StatementError(statement, cause, { at: placeOfHook(run, node, hook.sql) ?? node.at, hint });
}
