// A connection of the test beside those of dwh, in the same process: it sees what readers see, and keeps the file open
// between runs.
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { here } from '../../src/cli/here.ts';
import type { EventBody } from '../../src/core/event.ts';
import { perform } from '../../src/engine/index.ts';
import { type TextRow, textRows } from './duckdb.ts';
import { type Fixture, fakeClock, type RequestOptions, request } from './fixture.ts';

export interface Database {
  readonly connection: DuckDBConnection;
  rows(sql: string): Promise<readonly TextRow[]>;
  /** Everything that stands in the database: 'main.orders (table)', in order. */
  relations(): Promise<readonly string[]>;
  close(): void;
}

export async function databaseOf(project: Fixture): Promise<Database> {
  const instance = await DuckDBInstance.fromCache(project.path('dwh.duckdb'));
  const connection = await instance.connect();
  const rows = (sql: string): Promise<readonly TextRow[]> => textRows(connection, sql);
  return {
    connection,
    rows,
    relations: async () =>
      (
        await rows(
          `select schema_name || '.' || table_name || ' (table)' as name from duckdb_tables() where not internal
           union all select schema_name || '.' || view_name || ' (view)' from duckdb_views() where not internal order by name`,
        )
      ).map(([name]) => name ?? ''),
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** Reads again and again until `work` has ended. Every answer, in order, the same ones in a row once; an error is an answer, too. */
export async function readingDuring(
  database: Pick<Database, 'rows'>,
  sql: string,
  work: () => Promise<unknown>,
): Promise<readonly string[]> {
  const answers: string[] = [];
  let ended = false;
  const read = async (): Promise<void> => {
    const answer = await database.rows(sql).then(
      (rows) => rows.map((row) => row.join(' ')).join(', '),
      (error: unknown) => String(error),
    );
    if (answers.at(-1) !== answer) answers.push(answer);
  };
  await read();
  const reading = (async () => {
    while (!ended) await read();
  })();
  try {
    await work();
  } finally {
    ended = true;
    await reading;
  }
  await read();
  return answers;
}

/** A run whose events are answered while it goes on. */
export async function watching(
  project: Fixture,
  command: string,
  onEvent: (event: EventBody) => void,
  options: RequestOptions = {},
  signal = new AbortController().signal,
): Promise<readonly EventBody[]> {
  const events: EventBody[] = [];
  await perform(request(command, project.dir, options), { clock: fakeClock(), signal, here }, (event) => {
    events.push(event);
    onEvent(event);
  });
  return events;
}
