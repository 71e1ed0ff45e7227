// The statements of a strategy that a macro of the project says. https://docs.getdbt.com/docs/build/incremental-strategy
import { columnValue, relationValue, runningHost } from '../../context/index.ts';
import type { ModelNode, SeedNode, SnapshotNode } from '../../core/node.ts';
import type { MacroCall } from '../../core/plan.ts';
import { fail } from '../../core/problem.ts';
import { type Statement, statement } from '../../core/statement.ts';
import { bindMacro, callValue, type TemplateValue, text, toTemplate } from '../../template/index.ts';
import { drive } from '../answer.ts';
import { type Situation, subjectOf } from '../compile.ts';
import type { Run } from '../run.ts';
import type { Session } from '../session.ts';

export async function strategyStatement(
  run: Run,
  node: ModelNode | SeedNode | SnapshotNode,
  situation: Situation,
  { macro, relation, staged, columns, uniqueKey, predicates }: MacroCall,
  session: Session,
): Promise<Statement> {
  const { scope, dialect } = run;
  const found = scope.macros.anywhere(macro) ?? fail({ code: 'macro-not-found', message: `there is no macro '${macro}'`, at: node.at });
  const told: TemplateValue = new Map<TemplateValue, TemplateValue>([
    ['target_relation', relationValue(relation, dialect, 'table')],
    ['temp_relation', relationValue(staged, dialect, 'table')],
    ['unique_key', toTemplate(uniqueKey)],
    ['dest_columns', columns.map((column) => columnValue(column, dialect))],
    ['incremental_predicates', toTemplate(predicates)],
  ]);
  const host = runningHost(
    scope,
    subjectOf(run, node, situation, () => {}),
  );
  const site = { at: found.definition.at, package: found.package, stack: [] };
  const sql = text(await drive(callValue(bindMacro(found.definition, host), [told], new Map(), site), async () => session, run.catalog));
  if (sql.trim() === '')
    fail({
      code: 'strategy-empty',
      at: found.definition.at,
      message: `the macro '${macro}' makes no statement`,
      hint: 'Let it return SQL.',
    });
  return statement(sql.trim());
}
