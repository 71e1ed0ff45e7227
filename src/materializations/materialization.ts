// What a materialization is: it reads its own keys once, then plans how a node becomes public. Pure; it cannot query.
import { createHash } from 'node:crypto';
import type { TableDefinition } from '../adapters/constraints.ts';
import type { Dialect } from '../adapters/dialect.ts';
import type { FilePlaces } from '../adapters/output-files.ts';
import type { TableOptions } from '../adapters/table-options.ts';
import type { ConfigReader } from '../core/config-reader.ts';
import type { Plan } from '../core/plan.ts';
import type { Problem } from '../core/problem.ts';
import type { Relation, RelationState } from '../core/relation.ts';
import type { Column } from '../core/statement.ts';
import type { OwnStrategy } from './snapshot-config.ts';

/** A node at the moment it is planned. */
export interface Task {
  readonly relation: Relation;
  /** Compiled. */
  readonly sql: string;
  /** What stands at the relation's place. */
  readonly existing: RelationState | undefined;
  /** Columns of `existing`; asked for only when the materialization says so. */
  readonly columns: readonly Column[];
  /** Columns of `sql`; asked for only when the materialization says so. */
  readonly incoming: readonly Column[];
  readonly fullRefresh: boolean;
  /** What the materialized view that stands there was made of otherwise; asked for only when the materialization says so. */
  readonly changes?: readonly string[];
  /** What a macro of the project says of a snapshot's versions. */
  readonly strategy?: OwnStrategy | undefined;
  /** Nothing was read: --empty. */
  readonly empty?: boolean;
  /** Of the table that is made. */
  readonly options: TableOptions;
  /** What stands there was made with others, and cannot be given these. */
  readonly reshaped: boolean;
  /** The columns and constraints of a table that has a contract. */
  readonly definition?: TableDefinition | undefined;
  /** Where files go; undefined: the target has no such places. */
  readonly files?: FilePlaces | undefined;
  /** Tests must pass before publication: stage beside. Otherwise publication may do all the work in one step. */
  readonly gated: boolean;
}

export interface Planned extends Plan {
  /** For the result: 'CREATE TABLE'. */
  readonly verb: string;
  /** Another relation takes the place of the one that is there, whose rights go with it. */
  readonly replaces?: boolean;
  /** Publication drops the relation, or columns of it: views that are bound to it are in the way. */
  readonly rebinds?: boolean;
  /** Publication drops a table that foreign keys may point to. */
  readonly rekeys?: boolean;
  /** Of the relation as it will be; undefined: those of the query. */
  readonly columns?: readonly Column[];
  /** What the plan decided on the way: columns left out, … */
  readonly warnings?: readonly Problem[];
}

export interface Configured {
  /** `existing` is a table that will be added to: its columns and the query's are needed for the plan. */
  needsColumns(existing: RelationState | undefined, fullRefresh: boolean): boolean;
  /** What stands is a materialized view, and may have been made of another query. */
  readonly comparesViews?: (existing: RelationState | undefined, fullRefresh: boolean) => boolean;
  /** True: `is_incremental()`. */
  isIncremental(existing: RelationState | undefined, fullRefresh: boolean): boolean;
  /** Throws DwhError when the node can't be planned (a schema change that is configured to fail). */
  plan(task: Task, dialect: Dialect): Planned;
}

export interface Materialization {
  readonly name: string;
  /** Why the warehouse has none; undefined: it has. */
  readonly missing?: (dialect: Dialect) => Pick<Problem, 'message' | 'hint'> | undefined;
  /** Once per node; bad keys are reported to the reader's problems. */
  configure(config: ConfigReader): Configured;
}

export type Role = 'next' | 'stage' | 'candidate' | 'mark';
/** In the order in which they can be dropped: a candidate may be a view that is bound to its stage. */
const ROLES: readonly Role[] = ['candidate', 'stage', 'next', 'mark'];

/** The name of a relation beside another: `orders__dwh_next`; cut and made unique by a hash where it would be too long.
 *  `more`: where several of one role stand beside it at once. */
export function besideName(relation: Relation, role: Role, dialect: Dialect, more = ''): Relation {
  const suffix = `__dwh_${role}${more && `_${more}`}`;
  const whole = `${relation.identifier}${suffix}`;
  if (Buffer.byteLength(whole) <= dialect.maxIdentifierBytes) return { ...relation, identifier: whole };
  const mark = createHash('sha256').update(relation.identifier).digest('hex').slice(0, 10);
  let kept = relation.identifier;
  while (Buffer.byteLength(`${kept}_${mark}${suffix}`) > dialect.maxIdentifierBytes) kept = [...kept].slice(0, -1).join('');
  return { ...relation, identifier: `${kept}_${mark}${suffix}` };
}

/** Every place that a plan for the relation may have left something at, after a crash; in the order of dropping. */
export const besideNames = (relation: Relation, dialect: Dialect): readonly Relation[] =>
  ROLES.map((role) => besideName(relation, role, dialect));
