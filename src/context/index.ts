// What templates see. One host for a parsing node, one for a running node, one for texts in YAML; each name is made when
// a template first asks for it. A user's macro of the same name comes first, dwh's own macros last.

import { customEnv, DBT_VERSION } from '../core/artifact-metadata.ts';
import { bindMacro, callNow, text, toTemplate } from '../template/index.ts';
import type { Ask, Callable, Host, HostObject, TemplateValue } from '../template/types.ts';
import { adapterValue } from './adapter-value.ts';
import { asks } from './asks.ts';
import { callFunctions } from './call-functions.ts';
import { columnClass } from './column-value.ts';
import { configValue } from './config-value.ts';
import { exceptionsValue } from './exceptions.ts';
import { loadAgateTable } from './load-agate-table.ts';
import { BUILTIN_PACKAGE, type LibraryMacro } from './macro-library.ts';
import { materializingValue } from './materializing.ts';
import { datetimeValue, modulesValue } from './modules.ts';
import { runFunctions } from './query-functions.ts';
import { answeringRefs, type RefAnswers, recordingRefs } from './ref-values.ts';
import { relationClass } from './relation-class.ts';
import { RelationValue } from './relation-value.ts';
import type { Response } from './response-value.ts';
import { sayer } from './sayer.ts';
import { unreadTable } from './table-value.ts';
import { textFunctions } from './text-functions.ts';
import type { ParsingHost, ParsingSubject, ProjectScope, Recorded, TextScope } from './types.ts';
import { hostFunction, hostObject } from './values.ts';
import { envVarFunction, recordValue, varFunction } from './variables.ts';

export type { WarehouseAnswers, WarehouseAsk } from './asks.ts';
export { columnValue } from './column-value.ts';
export { datetimeValue } from './datetime-value.ts';
export { loadAgateTable } from './load-agate-table.ts';
export { BUILTIN_PACKAGE, type LibraryMacro, type MacroLibrary, macroLibrary } from './macro-library.ts';
export { type Narrowing, withOneAlias } from './narrowed.ts';
export type { RefAnswers } from './ref-values.ts';
export { RelationValue, relationValue } from './relation-value.ts';
export type { Response } from './response-value.ts';
export { sayer } from './sayer.ts';
export { tableValue } from './table-value.ts';
export type { ParsingHost, ParsingSubject, ProjectScope, Recorded, TextScope } from './types.ts';

type Makers = Readonly<Record<string, () => TemplateValue>>;
type MakersOf<Scope> = Readonly<Record<string, (scope: Scope) => TemplateValue>>;

const givenMakers = (values: Readonly<Record<string, TemplateValue>> = {}): Makers =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, () => value]));

/** What every text may use: no node, no warehouse. */
const textMakers: MakersOf<TextScope> = {
  env_var: (scope) => envVarFunction(scope, false),
  target: (scope) => recordValue('target', scope.target),
  flags: (scope) => recordValue('flags', scope.flags),
  project_name: (scope) => scope.projectName,
  dbt_version: () => DBT_VERSION,
  dwh_version: (scope) => scope.version,
  invocation_id: (scope) => scope.invocationId,
  thread_id: () => 'MainThread',
  run_started_at: (scope) => datetimeValue(scope.startedAt),
  modules: (scope) => modulesValue(scope.startedAt),
  exceptions: (scope) => exceptionsValue(scope),
  log: (scope) =>
    hostFunction('log', (args) => {
      scope.say(text(args.need(0, 'msg')), args.flag(1, 'info', false) ? 'info' : 'debug');
      return '';
    }),
  print: (scope) =>
    hostFunction('print', (args) => {
      sayer(scope)(text(args.need(0, 'msg')));
      return '';
    }),
  ...Object.fromEntries(Object.entries(textFunctions).map(([name, value]) => [name, () => value])),
};

/** Adds what is the same for every node of a run. */
const projectMakers: MakersOf<ProjectScope> = {
  ...textMakers,
  schema: (scope) => scope.schema,
  database: (scope) => scope.database,
  api: (scope) => hostObject('api', { Relation: relationClass(scope), Column: columnClass(scope.dialect) }),
  column: (scope) => columnClass(scope.dialect),
  invocation_args_dict: (scope) => toTemplate(scope.args ?? {}),
  load_agate_table: () => loadAgateTable(undefined),
  sql_now: (scope) => scope.dialect.currentTimestamp,
  dbt_metadata_envs: (scope) => toTemplate(customEnv(scope.env)),
};

