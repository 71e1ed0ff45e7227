// Every file and every test of a project becomes a node whose refs and sources are still words.
import { BUILTIN_PACKAGE, textHost } from '../context/index.ts';
import type { ProjectScope, TextScope } from '../context/types.ts';
import type { DocEntry, GroupEntry, MacroEntry, Node } from '../core/node.ts';
import { DwhError, type Problem } from '../core/problem.ts';
import { cascadeOf } from './cascade.ts';
import type { ConfigSection } from './config-rules.ts';
import { describer, readDocs } from './docs.ts';
import { exposureNode } from './exposures.ts';
import { analysisNode, modelNode, nameOf, seedNode, singularTest } from './file-nodes.ts';
import { functionNode } from './functions.ts';
import { genericTests } from './generic-tests.ts';
import { groupEntry } from './groups.ts';
import { type DefinedMacro, macroEntry, macroFiles } from './macros.ts';
import { type Memo, memoKey } from './memo.ts';
import { operationNodes } from './operations.ts';
import type { ProjectConfig } from './project-config.ts';
import { type Entry, EntryIndex, type EntryKind, entriesOf, openProperties } from './properties.ts';
import { questionNode } from './questions.ts';
import type { Reading } from './reading.ts';
import type { ReadLog } from './reads.ts';
import { recorder } from './record.ts';
import { relationNamesOf } from './relation-names.ts';
import { readSelectors } from './selectors-file.ts';
import { semanticNotice } from './semantic-layer.ts';
import { snapshotBlocks, snapshotEntry, snapshotNode } from './snapshot-nodes.ts';
import { overridesOf, sourceTables } from './sources.ts';
import type { FoundFile, PackageFiles, SourceFile } from './types.ts';
import { unitTests } from './unit-tests.ts';
import { hasVersions, versionEntries } from './versions.ts';

export interface Materials {
  readonly packages: readonly PackageFiles[];
  readonly configs: readonly [ProjectConfig, ...ProjectConfig[]];
  readonly macros: readonly DefinedMacro[];
  readonly scope: ProjectScope;
  readonly text: TextScope;
  readonly log: ReadLog;
  readonly selectorsFile: SourceFile | undefined;
  readonly sideFile: (path: string) => SourceFile | undefined;
  readonly memo: Memo;
  /** All that rendering depends on but the node itself and what `log` notes. */
  readonly world: string;
  /** Names whose answer changes from run to run. */
  readonly changing: ReadonlySet<string>;
  /** Mistakes and warnings are added. */
  /** validate_macro_args. */
  readonly validatesArguments: boolean;
  readonly problems: Problem[];
}

export interface MadeNodes {
  readonly nodes: readonly Node[];
  readonly disabled: readonly Node[];
  readonly macros: readonly MacroEntry[];
  readonly docs: readonly DocEntry[];
  readonly groups: readonly GroupEntry[];
  /** Packages that keep to themselves what is not public. */
  readonly restricted: readonly string[];
  readonly selectors: Readonly<Record<string, unknown>>;
}

type Attempt = <T>(make: () => T) => T | undefined;

