// One call per command. A command is a prefix of the path (open, select, schedule, execute) plus a default selection. What a command
// needs beyond the first half of the path is imported when it is asked for.
import { relative } from 'node:path';
import type { Emit } from '../core/event.ts';
import type { Location } from '../core/location.ts';
import type { UniqueId } from '../core/node.ts';
import { DwhError, type Problem } from '../core/problem.ts';
import type { Deps, Request } from '../core/request.ts';
import { secretsOfEnvironment } from '../core/secret-names.ts';
import { type Secrets, secretsOf } from '../core/secrets.ts';
import { select } from '../graph/select.ts';
import type { PackageFiles } from '../project/index.ts';
import { Catalog } from './catalog.ts';
import { list } from './commands/ls.ts';
import { commentSetting } from './comment-setting.ts';
import { type CompiledNodes, compiledJson } from './compiled.ts';
import { elsewhereOf } from './elsewhere.ts';
import { targetFiles } from './files.ts';
import { foundIn } from './labels.ts';
import { knownOf } from './lint/node.ts';
import { writeManifest } from './manifest-file.ts';
import { type Deferred, manifestJson } from './manifest-json.ts';
import { nodesToRetry } from './nodes-to-retry.ts';
import { type OpenProject, openProject, tellWarnings } from './open-project.ts';
import { pastOf } from './past.ts';
import type { Run } from './run.ts';

/** Throws DwhError when nothing ran: usage, project, profile, connection. What happens at nodes is in the events. */
export async function perform(request: Request, deps: Deps, say: Emit): Promise<void> {
  const secrets = deps.secrets ?? secretsOf([]);
  secrets.learn(...secretsOfEnvironment(request.env));
  const emit = secrets.masking(say);
  try {
    if (request.command === 'debug') await (await import('./commands/debug.ts')).debug(request, deps, emit, secrets);
    else if (request.deps) await (await import('./commands/deps.ts')).deps(request, request.deps, deps, emit);
    else if (request.command === 'lint') await lintOn(request, deps, emit, secrets);
    else await performOn(await openProject(request, emit, secrets), request, deps, emit);
  } catch (error) {
    throw secrets.maskedError(error);
  }
}

/** Files need no project. The grammar is loaded for this command only. */
async function lintOn(request: Request, deps: Deps, emit: Emit, secrets: Secrets): Promise<void> {
  const { lint } = await import('./commands/lint.ts');
  await lint(request, emit, {
    open: (dialect) =>
      openProject(request, emit, secrets, dialect).catch(async (error: unknown) => {
        if (!(error instanceof DwhError) || request.target !== undefined) throw error;
        // What files say is told without a target: one that cannot be read yet is no hindrance, a project that cannot is.
        const opened = await openProject({ ...request, embedded: true }, emit, secrets, dialect);
        emit({ type: 'note', level: 'info', message: `The target is not read: ${error.message}` });
        return opened;
      }),
    prepare: (opened) => prepare(opened, request, deps, emit, chosenOf(opened, request, emit)),
  });
}

async function performOn(opened: OpenProject, request: Request, deps: Deps, emit: Emit): Promise<void> {
  const { manifest } = opened;
  tellWarnings(manifest.warnings, request, emit);
  if (request.command === 'parse') {
    if (request.writeJson !== false) manifestWriter(opened, request)();
    const found = Object.entries(foundIn(manifest)).map(([name, count]) => `${count} ${name}`);
    emit({ type: 'note', level: 'info', message: `Parsed ${found.join(', ')}: no mistakes found` });
    return;
  }
  if (request.operation) {
    const { runOperation } = await import('./commands/run-operation.ts');
    return runOperation(prepare(opened, request, deps, emit, []), request.operation);
  }
  const chosen = chosenOf(opened, request, emit);
  switch (request.command) {
    case 'ls':
      return list(opened, chosen, request, emit);
    case 'compile':
      return (await import('./commands/compile.ts')).compileCommand(prepare(opened, request, deps, emit, chosen));
    case 'show':
      return (await import('./commands/show.ts')).show(prepare(opened, request, deps, emit, chosen));
    case 'docs generate':
      return (await import('./commands/docs-generate.ts')).docsGenerate(prepare(opened, request, deps, emit, chosen));
    case 'source freshness':
      return (await import('./commands/freshness.ts')).freshness(prepare(opened, request, deps, emit, chosen));
    default:
      return (await import('./commands/run-nodes.ts')).runNodes(prepare(opened, request, deps, emit, chosen));
  }
}