/** Values made once for the whole run are kept in scope.shared. */
function sharedValue(scope: ProjectScope, name: string): TemplateValue | undefined {
  const known = scope.shared.get(name);
  if (known !== undefined) return known;
  const made = Object.hasOwn(projectMakers, name) ? projectMakers[name]?.(scope) : undefined;
  if (made !== undefined) scope.shared.set(name, made);
  return made;
}

/** What macros answer instead of being called: `name` for every caller, `package.name` for calls that name the package. */
export type MacroAnswers = ReadonlyMap<string, TemplateValue>;

/** dbt's own functions, also where a macro of the project has taken the name. */
function builtinsValue(named: (name: string) => TemplateValue | undefined): HostObject {
  const names = [
    'ref',
    'source',
    'function',
    'config',
    'var',
    'env_var',
    'log',
    'print',
    'return',
    'run_query',
    'statement',
    'load_result',
  ];
  const members = Object.fromEntries(names.map((key) => [key, () => named(key) ?? null]));
  const keys = hostFunction('keys', () => names);
  const get = hostFunction('get', (args) => named(args.needText(0, 'key')) ?? args.get(1, 'default') ?? null);
  return hostObject('builtins', { ...members, keys, get }, { items: () => names, length: () => names.length });
}

interface HostParts {
  readonly scope: ProjectScope;
  readonly answers?: MacroAnswers | undefined;
  /** Names of this node only; the first that has a name wins. Apart, because to join them costs more than a small template does. */
  readonly own: (bind: (macro: LibraryMacro) => Callable) => readonly Makers[];
  readonly onMacro: (macro: LibraryMacro) => void;
  /** While parsing. */
  readonly unanswered?: boolean;
}

function makeHost({ scope, own, onMacro, answers, unanswered }: HostParts): Host {
  const bound = new Map<LibraryMacro, Callable>();
  const made = new Map<string, TemplateValue>();
  const bind = (macro: LibraryMacro): Callable => {
    onMacro(macro);
    let callable = bound.get(macro);
    if (!callable) {
      callable = bindMacro(macro.definition, host);
      bound.set(macro, callable);
    }
    return callable;
  };
  const makers: readonly Makers[] = [
    ...own(bind),
    { var: () => varFunction(scope, () => host) },
    callFunctions(() => host, scope.projectName),
  ];
  const named = (name: string): TemplateValue | undefined => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const maker = makers.find((some) => Object.hasOwn(some, name))?.[name];
    if (!maker) return sharedValue(scope, name);
    const value = maker();
    if (value !== undefined) made.set(name, value);
    return value;
  };
  const packageNamespace = (packageName: string): HostObject => ({
    kind: 'host',
    typeName: `package ${packageName}`,
    get(name) {
      const macro = scope.macros.inPackage(packageName, name);
      return answered(name, packageName, macro && bind(macro));
    },
    names: () => scope.macros.names(packageName),
    lacks: (name) => `the package '${packageName}' has no macro '${name}'`,
  });
  /** dwh's own macros are called with and without their package's name, and both calls mean the same. */
  const answered = (name: string, packageName: string | undefined, value: TemplateValue | undefined): TemplateValue | undefined => {
    const keys = packageName === undefined ? [name, `${BUILTIN_PACKAGE}.${name}`] : packageName === BUILTIN_PACKAGE ? [name] : [];
    const key = [...(packageName === undefined ? [] : [`${packageName}.${name}`]), ...keys].find((one) => answers?.has(one));
    const answer = key === undefined ? undefined : answers?.get(key);
    if (answer === undefined || value === undefined) return value;
    const isCalled = typeof value === 'object' && value !== null && 'call' in value;
    return isCalled ? hostFunction(name, () => answer) : answer;
  };
  const host: Host = {
    ...(unanswered && { unanswered }),
    resolve: (name, from) => (answers ? answered(name, undefined, meaning(name, from)) : meaning(name, from)),
    *names(from) {
      for (const some of makers) yield* Object.keys(some);
      yield* Object.keys(projectMakers);
      yield* scope.macros.names(from);
    },
  };
  const meaning: Host['resolve'] = (name, from) => {
    const user = scope.macros.findUser(name, from);
    if (user) return bind(user);
    const value = named(name);
    if (value !== undefined) return value;
    const builtin = scope.macros.findBuiltin(name);
    if (builtin) return bind(builtin);
    if (name === 'builtins') return builtinsValue(named);
    return scope.macros.hasPackage(name) || name === scope.projectName ? packageNamespace(name) : undefined;
  };
  return host;
}

