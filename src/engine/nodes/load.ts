// A source table with `load:`: list, compare with the ledger, look at each new file once, then one transaction that loads
// the files, keeps the refused records, and writes the ledger. Killed at any moment, it has loaded all or nothing.
import type { Connection } from '../../adapters/adapter.ts';
import type { FileCount, ListedFile, Reject, RowBatch } from '../../core/copy.ts';
import type { RejectCount } from '../../core/event.ts';
import type { CopySpec, SourceNode, UniqueId } from '../../core/node.ts';
import type { Step } from '../../core/plan.ts';
import { fail, type Problem } from '../../core/problem.ts';
import type { Relation, RelationState } from '../../core/relation.ts';
import { type Column, statement } from '../../core/statement.ts';
import {
  changedSince,
  contentOf,
  type Decision,
  decide,
  fileChanged,
  listFiles,
  needsContent,
  nothingListed,
  parquetRowsSql,
  type RecordFormat,
  readJsonpaths,
  recordFormat,
  type ScannedFile,
  scanFiles,
} from '../../loading/index.ts';
import { type CopyTask, copyPlan } from '../../materializations/index.ts';
import { type Ledger, ledger } from '../ledger.ts';
import type { Run } from '../run.ts';
import type { Session } from '../session.ts';
import { type Outcome, type Runner, runSteps } from './runner.ts';

const STATE_SCHEMA = '_dwh';

const stateSchema = (run: Run): string => {
  const schema = run.credentials.settings.state_schema;
  return typeof schema === 'string' ? schema : STATE_SCHEMA;
};

/** In the database of the table itself: one transaction cannot write to two. */
export const ledgerOf = (run: Run, { relation }: SourceNode): Ledger =>
  ledger(run.dialect, { database: relation.database ?? run.credentials.database, schema: stateSchema(run) });

/** Makes the state schema and its tables, where anything of this run loads. */
export async function readyToLoad(run: Run, ids: readonly UniqueId[], connection: Connection): Promise<void> {
  if (run.request.empty || run.request.dryRun) return;
  const ledgers = new Map<string | undefined, Ledger>();
  for (const id of ids) {
    const node = run.manifest.nodes.get(id);
    if (node?.resource_type !== 'source') continue;
    const found = ledgerOf(run, node);
    ledgers.set(found.place.database, found);
  }
  for (const state of ledgers.values()) {
    const missing: Relation[] = [];
    for (const relation of [state.files, state.rejects]) if (!(await run.catalog.get(relation, connection))) missing.push(relation);
    if (missing.length === 0) continue;
    for (const sql of state.create(missing)) await connection.run(sql);
    for (const relation of missing) run.catalog.set(relation, { relation, kind: 'table' });
  }
}

/** The columns as the project declares them, in the dialect's types. */
const columnsOf = (run: Run, node: SourceNode): readonly Column[] =>
  node.columns.map((column) => ({ name: column.name, type: run.dialect.columnType(column.data_type ?? 'text') }));

const formatOf = (run: Run, node: SourceNode, spec: CopySpec): RecordFormat =>
  recordFormat(spec, columnsOf(run, node), readJsonpaths(spec, run.request.projectDir));

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

/** Counts by file and reason, for the report. */
class RejectTally {
  readonly #counts = new Map<string, { -readonly [K in keyof RejectCount]: RejectCount[K] }>();
  total = 0;
  add(reject: Reject): void {
    this.total++;
    const key = `${reject.file}\0${reject.reason}`;
    const known = this.#counts.get(key);
    if (known) known.count++;
    else
      this.#counts.set(key, {
        file: reject.file,
        reason: reject.reason,
        count: 1,
        line: reject.line,
        ...(reject.column !== undefined && { column: reject.column }),
        ...(reject.value !== undefined && { value: reject.value }),
      });
  }
  get counts(): readonly RejectCount[] {
    return [...this.#counts.values()];
  }
}

