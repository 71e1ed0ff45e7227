// The second phase: texts to nodes. What the last parse left is used as it is when nothing changed, else piece by piece.
// All mistakes are collected and thrown as one DwhError.
import { BUILTIN_PACKAGE, macroLibrary, textHost } from '../context/index.ts';
import type { ProjectScope, TextScope } from '../context/types.ts';
import { customEnv } from '../core/artifact-metadata.ts';
import { ConfigReader } from '../core/config-reader.ts';
import type { Manifest } from '../core/manifest.ts';
import type { Node } from '../core/node.ts';
import { once } from '../core/once.ts';
import { isError, type Problem, throwIfAny } from '../core/problem.ts';
import type { Request } from '../core/request.ts';
import { functionProblems, materializationProblems, materializations, ownMacros, snapshotProblems } from '../materializations/index.ts';
import { builtinFiles, builtinMacros, programMark } from './builtins.ts';
import { mappingOf } from './columns.ts';
import { hashIfReadable } from './files.ts';
import { flagsOf } from './flags.ts';
import { sha256 } from './hash.ts';
import { packSections, type Restored, unpackSections } from './kept.ts';
import { builtin, type DefinedMacro, definedMacros, macroFiles } from './macros.ts';
import { macrosPassedOver } from './macros-passed-over.ts';
import { makeNodes } from './make-nodes.ts';
import { memo } from './memo.ts';
import { nameProblems } from './name-flags.ts';
import { type ProjectConfig, readProjectConfig } from './project-config.ts';
import { type ReadLog, readLog } from './reads.ts';
import { holds, keyOf, like, ofLinked, type Snapshot } from './snapshot.ts';
import type { AdapterInfo, PackageFiles, Project, ProjectFiles } from './types.ts';
import { GIVEN, varsOf } from './vars.ts';

type Say = (message: string, level: 'debug' | 'info') => void;

/** Throws one DwhError with everything that is wrong. `say` takes what templates log() and print() while they are parsed. */
export function parse(files: ProjectFiles, request: Request, adapter: AdapterInfo, say: Say = () => {}): Project {
  const problems: Problem[] = [];
  const warn = (problem: Problem): void => {
    problems.push({ ...problem, severity: 'warning' });
  };
  const marks = marksOf(request, files);
  const log = readLog(textScope(files, request, adapter, say, warn), marks);
  const program = programMark(request.version);
  const world = worldOf(program, targetRecord(files, adapter, request), adapter);
  const base = once(() => foundation(files, adapter, log, problems));
  const key = keyOf(files, world);
  const readable = !files.problems.some(isError);
  const last = unpackSections(files.remembered, program);
  if (last && readable && last.key === key && holds(last.snapshot, files, log)) {
    return projectOf(files, last.snapshot, last, () => base().scope, undefined);
  }
  const units = memo(last?.units(), log);
  const sideFiles = new Map<string, string | null>();
  const sideFile: ProjectFiles['sideFile'] = (path) => {
    const found = files.sideFile(path);
    sideFiles.set(path, found?.hash() ?? null);
    return found;
  };
  const { value, reads } = log.during(() => {
    const { configs, ...rest } = base();
    // The file is known to have changed: nothing has to note that they were read.
    const ownFlags = mappingOf(files.packages[0].project.values.flags);
    const made = makeNodes({
      ...rest,
      configs,
      log,
      packages: files.packages,
      selectorsFile: files.selectors,
      sideFile,
      memo: units,
      world: renderingWorld(world, files, configs[0]),
      changing: new Set(marks.keys()),
      validatesArguments: ownFlags.validate_macro_args === true,
      problems,
    });
    problems.push(...materializedMistakes(made, adapter.dialect, problems));
    problems.push(...nameProblems(made.nodes, ownFlags));
    problems.push(...macrosPassedOver(rest.scope, made.nodes, made.macros));
    return {
      ...made,
      settings: configs[0].settings,
      packageOrder: files.packages.map(({ name }) => name),
      ownPackageFirst: ownFlags.require_ref_searches_node_package_before_root === true,
    };
  });
  throwIfAny(distinct([...files.problems, ...problems]));
  const warnings = distinct(problems);
  const made: Snapshot = { ...value, linked: undefined, program, world, warnings, reads, sideFiles: [...sideFiles] };
  const snapshot = like(made, last?.snapshot);
  const project: Project = projectOf(
    files,
    snapshot,
    last,
    () => base().scope,
    (linked) => {
      const kept = packSections(linked ? ofLinked(snapshot, linked, project.warnings.length) : snapshot, units.kept(), last);
      return kept && { key, ...kept };
    },
  );
  return project;
}

