// Versions of a model: one entry with `versions:` becomes an entry for each of them, which says what the model says with the
// version's own words in place of it. A version is a file: name_v2.sql, name.v2.sql, or what `defined_in` names; the latest
// may be name.sql. https://docs.getdbt.com/docs/mesh/govern/model-versions
import { type ConfigPath, ConfigReader, isMapping } from '../core/config-reader.ts';
import { nearestName } from '../core/nearest.ts';
import { laterVersion, type ModelVersion } from '../core/versions.ts';
import { mappingOf } from './columns.ts';
import type { Entry } from './properties.ts';
import type { YamlText } from './yaml.ts';

const KEYS = [
  ...['v', 'defined_in', 'description', 'access', 'config', 'constraints', 'docs', 'data_tests', 'tests', 'columns'],
  'deprecation_date',
];
/** Of the model's own entry, what a version has from it only. */
const NOT_OF_A_VERSION = ['versions', 'latest_version', 'deprecation_date'];

interface Listed {
  readonly v: ModelVersion;
  readonly reader: ConfigReader;
}

export const hasVersions = ({ kind, reader }: Entry): boolean => {
  const { versions, latest_version } = reader.values;
  return (
    kind === 'models' &&
    ((Array.isArray(versions) ? versions.length > 0 : reader.has('versions')) || (latest_version ?? undefined) !== undefined)
  );
};

/** `files`: names of the model files of the entry's package, without their ending. */
export function versionEntries(entry: Entry, files: ReadonlySet<string>): readonly Entry[] {
  const { reader, name } = entry;
  const listed = listedVersions(entry);
  const values = listed.map(({ v }) => v);
  const greatest = values.reduce<ModelVersion | undefined>((best, v) => (best === undefined ? v : laterVersion(best, v)), undefined);
  const given = reader.has('latest_version') ? versionAt(entry, reader, 'latest_version') : undefined;
  if (given !== undefined && !values.some((v) => String(v) === String(given))) {
    reader.problem(
      'version-not-found',
      `'latest_version' is ${given}, and the versions of '${name}' are: ${values.join(', ') || 'none'}`,
      'Name one of them, or leave it out: the greatest is the latest then.',
      ['latest_version'],
    );
  }
  const latest = given ?? greatest;
  return listed.flatMap(({ v, reader: own }): Entry[] => {
    const definedIn = own.string('defined_in');
    const names =
      definedIn !== undefined ? [definedIn.replace(/\.sql$/, '')] : [`${name}_v${v}`, `${name}.v${v}`, ...(v === latest ? [name] : [])];
    const stem = names.find((one) => files.has(one));
    if (latest === undefined) return [];
    if (stem === undefined) {
      const near = nearestName(names[0] ?? name, files);
      own.problem(
        'version-without-file',
        `version ${v} of '${name}' has no file: there is no ${names.map((one) => `${one}.sql`).join(', nor ')}`,
        near ? `Add the file, or name the one that it is in:  defined_in: ${near}` : 'Add the file, or take the version out.',
        [],
        'warning',
      );
      return [];
    }
    return [composed(entry, own, { v, latest, stem })];
  });
}

function listedVersions(entry: Entry): readonly Listed[] {
  const seen = new Map<string, ConfigReader>();
  return entry.reader.mappings('versions').flatMap((reader): Listed[] => {
    const v = versionAt(entry, reader, 'v');
    if (v === undefined) {
      if (!reader.has('v'))
        reader.problem('config-missing', `this version of '${entry.name}' has no 'v'`, 'Begin it with its number:  - v: 1', []);
      return [];
    }
    reader.reportUnread(KEYS, 'a version');
    const before = seen.get(String(v));
    if (before) {
      const at = before.at('v');
      reader.problem(
        'version-twice',
        `version ${v} of '${entry.name}' is listed twice: first on line ${at?.line}`,
        'Give one of them another number, or take it out.',
        ['v'],
      );
      return [];
    }
    seen.set(String(v), reader);
    return [{ v, reader }];
  });
}

/** A number or a text; 1.0 is not 1, as in dbt. */
function versionAt({ file }: Entry, reader: ConfigReader, key: string): ModelVersion | undefined {
  const value = reader.raw(key);
  if (typeof value === 'number') {
    const isWhole = file.floats && Number.isInteger(value) && /\.0*$/.test(file.yaml.written([...reader.path, key]) ?? '');
    return isWhole ? `${value}.0` : value;
  }
  return reader.string(key);
}

