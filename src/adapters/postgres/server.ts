// What differs between servers that speak Postgres' protocol, as data and pure functions: Postgres itself, and Redshift.
import type { Relation, RelationState } from '../../core/relation.ts';
import type { Column, Result, Row, Statement } from '../../core/statement.ts';
import type { DatabaseError } from '../adapter.ts';
import type { Dependent } from '../dependents.ts';
import type { Dialect } from '../dialect.ts';
import type { Right } from '../rights.ts';
import { query, quote } from '../sql.ts';
import type { PostgresSettings } from './credentials.ts';
import { dependentOf, dependentsSql } from './dependents.ts';
import { postgresDialect } from './dialect.ts';
import { databaseError } from './errors.ts';
import { literal } from './literal.ts';
import { rightOf, rightsSql } from './rights.ts';
import { knownType } from './types.ts';

export interface Login {
  readonly user: string;
  /** undefined: from the environment or the password file, as libpq does. */
  readonly password: string | undefined;
}

/** https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-PG-SNAPSHOT-DEPRECATED */
export interface Outcome {
  /** The id of the transaction at hand; NULL: it has written nothing. */
  readonly id: string;
  /** 'committed', 'aborted' or 'in progress'; NULL: too long ago. */
  of(id: string): string;
}

/** Of the session of a process whose commit was not answered, where there is no Outcome. */
export interface Ending {
  end(pid: number): string;
  /** How many transactions it has open. */
  open(pid: number): string;
}

/** Rows written; all or none only within a transaction of the caller. */
export type SendRows = (
  run: (statement: Statement) => Promise<Result>,
  into: Relation,
  columns: readonly Column[],
  bytes: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
) => Promise<number>;

export interface Server {
  readonly dialect: Dialect;
  /** For each new session, which a temporary password may allow only for minutes. */
  login(settings: PostgresSettings): Promise<Login>;
  /** Statements of a new session. */
  setup(settings: PostgresSettings): string;
  /** [schema, name, relkind] of each relation. */
  listSql(schemas: readonly string[]): string;
  kindOf(relkind: string): RelationState['kind'];
  /** [name, type] of each column in order; one row of NULLs for a relation without columns, none where there is no relation. */
  columnsSql(relation: Relation): string;
  readonly dependents: { sql(relation: Relation): string; of(row: Row, database: string | undefined): Dependent } | undefined;
  /** [schema, name] of views that are bound to a relation; undefined: the server names them. */
  /** Behind a foreign key that is added: rows that are there need no partner. */
  readonly uncheckedKey: string;
  readonly boundViewsSql: ((relation: Relation) => string) | undefined;
  /** Who else may do what with a relation. */
  readonly rights: { sql(relation: Relation): string; of(row: Row, relation: Relation): Right };
  /** A statement that returns the query's columns and no rows; `before` stands before the query in it. */
  describe(sql: string): { readonly text: string; readonly before: number };
  /** undefined: the server has to be asked. */
  typeName(oid: number, modifier: number): string | undefined;
  /** One row with the names of these types, each 'oid, modifier'. */
  typeNamesSql(types: readonly string[]): string;
  /** What became of a transaction whose commit was not answered; undefined: the server cannot be asked. */
  readonly outcome: Outcome | undefined;
  /** undefined: a session cannot be seen to have ended. */
  readonly ending: Ending | undefined;
  databaseError(error: unknown, sql: string, cancelled: boolean, before?: number): DatabaseError;
  /** How rows come in: one statement that copies from its client, or statements that carry them. */
  readonly rowsIn:
    | { readonly from: 'client'; copy(into: Relation, columns: readonly Column[]): string }
    | { readonly from: 'statements'; readonly send: SendRows };
}

const DESCRIBE = 'select * from ';

export const postgresServer: Server = {
  dialect: postgresDialect,
  login: async ({ user, password }) => ({ user, password }),
  setup: ({ role, schema, searchPath }) =>
    [
      `set datestyle to 'ISO'`,
      `set timezone to 'UTC'`,
      'set standard_conforming_strings to on',
      // Before version 12, a double had 15 of its 17 digits otherwise.
      'set extra_float_digits to 3',
      ...(role === undefined ? [] : [`set role ${quote(role)}`]),
      // Unqualified names mean the target's schema first, whether it is there yet or not.
      ...(searchPath === undefined
        ? [`select set_config('search_path', ${literal(`${quote(schema)}, `)} || current_setting('search_path'), false)`]
        : []),
    ].join('; '),
  listSql: (schemas) => `select n.nspname::text, c.relname::text, c.relkind::text from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where n.nspname in (${schemas.map(literal).join(', ')}) and c.relkind in ('r', 'p', 'v', 'm', 'f')`,
  kindOf: (relkind) => (relkind === 'v' ? 'view' : relkind === 'm' ? 'materialized_view' : relkind === 'f' ? 'external' : 'table'),
  columnsSql: ({
    schema,
    identifier,
  }) => `select a.attname::text, pg_catalog.format_type(a.atttypid, a.atttypmod) from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
left join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where n.nspname = ${literal(schema)} and c.relname = ${literal(identifier)} and c.relkind in ('r', 'p', 'v', 'm', 'f') order by a.attnum`,
  dependents: { sql: dependentsSql, of: dependentOf },
  uncheckedKey: ' not valid',
  boundViewsSql: undefined,
  rights: { sql: rightsSql, of: rightOf },
  // The limit of 0 stops the query before its first row.
  describe: (sql) => ({ text: `${DESCRIBE}${query(sql)} as described limit 0`, before: DESCRIBE.length + 2 }),
  typeName: knownType,
  typeNamesSql: (types) => `select ${types.map((one) => `pg_catalog.format_type(${one})`).join(', ')}`,
  outcome: { id: 'select pg_catalog.txid_current_if_assigned()', of: (id) => `select pg_catalog.txid_status(${id})` },
  ending: undefined,
  databaseError,
  rowsIn: {
    from: 'client',
    copy: (into, columns) =>
      `copy ${postgresDialect.relationName(into)} (${columns.map(({ name }) => quote(name)).join(', ')}) from stdin with (format csv)`,
  },
};
