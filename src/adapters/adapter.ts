// What differs between warehouses, in two halves: a Dialect is SQL text (pure), an Adapter opens connections (I/O).

import type { ConfigReader } from '../core/config-reader.ts';
import type { ConstraintType } from '../core/constraints.ts';
import type { Location } from '../core/location.ts';
import type { ColumnSpec, CopySpec, FunctionArgument } from '../core/node.ts';
import type { Problem } from '../core/problem.ts';
import type { Relation, RelationState } from '../core/relation.ts';
import type { Column, Result, Row, Statement } from '../core/statement.ts';
import type { Linter, LintMode } from '../lint/linter.ts';

/** What a node's config says of its table or view beyond the columns, in the adapter's own words. */
export type TableOptions = Readonly<Record<string, unknown>>;

export interface KeyPair {
  readonly target: string;
  readonly staged: string;
  /** Of both sides; '' when an expression's type is not known. */
  readonly type: string;
}

/** When a row of the target and a staged row are partners, as SQL over the two names that a statement gives them. */
export type Match = (
  target: string,
  staged: string,
) => {
  /** Compared null-safely. */
  readonly keys: readonly KeyPair[];
  /** Conditions on both sides, on the target alone (its columns may stand without a name before them), on the staged row alone. */
  readonly both: readonly string[];
  readonly onTarget: readonly string[];
  readonly onStaged: readonly string[];
};

/** What a table was made with, beside what its config says now. */
export interface TableChanges {
  /** Whether the config says anything of it: else the table may be as it is. */
  matter(options: TableOptions): boolean;
  ask(relation: Relation): Statement;
  /** `rows`: the answer; none: it cannot be told, and the table stays. */
  changed(rows: readonly Row[], options: TableOptions): boolean;
}

/** What a warehouse makes of a constraint: holds rows to it, notes it only, or does not take it. */
export type ConstraintSupport = 'enforced' | 'not enforced' | 'not supported';

/** A table whose columns and constraints are written out. */
export interface TableDefinition {
  /** `constraints`: as they stand behind the type. */
  readonly columns: readonly (Column & { readonly constraints: readonly string[] })[];
  /** `sql`: without its name. `isKey`: it has an index, of whose name there is one in the schema. */
  readonly constraints: readonly { readonly name: string | undefined; readonly sql: string; readonly isKey: boolean }[];
}

export const FUNCTION_TYPES = ['scalar', 'table', 'aggregate'] as const;

/** A function of the user's own. */
export interface FunctionDefinition {
  readonly relation: Relation;
  readonly type: (typeof FUNCTION_TYPES)[number];
  readonly arguments: readonly FunctionArgument[];
  readonly returns: string;
  /** Absent: the warehouse decides. */
  readonly volatility?: 'immutable' | 'stable' | 'volatile';
  readonly body: string;
}

export interface Functions {
  readonly types: readonly FunctionDefinition['type'][];
  /** Arguments may have default values. */
  readonly haveDefaults: boolean;
  /** In place of the one that stands there. */
  create(definition: FunctionDefinition): Statement;
}

/** A table that refers to another: the warehouse does not let that one go while it does. */
export interface ForeignKey {
  readonly table: Relation;
  /** Before the other goes; what the table held is kept. */
  readonly release: readonly Statement[];
  /** Makes it as it was; refused where rows have no partner. */
  readonly restore: readonly Statement[];
  /** The same without a look at the rows: the table will be built anew. */
  readonly restoreUnchecked: readonly Statement[];
}

