// Objects that the warehouse copies by itself: named by manifests that nobody changes, or by the beginning of their places
// where there is no place for manifests; counted by the server. copy-settle.ts has what is left to be done behind the commit.
import { createHash } from 'node:crypto';
import type { ObjectCopies } from '../../adapters/copies.ts';
import type { FileCount, ListedFile, ObjectsRead, TargetColumn } from '../../core/copy.ts';
import type { CopySpec } from '../../core/node.ts';
import type { CopyObjects } from '../../core/plan.ts';
import { DwhError, fail, type Problem, throwIfAny } from '../../core/problem.ts';
import {
  atOnce,
  autoMode,
  csvFormat,
  fileChanged,
  groupObjects,
  HEADER_BYTES,
  headerColumns,
  type JsonpathsFile,
  jsonpathsOf,
  manifestOf,
  noColumns,
  type ObjectGroup,
  type Place,
  prefixesOf,
  refusedRecord,
  targetColumns,
} from '../../loading/index.ts';
import { objectsPlan } from '../../materializations/index.ts';
import { CONCURRENCY, folderUrl, isS3Url, openFolder } from '../../s3/index.ts';
import type { CopyRecord } from '../ledger.ts';
import { repeatable } from '../retry.ts';
import { type Session, StatementError } from '../session.ts';
import { copiedFiles } from './copy-files.ts';
import { isUtf8, type RecordShape, refusedBy, withRecords } from './copy-rejects.ts';
import { type Copying, left, settle } from './copy-settle.ts';
import type { Loading } from './load-read.ts';
import { countOf } from './load-report.ts';
import type { LoadKeeper, Look, Ready, Way } from './load-way.ts';

/** Statements of one load without manifests. */
const MOST_PREFIXES = 100;

/** COPY keeps count up to here. https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-load.html#copy-maxerror */
const MOST_REJECTS = 99_999;

export async function copyingWay(loading: Loading, copies: ObjectCopies, place: Place, session: Session): Promise<Way> {
  const { run, spec, columns } = loading;
  const { work } = run.credentials;
  if (!work) throw new Error(`${run.dialect.name} copies objects, and its credentials do not say how`);
  const { csv, problems } = csvFormat(spec);
  const own = [work.uri, isS3Url(spec.jsonpaths) ? spec.jsonpaths : undefined].flatMap((url) => url ?? []);
  const mixed = own.filter((url) => url.startsWith(folderUrl(spec.from))).map((url) => amongData(url, spec));
  throwIfAny([...(columns.length === 0 ? [noColumns(spec)] : []), ...problems, ...mixed, ...copies.problems(spec)]);
  // --empty reads no file, and this one may be far away.
  const jsonpaths = run.request.empty ? undefined : await jsonpathsOf(spec, run.request.projectDir, session.signal);
  const shape: RecordShape = {
    spec,
    packing: copies.packing,
    columns: run.request.empty ? columns : targetColumns(spec, columns, jsonpaths),
    csv,
  };
  const copying: Copying = { ...loading, copies, place, work, shape, told: new Set() };
  return {
    warnings: [],
    ready: (look, opened) => ready(look, copying, jsonpaths, opened),
    settle: (opened, tally) => repeatable(() => settle(copying, opened, tally)).catch((error: unknown) => left(error, copying)),
    explained: (error, look, opened) => explained(error, look, copying, opened),
  };
}

const amongData = (url: string, spec: CopySpec): Problem => ({
  code: 'load-place',
  at: spec.at,
  message: `${url} lies in ${spec.from}, and would be loaded as data`,
  hint: 'Give it, or the data, a folder of its own.',
});

