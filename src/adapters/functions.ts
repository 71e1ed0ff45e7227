// Functions of the user's own, where a warehouse has them.
import type { FunctionArgument } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import type { Statement } from '../core/statement.ts';

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
