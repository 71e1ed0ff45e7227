// The second phase: texts to nodes. Project files, macros and properties first, then every file and every test becomes a node
// whose refs and sources are still words. All mistakes are collected and thrown as one DwhError.
import { BUILTIN_PACKAGE, macroLibrary, textHost } from '../context/index.ts';
import type { ProjectScope, TextScope } from '../context/types.ts';
import type { DocEntry, MacroEntry, Node } from '../core/node.ts';
import { DwhError, type Problem, throwIfAny } from '../core/problem.ts';
import type { Request } from '../core/request.ts';
import type { TemplateValue } from '../template/types.ts';
import { builtinFiles, builtinMacros } from './builtins.ts';
import { cascadeOf } from './cascade.ts';
import type { ConfigSection } from './config-rules.ts';
import { describer, docsOf } from './docs.ts';
import { analysisNode, modelNode, seedNode, singularTest } from './file-nodes.ts';
import { flagsOf } from './flags.ts';
import { genericTests } from './generic-tests.ts';
import { builtin, definedMacros, macroEntry, macroFiles } from './macros.ts';
import { operationNodes } from './operations.ts';
import { type ProjectConfig, readProjectConfig } from './project-config.ts';
import { EntryIndex, type EntryKind, entriesOf, openProperties } from './properties.ts';
import { questionNode } from './questions.ts';
import type { Reading } from './reading.ts';
import { recorder } from './record.ts';
import { relationNamesOf } from './relation-names.ts';
import { readSelectors } from './selectors-file.ts';
import { overridesOf, sourceTables } from './sources.ts';
import type { AdapterInfo, FoundFile, PackageFiles, Project, ProjectFiles } from './types.ts';
import { varsOf } from './vars.ts';

type Say = (message: string, level: 'debug' | 'info') => void;

