// The state of loads during a run: the ledger of a source, made where it is missing, and its lock. One load of a table at a
// time: what the ledger says must stay true until the load has written to it. On DuckDB other processes are shut out by the
// file's own lock, and the load's shuts out other runs of this process.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '../../adapters/adapter.ts';
import type { SourceNode, UniqueId } from '../../core/node.ts';
import { type Relation, relationKey } from '../../core/relation.ts';
import { statement } from '../../core/statement.ts';
import { type Ledger, ledger } from '../ledger.ts';
import { repeatable, retried } from '../retry.ts';
import type { Run } from '../run.ts';
import { type Session, StatementError } from '../session.ts';

const [BEGIN, COMMIT, ROLLBACK] = [statement('begin'), statement('commit'), statement('rollback')];
const STATE_SCHEMA = '_dwh';
const [FIRST_WAIT_MS, LONGEST_WAIT_MS] = [20, 2000];

export const stateSchema = (run: Run): string => {
  const schema = run.credentials.settings.state_schema;
  return typeof schema === 'string' ? schema : STATE_SCHEMA;
};

/** In the database of the table itself: one transaction cannot write to two. */
export const ledgerOf = (run: Run, { relation }: SourceNode): Ledger =>
  ledger(run.dialect, { database: relation.database ?? run.credentials.database, schema: stateSchema(run) });

/** Makes the state schema and its tables, where anything of this run loads. */
export async function readyToLoad(run: Run, ids: readonly UniqueId[], connection: Connection): Promise<void> {
  if (run.request.empty || run.request.dryRun) return;
  const loads = new Map<string | undefined, { readonly state: Ledger; readonly targets: Relation[] }>();
  for (const id of ids) {
    const node = run.manifest.nodes.get(id);
    if (node?.resource_type !== 'source') continue;
    const state = ledgerOf(run, node);
    const known = loads.get(state.place.database);
    if (known) known.targets.push(node.relation);
    else loads.set(state.place.database, { state, targets: [node.relation] });
  }
  // Two runs that find the tables missing at once: one has to look again.
  for (const { state, targets } of loads.values())
    await retried(
      () => repeatable(() => makeState(run, state, targets, connection)),
      () => {},
      run.deps.signal,
    );
}

async function makeState(run: Run, state: Ledger, targets: readonly Relation[], connection: Connection): Promise<void> {
  const missingTables = async (): Promise<readonly Relation[]> => {
    const there = new Set((await connection.list([state.place])).map((found) => relationKey(found.relation)));
    return state.tables.filter((relation) => !there.has(relationKey(relation)));
  };
  // Before the transaction, which is begun only where there is something to make: its snapshot is as old as its first question.
  const missing = await missingTables();
  const schemas = missing.length > 0 ? await connection.missingSchemas([state.place]) : [];
  const steps = [...schemas.flatMap(run.dialect.createSchema), ...state.create(missing), ...state.makeLocks(targets)];
  if (steps.length === 0) return;
  await connection.run(BEGIN);
  try {
    for (const sql of steps) await connection.run(sql);
    await connection.run(COMMIT);
  } catch (error) {
    await connection.run(ROLLBACK).catch(() => undefined);
    // Another run made them after this one had looked.
    if (missing.length > 0 && (await missingTables()).length < missing.length) return makeState(run, state, targets, connection);
    throw error;
  }
}

/**
 * Runs `work` in a transaction that holds the table's lock, as soon as no other load holds it. `waits` is called once when it
 * has to wait.
 */
export async function exclusively<T>(
  session: Session,
  [state, target]: readonly [Ledger, Relation],
  waits: () => void,
  work: () => Promise<T>,
): Promise<T> {
  for (let ms = FIRST_WAIT_MS; ; ms = Math.min(2 * ms, LONGEST_WAIT_MS)) {
    let held = false;
    try {
      return await session.transaction(async () => {
        await session.run(state.lock(target));
        held = true;
        return work();
      });
    } catch (error) {
      if (held || !(error instanceof StatementError) || error.cause.details.transient !== true) throw error;
    }
    if (ms === FIRST_WAIT_MS) waits();
    await sleep(ms, undefined, { signal: session.signal });
  }
}
