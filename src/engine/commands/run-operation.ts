// run-operation: one macro of the project or a package, called with arguments of the command line. Each of its statements is its
// own transaction, unless it says begin and commit. https://docs.getdbt.com/reference/commands/run-operation
import { BUILTIN_PACKAGE, type LibraryMacro, runningHost } from '../../context/index.ts';
import type { NodeLabel, NodeResult } from '../../core/event.ts';
import type { AnalysisNode, UniqueId } from '../../core/node.ts';
import { fail } from '../../core/problem.ts';
import type { OperationRequest } from '../../core/request.ts';
import { bindMacro, type CallSite, callValue, toTemplate } from '../../template/index.ts';
import { resultNow, runStarted } from '../announce.ts';
import { drive } from '../answer.ts';
import { PUBLIC, subjectOf } from '../compile.ts';
import { macroJson } from '../manifest-json.ts';
import { problemOf } from '../problems.ts';
import type { Run } from '../run.ts';
import { textNode } from '../text-node.ts';
import { lazyConnection } from './connection.ts';

/** 'name' in the project, then in any package, then among dwh's own; 'package.name' there. */
function macroOf({ scope }: Run, written: string): LibraryMacro {
  const { macros } = scope;
  const dot = written.indexOf('.');
  const found = dot < 0 ? macros.anywhere(written) : macros.inPackage(written.slice(0, dot), written.slice(dot + 1));
  if (found) return found;
  const near = macros.nearest(written);
  return fail({
    code: 'macro-not-found',
    message: `there is no macro '${written}' in the project and its packages`,
    hint: near ? `Did you mean: dwh run-operation ${near}` : 'Packages are installed with: dwh deps',
  });
}

/** What the macro's templates see as their node: it may ref() anything. */
function subjectNode(run: Run, { definition, package: packageName, unique_id }: LibraryMacro): AnalysisNode {
  const file = run.manifest.macros.get(unique_id)?.original_file_path ?? definition.file;
  return textNode(run, {
    unique_id: unique_id as UniqueId,
    name: definition.name,
    package_name: packageName === BUILTIN_PACKAGE ? run.manifest.project_name : packageName,
    file,
    fqn: unique_id.split('.'),
    at: definition.at,
    sql: definition.source,
  });
}

export async function runOperation(run: Run, { macro: written, args }: OperationRequest): Promise<void> {
  const { emit, deps, request, scope, manifest } = run;
  const macro = macroOf(run, written);
  const node = subjectNode(run, macro);
  if (request.writeJson !== false) run.writeManifest();
  const label: NodeLabel = {
    node: node.unique_id,
    resource_type: 'macro',
    label: `macro ${macro.package}.${macro.definition.name}`,
    file: node.at.file,
    line: node.at.line,
    name: macro.definition.name,
    path: node.path,
    materialized: '',
  };
  emit(runStarted(run, [label]));
  emit({ type: 'node-started', node: node.unique_id, thread: 0 });
  const startedAt = deps.clock();
  const entry = manifest.macros.get(macro.unique_id);
  const host = runningHost(scope, {
    ...subjectOf(run, node, PUBLIC, () => {}),
    model: () => (entry ? macroJson(entry, []) : {}),
  });
  const site: CallSite = { at: { file: '--args', line: 1, column: 1 }, package: manifest.project_name, stack: [] };
  const named = new Map(Object.entries(args).map(([name, value]) => [name, toTemplate(value)]));
  const lazy = lazyConnection(run, node.unique_id);
  const finish = (outcome: Partial<NodeResult> & Pick<NodeResult, 'status'>): void =>
    emit({ type: 'node-finished', result: resultNow(run, { node: node.unique_id, startedAt, thread: 0 }, outcome) });
  try {
    await drive(callValue(bindMacro(macro.definition, host), [], named, site), () => lazy.session(node), run.catalog);
    finish({ status: 'success', failures: 0 });
  } catch (error) {
    const problem = problemOf(error, { node, compiled: undefined, compiledPath: undefined, projectDir: request.projectDir });
    finish({ status: 'error', failures: 1, message: problem.message, problem });
  } finally {
    await lazy.close();
  }
  emit({ type: 'run-finished', ms: deps.clock() - request.startedAt, interrupted: deps.signal.aborted });
}
