// Behind the commit of a load that the warehouse copied by itself: what it refused and how many records of which file it read
// is asked of the server, which may list it a little later. Whoever comes next does what was cut off.
import { isDeepStrictEqual } from 'node:util';
import { DatabaseError } from '../../adapters/adapter.ts';
import type { ObjectCopies, WorkPlace } from '../../adapters/copies.ts';
import type { FileCount, ListedFile, Reject } from '../../core/copy.ts';
import type { Place } from '../../loading/index.ts';
import type { CopyRecord, RememberedFile } from '../ledger.ts';
import { type Session, StatementError } from '../session.ts';
import { copiedFiles } from './copy-files.ts';
import { areRecorded, type RecordShape, refusedBy, withRecords } from './copy-rejects.ts';
import { chunks, type Loading } from './load-read.ts';
import type { RejectTally } from './load-report.ts';
import { exclusively, stateSchema } from './load-state.ts';

export interface Copying extends Loading {
  readonly copies: ObjectCopies;
  readonly place: Place;
  readonly work: WorkPlace;
  readonly shape: RecordShape;
  /** Loads of which it was said that the server does not list them. */
  readonly told: Set<string>;
}

/** Rejects and counts of copies that are committed, in a transaction of its own: whoever comes next does what was cut off. */
export async function settle(copying: Copying, session: Session, tally: RejectTally): Promise<void> {
  const { run, node, state, copies, place, shape } = copying;
  if (!(await run.catalog.get(state.copies, session.connection))) return;
  const open = async (): Promise<readonly CopyRecord[]> => state.copiesFrom((await session.read(state.readCopies(node.relation))).rows);
  const records = await open();
  if (records.length === 0) return;
  const ledger = state.filesFrom((await session.read(state.readFiles(node.relation))).rows);
  const rejects: Reject[] = [];
  // Each by itself: in one text they may be more than a text can be.
  const lines: Uint8Array[] = [];
  const counts: FileCount[] = [];
  const listed: CopyRecord[] = [];
  for (const loadId of new Set(records.map((record) => record.loadId))) {
    const some = records.filter((record) => record.loadId === loadId);
    const of = ids(some);
    // One that the server has forgotten must not stand before all that come after it.
    if (!(await areRecorded(copies, of, session, loadId === copying.loadId))) {
      unlisted(loadId, copying);
      continue;
    }
    listed.push(...some);
    const own = ledger.filter((file) => file.loadId === loadId).map(listedAgain);
    const refused = await refusedBy(copies, of, own, session);
    for (const reject of await withRecords(refused, own, place, shape, session.signal)) {
      rejects.push(reject);
      lines.push(Buffer.from(state.rejectLine(node.relation, loadId, reject)));
    }
    // One by one: there may be more than a call has arguments.
    for (const count of await countsOf(copying, of, ledger, loadId, refused, session)) counts.push(count);
  }
  if (listed.length === 0) return;
  const done = await exclusively(
    session,
    [state, node.relation],
    () => {},
    async () => {
      if (!isDeepStrictEqual(await open(), records)) return false;
      if (lines.length > 0) await session.copyIn(state.rejects, state.rejectColumns, chunks(lines), '');
      for (const sql of state.count(node.relation, counts)) await session.run(sql);
      await session.run(state.closeCopies(node.relation, listed));
      return true;
    },
  );
  if (done) for (const reject of rejects) tally.add(reject);
}

/** The load is committed: what can be asked for later does not undo it. */
export function left(error: unknown, copying: Copying): void {
  const refused = error instanceof StatementError ? error.cause : error;
  if (!(refused instanceof DatabaseError) || refused.details.transient || refused.details.cancelled) throw error;
  unsettled(refused.message, copying);
}

function unlisted(loadId: string, copying: Copying): void {
  const { run, told } = copying;
  const table = `${stateSchema(run)}.load_copies`;
  const hint = `The next load of the table asks again. The server keeps such lists for some days: if it is gone, delete from ${table} where load_id = '${loadId}'.`;
  if (!told.has(loadId)) unsettled('the server does not list it', copying, hint);
  told.add(loadId);
}

const unsettled = (why: string, { run, node, spec }: Copying, hint = 'The next load of the table asks again.'): void =>
  run.scope.warn({
    code: 'load-unsettled',
    severity: 'warning',
    at: spec.at,
    message: `${node.source_name}.${node.name} is loaded; what was refused of it could not be read: ${why}`,
    hint,
  });

const ids = (records: readonly CopyRecord[]): readonly string[] => records.map(({ id }) => id);
const listedAgain = (file: RememberedFile): ListedFile => ({ ...file, location: file.key });

/** Of those files whose numbers are other ones than the ledger has. */
async function countsOf(
  { copies }: Copying,
  of: readonly string[],
  ledger: readonly RememberedFile[],
  loadId: string,
  refused: readonly { readonly file: string }[],
  session: Session,
): Promise<readonly FileCount[]> {
  const own = ledger.filter((file) => file.loadId === loadId);
  const rejects = new Map<string, number>();
  for (const { file } of refused) rejects.set(file, (rejects.get(file) ?? 0) + 1);
  const unknown = own.some(({ rows, size }) => rows === 0 && size > 0);
  if (!unknown && rejects.size === 0) return [];
  const { lines } = copiedFiles(own.map(listedAgain), (await session.read(copies.filesOf(of))).rows, copies.fileNameBytes);
  return own.flatMap(({ key, rows, rejects: before }) => {
    const [read, left] = [lines.get(key), rejects.get(key) ?? 0];
    // The only file of its copy has the server's own count of rows.
    const now = { key, rows: own.length === 1 || read === undefined ? rows : Math.max(read - left, 0), rejects: left };
    return now.rows === rows && now.rejects === before ? [] : [now];
  });
}
