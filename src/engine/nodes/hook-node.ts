// on-run-start and on-run-end: statements of the project around a run. https://docs.getdbt.com/reference/project-configs/on-run-start-on-run-end
import type { OperationNode } from '../../core/node.ts';
import { statement } from '../../core/statement.ts';
import type { TemplateValue } from '../../template/index.ts';
import { drive } from '../answer.ts';
import { type Compiled, compileNode, PUBLIC } from '../compile.ts';
import { keepCompiled } from '../compiled.ts';
import { lintBeforeRun } from '../lint/before-run.ts';
import type { Run } from '../run.ts';
import type { Outcome, Runner } from './runner.ts';

/** In dbt's words. `place`: among the hooks of all packages, from 0. */
export function hookOutcome({ package_name, when }: OperationNode, place: number, outcome: Outcome): Outcome {
  const name = `${package_name}.${when}.${place}`;
  if (outcome.status === 'success') return { ...outcome, message: `${name} passed`, failures: 0 };
  const message = outcome.status === 'skipped' ? 'skipped' : `failed, error:\n ${outcome.message}`;
  return { ...outcome, message: `${name} ${message}`, failures: 1 };
}

/** `more`: what on-run-end sees besides: results, schemas, database_schemas. */
export function operationRunner(run: Run, node: OperationNode, more: Readonly<Record<string, TemplateValue>>): Runner {
  let compiled: Compiled | undefined;
  return {
    compiled: () => compiled,
    async stage(session) {
      compiled = await drive(compileNode(run, node, { ...PUBLIC, more }), async () => session, run.catalog);
      keepCompiled(run, node, compiled);
      await lintBeforeRun(run, node, compiled);
      return undefined;
    },
    async publish(session) {
      const sql = compiled?.sql.trim() ?? '';
      if (sql !== '') await session.run(statement(sql));
      run.catalog.ran(sql);
      return { status: 'success', adapterResponse: {} };
    },
    async discard() {},
  };
}
