// One connection to DuckDB: statements in, rows and errors out. It keeps what DuckDB does not: that a transaction which
// failed cannot be committed (DuckDB reports success, and keeps nothing), and that an interrupt is not lost.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type DuckDBConnection,
  type DuckDBExtractedStatements,
  type DuckDBMaterializedResult,
  ResultReturnType,
  StatementType,
} from '@duckdb/node-api';
import type { Relation, RelationState } from '../../core/relation.ts';
import type { Column, Result, Statement } from '../../core/statement.ts';
import { type Connection, DatabaseError } from '../adapter.ts';
import type { Dependent, ForeignKey } from '../dependents.ts';
import type { Right } from '../rights.ts';
import { type CsvFile, csvFiles } from './csv-files.ts';
import { duckdbDialect as dialect } from './dialect.ts';
import { copyError, databaseError } from './errors.ts';
import { foreignKeyOf, foreignKeysSql } from './foreign-keys.ts';
import { lowerType } from './types.ts';
import { resultColumns, resultRows } from './values.ts';

/** An interrupt that comes before its statement has begun is lost, so it is sent again until the statement ends. */
const INTERRUPT_MS = 20;
const COPY_FILE_BYTES = 64 << 20;
/** What read_csv takes without being asked. */
const MAX_ROW_BYTES = 2_000_000;
const DESCRIBE = 'describe ';
const NOTHING: Result = { columns: [], rows: [], rowCount: 0 };

export interface ConnectionOptions {
  /** Makes the target's schema the place of unqualified names; fails while the schema is not there. */
  readonly useSchema: string | undefined;
  readonly closed: (connection: Connection) => void;
  /** Bytes of one file of copyIn. */
  readonly copyFileBytes?: number;
}

export class DuckdbConnection implements Connection {
  /** A statement failed inside a transaction, and DuckDB waits for a rollback. */
  #failed = false;
  #useSchema: string | undefined;

  constructor(
    private readonly driver: DuckDBConnection,
    private readonly options: ConnectionOptions,
  ) {
    this.#useSchema = options.useSchema;
  }

  async run({ sql }: Statement, signal?: AbortSignal): Promise<Result> {
    const result = await this.#send(sql, signal);
    return result === undefined ? NOTHING : resultOf(result);
  }

