// A database in memory where plans of materializations are carried out as the engine does it.

import { DatabaseError } from '../../src/adapters/adapter.ts';
import { duckdbDialect as dialect } from '../../src/adapters/duckdb/dialect.ts';
import { ConfigReader } from '../../src/core/config-reader.ts';
import { uniqueId } from '../../src/core/node.ts';
import type { Step } from '../../src/core/plan.ts';
import { DwhError, type Problem, throwIfAny } from '../../src/core/problem.ts';
import type { Relation } from '../../src/core/relation.ts';
import { type Column, type Row, statement } from '../../src/core/statement.ts';
import { runSteps } from '../../src/engine/nodes/runner.ts';
import { openSession, type Session, StatementError } from '../../src/engine/session.ts';
import { materializations, type Planned, snapshot, type Task } from '../../src/materializations/index.ts';
import { openTarget } from '../adapters/duckdb-target.ts';

export type Config = Readonly<Record<string, unknown>>;

export interface Contents {
  readonly columns: readonly Column[];
  /** As JSON, in one order. */
  readonly rows: readonly string[];
}

export interface Ground {
  readonly session: Session;
  /** One or several statements. */
  run(sql: string): Promise<readonly Row[]>;
  /** What is in a relation. */
  contents(relation: Relation): Promise<Contents>;
  /** Names of all relations. */
  relations(): Promise<readonly string[]>;
  plan(materialized: string, config: Config, task: Pick<Task, 'relation' | 'sql'> & Partial<Task>): Promise<Planned>;
  /** In one transaction. */
  carryOut(steps: readonly Step[]): Promise<void>;
  close(): Promise<void>;
}

export const main = (identifier: string): Relation => ({ schema: 'main', identifier });

export async function ground(): Promise<Ground> {
  const warehouse = await openTarget({ path: ':memory:' });
  const connection = await warehouse.connect();
  const session = openSession(connection, uniqueId('model', 'shop', 'orders'), () => {}, new AbortController().signal);
  const run = async (sql: string): Promise<readonly Row[]> => (await connection.run(statement(sql))).rows;
  return {
    session,
    run,
    async contents(relation) {
      const columns = (await connection.columns(relation)) ?? [];
      const rows = await run(`select * from ${dialect.relationName(relation)}`);
      const text = (row: Row): string => JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? String(value) : value));
      return { columns, rows: rows.map(text).sort() };
    },
    relations: async () => (await connection.list([{ schema: 'main' }])).map((state) => state.relation.identifier).sort(),
    async plan(materialized, config, task) {
      const problems: Problem[] = [];
      const chosen = materialized === 'snapshot' ? snapshot : materializations.get(materialized);
      const configured = chosen?.configure(new ConfigReader(config, { locate: () => undefined, problems }));
      throwIfAny(problems);
      if (!configured) throw new Error(`there is no materialization ${materialized}`);
      const columns = await connection.columns(task.relation);
      const existing = columns && { relation: task.relation, kind: 'table' as const };
      const incoming = await connection.describe(task.sql);
      return configured.plan(
        { existing, columns: columns ?? [], incoming, fullRefresh: false, reshaped: false, gated: true, options: {}, ...task },
        dialect,
      );
    },
    carryOut: (steps) => session.transaction(async () => void (await runSteps(steps, session))),
    close: () => warehouse.close(),
  };
}

/** What the database or a judge said; undefined: all went well. */
export async function refusal(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof DwhError || error instanceof StatementError || error instanceof DatabaseError) return error.message;
    throw error;
  }
}