/** Reports instead of throwing; what could not be made is missing. */
export function makeNodes(materials: Materials): MadeNodes {
  const { packages, configs, macros, problems, memo } = materials;
  const attempt: Attempt = (make) => {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof DwhError)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  };
  const docs = readDocs(packages, problems);
  const host = materials.log.watch(textHost(materials.text));
  const properties = packages.flatMap((one) =>
    one.files.properties.flatMap((found) => attempt(() => openProperties(found, one.name, memo, problems)) ?? []),
  );
  const written = properties.flatMap((file) => [...entriesOf(file, host, problems)]);
  const entries = written.flatMap((entry) => (hasVersions(entry) ? versionEntries(entry, modelFiles(packages, entry)) : [entry]));
  problems.push(...semanticNotice(properties));
  const reading = readingOf(materials, docs, host, new EntryIndex(entries));

  const nodes: Node[] = [];
  const each = <N extends Node>(found: readonly FoundFile[], make: (found: FoundFile) => N): N[] => {
    const made = found.flatMap((file) => attempt(() => make(file)) ?? []);
    nodes.push(...made);
    return made;
  };
  for (const one of packages) {
    warnOfPassedOver(one, problems);
    const sql = one.files.model.filter(({ below }) => below.endsWith('.sql'));
    each(sql, (found) => modelNode(reading, found, one.name));
    each(one.files.seed, (found) => seedNode(reading, found, one.name));
    for (const block of one.files.snapshot.flatMap((found) => attempt(() => snapshotBlocks(found, one.name)) ?? []))
      nodes.push(...(attempt(() => [snapshotNode(reading, block, one.name)]) ?? []));
    each(singularFiles(one), (found) => singularTest(reading, found, one.name));
    for (const analysis of each(one.files.analysis, (found) => analysisNode(reading, found, one.name))) {
      const question = attempt(() => questionNode(reading, analysis, materials.sideFile));
      if (question) nodes.push(question);
    }
    each(
      one.files.function.filter(({ below }) => below.endsWith('.sql')),
      (found) => functionNode(reading, found, one.name),
    );
    nodes.push(...operationNodes(reading, one, configs.find(({ settings }) => settings.name === one.name)?.hooks, attempt));
  }
  for (const entry of entries.filter(({ kind, reader }) => kind === 'snapshots' && reader.has('relation')))
    nodes.push(...(attempt(() => [snapshotNode(reading, snapshotEntry(entry), entry.file.package)]) ?? []));
  // Also of a node that could not be made: its mistakes and those of its tests come together.
  for (const entry of (['models', 'seeds', 'snapshots'] as const).flatMap((kind) => reading.entries.taken(kind))) {
    const { name, reader, version } = entry;
    const described = version
      ? { name: `${name}_v${version.v}`, of: { kind: 'node', name, version: version.v } as const }
      : { name, of: { kind: 'node', name } as const };
    nodes.push(...genericTests(reading, { entry, reader, ...described, tags: [] }));
  }
  const overrides = overridesOf(entries, problems);
  for (const entry of entries) {
    if (entry.kind === 'exposures') nodes.push(...(attempt(() => [exposureNode(reading, entry)]) ?? []));
    if (entry.kind !== 'sources' || entry.reader.has('overrides')) continue;
    for (const { node, reader, tags } of sourceTables(reading, entry, overrides.get(`${entry.file.package}\0${entry.name}`))) {
      nodes.push(node);
      nodes.push(
        ...genericTests(reading, {
          entry,
          reader,
          name: `${node.source_name}_${node.name}`,
          of: { kind: 'source', source: node.source_name, table: node.name },
          tags,
        }),
      );
    }
  }
  const models = nodes.filter((node) => node.resource_type === 'model');
  for (const entry of entries) {
    const files = entry.kind === 'unit_tests' ? packages.find(({ name }) => name === entry.file.package)?.files : undefined;
    if (files) nodes.push(...(attempt(() => unitTests(reading, entry, models, files)) ?? []));
  }
  const macroEntries = macros.map((macro) =>
    macroEntry(macro, reading.entries, reading.describe(macro.definition.package), problems, materials.validatesArguments),
  );
  problems.push(...reading.entries.unused((kind) => namesOf(kind, nodes, macroEntries)), ...reading.cascade.review(fqnsOf(nodes)));
  const selectors = attempt(() => readSelectors(materials.selectorsFile, host, packages[0]?.name ?? '', problems)) ?? {};
  return {
    nodes: nodes.filter(isEnabled),
    disabled: nodes.filter((node) => !isEnabled(node)),
    macros: macroEntries,
    docs,
    groups: entries.filter(({ kind }) => kind === 'groups').map((entry) => groupEntry(entry, reading.describe(entry.file.package))),
    restricted: configs.filter(({ restrictsAccess }) => restrictsAccess).map(({ settings }) => settings.name),
    selectors,
  };
}

const modelFiles = (packages: readonly PackageFiles[], { file }: Entry): ReadonlySet<string> =>
  new Set(packages.flatMap(({ name, files }) => (name === file.package ? files.model.map(({ below }) => nameOf(below)) : [])));

