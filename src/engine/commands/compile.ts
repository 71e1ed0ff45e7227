// compile: SQL as it would run, in target/compiled/; of one model also on stdout.
import type { NodeResult, Status } from '../../core/event.ts';
import { type AnalysisNode, type Node, type UniqueId, uniqueId } from '../../core/node.ts';
import type { Request } from '../../core/request.ts';
import { resultNow, runStarted } from '../announce.ts';
import { drive } from '../answer.ts';
import { type Compiled, compileNode, PUBLIC, type Situation } from '../compile.ts';
import { keepCompiled } from '../compiled.ts';
import { settleDeferral } from '../defer.ts';
import { labelOf } from '../labels.ts';
import { refreshes } from '../nodes/model.ts';
import { compileTest } from '../nodes/test.ts';
import { problemOf } from '../problems.ts';
import { relationNameOf } from '../relation-name.ts';
import type { Run } from '../run.ts';
import type { Session } from '../session.ts';
import { textNode } from '../text-node.ts';
import { lazyConnection } from './connection.ts';
import { NO_RESULTS } from './project-hooks.ts';

/** SQL given on the command line, as a node that may ref anything. */
export function inlineNode(run: Run, sql: string): AnalysisNode {
  const { project_name } = run.manifest;
  const name = 'inline_query';
  return textNode(run, {
    unique_id: uniqueId('analysis', project_name, name),
    name,
    package_name: project_name,
    file: name,
    fqn: [project_name, name],
    at: { file: '--inline', line: 1, column: 1 },
    sql,
  });
}

export async function compiled(run: Run, node: Node, session: () => Promise<Session>): Promise<Compiled | undefined> {
  const { resource_type: type } = node;
  if (node.resource_type === 'seed' || node.resource_type === 'source' || type === 'exposure') return undefined;
  if (node.resource_type === 'unit_test') return undefined;
  const introspects = run.request.introspect !== false;
  // As the next run has it.
  const adds = introspects && node.resource_type === 'model' && node.materialized === 'incremental' && !refreshes(run, node);
  const situation: Situation = {
    ...PUBLIC,
    ...(adds && { isIncremental: 'asked' }),
    ...(node.resource_type === 'operation' && node.when === 'on-run-end' && { more: NO_RESULTS }),
  };
  const rendering = node.resource_type === 'test' ? compileTest(run, node, situation) : compileNode(run, node, situation);
  return drive(rendering, introspects ? session : undefined, run.catalog);
}

export async function compileCommand(run: Run): Promise<void> {
  const { request, emit, deps } = run;
  await compileNodes(run);
  if (run.request.writeJson !== false) run.writeManifest();
  emit({ type: 'run-finished', ms: deps.clock() - request.startedAt, interrupted: deps.signal.aborted });
}

/** `several`: each says which it is, in a comment. */
function answer({ output, inline }: Request, { name }: Node, sql: string, several: boolean): string {
  if (output === 'json') return `${JSON.stringify({ ...(inline === undefined && { node: name }), compiled: sql })}\n`;
  return `${several ? `-- ${name}\n` : ''}${sql.trimEnd()}\n`;
}

/** The SQL of each; undefined: one of them could not be compiled. */
export async function compileNodes(run: Run): Promise<ReadonlyMap<UniqueId, string> | undefined> {
  const { request, emit, deps } = run;
  let allWell = true;
  const texts = new Map<UniqueId, string>();
  const lazy = lazyConnection(run);
  const nodes =
    request.inline === undefined ? run.chosen.flatMap((id) => run.manifest.nodes.get(id) ?? []) : [inlineNode(run, request.inline)];
  const asked = nodes.length === 1 ? nodes : nodes.filter((node) => node.resource_type !== 'test');
  // Tests come along with their model; the model is what was asked for.
  const words = new Set(request.selection.select);
  const printed = request.command !== 'compile' ? [] : asked.length === 1 ? asked : asked.filter(({ name }) => words.has(name));
  emit(runStarted(run, nodes.map(labelOf)));
  try {
    await settleDeferral(run, lazy.connection);
    for (const node of nodes) {
      const startedAt = deps.clock();
      const result = (outcome: Partial<NodeResult> & { readonly status: Status }): NodeResult =>
        resultNow(run, { node: node.unique_id, startedAt, thread: 0 }, outcome);
      try {
        const done = await compiled(run, node, () => lazy.session(node));
        if (!done) {
          // Nothing of it is to be compiled, and dbt counts it all the same.
          if (node.resource_type === 'seed') emit({ type: 'node-finished', result: result({ status: 'success' }) });
          continue;
        }
        texts.set(node.unique_id, done.sql);
        if (request.inline === undefined) keepCompiled(run, node, done);
        // As in dbt: an ephemeral model has its result with those that carry it.
        const ephemeral = node.resource_type === 'model' && node.materialized === 'ephemeral' && !printed.includes(node);
        if (!ephemeral)
          emit({
            type: 'node-finished',
            result: result({
              status: 'success',
              compiledCode: done.sql,
              compiledPath: run.files.compiledPath(node),
              ...relationNameOf(node, run.dialect),
            }),
          });
        if (printed.includes(node)) emit({ type: 'output', text: answer(request, node, done.sql, printed.length > 1) });
      } catch (error) {
        const problem = problemOf(error, { node, compiled: undefined, compiledPath: undefined, projectDir: request.projectDir });
        allWell = false;
        emit({ type: 'node-finished', result: result({ status: 'error', message: problem.message, problem }) });
      }
      if (deps.signal.aborted) break;
    }
  } finally {
    await lazy.close();
  }
  return allWell ? texts : undefined;
}
