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
  /** What it has beside its rows, by kind and in order: its comment, and on Postgres rights, indexes and constraints. */
  readonly marks: readonly (readonly (string | null)[])[];
  /** Name, type and comment. */
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

/** What is asked of a warehouse: its relations, and of each its columns and marks. */
const QUERIES: Readonly<Record<Engine, Readonly<Record<'relations' | 'columns' | 'marks', string>>>> = {
  duckdb: {
    relations: `select table_schema, table_name, table_type from information_schema.tables order by 1, 2`,
    columns: `select column_name, data_type, comment from duckdb_columns()
      where schema_name = '$schema' and table_name = '$name' and not internal order by column_index`,
    marks: `select 'comment', comment from (
        select schema_name, table_name as name, comment from duckdb_tables() union all
        select schema_name, view_name, comment from duckdb_views()
      ) where schema_name = '$schema' and name = '$name' and comment is not null`,
  },
  postgres: {
    relations: `select nspname, relname, case relkind when 'r' then 'BASE TABLE' when 'v' then 'VIEW' else 'MATERIALIZED VIEW' end
      from pg_class join pg_namespace on pg_namespace.oid = relnamespace
      where relkind in ('r', 'v', 'm') and nspname not in ('information_schema', 'pg_catalog', 'pg_toast') order by 1, 2`,
    columns: `select attname, format_type(atttypid, atttypmod), col_description(attrelid, attnum) from pg_attribute
      where attrelid = '"$schema"."$name"'::regclass and attnum > 0 and not attisdropped order by attnum`,
    // Indexes and constraints without their names, which are made of the moment.
    marks: `select * from (
        select 'comment' as kind, obj_description('"$schema"."$name"'::regclass) as mark union all
        select 'grant', privilege_type || ' to ' || coalesce(nullif(grantee, 0)::regrole::text, 'public')
          from pg_class, aclexplode(relacl) where pg_class.oid = '"$schema"."$name"'::regclass and grantee <> relowner union all
        select 'index', regexp_replace(pg_get_indexdef(indexrelid), 'INDEX .* USING', 'INDEX USING')
          from pg_index where indrelid = '"$schema"."$name"'::regclass union all
        select 'constraint', pg_get_constraintdef(oid) from pg_constraint where conrelid = '"$schema"."$name"'::regclass
      ) as marks where mark is not null order by 1, 2`,
  },
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
  const queries = QUERIES[engine];
  const tables: Record<string, Table> = {};
  for (const [schema = '', name = '', kind] of (await ask(queries.relations)) as readonly (readonly string[])[]) {
    const of = (query: string): string => query.replaceAll('$schema', schema).replaceAll('$name', name);
    const columns = await ask(of(queries.columns));
    const texts = columns.map(([column]) => `cast("${column}" as varchar)`).join(', ');
    const marks = await ask(of(queries.marks));
    tables[`${schema}.${name} (${kind})`] = { marks, columns, rows: await ask(`select ${texts} from "${schema}"."${name}"`) };
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
    // What a step wrote is its own; a retry goes on with the one before.
    if (step.args[0] !== 'retry') for (const name of ARTIFACTS) rmSync(join(folder, 'target', name), { force: true });
    const { code, stdout, stderr } = await cli(dwhArgs(step), { cwd: folder, env });
    steps.push({
      args: step.args,
      exit: code,
      error: code === 2 || code === 3 ? stdout + stderr : '',
      artifacts: readArtifacts(join(folder, 'target'), ownWords(folder, engine, database)),
    });
    if (step.keep && existsSync(join(folder, 'target'))) cpSync(join(folder, 'target'), join(folder, step.keep), { recursive: true });
  }
  const tables = engine === 'postgres' ? await inPostgres(database) : await tablesBy(engine, (sql) => tableOf(join(folder, FILE), sql));
  return { steps, tables };
}

const program = fileURLToPath(new URL('../../scripts/steps_by_dbt.py', import.meta.url));

/** All of `projects` in one call: dbt takes seconds to start. */
export async function byDbt(python: string, engine: Engine, projects: readonly string[]): Promise<readonly Recorded[]> {
  const sides = await Promise.all(
    projects.map(async (project) => {
      const folder = copy(project);
      const out = join(dirname(folder), 'out');
      mkdirSync(out);
      return { folder, out, steps: stepsOf(project), ...(await place(engine, folder)) };
    }),
  );
  const plans = sides.map(({ folder, out, steps, env }) => {
    const file = engine === 'duckdb' ? join(folder, FILE) : '';
    return { project: folder, out, env, file, steps, queries: QUERIES[engine] };
  });
  const plan = join(tempDir('dbt'), 'plans.json');
  writeFileSync(plan, JSON.stringify(plans));
  await promisify(execFile)(python, [program, plan], {
    cwd: dirname(plan),
    env: { ...process.env, DBT_SEND_ANONYMOUS_USAGE_STATS: 'false' },
    maxBuffer: 100_000_000,
  });
  const recorded: Recorded[] = [];
  for (const { folder, out, steps, database } of sides) {
    const read = (path: string): Json => JSON.parse(readFileSync(join(out, path), 'utf8'));
    recorded.push({
      steps: steps.map(({ args }, number) => {
        const { exit, error } = read(`${number}/exit.json`) as { exit: number; error: string };
        return { args, exit, error, artifacts: readArtifacts(join(out, String(number)), ownWords(folder, engine, database)) };
      }),
      tables: engine === 'postgres' ? await inPostgres(database) : (read('tables.json') as Record<string, Table>),
    });
  }
  return recorded;
}

function stepsOf(project: string): readonly Step[] {
  const steps = PROJECTS[project];
  if (!steps) throw new Error(`there is no project ${project}: ${Object.keys(PROJECTS).join(', ')}`);
  return steps;
}
