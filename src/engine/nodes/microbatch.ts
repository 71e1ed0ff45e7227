// A microbatch model: the batches that a run has to make, each compiled for its time. Where nothing must be held back and nothing
// is replaced as a whole, each is public when it is done; else all of them are staged, and become public together.
import type { TableOptions } from '../../adapters/table-options.ts';
import { type BatchResults, batchName, batchResultsOf, type Span } from '../../core/batch.ts';
import { ConfigReader } from '../../core/config-reader.ts';
import type { ModelNode } from '../../core/node.ts';
import { type Problem, throwIfAny } from '../../core/problem.ts';
import type { Relation, RelationState } from '../../core/relation.ts';
import type { Request } from '../../core/request.ts';
import {
  type BatchedConfig,
  batchesOf,
  batchPlan,
  customStrategyPlan,
  heapPlan,
  heapSteps,
  incrementalConfig,
  type Task,
} from '../../materializations/index.ts';
import type { Compiled, Situation } from '../compile.ts';
import { customStrategy } from '../custom.ts';
import { problemOf } from '../problems.ts';
import { retried } from '../retry.ts';
import type { Run } from '../run.ts';
import type { Session } from '../session.ts';
import { type Batches, runBatches } from './batches.ts';
import { heldContract } from './contract.ts';
import { runHooks } from './hooks.ts';
import { settled } from './lost-commit.ts';
import { compileToRun, headerOf, refreshes, unended } from './model.ts';
import { dropLeftovers, type Making, plannedRunner } from './planned.ts';
import { type Outcome, type Runner, runSteps, type Staging } from './runner.ts';

/** As the incremental model says; undefined: it is no microbatch model. */
function batchedConfig(run: Run, node: ModelNode): { readonly config: BatchedConfig; readonly options: TableOptions } {
  const problems: Problem[] = [];
  const reader = new ConfigReader(node.config, { locate: () => node.at, problems });
  const config = incrementalConfig(reader);
  const options = run.dialect.tableOptions(reader, node.columns);
  throwIfAny(problems);
  const { batches } = config;
  if (!batches) throw new Error(`${node.unique_id} has no batches`);
  return { config: { ...config, batches }, options };
}

/** A batch that reads the table itself has to see what the one before it left there. */
const readsItself = (node: ModelNode): boolean => /\{[{%](?:(?![}%]\}).)*\bthis\b/s.test(node.raw_code);

/** What became of the batches of the run that `retry` goes on with, when some of them came about and others did not. */
function earlierBatches({ retry }: Request, node: ModelNode): BatchResults | undefined {
  const row = retry?.results.find(({ unique_id }) => unique_id === node.unique_id);
  const results = batchResultsOf(row?.batch_results);
  return results && results.successful.length > 0 && results.failed.length > 0 ? results : undefined;
}

interface Begun {
  readonly batches: Batches;
  /** What stood there when it began. */
  readonly existing: RelationState | undefined;
  readonly fullRefresh: boolean;
  readonly isIncremental: boolean;
  readonly gated: boolean;
  readonly spare: Staging['spare'];
}

