// Nodes that are files: models, seeds, singular tests, analyses. Text, properties and the project file's configs in; a node
// out, complete but for what its refs mean.
import type { ParsingSubject } from '../context/types.ts';
import { type ConfigPath, ConfigReader, isMapping } from '../core/config-reader.ts';
import type { Location } from '../core/location.ts';
import {
  type AnalysisNode,
  type FunctionCall,
  type ModelNode,
  type Node,
  type NodeBase,
  type SeedNode,
  type TestNode,
  uniqueId,
} from '../core/node.ts';
import { NOTHING_WRITTEN } from './cascade.ts';
import { mappingOf } from './columns.ts';
import { reviewConfig } from './config-review.ts';
import { type Config, type ConfigSection, configSpelling, mergeConfig } from './config-rules.ts';
import { contractOf, foreignKeys, modelConstraintsOf } from './constraints.ts';
import { type EntryFacts, entryFacts } from './entry-facts.ts';
import { checksumOf } from './files.ts';
import { hooksOf } from './hooks.ts';
import { memoKey } from './memo.ts';
import { type Entry, type EntryKind, entryKey } from './properties.ts';
import type { Reading } from './reading.ts';
import type { Calls, NodeText } from './record.ts';
import type { FoundFile, SourceFile } from './types.ts';

export interface FileKindRules {
  readonly type: 'model' | 'seed' | 'snapshot' | 'test' | 'analysis' | 'function';
  readonly section: ConfigSection;
  readonly entries: EntryKind;
  /** What stands before the folders in `fqn` and `path`. */
  readonly prefix: readonly string[];
}

const MODEL: FileKindRules = { type: 'model', section: 'models', entries: 'models', prefix: [] };
const SEED: FileKindRules = { type: 'seed', section: 'seeds', entries: 'seeds', prefix: [] };
const TEST: FileKindRules = { type: 'test', section: 'data_tests', entries: 'data_tests', prefix: [] };
const ANALYSIS: FileKindRules = { type: 'analysis', section: 'analyses', entries: 'analyses', prefix: ['analysis'] };

