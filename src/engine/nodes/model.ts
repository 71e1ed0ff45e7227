// A model or a snapshot: rendered, planned by its materialization.
import type { TableOptions } from '../../adapters/table-options.ts';
import { ConfigReader } from '../../core/config-reader.ts';
import { CONSTRAINED } from '../../core/constraints.ts';
import type { ModelNode, Node, SnapshotNode } from '../../core/node.ts';
import { fail, type Problem, throwIfAny } from '../../core/problem.ts';
import { type Statement, statement } from '../../core/statement.ts';
import {
  customStrategyPlan,
  type Materialization,
  materializations,
  snapshotOf,
  unknownMaterialization,
} from '../../materializations/index.ts';
import { drive } from '../answer.ts';
import { type Compiled, compileNode, type Situation } from '../compile.ts';
import { keepCompiled } from '../compiled.ts';
import { customStrategy } from '../custom.ts';
import { lintBeforeRun } from '../lint/before-run.ts';
import type { Run } from '../run.ts';
import type { Session } from '../session.ts';
import { heldContract } from './contract.ts';
import { plannedRunner } from './planned.ts';
import { isReshaped } from './reshaped.ts';
import type { Runner } from './runner.ts';
import { askStrategy, ownStrategyMacro } from './snapshot-strategy.ts';

/** A custom one is known to the project, and not to the engine yet. */
const materializationOf = (run: Run, node: ModelNode | SnapshotNode): Materialization =>
  node.resource_type === 'snapshot'
    ? snapshotOf(ownStrategyMacro(run, node) !== undefined)
    : (materializations.get(node.materialized) ?? fail(unknownMaterialization(node, materializations)));

/** full_refresh in a model's config wins over the command line, both ways, as in dbt. A snapshot's rows cannot be had again. */
export const refreshes = (run: Run, node: ModelNode | SnapshotNode): boolean =>
  node.resource_type === 'snapshot'
    ? false
    : typeof node.config.full_refresh === 'boolean'
      ? node.config.full_refresh
      : run.request.fullRefresh;

/** In batches of its event_time. */
export const isMicrobatch = ({ materialized, config }: ModelNode): boolean =>
  materialized === 'incremental' && config.incremental_strategy === 'microbatch';

/** As a statement can carry it in parentheses. */
export const unended = (sql: string): string => sql.trim().replace(/(?:\s*;)+$/, '');

/** The model as SQL, checked as far as can be told before it runs; its compiled file is written. */
export async function compileToRun(
  run: Run,
  node: ModelNode | SnapshotNode,
  situation: Situation,
  session: Session,
  batch?: string,
): Promise<Compiled> {
  const compiled = await drive(compileNode(run, node, situation), async () => session, run.catalog);
  keepCompiled(run, node, compiled, batch);
  if (compiled.sql.trim() === '')
    fail({
      code: 'empty-model',
      at: node.at,
      message: `the ${node.resource_type} '${node.name}' compiles to nothing`,
      hint: 'Give it a select.',
    });
  await lintBeforeRun(run, node, compiled);
  return compiled;
}

export function headerOf({ config }: Pick<Node, 'config'>, { header }: Pick<Compiled, 'header'>): readonly Statement[] {
  const written: unknown = header ?? config.sql_header;
  const text = typeof written === 'string' ? written.trim() : '';
  return text === '' ? [] : [statement(text)];
}

/** What the materialized view that stands there was made of otherwise. */
async function changesOf(
  run: Run,
  node: ModelNode | SnapshotNode,
  sql: string,
  options: TableOptions,
  session: Session,
): Promise<readonly string[]> {
  const { materializedViews } = run.dialect;
  if (!materializedViews) return [];
  const { rows } = await session.read(materializedViews.ask(node.relation, sql));
  return rows[0] ? materializedViews.changes(rows[0], node.relation, sql, options) : [];
}

/** What stands in the warehouse is a view. */
const VIEWS: ReadonlySet<string> = new Set(['view', 'external']);
/** Materializations that are held to a contract. */
const HELD: ReadonlySet<string> = new Set([...CONSTRAINED, ...VIEWS]);

export function modelRunner(run: Run, node: ModelNode | SnapshotNode): Runner {
  return plannedRunner(run, node, async (session, existing, { gated }) => {
    const problems: Problem[] = [];
    const config = new ConfigReader(node.config, { locate: () => node.at, problems });
    const strategy = node.resource_type === 'model' ? customStrategy(run.scope, node) : undefined;
    const configured = strategy === undefined ? materializationOf(run, node).configure(config) : customStrategyPlan(config, strategy);
    const options = run.dialect.tableOptions(config, node.columns);
    throwIfAny(problems);
    const fullRefresh = refreshes(run, node);
    const situation: Situation = { isIncremental: configured.isIncremental(existing, fullRefresh), candidates: new Map() };
    const compiled = await compileToRun(run, node, situation, session);
    const { inPlace, viewsAreUnchecked } = run.dialect;
    const adds = configured.needsColumns(existing, fullRefresh);
    const isView = VIEWS.has(node.materialized);
    const isTable = !isView && node.materialized !== 'materialized_view';
    const compares = configured.comparesViews?.(existing, fullRefresh) === true;
    const sql = unended(compiled.sql);
    return {
      header: headerOf(node, compiled),
      sql,
      async plan(planning) {
        const columns = adds || (inPlace && isTable) ? ((await planning.connection.columns(node.relation)) ?? []) : [];
        // What a query reads need not be there before its first run, of which --dry-run tells.
        const describes = (adds || (isView ? viewsAreUnchecked : isTable && inPlace)) && !(planning.prints && !existing);
        const holds = node.resource_type === 'model' && node.contract && HELD.has(node.materialized);
        const contract = holds && !(planning.prints && !existing) ? await heldContract(run, node, sql, planning) : undefined;
        const incoming = contract?.table && !adds ? contract.columns : describes ? (contract?.given ?? (await planning.describe(sql))) : [];
        const reshaped = node.materialized === 'table' && (await isReshaped(run, existing, options, planning));
        const changes = compares ? await changesOf(run, node, sql, options, planning) : [];
        const macro = node.resource_type === 'snapshot' ? ownStrategyMacro(run, node) : undefined;
        const exists = existing !== undefined;
        const versions =
          macro && node.resource_type === 'snapshot'
            ? await askStrategy(run, node, macro, { situation, sql, exists }, planning)
            : undefined;
        const planned = configured.plan(
          {
            relation: node.relation,
            sql,
            existing,
            columns,
            incoming,
            changes,
            fullRefresh,
            gated,
            options,
            reshaped,
            empty: run.request.empty,
            files: run.credentials.files,
            definition: contract?.table,
            strategy: versions,
          },
          run.dialect,
        );
        return contract ? { ...planned, warnings: [...contract.warnings, ...(planned.warnings ?? [])] } : planned;
      },
      compiled,
      // Not what adds to what is there, or reads it.
      repeatable:
        node.materialized !== 'incremental' &&
        node.materialized !== 'snapshot' &&
        !sql.toLowerCase().includes(node.relation.identifier.toLowerCase()),
      situation,
      options,
      kind: isView ? 'view' : isTable ? 'table' : 'materialized_view',
    };
  });
}
