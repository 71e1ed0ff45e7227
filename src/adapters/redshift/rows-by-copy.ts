// Many rows from the client: packed CSV on S3 under work_uri, one COPY of all parts, and the parts are removed again.
// https://docs.aws.amazon.com/redshift/latest/dg/c_best-practices-use-copy.html
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Relation } from '../../core/relation.ts';
import { type Column, type Result, type Statement, statement } from '../../core/statement.ts';
import { type Folder, openFolder } from '../../s3/index.ts';
import { DatabaseError } from '../adapter.ts';
import type { WorkPlace } from '../copies.ts';
import { quote, relationName } from '../sql.ts';
import { copies } from './copies.ts';
import { asRole } from './copy-into.ts';
import { literal } from './literal.ts';
import { markedParts, type Part } from './marked-rows.ts';

/** Unpacked. Redshift's advice is 1 MB to 1 GB of packed bytes for each file. */
const PART_BYTES = 32 << 20;
/** On their way to S3 at once. */
const SENT_AT_ONCE = 3;
const pack = promisify(gzip);

type Run = (sql: Statement) => Promise<Result>;

interface Sent {
  readonly entries: readonly { readonly url: string; readonly mandatory: true; readonly meta: { readonly content_length: number } }[];
  readonly rows: number;
}

/** `work.uri` is set. Rows written. */
export async function copyRows(
  run: Run,
  work: WorkPlace & { readonly uri: string },
  into: Relation,
  columns: readonly Column[],
  bytes: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<number> {
  const folder = await openFolder(work.uri, work.at);
  const names: string[] = [];
  // Not to be stopped: rows of the project must not stay there.
  const removed = (): Promise<PromiseSettledResult<void>[]> => {
    const all = new AbortController().signal;
    return Promise.allSettled(names.map((name) => folder.remove(name, all)));
  };
  try {
    const rows = await copied(run, work, into, columns, bytes, folder, names, signal).catch(async (error: unknown) => {
      // What went wrong first is what is said.
      await removed();
      throw error;
    });
    // Before the caller's commit: without the right to remove, nothing is loaded, and nobody is left to wonder what lies there.
    const kept = (await removed()).find((one) => one.status === 'rejected');
    if (kept) throw kept.reason;
    return rows;
  } finally {
    folder.close();
  }
}

async function copied(
  run: Run,
  work: WorkPlace,
  into: Relation,
  columns: readonly Column[],
  bytes: AsyncIterable<Uint8Array>,
  folder: Folder,
  names: string[],
  signal: AbortSignal,
): Promise<number> {
  const id = `rows/${randomUUID()}`;
  const mark = `dwh-null-${randomUUID()}`;
  const sent = await send(folder, id, markedParts(bytes, mark, PART_BYTES), names, signal);
  if (sent.rows === 0) return 0;
  const manifest = `${id}/manifest.json`;
  names.push(manifest);
  const url = await folder.put(manifest, JSON.stringify({ entries: sent.entries }), signal);
  await run({ sql: copySql(into, columns, url, mark, folder.region(), work), shown: '' }).catch(async (error: unknown) => {
    throw await explained(error, run);
  });
  const [[, rows] = []] = (await run(copies.last)).rows;
  if (Number(rows) !== sent.rows) throw new DatabaseError(`${sent.rows} rows were sent, and COPY loaded ${rows}`, {});
  return sent.rows;
}

async function send(folder: Folder, id: string, parts: AsyncIterable<Part>, names: string[], signal: AbortSignal): Promise<Sent> {
  const entries: Sent['entries'][number][] = [];
  const underWay = new Set<Promise<void>>();
  let rows = 0;
  const put = async (name: string, bytes: Uint8Array): Promise<void> => {
    const packed = await pack(bytes, { level: 1 });
    entries.push({ url: await folder.put(name, packed, signal), mandatory: true, meta: { content_length: packed.length } });
  };
  try {
    for await (const part of parts) {
      const name = `${id}/${names.length}.csv.gz`;
      names.push(name);
      rows += part.rows;
      const one: Promise<void> = put(name, part.bytes).finally(() => underWay.delete(one));
      // An error is met at the next wait.
      one.catch(() => undefined);
      underWay.add(one);
      if (underWay.size >= SENT_AT_ONCE) await Promise.race(underWay);
    }
    await Promise.all(underWay);
  } finally {
    await Promise.allSettled(underWay);
  }
  return { entries, rows };
}

/**
 * As an INSERT of the same values would: numbers are rounded, encodings stay, times are what a cast takes.
 * https://docs.aws.amazon.com/redshift/latest/dg/automatic-recognition.html
 */
function copySql(into: Relation, columns: readonly Column[], url: string, mark: string, region: string, { iamRole }: WorkPlace): string {
  return [
    `copy ${relationName(into)} (${columns.map(({ name }) => quote(name)).join(', ')})`,
    `from ${literal(url)}`,
    asRole(iamRole),
    `region as ${literal(region)}`,
    'manifest',
    'format as csv',
    'gzip',
    `null as ${literal(mark)}`,
    'roundec',
    "dateformat as 'auto'",
    "timeformat as 'auto'",
    'compupdate off',
  ].join('\n');
}

/** The transaction is over with the error; only behind its end can the server be asked for the record. */
async function explained(error: unknown, run: Run): Promise<unknown> {
  if (!(error instanceof DatabaseError)) return error;
  const refusal = copies.refusal(error.message);
  if (!refusal) return error;
  if (refusal.of !== 'records') return new DatabaseError(error.message, { ...error.details, hint: refusal.hint }, { cause: error });
  await run(statement('rollback'));
  const [[id] = []] = (await run(copies.last)).rows;
  const [[, , column, reason] = []] = (await run(copies.errorsOf([String(id)]))).rows;
  if (reason === undefined) return error;
  return new DatabaseError(`column '${String(column).trimEnd()}': ${String(reason).trimEnd()}`, error.details, { cause: error });
}
