// Runs a schedule: one task per step, which waits for the moments it depends on, then for one of the `threads` connections.
// A gated node stages, lets its tests read the candidate, and publishes only when all of them passed.

import { setMaxListeners } from 'node:events';
import type { NodeResult, Status } from '../core/event.ts';
import type { Node, UniqueId } from '../core/node.ts';
import type { Relation } from '../core/relation.ts';
import type { Schedule, Step, Wait } from '../graph/schedule.ts';
import { heldBack } from './held-back.ts';
import { hookOutcome } from './nodes/hook-node.ts';
import type { Outcome, Runner, Staging } from './nodes/runner.ts';
import { problemOf } from './problems.ts';
import { queryComment } from './query-comment.ts';
import { relationNameOf } from './relation-name.ts';
import { retried } from './retry.ts';
import type { Run } from './run.ts';
import { openSession, printingSession, type Session } from './session.ts';
import type { Slots } from './slots.ts';
import type { QueryComment } from './with-comment.ts';

interface Moments {
  /** Each settles once: true when the moment came, false when it can no longer come. */
  readonly staged: Promise<boolean>;
  readonly published: Promise<boolean>;
  readonly passed: Promise<boolean>;
  came(moment: Wait['until'], happened: boolean): void;
}

function moments(): Moments {
  const settle = new Map<Wait['until'], (happened: boolean) => void>();
  const make = (moment: Wait['until']): Promise<boolean> => new Promise((resolve) => settle.set(moment, resolve));
  return {
    staged: make('staged'),
    published: make('published'),
    passed: make('passed'),
    came: (moment, happened) => settle.get(moment)?.(happened),
  };
}

/** The run has to stop, and the node has not begun. */
class NotBegun extends Error {}

const FAILED: readonly Status[] = ['error', 'fail', 'runtime error', 'partial success'];

interface Timing {
  /** Time at work, without the wait for gate tests. */
  ms: number;
  startedAt: number;
  executeAt: number;
  thread: number;
}