/** What the version says, else what the model says; each value is found where it stands. */
function composed(entry: Entry, own: ConfigReader, version: NonNullable<Entry['version']>): Entry {
  const { reader, file, name } = entry;
  const base = reader.values;
  const has = (key: string): boolean => (Array.isArray(own.values[key]) ? (own.values[key] as []).length > 0 : own.has(key));
  const tests = own.values.data_tests ?? own.values.tests;
  const fromVersion = (key: string): boolean =>
    key === 'tests' || key === 'data_tests' ? tests !== undefined : key === 'deprecation_date' || has(key);
  const columns = columnsOf(reader, own);
  const values: Record<string, unknown> = { ...base };
  for (const key of NOT_OF_A_VERSION) delete values[key];
  for (const key of ['description', 'access', 'constraints', 'docs', 'deprecation_date']) if (has(key)) values[key] = own.values[key];
  if (tests !== undefined) {
    delete values.tests;
    delete values.data_tests;
    values[own.values.data_tests === undefined ? 'tests' : 'data_tests'] = tests;
  }
  const config = mappingOf(own.values.config);
  if (own.has('config')) values.config = merged(mappingOf(base.config), config);
  // A config of the version is nearer than what stands beside the model's `config:`.
  for (const key of ['meta', 'group', 'contract', 'access', 'docs']) if (config[key] !== undefined) delete values[key];
  if (columns.length > 0) values.columns = columns.map(({ value }) => value);
  else delete values.columns;

  const placeOf = ([section, index, key, next, ...rest]: ConfigPath): ConfigPath => {
    const top = [section ?? '', index ?? 0];
    if (key === undefined) return own.path;
    if (key === 'columns' && typeof next === 'number') return [...(columns[next]?.path ?? own.path), ...rest];
    const below = next === undefined ? [key] : [key, next, ...rest];
    if (key === 'config') return [...(typeof next === 'string' && Object.hasOwn(config, next) ? own.path : top), ...below];
    return [...(fromVersion(String(key)) ? own.path : top), ...below];
  };
  const yaml: YamlText = {
    value: file.yaml.value,
    locate: (path) => file.yaml.locate(placeOf(path)),
    locateValue: (path) => file.yaml.locateValue(placeOf(path)),
    written: (path) => file.yaml.written(placeOf(path)),
  };
  return {
    ...entry,
    name,
    file: { ...file, yaml },
    reader: new ConfigReader(values, { locate: yaml.locate, problems: reader.source.problems }, reader.path),
    version,
  };
}

interface Column {
  readonly value: unknown;
  readonly path: ConfigPath;
}

/** Those of the model that the version includes, then its own. */
function columnsOf(base: ConfigReader, own: ConfigReader): readonly Column[] {
  const inBase = listOf(base, 'columns');
  const inOwn = listOf(own, 'columns');
  const isRule = ({ value }: Column): boolean => isMapping(value) && ('include' in value || 'exclude' in value);
  const [rule, second] = inOwn.filter(isRule);
  if (second) {
    const below = second.path.slice(own.path.length);
    own.problem('config-value', "a version has one entry with 'include' and 'exclude'", 'Put both into one.', below);
  }
  const { include = 'all', exclude } = mappingOf(rule?.value);
  const all = include === 'all' || include === '*';
  const named = namesOf(include);
  const without = namesOf(exclude);
  if (rule && !all && without.length > 0) {
    const below = [...rule.path.slice(own.path.length), 'exclude'];
    own.problem('config-value', "'exclude' takes columns out of all of them, and 'include' names some", 'Take one of them out.', below);
  }
  const known = inBase.map(({ value }) => String(mappingOf(value).name));
  for (const name of [...(all ? [] : named), ...without]) {
    if (known.includes(name) || !rule) continue;
    const near = nearestName(name, known);
    own.problem(
      'config-value',
      `'${name}' is not a column of the model, and cannot be included or excluded`,
      near ? `Did you mean '${near}'?` : `Its columns are: ${known.join(', ')}`,
      rule.path.slice(own.path.length),
      'warning',
    );
  }
  const included = inBase.filter(({ value }) => {
    const name = String(mappingOf(value).name);
    return (all || named.includes(name)) && !without.includes(name);
  });
  return [...included, ...inOwn.filter((column) => !isRule(column))];
}

const listOf = (reader: ConfigReader, key: string): readonly Column[] => {
  const list = reader.raw(key);
  return Array.isArray(list) ? list.map((value: unknown, index) => ({ value, path: [...reader.path, key, index] })) : [];
};

const namesOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.map(String) : typeof value === 'string' ? [value] : [];

/** Mappings within mappings, too. */
function merged(farther: Readonly<Record<string, unknown>>, nearer: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const both: Record<string, unknown> = { ...farther };
  for (const [key, value] of Object.entries(nearer)) {
    const before = both[key];
    both[key] = isMapping(before) && isMapping(value) ? merged(before, value) : value;
  }
  return both;
}
