// A profile's duckdb target to what opening needs. The keys are dbt-duckdb's; those that need Python or a service are
// refused with the way round. https://docs.getdbt.com/docs/core/connect-data-platform/duckdb-setup
import { basename, isAbsolute, join } from 'node:path';
import { ConfigReader, isMapping } from '../../core/config-reader.ts';
import type { Location } from '../../core/location.ts';
import { throwIfAny } from '../../core/problem.ts';
import type { Credentials } from '../adapter.ts';
import { quote } from '../sql.ts';
import { literal } from './literal.ts';
import { readSecrets, type Secret } from './secrets.ts';

export const MEMORY = ':memory:';
/** dbt's default is 1; the engine keeps statements in flight below what DuckDB and Node can bear. */
const DEFAULT_THREADS = 4;

export interface Setting {
  readonly name: string;
  readonly value: string | number | boolean;
  readonly at?: Location;
}

export interface Extension {
  readonly name: string;
  /** Where it is installed from; undefined: from DuckDB's own server. */
  readonly repo: string | undefined;
}

export interface Attachment {
  /** Absolute, or a URL, or ':memory:'. */
  readonly path: string;
  readonly alias: string | undefined;
  readonly type: string | undefined;
  readonly readOnly: boolean;
  /** Of `attach`, as SQL. */
  readonly options: readonly string[];
  readonly at?: Location;
}

/** A type, not an interface, so that it is a record. */
export type DuckdbSettings = {
  /** Absolute, or ':memory:'. */
  readonly path: string;
  /** As the profile has it, for messages. */
  readonly shownPath: string;
  /** Of the project: where relative names of files in SQL are looked for. */
  readonly folder: string;
  readonly database: string;
  readonly schema: string;
  readonly configOptions: readonly Setting[];
  readonly settings: readonly Setting[];
  readonly extensions: readonly Extension[];
  readonly secrets: readonly Secret[];
  readonly attachments: readonly Attachment[];
  /** Where the ledger of loads is; the engine asks for it under this name on every warehouse. */
  readonly state_schema: string | undefined;
};

/** What `duckdbCredentials` put there. */
export const duckdbSettings = (credentials: Credentials): DuckdbSettings => credentials.settings as DuckdbSettings;

const UNSUPPORTED: Readonly<Record<string, string>> = {
  plugins: 'Plugins are Python code: load what they read with a source that has load:, and remove the key.',
  filesystems: 'These are Python code: load the files with a source that has load:, and remove the key.',
  remote: 'A remote Buena Vista server cannot be used: name a file with path.',
  is_ducklake: 'DuckLake needs an extension that is not part of dwh: name a DuckDB file with path.',
};

/** DuckDB's own name for a database file: without dots before it, up to the first dot, and never one of its own names. */
export function databaseName(path: string): string {
  if (path === MEMORY) return 'memory';
  const [stem = ''] = basename(path).replace(/^\.+/, '').split(/[.?]/);
  return ['main', 'temp', 'system'].includes(stem) ? `${stem}_db` : stem;
}

export function duckdbCredentials(profile: ConfigReader, projectDir: string): Credentials {
  const absolute = (path: string): string =>
    path === MEMORY || isAbsolute(path) || /^[a-z][a-z0-9+.-]+:/i.test(path) ? path : join(projectDir, path);
  const shownPath = profile.string('path') ?? 'dwh.duckdb';
  const path = absolute(shownPath);
  if (/^(md|motherduck):/i.test(shownPath)) {
    profile.problem('config-value', 'a database on MotherDuck cannot be opened', "Name a file: path: 'dwh.duckdb'", ['path']);
  } else if (path !== MEMORY && /^[a-z][a-z0-9+.-]+:/i.test(path) && !isAbsolute(path)) {
    profile.problem('config-value', `'path' is '${shownPath}', and should be a file or ':memory:'`, "Name a file: path: 'dwh.duckdb'", [
      'path',
    ]);
  }
  const attachments = profile.mappings('attach').map((entry) => attachment(entry, absolute));
  const database = databaseOf(profile, path, attachments);
  const schema = profile.string('schema') ?? 'main';
  const threads = profile.whole('threads', 1) ?? DEFAULT_THREADS;
  for (const [key, way] of Object.entries(UNSUPPORTED)) {
    if (profile.has(key) && profile.raw(key) !== false)
      profile.problem('config-unsupported', `'${key}' is not supported on DuckDB`, way, [key]);
  }
  const settings = settingsOf(profile.mapping('settings'), absolute);
  const configOptions = settingsOf(profile.mapping('config_options'), absolute);
  const found: DuckdbSettings = {
    path,
    shownPath,
    folder: projectDir,
    database,
    schema,
    configOptions,
    settings,
    extensions: extensionsOf(profile),
    secrets: readSecrets(profile),
    attachments,
    state_schema: profile.string('state_schema'),
  };
  const externalRoot = profile.string('external_root');
  profile.reportUnread(['type', 'module_paths', 'disable_transactions', 'keep_open', 'retries'], 'a duckdb target');
  throwIfAny(profile.source.problems);
  return {
    type: 'duckdb',
    database,
    schema,
    threads,
    shown: { path: shownPath, ...(externalRoot !== undefined && { external_root: externalRoot }) },
    files: { project: projectDir, root: absolute(externalRoot ?? '.') },
    settings: found,
  };
}

