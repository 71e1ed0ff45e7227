// A server that refuses to drop what views are bound to, and does not say which ones: its catalogue does.
import { DwhError } from '../../core/problem.ts';
import type { Relation } from '../../core/relation.ts';
import { boundViews } from '../../materializations/index.ts';
import type { Run } from '../run.ts';
import { type Session, StatementError } from '../session.ts';

/** dependent_objects_still_exist. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const DEPENDENTS = '2BP01';

/** Names them, where that is why `work` failed. */
export async function namingViews<T>(run: Run, relation: Relation, session: Session, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StatementError) || error.cause.details.code !== DEPENDENTS) throw error;
    const views = await session.connection.boundViews(relation).catch(() => []);
    if (views.length === 0) throw error;
    throw new DwhError([boundViews(views, relation, error.message, run.dialect)], { cause: error });
  }
}
