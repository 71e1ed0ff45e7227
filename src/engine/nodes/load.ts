// A source table with `load:`: list, compare with the ledger, look at each new file once, then one transaction that loads
// the files, keeps the refused records, and writes the ledger. Killed at any moment, it has loaded all or nothing.
import { isDeepStrictEqual } from 'node:util';
import type { FileCount, ListedFile, LoadedFile, RowBatch } from '../../core/copy.ts';
import type { CopySpec, SourceNode } from '../../core/node.ts';
import type { Step } from '../../core/plan.ts';
import { fail } from '../../core/problem.ts';
import { type Relation, type RelationState, relationKey } from '../../core/relation.ts';
import { type Column, statement } from '../../core/statement.ts';
import {
  contentOf,
  type Decision,
  decide,
  fileChanged,
  jsonpathsOf,
  needsContent,
  nothingListed,
  type Place,
  parquetRowsSql,
  placeOf,
  type RecordFormat,
  recordFormat,
  type ScannedFile,
  scanFiles,
} from '../../loading/index.ts';
import { type CopyTask, copyPlan, formatProblem } from '../../materializations/index.ts';
import type { Run } from '../run.ts';
import type { Session } from '../session.ts';
import { namingSession } from './load-names.ts';
import { countOf, explain, RejectTally, rejected } from './load-report.ts';
import { exclusively, ledgerOf, stateSchema } from './load-state.ts';
import { type Outcome, type Runner, runSteps } from './runner.ts';

/** The columns as the project declares them, in the dialect's types. */
const columnsOf = (run: Run, node: SourceNode): readonly Column[] =>
  node.columns.map(({ name, quote, data_type }) => ({
    name: quote ? name : run.dialect.unquoted(name),
    type: run.dialect.columnType(data_type ?? 'text'),
  }));

async function formatOf(run: Run, node: SourceNode, spec: CopySpec, { signal }: Session): Promise<RecordFormat> {
  const { empty, projectDir } = run.request;
  // --empty reads no file, and this one may be far away.
  const read = empty ? { ...spec, jsonpaths: 'auto' } : spec;
  return recordFormat(read, columnsOf(run, node), await jsonpathsOf(read, projectDir, signal));
}

/** A table that lacks declared columns would take their values and lose them. */
async function checkColumns(
  node: SourceNode,
  existing: RelationState | undefined,
  columns: readonly Column[],
  session: Session,
): Promise<void> {
  if (!existing) return;
  if (existing.kind !== 'table') {
    fail({
      code: 'load-target',
      at: node.at,
      message: `${node.relation.schema}.${node.relation.identifier} is a ${existing.kind}, and files are loaded into tables`,
      hint: 'Drop it, or give the source another identifier.',
    });
  }
  const there = new Set(((await session.connection.columns(node.relation)) ?? []).map((column) => column.name.toLowerCase()));
  const missing = columns.filter((column) => !there.has(column.name.toLowerCase())).map((column) => column.name);
  if (missing.length === 0) return;
  fail({
    code: 'load-columns-changed',
    at: node.at,
    message: `the table ${node.relation.schema}.${node.relation.identifier} was made without the column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}`,
    hint: `Drop the table, and the next run makes it anew and loads every file: drop table ${node.relation.schema}.${node.relation.identifier}`,
  });
}

/** What a load would do, by what is there now. */
interface Look extends Omit<CopyTask, 'scanned' | 'rows'> {
  /** What the ledger says, whether or not the table is still there. */
  readonly ledger: readonly LoadedFile[];
  readonly place: Place;
}

/** With the files at hand. */
type Prepared = Look & CopyTask;

/** Another load was here since this one looked: look again. */
const OUTDATED = Symbol('outdated');

