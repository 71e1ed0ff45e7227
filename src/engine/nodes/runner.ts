// What the executor does with any node, and the steps of a plan as they are run.
import type { NodeResult } from '../../core/event.ts';
import type { UniqueId } from '../../core/node.ts';
import type { Step } from '../../core/plan.ts';
import { DwhError, fail, type Problem } from '../../core/problem.ts';
import type { Relation } from '../../core/relation.ts';
import type { Result } from '../../core/statement.ts';
import type { Compiled } from '../compile.ts';
import type { Session } from '../session.ts';

export type Outcome = Pick<NodeResult, 'status' | 'message' | 'adapterResponse'> &
  Partial<Pick<NodeResult, 'failures' | 'sample' | 'rejects' | 'problem' | 'warnings' | 'relationName'>>;

export interface Staging {
  /** Tests must pass between stage and publish. */
  readonly gated: boolean;
  /** Instead of public relations: what a gate test reads. */
  readonly candidates: ReadonlyMap<UniqueId, Relation>;
}

export interface Runner {
  /** Renders and stages; what is staged is committed when this returns. Returns what gate tests read instead of the public relation. */
  stage(session: Session, staging: Staging): Promise<Relation | undefined>;
  /** Makes the staged work public. A runner whose stage did all the work only reports. */
  publish(session: Session): Promise<Outcome>;
  /** Removes what was staged and will not be published. */
  discard(session: Session): Promise<void>;
  /** With public names, for artifacts; known once it was rendered. */
  readonly compiled: () => Compiled | undefined;
  /** What the statements carry, where it is not `compiled`: a gate test reads a candidate. For the place of an error. */
  readonly executed?: () => Compiled | undefined;
}

/** Runs steps in order; returns the result of the last statement that wrote or returned rows. */
export async function runSteps(steps: readonly Step[], session: Session): Promise<Result | undefined> {
  let last: Result | undefined;
  for (const step of steps) {
    if ('run' in step) {
      const result = await session.run(step.run);
      if (last === undefined || result.rowCount > 0) last = result;
    } else if ('check' in step) {
      const problem = step.judge((await session.run(step.check)).rows);
      if (problem) fail(problem);
    } else {
      last = await session.copyIn(step.copy.into, step.copy.columns, step.copy.bytes(), step.copy.shown);
    }
  }
  return last;
}

export const problemsError = (problems: readonly Problem[]): DwhError | undefined => {
  const [first, ...rest] = problems.filter((problem) => problem.severity !== 'warning');
  return first && new DwhError([first, ...rest]);
};
