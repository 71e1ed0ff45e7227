// A source table with `load:`: list, compare with the ledger, look at each new file once, then one transaction that loads
// the files, keeps the refused records, and writes the ledger. Killed at any moment, it has loaded all or nothing.
import type { Connection } from '../../adapters/adapter.ts';
import type { ListedFile, LoadedFile, Reject } from '../../core/copy.ts';
import type { RejectCount } from '../../core/event.ts';
import type { CopySpec, SourceNode, UniqueId } from '../../core/node.ts';
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
  readFiles,
  readJsonpaths,
  readJsonSql,
  readParquetSql,
  recordFormat,
  type ScannedFile,
  scanFiles,
} from '../../loading/index.ts';
import { type Ledger, ledger } from '../ledger.ts';
import type { Run } from '../run.ts';
import type { Session } from '../session.ts';
import type { Outcome, Runner } from './runner.ts';

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

interface Prepared {
  readonly format: RecordFormat;
  readonly columns: readonly Column[];
  readonly decision: Decision;
  readonly scanned: readonly ScannedFile[];
  readonly existing: RelationState | undefined;
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

/** Files of one statement of the fast path. */
const FILES_PER_STATEMENT = 2000;

export function loadRunner(run: Run, node: SourceNode): Runner {
  const state = ledgerOf(run, node);
  let prepared: Prepared | undefined;
  const spec = node.load;
  if (!spec) throw new Error(`${node.unique_id} is scheduled and has no load:`);

  async function prepare(session: Session): Promise<Prepared> {
    if (!spec) throw new Error('unreachable');
    const format = formatOf(run, node, spec);
    const columns = columnsOf(run, node);
    const existing = await run.catalog.get(node.relation, session.connection);
    await checkColumns(node, existing, columns, session);
    if (run.request.empty)
      return {
        format,
        columns,
        existing,
        scanned: [],
        decision: { load: [], skip: [], changed: [], touched: [], gone: [], empties: false },
      };
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
    return { format, columns, existing, decision, scanned: await scanFiles(decision.load, format, session.signal) };
  }

  /** Rows written. Inside the transaction. */
  async function loadFiles(
    { format, scanned }: Prepared,
    loadId: string,
    session: Session,
    loaded: LoadedFile[],
    tally: RejectTally,
  ): Promise<number> {
    let rows = 0;
    const list = format.columns.map((column) => run.dialect.quote(column.name)).join(', ');
    const clean = run.dialect.readsFiles ? scanned.filter((file) => file.clean) : [];
    const queries = (files: readonly ScannedFile[]): readonly string[] =>
      format.spec.format === 'parquet' ? [readParquetSql(files, format)].flat() : readJsonSql(files, format);
    const taken = new Set(clean);
    for (let at = 0; at < clean.length; at += FILES_PER_STATEMENT) {
      const files = clean.slice(at, at + FILES_PER_STATEMENT);
      const counts = await rowsOf(files, format, session);
      let written = 0;
      for (const query of queries(files)) {
        written += (await session.run(statement(`insert into ${run.dialect.relationName(node.relation)} (${list})\n${query}`))).rowCount;
      }
      const expected = counts.reduce((sum, count) => sum + count, 0);
      if (written !== expected) fail(otherCount(expected, written, format.spec));
      rows += written;
      for (const [index, { key, size, mark, content }] of files.entries())
        loaded.push({ key, size, mark, content, rows: counts[index] ?? 0, rejects: 0 });
    }
    const exact = scanned.filter((file) => !taken.has(file));
    if (exact.length === 0) return rows;
    const byKey = new Map(exact.map((file) => [file.key, file]));
    const shown = `-- copy ${exact.length} file${exact.length === 1 ? '' : 's'} record by record into ${run.dialect.relationName(node.relation)}`;
    const columns = columnsOf(run, node);
    const once = async function* (bytes: Uint8Array): AsyncGenerator<Uint8Array> {
      yield bytes;
    };
    let said = shown;
    for await (const batch of readFiles(exact, format, session.signal)) {
      if (batch.rows > 0) rows += (await session.copyIn(node.relation, columns, once(batch.csv), said)).rowCount;
      if (batch.rows > 0) said = '';
      if (batch.rejects.length > 0) {
        const lines = batch.rejects.map((reject) => state.rejectLine(node.relation, loadId, reject)).join('');
        await session.copyIn(state.rejects, state.rejectColumns, once(Buffer.from(lines)), '');
        for (const reject of batch.rejects) tally.add(reject);
      }
      for (const done of batch.done) {
        const file = byKey.get(done.key);
        if (file)
          loaded.push({ key: file.key, size: file.size, mark: file.mark, content: file.content, rows: done.rows, rejects: done.rejects });
      }
    }
    return rows;
  }

  function explain({ decision, scanned }: Prepared): string {
    const changed = new Set(decision.changed);
    const clean = new Set(scanned.flatMap((file) => (file.clean ? [file.key] : [])));
    const why = (file: ListedFile): string => (changed.has(file) ? 'changed' : decision.empties ? 'the table is loaded again' : 'new');
    const lines = [
      ...decision.load.map((file) => `load ${file.key} (${why(file)}, ${clean.has(file.key) ? 'clean' : 'read record by record'})`),
      ...decision.skip.map((file) => `skip ${file.key} (${changed.has(file) ? 'changed, on_change: ignore' : 'loaded before'})`),
    ];
    return `-- ${node.unique_id}: ${decision.load.length} to load, ${decision.skip.length} to skip\n${lines.map((line) => `--   ${line}\n`).join('')}`;
  }

  return {
    compiled: () => undefined,
    async stage(session) {
      prepared = await prepare(session);
      return undefined;
    },
    async publish(session): Promise<Outcome> {
      if (!prepared) throw new Error(`${node.unique_id} was loaded before it was prepared`);
      const { decision, existing, columns, format, scanned } = prepared;
      const done = (rows: number, rejected: number): Outcome['adapterResponse'] => ({
        rows_affected: rows,
        files: decision.load.length,
        files_skipped: decision.skip.length,
        rejected,
      });
      const name = run.dialect.relationName(node.relation);
      if (run.request.dryRun && !run.request.empty) {
        run.emit({ type: 'output', text: explain(prepared) });
        return { status: 'success', message: `${decision.load.length} files to load`, adapterResponse: done(0, 0), relationName: name };
      }
      if (existing && decision.load.length === 0 && decision.touched.length === 0 && !decision.empties) {
        return {
          status: 'success',
          message: `no new files (${decision.skip.length} loaded before)`,
          adapterResponse: done(0, 0),
          relationName: name,
          warnings: format.warnings,
        };
      }
      const loadId = `${run.request.invocationId}.${node.name}`;
      const loadedAt = new Date(run.deps.clock()).toISOString().replace('T', ' ').replace('Z', '');
      const tally = new RejectTally();
      const remembers = (await run.catalog.get(state.rejects, session.connection)) !== undefined;
      const rows = await session.transaction(async () => {
        if (!existing) for (const sql of run.dialect.createTable(node.relation, columns)) await session.run(sql);
        if (run.request.empty) {
          // What was loaded into a table that is gone is not loaded.
          if (!existing && remembers) for (const sql of state.forget(node.relation)) await session.run(sql);
          return 0;
        }
        if (!existing || decision.empties) for (const sql of state.forget(node.relation)) await session.run(sql);
        if (existing && decision.empties) await session.run(statement(`delete from ${name}`));
        const loaded: LoadedFile[] = [];
        const count = await loadFiles(prepared as Prepared, loadId, session, loaded, tally);
        const moved = changedSince(scanned);
        if (moved.length > 0) fail(fileChanged(moved, format.spec.at));
        for (const sql of state.record(node.relation, loadId, loadedAt, loaded)) await session.run(sql);
        for (const sql of state.touch(node.relation, decision.touched)) await session.run(sql);
        return count;
      });
      run.catalog.set(node.relation, { relation: node.relation, kind: 'table' });
      const files = decision.load.length;
      return {
        status: 'success',
        message: `LOAD (${rows} row${rows === 1 ? '' : 's'} of ${files} file${files === 1 ? '' : 's'}${decision.skip.length > 0 ? `, ${decision.skip.length} loaded before` : ''}${tally.total > 0 ? `, ${tally.total} rejected` : ''})`,
        adapterResponse: done(rows, tally.total),
        relationName: name,
        warnings: [...format.warnings, ...(tally.total > 0 ? [rejected(tally.total, node, format.spec, stateSchema(run))] : [])],
        ...(tally.total > 0 && { rejects: tally.counts }),
      };
    },
    async discard() {},
  };
}

/** How many rows each clean file has: the scan counted them, or parquet's own metadata says. */
async function rowsOf(files: readonly ScannedFile[], format: RecordFormat, session: Session): Promise<readonly number[]> {
  if (format.spec.format !== 'parquet') return files.map((file) => file.clean?.rows ?? 0);
  const found = new Map(
    (await session.read(statement(parquetRowsSql(files)))).rows.map(([location, count]) => [String(location), Number(count)]),
  );
  return files.map((file) => found.get(file.location) ?? 0);
}

/** The scan and the warehouse disagree: one of them is wrong, so nothing is kept. */
const otherCount = (expected: number, written: number, spec: CopySpec): Problem => ({
  code: 'load-count',
  at: spec.at,
  message: `the files have ${expected} records, and the warehouse read ${written}: nothing was loaded`,
  hint: 'A file may have changed meanwhile: run again. If it comes again, please report it.',
});

const rejected = (total: number, node: SourceNode, spec: CopySpec, schema: string): Problem => ({
  code: 'load-rejects',
  severity: 'warning',
  at: spec.at,
  message: `${total} record${total === 1 ? ' was' : 's were'} refused and kept in ${schema}.load_rejects`,
  hint: `See them: dwh show --inline "select * from ${schema}.load_rejects" (source ${node.source_name}.${node.name})`,
});
