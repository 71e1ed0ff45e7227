// One connection in the hands of one node: statements become events and lines of target/run/, and a failed transaction is
// always rolled back.
import { type Connection, DatabaseError } from '../adapters/adapter.ts';
import type { Emit } from '../core/event.ts';
import type { Location } from '../core/location.ts';
import type { UniqueId } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import type { Column, Result, Statement } from '../core/statement.ts';
import { statement } from '../core/statement.ts';
import { type QueryComment, withComment } from './with-comment.ts';

/** A statement that the server refused: which one, for the line of the model that is at fault. */
export class StatementError extends Error {
  override readonly name = 'StatementError';
  constructor(
    readonly statement: Statement,
    override readonly cause: DatabaseError,
    /** Of a statement that is not the node's query. */
    readonly place?: { readonly at: Location; readonly hint: string },
  ) {
    super(cause.message);
  }
}

export interface Session {
  readonly connection: Connection;
  /** A statement of the node's own; --dry-run prints it. */
  run(sql: Statement): Promise<Result>;
  /** A question whose answer decides what the node does: asked also under --dry-run. */
  read(sql: Statement): Promise<Result>;
  /** The columns of a query of the node's own; asked also under --dry-run. */
  describe(sql: string): Promise<readonly Column[]>;
  copyIn(into: Relation, columns: readonly Column[], bytes: AsyncIterable<Uint8Array>, shown: string): Promise<Result>;
  /** All or nothing: commits when `work` returns, rolls back when it throws. */
  transaction<T>(work: () => Promise<T>): Promise<T>;
  /** As `transaction`; one statement is its own, unless its commit has to be checked. */
  together<T>(statements: number, work: () => Promise<T>): Promise<T>;
  /** A transaction whose user says when; each may be begun and ended several times. */
  byHand(): TransactionByHand;
  /** --dry-run: statements are shown and not sent, so there is nothing to judge or to read. */
  readonly prints: boolean;
  /** What ran, as target/run/ shows it. */
  readonly shown: readonly string[];
  /** Aborted when the node has to stop. */
  readonly signal: AbortSignal;
}

export interface TransactionByHand {
  /** Where none is open. */
  begin(): Promise<void>;
  /** Where one is open. */
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

const [BEGIN, COMMIT, ROLLBACK] = [statement('begin'), statement('commit'), statement('rollback')];

/** The same error, of a statement that begins `by` characters later. */
function movedBack(error: DatabaseError, by: number): DatabaseError {
  const { position } = error.details;
  if (by === 0 || position === undefined) return error;
  return new DatabaseError(error.message, { ...error.details, position: Math.max(0, position - by) }, { cause: error.cause });
}

export interface SessionOptions {
  /** What the node showed on an earlier connection. */
  readonly before?: readonly string[];
  /** Last in each transaction; throws when it must not be committed. */
  readonly check?: (connection: Connection) => Promise<void>;
  /** What each statement carries; not among what is shown. */
  readonly comment?: QueryComment | undefined;
}

export function openSession(
  connection: Connection,
  node: UniqueId,
  emit: Emit,
  signal: AbortSignal,
  { before = [], check, comment }: SessionOptions = {},
): Session {
  const shown: string[] = [...before];
  const tell = (text: string): void => {
    if (text === '') return;
    shown.push(text);
    emit({ type: 'statement', node, sql: text });
  };
  /** Sends what is carried by `sql`; its errors speak of `sql` itself. */
  const carrying = async <T>(sql: Statement, work: (text: string) => Promise<T>): Promise<T> => {
    const { sql: text, before: moved } = withComment(sql.sql, comment);
    try {
      return await work(text);
    } catch (error) {
      throw error instanceof DatabaseError ? new StatementError(sql, movedBack(error, moved)) : error;
    }
  };
  const send = async (sql: Statement): Promise<Result> => {
    tell(sql.shown);
    return carrying(sql, (text) => connection.run({ ...sql, sql: text }, signal));
  };
  const transaction = async <T>(work: () => Promise<T>): Promise<T> => {
    await send(BEGIN);
    try {
      const value = await work();
      await check?.(connection);
      await send(COMMIT);
      return value;
    } catch (error) {
      // Without the signal: an interrupted node must still leave its connection clean. A rollback that fails has nothing
      // more to say than the error that led to it.
      await connection.run(ROLLBACK).catch(() => undefined);
      throw error;
    }
  };
  return {
    connection,
    prints: false,
    shown,
    signal,
    run: send,
    read: send,
    describe: (sql) => carrying(statement(sql), (text) => connection.describe(text)),
    async copyIn(into, columns, bytes, text) {
      tell(text);
      return connection.copyIn(into, columns, bytes, signal);
    },
    transaction,
    byHand() {
      let isOpen = false;
      return {
        async begin() {
          if (isOpen) return;
          await send(BEGIN);
          isOpen = true;
        },
        async commit() {
          if (!isOpen) return;
          await check?.(connection);
          await send(COMMIT);
          isOpen = false;
        },
        async rollback() {
          if (isOpen) await connection.run(ROLLBACK).catch(() => undefined);
          isOpen = false;
        },
      };
    },
    together: (statements, work) => (statements > 1 || (check && statements > 0) ? transaction(work) : work()),
  };
}

const NOTHING: Result = { columns: [], rows: [], rowCount: 0 };

/** --dry-run: what would run is shown; only questions are asked. `before`: what the node showed on an earlier connection. */
export function printingSession(session: Session, before: readonly string[] = []): Session {
  const shown: string[] = [...before];
  const show = async (text: string): Promise<Result> => {
    if (text !== '') shown.push(text);
    return NOTHING;
  };
  const transaction = async <T>(work: () => Promise<T>): Promise<T> => {
    await show(BEGIN.shown);
    const value = await work();
    await show(COMMIT.shown);
    return value;
  };
  return {
    connection: session.connection,
    prints: true,
    shown,
    signal: session.signal,
    describe: session.describe,
    run: (sql) => show(sql.shown),
    read: session.read,
    copyIn: (_into, _columns, _bytes, text) => show(text),
    transaction,
    byHand() {
      let isOpen = false;
      const say = async (text: string, open: boolean): Promise<void> => {
        if (isOpen !== open) await show(text);
        isOpen = open;
      };
      return { begin: () => say(BEGIN.shown, true), commit: () => say(COMMIT.shown, false), rollback: async () => {} };
    },
    together: (statements, work) => (statements > 1 ? transaction(work) : work()),
  };
}