/** Throws one DwhError with everything that is wrong. `say` takes what templates log() and print() while they are parsed. */
export function parse(files: ProjectFiles, request: Request, adapter: AdapterInfo, say: Say = () => {}): Project {
  const problems: Problem[] = [];
  const [root] = files.packages;
  const attempt = <T>(make: () => T): T | undefined => {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof DwhError)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  };
  const vars = varsOf(request.vars, new Map(files.packages.map(({ name, project }) => [name, project.mapping('vars').values])));
  const text: TextScope = {
    projectName: root.name,
    target: targetRecord(files, adapter, request),
    findVar: vars.find,
    varNames: vars.names,
    env: request.env,
    envRead: new Map(),
    startedAt: request.startedAt,
    invocationId: request.invocationId,
    version: request.version,
    flags: flagsOf(request, root.project.mapping('flags').values),
    say,
    warn: (problem) => problems.push({ ...problem, severity: 'warning' }),
  };
  // A project file sees --vars only, as in dbt: its own vars are not known before it is read.
  const projectHost = textHost({ ...text, findVar: (name) => request.vars[name], varNames: () => Object.keys(request.vars) });
  const configs = files.packages.map((one): ProjectConfig => readProjectConfig(one, projectHost));
  const [rootConfig, ...others] = configs;
  if (!rootConfig) throw new Error('a project has at least its own configs');
  const cascade = cascadeOf([rootConfig.configs, ...others.map((config) => config.configs)]);

  const macros = [...builtinMacros(builtinFiles()).map(builtin), ...files.packages.flatMap((one) => definedMacros(one, problems))];
  const scope: ProjectScope = {
    ...text,
    adapterType: adapter.dialect.name,
    adapterParents: adapter.parents,
    dialect: adapter.dialect,
    database: adapter.credentials.database,
    schema: adapter.credentials.schema,
    macros: macroLibrary(macros, {
      root: root.name,
      adapterType: adapter.dialect.name,
      adapterParents: adapter.parents,
      searchOrder: rootConfig.dispatch,
    }),
    shared: new Map<string, TemplateValue>(),
  };
  const docs = new Map<string, DocEntry>();
  for (const one of files.packages)
    for (const found of one.files.docs) for (const doc of attempt(() => docsOf(found, one.name)) ?? []) docs.set(doc.unique_id, doc);
  const host = textHost(text);
  const properties = files.packages.flatMap((one) =>
    one.files.properties.flatMap((found) => attempt(() => openProperties(found, one.name)) ?? []),
  );
  const entries = properties.flatMap((file) => [...entriesOf(file, host, problems)]);
  const describers = new Map(files.packages.map(({ name }) => [name, describer(text, docs, name, problems)]));
  const reading: Reading = {
    scope,
    textHost: host,
    adapter,
    cascade,
    entries: new EntryIndex(entries),
    describe: (packageName) => describers.get(packageName) ?? ((reader, key) => reader.string(key) ?? ''),
    relationNames: relationNamesOf(
      scope,
      files.packages.map(({ name }) => name),
    ),
    record: recorder(scope),
    problems,
  };

  const nodes: Node[] = [];
  const each = <N extends Node>(found: readonly FoundFile[], make: (found: FoundFile) => N): N[] => {
    const made = found.flatMap((file) => attempt(() => make(file)) ?? []);
    nodes.push(...made);
    return made;
  };
  for (const one of files.packages) {
    warnOfPassedOver(one, problems);
    const sql = one.files.model.filter(({ below }) => below.endsWith('.sql'));
    each(sql, (found) => modelNode(reading, found, one.name));
    each(one.files.seed, (found) => seedNode(reading, found, one.name));
    each(singularFiles(one), (found) => singularTest(reading, found, one.name));
    for (const analysis of each(one.files.analysis, (found) => analysisNode(reading, found, one.name))) {
      const question = attempt(() => questionNode(reading, analysis, files.sideFile));
      if (question) nodes.push(question);
    }
    nodes.push(...operationNodes(reading, one, configs.find(({ settings }) => settings.name === one.name)?.hooks, attempt));
  }
  // Also of a node that could not be made: its mistakes and those of its tests come together.
  for (const entry of [...reading.entries.taken('models'), ...reading.entries.taken('seeds')]) {
    nodes.push(
      ...genericTests(reading, { entry, reader: entry.reader, name: entry.name, of: { kind: 'node', name: entry.name }, tags: [] }),
    );
  }
  const overrides = overridesOf(entries, problems);
  for (const entry of entries) {
    if (entry.kind !== 'sources' || entry.reader.has('overrides')) continue;
    for (const table of sourceTables(reading, entry, overrides.get(`${entry.file.package}\0${entry.name}`))) {
      nodes.push(table.node);
      const { node } = table;
      nodes.push(
        ...genericTests(reading, {
          entry,
          reader: table.reader,
          name: `${node.source_name}_${node.name}`,
          of: { kind: 'source', source: node.source_name, table: node.name },
          tags: table.tags,
        }),
      );
    }
  }
  const macroEntries = new Map<string, MacroEntry>(
    macros.map((macro) => [macro.unique_id, macroEntry(macro, reading.entries, reading.describe(macro.definition.package), problems)]),
  );
  problems.push(...reading.entries.unused((kind) => namesOf(kind, nodes, macroEntries)), ...cascade.review(fqnsOf(nodes)));
  const selectors = attempt(() => readSelectors(files.selectors)) ?? {};
  const all = [...files.problems, ...problems];
  throwIfAny(all);
  const enabled = (node: Node): boolean => ![false, 'false', 'False'].includes(node.config.enabled as boolean | string);
  return {
    project_name: root.name,
    adapter_type: adapter.dialect.name,
    packageOrder: files.packages.map(({ name }) => name),
    settings: rootConfig.settings,
    nodes: nodes.filter(enabled),
    disabled: nodes.filter((node) => !enabled(node)),
    macros: macroEntries,
    docs,
    selectors,
    warnings: all.filter(({ severity }) => severity === 'warning'),
    scope: () => scope,
    remember: undefined,
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

const singularFiles = (one: PackageFiles): readonly FoundFile[] => {
  const macros = new Set(macroFiles(one).map(({ source }) => source.location));
  return one.files.test.filter(({ source, below }) => !below.startsWith('generic/') && !macros.has(source.location));
};

function warnOfPassedOver({ files, name }: PackageFiles, problems: Problem[]): void {
  for (const { source } of files.model.filter(({ below }) => below.endsWith('.py'))) {
    problems.push({
      code: 'not-supported-yet',
      severity: 'warning',
      message: `${source.path} is a Python model, and dwh runs SQL only: it is passed over`,
      at: { file: source.file, line: 1, column: 1 },
    });
  }
  const [snapshot] = files.snapshot;
  if (snapshot) {
    problems.push({
      code: 'not-supported-yet',
      severity: 'warning',
      message: `the snapshots of '${name}' are passed over: dwh does nothing with them yet`,
      at: { file: snapshot.source.file, line: 1, column: 1 },
    });
  }
}

const KIND_OF: Readonly<Partial<Record<Node['resource_type'], EntryKind>>> = {
  model: 'models',
  seed: 'seeds',
  analysis: 'analyses',
  test: 'data_tests',
};

function* namesOf(kind: EntryKind, nodes: readonly Node[], macros: ReadonlyMap<string, MacroEntry>): Iterable<string> {
  if (kind === 'macros') for (const macro of macros.values()) if (macro.package_name !== BUILTIN_PACKAGE) yield macro.name;
  for (const node of nodes)
    if (KIND_OF[node.resource_type] === kind && !(node.resource_type === 'test' && node.test_kind === 'generic')) yield node.name;
}

function fqnsOf(nodes: readonly Node[]): Record<ConfigSection, (readonly string[])[]> {
  const fqns: Record<ConfigSection, (readonly string[])[]> = {
    models: [],
    seeds: [],
    snapshots: [],
    sources: [],
    data_tests: [],
    analyses: [],
  };
  const sections: Partial<Record<Node['resource_type'], ConfigSection>> = {
    model: 'models',
    seed: 'seeds',
    source: 'sources',
    test: 'data_tests',
    analysis: 'analyses',
  };
  for (const node of nodes) {
    const section = sections[node.resource_type];
    if (section) fqns[section].push(node.fqn);
    if (section === 'analyses') fqns.models.push(node.fqn);
  }
  return fqns;
}
