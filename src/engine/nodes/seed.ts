// A seed: its CSV read again when it runs, typed, and planned as a table.
import { ConfigReader } from '../../core/config-reader.ts';
import type { SeedNode } from '../../core/node.ts';
import { type Problem, throwIfAny } from '../../core/problem.ts';
import { seedPlan } from '../../materializations/index.ts';
import { PUBLIC } from '../compile.ts';
import type { Run } from '../run.ts';
import { plannedRunner } from './planned.ts';
import { isReshaped } from './reshaped.ts';
import type { Runner } from './runner.ts';
import { rowsOfSeed } from './seed-file.ts';

export function seedRunner(run: Run, node: SeedNode): Runner {
  return plannedRunner(run, node, async (_session, existing) => {
    const problems: Problem[] = [];
    const options = run.dialect.tableOptions(new ConfigReader(node.config, { locate: () => node.at, problems }), node.columns);
    throwIfAny(problems);
    const rows = rowsOfSeed(run, node);
    return {
      header: [],
      sql: '',
      async plan(session) {
        const { connection } = session;
        const reshaped = await isReshaped(run, existing, options, session);
        const columns = run.dialect.inPlace ? ((await connection.columns(node.relation)) ?? []) : [];
        const { fullRefresh } = run.request;
        return seedPlan(
          { relation: node.relation, existing, columns, fullRefresh, reshaped, rows, options, file: node.at.file },
          run.dialect,
        );
      },
      compiled: undefined,
      repeatable: true,
      situation: PUBLIC,
      options,
      kind: 'table',
    };
  });
}
