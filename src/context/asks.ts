// What a template may ask of the warehouse. A host function yields an Ask and is resumed with its answer; the engine
// answers, and nothing asks while parsing.
import type { Relation, RelationState } from '../core/relation.ts';
import type { Column, Result } from '../core/statement.ts';

export type WarehouseAsk =
  /** `outside`: of a transaction, where none is open. */
  | { readonly ask: 'run'; readonly sql: string; readonly outside?: boolean }
  /** What was done so far stays: only a custom materialization has a transaction of its own. */
  | { readonly ask: 'commit' }
  /** The text of a statement. */
  | {
      readonly ask: 'make';
      readonly what: 'table' | 'view' | 'materialized view' | 'refresh';
      readonly relation: Relation;
      readonly sql: string;
    }
  /** Holds the query to the contract of the node. */
  | { readonly ask: 'contract'; readonly sql: string }
  /** The contract's columns and constraints, as `create table` has them behind the name. */
  | { readonly ask: 'contract-body' }
  /** Columns and constraints as properties write them, as SQL. */
  | { readonly ask: 'constraints'; readonly columns: readonly unknown[]; readonly constraints: readonly unknown[] }
  /** What a materialization gives its relation besides rows. */
  | {
      readonly ask: 'adorn';
      readonly what: 'indexes' | 'grants' | 'docs';
      readonly relation: Relation;
      readonly grants?: Readonly<Record<string, unknown>>;
      readonly docs?: { readonly relation: boolean; readonly columns: boolean };
    }
  /** The relation as it stands; undefined: none. */
  | { readonly ask: 'relation'; readonly relation: Relation }
  | { readonly ask: 'columns'; readonly relation: Relation }
  | { readonly ask: 'relations'; readonly database?: string; readonly schema: string }
  | { readonly ask: 'describe'; readonly sql: string }
  /** What stands in the warehouse may be something else than was found. */
  | { readonly ask: 'forget' };

export interface WarehouseAnswers {
  readonly run: Result;
  readonly commit: undefined;
  readonly contract: undefined;
  readonly 'contract-body': string;
  readonly constraints: readonly string[];
  readonly make: string;
  readonly adorn: undefined;
  readonly relation: RelationState | undefined;
  readonly columns: readonly Column[] | undefined;
  readonly relations: readonly RelationState[];
  readonly describe: readonly Column[];
  readonly forget: undefined;
}

/** Yields the request and types its answer: `const result = yield* asks({ ask: 'run', sql })`. */
export function* asks<A extends WarehouseAsk>(request: A): Generator<A, WarehouseAnswers[A['ask']], unknown> {
  return (yield request) as WarehouseAnswers[A['ask']];
}