/** `told`: a config of the wrong kind is told where it is written, and is not told again at each model that it holds for. */
function materializedMistakes(
  { nodes, macros }: ReturnType<typeof makeNodes>,
  dialect: AdapterInfo['dialect'],
  told: readonly Problem[],
): readonly Problem[] {
  const own = ownMacros(new Set(macros.flatMap(({ name, package_name }) => (package_name === BUILTIN_PACKAGE ? [] : [name]))));
  const found: Problem[] = [];
  for (const node of nodes) {
    if (node.resource_type === 'model') found.push(...materializationProblems(node, materializations, dialect, own));
    else if (node.resource_type === 'snapshot') found.push(...snapshotProblems(node, own));
    else if (node.resource_type === 'function') found.push(...functionProblems(node));
  }
  return found.filter(({ code, message }) => !told.some((one) => one.code === code && one.message === message));
}

/** A mistake of a source is found again at each of its tables, and is still one. */
const distinct = (problems: readonly Problem[]): readonly Problem[] => [
  ...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values(),
];

function projectOf(
  files: ProjectFiles,
  snapshot: Snapshot,
  last: Restored | undefined,
  scope: () => ProjectScope,
  remember: Project['remember'],
): Project {
  const { settings, nodes, disabled } = snapshot;
  const shared = {
    project_name: settings.name,
    adapter_type: files.target.type,
    macros: new Map(snapshot.macros.map((macro) => [macro.unique_id, macro])),
    docs: new Map(snapshot.docs.map((doc) => [doc.unique_id, doc])),
    groups: snapshot.groups,
    restricted: snapshot.restricted,
    selectors: snapshot.selectors,
    warnings: distinct([...files.problems, ...files.target.config.source.problems, ...snapshot.warnings]),
  };
  const linked = linkedOf(snapshot, shared);
  return {
    ...shared,
    packageOrder: snapshot.packageOrder,
    ownPackageFirst: snapshot.ownPackageFirst,
    settings,
    nodes,
    disabled,
    scope,
    linked,
    // With another target nothing of it would be the same.
    before: last?.snapshot.world === snapshot.world ? beforeOf(last, snapshot, shared) : undefined,
    remember,
  };
}

function beforeOf({ id, snapshot }: Restored, now: Snapshot, shared: Omit<Manifest, 'nodes' | 'disabled'>): Project['before'] {
  const names = ['packageOrder', 'ownPackageFirst', 'groups', 'restricted'] as const;
  return { id, manifest: linkedOf(snapshot, shared), sameNames: names.every((key) => now[key] === snapshot[key]) };
}

/** What link made of it. */
function linkedOf({ linked, nodes, disabled, macros }: Snapshot, shared: Omit<Manifest, 'nodes' | 'disabled'>): Manifest | undefined {
  const byId = (some: readonly Node[]): Manifest['nodes'] => new Map(some.map((node) => [node.unique_id, node]));
  return (
    linked && {
      ...shared,
      macros: new Map(macros.map((macro) => [macro.unique_id, macro])),
      nodes: byId(nodes),
      disabled: byId(disabled),
      warnings: [...shared.warnings, ...linked],
    }
  );
}

function textScope(files: ProjectFiles, request: Request, adapter: AdapterInfo, say: Say, warn: (problem: Problem) => void): TextScope {
  const [root] = files.packages;
  const vars = varsOf(request.vars, new Map(files.packages.map(({ name, project }) => [name, mappingOf(project.values.vars)])));
  return {
    projectName: root.name,
    target: targetRecord(files, adapter, request),
    findVar: vars.find,
    varNames: vars.names,
    env: request.env,
    envRead: new Map(),
    startedAt: request.retry?.startedAt ?? request.startedAt,
    invocationId: request.invocationId,
    version: request.version,
    args: request.args,
    flags: flagsOf(request, mappingOf(root.project.values.flags)),
    say,
    warn,
  };
}

