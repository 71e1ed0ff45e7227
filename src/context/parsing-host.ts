// What a node's text sees while it is parsed: `execute` is false, calls are recorded, no warehouse is touched.
import { callNow, toTemplate } from '../template/index.ts';
import type { TemplateValue } from '../template/types.ts';
import { adapterValue } from './adapter-value.ts';
import { noBatch } from './batch-value.ts';
import { callMakers } from './call-functions.ts';
import { configValue } from './config-value.ts';
import { loadAgateTable } from './load-agate-table.ts';
import { type Inside, makeHost } from './make-host.ts';
import { materializingValue } from './materializing.ts';
import { type QueryState, queryMakers } from './query-functions.ts';
import { recordingMakers } from './ref-values.ts';
import { RelationValue } from './relation-value.ts';
import { unreadTable } from './table-value.ts';
import type { MakersOf, ParsingHost, ParsingSubject, ProjectScope, Recorded } from './types.ts';
import { hostFunction } from './values.ts';
import { varFunction } from './variables.ts';

interface Parsing extends Inside, QueryState {
  readonly subject: Omit<ParsingSubject, 'more'>;
  readonly recorded: Recorded;
  /** The config so far. */
  readonly merged: Record<string, unknown>;
}

const parsingMakers: MakersOf<Parsing> = {
  ...callMakers,
  ...queryMakers,
  ...recordingMakers,
  var: ({ scope, host }) => varFunction(scope, host),
  execute: () => false,
  config: ({ merged, recorded }) =>
    configValue(
      (key) => merged[key],
      (settings) => {
        recorded.configs.push(settings);
        Object.assign(merged, settings);
      },
      () => Object.keys(merged),
    ),
  this: ({ scope, subject }) =>
    new RelationValue({ database: scope.database, schema: scope.schema, identifier: subject.name }, scope.dialect),
  model: ({ scope, subject, merged }) =>
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
  load_agate_table: ({ subject }) => (subject.resource_type === 'seed' ? loadAgateTable(unreadTable) : undefined),
  graph: () => toTemplate({ nodes: {}, sources: {}, exposures: {}, functions: {}, metrics: {}, groups: {} }),
  adapter: ({ scope, bind }) => adapterValue(scope, { execute: false, bind }),
  materializing: ({ scope }) => materializingValue(scope.dialect, false),
  is_incremental: () => hostFunction('is_incremental', () => false),
  should_full_refresh: ({ scope }) => hostFunction('should_full_refresh', () => scope.flags.FULL_REFRESH === true),
  selected_resources: () => [],
};

export function parsingHost(scope: ProjectScope, { more, ...subject }: ParsingSubject): ParsingHost {
  const recorded: Recorded = { refs: [], sources: [], functions: [], configs: [], macros: new Set(), called: new Set() };
  const merged: Record<string, unknown> = { ...subject.baseConfig };
  const host = makeHost({
    scope,
    reached: recorded.macros,
    called: recorded.called,
    makers: parsingMakers,
    more,
    self: ({ bind, host }): Parsing => ({
      scope,
      bind,
      host,
      subject,
      recorded,
      merged,
      execute: false,
      results: new Map(),
      say: () => {},
    }),
  });
  return { host, recorded };
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