/** SQL text: what differs between warehouses. Pure; never touches the network. */
export interface Dialect {
  readonly name: string;
  /** Adapters whose macros serve this one too, nearest first: redshift has postgres. */
  readonly parents: readonly string[];
  /** DDL can be rolled back. */
  readonly transactionalDdl: boolean;
  /** `create or replace` makes a table or a view anew in one step, whatever its columns were: readers see the old rows or the new ones. */
  readonly replaces: boolean;
  /**
   * Rows of a table that keeps its columns are exchanged inside it, so that nobody finds it missing: readers of a renamed
   * table would.
   */
  readonly inPlace: boolean;
  /** Transactions that change different rows of one table do not hinder one another. */
  readonly writesTogether: boolean;
  /** An `incremental_strategy` that there is not stops every run, as in dbt's adapter; else those that add rows. */
  readonly needsStrategy: boolean;
  /** A view is made without a look at what it reads: its query has to be described for a mistake to be found. */
  readonly viewsAreUnchecked: boolean;
  /** Several processes may write at once; else the warehouse itself keeps a second one off. */
  readonly isShared: boolean;
  /** Ends a query: nobody changes the rows that it read, as they are now, until the transaction ends. undefined: nothing does that. */
  readonly holdsRows: string | undefined;
  /** The server knows what became of a transaction whose commit it did not answer. */
  readonly knowsOutcomes: boolean;
  /** Reads files by itself in SQL, with read_json and read_parquet: clean files need not pass through our reader. */
  readonly readsFiles: boolean;
  readonly maxIdentifierBytes: number;
  /** Names that differ in case only are one name, quoted or not. */
  readonly ignoresCase: boolean;
  /** A name as it is stored when it is written without quotes. */
  unquoted(name: string): string;
  /** The schema of a profile that names none. */
  readonly defaultSchema: string;
  quote(identifier: string): string;
  /** A list or an object, as JSON writes it, as a value of the type: a struct, an array, a document. */
  fromJson(json: string, type: string): string;
  /** What a literal is cast to so that all of it stays: a type without a size, or with room. Others as they are. */
  roomyType(type: string): string;
  /** A type as templates see it, where adapters of dbt spell it otherwise than the dialect does. */
  templateType(type: string): string;
  /** `dtype` of a column has the arguments of its type: `DECIMAL(18,3)`. */
  readonly typesAreWhole: boolean;
  /** A statement may name relations of another database than the target's. */
  readonly reachesDatabases: boolean;
  /** A string literal. */
  literal(text: string): string;
  /**
   * What stands in the `with` that a query begins with, and the query behind it: for a query that is to stand in another `with`.
   * undefined: it may stand there as it is.
   */
  leadingWith?(sql: string): { readonly queries: string; readonly reads: string } | undefined;
  /** Quoted, with its schema, and its database when it has one. */
  relationName(relation: Relation): string;
  /** Both sides are of `type`; '' is an expression of unknown type. */
  nullSafeEquals(left: string, right: string, type: string): string;
  createSchema(place: Pick<Relation, 'database' | 'schema'>): readonly Statement[];
  /** With everything in it; only for `adapter.drop_schema` of a template. */
  dropSchema(place: Pick<Relation, 'database' | 'schema'>): readonly Statement[];
  /** Reads the keys that only this warehouse knows; bad ones are reported to the reader's problems. */
  tableOptions(config: ConfigReader, columns: readonly ColumnSpec[]): TableOptions;
  createTable(relation: Relation, columns: readonly Column[], options?: TableOptions): readonly Statement[];
  /** `columns`: those of the query, where `inPlace`. */
  createTableAs(relation: Relation, sql: string, options?: TableOptions, columns?: readonly Column[]): readonly Statement[];
  /** What becomes of constraints of a contract. */
  readonly constraints: Readonly<Record<Exclude<ConstraintType, 'custom'>, ConstraintSupport>>;
  /** Constraints can be dropped, added and renamed while their table stays, and follow it to another name. */
  readonly altersConstraints: boolean;
  /** What two types that a contract takes for one have in common. */
  contractType(type: string): string;
  /** What `defineTable` has in parentheses: columns, then constraints. */
  tableParts(table: TableDefinition, options?: TableOptions): readonly string[];
  defineTable(relation: Relation, table: TableDefinition, options?: TableOptions): readonly Statement[];
  /** How a foreign key names the table that it points to, of the same database as its own. */
  referencedName(relation: Relation): string;
  /** Only where `altersConstraints`. */
  renameConstraint(relation: Relation, from: string, to: string): readonly Statement[];
  /** What a table that is made as `made` and will be called `relation` needs besides: indexes, and their names. */
  furnish(
    made: Relation,
    relation: Relation,
    options: TableOptions,
  ): { readonly stage: readonly Statement[]; readonly publish: readonly Statement[] };
  /** Only where `replaces`. */
  replaceTableAs(relation: Relation, sql: string): readonly Statement[];
  readonly functions: Functions;
  createView(relation: Relation, sql: string, options?: TableOptions): readonly Statement[];
  /** Only where `replaces`. */
  replaceView(relation: Relation, sql: string): readonly Statement[];
  /** undefined: the warehouse has none. */
  readonly materializedViews: MaterializedViews | undefined;
  /** Only where a table has more than its columns that it cannot be given while it stays. */
  readonly tableChanges?: TableChanges;
  drop(state: RelationState): readonly Statement[];
  rename(state: RelationState, to: string): readonly Statement[];
  /** Rows of `target` that have a partner in `staged`. */
  deleteUsing(target: Relation, staged: Relation, match: Match): readonly Statement[];
  /** Rows of `staged` into `target`: `update` columns of partners, else a new row of all `columns`. */
  merge(target: Relation, staged: Relation, match: Match, columns: readonly string[], update: readonly string[]): readonly Statement[];
  addColumns(relation: Relation, columns: readonly Column[]): readonly Statement[];
  dropColumns(relation: Relation, columns: readonly string[]): readonly Statement[];
  alterColumnType(relation: Relation, column: Column): readonly Statement[];
  /** '' takes it away. */
  commentOn(state: RelationState, text: string): readonly Statement[];
  /** As `commentOn`; none where the relation's columns cannot have any. */
  commentOnColumn(state: RelationState, column: string, text: string, options?: TableOptions): readonly Statement[];
  readonly catalog: CatalogQuestions;
  /** undefined: there are no users. */
  readonly grants: Grants | undefined;
  /** A condition: `text` has a match of `pattern` (a SQL expression) anywhere in it. Flags: '' or 'i'. */
  regexMatches(text: string, pattern: string, flags: '' | 'i'): string;
  /** The clock as a timestamp without time zone, in the session's zone; usable in queries over tables. */
  readonly currentTimestamp: string;
  /** Only where the warehouse loads objects of S3 by itself. */
  readonly copies?: ObjectCopies;
  /** Only where rows cannot be locked: holds off every other transaction that asks for it or for the table's rows. */
  readonly lockTable?: (relation: Relation) => Statement;
  /** What the driver of dbt answers to a query of so many rows: `adapter_response` of a test. */
  selected(rows: number): Readonly<Record<string, unknown>>;
  /** The type as the dialect spells it, for a type as a project writes it ('string', 'timestamp', 'varchar(256)', 'int'). */
  columnType(written: string): string;
}