/** `blocked`: why nothing may run; every step is then skipped with that reason. */
export async function execute(
  run: Run,
  schedule: Schedule,
  slots: Slots,
  runnerOf: (node: Node) => Runner,
  blocked?: string,
): Promise<readonly NodeResult[]> {
  const { deps, emit, request } = run;
  const byId = new Map(schedule.steps.map((step) => [step.node, moments()]));
  const candidates = new Map<UniqueId, Relation>();
  const results: NodeResult[] = [];
  const stop = new AbortController();
  const { lease } = run;
  const signal = AbortSignal.any([deps.signal, stop.signal, ...(lease ? [lease.signal] : [])]);
  // One listener for each statement that runs.
  setMaxListeners(0, signal);

  const finish = (node: Node, timing: Timing, outcome: Outcome, session: Session | undefined, runner: Runner | undefined): Status => {
    const endedAt = deps.clock();
    const compiled = runner?.compiled();
    const batches = runner?.batches?.();
    const result: NodeResult = {
      node: node.unique_id,
      ms: timing.ms,
      startedAt: timing.startedAt,
      executeAt: timing.executeAt,
      endedAt,
      thread: timing.thread,
      warnings: [],
      ...relationNameOf(node, run.dialect),
      // Hooks have a schedule of their own.
      ...(node.resource_type === 'operation' ? hookOutcome(node, [...byId.keys()].indexOf(node.unique_id), outcome) : outcome),
      ...(compiled && { compiledCode: compiled.sql, compiledPath: run.files.compiledPath(node) }),
      ...(batches && { batchResults: batches }),
    };
    if (request.dryRun && session)
      emit({
        type: 'output',
        text: `-- ${node.unique_id}\n${session.shown.map((sql) => `${sql.trimEnd().replace(/;?$/, ';')}\n`).join('')}\n`,
      });
    else if (session && session.shown.length > 0 && !runner?.batches) run.files.writeRun(node, session.shown);
    results.push(result);
    emit({ type: 'node-finished', result });
    if (request.failFast && FAILED.includes(result.status)) stop.abort();
    return result.status;
  };

  const stopped = (): string => (deps.signal.aborted ? 'interrupted' : (lease?.lost?.message ?? 'stopped by --fail-fast'));

  const failed = (node: Node, error: unknown, runner: Runner): Outcome => {
    const compiled = runner.executed?.() ?? runner.compiled();
    const problem = problemOf(error, {
      node,
      compiled,
      compiledPath: compiled && run.files.compiledPath(node),
      projectDir: request.projectDir,
    });
    if (problem.code === 'cancelled' && !deps.signal.aborted) {
      if (lease?.lost)
        return { status: 'error', message: lease.lost.message, adapterResponse: {}, problem: { ...lease.lost, at: node.at } };
      // Cut off because of another node's failure: no failure of its own.
      return { status: 'skipped', message: stopped(), adapterResponse: {} };
    }
    return { status: 'error', message: problem.message, adapterResponse: {}, problem };
  };

  /** With nothing done at the warehouse. */
  const rest = (node: Node, outcome: Outcome): void => {
    const now = deps.clock();
    finish(node, { ms: 0, startedAt: now, executeAt: now, thread: 0 }, outcome, undefined, undefined);
  };
  const skip = (node: Node, message: string): void => rest(node, { status: 'skipped', message, adapterResponse: {} });

  /** The first wait that did not come about. */
  const firstMissing = async (waits: readonly Wait[]): Promise<Wait | undefined> => {
    for (const wait of waits) if (!(await byId.get(wait.node)?.[wait.until])) return wait;
    return undefined;
  };

  const skipReason = (missing: Wait): string =>
    `waits for ${missing.node}, which ${missing.until === 'passed' ? 'did not pass' : missing.until === 'staged' ? 'was not built' : 'was not published'}`;

  const perform = async (step: Step, node: Node, own: Moments): Promise<void> => {
    if (blocked !== undefined) return skip(node, blocked);
    const missing = await firstMissing(step.after);
    if (missing) return skip(node, skipReason(missing));
    if (signal.aborted) return skip(node, stopped());
    if (node.resource_type === 'exposure') return rest(node, { status: 'no-op', message: 'NO-OP', failures: 0, adapterResponse: {} });

    let runner = runnerOf(node);
    const timing: Timing = { ms: 0, startedAt: 0, executeAt: 0, thread: 0 };
    let session: Session | undefined;
    let comment: QueryComment | undefined;
    /** `until`: what stops it. `again`: what was refused for the moment is done again, all of `work`. */
    const during = <T>(work: (session: Session) => Promise<T>, { until = signal, again = false } = {}): Promise<T> =>
      slots.use(step.priority, async ({ connection, index }) => {
        if (signal.aborted && timing.startedAt === 0) throw new NotBegun();
        const before = session?.shown;
        const attempt = (): Promise<T> => {
          const real = openSession(connection, node.unique_id, emit, until, {
            ...(before && { before }),
            comment,
            ...(lease && { check: (one) => lease.check(one) }),
          });
          const opened = request.dryRun ? printingSession(real, before) : real;
          session = opened;
          return work(opened);
        };
        if (timing.startedAt === 0) {
          Object.assign(timing, { startedAt: deps.clock(), thread: index });
          run.threads.set(node.unique_id, index);
          timing.executeAt = timing.startedAt;
          emit({ type: 'node-started', node: node.unique_id, thread: index });
        }
        comment ??= queryComment(run, node);
        const begun = deps.clock();
        const say = (reason: string): void => {
          emit({ type: 'note', level: 'info', message: `${node.unique_id} is tried again, after: ${reason}` });
          // A statement whose answer was lost may have made something.
          run.catalog.forget();
        };
        try {
          return await (again ? retried(attempt, say, until) : attempt());
        } finally {
          timing.ms += deps.clock() - begun;
        }
      });
    const end = (outcome: Outcome): void => {
      const status = finish(node, timing, outcome, session, runner);
      const public_ = status === 'success' || status === 'no-op';
      own.came('published', public_);
      own.came('passed', public_ || status === 'pass' || status === 'warn');
    };

    /** Not to be stopped: what is staged must not stay. With the lease its place went to another run. */
    const discard = async (): Promise<void> => {
      if (!lease?.lost) await during((opened) => runner.discard(opened), { until: new AbortController().signal, again: true });
    };
    const published = async (outcome: Outcome): Promise<void> => {
      if (runner.after) await during((opened) => runner.after?.(opened) ?? Promise.resolve());
      end(outcome);
    };

    const gated = step.gates.length > 0;
    const parent = step.gated === undefined ? undefined : candidates.get(step.gated);
    const read: ReadonlyMap<UniqueId, Relation> = step.gated !== undefined && parent ? new Map([[step.gated, parent]]) : new Map();
    const spare: Staging['spare'] = (work) =>
      request.dryRun
        ? undefined
        : slots.spare(({ connection }) =>
            work(openSession(connection, node.unique_id, emit, signal, { ...(lease && { check: (one) => lease.check(one) }) })),
          );
    const stage = (opened: Session): Promise<Relation | undefined> => {
      // Nothing of a try that failed is carried into the next.
      runner = runnerOf(node);
      return runner.stage(opened, { gated, candidates: read, spare });
    };
    // A hook of the project may be several statements and no transaction: those that went through would run twice.
    const again = node.resource_type !== 'operation';
    let staged = false;
    try {
      if (!gated) {
        // One stay on one connection: stage and publish back to back.
        const both = async (opened: Session): Promise<Outcome> => {
          await stage(opened);
          return runner.publish(opened);
        };
        return await published(await during(both, { again }));
      }
      const candidate = await during(stage, { again });
      staged = true;
      if (candidate) candidates.set(node.unique_id, candidate);
      own.came('staged', true);
      // All of them: one that is still running reads the candidate.
      const passed = await Promise.all(step.gates.map(async (gate) => (await byId.get(gate)?.passed) === true));
      const held = step.gates.filter((_, index) => !passed[index]);
      if (held.length > 0) {
        await discard();
        return end(heldBack(run.manifest, node, held, results));
      }
      if (signal.aborted) {
        await discard();
        return end({ status: 'skipped', message: stopped(), adapterResponse: {} });
      }
      await published(await during((opened) => runner.publish(opened), { again }));
    } catch (error) {
      if (error instanceof NotBegun) return skip(node, stopped());
      // A discard that fails as well has nothing more to say, and the next run drops what it leaves.
      if (staged) await discard().catch(() => undefined);
      end(failed(node, error, runner));
    }
  };

  await Promise.all(
    schedule.steps.map(async (step) => {
      const own = byId.get(step.node);
      const node = run.manifest.nodes.get(step.node);
      if (!own || !node) throw new Error(`${step.node} is scheduled and not in the manifest`);
      try {
        await perform(step, node, own);
      } finally {
        // Moments that came are settled already; these are the ones that no longer can.
        for (const moment of ['staged', 'published', 'passed'] as const) own.came(moment, false);
      }
    }),
  );
  return results;
}