/** Renders a node's text while parsing: `execute` is false, calls are recorded, no warehouse is touched. */
export function parsingHost(scope: ProjectScope, { more, ...subject }: ParsingSubject): ParsingHost {
  const recorded: Recorded = { refs: [], sources: [], functions: [], configs: [], macros: new Set() };
  const merged: Record<string, unknown> = { ...subject.baseConfig };
  const host = makeHost({
    scope,
    onMacro: (macro) => recorded.macros.add(macro.unique_id),
    unanswered: true,
    own: (bind) => [
      givenMakers(more),
      recordingMakers(scope, recorded),
      {
        execute: () => false,
        config: () =>
          configValue(
            (key) => merged[key],
            (settings) => {
              recorded.configs.push(settings);
              Object.assign(merged, settings);
            },
            () => Object.keys(merged),
          ),
        this: () => new RelationValue({ database: scope.database, schema: scope.schema, identifier: subject.name }, scope.dialect),
        model: () =>
          toTemplate({
            ...subject,
            config: merged,
            alias: subject.name,
            schema: scope.schema,
            database: scope.database,
            columns: {},
            tags: [],
            meta: {},
            batch: noBatch(),
          }),
        ...(subject.resource_type === 'seed' && {
          load_agate_table: () => loadAgateTable(unreadTable),
        }),
        graph: () => toTemplate({ nodes: {}, sources: {}, exposures: {}, functions: {}, metrics: {}, groups: {} }),
        adapter: () => adapterValue(scope, { execute: false, bind }),
        materializing: () => materializingValue(scope.dialect, false),
        is_incremental: () => hostFunction('is_incremental', () => false),
        should_full_refresh: () => hostFunction('should_full_refresh', () => scope.flags.FULL_REFRESH === true),
        selected_resources: () => [],
      },
      runFunctions({ execute: false, results: new Map(), say: () => {} }),
    ],
  });
  return { host, recorded };
}

function recordingMakers(scope: ProjectScope, recorded: Recorded): Makers {
  const { ref, source, function: called } = recordingRefs(scope, recorded);
  return { ref: () => ref, source: () => source, function: () => called };
}

/** A node as it runs. */
export interface RunningSubject extends RefAnswers {
  readonly config: Readonly<Record<string, unknown>>;
  readonly this: RelationValue | null;
  /** The node as in manifest.json, for `model`. */
  readonly model: () => unknown;
  /** manifest.json's nodes and sources, for `graph`. */
  readonly graph: () => unknown;
  /** 'asked': when a table stands where `this` is. */
  readonly isIncremental: boolean | 'asked';
  readonly fullRefresh: boolean;
  readonly selectedResources: readonly string[];
  /** The number of the connection that it works on. */
  readonly thread?: number | undefined;
  /** Told what each named statement came to. */
  readonly heard?: (name: string, response: Response) => void;
  /** Of a microbatch model, for `model.batch`; epoch ms. */
  readonly batch?: { readonly id: string; readonly start: number; readonly end: number };
  readonly answers?: MacroAnswers | undefined;
  /** Names that this kind of node adds: results and schemas of on-run-end, … */
  readonly more?: Readonly<Record<string, TemplateValue>>;
  /** Hears what config() says while the node is rendered for its run; its config is what was said when it was parsed. */
  readonly configured?: (settings: Readonly<Record<string, unknown>>) => void;
}

/** Where there is none a microbatch model may still ask for its parts, while it is parsed and for `compile`: it is false. */
const noBatch = (): HostObject =>
  hostObject(
    'batch',
    { id: '', event_time_start: datetimeValue(0), event_time_end: datetimeValue(0) },
    { truth: () => false, toText: () => '' },
  );

