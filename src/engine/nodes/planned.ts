// A node with a plan, from stage to publication: leftovers go first, the plan is made behind the pre-hooks (it may look at
// what they made), what is staged is committed before tests read it, publication is one transaction. Models and seeds differ
// only in how they make their plan.
import type { TableOptions } from '../../adapters/table-options.ts';
import type { Hook, ModelNode, Node, SeedNode, SnapshotNode } from '../../core/node.ts';
import { runs, type Step } from '../../core/plan.ts';
import { type Relation, type RelationState, relationKey } from '../../core/relation.ts';
import type { Column, Result, Statement } from '../../core/statement.ts';
import { neighboursOf } from '../../graph/neighbours.ts';
import {
  aroundPublication,
  besideNames,
  docsAsked,
  docsSteps,
  grantSteps,
  grantsAsked,
  type Planned,
} from '../../materializations/index.ts';
import { type Compiled, PUBLIC, type Situation } from '../compile.ts';
import type { Run } from '../run.ts';
import type { Session } from '../session.ts';
import { runHooks } from './hooks.ts';
import { namingViews } from './in-the-way.ts';
import { behindMark, type Happened, hasBeside, settled } from './lost-commit.ts';
import { type Outcome, type Runner, runSteps, type Staging, type StepsAround } from './runner.ts';
import { strategyStatement } from './strategy.ts';

/** Hooks may be any number of statements. */
const SEVERAL = 2;

export interface Making {
  /** Before anything that reads the query. */
  readonly header: readonly Statement[];
  /** The query that the relation is made of; '' when it is made of none. */
  readonly sql: string;
  /** Asks the warehouse what it needs to know. */
  readonly plan: (session: Session) => Promise<Planned>;
  readonly compiled: Compiled | undefined;
  /** Made twice, it comes out as made once. */
  readonly repeatable: boolean;
  /** What hooks see. */
  readonly situation: Situation;
  readonly kind: 'table' | 'view' | 'materialized_view';
  readonly options: TableOptions;
}

/** What a crash left beside the relation. */
export async function dropLeftovers(run: Run, relation: Relation, session: Session): Promise<void> {
  for (const beside of besideNames(relation, run.dialect)) {
    const left = await run.catalog.get(beside, session.connection);
    if (!left) continue;
    const drops = runs(run.dialect.drop(left));
    await settled(session, drops.length, () => runSteps(drops, session), 'alike');
    run.catalog.set(beside, undefined);
  }
}

/** A view that this run makes later: a model, or the failures that a test keeps. */
function isRebuilt(run: Run, { unique_id }: Node, relation: Relation): boolean {
  const key = (one: Relation): string => relationKey(one, run.dialect.ignoresCase);
  const behind = neighboursOf(run.manifest).descendants(new Set([unique_id]));
  return run.chosen.some((id) => {
    const node = behind.has(id) ? run.manifest.nodes.get(id) : undefined;
    return node !== undefined && 'relation' in node && key(node.relation) === key(relation);
  });
}

