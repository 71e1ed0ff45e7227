// on-run-start and on-run-end: statements of the project around a run. https://docs.getdbt.com/reference/project-configs/on-run-start-on-run-end
import type { OperationNode } from '../../core/node.ts';
import { statement } from '../../core/statement.ts';
import type { TemplateValue } from '../../template/index.ts';
import { drive } from '../answer.ts';
import { type Compiled, compileNode, PUBLIC } from '../compile.ts';
import { lintBeforeRun } from '../lint/before-run.ts';
import type { Run } from '../run.ts';
import type { Runner } from './runner.ts';

/** `more`: what on-run-end sees besides: results, schemas, database_schemas. */
export function operationRunner(run: Run, node: OperationNode, more: Readonly<Record<string, TemplateValue>>): Runner {
  let compiled: Compiled | undefined;
  return {
    compiled: () => compiled,
    async stage(session) {
      compiled = await drive(compileNode(run, node, { ...PUBLIC, more }), async () => session, run.catalog);
      run.files.writeCompiled(node, compiled.sql);
      await lintBeforeRun(run, node, compiled);
      return undefined;
    },
    async publish(session) {
      const sql = compiled?.sql.trim() ?? '';
      const result = sql === '' ? undefined : await session.run(statement(sql));
      run.catalog.ran(sql);
      return { status: 'success', message: 'OK', adapterResponse: { _message: 'OK', ...(result && { rows_affected: result.rowCount }) } };
    },
    async discard() {},
  };
}