/** Of a file: without folders and its ending. */
export const nameOf = (below: string): string => below.slice(below.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');

/** A node's text, and where it stands. */
export interface Written {
  readonly name: string;
  readonly raw_code: string;
  readonly raw_code_at: Location;
  /** Of all of it. */
  readonly at: Location;
  readonly source: SourceFile;
  /** As the node has it. */
  readonly path: string;
  readonly fqn: readonly string[];
}

export interface Made {
  readonly base: NodeBase;
  readonly facts: EntryFacts;
  readonly subject: ParsingSubject;
}

function wholeFile(rules: FileKindRules, { source, below }: FoundFile, packageName: string, entry: Entry | undefined): Written {
  const version = entry?.version;
  const name = entry && version ? entry.name : nameOf(below);
  return {
    name,
    raw_code: rules.type === 'seed' ? '' : source.text().trimEnd(),
    raw_code_at: { file: source.file, line: 1, column: 1 },
    at: { file: source.file, line: 1, column: 1 },
    source,
    path: [...rules.prefix, below].join('/'),
    fqn: [packageName, ...rules.prefix, ...below.split('/').slice(0, -1), name, ...(version ? [`v${version.v}`] : [])],
  };
}

/** The part that all of them share. Throws DwhError when rendering fails. */
export function make(reading: Reading, rules: FileKindRules, written: Written, packageName: string, entry: Entry | undefined): Made {
  const { name, raw_code, raw_code_at, at, source, fqn } = written;
  const facts = entry ? entryFacts(reading, entry, rules.section) : NO_FACTS;
  const own = reading.cascade.base(rules.section, packageName, fqn);
  const before = mergeConfig(own, facts.config);
  const version = entry?.version;
  const unique_id = uniqueId(rules.type, packageName, name, ...(version ? [`v${version.v}`] : []));
  const subject: ParsingSubject = {
    unique_id,
    name,
    ...(version && { version: version.v }),
    package_name: packageName,
    resource_type: rules.type,
    original_file_path: source.path,
    path: written.path,
    fqn,
    baseConfig: before,
    raw_code,
  };
  const texts: NodeText[] = [{ text: raw_code, file: source.file, at: raw_code_at }];
  const calls = reading.record(subject, texts);
  reviewCalls(reading, rules.section, calls, source);
  const config = withHooks(reading.cascade.finish(rules.section, packageName, fqn, calls.configs.reduce<Config>(mergeConfig, before)));
  const hookCalls = recordHooks(reading, subject, config, source.file);
  const base: NodeBase = {
    unique_id,
    name,
    package_name: packageName,
    path: subject.path,
    original_file_path: source.path,
    fqn,
    at,
    description: facts.description,
    ...(facts.doc_blocks && { doc_blocks: facts.doc_blocks }),
    config,
    ...writtenConfig(reading.cascade.written(rules.section, packageName, fqn), [facts.config, ...calls.configs]),
    tags: textsOf(config.tags),
    meta: isMapping(config.meta) ? config.meta : {},
    columns: facts.columns,
    ...(entry && { patch_path: `${entry.file.package}://${entry.file.source.path}` }),
    checksum: checksumOf(source.hash()),
    refs: [...calls.refs, ...hookCalls.refs],
    sources: [...calls.sources, ...hookCalls.sources],
    ...withFunctions([...calls.functions, ...hookCalls.functions]),
    ...macrosOf(calls, hookCalls),
    depends_on: [],
  };
  return { base, facts, subject };
}

/** Of each key what the nearest says: nothing is merged here. */
export function writtenConfig(farther: Config, nearer: readonly Config[]): Pick<NodeBase, 'unrendered_config'> {
  const own = nearer.flatMap((config) => Object.entries(config));
  if (own.length === 0) return farther === NOTHING_WRITTEN ? {} : { unrendered_config: farther };
  return { unrendered_config: { ...farther, ...Object.fromEntries(own.map(([key, value]) => [configSpelling(key), value])) } };
}

export function macrosOf(...of: readonly Pick<Calls, 'macros' | 'called'>[]): Pick<NodeBase, 'depends_on_macros' | 'reached_macros'> {
  const called = [...new Set(of.flatMap((calls) => calls.called))];
  const reached = [...new Set(of.flatMap((calls) => calls.macros))];
  return { depends_on_macros: called, ...(reached.length > called.length && { reached_macros: reached }) };
}

export const withFunctions = (functions: readonly FunctionCall[]): Pick<NodeBase, 'functions'> =>
  functions.length > 0 ? { functions } : {};

const NO_FACTS: EntryFacts = { description: '', config: {}, columns: [], extra: {} };

export function textsOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.length === 0 ? value : [...new Set(value.map(String))];
  return value === undefined || value === null ? NO_TEXTS : [String(value)];
}

const NO_TEXTS: readonly string[] = [];

/** Hooks as dbt's manifest has them, in one spelling. */
export function withHooks(config: Config): Config {
  const spelt = (key: 'pre-hook' | 'post-hook') => hooksOf(config[key]).map((hook) => ({ ...hook, index: null }));
  const pre = spelt('pre-hook');
  const post = spelt('post-hook');
  return pre.length === 0 && post.length === 0 ? config : { ...config, 'pre-hook': pre, 'post-hook': post };
}

/** Hooks may ref, too: what they name must be built first. */
export function recordHooks(reading: Reading, subject: ParsingSubject, config: Config, file: string): Calls {
  const texts = [...hooksOf(config['pre-hook']), ...hooksOf(config['post-hook'])].map(({ sql }) => ({ text: sql, file }));
  return reading.record({ ...subject, baseConfig: config }, texts);
}

function reviewCalls(reading: Reading, section: ConfigSection, calls: Calls, source: SourceFile): void {
  const locate = ([key]: ConfigPath): Location => {
    const word = new RegExp(`\\b${String(key).replace(/[^\w]/g, '.')}\\b`);
    const lines = source.text().split('\n');
    const line = Math.max(
      0,
      lines.findIndex((text) => word.test(text)),
    );
    return { file: source.file, line: line + 1, column: Math.max(0, lines[line]?.search(word) ?? 0) + 1 };
  };
  for (const config of calls.configs) reviewConfig(section, new ConfigReader(config, { locate, problems: reading.problems }));
}

