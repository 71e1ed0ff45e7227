// What the executor does with any node, and the steps of a plan as they are run.
import type { BatchResults } from '../../core/batch.ts';
import type { FileCount, ObjectsRead, Reject, RowBatch } from '../../core/copy.ts';
import type { NodeResult } from '../../core/event.ts';
import type { UniqueId } from '../../core/node.ts';
import type { MacroCall, ReadFiles, Step } from '../../core/plan.ts';
import { fail, type Problem } from '../../core/problem.ts';
import type { Relation } from '../../core/relation.ts';
import { type Result, type Statement, statement } from '../../core/statement.ts';
import type { Compiled } from '../compile.ts';
import { type Session, StatementError } from '../session.ts';

export type Outcome = Pick<NodeResult, 'status' | 'message' | 'adapterResponse'> &
  Partial<Pick<NodeResult, 'failures' | 'sample' | 'difference' | 'rejects' | 'problem' | 'warnings' | 'relationName'>>;

export interface Staging {
  /** Tests must pass between stage and publish. */
  readonly gated: boolean;
  /** Instead of public relations: what a gate test reads. */
  readonly candidates: ReadonlyMap<UniqueId, Relation>;
  /** Work on a connection that nobody waits for, beside the node's own; undefined: there is none at the moment. */
  readonly spare: <T>(work: (session: Session) => Promise<T>) => Promise<T> | undefined;
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
  /** Of a microbatch model, so far. It writes its own files below target/run/, one for each. */
  readonly batches?: () => BatchResults | undefined;
  /** What the statements carry, where it is not `compiled`: a gate test reads a candidate. For the place of an error. */
  readonly executed?: () => Compiled | undefined;
}

/** Who keeps what is found in files besides rows. Called inside the transaction, behind the rows. */
export interface Keeper {
  /** By the exact reader. */
  batch(batch: Pick<RowBatch, 'rejects' | 'done'>): Promise<void>;
  /** By the warehouse. Returns how many rows it wrote. */
  objects(read: ObjectsRead): Promise<number>;
}

const NO_FILES: Keeper = {
  batch: async () => {},
  objects: () => Promise.reject(new Error('objects are read, and nobody keeps count')),
};

/**
 * Rows written. One copy goes on from batch to batch, so that the warehouse works while the next one is read; it ends with a
 * batch that has refused records, which are kept before more is written.
 */
async function readInto({ into, columns, batches, shown }: ReadFiles, session: Session, keep: Keeper): Promise<number> {
  const reader = batches(session.signal)[Symbol.asyncIterator]();
  let written = 0;
  let say = shown;
  try {
    for (let next = await reader.next(); !next.done; ) {
      const done: FileCount[] = [];
      let rejects: readonly Reject[] = [];
      const goOn = async (batch: RowBatch): Promise<void> => {
        done.push(...batch.done);
        rejects = batch.rejects;
        next = await reader.next();
      };
      const rows = async function* (): AsyncGenerator<Uint8Array> {
        while (!next.done && rejects.length === 0) {
          const batch = next.value;
          if (batch.rows > 0) yield batch.csv;
          await goOn(batch);
        }
      };
      if (next.value.rows > 0) {
        written += (await session.copyIn(into, columns, rows(), say)).rowCount;
        say = '';
      } else await goOn(next.value);
      await keep.batch({ rejects, done });
    }
  } finally {
    await reader.return?.();
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

export interface StepsAround {
  readonly keep?: Keeper;
  /** The statements that a macro makes of what it is told. */
  readonly rendered?: (call: MacroCall, session: Session) => Promise<Statement>;
}

/** Runs steps in order; returns the result of the last statement that wrote or returned rows. */
export async function runSteps(
  steps: Iterable<Step> | AsyncIterable<Step>,
  session: Session,
  { keep = NO_FILES, rendered }: StepsAround = {},
): Promise<Result | undefined> {
  let last: Result | undefined;
  for await (const step of steps) {
    if ('run' in step) {
      const result = await runOne(step.run, step.refused, session);
      const problem = session.prints ? undefined : step.judge?.(result);
      if (problem) fail(problem);
      if (!step.aside && (last === undefined || result.rowCount > 0)) last = result;
    } else if ('check' in step) {
      const { rows } = await session.run(step.check);
      const problem = session.prints ? undefined : step.judge(rows);
      if (problem) fail(problem);
    } else if ('template' in step) {
      if (!rendered) throw new Error(`nobody calls ${step.template.macro}`);
      const result = await session.run(await rendered(step.template, session));
      if (last === undefined || result.rowCount > 0) last = result;
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
