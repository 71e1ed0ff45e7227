// How methods of `adapter` ask the warehouse, and what their arguments may be.
import type { Relation, RelationState } from '../core/relation.ts';
import type { Column } from '../core/statement.ts';
import { repr } from '../template/index.ts';
import type { Ask, Callable, TemplateValue } from '../template/types.ts';
import { asks } from './asks.ts';
import { RelationValue } from './relation-value.ts';
import { type Arguments, hostFunction, problemError } from './values.ts';

export type Answering = Generator<Ask, TemplateValue, unknown>;

/** Makes methods that ask; `parsing` is the answer of one while parsing. */
export const askingWhen =
  (execute: boolean) =>
  (name: string, parsing: () => TemplateValue, ask: (args: Arguments) => Answering): Callable =>
    hostFunction(name, (args) => (execute ? ask(args) : parsing()));

export function relationArgument(value: TemplateValue, what: string): Relation {
  if (value instanceof RelationValue && value.relation) return value.relation;
  throw problemError({
    code: 'template-type',
    message: `${what} needs a relation, and got ${repr(value)}`,
    hint: "Pass ref('…'), source('…', '…') or api.Relation.create(…).",
  });
}

export const isTemporary = (value: TemplateValue): value is RelationValue =>
  value instanceof RelationValue &&
  value.relationKind !== 'cte' &&
  value.parts.schema === undefined &&
  value.parts.identifier !== undefined;

export const schemaOf = (value: TemplateValue | undefined): { database?: string; schema: string } | undefined => {
  if (value instanceof RelationValue && value.parts.schema !== undefined) {
    return { schema: value.parts.schema, ...(value.parts.database !== undefined && { database: value.parts.database }) };
  }
  return typeof value === 'string' ? { schema: value } : undefined;
};

export function* existing(relation: Relation): Generator<Ask, RelationState | undefined, unknown> {
  return yield* asks({ ask: 'relation', relation });
}

export function* asked(relation: Relation): Generator<Ask, readonly Column[], unknown> {
  return (yield* asks({ ask: 'columns', relation })) ?? [];
}

/** A temporary table has no schema that could be asked. */
export function* columnsOf(value: TemplateValue): Generator<Ask, readonly Column[], unknown> {
  if (isTemporary(value)) return yield* asks({ ask: 'describe', sql: `select * from ${value.name()}` });
  return yield* asked(relationArgument(value, 'get_columns_in_relation'));
}
