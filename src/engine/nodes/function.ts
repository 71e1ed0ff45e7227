// A function of the user's own, and its hooks. It is made when it is public: nothing of it stands beside.
import type { FunctionNode, Hook } from '../../core/node.ts';
import { functionStatement } from '../../materializations/index.ts';
import { drive } from '../answer.ts';
import { type Compiled, compileNode, PUBLIC } from '../compile.ts';
import { keepCompiled } from '../compiled.ts';
import { lintBeforeRun } from '../lint/before-run.ts';
import { repeatable } from '../retry.ts';
import type { Run } from '../run.ts';
import type { Session } from '../session.ts';
import { runHooks } from './hooks.ts';
import type { Runner } from './runner.ts';

/** As servers call what was done. */
const VERB = 'CREATE FUNCTION';

export function functionRunner(run: Run, node: FunctionNode): Runner {
  const { pre_hooks, post_hooks } = node;
  let compiled: Compiled | undefined;
  const hooks = (some: readonly Hook[], inside: boolean, session: Session): Promise<void> =>
    runHooks(run, node, some, inside, session, PUBLIC);
  return {
    compiled: () => compiled,
    async stage(session) {
      compiled = await drive(compileNode(run, node, PUBLIC), async () => session, run.catalog);
      keepCompiled(run, node, compiled);
      await lintBeforeRun(run, node, compiled);
      return undefined;
    },
    async publish(session) {
      const made = functionStatement(node, compiled?.sql ?? '', run.dialect);
      const inside = [...pre_hooks, ...post_hooks].filter((hook) => hook.transaction).length;
      const make = (): Promise<void> =>
        session.together(1 + inside, async () => {
          await hooks(pre_hooks, true, session);
          await session.run(made);
          await hooks(post_hooks, true, session);
        });
      await hooks(pre_hooks, false, session);
      // What hooks do may add up.
      await (inside === 0 ? repeatable(make) : make());
      await hooks(post_hooks, false, session);
      return { status: 'success', message: VERB, adapterResponse: { _message: VERB, code: VERB } };
    },
    async discard() {},
  };
}
