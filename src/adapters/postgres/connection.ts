// One connection to Postgres: statements in, rows and errors out. A session that was lost is opened anew by the next
// statement, so that a unit of work can be tried again.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Relation, RelationState } from '../../core/relation.ts';
import type { Column, Result, Row, Statement } from '../../core/statement.ts';
import { type Connection, DatabaseError } from '../adapter.ts';
import type { Dependent, ForeignKey } from '../dependents.ts';
import type { Right } from '../rights.ts';
import { openClient } from './client.ts';
import type { PostgresSettings } from './credentials.ts';
import { copyError, isLost, LOST } from './errors.ts';
import { foreignKeyOf, foreignKeysSql } from './foreign-keys.ts';
import { hasEnded, unknownOutcome, wasCommitted } from './outcome.ts';
import type { Server } from './server.ts';

/** A cancel that comes before its statement has begun is lost, so it is sent again until the statement ends. */
const CANCEL_MS = 100;
const NOTHING: Result = { columns: [], rows: [], rowCount: 0 };
const COMMIT = /^\s*(commit|end)\b/i;
const ROLLBACK = /^\s*(rollback|abort)\b/i;

export class PostgresConnection implements Connection {
  #client: pg.Client | undefined;
  /** A commit was answered with a rollback, and the caller has yet to say rollback. */
  #gaveUp = false;
  /** Types that are not among the usual ones, by OID and modifier. */
  readonly #types = new Map<string, string>();

  constructor(
    private readonly server: Server,
    private readonly settings: PostgresSettings,
    private readonly closed: (connection: Connection) => void,
    first: pg.Client | undefined,
  ) {
    this.#client = first && this.#watched(first);
  }

  run({ sql }: Statement, signal?: AbortSignal): Promise<Result> {
    return COMMIT.test(sql) ? this.#commit(sql, signal) : this.#send(sql, signal, 0);
  }