export function loadRunner(run: Run, node: SourceNode): Runner {
  const state = ledgerOf(run, node);
  const name = run.dialect.relationName(node.relation);
  let prepared: CopyTask | undefined;

  async function prepare(session: Session, spec: CopySpec): Promise<CopyTask> {
    const format = formatOf(run, node, spec);
    const columns = columnsOf(run, node);
    const existing = await run.catalog.get(node.relation, session.connection);
    await checkColumns(node, existing, columns, session);
    const common = { relation: node.relation, format, columns, existing };
    if (run.request.empty) return { ...common, decision: NOTHING, scanned: [], rows: new Map() };
    const listed = await listFiles(spec.from, run.request.projectDir, spec.at);
    if (listed.length === 0 && !spec.allow_empty) fail(nothingListed(spec.from, spec.at));
    // Without its table, what the ledger remembers is gone.
    const remembered =
      existing && (await run.catalog.get(state.files, session.connection))
        ? state.filesFrom((await session.read(state.readFiles(node.relation))).rows)
        : [];
    const contents = new Map(needsContent(listed, remembered).map((file) => [file.key, contentOf(file.location)]));
    const decision = decide(listed, remembered, contents, spec, run.request.command === 'load' && run.request.fullRefresh);
    if (decision.problem) fail(decision.problem);
    const scanned = await scanFiles(decision.load, format, session.signal);
    return { ...common, decision, scanned, rows: await rowsOf(scanned, format, session) };
  }

  /** One transaction: the plan, what it left out, and the ledger. Rows written. */
  async function loadAll(
    { decision, existing, format, scanned, rows }: CopyTask,
    steps: readonly Step[],
    tally: RejectTally,
    session: Session,
  ): Promise<number> {
    const loadId = `${run.request.invocationId}.${node.name}`;
    const loadedAt = new Date(run.deps.clock()).toISOString().replace('T', ' ').replace('Z', '');
    const counts = new Map<string, FileCount>([...rows].map(([key, count]) => [key, { key, rows: count, rejects: 0 }]));
    const keep = async ({ rejects, done }: RowBatch): Promise<void> => {
      for (const count of done) counts.set(count.key, count);
      if (rejects.length === 0) return;
      const lines = rejects.map((reject) => state.rejectLine(node.relation, loadId, reject)).join('');
      await session.copyIn(state.rejects, state.rejectColumns, oneChunk(lines), '');
      for (const reject of rejects) tally.add(reject);
    };
    const remembers = (await run.catalog.get(state.rejects, session.connection)) !== undefined;
    await session.transaction(async () => {
      // What was loaded into a table that is gone is not loaded.
      if ((!existing && remembers) || decision.empties) for (const sql of state.forget(node.relation)) await session.run(sql);
      await runSteps(steps, session, keep);
      const moved = changedSince(scanned);
      if (moved.length > 0) fail(fileChanged(moved, format.spec.at));
      const loaded = scanned.map(({ key, size, mark, content }) => ({
        size,
        mark,
        content,
        ...(counts.get(key) ?? { key, rows: 0, rejects: 0 }),
      }));
      for (const sql of state.record(node.relation, loadId, loadedAt, loaded)) await session.run(sql);
      for (const sql of state.touch(node.relation, decision.touched)) await session.run(sql);
    });
    return [...counts.values()].reduce((sum, count) => sum + count.rows, 0);
  }

  return {
    compiled: () => undefined,
    async stage(session) {
      if (!node.load) throw new Error(`${node.unique_id} is scheduled and has no load:`);
      prepared = await prepare(session, node.load);
      return undefined;
    },
    async publish(session): Promise<Outcome> {
      if (!prepared) throw new Error(`${node.unique_id} was loaded before it was prepared`);
      const { decision, existing, format } = prepared;
      const [files, skipped] = [decision.load.length, decision.skip.length];
      const outcome = (message: string, rows: number, rejected: number): Outcome => ({
        status: 'success',
        message,
        adapterResponse: { rows_affected: rows, files, files_skipped: skipped, rejected },
        relationName: name,
        warnings: format.warnings,
      });
      if (session.prints && !run.request.empty) run.emit({ type: 'output', text: explain(node, prepared) });
      else if (existing && files === 0 && decision.touched.length === 0 && !decision.empties)
        return outcome(`no new files (${skipped} loaded before)`, 0, 0);
      const plan = copyPlan(prepared, run.dialect);
      if (session.prints) {
        await session.transaction(() => runSteps(plan.publish, session));
        return outcome(`${files} file${files === 1 ? '' : 's'} to load`, 0, 0);
      }
      const tally = new RejectTally();
      const rows = await loadAll(prepared, plan.publish, tally, session);
      run.catalog.set(node.relation, { relation: node.relation, kind: 'table' });
      const parts = [
        `${rows} row${rows === 1 ? '' : 's'} of ${files} file${files === 1 ? '' : 's'}`,
        skipped > 0 && `${skipped} loaded before`,
        tally.total > 0 && `${tally.total} rejected`,
      ];
      const done = outcome(`${plan.verb} (${parts.filter(Boolean).join(', ')})`, rows, tally.total);
      if (tally.total === 0) return done;
      return { ...done, warnings: [...format.warnings, rejected(tally.total, node, format.spec, stateSchema(run))], rejects: tally.counts };
    },
    async discard() {},
  };
}

const NOTHING: Decision = { load: [], skip: [], changed: [], touched: [], gone: [], empties: false };

async function* oneChunk(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

/** --dry-run: which files, and why. */
function explain(node: SourceNode, { decision, scanned }: CopyTask): string {
  const changed = new Set(decision.changed);
  const clean = new Set(scanned.flatMap((file) => (file.clean ? [file.key] : [])));
  const why = (file: ListedFile): string => (changed.has(file) ? 'changed' : decision.empties ? 'the table is loaded again' : 'new');
  const lines = [
    ...decision.load.map((file) => `load ${file.key} (${why(file)}, ${clean.has(file.key) ? 'clean' : 'read record by record'})`),
    ...decision.skip.map((file) => `skip ${file.key} (${changed.has(file) ? 'changed, on_change: ignore' : 'loaded before'})`),
  ];
  return `-- ${node.unique_id}: ${decision.load.length} to load, ${decision.skip.length} to skip\n${lines.map((line) => `--   ${line}\n`).join('')}`;
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

const rejected = (total: number, node: SourceNode, spec: CopySpec, schema: string): Problem => ({
  code: 'load-rejects',
  severity: 'warning',
  at: spec.at,
  message: `${total} record${total === 1 ? ' was' : 's were'} refused and kept in ${schema}.load_rejects`,
  hint: `See them: dwh show --inline "select * from ${schema}.load_rejects" (source ${node.source_name}.${node.name})`,
});