/** The node from the memo when its file and its properties are the same. Throws DwhError. */
export function remembered<N extends Node>(
  reading: Reading,
  rules: FileKindRules,
  found: FoundFile,
  packageName: string,
  finish: (made: Made, entry: Entry | undefined) => N,
): N {
  const { source, folder, below } = found;
  const entry = reading.entries.take(rules.entries, nameOf(below), packageName, reading.problems);
  const described = entry && entryKey(entry);
  const before = reading.problems.length;
  return reading.memo.get(
    memoKey(reading.nodeWorld, rules.type, packageName, source.file, folder, source.hash(), described),
    () => finish(make(reading, rules, wholeFile(rules, found, packageName, entry), packageName, entry), entry),
    // What came with a warning is made again, so that the warning is given again.
    { keep: () => reading.problems.length === before },
  );
}

// To a base, which is nobody else's, its kind's own keys are added in place: a spread of so many keys takes thirty times as
// long, and what it makes is slow to read.

/** Without the keys that every node has. */
export type Own<N extends Node> = Omit<N, keyof NodeBase>;

export const modelNode = (reading: Reading, found: FoundFile, packageName: string): ModelNode =>
  remembered(reading, MODEL, found, packageName, ({ base, facts, subject }, entry) => {
    const materialized = String(base.config.materialized ?? 'view');
    return Object.assign(base, {
      resource_type: 'model',
      materialized,
      ...reading.relationNames(subject, base.config),
      raw_code: subject.raw_code,
      pre_hooks: hooksOf(base.config['pre-hook']),
      post_hooks: hooksOf(base.config['post-hook']),
      extra: base.config.access === 'protected' ? facts.extra : { ...facts.extra, access: base.config.access },
      ...foreignKeyCalls(reading, base, facts, subject, entry),
      ...(mappingOf(base.config.contract).enforced === true && {
        contract: contractOf(
          { ...base, materialized, constraints: modelConstraintsOf(facts.extra), reader: entry?.reader },
          reading.problems,
        ),
      }),
    } satisfies Own<ModelNode> & Partial<Pick<ModelNode, 'refs' | 'sources'>>);
  });

/** What foreign keys point to must be built first. */
function foreignKeyCalls(
  reading: Reading,
  base: NodeBase,
  { columns, extra }: EntryFacts,
  subject: ParsingSubject,
  entry: Entry | undefined,
): Partial<Pick<NodeBase, 'refs' | 'sources'>> {
  if (!entry || (extra.constraints === undefined && columns.every((column) => column.extra.constraints === undefined))) return {};
  const texts = foreignKeys(entry.reader, columns, modelConstraintsOf(extra)).map(({ to, at }) => ({
    text: `{{ ${to} }}`,
    file: entry.file.source.file,
    at,
  }));
  if (texts.length === 0) return {};
  const { refs, sources } = reading.record(subject, texts);
  return { refs: [...base.refs, ...refs], sources: [...base.sources, ...sources] };
}

export const seedNode = (reading: Reading, found: FoundFile, packageName: string): SeedNode =>
  remembered(reading, SEED, found, packageName, ({ base, subject }) =>
    Object.assign(base, {
      resource_type: 'seed',
      materialized: 'seed',
      ...reading.relationNames(subject, base.config),
      pre_hooks: hooksOf(base.config['pre-hook']),
      post_hooks: hooksOf(base.config['post-hook']),
    } satisfies Own<SeedNode>),
  );

export const singularTest = (reading: Reading, found: FoundFile, packageName: string): TestNode =>
  remembered(reading, TEST, found, packageName, ({ base, subject }) =>
    Object.assign(base, {
      resource_type: 'test',
      test_kind: 'singular',
      ...reading.relationNames(subject, base.config),
      raw_code: subject.raw_code,
      config: storeFailures(base.config),
    } satisfies Own<TestNode> & Pick<TestNode, 'config'>),
  );

export const analysisNode = (reading: Reading, found: FoundFile, packageName: string): AnalysisNode =>
  remembered(reading, ANALYSIS, found, packageName, ({ base, subject }) =>
    Object.assign(base, {
      resource_type: 'analysis',
      ...reading.relationNames(subject, base.config),
      raw_code: subject.raw_code,
    } satisfies Own<AnalysisNode>),
  );

/** `store_failures_as` wins over `store_failures`, and each implies the other. */
export function storeFailures(config: Config): Config {
  const as = config.store_failures_as ?? undefined;
  if (as !== undefined) return { ...config, store_failures: as !== 'ephemeral' };
  if (config.store_failures === true) return { ...config, store_failures_as: 'table' };
  return config.store_failures === false ? { ...config, store_failures_as: 'ephemeral' } : config;
}