const isEnabled = ({ config: { enabled } }: Node): boolean => enabled !== false;

function readingOf(materials: Materials, docs: readonly DocEntry[], host: Reading['textHost'], entries: EntryIndex): Reading {
  const { packages, configs, macros, scope, text, log, memo, world, changing, problems } = materials;
  const [root, ...others] = configs;
  const docsById = new Map(docs.map((doc) => [doc.unique_id, doc]));
  const describers = new Map(packages.map(({ name }) => [name, describer(text, log, docsById, name, problems)]));
  const names = packages.map(({ name }) => name);
  const macroTexts = new Map(macros.map(({ unique_id, definition }) => [unique_id, definition.source]));
  return {
    scope,
    textHost: host,
    cascade: cascadeOf([root.configs, ...others.map((config) => config.configs)]),
    entries,
    describe: (packageName) => describers.get(packageName) ?? ((reader, key) => ({ description: reader.string(key) ?? '' })),
    relationNames: relationNamesOf(scope, names, memo, world, root.settings.quoting),
    quoting: root.settings.quoting,
    record: recorder(scope, { log, changing, macroText: (id) => macroTexts.get(id) ?? '' }),
    memo,
    nodeWorld: memoKey(
      world,
      docs,
      root.settings.quoting,
      configs.map(({ configs: { sections, asWritten } }) => [sections, Object.values(SECTION_OF).map(asWritten)]),
    ),
    problems,
  };
}

const singularFiles = (one: PackageFiles): readonly FoundFile[] => {
  const macros = new Set(macroFiles(one).map(({ source }) => source.location));
  return one.files.test.filter(({ source, below }) => !macros.has(source.location) && !below.startsWith('fixtures/'));
};

function warnOfPassedOver({ files }: PackageFiles, problems: Problem[]): void {
  const passedOver = (message: string, file: string): void => {
    problems.push({ code: 'not-supported-yet', severity: 'warning', message, at: { file, line: 1, column: 1 } });
  };
  for (const { source } of files.model.filter(({ below }) => below.endsWith('.py'))) {
    passedOver(`${source.path} is a Python model, and dwh runs SQL only: it is passed over`, source.file);
  }
  for (const { source } of files.function.filter(({ below }) => !below.endsWith('.sql'))) {
    passedOver(`${source.path} is a function that is not written in SQL, and dwh makes no other: it is passed over`, source.file);
  }
}

const KIND_OF: Readonly<Partial<Record<Node['resource_type'], EntryKind>>> = {
  model: 'models',
  seed: 'seeds',
  snapshot: 'snapshots',
  analysis: 'analyses',
  function: 'functions',
  test: 'data_tests',
};

function* namesOf(kind: EntryKind, nodes: readonly Node[], macros: readonly MacroEntry[]): Iterable<string> {
  if (kind === 'macros') for (const macro of macros) if (macro.package_name !== BUILTIN_PACKAGE) yield macro.name;
  for (const node of nodes)
    if (KIND_OF[node.resource_type] === kind && !(node.resource_type === 'test' && node.test_kind === 'generic')) yield node.name;
}

const SECTION_OF: Readonly<Partial<Record<Node['resource_type'], ConfigSection>>> = {
  model: 'models',
  seed: 'seeds',
  snapshot: 'snapshots',
  source: 'sources',
  test: 'data_tests',
  analysis: 'analyses',
  exposure: 'exposures',
  unit_test: 'unit_tests',
  function: 'functions',
};

function fqnsOf(nodes: readonly Node[]): Record<ConfigSection, (readonly string[])[]> {
  const fqns: Record<ConfigSection, (readonly string[])[]> = {
    models: [],
    seeds: [],
    snapshots: [],
    sources: [],
    data_tests: [],
    analyses: [],
    exposures: [],
    unit_tests: [],
    functions: [],
  };
  for (const node of nodes) {
    const section = SECTION_OF[node.resource_type];
    if (section) fqns[section].push(node.fqn);
    if (section === 'analyses') fqns.models.push(node.fqn);
  }
  return fqns;
}