  async copyIn(into: Relation, columns: readonly Column[], bytes: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<Result> {
    const folder = await mkdtemp(join(tmpdir(), 'dwh-copy-'));
    const files = csvFiles(untilAborted(bytes, signal), folder, this.options.copyFileBytes ?? COPY_FILE_BYTES);
    try {
      const first = (await files.next()).value;
      if (!first) return NOTHING;
      let rows = 0;
      const insert = async (file: CsvFile): Promise<number> => {
        try {
          const { rowCount } = await this.run({ sql: insertSql(into, columns, file), shown: '' }, signal);
          rows += rowCount;
        } catch (error) {
          throw error instanceof DatabaseError ? copyError(error, rows) : error;
        }
        await rm(file.path);
        return rows;
      };
      if (first.last) return { ...NOTHING, rowCount: await insert(first) };
      return { ...NOTHING, rowCount: await this.#together(() => insertAll(first, files, insert)) };
    } finally {
      await files.return(undefined);
      await rm(folder, { recursive: true, force: true });
    }
  }

  async list(schemas: readonly { readonly database?: string; readonly schema: string }[]): Promise<readonly RelationState[]> {
    if (schemas.length === 0) return [];
    const places = schemas.map(({ database, schema }) => {
      const name = database === undefined ? 'current_database()' : dialect.literal(database);
      return `(lower(database_name) = lower(${name}) and lower(schema_name) = lower(${dialect.literal(schema)}))`;
    });
    const where = `not internal and (${places.join(' or ')})`;
    const { rows } = await this.run({
      sql: `select database_name, schema_name, table_name, 'table' from duckdb_tables() where ${where}
union all select database_name, schema_name, view_name, 'view' from duckdb_views() where ${where}`,
      shown: '',
    });
    const asAsked = new Map(schemas.map((place) => [`${place.database ?? ''}.${place.schema}`.toLowerCase(), place]));
    return rows.map(([database, schema, identifier, kind]) => {
      // A place that was asked for without its database is answered without it.
      const asked = asAsked.get(`${database}.${schema}`.toLowerCase()) ?? asAsked.get(`.${schema}`.toLowerCase());
      return {
        relation: {
          ...(asked?.database !== undefined && { database: asked.database }),
          schema: String(schema),
          identifier: String(identifier),
        },
        kind: kind === 'view' ? 'view' : 'table',
      };
    });
  }

  async missingSchemas<P>(places: readonly P[]): Promise<readonly P[]> {
    return places;
  }

  async columns(relation: Relation): Promise<readonly Column[] | undefined> {
    try {
      return await this.#describe(dialect.relationName(relation));
    } catch (error) {
      // The relation is not there, or it is a view that cannot be read.
      const there = (await this.list([relation])).some(
        (state) => state.relation.identifier.toLowerCase() === relation.identifier.toLowerCase(),
      );
      if (there || !(error instanceof DatabaseError) || error.details.cancelled) throw error;
      return undefined;
    }
  }

  /** A view outlives what it reads. */
  async foreignKeys(relation: Relation): Promise<readonly ForeignKey[]> {
    const { rows } = await this.run(foreignKeysSql(relation));
    return rows.map((row) => foreignKeyOf(row, relation.database));
  }

  async dependents(): Promise<readonly Dependent[]> {
    return [];
  }

  async boundViews(): Promise<readonly Relation[]> {
    return [];
  }

  async rights(): Promise<readonly Right[]> {
    return [];
  }

  async describe(sql: string): Promise<readonly Column[]> {
    if (mayBeSeveral(sql) && ((await this.#split(sql))?.count ?? 0) > 1) {
      throw new DatabaseError('one query can be described, and these are several statements', {});
    }
    return this.#describe(sql);
  }

  async #describe(sql: string): Promise<readonly Column[]> {
    try {
      const { rows } = await this.run({ sql: `${DESCRIBE}${sql}`, shown: sql });
      return rows.map(([name, type]) => ({ name: String(name), type: lowerType(String(type)) }));
    } catch (error) {
      const position = error instanceof DatabaseError ? error.details.position : undefined;
      if (!(error instanceof DatabaseError) || position === undefined) throw error;
      throw new DatabaseError(
        error.message,
        { ...error.details, position: Math.max(0, position - DESCRIBE.length) },
        { cause: error.cause },
      );
    }
  }

  async close(): Promise<void> {
    this.driver.closeSync();
    this.options.closed(this);
  }

  /** The last statement's result; undefined when there is no statement in the text. */
  async #send(sql: string, signal: AbortSignal | undefined): Promise<DuckDBMaterializedResult | undefined> {
    if (signal?.aborted) throw new DatabaseError('cancelled', { cancelled: true });
    // The driver would run what stands before it, and drop the rest.
    if (sql.includes('\0')) throw new DatabaseError('the statement has a NUL character in it', { position: sql.indexOf('\0') });
    if (this.#failed && !/^\s*(rollback|abort)\b/i.test(sql)) {
      throw new DatabaseError('an earlier statement failed, and the transaction has to be rolled back', {
        code: 'TransactionContext Error',
      });
    }
    if (this.#useSchema !== undefined && !this.#failed) await this.#enterSchema(this.#useSchema);
    const stop = interrupting(this.driver, signal);
    try {
      const result = mayBeSeveral(sql) ? await this.#runEach(sql, signal) : await this.driver.run(sql);
      this.#failed = false;
      return result;
    } catch (error) {
      this.#failed = await this.#isAborted();
      if (error instanceof DatabaseError) throw error;
      throw databaseError(error, sql);
    } finally {
      stop();
    }
  }

  /** The driver would return the first result of several. */
  async #runEach(sql: string, signal: AbortSignal | undefined): Promise<DuckDBMaterializedResult | undefined> {
    const statements = await this.#split(sql);
    let result: DuckDBMaterializedResult | undefined;
    for (let index = 0; statements !== undefined && index < statements.count; index++) {
      if (signal?.aborted) throw new DatabaseError('cancelled', { cancelled: true });
      const prepared = await statements.prepare(index);
      try {
        result = await prepared.run();
      } finally {
        prepared.destroySync();
      }
    }
    return result;
  }

  /** Undefined: nothing but comments, which the driver cannot tell from an error. */
  async #split(sql: string): Promise<DuckDBExtractedStatements | undefined> {
    try {
      return await this.driver.extractStatements(sql);
    } catch (error) {
      if (error instanceof Error && /native callback/i.test(error.message)) return undefined;
      throw databaseError(error, sql);
    }
  }

  async #isAborted(): Promise<boolean> {
    try {
      await this.driver.run('select 1');
      return false;
    } catch {
      return true;
    }
  }

