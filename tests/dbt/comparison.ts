// Projects on engines by both sides, one engine beside the other; what differs, sorted by the list of what is known.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ENGINES, type Engine, PROJECTS } from '../dbt-projects/steps.ts';
import { type Difference, differences, withoutNow } from './compare.ts';
import { KNOWN, type Known } from './known-differences.ts';
import { byDbt, byDwh, type Json, type Recorded } from './sides.ts';

export interface Compared {
  readonly project: string;
  readonly engine: Engine;
  readonly dbt: Recorded;
  readonly differences: readonly Difference[];
}

export interface Asked {
  readonly engines: readonly Engine[];
  readonly projects: readonly string[];
  readonly record: boolean;
}

export async function compareAll(python: string, { engines, projects, record }: Asked): Promise<readonly Compared[]> {
  const onEngine = async (engine: Engine): Promise<readonly Compared[]> => {
    const theirs = await byDbt(python, engine, projects);
    const compared: Compared[] = [];
    for (const [index, project] of projects.entries()) {
      const dbt = theirs[index];
      if (!dbt) throw new Error(`dbt did not answer for ${project}`);
      if (record) writeFileSync(fixtureFile(project, engine), fixtureText(dbt));
      compared.push({ project, engine, dbt, differences: differences(project, engine, dbt, await byDwh(project, engine)) });
    }
    return compared;
  };
  return (await Promise.all(engines.map(onEngine))).flat();
}

export const knownBy = (difference: Difference): Known | undefined =>
  KNOWN.find(
    ({ path, engine, only }) =>
      path.test(difference.path) && (engine ?? difference.engine) === difference.engine && (only?.(difference) ?? true),
  );

export interface Report {
  readonly text: string;
  readonly failed: boolean;
}

const short = (value: unknown): string => {
  const text = value === undefined ? 'absent' : typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
};

/** `all`: the known ones too. */
export function report(compared: readonly Compared[], all = false): Report {
  const lines: string[] = [];
  const used = new Map(ENGINES.map((engine) => [engine, new Set<Known>()]));
  const table = [['project', 'engine', 'steps', 'results', 'tables', 'rows', 'known', 'unlisted']];
  for (const { project, engine, dbt, differences } of compared) {
    let unlisted = 0;
    for (const one of differences) {
      const known = knownBy(one);
      if (known) used.get(engine)?.add(known);
      else unlisted += 1;
      if (!known || all) {
        lines.push(`${project} ${engine}, step ${one.step}: ${one.path}`, `  dbt: ${short(one.dbt)}`, `  dwh: ${short(one.dwh)}`);
        if (known) lines.push(`  known: ${known.because}`);
      }
    }
    const tables = Object.values(dbt.tables);
    table.push([
      project,
      engine,
      ...[
        dbt.steps.length,
        dbt.steps.reduce((sum, { artifacts }) => sum + ((artifacts['run_results.json']?.results as unknown[] | undefined) ?? []).length, 0),
        tables.length,
        tables.reduce((sum, { rows }) => sum + rows.length, 0),
        differences.length - unlisted,
        unlisted,
      ].map(String),
    ]);
  }
  // Of some of the projects not every known difference is to be seen.
  const complete = ENGINES.filter((one) => compared.filter(({ engine }) => engine === one).length === Object.keys(PROJECTS).length);
  const gone = complete.flatMap((one) =>
    KNOWN.filter((known) => (known.engine ?? one) === one && !used.get(one)?.has(known)).map((known) => ({ ...known, engine: one })),
  );
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  lines.push(
    '',
    ...table.map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    ),
  );
  for (const { path, engine, because } of gone) lines.push(`no longer differs on ${engine}: ${path} (${because})`);
  return { text: lines.join('\n'), failed: table.slice(1).some((row) => row.at(-1) !== '0') || gone.length > 0 };
}

export const fixtureFile = (project: string, engine: Engine): string =>
  fileURLToPath(new URL(`recorded/${project}-${engine}.json`, import.meta.url));

/** What is kept of dbt's answers: statuses, counts of failures and tables, which do not depend on when it ran. */
export const brief = ({ steps, tables }: Recorded): Recorded => ({
  steps: steps.map(({ args, exit, artifacts }) => {
    const results = artifacts['run_results.json']?.results;
    const kept = Array.isArray(results)
      ? (results as readonly Json[]).map(({ unique_id, status, failures }) => ({ unique_id, status, failures }))
      : [];
    return { args, exit, error: '', artifacts: { 'run_results.json': { results: sortedBy(kept, ({ unique_id }) => String(unique_id)) } } };
  }),
  tables: Object.fromEntries(
    sortedBy(Object.entries(tables), ([name]) => name).map(([name, table]) => [
      name,
      { marks: table.marks, columns: table.columns, rows: sortedBy(withoutNow(table), (row) => JSON.stringify(row)) },
    ]),
  ),
});

const sortedBy = <T>(items: readonly T[], key: (item: T) => string): readonly T[] => [...items].sort((a, b) => (key(a) < key(b) ? -1 : 1));

/** A line for each step and each table. */
const fixtureText = (recorded: Recorded): string => {
  const { steps, tables } = brief(recorded);
  const lines = (parts: readonly string[]): string => parts.join(',\n');
  return `{"steps":[\n${lines(steps.map((step) => JSON.stringify(step)))}\n],"tables":{\n${lines(
    Object.entries(tables).map(([name, table]) => `${JSON.stringify(name)}:${JSON.stringify(table)}`),
  )}\n}}\n`;
};
