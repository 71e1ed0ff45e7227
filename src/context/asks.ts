// What a template may ask of the warehouse. A host function yields an Ask and is resumed with its answer; the engine
// answers, and nothing asks while parsing.
import type { Relation, RelationState } from '../core/relation.ts';
import type { Column, Result } from '../core/statement.ts';

export type WarehouseAsk =
  | { readonly ask: 'run'; readonly sql: string }
  /** The relation as it stands; undefined: none. */
  | { readonly ask: 'relation'; readonly relation: Relation }
  | { readonly ask: 'columns'; readonly relation: Relation }
  | { readonly ask: 'relations'; readonly database?: string; readonly schema: string }
  | { readonly ask: 'describe'; readonly sql: string };

export interface WarehouseAnswers {
  readonly run: Result;
  readonly relation: RelationState | undefined;
  readonly columns: readonly Column[] | undefined;
  readonly relations: readonly RelationState[];
  readonly describe: readonly Column[];
}

/** Yields the request and types its answer: `const result = yield* asks({ ask: 'run', sql })`. */
export function* asks<A extends WarehouseAsk>(request: A): Generator<A, WarehouseAnswers[A['ask']], unknown> {
  return (yield request) as WarehouseAnswers[A['ask']];
}
