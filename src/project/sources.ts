// Sources: tables that someone else fills, or that dwh loads (`load:`). What a source says goes for its tables unless they say
// otherwise. https://docs.getdbt.com/reference/source-properties
import { ConfigReader, isMapping } from '../core/config-reader.ts';
import { nearestName } from '../core/nearest.ts';
import { type FreshnessSpec, type SourceNode, uniqueId } from '../core/node.ts';
import { DwhError, type Problem } from '../core/problem.ts';
import { mappingOf, readColumns } from './columns.ts';
import { reviewConfig } from './config-review.ts';
import { type Config, mergeConfig } from './config-rules.ts';
import { readCopySpec } from './copy-spec.ts';
import { externalLocation } from './external-location.ts';
import { textsOf, writtenConfig } from './file-nodes.ts';
import type { Entry } from './properties.ts';
import { placed } from './quoting.ts';
import type { Reading } from './reading.ts';

const SOURCE_KEYS = [
  'name',
  'description',
  'database',
  'schema',
  'loader',
  'loaded_at_field',
  'loaded_at_query',
  'freshness',
  'quoting',
  'tables',
  'tags',
  'meta',
  'config',
  'overrides',
  'quote_columns',
];
const TABLE_KEYS = [
  'name',
  'description',
  'identifier',
  'loaded_at_field',
  'loaded_at_query',
  'freshness',
  'quoting',
  'external',
  'columns',
  'tests',
  'data_tests',
  'tags',
  'meta',
  'config',
  'load',
  'docs',
  'data_type',
  'quote_columns',
];

export interface SourceTable {
  readonly node: SourceNode;
  readonly entry: Entry;
  readonly reader: ConfigReader;
  readonly tags: readonly string[];
}

/** One node for each table. `override`: the root project's entry with `overrides:` this source's package. */
export function sourceTables(reading: Reading, entry: Entry, override: Entry | undefined): readonly SourceTable[] {
  const source = override ? patched(entry.reader, override.reader) : entry.reader;
  const overrides = new Map(override?.reader.mappings('tables').map((table) => [table.string('name'), table]));
  warnUnknown(entry.reader, SOURCE_KEYS, 'a source');
  reviewConfig('sources', source.mapping('config'));
  const seen = new Map<string, ConfigReader>();
  return entry.reader.mappings('tables').flatMap((own): SourceTable[] => {
    const name = own.requiredString('name');
    if (name === '') return [];
    const before = seen.get(name);
    if (before)
      own.problem(
        'described-twice',
        `the table '${name}' of the source '${entry.name}' stands here twice: first on line ${before.at('name')?.line}`,
        'Keep one of them.',
        ['name'],
      );
    seen.set(name, own);
    warnUnknown(own, TABLE_KEYS, 'a source table');
    const patch = overrides.get(name);
    try {
      return [sourceTable(reading, entry, source, patch ? patched(own, patch) : own, name, override)];
    } catch (error) {
      if (!(error instanceof DwhError)) throw error;
      reading.problems.push(...error.problems);
      return [];
    }
  });
}

/** Entries with `overrides: package`, by package and source name. */
export function overridesOf(entries: readonly Entry[], problems: Problem[]): ReadonlyMap<string, Entry> {
  const overrides = new Map<string, Entry>();
  const known = new Set(
    entries
      .filter(({ kind, reader }) => kind === 'sources' && !reader.has('overrides'))
      .map(({ file, name }) => `${file.package}\0${name}`),
  );
  for (const entry of entries) {
    if (entry.kind !== 'sources' || !entry.reader.has('overrides')) continue;
    const packageName = entry.reader.requiredString('overrides');
    const key = `${packageName}\0${entry.name}`;
    const at = entry.reader.at('overrides');
    const before = overrides.get(key);
    if (before) {
      problems.push({
        code: 'described-twice',
        message: `the source '${entry.name}' of '${packageName}' is overridden twice: here and at ${before.reader.at()?.file}:${before.reader.at()?.line}`,
        ...(at && { at }),
        hint: 'Keep one of them.',
      });
    } else if (!known.has(key)) {
      problems.push({
        code: 'describes-nothing',
        severity: 'warning',
        message: `this overrides the source '${entry.name}' of the package '${packageName}', which has no such source`,
        ...(at && { at }),
      });
    }
    overrides.set(key, entry);
  }
  return overrides;
}