/** Where macros that take the place of dbt's own look for the time of a batch. */
const batchMoments = ({ start, end }: Pick<NonNullable<RunningSubject['batch']>, 'start' | 'end'>): ReadonlyMap<string, TemplateValue> =>
  new Map([
    ['__dbt_internal_microbatch_event_time_start', datetimeValue(start)],
    ['__dbt_internal_microbatch_event_time_end', datetimeValue(end)],
  ]);

function modelValue({ model, batch, config }: RunningSubject): TemplateValue {
  const value = toTemplate(model());
  if (!(value instanceof Map)) return value;
  if (batch) {
    const [start, end] = [datetimeValue(batch.start), datetimeValue(batch.end)];
    value.set('batch', toTemplate({ id: batch.id, event_time_start: start, event_time_end: end }));
    const settings = value.get('config');
    if (settings instanceof Map) for (const [name, moment] of batchMoments(batch)) settings.set(name, moment);
  } else if (config.incremental_strategy === 'microbatch') value.set('batch', noBatch());
  return value;
}

function* standsAsTable(value: RelationValue | null): Generator<Ask, boolean, unknown> {
  const relation = value?.relation;
  return relation !== undefined && (yield* asks({ ask: 'relation', relation }))?.kind === 'table';
}

/** Renders a node for its run: `execute` is true, refs are answered, the warehouse may be asked. */
export function runningHost(scope: ProjectScope, subject: RunningSubject): Host {
  const { ref, source, function: called } = answeringRefs(subject);
  const results = new Map<string, TemplateValue>();
  return makeHost({
    scope,
    answers: subject.answers,
    onMacro: () => {},
    own: (bind) => [
      givenMakers(subject.more),
      {
        ref: () => ref,
        source: () => source,
        function: () => called,
        execute: () => true,
        config: () =>
          configValue(
            (key) => subject.config[key],
            (settings) => subject.configured?.(settings),
            () => Object.keys(subject.config),
          ),
        this: () => subject.this,
        model: () => modelValue(subject),
        graph: () => toTemplate(subject.graph()),
        adapter: () => adapterValue(scope, { execute: true, bind }),
        materializing: () => materializingValue(scope.dialect, true),
        is_incremental: () =>
          hostFunction('is_incremental', () => (subject.isIncremental === 'asked' ? standsAsTable(subject.this) : subject.isIncremental)),
        should_full_refresh: () => hostFunction('should_full_refresh', () => subject.fullRefresh),
        selected_resources: () => [...subject.selectedResources],
        ...(subject.thread !== undefined && { thread_id: () => `Thread-${Number(subject.thread) + 1}` }),
      },
      runFunctions({ execute: true, results, heard: subject.heard, say: sayer(scope) }),
    ],
  });
}

/** Texts in YAML and profiles: no macros, no refs. `secrets`: DBT_ENV_SECRET… may be read (profiles and packages). */
export function textHost(
  scope: TextScope,
  options: { readonly secrets?: boolean; readonly more?: Readonly<Record<string, TemplateValue>> } = {},
): Host {
  const own: Makers = {
    var: () => varFunction(scope, () => host),
    ...(options.secrets && { env_var: () => envVarFunction(scope, true) }),
    ...givenMakers(options.more),
  };
  const made = new Map<string, TemplateValue>();
  const host: Host = {
    resolve(name) {
      const known = made.get(name);
      if (known !== undefined) return known;
      const value = Object.hasOwn(own, name) ? own[name]?.() : Object.hasOwn(textMakers, name) ? textMakers[name]?.(scope) : undefined;
      if (value !== undefined) made.set(name, value);
      return value;
    },
    names: () => new Set([...Object.keys(textMakers), ...Object.keys(own)]),
  };
  return host;
}

/** Calls a macro by name as a file of the subject's package would: its package's, then the root project's. It may not ask the warehouse. */
export function callMacroNow(
  scope: ProjectScope,
  subject: ParsingSubject,
  name: string,
  args: readonly TemplateValue[],
  kwargs: ReadonlyMap<string, TemplateValue> = new Map(),
): TemplateValue {
  const { host } = parsingHost(scope, subject);
  const macro = host.resolve(name, subject.package_name);
  if (typeof macro !== 'object' || macro === null || !('kind' in macro) || macro.kind !== 'function')
    throw new Error(`no macro is called '${name}'`);
  const at = { file: subject.original_file_path, line: 1, column: 1 };
  return callNow(macro, args, kwargs, { at, package: scope.projectName, stack: [] });
}