export function loadRunner(run: Run, node: SourceNode): Runner {
  const state = ledgerOf(run, node);
  const name = run.dialect.relationName(node.relation);
  const loadId = `${run.request.invocationId}.${node.name}`;

  const remembered = async (session: Session): Promise<readonly LoadedFile[]> =>
    state.filesFrom((await session.read(state.readFiles(node.relation))).rows);

  async function look(session: Session, spec: CopySpec, place: Place): Promise<Look> {
    const unloadable = formatProblem(spec, run.dialect);
    if (unloadable) fail(unloadable);
    const format = await formatOf(run, node, spec, session);
    const columns = columnsOf(run, node);
    const ledger = !run.request.empty && (await run.catalog.get(state.files, session.connection)) ? await remembered(session) : [];
    const existing =
      (await run.catalog.get(node.relation, session.connection)) ??
      (ledger.length > 0 ? await standing(run, node.relation, session) : undefined);
    await checkColumns(node, existing, columns, session);
    const common = { relation: node.relation, format, columns, existing, ledger, place };
    if (run.request.empty) return { ...common, decision: NOTHING };
    const listed = await place.list(session.signal);
    if (listed.length === 0 && !spec.allow_empty) fail(nothingListed(spec.from, spec.at));
    // Without its table, what the ledger remembers is gone.
    const loaded = existing ? ledger : [];
    const contents = new Map(needsContent(listed, loaded).map((file) => [file.key, contentOf(file.location)]));
    const decision = decide(listed, loaded, contents, spec, run.request.command === 'load' && run.request.fullRefresh);
    if (decision.problem) fail(decision.problem);
    return { ...common, decision };
  }

  async function prepare(seen: Look, session: Session): Promise<Prepared> {
    // --dry-run fetches nothing.
    if (seen.place.fetch && session.prints) return { ...seen, scanned: [], rows: new Map() };
    const scanned = await scanFiles(await fetched(seen, session), seen.format, session.signal);
    return { ...seen, scanned, rows: await rowsOf(scanned, seen.format, session) };
  }

  async function fetched({ decision: { load: files }, place }: Look, { signal }: Session): Promise<readonly ListedFile[]> {
    if (!place.fetch || files.length === 0) return files;
    const megabytes = files.reduce((sum, file) => sum + file.size, 0) / 1e6;
    tell(`fetches ${countOf(files.length, 'object')} (${megabytes.toFixed(1)} MB)`);
    return place.fetch(files, signal);
  }

  /** In a transaction: the plan, what it left out, and the ledger. Rows written. */
  async function write(task: Prepared, steps: readonly Step[], tally: RejectTally, session: Session): Promise<number> {
    const { decision, existing, format, scanned, rows, place } = task;
    const loadedAt = new Date(run.deps.clock()).toISOString().replace('T', ' ').replace('Z', '');
    const counts = new Map<string, FileCount>([...rows].map(([key, count]) => [key, { key, rows: count, rejects: 0 }]));
    const keep = async ({ rejects, done }: RowBatch): Promise<void> => {
      for (const count of done) counts.set(count.key, count);
      if (rejects.length === 0) return;
      const lines = rejects.map((reject) => state.rejectLine(node.relation, loadId, reject)).join('');
      await session.copyIn(state.rejects, state.rejectColumns, oneChunk(lines), '');
      for (const reject of rejects) tally.add(reject);
    };
    // What was loaded into a table that is gone is not loaded.
    const forgets = decision.empties || (!existing && (await run.catalog.get(state.rejects, session.connection)) !== undefined);
    if (forgets) for (const sql of state.forget(node.relation)) await session.run(sql);
    await runSteps(steps, session, keep);
    const moved = await place.changedSince(scanned, session.signal);
    if (moved.length > 0) fail(fileChanged(moved, format.spec.at));
    const loaded = scanned.map(({ key, size, mark, content }) => ({
      size,
      mark,
      content,
      ...(counts.get(key) ?? { key, rows: 0, rejects: 0 }),
    }));
    for (const sql of state.record(node.relation, loadId, loadedAt, loaded)) await session.run(sql);
    for (const sql of state.touch(node.relation, decision.touched)) await session.run(sql);
    return [...counts.values()].reduce((sum, count) => sum + count.rows, 0);
  }

  /** `OUTDATED`: nothing was done. */
  async function load(seen: Look, session: Session): Promise<Outcome | typeof OUTDATED> {
    const task = await prepare(seen, session);
    const { verb, publish } = copyPlan(task, run.dialect);
    const [files, skipped] = [seen.decision.load.length, seen.decision.skip.length];
    const tally = new RejectTally();
    if (session.prints) {
      if (!run.request.empty) run.emit({ type: 'output', text: explain(node, task) });
      const unseen = files - task.scanned.length;
      const steps = unseen > 0 ? [...publish, { run: statement(`-- fetch ${countOf(unseen, 'object')} and load into ${name}`) }] : publish;
      await session.transaction(() => runSteps(steps, session));
      return outcome(seen, `${countOf(files, 'file')} to load`, 0, tally);
    }
    const writes = (): Promise<number> => write(task, publish, tally, session);
    const isCurrent = async (): Promise<boolean> => isDeepStrictEqual(await remembered(session), seen.ledger);
    // With --empty there is no file that two loads could both take, and there need not be a ledger.
    const rows = run.request.empty
      ? await session.transaction(writes)
      : await exclusively(session, [state, node.relation], waits, async () => ((await isCurrent()) ? writes() : OUTDATED));
    if (rows === OUTDATED) return rows;
    run.catalog.set(node.relation, { relation: node.relation, kind: 'table' });
    if (files === 0 && seen.existing && !seen.decision.empties) return outcome(seen, noNewFiles(skipped), 0, tally);
    const parts = [
      `${countOf(rows, 'row')} of ${countOf(files, 'file')}`,
      skipped > 0 && `${skipped} loaded before`,
      tally.total > 0 && `${tally.total} rejected`,
    ];
    return outcome(seen, `${verb} (${parts.filter(Boolean).join(', ')})`, rows, tally);
  }

  const tell = (what: string): void => run.emit({ type: 'note', level: 'info', message: `${node.source_name}.${node.name} ${what}` });
  const waits = (): void => tell('waits for another load of it to end');

  function outcome(seen: Look, message: string, rows: number, tally: RejectTally): Outcome {
    const { format, decision } = seen;
    return {
      status: 'success',
      message,
      adapterResponse: {
        rows_affected: rows,
        files: decision.load.length,
        files_skipped: decision.skip.length,
        rejected: tally.total,
      },
      relationName: name,
      warnings: [...format.warnings, ...(tally.total > 0 ? [rejected(tally.total, node, format.spec, stateSchema(run))] : [])],
      ...(tally.total > 0 && { rejects: tally.counts }),
    };
  }

  return {
    compiled: () => undefined,
    // A load is published by its own commit.
    async stage() {
      return undefined;
    },
    async publish(opened) {
      if (!node.load) throw new Error(`${node.unique_id} is scheduled and has no load:`);
      const place = placeOf(node.load, run.request.projectDir);
      const session = place.named ? namingSession(opened, place.named) : opened;
      try {
        for (;;) {
          const seen = await look(session, node.load, place);
          const { load: files, skip, touched, empties } = seen.decision;
          const idle = seen.existing !== undefined && files.length + touched.length === 0 && !empties;
          if (idle && !session.prints) return outcome(seen, noNewFiles(skip.length), 0, new RejectTally());
          const done = await load(seen, session);
          if (done !== OUTDATED) return done;
        }
      } finally {
        await place.close();
      }
    },
    async discard() {},
  };
}

const noNewFiles = (skipped: number): string => `no new files (${skipped} loaded before)`;

/** Whether the table is there after all: another run may have made it since the catalog was filled. */
async function standing({ dialect }: Run, relation: Relation, { connection }: Session): Promise<RelationState | undefined> {
  const key = (one: Relation): string => relationKey(one, dialect.ignoresCase);
  return (await connection.list([relation])).find((state) => key(state.relation) === key(relation));
}

const NOTHING: Decision = { load: [], skip: [], changed: [], touched: [], gone: [], empties: false };

async function* oneChunk(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

/** How many rows each clean file has: the scan counted them, or parquet's own metadata says. */
async function rowsOf(scanned: readonly ScannedFile[], format: RecordFormat, session: Session): Promise<ReadonlyMap<string, number>> {
  const clean = scanned.filter((file) => file.clean);
  if (format.spec.format !== 'parquet' || clean.length === 0) return new Map(clean.map((file) => [file.key, file.clean?.rows ?? 0]));
  const found = new Map(
    (await session.read(statement(parquetRowsSql(clean)))).rows.map(([location, count]) => [String(location), Number(count)]),
  );
  return new Map(clean.map((file) => [file.key, found.get(file.location) ?? 0]));
}
