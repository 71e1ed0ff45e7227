// A node's compiled SQL as the statement that a run makes of it → what the linter finds, at the node's own lines.
import { ConfigReader } from '../../core/config-reader.ts';
import type { Location } from '../../core/location.ts';
import type { Node } from '../../core/node.ts';
import type { Finding } from '../../lint/redshift/finding.ts';
import { functionStatement } from '../../materializations/index.ts';
import type { Compiled } from '../compile.ts';
import type { Run } from '../run.ts';
import { knownRelations } from './known.ts';

export interface NodeFinding {
  readonly finding: Finding;
  /** undefined: not in the user's text. */
  readonly at: Location | undefined;
  /** Turns offsets of the statement into those of the compiled text. */
  readonly shift: number;
}

const query = (sql: string): string => sql.trim().replace(/(?:\s*;)+$/, '');

function statementOf(run: Run, node: Node, sql: string): string {
  if (node.resource_type === 'test' && node.test_kind !== 'question') return `select count(*) from (\n${sql}\n) as dbt_internal_test`;
  if (node.resource_type === 'function') return functionStatement(node, sql, run.dialect).sql;
  if ((node.resource_type !== 'model' && node.resource_type !== 'snapshot') || node.materialized === 'ephemeral') return sql;
  const { dialect } = run;
  // What is wrong with the config is said where the node is planned.
  const options = dialect.tableOptions(new ConfigReader(node.config, { locate: () => node.at, problems: [] }), node.columns);
  const made =
    node.materialized === 'view'
      ? dialect.createView(node.relation, sql, options)
      : node.materialized === 'materialized_view' && dialect.materializedViews
        ? dialect.materializedViews.create(node.relation, sql, options)
        : dialect.createTableAs(node.relation, sql, options);
  return made.find((one) => one.sql.includes(sql))?.sql ?? sql;
}

export async function lintCompiled(run: Run, node: Node, compiled: Compiled): Promise<readonly NodeFinding[]> {
  const sql = query(compiled.sql);
  if (sql === '') return [];
  const linter = await run.linter();
  const found = async (text: string): Promise<readonly NodeFinding[]> => {
    const from = text.indexOf(sql);
    const shift = compiled.sql.indexOf(sql) - from;
    return (await linter(text, { known: run.known() }))
      .flatMap(({ findings }) => findings)
      .map((finding) => {
        const { offset } = finding;
        // Behind the end is where something is missing.
        const own = offset >= from && offset <= from + sql.length;
        return { finding, shift, at: own ? compiled.locate(offset + shift) : undefined };
      });
  };
  const whole = await found(statementOf(run, node, sql));
  // To the statement the body is a text.
  if (node.resource_type === 'function') return [...whole, ...(await found(sql))];
  if (node.resource_type !== 'test') return whole;
  // What counts the rows gives no cause for warnings, nor does what dwh wrote.
  const warnings = node.test_kind === 'generic' ? [] : (await found(sql)).filter(({ finding }) => finding.severity === 'warning');
  return [...whole.filter(({ finding }) => finding.severity === 'error'), ...warnings];
}

/** A hook's text, which may be any number of statements; where it is written is not known any more. */
export async function lintHook(run: Run, sql: string, inTransaction: boolean): Promise<readonly NodeFinding[]> {
  const linter = await run.linter();
  const linted = await linter(sql, { known: run.known(), inTransaction });
  return linted
    .flatMap(({ findings }) => findings)
    .map(({ repair: _, ...finding }) => {
      const message = `in the hook “${shortened(sql)}” at ${finding.line}:${finding.column}: ${finding.message}`;
      return { finding: { ...finding, message }, shift: 0, at: undefined };
    });
}

const shortened = (sql: string): string => {
  const line = sql.trim().replaceAll(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
};

export const knownOf = (run: Pick<Run, 'manifest'>): Run['known'] => {
  let known: ReturnType<typeof knownRelations> | undefined;
  return () => {
    known ??= knownRelations(run.manifest);
    return known;
  };
};
