// A function of the user's own. It is made when it is public: nothing of it stands beside.
import type { FunctionNode } from '../../core/node.ts';
import { functionStatement } from '../../materializations/index.ts';
import { drive } from '../answer.ts';
import { type Compiled, compileNode, PUBLIC } from '../compile.ts';
import { keepCompiled } from '../compiled.ts';
import { lintBeforeRun } from '../lint/before-run.ts';
import { repeatable } from '../retry.ts';
import type { Run } from '../run.ts';
import type { Runner } from './runner.ts';

/** As servers call what was done. */
const VERB = 'CREATE FUNCTION';

export function functionRunner(run: Run, node: FunctionNode): Runner {
  let compiled: Compiled | undefined;
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
      await repeatable(() => session.together(1, () => session.run(made)));
      return { status: 'success', message: VERB, adapterResponse: { _message: VERB, code: VERB } };
    },
    async discard() {},
  };
}
