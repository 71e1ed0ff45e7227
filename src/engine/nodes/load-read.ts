// Files that dwh reads itself, or has the warehouse read in SQL where they are proved to be clean.
import type { FileCount, ListedFile, RowBatch } from '../../core/copy.ts';
import type { CopySpec, SourceNode } from '../../core/node.ts';
import { fail } from '../../core/problem.ts';
import { type Column, statement } from '../../core/statement.ts';
import { jsonpathsOf, parquetRowsSql, type RecordFormat, recordFormat, type ScannedFile, scanFiles } from '../../loading/index.ts';
import { copyPlan, formatProblem } from '../../materializations/index.ts';
import type { Ledger } from '../ledger.ts';
import type { Run } from '../run.ts';
import type { Session } from '../session.ts';
import { countOf, type RejectTally } from './load-report.ts';
import type { LoadKeeper, Look, Ready, Way } from './load-way.ts';

export interface Loading {
  readonly run: Run;
  readonly node: SourceNode;
  readonly spec: CopySpec;
  readonly state: Ledger;
  readonly loadId: string;
  readonly columns: readonly Column[];
  /** As a note of the run. */
  readonly tell: (what: string) => void;
}

export async function readingWay({ run, node, spec, state, loadId, columns, tell }: Loading, session: Session): Promise<Way> {
  const unloadable = formatProblem(spec, run.dialect);
  if (unloadable) fail(unloadable);
  const { empty, projectDir } = run.request;
  // --empty reads no file, and this one may be far away.
  const read = empty ? { ...spec, jsonpaths: 'auto' } : spec;
  const format = recordFormat(read, columns, await jsonpathsOf(read, projectDir, session.signal));

  async function fetched({ decision: { load: files }, place }: Look, { signal }: Session): Promise<readonly ListedFile[]> {
    if (!place.fetch || files.length === 0) return files;
    const megabytes = files.reduce((sum, file) => sum + file.size, 0) / 1e6;
    tell(`fetches ${countOf(files.length, 'object')} (${megabytes.toFixed(1)} MB)`);
    return place.fetch(files, signal);
  }

  async function ready(look: Look, session: Session): Promise<Ready> {
    // --dry-run fetches nothing.
    const unseen = look.place.fetch !== undefined && session.prints ? look.decision.load.length : 0;
    const scanned = unseen > 0 ? [] : await scanFiles(await fetched(look, session), format, session.signal, run.dialect.readsFiles);
    const rows = await rowsOf(scanned, format, session);
    const planned = copyPlan({ ...look, format, scanned, rows }, run.dialect);
    const later = `-- fetch ${countOf(unseen, 'object')} and load into ${run.dialect.relationName(node.relation)}`;
    const how = new Map(scanned.map((file) => [file.key, file.clean ? ', clean' : ', read record by record']));
    return {
      planned: unseen > 0 ? { ...planned, publish: [...planned.publish, { run: statement(later) }] } : planned,
      files: scanned,
      how: ({ key }) => how.get(key) ?? '',
      keeper: (opened, tally) => keeper(rows, opened, tally),
    };
  }

  function keeper(rows: ReadonlyMap<string, number>, session: Session, tally: RejectTally): LoadKeeper {
    const counts = new Map<string, FileCount>([...rows].map(([key, count]) => [key, { key, rows: count, rejects: 0 }]));
    return {
      counts,
      async batch({ rejects, done }: RowBatch) {
        for (const count of done) counts.set(count.key, count);
        if (rejects.length === 0) return;
        const lines = rejects.map((reject) => state.rejectLine(node.relation, loadId, reject)).join('');
        await session.copyIn(state.rejects, state.rejectColumns, chunks([Buffer.from(lines)]), '');
        for (const reject of rejects) tally.add(reject);
      },
      objects: () => Promise.reject(new Error('objects are not read in this way')),
      end: async () => [...counts.values()].reduce((sum, count) => sum + count.rows, 0),
    };
  }

  return { warnings: format.warnings, ready };
}

export async function* chunks(list: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* list;
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
