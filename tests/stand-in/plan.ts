// A statement that the grammar admitted → what Postgres is asked, in one unit. Pure.
import type { NodeOf, QualifiedName, Statement } from '../../src/lint/redshift/index.ts';
import { commandSteps } from './commands.ts';
import {
  alterSteps,
  createFunctionSteps,
  createTableAsSteps,
  createTableSteps,
  createViewSteps,
  filled,
  materializedViewSteps,
} from './definitions.ts';
import { grantSteps } from './grants.ts';
import { settingSteps } from './settings.ts';
import { text } from './translate/names.ts';
import { type Piece, type Translated, Untranslated } from './translate/pieces.ts';
import { relationSql } from './translate/relations.ts';
import { type Context, contextOf, type Facts, translate } from './translate/translate.ts';

export interface Step {
  readonly sql: Translated;
  /** Its answer is the statement's. */
  readonly answers: boolean;
  /** Of the answer, where it is not Postgres' own. */
  readonly tag?: string;
}

export interface Planner {
  readonly context: Context;
  readonly sql: string;
  run(piece: Piece, at: number): Step;
  /** What the statement answers. */
  answer(piece: Piece, at: number, tag?: string): Step;
  /** For another text: the body of a function. */
  within(sql: string): Planner;
  relation(name: QualifiedName): string;
  /** A literal that Postgres reads as a relation. */
  regclass(name: QualifiedName): string;
}

export function planner(sql: string, facts: Facts, tree?: Statement): Planner {
  const context = contextOf(sql, tree, facts);
  const step = (piece: Piece, at: number, answers: boolean, tag?: string): Step => ({
    sql: translate(piece, context, at),
    answers,
    ...(tag !== undefined && { tag }),
  });
  const relation = (name: QualifiedName): string => relationSql(name, facts.database);
  return {
    context,
    sql,
    within: (text) => planner(text, facts),
    run: (piece, at) => step(piece, at, false),
    answer: (piece, at, tag) => step(piece, at, true, tag),
    relation,
    regclass: (name) => `cast(${text(relation(name))} as regclass)`,
  };
}

/** Not for transactions, COPY and what is done by the session itself. */
export function stepsOf(statement: Statement, plan: Planner): readonly Step[] {
  switch (statement.kind) {
    case 'insert':
      return [plan.answer(statement, statement.start), filled(statement.table, plan)];
    case 'query':
    case 'update':
    case 'delete':
      return [plan.answer(statement, statement.start)];
    case 'merge':
      if (statement.action.kind === 'remove-duplicates') throw new Untranslated('REMOVE DUPLICATES', statement.action.start);
      return [plan.answer(statement, statement.start)];
    case 'create-table':
      return createTableSteps(statement, plan);
    case 'create-table-as':
      return createTableAsSteps(statement, plan);
    case 'create-view':
      return createViewSteps(statement, plan);
    case 'create-materialized-view':
      return materializedViewSteps(statement, plan);
    case 'create-routine':
      return createFunctionSteps(statement, plan);
    case 'alter-table':
      return alterSteps(statement, plan);
    case 'set':
      return settingSteps(statement, plan);
    case 'grant':
    case 'revoke':
      return grantSteps(statement, plan);
    case 'explain':
      return explained(statement, plan);
    case 'command':
      return commandSteps(statement, plan);
    default:
      throw new Untranslated(statement.kind.replaceAll('-', ' ').toUpperCase(), statement.start);
  }
}

function explained({ statement, start, verbose }: NodeOf<'explain'>, plan: Planner): readonly Step[] {
  return [plan.answer([`explain ${verbose ? 'verbose ' : ''}`, statement as Piece], start)];
}

/** Writers to one table wait for each other. https://docs.aws.amazon.com/redshift/latest/dg/c_write_readwrite.html */
export function written(statement: Statement): QualifiedName | undefined {
  return ['insert', 'update', 'delete', 'merge', 'copy'].includes(statement.kind)
    ? (statement as NodeOf<'insert' | 'update' | 'delete' | 'merge' | 'copy'>).table
    : undefined;
}