type Place = Pick<Relation, 'database' | 'schema'>;

/** A figure that the warehouse keeps of a table. */
export interface TableStat {
  readonly id: string;
  readonly label: string;
  readonly value: string | number | boolean;
  readonly description: string;
}

/** What stands in schemas, described: questions for catalog.json. */
export interface CatalogQuestions {
  /** [database, schema, name, type, comment, owner], of each relation. */
  relations(places: readonly Place[]): Statement;
  /** [database, schema, relation, name, index, type, comment], of each column, in order. */
  columns(places: readonly Place[]): Statement;
  /** undefined: the warehouse keeps none. It may not be for everyone. */
  readonly stats?: {
    /** The first two are schema and name. */
    ask(places: readonly Place[]): Statement;
    of(row: Row): readonly TableStat[];
  };
}

/** Objects of S3, as one COPY names them. */
export interface CopySource {
  /** 's3://bucket/key' of a manifest, or the beginning of the objects' own places. */
  readonly url: string;
  readonly isManifest: boolean;
  /** How each object of it is packed: 'gzip'. */
  readonly packed: string | undefined;
  /** Of their bucket, where it is known. */
  readonly region: string | undefined;
}

/** What a COPY was refused for, as far as its message tells. */
export type CopyRefusal = { readonly of: 'records' } | { readonly of: 'object' | 'place'; readonly hint: string };