async function ready(look: Look, copying: Copying, jsonpaths: JsonpathsFile | undefined, session: Session): Promise<Ready> {
  const { run, spec, copies, place, work } = copying;
  const files = look.decision.load;
  const groups = groupObjects(files, copies.packing, await columnsOf(files, copying, session.signal));
  const region = files.length > 0 ? await place.region?.() : undefined;
  const put = workPut(copying, session);
  const named = jsonpaths && !isS3Url(spec.jsonpaths) ? await put(`jsonpaths/${hashOf(jsonpaths.text)}.json`, jsonpaths.text) : undefined;
  const read = { ...spec, jsonpaths: named ?? autoMode(spec.jsonpaths) ?? spec.jsonpaths };
  const copyOf = (url: string, isManifest: boolean, { packed, columns }: ObjectGroup, of: readonly ListedFile[]): CopyObjects => ({
    run: copies.copyInto(look.relation, columns, read, { url, isManifest, packed, region }, work),
    files: of,
    byPrefix: !isManifest,
  });
  const statements: CopyObjects[] = [];
  for (const group of groups) {
    if (work.uri === undefined) {
      const prefixes = prefixesOf(group.files, look.listed, folderUrl(spec.from));
      if (!prefixes || statements.length + prefixes.length > MOST_PREFIXES) fail(needsWork(files, look, copying));
      else statements.push(...prefixes.map(({ prefix, files: some }) => copyOf(prefix, false, group, some)));
    } else {
      const manifest = manifestOf(group.files);
      statements.push(copyOf(await put(`manifests/${hashOf(manifest)}.json`, manifest), true, group, group.files));
    }
  }
  return {
    planned: objectsPlan(look, statements, run.dialect),
    files: files.map((file) => ({ ...file, content: file.content ?? '' })),
    how: () => '',
    keeper: (opened) => keeper(copying, statements.length, opened),
  };
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** Puts a text into `work_uri` under a name that tells its content, and returns its URL; --dry-run only tells it. */
function workPut({ work, spec }: Copying, session: Session): (name: string, text: string) => Promise<string> {
  return async (name, text) => {
    if (work.uri === undefined) {
      return fail({
        code: 'load-work-uri',
        at: spec.at,
        message: `COPY cannot read '${spec.jsonpaths}' from this machine`,
        hint: 'Put the file on S3 and name it s3://…, or set work_uri in the profile: dwh puts it there.',
      });
    }
    if (session.prints) return `${work.uri}${name}`;
    const folder = await openFolder(work.uri, work.at);
    try {
      return await folder.put(name, text, session.signal);
    } finally {
      folder.close();
    }
  };
}

const needsWork = (files: readonly ListedFile[], { listed }: Look, { spec }: Copying): Problem => ({
  code: 'load-work-uri',
  at: spec.at,
  message: `without a manifest, COPY cannot be told to read ${countOf(files.length, 'file')} of the ${listed.length} that are there, and no other`,
  hint: 'Set work_uri in the profile: a folder on S3, in the region of the data, where dwh puts the lists of files.',
});

/** The columns of each file's values, in their order: a CSV file's first line names them, and COPY knows places only. */
async function columnsOf(
  files: readonly ListedFile[],
  { copies, place, shape, tell }: Copying,
  signal: AbortSignal,
): Promise<(file: ListedFile) => readonly TargetColumn[]> {
  const { spec, columns, csv } = shape;
  if (spec.format !== 'csv' || !csv.header || !place.start) return () => columns;
  const found = new Map<string, readonly TargetColumn[]>();
  const { start } = place;
  const { encoding } = spec.options;
  const foreign = isUtf8(encoding) ? undefined : `its encoding is ${encoding}`;
  if (files.length > 0) tell(`reads the first line of ${countOf(files.length, 'object')}`);
  await atOnce(CONCURRENCY, files, signal, async (file, _index, stop) => {
    const packed = copies.packing(file.key);
    const unreadable = packed !== undefined && packed !== 'gzip' ? `it is packed with ${packed}` : foreign;
    if (unreadable !== undefined) {
      fail({
        code: 'load-option',
        at: spec.at,
        message: `the first line of ${file.key} cannot be read here, since ${unreadable}`,
        hint: 'Set ignoreheader: 1, and list the columns in the order of the files.',
      });
    }
    const names = headerColumns(await start(file, HEADER_BYTES, stop), columns, file.key, csv, packed === 'gzip');
    if (names.length > 0) found.set(file.key, names);
  });
  return (file) => found.get(file.key) ?? columns;
}

function keeper({ copies, spec, node, state, loadId }: Copying, statements: number, session: Session): LoadKeeper {
  const counts = new Map<string, FileCount>();
  const records: CopyRecord[] = [];
  let complete = true;
  return {
    counts,
    batch: () => Promise.reject(new Error('records are not read in this way')),
    async objects(read: ObjectsRead) {
      const [[id, copied] = []] = (await session.read(copies.last)).rows;
      const rows = Number(copied);
      records.push({ id: String(id), loadId, rows });
      const found = copiedFiles(read.files, (await session.read(copies.filesOf([String(id)]))).rows, copies.fileNameBytes);
      if (read.byPrefix && found.missing.length + found.others.length > 0) fail(otherFiles(found, spec.at));
      const [only] = read.files;
      if (read.files.length === 1 && only) counts.set(only.key, { key: only.key, rows, rejects: 0 });
      else for (const [key, lines] of found.lines) counts.set(key, { key, rows: lines, rejects: 0 });
      complete &&= read.files.every(({ key }) => counts.has(key));
      return rows;
    },
    async end() {
      if (records.length !== statements) throw new Error(`${records.length} of ${statements} copies were counted`);
      // With nothing to be refused, and all counted, there is nothing to come back for.
      if (copies.mayRefuse(spec) || !complete) for (const sql of state.recordCopies(node.relation, records)) await session.run(sql);
      return records.reduce((sum, { rows }) => sum + rows, 0);
    },
  };
}

const otherFiles = ({ missing, others }: { missing: readonly string[]; others: readonly string[] }, at: Problem['at']): Problem => ({
  code: 'load-moved',
  ...(at && { at }),
  message:
    others.length > 0
      ? `COPY read ${others.slice(0, 5).join(', ')}, which was not among the files listed: nothing was loaded`
      : `the server does not say that COPY read ${missing.slice(0, 5).join(', ')}: nothing was loaded`,
  hint: 'Run again. If files come while others are loaded, set work_uri in the profile, and dwh names each file in a manifest.',
});

/** After the rollback, on the same connection: it alone knows its last copy. */
async function explained(error: unknown, look: Look, copying: Copying, session: Session): Promise<unknown> {
  if (!(error instanceof StatementError) || error.cause.details.transient || error.cause.details.cancelled) return undefined;
  const { copies, place, shape, spec } = copying;
  const refusal = copies.refusal(error.message);
  if (!refusal) return undefined;
  const files = look.decision.load;
  if (refusal.of === 'records') {
    const [[id] = []] = (await session.read(copies.last)).rows;
    const refused = await refusedBy(copies, [String(id)], files, session);
    const allowed = spec.on_error === 'abort' ? undefined : Math.min(spec.max_errors ?? MOST_REJECTS, MOST_REJECTS);
    const fatal = refused[Math.min(allowed ?? 0, refused.length - 1)];
    if (!fatal) return undefined;
    const [reject] = await withRecords([fatal], files, place, shape, session.signal);
    return new DwhError([refusedRecord(reject, allowed, MOST_REJECTS)], { cause: error });
  }
  const moved = refusal.of === 'object' ? await place.changedSince(files, session.signal) : [];
  if (moved.length > 0) return new DwhError([fileChanged(moved, spec.at)], { cause: error });
  return new DwhError([{ code: 'copy-refused', at: spec.at, message: error.message, hint: refusal.hint }], { cause: error });
}