/** The overriding entry's keys in place of the source's own; `tables` are put together one by one. */
const patched = (own: ConfigReader, patch: ConfigReader): ConfigReader => {
  const kept = new Set(['name', 'overrides', 'tables']);
  const values = Object.fromEntries(Object.entries(patch.values).filter(([key]) => !kept.has(key)));
  return new ConfigReader({ ...own.values, ...values }, own.source, own.path);
};

function warnUnknown(reader: ConfigReader, known: readonly string[], where: string): void {
  for (const key of reader.keys()) {
    if (known.includes(key)) continue;
    const near = nearestName(key, known);
    const hint = near ? `Did you mean '${near}'?` : `What is your own goes under 'meta:'.`;
    reader.problem('unknown-key', `'${key}' is not a key of ${where}, and is ignored`, hint, [key], 'warning');
  }
}

function sourceTable(
  reading: Reading,
  entry: Entry,
  source: ConfigReader,
  table: ConfigReader,
  name: string,
  override: Entry | undefined,
): SourceTable {
  const { file } = entry;
  const describe = reading.describe(file.package);
  const fqn = [file.package, ...file.folders, entry.name, name];
  reviewConfig('sources', table.mapping('config'));
  const sourceConfig = mappingOf(source.raw('config'));
  const tableConfig = mappingOf(table.raw('config'));
  const tags = [
    ...new Set([source, table].flatMap((one) => [...textsOf(one.raw('tags')), ...textsOf(mappingOf(one.raw('config')).tags)])),
  ].sort();
  const meta = {
    ...source.mapping('meta').values,
    ...mappingOf(sourceConfig.meta),
    ...table.mapping('meta').values,
    ...mappingOf(tableConfig.meta),
  };
  // A field of the table's own, or null in its place, stands for what the source says: for a query, too.
  const saysField = table.raw('loaded_at_field') !== undefined;
  const inherits = <T>(own: T | undefined, from: T | undefined): T | undefined => own ?? (saysField ? undefined : from);
  for (const level of [table, source]) oneOfBoth(level, level === table ? saysField : loadedAt(level, 'loaded_at_field') !== undefined);
  const loadedAtField = inherits(loadedAt(table, 'loaded_at_field'), loadedAt(source, 'loaded_at_field'));
  const loadedAtQuery = inherits(loadedAt(table, 'loaded_at_query'), loadedAt(source, 'loaded_at_query'));
  const own: Config = {
    ...sourceConfig,
    ...tableConfig,
    tags,
    meta,
    ...((loadedAtField !== undefined || saysField) && { loaded_at_field: loadedAtField ?? null }),
    ...((loadedAtQuery !== undefined || saysField) && { loaded_at_query: loadedAtQuery ?? null }),
  };
  const base = reading.cascade.base('sources', file.package, fqn);
  const configured = reading.cascade.finish('sources', file.package, fqn, mergeConfig(base, own));
  const freshness = freshnessOf(source, table, configured.freshness);
  const config =
    freshness || freshness === null || configured.freshness !== undefined ? { ...configured, freshness: freshness ?? null } : configured;
  const quoting = { ...source.mapping('quoting').values, ...table.mapping('quoting').values };
  const database = source.string('database') || reading.scope.database;
  const loads = table.mapping('load');
  const load = isMapping(table.raw('load')) ? readCopySpec(loads) : undefined;
  const place = placed(
    {
      ...(database !== '' && { database }),
      schema: source.string('schema') || entry.name,
      identifier: table.string('identifier') || name,
    },
    [reading.quoting, quoting],
    reading.scope.dialect,
  );
  const external = load ? undefined : externalLocation(table, { name, database, ...place }, config, reading.scope.dialect);
  const node: SourceNode = {
    resource_type: 'source',
    unique_id: uniqueId('source', file.package, entry.name, name),
    name,
    package_name: file.package,
    path: file.source.path,
    original_file_path: file.source.path,
    fqn,
    at: table.at() ?? { file: file.source.file, line: 1, column: 1 },
    ...describe(table, 'description'),
    config,
    ...writtenConfig(reading.cascade.written('sources', file.package, fqn), [{ ...NOTHING_LOADED, ...own }]),
    tags: textsOf(config.tags),
    meta: mappingOf(config.meta),
    columns: readColumns(table, describe),
    ...(override && { patch_path: `${override.file.package}://${override.file.source.path}` }),
    checksum: '',
    refs: [],
    sources: [],
    depends_on_macros: [],
    depends_on: [],
    source_name: entry.name,
    source_description: describe(source, 'description').description,
    ...unrenderedPlace(entry),
    ...(Object.keys(quoting).length > 0 && { quoting }),
    source_meta: { ...source.mapping('meta').values, ...mappingOf(sourceConfig.meta) },
    loader: source.string('loader') ?? '',
    relation: { ...place, ...(external !== undefined && { external }) },
    ...loadedAtOf(config),
    ...(freshness && { freshness }),
    ...(isMapping(table.raw('external')) && { external: table.mapping('external').values }),
    ...(load && { load }),
  };
  return { node, entry, reader: table, tags: [...textsOf(source.raw('tags')), ...textsOf(table.raw('tags'))] };
}