  async copyIn(into: Relation, columns: readonly Column[], bytes: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<Result> {
    const { rowsIn } = this.server;
    const client = await this.#ready(signal);
    if (rowsIn.from === 'statements') {
      const send = (): Promise<number> => rowsIn.send((sql) => this.run(sql, signal), into, columns, bytes, signal);
      return { ...NOTHING, rowCount: client.getTransactionStatus() === 'I' ? await this.#together(send) : await send() };
    }
    const stop = this.#cancelling(client, signal);
    const copy = client.query(copyFrom(rowsIn.copy(into, columns)));
    try {
      await pipeline(Readable.from(bytes), copy);
      return { ...NOTHING, rowCount: copy.rowCount };
    } catch (error) {
      // What the source of the rows threw is not the server's error.
      if (!isServerError(error)) throw error;
      if (isLost(error)) this.#client = undefined;
      throw copyError(error, signal?.aborted === true);
    } finally {
      stop();
    }
  }

  async list(schemas: readonly { readonly database?: string; readonly schema: string }[]): Promise<readonly RelationState[]> {
    if (schemas.length === 0) return [];
    const { ignoresCase } = this.server.dialect;
    const kept = (schema: string): string => (ignoresCase ? schema.toLowerCase() : schema);
    const asAsked = new Map(schemas.map((place) => [kept(place.schema), place]));
    const { rows } = await this.#ask(this.server.listSql([...asAsked.keys()]));
    return rows.map(([schema, identifier, relkind]) => {
      const { database, schema: asked } = asAsked.get(String(schema)) ?? { schema: String(schema) };
      return {
        relation: { ...(database !== undefined && { database }), schema: asked, identifier: String(identifier) },
        kind: this.server.kindOf(String(relkind)),
      };
    });
  }

  /** `create schema if not exists` needs the right to make one also where it is there. */
  async missingSchemas<P extends Pick<Relation, 'schema'>>(places: readonly P[]): Promise<readonly P[]> {
    if (places.length === 0) return [];
    const { dialect } = this.server;
    const stored = (name: string): string => (dialect.ignoresCase ? name.toLowerCase() : name);
    const names = places.map(({ schema }) => dialect.literal(stored(schema)));
    const { rows } = await this.#ask(`select nspname::varchar from pg_catalog.pg_namespace where nspname in (${names.join(', ')})`);
    const there = new Set(rows.map(([name]) => name));
    return places.filter(({ schema }) => !there.has(stored(schema)));
  }

  async columns(relation: Relation): Promise<readonly Column[] | undefined> {
    const { rows } = await this.#ask(this.server.columnsSql(relation));
    if (rows.length === 0) return undefined;
    return rows.flatMap(([name, type]) => (name === null ? [] : [{ name: String(name), type: String(type) }]));
  }

  async dependents(relation: Relation): Promise<readonly Dependent[]> {
    const { dependents } = this.server;
    if (!dependents) return [];
    const { rows } = await this.#ask(dependents.sql(relation));
    return rows.map((row) => dependents.of(row, relation.database));
  }

  async foreignKeys(relation: Relation): Promise<readonly ForeignKey[]> {
    const { rows } = await this.#ask(foreignKeysSql(relation));
    return rows.map((row) => foreignKeyOf(row, relation.database, this.server.uncheckedKey));
  }

  async boundViews({ database, ...place }: Relation): Promise<readonly Relation[]> {
    const { boundViewsSql } = this.server;
    if (!boundViewsSql) return [];
    const { rows } = await this.#ask(boundViewsSql(place));
    return rows.map(([schema, identifier]) => ({
      ...(database !== undefined && { database }),
      schema: String(schema),
      identifier: String(identifier),
    }));
  }

  async rights(relation: Relation): Promise<readonly Right[]> {
    const { rows } = await this.#ask(this.server.rights.sql(relation));
    return rows.map((row) => this.server.rights.of(row, relation));
  }

  async describe(sql: string): Promise<readonly Column[]> {
    const { text, before } = this.server.describe(sql);
    return (await this.#send(text, undefined, before)).columns;
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    this.closed(this);
    await client?.end().catch(() => undefined);
  }

  /** A question of the adapter's own, which no report shows. */
  #ask(sql: string): Promise<Result> {
    return this.#send(sql, undefined, 0);
  }

  /** A commit whose answer was lost: the server is asked whether it happened, so that nothing is done twice. */
  async #commit(sql: string, signal: AbortSignal | undefined): Promise<Result> {
    const { outcome, ending } = this.server;
    const ask = async (question: string): Promise<unknown> => (await this.#ask(question)).rows[0]?.[0];
    const isOpen = this.#client?.getTransactionStatus() === 'T';
    const pid = processOf(this.#client);
    const id = isOpen && outcome ? await ask(outcome.id) : null;
    try {
      return await this.#send(sql, signal, 0);
    } catch (error) {
      const wrote = outcome ? id !== null : isOpen;
      if (!wrote || !(error instanceof DatabaseError) || error.details.code !== LOST) throw error;
      if (!outcome) throw unknownOutcome('it cannot be asked', ending !== undefined && (await hasEnded(ask, pid, ending)));
      if (await wasCommitted(ask, String(id), outcome)) return NOTHING;
      throw error;
    }
  }

  /** In one transaction of its own. */
  async #together<T>(work: () => Promise<T>): Promise<T> {
    await this.#ask('begin');
    try {
      const value = await work();
      await this.#ask('commit');
      return value;
    } catch (error) {
      await this.#ask('rollback').catch(() => undefined);
      throw error;
    }
  }

  async #ready(signal: AbortSignal | undefined): Promise<pg.Client> {
    if (signal?.aborted) throw new DatabaseError('cancelled', { cancelled: true });
    this.#client ??= this.#watched(await openClient(this.server, this.settings));
    return this.#client;
  }

  /** A session that ends while nothing depends on it is opened anew without a word. */
  #watched(client: pg.Client): pg.Client {
    client.once('end', () => {
      if (this.#client === client && client.getTransactionStatus() === 'I') this.#client = undefined;
    });
    return client;
  }

  async #send(sql: string, signal: AbortSignal | undefined, before: number): Promise<Result> {
    const client = await this.#ready(signal);
    if (sql.includes('\0')) throw new DatabaseError('the statement has a NUL character in it', { position: sql.indexOf('\0') - before });
    if (this.#gaveUp && !ROLLBACK.test(sql)) throw gaveUp();
    const stop = this.#cancelling(client, signal);
    try {
      const answer: pg.QueryArrayResult | pg.QueryArrayResult[] = await client.query({ text: sql, rowMode: 'array' });
      const last = Array.isArray(answer) ? answer.at(-1) : answer;
      // The server answers the commit of a failed transaction with a rollback, and no error.
      this.#gaveUp = last?.command === 'ROLLBACK' && COMMIT.test(sql);
      if (this.#gaveUp) throw gaveUp();
      return last ? await this.#resultOf(last) : NOTHING;
    } catch (error) {
      if (error instanceof DatabaseError) throw error;
      if (isLost(error)) this.#client = undefined;
      throw this.server.databaseError(error, sql, signal?.aborted === true, before);
    } finally {
      stop();
    }
  }

  async #resultOf({ fields, rows, rowCount }: pg.QueryArrayResult): Promise<Result> {
    if (fields.length === 0) return { ...NOTHING, rowCount: rowCount ?? 0 };
    return { columns: await this.#columnsOf(fields), rows: rows as readonly Row[], rowCount: rows.length };
  }

  async #columnsOf(fields: readonly pg.FieldDef[]): Promise<readonly Column[]> {
    const key = ({ dataTypeID, dataTypeModifier }: pg.FieldDef): string => `${dataTypeID}, ${dataTypeModifier}`;
    const known = (field: pg.FieldDef): string | undefined =>
      this.server.typeName(field.dataTypeID, field.dataTypeModifier) ?? this.#types.get(key(field));
    const asked = [...new Set(fields.filter((field) => known(field) === undefined).map(key))];
    if (asked.length > 0) {
      const { rows } = await this.#ask(this.server.typeNamesSql(asked));
      for (const [index, one] of asked.entries()) this.#types.set(one, String(rows[0]?.[index]));
    }
    return fields.map((field) => ({ name: field.name, type: known(field) ?? '' }));
  }

  /** Returns what ends it. */
  #cancelling(client: pg.Client, signal: AbortSignal | undefined): () => void {
    if (!signal) return () => {};
    let timer: ReturnType<typeof setInterval> | undefined;
    let other: Promise<pg.Client> | undefined;
    const cancel = async (): Promise<void> => {
      other ??= openClient(this.server, { ...this.settings, retries: 0 });
      await (await other).query(`select pg_catalog.pg_cancel_backend(${processOf(client)})`);
    };
    const quietly = (): void => {
      cancel().catch(() => undefined);
    };
    const begin = (): void => {
      quietly();
      timer = setInterval(quietly, CANCEL_MS);
    };
    signal.addEventListener('abort', begin, { once: true });
    return () => {
      signal.removeEventListener('abort', begin);
      clearInterval(timer);
      other?.then((one) => one.end()).catch(() => undefined);
    };
  }
}

/** Of the session on the server. */
const processOf = (client: pg.Client | undefined): number => Number((client as unknown as { processID: number } | undefined)?.processID);
const gaveUp = (): DatabaseError =>
  new DatabaseError('an earlier statement failed, and the transaction has to be rolled back', { code: '25P02' });
const isServerError = (error: unknown): boolean => error instanceof Error && ('severity' in error || isLost(error));
