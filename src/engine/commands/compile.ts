// compile and show: SQL as it would run, and the rows it gives.
import type { NodeResult } from '../../core/event.ts';
import { type AnalysisNode, type Node, uniqueId } from '../../core/node.ts';
import { fail } from '../../core/problem.ts';
import { statement } from '../../core/statement.ts';
import { drive } from '../answer.ts';
import { type Compiled, compileNode, PUBLIC } from '../compile.ts';
import { foundIn, labelOf } from '../labels.ts';
import { cellText } from '../nodes/question.ts';
import { compileTest } from '../nodes/test.ts';
import type { OpenProject } from '../open-project.ts';
import { problemOf } from '../problems.ts';
import type { Run } from '../run.ts';
import type { Session } from '../session.ts';
import { lazyConnection } from './connection.ts';

const DEFAULT_LIMIT = 5;

/** SQL given on the command line, as a node that may ref anything. */
function inlineNode(run: Run, sql: string): AnalysisNode {
  const name = 'inline_query';
  return {
    unique_id: uniqueId('analysis', run.manifest.project_name, name),
    resource_type: 'analysis',
    name,
    package_name: run.manifest.project_name,
    path: name,
    original_file_path: name,
    fqn: [run.manifest.project_name, name],
    at: { file: '--inline', line: 1, column: 1 },
    description: '',
    config: {},
    tags: [],
    meta: {},
    columns: [],
    checksum: '',
    refs: [],
    sources: [],
    depends_on_macros: [],
    depends_on: [...run.manifest.nodes.keys()],
    raw_code: sql,
  };
}

async function compiled(run: Run, node: Node, session: () => Promise<Session>): Promise<Compiled | undefined> {
  if (node.resource_type === 'seed' || node.resource_type === 'source' || node.resource_type === 'operation') return undefined;
  const rendering = node.resource_type === 'test' ? compileTest(run, node, PUBLIC) : compileNode(run, node, PUBLIC);
  return drive(rendering, session, run.catalog);
}

export async function compileCommand(run: Run, opened: OpenProject): Promise<void> {
  const { request, emit, deps } = run;
  const lazy = lazyConnection(run, opened);
  const nodes =
    request.inline === undefined ? run.chosen.flatMap((id) => run.manifest.nodes.get(id) ?? []) : [inlineNode(run, request.inline)];
  const only = nodes.length === 1;
  emit({
    type: 'run-started',
    command: request.command,
    version: request.version,
    adapter: run.dialect.name,
    target: String(run.scope.target.name ?? ''),
    threads: 1,
    targetPath: run.files.targetPath,
    nodes: nodes.map(labelOf),
    found: foundIn(run.manifest),
  });
  try {
    for (const node of nodes) {
      const startedAt = deps.clock();
      const result = (outcome: Partial<NodeResult> & Pick<NodeResult, 'status'>): NodeResult => ({
        node: node.unique_id,
        ms: deps.clock() - startedAt,
        startedAt,
        executeAt: deps.clock(),
        endedAt: deps.clock(),
        thread: 0,
        adapterResponse: {},
        warnings: [],
        ...outcome,
      });
      try {
        const done = await compiled(run, node, lazy.session);
        if (!done) continue;
        if (request.inline === undefined) run.files.writeCompiled(node, done.sql);
        emit({
          type: 'node-finished',
          result: result({ status: 'success', compiledCode: done.sql, compiledPath: run.files.compiledPath(node) }),
        });
        if (only)
          emit({
            type: 'output',
            text: request.output === 'json' ? `${JSON.stringify({ node: node.name, compiled: done.sql })}\n` : `${done.sql.trimEnd()}\n`,
          });
      } catch (error) {
        const problem = problemOf(error, { node, compiled: undefined, compiledPath: undefined, projectDir: request.projectDir });
        emit({ type: 'node-finished', result: result({ status: 'error', message: problem.message, problem }) });
      }
      if (deps.signal.aborted) break;
    }
  } finally {
    await lazy.close();
  }
  emit({ type: 'run-finished', ms: deps.clock() - request.startedAt, interrupted: deps.signal.aborted });
}

const pad = (text: string, width: number, right: boolean): string => (right ? text.padStart(width) : text.padEnd(width));

/** Rows as an aligned table for a terminal. */
export function rowsTable(columns: readonly string[], rows: readonly (readonly string[])[], numeric: readonly boolean[]): string {
  const widths = columns.map((name, index) => Math.max(name.length, ...rows.map((row) => (row[index] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, index) => pad(cell, widths[index] ?? 0, numeric[index] === true)).join(' | ')} |`;
  return `${[line(columns), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join('\n')}\n`;
}

export async function show(run: Run, opened: OpenProject): Promise<void> {
  const { request, emit } = run;
  const lazy = lazyConnection(run, opened);
  const nodes =
    request.inline === undefined ? run.chosen.flatMap((id) => run.manifest.nodes.get(id) ?? []) : [inlineNode(run, request.inline)];
  const shown = nodes.filter(
    (node) =>
      node.resource_type === 'model' ||
      node.resource_type === 'analysis' ||
      node.resource_type === 'seed' ||
      (node.resource_type === 'test' && nodes.length === 1),
  );
  if (shown.length === 0)
    fail({
      code: 'nothing-selected',
      message: 'show needs a model, a seed or an analysis, or SQL in --inline',
      hint: "dwh show -s my_model, or: dwh show --inline 'select 1 as one'",
    });
  const limit = request.limit ?? DEFAULT_LIMIT;
  try {
    for (const node of shown) {
      const session = await lazy.session();
      let done: Compiled | undefined;
      try {
        done = await compiled(run, node, lazy.session);
        const sql = done
          ? done.sql.trim().replace(/;\s*$/, '')
          : `select * from ${node.resource_type === 'seed' ? run.dialect.relationName(node.relation) : ''}`;
        const result = await session.run(statement(limit < 0 ? sql : `select * from (\n${sql}\n) as dwh_show\nlimit ${limit}`));
        const names = result.columns.map((column) => column.name);
        if (request.output === 'json') {
          const rows = result.rows.map((row) => Object.fromEntries(names.map((name, index) => [name, jsonCell(row[index])])));
          emit({
            type: 'output',
            text: `${JSON.stringify(request.inline === undefined ? { node: node.name, show: rows } : { show: rows }, null, 2)}\n`,
          });
          continue;
        }
        const numeric = result.columns.map((column) =>
          /^(tinyint|smallint|int|bigint|hugeint|u|float|double|real|decimal|numeric)/i.test(column.type),
        );
        const heading = request.inline === undefined ? `Previewing node '${node.name}':\n` : 'Previewing inline node:\n';
        emit({
          type: 'output',
          text: `${heading}${rowsTable(
            names,
            result.rows.map((row) => row.map((value) => (value === null ? 'NULL' : cellText(value).replaceAll('\n', '\\n')))),
            numeric,
          )}`,
        });
      } catch (error) {
        const problem = problemOf(error, { node, compiled: done, compiledPath: undefined, projectDir: request.projectDir });
        fail(problem, { cause: error });
      }
    }
  } finally {
    await lazy.close();
  }
}

/** Lossless in JSON: what JSON numbers can't hold stays text. */
const jsonCell = (value: unknown): unknown =>
  typeof value === 'bigint' ? value.toString() : value instanceof Uint8Array ? Buffer.from(value).toString('hex') : (value ?? null);