/** A warehouse that loads objects of S3 by itself: what it is told, and what it is asked afterwards. */
export interface ObjectCopies {
  /** What cannot stand under `load:`. */
  problems(spec: CopySpec): readonly Problem[];
  /** By the ending of a key; undefined: as it is. */
  packing(key: string): string | undefined;
  /** It may pass over records, and go on. */
  mayRefuse(spec: CopySpec): boolean;
  copyInto(relation: Relation, columns: readonly Column[], spec: CopySpec, source: CopySource, work: WorkPlace): Statement;
  /** One row: the id of the session's last copy, and the rows that it loaded. */
  readonly last: Statement;
  /** [file, lines read] of what these copies read. */
  filesOf(copies: readonly string[]): Statement;
  /** [copy, errors] of those that the server's records of loads already name. */
  errorCounts(copies: readonly string[]): Statement;
  /** [file, line, column or '', reason] of each record that was refused. */
  errorsOf(copies: readonly string[]): Statement;
  /** Names of files are cut behind so many bytes there. */
  readonly fileNameBytes: number;
  /** undefined: the message says all there is. */
  refusal(message: string): CopyRefusal | undefined;
}

/** Where what the warehouse is to read can be put, and as whom it reads. */
export interface WorkPlace {
  /** 's3://bucket/prefix/'; undefined: there is none. */
  readonly uri: string | undefined;
  /** 'default', or an ARN; where a load names none. */
  readonly iamRole: string;
  /** Where the profile says so. */
  readonly at: Location;
}

/** Queries whose rows the warehouse keeps, and makes anew when it is told to. */
export interface MaterializedViews {
  /** One that was built beside can take another's name. */
  readonly renames: boolean;
  create(relation: Relation, sql: string, options: TableOptions): readonly Statement[];
  refresh(relation: Relation, options: TableOptions): readonly Statement[];
  /** One row, for `changes`: what the one that stands there was made of. */
  ask(relation: Relation, sql: string): Statement;
  /** What it would be made of otherwise now: 'query'; none: a refresh makes it what it should be. */
  changes(row: Row, relation: Relation, sql: string, options: TableOptions): readonly string[];
}

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

/** A view that is bound to a relation: the warehouse lets that one go only together with it. */
export interface Dependent {
  readonly state: RelationState;
  /** Makes it as it was, with its rights and comments, once what it reads is there again. */
  readonly remake: readonly Statement[];
  readonly reads: readonly { readonly relation: Relation; readonly column: string | undefined }[];
}

/** Who can be given rights. `kind` is 'user' where the warehouse does not tell them apart; the name of 'public' is ''. */
export interface Grantee {
  readonly kind: 'user' | 'group' | 'role' | 'public';
  /** As it is stored. */
  readonly name: string;
}

export interface Grants {
  /** As a project writes it: a name, in double quotes or not, with the kind before it where there are kinds. */
  grantee(written: string): Grantee;
  grant(relation: Relation, privilege: string, to: readonly Grantee[]): Statement;
  revoke(relation: Relation, privilege: string, from: readonly Grantee[]): Statement;
  /** Who has what on all of the relation: rows of grantee and privilege_type. */
  ask(relation: Relation): Statement;
}

/** Of a user, a group or everyone on a relation. */
export interface Right {
  readonly grantee: Grantee;
  /** Lower-case: 'select'. */
  readonly privilege: string;
  /** Gives it again to a relation of the same name. */
  readonly grant: Statement;
  /** undefined: on all columns. */
  readonly column: string | undefined;
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
