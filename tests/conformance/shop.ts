// A project on a warehouse, and a connection of the test's own beside those of dwh: what a reader of the warehouse sees.
import type { Adapter, Connection } from '../../src/adapters/adapter.ts';
import type { Dialect } from '../../src/adapters/dialect.ts';
import { ConfigReader } from '../../src/core/config-reader.ts';
import { statement, type Value } from '../../src/core/statement.ts';
import { openOptions } from '../adapters/open-options.ts';
import type { TextRow } from '../support/duckdb.ts';
import { type Fixture, projectOn, type RequestOptions, results, statuses } from '../support/fixture.ts';
import type { ConformanceWarehouse } from './warehouses.ts';

export interface Shop extends Fixture {
  readonly target: Readonly<Record<string, unknown>>;
  /** Values as text. Unqualified names are those of the target's schema, analytics. */
  rows(sql: string): Promise<readonly TextRow[]>;
  /** All rows of a relation in one order. */
  table(relation: string): Promise<readonly TextRow[]>;
  /** All that stands in these schemas: 'orders (table)', or 'raw.orders (view)' outside of the target's schema; in order. */
  relations(...schemas: readonly string[]): Promise<readonly string[]>;
  /** Runs, and wants this status of each model, or a message that says what went wrong. */
  succeeds(command: string, options?: RequestOptions): Promise<ReturnType<typeof results>>;
  close(): Promise<void>;
}

export interface ShopOptions {
  /** What the project file says besides its name and profile. */
  readonly project?: string;
  /** Keys of the target besides the warehouse's own. */
  readonly target?: Readonly<Record<string, unknown>>;
}

/** A project made of these files; it is closed when the scenario has ended. */
export type Open = (files: Readonly<Record<string, string | Uint8Array>>, options?: ShopOptions) => Promise<Shop>;

/** Tells its scenarios, those that the warehouse can have. */
export type Theme = (scenario: (title: string, body: (open: Open) => Promise<void>) => void, warehouse: ConformanceWarehouse) => void;

const SCHEMA = 'analytics';

const textOf = (value: Value): string | null =>
  value === null ? null : typeof value === 'object' && !(value instanceof Uint8Array) ? JSON.stringify(value) : String(value);

const inOrder = (rows: readonly TextRow[]): readonly TextRow[] => {
  const key = (row: TextRow): string => JSON.stringify(row);
  return [...rows].sort((a, b) => (key(a) < key(b) ? -1 : 1));
};

/** A connection of its own to a target; closing it closes all of it. The target's schema is there. */
export async function openConnection(
  { dialect, credentials, open }: Adapter,
  target: Readonly<Record<string, unknown>>,
  dir: string,
): Promise<Connection> {
  const read = credentials(new ConfigReader(target, { locate: () => undefined, problems: [] }), dir);
  const warehouse = await open(read, openOptions);
  const connection = await warehouse.connect();
  const missing = await connection.missingSchemas([{ schema: read.schema }]);
  for (const sql of missing.flatMap((place) => dialect.createSchema(place))) await connection.run(sql);
  const close = connection.close.bind(connection);
  return Object.assign(connection, {
    async close() {
      await close();
      await warehouse.close();
    },
  });
}

export async function openShop(
  warehouse: ConformanceWarehouse,
  files: Readonly<Record<string, string | Uint8Array>>,
  { project = '', target: more = {} }: ShopOptions = {},
): Promise<Shop> {
  const { adapter } = warehouse;
  const target = { ...(await warehouse.target()), schema: SCHEMA, threads: 2, ...more };
  const fixture = await projectOn(target, { 'project.yml': `name: shop\nprofile: shop\n${project}`, ...files });
  const connection = await openConnection(adapter, target, fixture.dir);
  const rows = async (sql: string): Promise<readonly TextRow[]> => {
    const result = await connection.run(statement(sql));
    return result.rows.map((row) => row.map(textOf));
  };
  return {
    ...fixture,
    target,
    rows,
    table: async (relation) => inOrder(await rows(`select * from ${relation}`)),
    async relations(...schemas) {
      const wanted = schemas.length === 0 ? [SCHEMA] : schemas;
      const states = await connection.list(wanted.map((schema) => ({ schema })));
      const place = (schema: string): string => (schema === SCHEMA ? '' : `${schema}.`);
      return states.map(({ relation, kind }) => `${place(relation.schema)}${relation.identifier} (${kind})`).sort();
    },
    async succeeds(command, options) {
      const events = await fixture.run(command, options);
      const wrong = [...results(events)].filter(([, { status }]) => !['success', 'pass'].includes(status));
      if (wrong.length > 0) {
        const said = wrong.map(
          ([node, { status, message, problem }]) => `${node}: ${status}: ${message} ${problem?.detail?.join('\n') ?? ''}`,
        );
        throw new Error(`${JSON.stringify(statuses(events))}\n${said.join('\n')}`);
      }
      return results(events);
    },
    close: () => connection.close(),
  };
}

/** A model's config, on a line of its own. */
export const config = (materialized: string, more = ''): string => `{{ config(materialized='${materialized}'${more && `, ${more}`}) }}\n`;

type Scalar = string | number | boolean | null;

const typeOf = (value: Scalar | undefined): string =>
  typeof value === 'number'
    ? Number.isInteger(value)
      ? 'integer'
      : 'decimal(10, 2)'
    : typeof value === 'boolean'
      ? 'boolean'
      : 'varchar(40)';

type Rows = readonly Readonly<Record<string, Scalar>>[];

/** A query for these rows, in words that every warehouse knows: texts are varchar(40), numbers integer or decimal(10, 2). */
export const queryOf = (...rows: Rows): string => queryIn({ literal: (text) => `'${text.replaceAll("'", "''")}'` }, ...rows);

/** Texts as the dialect writes them, where there are backslashes in them. */
export function queryIn(dialect: Pick<Dialect, 'literal'>, ...rows: Rows): string {
  const names = Object.keys(rows[0] ?? {});
  const literal = (value: Scalar | undefined): string =>
    value === null || value === undefined ? 'null' : typeof value === 'string' ? dialect.literal(value) : String(value);
  const selects = rows.map((row) => {
    const cells = names.map((name) => {
      const typed = rows.find((one) => one[name] !== null)?.[name];
      return `cast(${literal(row[name])} as ${typeOf(typed)}) as ${name}`;
    });
    return `select ${cells.join(', ')}`;
  });
  return selects.join('\nunion all ');
}

/** A query for the numbers from 0, of one column n. */
export const numbersTo = (count: number): string => {
  const digits =
    'select 0 as d union all select 1 union all select 2 union all select 3 union all select 4 union all select 5 union all select 6 union all select 7 union all select 8 union all select 9';
  const places = Array.from({ length: String(count - 1).length }, (_, place) => place);
  return `select n from (select ${places.map((place) => `${10 ** place} * d${place}.d`).join(' + ')} as n from ${places
    .map((place) => `(${digits}) as d${place}`)
    .join(' cross join ')}) as numbers where n < ${count}`;
};
