// A source table with `load:`: list, compare with the ledger, make the new files ready, then one transaction that loads the
// files and writes the ledger. Killed at any moment, it has loaded all or nothing.
import { isDeepStrictEqual } from 'node:util';
import type { CopySpec, SourceNode } from '../../core/node.ts';
import { fail } from '../../core/problem.ts';
import { type Relation, type RelationState, relationKey } from '../../core/relation.ts';
import { type Column, statement } from '../../core/statement.ts';
import { contentOf, type Decision, decide, fileChanged, needsContent, nothingListed, type Place, placeOf } from '../../loading/index.ts';
import type { RememberedFile } from '../ledger.ts';
import { isUnknown, repeatable } from '../retry.ts';
import type { Run } from '../run.ts';
import type { Session } from '../session.ts';
import { copyingWay } from './load-copy.ts';
import { namingSession } from './load-names.ts';
import { type Loading, readingWay } from './load-read.ts';
import { countOf, explain, RejectTally, rejected } from './load-report.ts';
import { exclusively, ledgerOf, stateSchema } from './load-state.ts';
import type { Look, Ready, Way } from './load-way.ts';
import { type Outcome, type Runner, runSteps } from './runner.ts';

/** The columns as the project declares them, in the dialect's types. */
const columnsOf = (run: Run, node: SourceNode): readonly Column[] =>
  node.columns.map(({ name, quote, data_type }) => ({
    name: quote ? name : run.dialect.unquoted(name),
    type: run.dialect.columnType(data_type ?? 'text'),
  }));

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

/** So many the ledger takes in statements; more go as the rows of a table do. */
const FEW_FILES = 2000;

/** Another load was here since this one looked: look again. */
const OUTDATED = Symbol('outdated');

interface Told {
  readonly rows: number;
  readonly files: number;
  readonly skipped: number;
  readonly tally: RejectTally;
}

