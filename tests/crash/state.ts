// What a project's database holds, as text to compare: the rows of every relation, and with a loaded table what the ledger
// remembers of it, without times, ids and marks.
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { textRows } from '../support/duckdb.ts';
import { tempDir } from '../support/temp-dir.ts';

/** Sorted rows by relation. */
export type State = ReadonlyMap<string, readonly string[]>;

/** Columns of the ledger that differ from run to run and from file system to file system. */
const passing = "columns(name -> name not in ('mark', 'load_id', 'loaded_at'))";
const ledger = ['_dwh.load_files', '_dwh.load_rejects'];
/** How often each table was loaded, which says nothing of what it holds. */
const locks = '_dwh.load_locks';
const database = 'dwh.duckdb';

/** dwh's own relations beside others: what a killed run may leave, and the next one drops. */
const isLeftover = (relation: string): boolean => /__dwh_(next|stage|candidate)$/.test(relation);

/** Looks at a copy: the next run finds the file, and its log, as they were left. */
export async function stateOf(projectDir: string): Promise<State> {
  const file = join(projectDir, database);
  const state = new Map<string, string[]>();
  if (!existsSync(file)) return state;
  const copy = join(tempDir('state'), database);
  for (const part of ['', '.wal']) if (existsSync(file + part)) copyFileSync(file + part, copy + part);
  const instance = await DuckDBInstance.create(copy);
  try {
    const connection = await instance.connect();
    const found = await textRows(
      connection,
      `select schema_name || '.' || table_name as relation from duckdb_tables() where not internal
       union all select schema_name || '.' || view_name from duckdb_views() where not internal order by relation`,
    );
    const add = (relation: string, rows: readonly string[]): Map<string, string[]> =>
      state.set(relation, [...(state.get(relation) ?? []), ...rows]);
    for (const relation of found.map(([name]) => String(name)).filter((name) => name !== locks)) {
      // It may stand upon one that is gone.
      if (isLeftover(relation)) {
        add(relation, []);
        continue;
      }
      const rows = await textRows(connection, `select ${passing} from ${relation} order by all`);
      if (!ledger.includes(relation))
        add(
          relation,
          rows.map((row) => JSON.stringify(row)),
        );
      else for (const [about, ...row] of rows) add(String(about).replaceAll('"', ''), [`${relation}: ${JSON.stringify(row)}`]);
    }
    connection.closeSync();
  } finally {
    instance.closeSync();
  }
  return state;
}

const shownRows = 3;

function difference(found: readonly string[], wanted: readonly string[]): string {
  const count = (rows: readonly string[]): ReadonlyMap<string, number> => {
    const counts = new Map<string, number>();
    for (const row of rows) counts.set(row, (counts.get(row) ?? 0) + 1);
    return counts;
  };
  const [here, there] = [count(found), count(wanted)];
  const rows = [...new Set([...wanted, ...found])].filter((row) => here.get(row) !== there.get(row));
  const lines = rows.slice(0, shownRows).map((row) => `    ${here.get(row) ?? 0} times instead of ${there.get(row) ?? 0}: ${row}`);
  return [
    `${found.length} rows instead of ${wanted.length}`,
    ...lines,
    ...(rows.length > shownRows ? [`    … ${rows.length} rows differ`] : []),
  ].join('\n');
}

/** A line for each relation that is not as it should be. */
export function differences(found: State, wanted: State): readonly string[] {
  return [...new Set([...wanted.keys(), ...found.keys()])].flatMap((relation) => {
    const [rows, wantedRows] = [found.get(relation), wanted.get(relation)];
    if (rows === undefined) return [`  ${relation} is missing`];
    if (wantedRows === undefined) return [`  ${relation} should not be there (${rows.length} rows)`];
    return rows.join('\n') === wantedRows.join('\n') ? [] : [`  ${relation}: ${difference(rows, wantedRows)}`];
  });
}

/** What a reader would find half done: every relation is as before or as after, a loaded table together with its ledger. */
export function torn(found: State, before: State, after: State): readonly string[] {
  const published = new Map([...found].filter(([relation]) => !isLeftover(relation)));
  const unlikeBefore = new Set(differences(published, before).map(relationOf));
  return differences(published, after).filter((line) => unlikeBefore.has(relationOf(line)));
}

const relationOf = (line: string): string => /^ {2}([\w.]+)/.exec(line)?.[1] ?? line;