  async #enterSchema(useSchema: string): Promise<void> {
    try {
      await this.driver.run(useSchema);
      this.#useSchema = undefined;
    } catch {
      // Not made yet: the next statement tries again.
    }
  }

  /** In one transaction: the one that is open, or one of its own. */
  async #together<T>(work: () => Promise<T>): Promise<T> {
    // Outside a transaction every statement has an id of its own.
    const id = async (): Promise<unknown> => (await this.run({ sql: 'select txid_current()', shown: '' })).rows[0]?.[0];
    const first = await id();
    if (first === (await id())) return work();
    await this.driver.run('begin');
    try {
      const value = await work();
      await this.driver.run('commit');
      return value;
    } catch (error) {
      await this.driver.run('rollback').catch(() => undefined);
      this.#failed = false;
      throw error;
    }
  }
}

/** True also for a semicolon in a literal, which costs a fraction of a millisecond. */
function mayBeSeveral(sql: string): boolean {
  const semicolon = sql.indexOf(';');
  return semicolon >= 0 && sql.slice(semicolon + 1).trim() !== '';
}

async function resultOf(result: DuckDBMaterializedResult): Promise<Result> {
  if (result.returnType === ResultReturnType.QUERY_RESULT) {
    const rows = await resultRows(result);
    return { columns: resultColumns(result), rows, rowCount: rows.length };
  }
  if (result.returnType === ResultReturnType.CHANGED_ROWS) return { ...NOTHING, rowCount: result.rowsChanged };
  // `create table as` is DDL to the driver, and yet has counted its rows.
  if (result.statementType !== StatementType.CREATE || result.rowCount === 0) return NOTHING;
  return { ...NOTHING, rowCount: Number(result.getChunk(0).getColumnVector(0).getItem(0)) };
}

/** Returns what ends it. */
function interrupting(driver: DuckDBConnection, signal: AbortSignal | undefined): () => void {
  if (!signal) return () => {};
  let timer: ReturnType<typeof setInterval> | undefined;
  const interrupt = (): void => driver.interrupt();
  const begin = (): void => {
    interrupt();
    timer = setInterval(interrupt, INTERRUPT_MS);
  };
  signal.addEventListener('abort', begin, { once: true });
  return () => {
    signal.removeEventListener('abort', begin);
    clearInterval(timer);
  };
}

/** No more is taken from a slow or endless stream once nobody wants it. */
async function* untilAborted(bytes: AsyncIterable<Uint8Array>, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    if (signal?.aborted) throw new DatabaseError('cancelled', { cancelled: true });
    yield chunk;
  }
}

/** The next file is written while one is read. `insert` returns the rows so far. */
async function insertAll(
  first: CsvFile,
  files: AsyncGenerator<CsvFile, undefined>,
  insert: (file: CsvFile) => Promise<number>,
): Promise<number> {
  let rows = 0;
  let file: CsvFile | undefined = first;
  while (file) {
    const [inserted, next]: readonly [number, IteratorResult<CsvFile, undefined>] = await settled([insert(file), files.next()]);
    rows = inserted;
    file = next.value;
  }
  return rows;
}

/** Like Promise.all, but when one fails, the other has ended too. */
async function settled<A, B>([a, b]: readonly [Promise<A>, Promise<B>]): Promise<readonly [A, B]> {
  await Promise.allSettled([a, b]);
  return [await a, await b];
}

/** Values are read as text and cast to the table's own types. Faster than the driver's appender, and off the main thread. */
function insertSql(into: Relation, columns: readonly Column[], { path, longestRow }: CsvFile): string {
  const names = columns.map(({ name }) => dialect.quote(name)).join(', ');
  const types = columns.map(({ name }) => `${dialect.literal(name)}: 'VARCHAR'`).join(', ');
  const size = longestRow > MAX_ROW_BYTES ? `, max_line_size=${longestRow + 1}` : '';
  // One thread: a reader that starts in the middle of a file has to guess whether it stands inside quotes.
  return `insert into ${dialect.relationName(into)} (${names})
select * from read_csv(${dialect.literal(path)}, auto_detect=false, header=false, delim=',', quote='"', escape='"', nullstr='', allow_quoted_nulls=false, new_line='\\n', parallel=false${size}, columns={${types}})`;
}
