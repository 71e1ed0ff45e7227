// What catalog.json and `source freshness` ask of a warehouse.
import type { Relation } from '../core/relation.ts';
import type { Row, Statement } from '../core/statement.ts';

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

/** When rows came into a table, where the server remembers that. */
export interface LastWritten {
  /** Its number: one row; none: it is not there. */
  id(relation: Relation): Statement;
  /** One time, UTC; null: the server does not know. */
  at(id: number): Statement;
  /** Why it may not know. */
  readonly why: string;
}
