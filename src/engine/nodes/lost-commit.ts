// A commit whose answer was lost, on a warehouse that cannot be asked what became of it: the catalogue tells. What a
// transaction makes beside the relation is there when it was committed, what it takes away is gone. Redshift's transactions
// change its catalogue all or not at all. https://docs.aws.amazon.com/redshift/latest/dg/r_BEGIN.html
import { DatabaseError } from '../../adapters/adapter.ts';
import { runs } from '../../core/plan.ts';
import type { Relation, RelationState } from '../../core/relation.ts';
import { besideName, besideNames } from '../../materializations/index.ts';
import { repeatable, retried } from '../retry.ts';
import type { Run } from '../run.ts';
import { type Session, StatementError } from '../session.ts';
import { runSteps } from './runner.ts';

const isUnsettled = (error: unknown): error is StatementError => error instanceof StatementError && error.cause.details.unsettled === true;

/** Says whether the commit happened; 'alike': `work` comes out the same when it is done again; undefined: only the server can tell. */
export type Happened = (() => Promise<boolean>) | 'alike' | undefined;

/** `work` in a transaction, and its value also when the commit was not answered. What did not happen, whoever retries does again. */
export async function settled<T>(session: Session, statements: number, work: () => Promise<T>, happened: Happened): Promise<T> {
  if (happened === undefined) return session.together(statements, work);
  if (happened === 'alike') return repeatable(() => session.together(statements, work));
  let done: { readonly value: T } | undefined;
  try {
    return await session.together(statements, async () => {
      const value = await work();
      done = { value };
      return value;
    });
  } catch (error) {
    if (!done || !isUnsettled(error)) throw error;
    if (await retried(happened, () => {}, session.signal)) return done.value;
    throw new DatabaseError('the connection was lost during a commit, which did not happen', { transient: true }, { cause: error });
  }
}

/** Whether anything stands beside the relation now. */
export async function hasBeside(run: Run, relation: Relation, session: Session): Promise<boolean> {
  run.catalog.forget();
  for (const beside of besideNames(relation, run.dialect)) if (await run.catalog.get(beside, session.connection)) return true;
  return false;
}

/**
 * For work that has nothing beside it before it begins, and must not be done twice: a mark is made, which `work` takes away in
 * its transaction.
 */
export async function behindMark<T>(
  run: Run,
  relation: Relation,
  session: Session,
  work: (takeAway: () => Promise<unknown>) => Promise<T>,
): Promise<T> {
  const mark: RelationState = { relation: besideName(relation, 'mark', run.dialect), kind: 'table' };
  for (const sql of run.dialect.createTable(mark.relation, [{ name: 'n', type: 'integer' }])) await session.run(sql);
  const drop = runs(run.dialect.drop(mark));
  try {
    return await work(() => runSteps(drop, session));
  } catch (error) {
    // What it leaves, the next run drops.
    await runSteps(drop, session).catch(() => undefined);
    throw error;
  }
}
