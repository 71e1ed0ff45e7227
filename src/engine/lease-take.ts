// How a run comes by its lease: a target that is free is taken at once, in one round trip; one whose holder is gone or has been
// silent for too long is taken over; for any other one the run waits, takes it over, or ends, as it was asked to.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection, DatabaseError, type Warehouse } from '../adapters/adapter.ts';
import { DwhError, fail } from '../core/problem.ts';
import { type Relation, relationKey } from '../core/relation.ts';
import { type Result, type Statement, statement } from '../core/statement.ts';
import { LEASE_TIMES, Lease, type LeaseTimes } from './lease.ts';
import { type Claim, type LeaseRow, type LeaseTable, leaseTable } from './lease-table.ts';
import { held, holderText, unanswered, unavailable } from './lease-words.ts';
import { stateSchema } from './nodes/load-state.ts';
import { retried } from './retry.ts';
import type { Run } from './run.ts';

const [BEGIN, COMMIT, ROLLBACK] = [statement('begin'), statement('commit'), statement('rollback')];

/** The table cannot be made, or not be written to. */
class Unavailable extends Error {}

interface Taking {
  readonly run: Run;
  readonly table: LeaseTable;
  readonly claim: Claim;
  /** As messages call it. */
  readonly target: string;
  readonly connection: Connection;
  readonly times: LeaseTimes;
}

/** undefined: none can be had, and a warning says why. 'interrupted': it was waited for until the user had enough. */
export async function takeLease(
  run: Run,
  warehouse: Warehouse,
  connection: Connection,
  times: LeaseTimes = LEASE_TIMES,
): Promise<Lease | undefined | 'interrupted'> {
  const { database, schema } = run.credentials;
  const place = { database, schema: stateSchema(run) };
  const target = `the schema ${schema} of ${database}`;
  const table = leaseTable(run.dialect, place, schema);
  const { host, machine, process, born } = run.deps.here();
  const claim: Claim = { run: randomUUID(), host, machine, process, born, command: `dwh ${run.request.command}` };
  try {
    const { token } = await taken({ run, table, claim, target, connection, times });
    return new Lease({ emit: run.emit, warehouse, table, token, times });
  } catch (error) {
    if (run.deps.signal.aborted && !(error instanceof DwhError)) return 'interrupted';
    if (error instanceof Unavailable) {
      run.emit({ type: 'problems', problems: [unavailable(target, place.schema, error.message)] });
      return undefined;
    }
    if (error instanceof DatabaseError) return fail(unanswered(target, error.message), { cause: error });
    throw error;
  }
}

async function taken(taking: Taking): Promise<LeaseRow> {
  const { run, table, claim, target, times } = taking;
  const { clock, signal } = run.deps;
  const { waitSeconds = 0 } = run.request;
  const until = clock() + waitSeconds * 1000;
  const tell = (message: string): void => run.emit({ type: 'note', level: 'info', message });
  let waits = false;
  let row = await asked(taking, table.take(claim));
  while (row.holder !== claim.run) {
    const why = whyTaken(taking, row, clock() >= until);
    if (row.holder === undefined) row = await asked(taking, table.take(claim));
    else if (why !== undefined) {
      const from = holderText(row);
      row = await asked(taking, table.takeOver(claim, row));
      if (row.holder === claim.run) tell(`Takes over ${target} from ${from}, ${why}`);
    } else if (clock() < until) {
      if (!waits) tell(`Waits for ${holderText(row)}, which works on ${target}`);
      waits = true;
      await sleep(times.pollMs, undefined, { signal });
      row = await asked(taking, table.read);
    } else fail(held(target, row));
  }
  return row;
}

/** undefined: the holder keeps it. */
function whyTaken({ run, claim, times }: Taking, row: LeaseRow, waitedEnough: boolean): string | undefined {
  const isNear = row.machine === claim.machine && row.host === claim.host;
  if (isNear && !run.deps.here().runs(row.process, row.born)) return 'which is gone';
  const seconds = row.now - row.beatAt;
  if (seconds * 1000 > times.silentMs) return `which has given no sign of life for ${seconds} s`;
  return run.request.steal && waitedEnough ? 'which loses it (--steal)' : undefined;
}

/** The row as it is then; the table is made where it is missing. */
async function asked(taking: Taking, sql: Statement): Promise<LeaseRow> {
  const { table, target, connection } = taking;
  const again = <T>(work: () => Promise<T>): Promise<T> => retried(work, () => {}, taking.run.deps.signal);
  const ask = (): Promise<Result> => again(() => connection.run(sql, taking.run.deps.signal));
  const { rows } = await ask().catch(async (error: unknown) => {
    if (!isRefusal(error)) throw error;
    await again(() => make(taking));
    return ask().catch((refused: unknown) => {
      throw isRefusal(refused) ? new Unavailable(refused.message, { cause: refused }) : refused;
    });
  });
  return table.rowFrom(rows) ?? fail(unanswered(target, 'the table of its lease has no row'));
}

const isRefusal = (error: unknown): error is DatabaseError =>
  error instanceof DatabaseError && error.details.transient !== true && error.details.cancelled !== true;

async function make({ run, table, connection }: Taking): Promise<void> {
  const { dialect } = run;
  const key = (relation: Relation): string => relationKey(relation, dialect.ignoresCase);
  const isThere = async (): Promise<boolean> =>
    (await connection.list([table.relation])).some(({ relation }) => key(relation) === key(table.relation));
  if (await isThere()) return;
  // Before the transaction, whose snapshot is as old as its first question.
  const schemas = await connection.missingSchemas([table.relation]);
  await connection.run(BEGIN);
  try {
    for (const sql of [...schemas.flatMap(dialect.createSchema), ...table.create]) await connection.run(sql);
    await connection.run(COMMIT);
  } catch (error) {
    await connection.run(ROLLBACK).catch(() => undefined);
    // Another run made it after this one had looked.
    if (await isThere()) return;
    throw isRefusal(error) ? new Unavailable(error.message, { cause: error }) : error;
  }
}