/** As the file has it. */
function unrenderedPlace({ file, reader }: Entry): Pick<SourceNode, 'unrendered_database' | 'unrendered_schema'> {
  let written: unknown = file.yaml.value;
  for (const step of reader.path)
    written = isMapping(written) || Array.isArray(written) ? (written as Record<string, unknown>)[step] : undefined;
  const { database, schema } = mappingOf(written);
  return {
    ...(typeof database === 'string' && { unrendered_database: database }),
    ...(typeof schema === 'string' && { unrendered_schema: schema }),
  };
}

const NOTHING_LOADED = { loaded_at_field: null, loaded_at_query: null };

function oneOfBoth(level: ConfigReader, saysField: boolean): void {
  if (!saysField || loadedAt(level, 'loaded_at_query') === undefined) return;
  level.problem(
    'config-value',
    "'loaded_at_field' and 'loaded_at_query' stand here for the same tables: one of them says when rows came",
    'Keep one of them.',
    ['loaded_at_query'],
  );
}

/** Those of the project file count, too. */
const loadedAtOf = ({
  loaded_at_field: field,
  loaded_at_query: query,
}: Config): Pick<SourceNode, 'loaded_at_field' | 'loaded_at_query'> => ({
  ...(typeof field === 'string' && { loaded_at_field: field }),
  ...(typeof query === 'string' && { loaded_at_query: query }),
});

function loadedAt(level: ConfigReader, key: string): string | undefined {
  const found = level.string(key) ?? mappingOf(level.raw('config'))[key];
  return found === undefined || found === null || found === '' ? undefined : String(found);
}

const PERIODS = ['minute', 'hour', 'day'] as const;

/**
 * null: turned off by `freshness: null`, which counts for what stands farther; undefined: nothing is said. Each threshold joins key
 * by key, and counts more under `config:`. What the project file says counts when both are silent.
 */
function freshnessOf(source: ConfigReader, table: ConfigReader, fromProject: unknown): FreshnessSpec | null | undefined {
  const own = [source, table]
    .flatMap((reader) => [reader.raw('freshness'), mappingOf(reader.raw('config')).freshness])
    .filter((level) => level !== undefined);
  const merged: Record<string, unknown> = {};
  let off = false;
  for (const level of own.length > 0 ? own : [fromProject]) {
    if (level === null) {
      off = true;
      for (const key of Object.keys(merged)) delete merged[key];
    } else if (isMapping(level)) {
      if (Object.keys(level).length > 0) off = false;
      // A threshold may be taken back, a filter only be exchanged.
      for (const [key, value] of Object.entries(level)) if (key !== 'filter' || value !== null) merged[key] = value;
    }
  }
  if (off) return null;
  const holder = isMapping(table.values.freshness) ? table.mapping('freshness') : source.mapping('freshness');
  const threshold = (key: 'warn_after' | 'error_after'): FreshnessSpec['warn_after'] => {
    const value = merged[key];
    if (!isMapping(value)) return undefined;
    const count = Number(value.count);
    const period = PERIODS.find((one) => one === value.period);
    if (value.count === undefined || !Number.isFinite(count) || period === undefined) {
      holder.problem(
        'config-value',
        `'${key}' needs a count and a period (minute, hour or day), and is ${JSON.stringify(value)}`,
        `For example:  ${key}: {count: 12, period: hour}`,
        [key],
      );
      return undefined;
    }
    return { count, period };
  };
  const warn = threshold('warn_after');
  const error = threshold('error_after');
  const filter = merged.filter;
  if (!warn && !error) return undefined;
  return { ...(warn && { warn_after: warn }), ...(error && { error_after: error }), ...(typeof filter === 'string' && { filter }) };
}
