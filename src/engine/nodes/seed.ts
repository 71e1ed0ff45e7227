// A seed: its CSV read again when it runs, typed, and planned as a table.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigReader, isMapping } from '../../core/config-reader.ts';
import type { SeedNode } from '../../core/node.ts';
import { type Problem, throwIfAny } from '../../core/problem.ts';
import { type SeedRows, seedPlan, seedRows } from '../../materializations/index.ts';
import { PUBLIC } from '../compile.ts';
import type { Run } from '../run.ts';
import { plannedRunner } from './planned.ts';
import { isReshaped } from './reshaped.ts';
import type { Runner } from './runner.ts';

/** Throws DwhError when the file cannot be read. */
export function rowsOfSeed(run: Run, node: SeedNode): SeedRows {
  const types = node.config.column_types;
  return seedRows(readFileSync(join(run.request.projectDir, node.at.file)), {
    file: node.at.file,
    delimiter: typeof node.config.delimiter === 'string' ? node.config.delimiter : ',',
    columnTypes: new Map(isMapping(types) ? Object.entries(types).map(([name, type]) => [name, String(type)]) : []),
    columnType: run.dialect.columnType,
    // As in dbt, names keep their case unless it is said that they need no quotes.
    columnName: node.config.quote_columns === false ? run.dialect.unquoted : (name) => name,
  });
}

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
