// show: the first rows of a model, an analysis or a query, as the warehouse has them now.
import type { Node } from '../../core/node.ts';
import { fail } from '../../core/problem.ts';
import { type Result, statement } from '../../core/statement.ts';
import { rowsAsObjects, tableText } from '../../core/table-text.ts';
import type { Compiled } from '../compile.ts';
import { settleDeferral } from '../defer.ts';
import { headerOf } from '../nodes/model.ts';
import { problemOf } from '../problems.ts';
import type { Run } from '../run.ts';
import { compiled, inlineNode } from './compile.ts';
import { lazyConnection } from './connection.ts';

const DEFAULT_LIMIT = 5;

const SHOWN: ReadonlySet<Node['resource_type']> = new Set(['model', 'seed', 'snapshot', 'analysis'] as const);

/** Tests come along with their model; one that was asked for alone is shown, too. */
function shownNodes(run: Run): readonly Node[] {
  if (run.request.inline !== undefined) return [inlineNode(run, run.request.inline)];
  const nodes = run.chosen.flatMap((id) => run.manifest.nodes.get(id) ?? []);
  if (nodes.length === 1) return nodes;
  return nodes.filter((node) => SHOWN.has(node.resource_type));
}

function queryOf(run: Run, node: Node, done: Compiled | undefined, limit: number): string {
  const relation = node.resource_type === 'seed' || node.resource_type === 'source' ? run.dialect.relationName(node.relation) : undefined;
  const sql = done ? done.sql.trim().replace(/;\s*$/, '') : `select * from ${relation}`;
  return limit < 0 ? sql : `select * from (\n${sql}\n) as dwh_show\nlimit ${limit}`;
}

function report(run: Run, node: Node, result: Result): string {
  const { request } = run;
  const names = result.columns.map((column) => column.name);
  if (request.output === 'json') {
    const rows = rowsAsObjects(names, result.rows);
    return `${JSON.stringify(request.inline === undefined ? { node: node.name, show: rows } : { show: rows }, null, 2)}\n`;
  }
  const heading = request.inline === undefined ? `Previewing node '${node.name}':` : 'Previewing inline node:';
  return `${[heading, ...tableText(names, result.rows)].join('\n')}\n`;
}

export async function show(run: Run): Promise<void> {
  const { request, emit } = run;
  const nodes = shownNodes(run);
  // That nothing was found was said.
  if (nodes.length === 0 && run.chosen.length === 0) return;
  if (nodes.length === 0) {
    fail({
      code: 'nothing-selected',
      message: 'show needs a model, a seed, a snapshot or an analysis, or SQL in --inline',
      hint: "dwh show -s my_model, or: dwh show --inline 'select 1 as one'",
    });
  }
  const lazy = lazyConnection(run);
  try {
    await settleDeferral(run, lazy.connection);
    for (const node of nodes) {
      let done: Compiled | undefined;
      try {
        const session = await lazy.session(node);
        done = await compiled(run, node, async () => session);
        for (const header of done ? headerOf(node, done) : []) await session.run(header);
        emit({
          type: 'output',
          text: report(run, node, await session.run(statement(queryOf(run, node, done, request.limit ?? DEFAULT_LIMIT)))),
        });
      } catch (error) {
        fail(problemOf(error, { node, compiled: done, compiledPath: undefined, projectDir: request.projectDir }), { cause: error });
      }
    }
  } finally {
    await lazy.close();
  }
}
