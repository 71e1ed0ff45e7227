// A node with a plan, from stage to publication: leftovers go first, the plan is made behind the pre-hooks (it may look at
// what they made), what is staged is committed before tests read it, publication is one transaction. Models and seeds differ
// only in how they make their plan.
import type { Hook, ModelNode, SeedNode } from '../../core/node.ts';
import { runs, type Step } from '../../core/plan.ts';
import { type Relation, type RelationState, relationKey } from '../../core/relation.ts';
import type { Result, Statement } from '../../core/statement.ts';
import { aroundDependents, besideNames, type Planned } from '../../materializations/index.ts';
import { type Compiled, PUBLIC, type Situation } from '../compile.ts';
import type { Run } from '../run.ts';
import type { Session } from '../session.ts';
import { runHooks } from './hooks.ts';
import { type Outcome, type Runner, runSteps, type Staging } from './runner.ts';

export interface Making {
  /** Before anything that reads the query. */
  readonly header: readonly Statement[];
  /** The query that the relation is made of; '' when it is made of none. */
  readonly sql: string;
  /** Asks the warehouse what it needs to know. */
  readonly plan: (session: Session) => Promise<Planned>;
  readonly compiled: Compiled | undefined;
  /** What hooks see. */
  readonly situation: Situation;
  readonly kind: 'table' | 'view';
}

/** What a crash left beside the relation. */
async function dropLeftovers(run: Run, relation: Relation, session: Session): Promise<void> {
  for (const beside of besideNames(relation, run.dialect)) {
    const left = await run.catalog.get(beside, session.connection);
    if (!left) continue;
    for (const sql of run.dialect.drop(left)) await session.run(sql);
    run.catalog.set(beside, undefined);
  }
}

/** A view of this run's own. */
const isRebuilt = (run: Run, relation: Relation): boolean =>
  run.chosen.some((id) => {
    const node = run.manifest.nodes.get(id);
    return node?.resource_type === 'model' && relationKey(node.relation) === relationKey(relation);
  });

export function plannedRunner(
  run: Run,
  node: ModelNode | SeedNode,
  make: (session: Session, existing: RelationState | undefined, staging: Staging) => Promise<Making>,
): Runner {
  let making: Making | undefined;
  let planned: Planned | undefined;
  let gated = false;
  let staged: Result | undefined;
  /** Views that publication drops, and this run makes again. */
  let gone: readonly Relation[] = [];
  const made = (): Making => {
    if (making) return making;
    throw new Error(`${node.unique_id} was published before it was staged`);
  };
  const hooks = (list: readonly Hook[], inside: boolean, session: Session): Promise<void> =>
    runHooks(run, node, list, inside, session, making?.situation ?? PUBLIC);
  const hasInside = (list: readonly Hook[]): boolean => list.some((hook) => hook.transaction);

  const begin = async (session: Session): Promise<Planned> => {
    await hooks(node.pre_hooks, true, session);
    for (const sql of made().header) await session.run(sql);
    planned = await withDependents(await withRights(await made().plan(session), session), session);
    return planned;
  };
  /** Who could read the relation before can read the one in its place. */
  const withRights = async (plan: Planned, session: Session): Promise<Planned> => {
    const rights = plan.replaces ? await session.connection.rights(node.relation) : [];
    return { ...plan, publish: [...plan.publish, ...runs(rights)] };
  };
  const withDependents = async (plan: Planned, session: Session): Promise<Planned> => {
    const dependents = plan.rebinds ? await session.connection.dependents(node.relation) : [];
    if (dependents.length === 0) return plan;
    const columns = plan.columns ?? (await session.describe(made().sql));
    const around = aroundDependents(
      plan,
      { relation: node.relation, columns, dependents, isRebuilt: (one) => isRebuilt(run, one) },
      run.dialect,
    );
    gone = around.gone;
    return around.plan;
  };
  /** One statement is its own transaction. */
  const together = (steps: readonly Step[], session: Session): Promise<Result | undefined> =>
    steps.length > 1 ? session.transaction(() => runSteps(steps, session)) : runSteps(steps, session);

  /** From nothing to the steps that `take` picks of the plan. */
  const fromStart = async (
    session: Session,
    take: (plan: Planned) => readonly Step[],
    after: readonly Hook[],
  ): Promise<Result | undefined> => {
    if (!hasInside(node.pre_hooks) && !hasInside(after) && made().header.length === 0) return together(take(await begin(session)), session);
    return session.transaction(async () => {
      const result = await runSteps(take(await begin(session)), session);
      await hooks(after, true, session);
      return result;
    });
  };

  const publishStaged = async (session: Session, { publish, cleanup }: Planned): Promise<Result | undefined> => {
    if (!hasInside(node.post_hooks)) return together([...publish, ...cleanup], session);
    return session.transaction(async () => {
      const result = await runSteps([...publish, ...cleanup], session);
      await hooks(node.post_hooks, true, session);
      return result;
    });
  };

  return {
    compiled: () => making?.compiled,
    async stage(session, staging) {
      gated = staging.gated;
      await dropLeftovers(run, node.relation, session);
      const existing = await run.catalog.get(node.relation, session.connection);
      making = await make(session, existing, staging);
      await hooks(node.pre_hooks, false, session);
      if (!gated) return undefined;
      staged = await fromStart(session, (plan) => plan.stage, []);
      return planned?.candidate;
    },
    async publish(session): Promise<Outcome> {
      const { kind } = made();
      const result =
        gated && planned
          ? await publishStaged(session, planned)
          : await fromStart(session, ({ stage, publish, cleanup }) => [...stage, ...publish, ...cleanup], node.post_hooks);
      run.catalog.set(node.relation, { relation: node.relation, kind });
      for (const relation of gone) run.catalog.set(relation, undefined);
      if (!planned) throw new Error(`${node.unique_id} has no plan`);
      const rows = kind === 'view' ? undefined : (gated && (staged?.rowCount ?? 0) > 0 ? staged : result)?.rowCount;
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
      if (planned && gated) await together(planned.cleanup, session);
    },
  };
}
