// What differs between warehouses in what is held open at them: connections, I/O. Their SQL text is the Dialect's (dialect.ts).
import type { ConfigReader } from '../core/config-reader.ts';
import type { Relation, RelationState } from '../core/relation.ts';
import type { Column, Result, Statement } from '../core/statement.ts';
import type { Linter, LintMode } from '../lint/linter.ts';
import type { WorkPlace } from './copies.ts';
import type { Dependent, ForeignKey } from './dependents.ts';
import type { Dialect } from './dialect.ts';
import type { FilePlaces } from './output-files.ts';
import type { Right } from './rights.ts';

/** I/O. What is held open once: a DuckDB instance, a pool. */
export interface Adapter {
  readonly dialect: Dialect;
  /** Reads and checks the target's keys; throws DwhError. Relative paths in it are relative to `projectDir`. */
  credentials(profile: ConfigReader, projectDir: string): Credentials;
  /** What the warehouse would refuse, told offline. Loaded when first asked for. */
  linter(): Promise<Linter>;
  /** Throws DwhError when the warehouse can't be reached. */
  open(credentials: Credentials, options: OpenOptions): Promise<Warehouse>;
}

export interface OpenOptions {
  /** How many statements may keep one of Node's own threads busy at once. */
  readonly maxConcurrency: number;
  /** Epoch ms. */
  readonly clock: () => number;
  /** Hears each password that is found on the way, so that it never appears in any output. */
  readonly learned: (secret: string) => void;
}

/** What `target` shows to templates, and what `open` needs. */
export interface Credentials {
  readonly type: string;
  readonly database: string;
  readonly schema: string;
  readonly threads: number;
  /** For `target.*` in templates and `debug`; nothing secret. */
  readonly shown: Readonly<Record<string, unknown>>;
  /** Only where the dialect has `copies`. */
  readonly work?: WorkPlace;
  /** Only where the dialect has `fileTables`. */
  readonly files?: FilePlaces;
  /** What a build does with what the linter says of a node; undefined: it does not ask. */
  readonly lint?: LintMode;
  /** The adapter's own. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface Warehouse {
  /** How many statements may be in flight at once. */
  readonly maxConcurrency: number;
  connect(): Promise<Connection>;
  close(): Promise<void>;
}

/** Runs one statement at a time; the engine opens `threads` of them. */
export interface Connection {
  /**
   * Throws DatabaseError. Several statements separated by `;` run in turn, and the last one's result is returned. An
   * aborted signal cancels the statement on the server. After an error inside a transaction that the server gave up,
   * everything but a rollback throws, a commit too.
   */
  run(statement: Statement, signal?: AbortSignal): Promise<Result>;
  /**
   * CSV bytes, NULL empty, rows end in LF; no header. Values are in double quotes ("" doubled), or, when they are not empty and
   * have no quote, comma or line end in them, without; but no row begins with a bare backslash. `columns` are the names of the
   * values, in their order; the table's own types decide. All rows or none. Returns rowCount.
   */
  copyIn(into: Relation, columns: readonly Column[], bytes: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<Result>;
  /** All relations of these schemas, in one or a few queries. */
  list(schemas: readonly { readonly database?: string; readonly schema: string }[]): Promise<readonly RelationState[]>;
  /** Those that may have to be made. Where making one takes a right of its own, only those that are not there. */
  missingSchemas<P extends Pick<Relation, 'database' | 'schema'>>(places: readonly P[]): Promise<readonly P[]>;
  /** Columns in their order; undefined: it does not exist. */
  columns(relation: Relation): Promise<readonly Column[] | undefined>;
  /** Views that must be dropped before the relation can be, each after all that it reads; none where views are not bound. */
  dependents(relation: Relation): Promise<readonly Dependent[]>;
  /** Of other tables that refer to it, each behind those that it refers to. */
  foreignKeys(relation: Relation): Promise<readonly ForeignKey[]>;
  /** Those that keep the relation from being dropped, where the server refuses that and does not name them. */
  boundViews(relation: Relation): Promise<readonly Relation[]>;
  /** What others may do with the relation now; nothing where there are no users. */
  rights(relation: Relation): Promise<readonly Right[]>;
  /** The query's columns, without running it. */
  describe(sql: string): Promise<readonly Column[]>;
  close(): Promise<void>;
}

/** What a server said about a statement. `position` is 0-based, in UTF-16 units of the statement's sql. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  constructor(
    message: string,
    readonly details: {
      readonly code?: string;
      readonly position?: number;
      readonly hint?: string;
      readonly transient?: boolean;
      readonly cancelled?: boolean;
      /** Nobody can tell whether the transaction was committed, and it has ended: what it would have changed tells. */
      readonly unsettled?: boolean;
    },
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