function databaseOf(profile: ConfigReader, path: string, attachments: readonly Attachment[]): string {
  const own = databaseName(path);
  const written = profile.string('database');
  if (written === undefined || written.toLowerCase() === own.toLowerCase()) return own;
  const attached = attachments.find((one) => (one.alias ?? databaseName(one.path)).toLowerCase() === written.toLowerCase());
  if (!attached) {
    profile.problem(
      'config-value',
      `'database' is '${written}', and the database of this path is '${own}'`,
      `Remove 'database', or name it '${own}' or an alias of 'attach'.`,
      ['database'],
    );
  }
  return written;
}

function attachment(entry: ConfigReader, absolute: (path: string) => string): Attachment {
  const path = absolute(entry.requiredString('path'));
  const type = entry.string('type')?.toLowerCase();
  const at = entry.at();
  const found: Attachment = {
    path,
    alias: entry.string('alias'),
    type: type === 'duckdb' ? undefined : type,
    readOnly: entry.boolean('read_only') ?? false,
    options: attachOptions(entry),
    ...(at && { at }),
  };
  if (entry.has('is_ducklake') && entry.raw('is_ducklake') !== false)
    entry.problem('config-unsupported', "'is_ducklake' of 'attach' is not supported", 'Remove it, and attach a DuckDB file.', [
      'is_ducklake',
    ]);
  entry.reportUnread([], "'attach'");
  return found;
}

/** https://duckdb.org/docs/stable/sql/statements/attach#attach-options */
function attachOptions(entry: ConfigReader): readonly string[] {
  const secret = entry.string('secret');
  const options = entry.mapping('options');
  return [
    ...(secret === undefined ? [] : [`secret ${quote(secret)}`]),
    ...options.keys().flatMap((name) => {
      const value = options.raw(name);
      if (!/^\w+$/.test(name)) options.problem('config-value', `'${name}' is no option of 'attach'`, undefined, [name]);
      if (value === false || value === null || value === undefined) return [];
      return [value === true ? name : `${name} ${typeof value === 'number' ? value : literal(String(value))}`];
    }),
  ];
}

/** Texts, or mappings that name a repository. */
function extensionsOf(profile: ConfigReader): readonly Extension[] {
  const written = profile.raw('extensions');
  if (!Array.isArray(written) || !written.some(isMapping)) return profile.strings('extensions').map((name) => ({ name, repo: undefined }));
  return written.map((one: unknown, index) => {
    if (typeof one === 'string') return { name: one, repo: undefined };
    const entry = new ConfigReader(isMapping(one) ? one : {}, profile.source, [...profile.path, 'extensions', index]);
    const found = { name: entry.requiredString('name'), repo: entry.string('repo') };
    entry.reportUnread([], "'extensions'");
    return found;
  });
}

/** Folders among the settings are relative to the project, like all paths of a profile. */
function settingsOf(config: ConfigReader, absolute: (path: string) => string): readonly Setting[] {
  return config.keys().flatMap((name) => {
    const value = config.raw(name);
    if (value === null || value === undefined) return [];
    if (!/^\w+$/.test(name) || (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')) {
      config.problem('config-kind', `'${name}' should be the name of a DuckDB setting with a text, a number or true or false`, undefined, [
        name,
      ]);
      return [];
    }
    const at = config.at(name);
    return [{ name, value: typeof value === 'string' && /_directory$/.test(name) ? absolute(value) : value, ...(at && { at }) }];
  });
}
