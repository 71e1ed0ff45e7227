// A node with a plan, from stage to publication: leftovers go first, what is staged is committed before tests read it,
// publication is one transaction. Models and seeds differ only in how they make their plan.
import type { ModelNode, SeedNode } from '../../core/node.ts';
import type { Step } from '../../core/plan.ts';
import type { Relation, RelationState } from '../../core/relation.ts';
import type { Result } from '../../core/statement.ts';
import { besideNames, type Planned } from '../../materializations/index.ts';
import { type Compiled, PUBLIC, type Situation } from '../compile.ts';
import type { Run } from '../run.ts';
import type { Session } from '../session.ts';
import { runHooks } from './hooks.ts';
import { type Outcome, type Runner, runSteps, type Staging } from './runner.ts';

export interface Making {
  readonly planned: Planned;
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

export function plannedRunner(
  run: Run,
  node: ModelNode | SeedNode,
  make: (session: Session, existing: RelationState | undefined, staging: Staging) => Promise<Making>,
): Runner {
  let making: Making | undefined;
  let gated = false;
  const hooks = (list: ModelNode['pre_hooks'], inside: boolean, session: Session): Promise<void> =>
    runHooks(run, node, list, inside, session, making?.situation ?? PUBLIC);
  const hasInside = [...node.pre_hooks, ...node.post_hooks].some((hook) => hook.transaction);

  /** One statement is its own transaction. */
  const together = async (
    steps: readonly Step[],
    session: Session,
    before: readonly (() => Promise<void>)[],
    after: readonly (() => Promise<void>)[],
  ): Promise<Result | undefined> => {
    const work = async (): Promise<Result | undefined> => {
      for (const each of before) await each();
      const result = await runSteps(steps, session);
      for (const each of after) await each();
      return result;
    };
    return steps.length > 1 || hasInside || !run.dialect.transactionalDdl ? session.transaction(work) : work();
  };

  let staged: Result | undefined;
  return {
    compiled: () => making?.compiled,
    async stage(session, staging) {
      gated = staging.gated;
      await dropLeftovers(run, node.relation, session);
      const existing = await run.catalog.get(node.relation, session.connection);
      making = await make(session, existing, staging);
      await hooks(node.pre_hooks, false, session);
      if (!gated) return undefined;
      staged = await together(making.planned.stage, session, [() => hooks(node.pre_hooks, true, session)], []);
      return making.planned.candidate;
    },
    async publish(session): Promise<Outcome> {
      if (!making) throw new Error(`${node.unique_id} was published before it was staged`);
      const { planned, kind } = making;
      const steps = [...(gated ? [] : planned.stage), ...planned.publish, ...planned.cleanup];
      const result = await together(steps, session, gated ? [] : [() => hooks(node.pre_hooks, true, session)], [
        () => hooks(node.post_hooks, true, session),
      ]);
      run.catalog.set(node.relation, { relation: node.relation, kind });
      await hooks(node.post_hooks, false, session);
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
    async discard(session) {
      if (!making || !gated) return;
      await session.transaction(() => runSteps(making?.planned.cleanup ?? [], session));
    },
  };
}
