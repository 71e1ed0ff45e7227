// Opening a DuckDB database: one instance per file and process, its settings, extensions and attached databases. The only
// way to the native driver, with duckdb-connection.ts and duckdb-values.ts.
import { realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { DwhError, type Problem } from '../../core/problem.ts';
import type { Connection, Warehouse } from '../adapter.ts';
import { DuckdbConnection } from './connection.ts';
import { type Attachment, type DuckdbSettings, databaseName, type Extension, MEMORY, type Setting } from './credentials.ts';
import { duckdbDialect as dialect } from './dialect.ts';
import { duckdbReport, openError } from './errors.ts';
import type { Secret } from './secrets.ts';

export async function openDuckdb(settings: DuckdbSettings, maxConcurrency: number): Promise<Warehouse> {
  const instance = await openInstance(settings);
  try {
    return warehouse(instance, settings, await prepared(instance, settings), maxConcurrency);
  } catch (error) {
    instance.closeSync();
    throw error;
  }
}

/** The same file by another name would be a second instance, which does not see the first one's tables. */
function realFile(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    try {
      return join(realpathSync(dirname(path)), basename(path));
    } catch {
      return path;
    }
  }
}

/** Two instances of one file in one process corrupt it, so files come from the driver's own cache. */
async function openInstance({ path, shownPath, configOptions }: DuckdbSettings): Promise<DuckDBInstance> {
  const options = Object.fromEntries(configOptions.map(({ name, value }) => [name, String(value)]));
  try {
    return path === MEMORY ? await DuckDBInstance.create(path, options) : await DuckDBInstance.fromCache(realFile(path), options);
  } catch (error) {
    throw openError(error, path, shownPath);
  }
}

/** A connection that stays open keeps the instance half alive, and the driver waits for its end, busily, when the file is opened again. */
async function prepared(instance: DuckDBInstance, settings: DuckdbSettings): Promise<readonly string[]> {
  const connection = await instance.connect();
  try {
    return await prepare(connection, settings);
  } finally {
    connection.closeSync();
  }
}

/** What holds for the whole instance. Returns the settings that DuckDB wants on each connection. */
async function prepare(connection: DuckDBConnection, settings: DuckdbSettings): Promise<readonly string[]> {
  // Every statement's error with its place, and the same result wherever it runs.
  await connection.run("set global errors_as_json = true; set global TimeZone = 'UTC'");
  // Of several folders, which a comma would make of it, or of a pattern, nothing would be found any more.
  if (!/[,*?[\]{}]/.test(settings.folder)) await connection.run(`set global file_search_path = ${dialect.literal(settings.folder)}`);
  for (const extension of settings.extensions) await loadExtension(connection, extension);
  for (const secret of settings.secrets) await makeSecret(connection, secret);
  const perConnection: string[] = [];
  for (const setting of settings.settings) {
    if (await applySetting(connection, setting)) perConnection.push(settingSql(setting, 'session'));
  }
  for (const attachment of settings.attachments) await attach(connection, attachment, settings);
  return perConnection;
}

const settingSql = ({ name, value }: Setting, scope: 'global' | 'session'): string =>
  `set ${scope} ${name} = ${typeof value === 'string' ? dialect.literal(value) : value}`;

/** True: it has to be set on each connection. */
async function applySetting(connection: DuckDBConnection, setting: Setting): Promise<boolean> {
  try {
    await connection.run(settingSql(setting, 'global'));
    return false;
  } catch (error) {
    const report = duckdbReport(error, '');
    if (/cannot be set globally/i.test(report.message)) return true;
    const [message = ''] = report.message.split('\n');
    throw refused(
      {
        code: 'config-value',
        message: `DuckDB does not take the setting '${setting.name}' as ${JSON.stringify(setting.value)}: ${message}`,
        ...(setting.at && { at: setting.at }),
      },
      error,
    );
  }
}

/** Built in, installed earlier, or fetched from DuckDB's own server when there is a network. */
async function loadExtension(connection: DuckDBConnection, { name, repo }: Extension): Promise<void> {
  const quoted = dialect.quote(name);
  try {
    await connection.run(`load ${quoted}`);
  } catch {
    try {
      await connection.run(`install ${quoted}${repo === undefined ? '' : ` from ${origin(repo)}`}; load ${quoted}`);
    } catch (error) {
      const [message = ''] = duckdbReport(error, '').message.split('\n');
      throw refused(
        {
          code: 'extension-missing',
          message: `the DuckDB extension '${name}' is not built in, and cannot be installed: ${message}`,
          hint: "Remove it from 'extensions' (json, parquet and icu are always there), or install it where there is a network.",
        },
        error,
      );
    }
  }
}

/** A repository's name, or its address. */
const origin = (repo: string): string => (/^\w+$/.test(repo) ? repo : dialect.literal(repo));

async function makeSecret(connection: DuckDBConnection, { name, sql, at }: Secret): Promise<void> {
  try {
    await connection.run(sql);
  } catch (error) {
    const [message = ''] = duckdbReport(error, '').message.split('\n');
    throw refused(
      {
        code: 'config-value',
        message: `DuckDB does not take the secret '${name}': ${message}`,
        ...(at && { at }),
        hint: "Most types need an extension: name it under 'extensions' (httpfs has s3, gcs and r2; aws has credential_chain; azure).",
      },
      error,
    );
  }
}

async function attach(
  connection: DuckDBConnection,
  { path, alias, type, readOnly, options: own, at }: Attachment,
  settings: DuckdbSettings,
): Promise<void> {
  const name = alias ?? databaseName(path);
  const isFile = path !== MEMORY && !/^[a-z][a-z0-9+.-]+:/i.test(path);
  const options = [...(type === undefined ? [] : [`type ${dialect.quote(type)}`]), ...(readOnly ? ['read_only'] : []), ...own];
  try {
    await connection.run(
      `attach if not exists ${dialect.literal(isFile ? realFile(path) : path)} as ${dialect.quote(name)}${options.length > 0 ? ` (${options.join(', ')})` : ''}`,
    );
  } catch (error) {
    const opened = openError(error, path, path);
    const [problem] = opened.problems;
    throw refused({ ...problem, message: `attaching '${name}' to ${settings.shownPath}: ${problem.message}`, ...(at && { at }) }, error);
  }
}

const refused = (problem: Problem, cause: unknown): DwhError => new DwhError([problem], { cause });

function warehouse(
  instance: DuckDBInstance,
  { path, database, schema }: DuckdbSettings,
  perConnection: readonly string[],
  maxConcurrency: number,
): Warehouse {
  const connections = new Set<Connection>();
  // Unqualified names are looked up in `main` anyway.
  const isDefault = schema.toLowerCase() === dialect.defaultSchema && database.toLowerCase() === databaseName(path).toLowerCase();
  const useSchema = isDefault ? undefined : `use ${dialect.quote(database)}.${dialect.quote(schema)}`;
  return {
    maxConcurrency,
    async connect() {
      const driver = await instance.connect();
      for (const sql of perConnection) await driver.run(sql);
      const connection = new DuckdbConnection(driver, { useSchema, closed: (one) => connections.delete(one) });
      connections.add(connection);
      return connection;
    },
    async close() {
      for (const connection of [...connections]) await connection.close();
      instance.closeSync();
    },
  };
}
