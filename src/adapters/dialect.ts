// What differs between warehouses in SQL text. What speaks to them is the Adapter (adapter.ts).
import type { ConfigReader } from '../core/config-reader.ts';
import type { ColumnSpec } from '../core/node.ts';
import type { Relation, RelationState } from '../core/relation.ts';
import type { Column, Statement } from '../core/statement.ts';
import type { CatalogQuestions, LastWritten } from './catalog.ts';
import type { Constraints, TableDefinition } from './constraints.ts';
import type { ObjectCopies } from './copies.ts';
import type { Functions } from './functions.ts';
import type { Match } from './match.ts';
import type { MaterializedViews } from './materialized-views.ts';
import type { FileTables } from './output-files.ts';
import type { Grants } from './rights.ts';
import type { TableChanges, TableOptions } from './table-options.ts';

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
  readonly constraints: Constraints;
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
  /** Only where the warehouse writes files by itself. */
  readonly fileTables?: FileTables;
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
  /** undefined: the warehouse keeps no such time. */
  readonly lastWritten?: LastWritten;
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