function targetRecord(files: ProjectFiles, { credentials }: AdapterInfo, request: Request): Readonly<Record<string, unknown>> {
  const { profileName, targetName } = files.target;
  const { type, database, schema, threads, shown } = credentials;
  return {
    ...shown,
    type,
    database,
    dbname: database,
    schema,
    threads: request.threads ?? threads,
    name: targetName,
    target_name: targetName,
    profile_name: profileName,
  };
}

/** What names that change from run to run answer in this one. */
const marksOf = (request: Request, { packages: [root] }: ProjectFiles): ReadonlyMap<string, string> =>
  new Map([
    ['flags', JSON.stringify(flagsOf(request, mappingOf(root.project.values.flags)))],
    ['run_started_at', String(request.retry?.startedAt ?? request.startedAt)],
    // Has now() and random numbers.
    ['modules', `${request.startedAt} ${request.invocationId}`],
    ['invocation_id', request.invocationId],
    ['invocation_args_dict', JSON.stringify(request.args)],
    ['dbt_metadata_envs', JSON.stringify(customEnv(request.env))],
  ]);

/** What is the same for all files: this program, the target, the adapter. */
function worldOf(program: string, target: Readonly<Record<string, unknown>>, { dialect, credentials }: AdapterInfo): string {
  const { database, schema } = credentials;
  return sha256(JSON.stringify([program, target, dialect.name, dialect.parents, database, schema]));
}

/** What a template's result depends on besides its own text, configs and what is noted while it is read. */
function renderingWorld(world: string, files: ProjectFiles, { dispatch }: ProjectConfig): string {
  const macros = files.packages.map((one) => [one.name, macroFiles(one).map(({ source }) => [source.file, hashIfReadable(source)])]);
  return sha256(JSON.stringify([world, [...dispatch], macros]));
}

export interface Foundation {
  readonly configs: readonly [ProjectConfig, ...ProjectConfig[]];
  readonly macros: readonly DefinedMacro[];
  readonly scope: ProjectScope;
  /** For texts in YAML. */
  readonly text: TextScope;
}

/** Project files and macros: what everything else stands on. */
function foundation(files: ProjectFiles, adapter: AdapterInfo, log: ReadLog, problems: Problem[]): Foundation {
  const { text } = log;
  // A project file sees --vars only, as in dbt: its own vars are not known before it is read.
  const given: TextScope = {
    ...withoutFlags(text),
    get flags() {
      return text.flags;
    },
    findVar: (name) => text.findVar(name, GIVEN),
    varNames: () => text.varNames(GIVEN),
  };
  const host = log.watch(textHost(given));
  const [root, ...others] = files.packages;
  const read = (one: PackageFiles): ProjectConfig =>
    readProjectConfig({ ...one, project: new ConfigReader(one.project.values, { ...one.project.source, problems }) }, host);
  const configs: Foundation['configs'] = [read(root), ...others.map(read)];
  const macros = [...builtinMacros(builtinFiles()).map(builtin), ...files.packages.flatMap((one) => definedMacros(one, problems))];
  const scope: ProjectScope = {
    ...withoutFlags(text),
    get flags() {
      return text.flags;
    },
    adapterType: adapter.dialect.name,
    adapterParents: adapter.dialect.parents,
    dialect: adapter.dialect,
    files: adapter.credentials.files,
    database: adapter.credentials.database,
    schema: adapter.credentials.schema,
    macros: macroLibrary(macros, {
      root: root.name,
      adapterType: adapter.dialect.name,
      adapterParents: adapter.dialect.parents,
      searchOrder: configs[0].dispatch,
    }),
    shared: log.shared,
  };
  return { configs, macros, scope, text };
}

/** Reading `flags` is noted, so it is not copied. */
function withoutFlags(text: TextScope): Omit<TextScope, 'flags'> {
  const { projectName, target, findVar, varNames, env, envRead, startedAt, invocationId, version, args, say, warn } = text;
  return { projectName, target, findVar, varNames, env, envRead, startedAt, invocationId, version, ...(args && { args }), say, warn };
}
