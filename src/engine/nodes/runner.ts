// What the executor does with any node, and the steps of a plan as they are run.
import type { ObjectsRead, RowBatch } from '../../core/copy.ts';
import type { NodeResult } from '../../core/event.ts';
import type { UniqueId } from '../../core/node.ts';
import type { ReadFiles, Step } from '../../core/plan.ts';
import { fail, type Problem } from '../../core/problem.ts';
import type { Relation } from '../../core/relation.ts';
import { type Result, type Statement, statement } from '../../core/statement.ts';
import type { Compiled } from '../compile.ts';
import { type Session, StatementError } from '../session.ts';

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
  /** What comes behind the publication, outside of its transaction: never done again with it. */
  readonly after?: (session: Session) => Promise<void>;
  /** Removes what was staged and will not be published. */
  discard(session: Session): Promise<void>;
  /** With public names, for artifacts; known once it was rendered. */
  readonly compiled: () => Compiled | undefined;
  /** What the statements carry, where it is not `compiled`: a gate test reads a candidate. For the place of an error. */
  readonly executed?: () => Compiled | undefined;
}

/** Who keeps what is found in files besides rows. Called inside the transaction, behind the rows. */
export interface Keeper {
  /** By the exact reader. */
  batch(batch: RowBatch): Promise<void>;
  /** By the warehouse. Returns how many rows it wrote. */
  objects(read: ObjectsRead): Promise<number>;
}

const NO_FILES: Keeper = {
  batch: async () => {},
  objects: () => Promise.reject(new Error('objects are read, and nobody keeps count')),
};

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Rows written. */
async function readInto({ into, columns, batches, shown }: ReadFiles, session: Session, keep: Keeper): Promise<number> {
  let written = 0;
  let say = shown;
  for await (const batch of batches(session.signal)) {
    if (batch.rows > 0) {
      written += (await session.copyIn(into, columns, once(batch.csv), say)).rowCount;
      say = '';
    }
    await keep.batch(batch);
  }
  return written;
}

/** What the warehouse refuses for good is said in the step's own words, where it has some. */
async function runOne(sql: Statement, refused: ((message: string) => Problem) | undefined, session: Session): Promise<Result> {
  try {
    return await session.run(sql);
  } catch (error) {
    if (!refused || !(error instanceof StatementError) || error.cause.details.transient || error.cause.details.cancelled) throw error;
    return fail(refused(error.message), { cause: error });
  }
}

/** Runs steps in order; returns the result of the last statement that wrote or returned rows. */
export async function runSteps(
  steps: Iterable<Step> | AsyncIterable<Step>,
  session: Session,
  keep: Keeper = NO_FILES,
): Promise<Result | undefined> {
  let last: Result | undefined;
  for await (const step of steps) {
    if ('run' in step) {
      const result = await runOne(step.run, step.refused, session);
      const problem = session.prints ? undefined : step.judge?.(result);
      if (problem) fail(problem);
      if (last === undefined || result.rowCount > 0) last = result;
    } else if ('check' in step) {
      const { rows } = await session.run(step.check);
      const problem = session.prints ? undefined : step.judge(rows);
      if (problem) fail(problem);
    } else if ('copy' in step) {
      last = await session.copyIn(step.copy.into, step.copy.columns, step.copy.bytes(), step.copy.shown);
    } else if ('objects' in step) {
      await session.run(step.objects.run);
      if (!session.prints) last = { columns: [], rows: [], rowCount: await keep.objects(step.objects) };
    } else if (session.prints) {
      await session.run(statement(step.read.shown));
    } else {
      last = { columns: [], rows: [], rowCount: await readInto(step.read, session, keep) };
    }
  }
  return last;
}