export function microbatchRunner(run: Run, node: ModelNode): Runner {
  const { request, dialect } = run;
  const { config, options } = batchedConfig(run, node);
  const { size } = config.batches;
  /** The macro of the project that brings the rows of a batch in. */
  const macro = customStrategy(run.scope, node);
  let begun: Begun | undefined;
  /** Publishes what all batches put together. */
  let whole: Runner | undefined;
  /** Of the model's contract. */
  let constraintWarnings: readonly Problem[] | undefined;
  const compiledOf = new Map<Span, Compiled>();
  const lastCompiled = (): Compiled | undefined => [...compiledOf.values()].at(-1);
  const nameOf = (span: Span): string => batchName(span.start, size);
  const started = (): Begun => {
    if (begun) return begun;
    throw new Error(`${node.unique_id} was published before it was staged`);
  };

  const situationOf = (span: Span, isIncremental: boolean): Situation => ({
    isIncremental,
    candidates: new Map(),
    batch: { span, size },
  });
  /** The query's columns and the table's, as far as they can be asked for. */
  const taskOf = async (sql: string, existing: RelationState | undefined, table: Relation, session: Session): Promise<Task> => {
    const { fullRefresh, gated } = started();
    const columns = existing?.kind === 'table' ? await session.connection.columns(table) : [];
    // What --dry-run would have made is not there to be looked at.
    const blind = session.prints && !columns?.length;
    const contract = node.contract && !blind ? await heldContract(run, node, sql, session) : undefined;
    constraintWarnings ??= contract?.warnings;
    const makes = existing?.kind !== 'table' || fullRefresh;
    const incoming = blind ? [] : contract ? (makes ? contract.columns : contract.given) : await session.describe(sql);
    const known = columns?.length ? columns : incoming;
    const { relation } = node;
    const definition = contract?.table;
    return { relation, sql, existing, columns: known, incoming, fullRefresh, options, reshaped: false, gated, definition };
  };
  /** Of the constraints that the warehouse does not hold, once. */
  const warningsOf = (warnings: readonly Problem[] = []): readonly Problem[] => [...(constraintWarnings ?? []), ...warnings];

  const begin = async (session: Session, { gated, spare }: Staging): Promise<Begun> => {
    const existing = await run.catalog.get(node.relation, session.connection);
    const earlier = existing && earlierBatches(request, node);
    const fullRefresh = refreshes(run, node) && !earlier;
    const isIncremental = existing?.kind === 'table' && !fullRefresh;
    const asked = request.sample ?? request.eventTime;
    const spans = earlier?.failed ?? batchesOf(config.batches, asked, request.retry?.startedAt ?? request.startedAt, isIncremental);
    const parallel = macro === undefined && dialect.writesTogether && (config.batches.concurrent ?? !readsItself(node));
    const batches = { spans, parallel, earlier: earlier?.successful ?? [], successful: [], failed: [] };
    return { batches, existing, fullRefresh, isIncremental, gated, spare };
  };

  /** In a transaction of its own, which also makes it public. */
  async function publishBatch(span: Span, index: number, session: Session): Promise<void> {
    const { batches, isIncremental, fullRefresh } = started();
    const hooked: ModelNode = {
      ...node,
      pre_hooks: index === 0 ? node.pre_hooks : [],
      post_hooks: index === batches.spans.length - 1 ? node.post_hooks : [],
    };
    const make = async (session: Session, existing: RelationState | undefined): Promise<Making> => {
      const situation = situationOf(span, isIncremental || (index > 0 && (!fullRefresh || macro !== undefined)));
      const compiled = await compileToRun(run, node, situation, session, nameOf(span));
      compiledOf.set(span, compiled);
      const sql = unended(compiled.sql);
      return {
        header: headerOf(node, compiled),
        sql,
        async plan(planning) {
          const task = await taskOf(sql, existing, node.relation, planning);
          if (macro === undefined) return batchPlan(task, config, span, dialect);
          const ofNode = new ConfigReader(node.config, { locate: () => node.at, problems: [] });
          return customStrategyPlan(ofNode, macro).plan({ ...task, fullRefresh: fullRefresh && index === 0 }, dialect);
        },
        options,
        compiled,
        repeatable: macro === undefined,
        situation,
        kind: 'table',
      };
    };
    const runner = plannedRunner(run, hooked, make);
    await runner.stage(session, { gated: false, candidates: new Map(), spare: () => undefined });
    const published = await runner.publish(session);
    const warnings = warningsOf(published.warnings);
    if (index === 0 && warnings.length > 0) run.emit({ type: 'problems', problems: warnings });
    await runner.after?.(session);
  }

  /** Beside the table, behind the batches that are there. */
  async function heapBatch(span: Span, index: number, session: Session): Promise<void> {
    const { batches, existing, isIncremental, fullRefresh } = started();
    // As where each is public: there is a table by then, though not where the model itself could look for it.
    const situation = situationOf(span, isIncremental || (index > 0 && !fullRefresh && !readsItself(node)));
    const compiled = await compileToRun(run, node, situation, session, nameOf(span));
    compiledOf.set(span, compiled);
    const sql = unended(compiled.sql);
    for (const header of headerOf(node, compiled)) await session.run(header);
    const steps = heapSteps(await taskOf(sql, existing, node.relation, session), config, span, batches.successful.length === 0, dialect);
    await settled(session, steps.length, () => runSteps(steps, session), 'alike');
  }

  /** Each in turn, tried again where it was refused for the moment only; what it ran is written to a file of its own. */
  const batchesRun = (session: Session, work: (span: Span, index: number, session: Session) => Promise<void>): Promise<void> => {
    const { batches, spare } = started();
    const one = async (span: Span, index: number, own: Session): Promise<void> => {
      const before = own.shown.length;
      try {
        await retried(
          () => work(span, index, own),
          () => run.catalog.forget(),
          own.signal,
        );
      } finally {
        if (!own.prints) run.files.writeRun(node, own.shown.slice(before), nameOf(span));
      }
    };
    const told = (error: unknown, span: Span): Problem =>
      problemOf(error, { node, compiled: compiledOf.get(span), compiledPath: undefined, projectDir: request.projectDir });
    return runBatches(batches, one, { session, spare, name: nameOf, told, say: run.emit, clock: run.deps.clock, label: node.name });
  };

  /** All of them beside, then one plan for what they come to. */
  async function stageWhole(session: Session, staging: Staging): Promise<Relation | undefined> {
    const { batches, existing, isIncremental } = started();
    const first = batches.spans[0];
    const situation = first ? situationOf(first, isIncremental) : undefined;
    await dropLeftovers(run, node.relation, session);
    if (situation) {
      await runHooks(run, node, node.pre_hooks, false, session, situation);
      if (node.pre_hooks.some((hook) => hook.transaction))
        await session.transaction(() => runHooks(run, node, node.pre_hooks, true, session, situation));
    }
    await batchesRun(session, heapBatch);
    // What replaces a whole table has all of it.
    if (batches.successful.length === 0 || (batches.failed.length > 0 && existing && !isIncremental)) {
      batches.failed.push(...batches.successful.splice(0));
      run.catalog.forget();
      await dropLeftovers(run, node.relation, session);
      throw batches.error;
    }
    const make = async (): Promise<Making> => {
      const sql = lastCompiled()?.sql ?? '';
      return {
        header: [],
        sql,
        plan: async (planning) =>
          heapPlan(await taskOf(unended(sql), existing, node.relation, planning), config, batches.successful, dialect),
        options,
        compiled: undefined,
        repeatable: false,
        situation: situation ?? { isIncremental, candidates: new Map() },
        kind: 'table',
      };
    };
    whole = plannedRunner(run, { ...node, pre_hooks: [] }, make, { begun: true });
    return whole.stage(session, staging);
  }

  const results = (): BatchResults | undefined => {
    const { successful, failed, earlier } = begun?.batches ?? { successful: [], failed: [], earlier: [] };
    const inOrder = (list: readonly Span[]): Span[] => [...list].sort((a, b) => a.start - b.start);
    return begun && { successful: [...inOrder(successful), ...earlier], failed: inOrder(failed) };
  };

  function outcome(published: Partial<Outcome>): Outcome {
    const { batches } = started();
    const [done, all] = [batches.successful.length, batches.spans.length];
    const common = { adapterResponse: {}, relationName: dialect.relationName(node.relation), warnings: published.warnings ?? [] };
    if (done === all) return { ...common, status: 'success', message: 'SUCCESS' };
    return {
      ...common,
      status: 'partial success',
      message: `PARTIAL SUCCESS (${done}/${all})`,
      ...(batches.problem && { problem: batches.problem }),
    };
  }

  return {
    compiled: () => undefined,
    executed: () => compiledOf.get(begun?.batches.failed[0] ?? begun?.batches.spans[0] ?? { start: 0, end: 0 }),
    batches: results,
    async stage(session, staging) {
      begun = await begin(session, staging);
      const { existing, isIncremental } = begun;
      // A table that has some of its batches only would be taken for whole by the next run. What a macro does, and what a batch reads
      // of those before it, is in the table itself.
      const beside = staging.gated || (!isIncremental && (existing !== undefined || !readsItself(node)));
      return beside && macro === undefined ? stageWhole(session, staging) : undefined;
    },
    async publish(session) {
      if (whole) {
        const published = await whole.publish(session);
        return outcome({ ...published, warnings: warningsOf(published.warnings) });
      }
      const { batches } = started();
      await batchesRun(session, publishBatch);
      if (batches.successful.length === 0) throw batches.error;
      return outcome({});
    },
    async after(session) {
      await whole?.after?.(session);
    },
    async discard(session) {
      await whole?.discard(session);
      if (!begun) return;
      const { batches } = begun;
      batches.failed.push(...batches.successful.splice(0));
    },
  };
}