function chosenOf({ manifest, files, adapter }: OpenProject, request: Request, emit: Emit): readonly UniqueId[] {
  if (request.retry) return nodesToRetry(manifest, request.retry, request, emit);
  const past = pastOf({ root: files.root, targetPath: files.targetPath, state: request.state }, adapter.dialect);
  const { chosen, warnings } = select(manifest, request.selection, request, past);
  const noted = chosen.length === 0 && warnings.length === 0 ? [nothingChosen(request)] : warnings;
  tellWarnings(noted, request, emit);
  if (chosen.length === 0 && request.failOnEmpty) throw new DwhError([{ ...nothingChosen(request), severity: 'error' }]);
  return chosen;
}

const nothingChosen = (request: Request): Problem => ({
  code: 'nothing-selected',
  severity: 'warning',
  message:
    request.selection.select.length > 0
      ? `the selection '${request.selection.select.join(' ')}' matches no node`
      : 'the project has nothing to do for this command',
  hint: 'List what there is with: dwh ls',
});

function manifestWriter(
  opened: OpenProject,
  request: Request,
  deferred: Deferred = new Map(),
  compiled: CompiledNodes = new Map(),
): () => void {
  const { files, manifest, manifestId, adapter, project, secrets } = opened;
  const target = targetFiles(files.targetPath, relative(files.root, files.targetPath), secrets.mask);
  const stamp = request;
  return () => {
    target.check();
    writeManifest(target, {
      manifest,
      dialect: adapter.dialect,
      stamp,
      // What is masked in it may be another text tomorrow, and so may what was compiled.
      before: project.before,
      id: secrets.isEmpty() && deferred.size === 0 && compiled.size === 0 ? manifestId : undefined,
      json: secrets.json,
      deferred,
      compiled: (node) => {
        const parts = compiled.get(node.unique_id);
        return parts && compiledJson(parts, node, target.compiledPath(node));
      },
    });
  };
}

const placeIn = ({ project, projectFile }: PackageFiles, path: readonly string[]): Location =>
  project.atValue(...path) ?? { file: projectFile.file, line: 1, column: 1 };

/** What all nodes of the run share. */
function prepare(opened: OpenProject, request: Request, deps: Deps, emit: Emit, chosen: readonly UniqueId[]): Run {
  const { adapter, credentials, files, manifest, project, secrets } = opened;
  const target = targetFiles(files.targetPath, relative(files.root, files.targetPath), secrets.mask);
  // It writes nothing.
  if (request.command !== 'lint') target.check();
  const elsewhere = elsewhereOf(request, files.root, manifest);
  let graph: unknown;
  const compiled: CompiledNodes = new Map();
  let linter: ReturnType<typeof adapter.linter> | undefined;
  return {
    request: { ...request, projectDir: files.root },
    deps,
    emit,
    manifest,
    scope: {
      ...project.scope(),
      say: (message, level) => emit({ type: 'note', message, level }),
      warn: (problem) => emit({ type: 'problems', problems: [problem] }),
      print: (text) => {
        if (request.print !== false) emit({ type: 'output', text: `${text}\n` });
      },
      // What parsing made speaks to who parses.
      shared: new Map(),
    },
    dialect: adapter.dialect,
    credentials,
    linter: () => {
      linter ??= adapter.linter();
      return linter;
    },
    known: knownOf({ manifest }),
    openWarehouse: () => adapter.open(credentials, { maxConcurrency: request.maxConcurrency, clock: deps.clock, learned: secrets.learn }),
    commented: commentSetting(project.settings.queryComment, (path) => placeIn(files.packages[0], path)),
    catalog: new Catalog(adapter.dialect.ignoresCase),
    files: target,
    elsewhere,
    deferred: new Map(),
    chosen,
    threads: new Map(),
    unresolved: new Set(),
    compiled,
    json: secrets.json,
    writeManifest: manifestWriter(opened, request, elsewhere, compiled),
    graph: () => {
      graph ??= manifestJson(manifest, adapter.dialect, request, elsewhere);
      return graph;
    },
  };
}
