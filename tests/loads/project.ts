// A project with one source, raw, whose tables are loaded from folders of it; and what a load of it came to: the node's
// result, and rows, rejects and ledger as they stand in the database.
import type { EventBody, NodeResult, RejectCount } from '../../src/core/event.ts';
import type { Problem } from '../../src/core/problem.ts';
import { databaseOf } from '../support/database.ts';
import { type Fixture, project, type RequestOptions, results } from '../support/fixture.ts';

type Bytes = string | Uint8Array;

/** `load:` of a table, and its columns as 'ts:bigint page:varchar(10)'. Without `from` it is the folder of the table's name. */
export interface TableSpec {
  readonly columns: string;
  readonly load?: Readonly<Record<string, unknown>>;
  readonly more?: Readonly<Record<string, unknown>>;
}

export const events: TableSpec = { columns: 'ts:bigint page:varchar(10)', load: { on_error: 'reject' } };

const columnsOf = (text: string) =>
  text.split(' ').map((column) => {
    const [name = '', type = ''] = column.split(/:(.*)/s);
    return type === '' ? { name } : { name, data_type: type.replaceAll('_', ' ') };
  });

/** The YAML of the source; JSON is YAML. */
export const sourcesYaml = (tables: Readonly<Record<string, TableSpec>>, more: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    sources: [
      {
        name: 'raw',
        ...more,
        tables: Object.entries(tables).map(([name, { columns, load = {}, more: other = {} }]) => ({
          name,
          ...other,
          load: { from: name, ...load },
          columns: columnsOf(columns),
        })),
      },
    ],
  });

/** `files` are relative to the project folder. */
export async function loading(
  files: Readonly<Record<string, Bytes>>,
  tables: Readonly<Record<string, TableSpec>> = { events },
): Promise<Fixture> {
  const shop = await project({ 'project.yml': 'name: shop\n', 'models/sources.yml': sourcesYaml(tables) });
  for (const [file, bytes] of Object.entries(files)) await shop.write(file, bytes);
  return shop;
}

export interface Loaded {
  readonly status: string;
  readonly message: string | undefined;
  /** As in run_results.json: [rows, files, files skipped, rejected]. */
  readonly counts: readonly (number | undefined)[];
  readonly rejects: readonly RejectCount[];
  readonly warnings: readonly string[];
  readonly problem: Problem | undefined;
}

export function loadedOf(all: readonly EventBody[], table = 'events'): Loaded {
  const result = [...results(all)].find(([node]) => node === `source.shop.raw.${table}`)?.[1];
  if (!result) throw new Error(`${table} was not loaded`);
  return described(result);
}

const described = ({ status, message, adapterResponse, rejects = [], warnings, problem }: NodeResult): Loaded => ({
  status,
  message,
  counts: ['rows_affected', 'files', 'files_skipped', 'rejected'].map((key) => adapterResponse[key] as number | undefined),
  rejects,
  warnings: warnings.map((warning) => `${warning.code}: ${warning.message}`),
  problem,
});

/** Loads, and tells what came of one table. */
export const load = async (shop: Fixture, options: RequestOptions = {}, table = 'events'): Promise<Loaded> =>
  loadedOf(await shop.run('load', options), table);

export interface Stored {
  readonly rows: readonly (readonly (string | null)[])[];
  /** [file, line, column, reason, value] */
  readonly rejects: readonly (readonly (string | null)[])[];
  /** [file, rows, rejects] */
  readonly ledger: readonly (readonly (string | null)[])[];
}

/** What stands in the database; `table` is in the schema raw. */
export async function stored(shop: Fixture, table = 'events'): Promise<Stored> {
  const where = `where relation = '"raw"."${table}"'`;
  const database = await databaseOf(shop);
  try {
    return {
      rows: await database.rows(`from raw."${table}" order by all`),
      rejects: await database.rows(
        `select file_key, line, column_name, reason, value from _dwh.load_rejects ${where} order by file_key, line`,
      ),
      ledger: await database.rows(`select file_key, row_count, reject_count from _dwh.load_files ${where} order by file_key`),
    };
  } finally {
    database.close();
  }
}
