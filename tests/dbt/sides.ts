// Runs the steps of a project on one engine: by the binary of dwh, or by dbt in a Python process of its own. Both answer with the
// same record: of each step its exit status and artifacts, and at the end every table and view with its columns, types and cells.
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { dwhArgs, type Engine, PROJECTS, type Step } from '../dbt-projects/steps.ts';
import { cli } from '../support/cli.ts';
import { tableOf } from '../support/duckdb.ts';
import { onServer, postgresTarget } from '../support/postgres.ts';
import { tempDir } from '../support/temp-dir.ts';

export type Json = Record<string, unknown>;
export const ARTIFACTS = ['manifest.json', 'run_results.json', 'sources.json', 'catalog.json'] as const;
export type Artifact = (typeof ARTIFACTS)[number];

export interface StepRecord {
  readonly args: readonly string[];
  readonly exit: number | null;
  /** What it said, where nothing ran. */
  readonly error: string;
  readonly artifacts: Readonly<Partial<Record<Artifact, Json>>>;
}

export interface Table {
  /** Name and type. */
  readonly columns: readonly (readonly (string | null)[])[];
  /** In an order of their own. */
  readonly rows: readonly (readonly (string | null)[])[];
}

export interface Recorded {
  readonly steps: readonly StepRecord[];
  /** By schema, name and kind. */
  readonly tables: Readonly<Record<string, Table>>;
}

const projects = fileURLToPath(new URL('../dbt-projects', import.meta.url));
const FILE = 'warehouse.duckdb';

const RELATIONS = `select table_schema, table_name, table_type from information_schema.tables
  where table_schema not in ('information_schema', 'pg_catalog') order by 1, 2`;
const COLUMNS = {
  duckdb: `select column_name, data_type from duckdb_columns()
    where schema_name = '$schema' and table_name = '$name' and not internal order by column_index`,
  postgres: `select attname, format_type(atttypid, atttypmod) from pg_attribute
    where attrelid = '"$schema"."$name"'::regclass and attnum > 0 and not attisdropped order by attnum`,
};

/** A copy of the project, with the profiles of all, that is one side's alone. */
function copy(name: string): string {
  const folder = join(tempDir(`dbt-${name}`), name);
  cpSync(join(projects, name), folder, { recursive: true });
  cpSync(join(projects, 'profiles.yml'), join(folder, 'profiles.yml'));
  return folder;
}

async function place(engine: Engine, folder: string): Promise<{ readonly env: Record<string, string>; readonly database: string }> {
  if (engine === 'duckdb') return { env: { COMPARE_ENGINE: engine, COMPARE_FILE: join(folder, FILE) }, database: FILE };
  const { host, port, user, password, dbname } = await postgresTarget();
  // Both sides see one name: it stands in every artifact.
  const text = { COMPARE_HOST: host, COMPARE_PORT: String(port), COMPARE_USER: user, COMPARE_PASSWORD: password, COMPARE_DATABASE: dbname };
  return { env: { COMPARE_ENGINE: engine, ...text }, database: dbname };
}

type Ask = (sql: string) => Promise<readonly (readonly (string | null)[])[]>;

async function tablesBy(engine: Engine, ask: Ask): Promise<Readonly<Record<string, Table>>> {
  const tables: Record<string, Table> = {};
  for (const [schema = '', name = '', kind] of (await ask(RELATIONS)) as readonly (readonly string[])[]) {
    const columns = await ask(COLUMNS[engine].replaceAll('$schema', schema).replaceAll('$name', name));
    const texts = columns.map(([column]) => `cast("${column}" as varchar)`).join(', ');
    tables[`${schema}.${name} (${kind})`] = { columns, rows: await ask(`select ${texts} from "${schema}"."${name}"`) };
  }
  return tables;
}

const inPostgres = (database: string): Promise<Readonly<Record<string, Table>>> =>
  onServer(database, (client) =>
    tablesBy(
      'postgres',
      async (sql) => (await client.query({ text: sql, rowMode: 'array' })).rows as readonly (readonly (string | null)[])[],
    ),
  );

/** Without the words that only this side has: its folder and its database. */
function readArtifacts(folder: string, words: Readonly<Record<string, string>>): StepRecord['artifacts'] {
  const read = (name: string): Json => {
    const text = readFileSync(join(folder, name), 'utf8');
    return JSON.parse(Object.entries(words).reduce((all, [word, general]) => all.replaceAll(word, general), text));
  };
  return Object.fromEntries(ARTIFACTS.filter((name) => existsSync(join(folder, name))).map((name) => [name, read(name)]));
}

const ownWords = (folder: string, engine: Engine, database: string): Readonly<Record<string, string>> => ({
  [folder]: '/project',
  ...(engine === 'postgres' && { [database]: 'compare' }),
});

export async function byDwh(project: string, engine: Engine): Promise<Recorded> {
  const folder = copy(project);
  const { env, database } = await place(engine, folder);
  const steps: StepRecord[] = [];
  for (const step of stepsOf(project)) {
    for (const change of step.changes) cpSync(join(folder, change), folder, { recursive: true });
    for (const name of ARTIFACTS) rmSync(join(folder, 'target', name), { force: true });
    const { code, stdout, stderr } = await cli(dwhArgs(step), { cwd: folder, env });
    steps.push({
      args: step.args,
      exit: code,
      error: code === 2 || code === 3 ? stdout + stderr : '',
      artifacts: readArtifacts(join(folder, 'target'), ownWords(folder, engine, database)),
    });
  }
  const tables = engine === 'postgres' ? await inPostgres(database) : await tablesBy(engine, (sql) => tableOf(join(folder, FILE), sql));
  return { steps, tables };
}

const program = fileURLToPath(new URL('../../scripts/steps_by_dbt.py', import.meta.url));

export async function byDbt(python: string, project: string, engine: Engine): Promise<Recorded> {
  const folder = copy(project);
  const { env, database } = await place(engine, folder);
  const out = join(dirname(folder), 'out');
  mkdirSync(out);
  const steps = stepsOf(project);
  const plan = join(out, 'plan.json');
  const file = engine === 'duckdb' ? join(folder, FILE) : '';
  writeFileSync(plan, JSON.stringify({ project: folder, out, file, steps, relations: RELATIONS, columns: COLUMNS.duckdb }));
  await promisify(execFile)(python, [program, plan], {
    cwd: folder,
    env: { ...process.env, ...env, DBT_SEND_ANONYMOUS_USAGE_STATS: 'false' },
    maxBuffer: 100_000_000,
  });
  const read = (path: string): Json => JSON.parse(readFileSync(join(out, path), 'utf8'));
  return {
    steps: steps.map(({ args }, number) => {
      const { exit, error } = read(`${number}/exit.json`) as { exit: number; error: string };
      return { args, exit, error, artifacts: readArtifacts(join(out, String(number)), ownWords(folder, engine, database)) };
    }),
    tables: engine === 'postgres' ? await inPostgres(database) : (read('tables.json') as Record<string, Table>),
  };
}

function stepsOf(project: string): readonly Step[] {
  const steps = PROJECTS[project];
  if (!steps) throw new Error(`there is no project ${project}: ${Object.keys(PROJECTS).join(', ')}`);
  return steps;
}