export function loadRunner(run: Run, node: SourceNode): Runner {
  const state = ledgerOf(run, node);
  const name = run.dialect.relationName(node.relation);
  const loadId = `${run.request.invocationId}.${node.name}`;
  const columns = columnsOf(run, node);

  const remembered = async (session: Session): Promise<readonly RememberedFile[]> =>
    state.filesFrom((await session.read(state.readFiles(node.relation))).rows);

  async function look(session: Session, spec: CopySpec, place: Place): Promise<Look> {
    const ledger = !run.request.empty && (await run.catalog.get(state.files, session.connection)) ? await remembered(session) : [];
    const existing =
      (await run.catalog.get(node.relation, session.connection)) ??
      (ledger.length > 0 ? await standing(run, node.relation, session) : undefined);
    await checkColumns(node, existing, columns, session);
    const tableIsGone = !existing && (await run.catalog.get(state.rejects, session.connection)) !== undefined;
    const common = { relation: node.relation, spec, columns, existing, ledger, place, forgets: tableIsGone };
    if (run.request.empty) return { ...common, listed: [], decision: NOTHING };
    const listed = await place.list(session.signal);
    if (listed.length === 0 && !spec.allow_empty) fail(nothingListed(spec.from, spec.at));
    // Without its table, what the ledger remembers is gone.
    const loaded = existing ? ledger : [];
    const contents = new Map(needsContent(listed, loaded).map((file) => [file.key, contentOf(file.location)]));
    const decision = decide(listed, loaded, contents, spec, run.request.command === 'load' && run.request.fullRefresh);
    if (decision.problem) fail(decision.problem);
    return { ...common, listed, decision, forgets: decision.empties || tableIsGone };
  }

  /** Rows of which the ledger knows nothing may be those of the very files: they would come twice. */
  async function checkOwnRows({ existing, ledger, decision, spec }: Look, session: Session): Promise<void> {
    if (!existing || ledger.length > 0 || decision.empties || decision.load.length === 0) return;
    if ((await session.read(statement(`select 1 from ${name} limit 1`))).rows.length === 0) return;
    fail({
      code: 'load-unknown-rows',
      at: spec.at,
      message: `${node.relation.schema}.${node.relation.identifier} has rows, and the ledger in ${stateSchema(run)} knows of no file that was loaded into it`,
      hint: `Load all files anew, instead of these rows: dwh load --full-refresh -s source:${node.source_name}.${node.name}. To keep the rows, load into a table of its own.`,
    });
  }

  /** In a transaction: the plan, what it left out, and the ledger. Rows written. */
  async function write({ decision, forgets, place, spec }: Look, ready: Ready, tally: RejectTally, session: Session): Promise<number> {
    const loadedAt = new Date(run.deps.clock()).toISOString().replace('T', ' ').replace('Z', '');
    if (forgets) for (const sql of state.forget(node.relation)) await session.run(sql);
    const keeper = ready.keeper(session, tally);
    await runSteps(ready.planned.publish, session, { keep: keeper });
    const moved = await place.changedSince(ready.files, session.signal);
    if (moved.length > 0) fail(fileChanged(moved, spec.at));
    const rows = await keeper.end(session);
    const loaded = ready.files.map(({ key, size, mark, content }) => ({
      size,
      mark,
      content,
      ...(keeper.counts.get(key) ?? { key, rows: 0, rejects: 0 }),
    }));
    if (loaded.length <= FEW_FILES) for (const sql of state.record(node.relation, loadId, loadedAt, loaded)) await session.run(sql);
    else await session.copyIn(state.files, state.fileColumns, state.fileLines(node.relation, loadId, loadedAt, loaded), '');
    for (const sql of state.touch(node.relation, decision.touched)) await session.run(sql);
    return rows;
  }

  /** `OUTDATED`: nothing was done. */
  async function load(seen: Look, way: Way, tally: RejectTally, session: Session): Promise<Outcome | typeof OUTDATED> {
    const ready = await way.ready(seen, session);
    const { verb, publish } = ready.planned;
    const [files, skipped] = [seen.decision.load.length, seen.decision.skip.length];
    if (session.prints) {
      if (!run.request.empty) run.emit({ type: 'output', text: explain(node, seen.decision, ready.how) });
      await session.transaction(() => runSteps(publish, session));
      return outcome(`${countOf(files, 'file')} to load`, { rows: 0, files, skipped, tally }, seen.spec, way);
    }
    const writes = (): Promise<number> => write(seen, ready, tally, session);
    const isCurrent = async (): Promise<boolean> => isDeepStrictEqual(await remembered(session), seen.ledger);
    // With --empty there is no file that two loads could both take, and there need not be a ledger.
    const once = (): Promise<number | typeof OUTDATED> =>
      run.request.empty
        ? session.transaction(writes)
        : exclusively(session, [state, node.relation], waits, async () => {
            if (!(await isCurrent())) return OUTDATED;
            await checkOwnRows(seen, session);
            return writes();
          });
    // What became of a commit whose answer was lost, the ledger tells the next try.
    const rows = await repeatable(once).catch(async (error: unknown) => {
      if (isUnknown(error)) run.unresolved.add(node.unique_id);
      throw (await way.explained?.(error, seen, session)) ?? error;
    });
    if (rows === OUTDATED) return rows;
    run.catalog.set(node.relation, { relation: node.relation, kind: 'table' });
    if (files > 0 && way.settle) {
      run.unresolved.add(node.unique_id);
      await way.settle(session, tally);
    }
    const told = { rows, files, skipped, tally };
    if (files === 0 && seen.existing && !seen.decision.empties) return outcome(noNewFiles(skipped), told, seen.spec, way);
    return outcome(`${verb} ${counted(told)}`, told, seen.spec, way);
  }

  const tell = (what: string): void => run.emit({ type: 'note', level: 'info', message: `${node.source_name}.${node.name} ${what}` });
  const waits = (): void => tell('waits for another load of it to end');

  /** A try before this one was committed: the ledger has its files. */
  async function alreadyDone(seen: Look, way: Way, tally: RejectTally, session: Session): Promise<Outcome | undefined> {
    const own = seen.ledger.filter((file) => file.loadId === loadId);
    if (!run.unresolved.has(node.unique_id) || own.length === 0 || !seen.existing) return undefined;
    if (tally.total === 0) {
      for (const [file, line, column, value, reason] of (await session.read(state.readRejects(node.relation, loadId))).rows)
        tally.add({
          file: String(file),
          line: Number(line),
          ...(column !== null && { column: String(column) }),
          ...(value !== null && { value: String(value) }),
          reason: String(reason),
          raw: '',
        });
    }
    const told = {
      rows: own.reduce((sum, { rows }) => sum + rows, 0),
      files: own.length,
      skipped: seen.ledger.length - own.length,
      tally,
    };
    return outcome(`LOAD ${counted(told)}`, told, seen.spec, way);
  }

  function outcome(message: string, { rows, files, skipped, tally }: Told, spec: CopySpec, way: Way): Outcome {
    return {
      status: 'success',
      message,
      adapterResponse: { rows_affected: rows, files, files_skipped: skipped, rejected: tally.total },
      relationName: name,
      warnings: [...way.warnings, ...(tally.total > 0 ? [rejected(tally.total, node, spec, stateSchema(run))] : [])],
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
      const { load: spec } = node;
      if (!spec) throw new Error(`${node.unique_id} is scheduled and has no load:`);
      const place = placeOf(spec, run.request.projectDir);
      const session = place.named ? namingSession(opened, place.named) : opened;
      const loading: Loading = { run, node, spec, state, loadId, columns, tell };
      const tally = new RejectTally();
      try {
        const byWarehouse = run.dialect.copies !== undefined && place.region !== undefined;
        const way = byWarehouse ? await copyingWay(loading, run.dialect.copies, place, session) : await readingWay(loading, session);
        if (!session.prints && !run.request.empty) await way.settle?.(session, tally);
        for (;;) {
          const seen = await look(session, spec, place);
          const done = session.prints ? undefined : await alreadyDone(seen, way, tally, session);
          if (done) return done;
          const { load: files, skip, touched, empties } = seen.decision;
          const idle = seen.existing !== undefined && files.length + touched.length === 0 && !empties;
          if (idle && !session.prints)
            return outcome(noNewFiles(skip.length), { rows: 0, files: 0, skipped: skip.length, tally }, spec, way);
          const loaded = await load(seen, way, tally, session);
          if (loaded !== OUTDATED) return loaded;
        }
      } finally {
        await place.close();
      }
    },
    async discard() {},
  };
}

const noNewFiles = (skipped: number): string => `no new files (${skipped} loaded before)`;

const counted = ({ rows, files, skipped, tally }: Told): string => {
  const parts = [
    `${countOf(rows, 'row')} of ${countOf(files, 'file')}`,
    skipped > 0 && `${skipped} loaded before`,
    tally.total > 0 && `${tally.total} rejected`,
  ];
  return `(${parts.filter(Boolean).join(', ')})`;
};

/** Whether the table is there after all: another run may have made it since the catalog was filled. */
async function standing({ dialect }: Run, relation: Relation, { connection }: Session): Promise<RelationState | undefined> {
  const key = (one: Relation): string => relationKey(one, dialect.ignoresCase);
  return (await connection.list([relation])).find((state) => key(state.relation) === key(relation));
}

const NOTHING: Decision = { load: [], skip: [], changed: [], touched: [], gone: [], empties: false };