export function plannedRunner(
  run: Run,
  node: ModelNode | SeedNode | SnapshotNode,
  make: (session: Session, existing: RelationState | undefined, staging: Staging) => Promise<Making>,
  /** What is there already of what will be published stands beside. */
  { begun = false }: { readonly begun?: boolean } = {},
): Runner {
  let making: Making | undefined;
  let planned: Planned | undefined;
  let gated = false;
  let staged: Result | undefined;
  /** The query's columns: asked for behind its header, which publication on another connection has not run. */
  let described: readonly Column[] | undefined;
  /** Views that publication drops, and this run makes again. */
  let gone: readonly Relation[] = [];
  const made = (): Making => {
    if (making) return making;
    throw new Error(`${node.unique_id} was published before it was staged`);
  };
  const hooks = (list: readonly Hook[], inside: boolean, session: Session): Promise<void> =>
    runHooks(run, node, list, inside, session, making?.situation ?? PUBLIC);
  const hasInside = (list: readonly Hook[]): boolean => list.some((hook) => hook.transaction);

  const rendered: StepsAround['rendered'] = (call, session) => strategyStatement(run, node, made().situation, call, session);

  const begin = async (session: Session): Promise<Planned> => {
    await hooks(node.pre_hooks, true, session);
    for (const sql of made().header) await session.run(sql);
    described = undefined;
    planned = await made().plan(session);
    // A view that could not come back is found before any work is done.
    await around(planned, session);
    return planned;
  };
  /** What publication needs besides its own steps: the views that are bound to the relation, and who has rights on it. */
  const around = async (plan: Planned, session: Session): Promise<ReturnType<typeof aroundPublication>> => {
    const dependents = plan.rebinds ? await session.connection.dependents(node.relation) : [];
    const rights = plan.replaces ? await session.connection.rights(node.relation) : [];
    const foreignKeys =
      plan.rekeys || (plan.replaces && run.dialect.altersConstraints) ? await session.connection.foreignKeys(node.relation) : [];
    const asks = dependents.length > 0 || rights.some(({ column }) => column !== undefined);
    if (asks) described ??= plan.columns ?? (await session.describe(made().sql));
    const columns = described ?? [];
    const rebuilt = (relation: Relation): boolean => isRebuilt(run, node, relation);
    return aroundPublication({ relation: node.relation, columns, dependents, rights, foreignKeys, isRebuilt: rebuilt }, run.dialect);
  };
  const grants = grantsAsked(node, run.dialect).size > 0;
  const docs = docsAsked(node);
  const adorns = grants || docs.relation || docs.columns;
  /** Grants and comments, by what the relation has once it is in its place. */
  async function* adornments(session: Session): AsyncGenerator<Step> {
    const { kind, options } = made();
    const columns = docs.columns && !session.prints ? await session.connection.columns(node.relation) : undefined;
    yield* docsSteps(node, { relation: node.relation, kind }, columns, options, run.dialect);
    if (grants) yield* grantSteps(node, await session.connection.rights(node.relation), run.dialect);
  }
  /** Views and rights are asked for when it begins: while tests ran, others may have come. */
  async function* publication(plan: Planned, session: Session): AsyncGenerator<Step> {
    const { before, after, gone: dropped } = await around(plan, session);
    gone = dropped;
    yield* before;
    yield* plan.publish;
    yield* after;
    yield* adornments(session);
    yield* plan.cleanup;
  }
  async function* wholePlan(plan: Planned, session: Session): AsyncGenerator<Step> {
    yield* plan.stage;
    yield* publication(plan, session);
  }
  const isStaged = (session: Session): Promise<boolean> => hasBeside(run, node.relation, session);
  /** Publication takes away what stands beside. */
  const isPublished = async (session: Session): Promise<boolean> => !(await isStaged(session));

  /** From nothing to what is staged, or to the end; `first` in the transaction. */
  const fromStart = async (
    session: Session,
    end: 'staged' | 'published',
    happened: Happened,
    first: () => Promise<unknown> = async () => {},
  ): Promise<Result | undefined> => {
    const after = end === 'published' ? node.post_hooks : [];
    const work = (plan: Planned): Promise<Result | undefined> =>
      runSteps(end === 'published' ? wholePlan(plan, session) : plan.stage, session, { rendered });
    const inTransaction = (statements: number, all: () => Promise<Result | undefined>): Promise<Result | undefined> =>
      settled(session, statements, () => first().then(all), happened);
    const done = async (plan: Planned): Promise<Result | undefined> => {
      const result = await work(plan);
      if (end === 'published') arrived();
      await hooks(after, true, session);
      return result;
    };
    // What a hook or a header makes, the plan may look at. Else the transaction begins with what it changes.
    if (hasInside(node.pre_hooks) || made().header.length > 0) return inTransaction(SEVERAL, async () => done(await begin(session)));
    const plan = await begin(session);
    const { stage, publish, cleanup } = plan;
    const steps = end === 'published' ? [...stage, ...publish, ...cleanup] : stage;
    return inTransaction(hasInside(after) || (adorns && end === 'published') ? SEVERAL : steps.length, () => done(plan));
  };

  /** Hooks that look for the relation, or drop it, find what was made, though it is not committed yet. */
  const arrived = (): void => {
    run.catalog.set(node.relation, { relation: node.relation, kind: made().kind });
    for (const relation of gone) run.catalog.set(relation, undefined);
  };
  /** Committed: others may have listed what was there before. What a hook made of it is found by a look. */
  const committed = (staleBefore: number): void => (run.catalog.staleCount === staleBefore ? arrived() : run.catalog.forget());

  const standsThere = async (relation: Relation, session: Session): Promise<boolean> => {
    run.catalog.forget();
    return (await run.catalog.get(relation, session.connection)) !== undefined;
  };
  const stageAlone = (session: Session): Promise<Result | undefined> =>
    fromStart(session, 'staged', () => (begun && planned ? standsThere(planned.candidate, session) : isStaged(session)));
  type Publish = (happened: Happened, first?: () => Promise<unknown>) => Promise<Result | undefined>;
  /** Nothing stands beside when it begins. */
  const unstaged = (session: Session, publish: Publish): Promise<Result | undefined> => {
    const { repeatable, header } = made();
    const alike = repeatable && header.length === 0 && !hasInside(node.pre_hooks) && !hasInside(node.post_hooks);
    if (alike) return publish('alike');
    if (run.dialect.knowsOutcomes) return publish(undefined);
    return behindMark(run, node.relation, session, (takeAway) => publish(() => isPublished(session), takeAway));
  };
  const publishWhole = (session: Session): Promise<Result | undefined> =>
    begun
      ? fromStart(session, 'published', () => isPublished(session))
      : unstaged(session, (happened, first) => fromStart(session, 'published', happened, first));
  const publishStaged = (session: Session, plan: Planned): Promise<Result | undefined> => {
    const publish: Publish = (happened, first = async () => {}) =>
      settled(
        session,
        SEVERAL,
        async () => {
          await first();
          // A view's query is sent once more, maybe on another connection.
          if (made().kind !== 'table') for (const sql of made().header) await session.run(sql);
          const result = await runSteps(publication(plan, session), session, { rendered });
          arrived();
          await hooks(node.post_hooks, true, session);
          return result;
        },
        happened,
      );
    return plan.stage.length === 0 && !begun ? unstaged(session, publish) : publish(() => isPublished(session));
  };

  return {
    compiled: () => making?.compiled,
    async stage(session, staging) {
      gated = staging.gated;
      if (!begun) await dropLeftovers(run, node.relation, session);
      const existing = await run.catalog.get(node.relation, session.connection);
      making = await make(session, existing, staging);
      await hooks(node.pre_hooks, false, session);
      if (!gated) return undefined;
      staged = await stageAlone(session);
      return planned?.candidate;
    },
    async publish(session): Promise<Outcome> {
      const { kind } = made();
      const plan = gated ? planned : undefined;
      const { staleCount } = run.catalog;
      const result = await namingViews(run, node.relation, session, () =>
        plan ? publishStaged(session, plan) : publishWhole(session),
      ).catch((error: unknown) => {
        run.catalog.forget();
        throw error;
      });
      committed(staleCount);
      if (!planned) throw new Error(`${node.unique_id} has no plan`);
      const rows = kind !== 'table' ? undefined : (gated && (staged?.rowCount ?? 0) > 0 ? staged : result)?.rowCount;
      return {
        status: 'success',
        message: rows === undefined ? planned.verb : `${planned.verb} (${rows} row${rows === 1 ? '' : 's'})`,
        adapterResponse: {
          _message: rows === undefined ? planned.verb : `${planned.verb} ${rows}`,
          code: planned.verb,
          ...(rows !== undefined && { rows_affected: rows }),
        },
        warnings: planned.warnings ?? [],
        relationName: run.dialect.relationName(node.relation),
      };
    },
    ...(node.post_hooks.some((hook) => !hook.transaction) && { after: (session: Session) => hooks(node.post_hooks, false, session) }),
    async discard(session) {
      if (!planned || !gated) return;
      const { cleanup } = planned;
      await settled(session, cleanup.length, () => runSteps(cleanup, session), 'alike');
    },
  };
}
