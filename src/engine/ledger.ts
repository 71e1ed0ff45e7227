// The state schema (`_dwh`): which files are loaded, which records were refused, who is loading what. Alone knows its tables;
// returns statements or reads rows.
import type { Dialect } from '../adapters/dialect.ts';
import type { FileCount, LoadedFile, Reject } from '../core/copy.ts';
import type { Relation } from '../core/relation.ts';
import { type Column, type Row, type Statement, statement } from '../core/statement.ts';
import { wholeCharacters } from '../loading/index.ts';

/** A file of the ledger, and the load that took it. */
export interface RememberedFile extends LoadedFile {
  readonly loadId: string;
}

/** What a warehouse read by itself in one statement. */
export interface CopyRecord {
  /** The server's number of it. */
  readonly id: string;
  readonly loadId: string;
  readonly rows: number;
}

export interface Ledger {
  readonly files: Relation;
  readonly rejects: Relation;
  /** Only where the warehouse copies by itself. */
  readonly copies: Relation;
  readonly rejectColumns: readonly Column[];
  readonly place: Pick<Relation, 'database' | 'schema'>;
  /** All its tables. */
  readonly tables: readonly Relation[];
  /** Makes those of its tables that are missing. */
  create(missing: readonly Relation[]): readonly Statement[];
  /** Gives relations that have none a row to be locked by. */
  makeLocks(targets: readonly Relation[]): readonly Statement[];
  /** First in the transaction of a load: no other one can pass here until this one ends. */
  lock(target: Relation): Statement;
  readFiles(target: Relation): Statement;
  filesFrom(rows: readonly Row[]): readonly RememberedFile[];
  record(target: Relation, loadId: string, loadedAt: string, files: readonly LoadedFile[]): readonly Statement[];
  readonly fileColumns: readonly Column[];
  /** As `record`, for more files than should go in statements: the CSV that Connection.copyIn takes. */
  fileLines(target: Relation, loadId: string, loadedAt: string, files: readonly LoadedFile[]): AsyncGenerator<Uint8Array>;
  /** New marks of files whose content is as it was. */
  touch(target: Relation, files: readonly Pick<LoadedFile, 'key' | 'mark'>[]): readonly Statement[];
  /** Numbers that were not known, or not all, when the files were recorded. */
  count(target: Relation, files: readonly FileCount[]): readonly Statement[];
  /** Copies whose refused records are to be fetched from the server, once the load is committed. */
  recordCopies(target: Relation, copies: readonly CopyRecord[]): readonly Statement[];
  readCopies(target: Relation): Statement;
  copiesFrom(rows: readonly Row[]): readonly CopyRecord[];
  /** That was done. */
  closeCopies(target: Relation, copies: readonly CopyRecord[]): Statement;
  /** [file, line, column, value, reason] of what a load refused. */
  readRejects(target: Relation, loadId: string): Statement;
  /** Everything of the relation. */
  forget(target: Relation): readonly Statement[];
  /** When each loaded relation last got a file, and how many files and rows it has. */
  freshness(target: Relation): Statement;
  /** A line of the CSV that Connection.copyIn takes. */
  rejectLine(target: Relation, loadId: string, reject: Reject): string;
}

/** Keys of objects and texts of records may be long, and Redshift's `text` has 256 bytes. */
const LONG = 'varchar(max)';
const FILE_COLUMNS: readonly [string, string][] = [
  ['relation', LONG],
  ['file_key', LONG],
  ['bytes', 'bigint'],
  ['mark', LONG],
  ['content', LONG],
  ['row_count', 'bigint'],
  ['reject_count', 'bigint'],
  ['load_id', LONG],
  ['loaded_at', 'timestamp'],
];
const REJECT_COLUMNS: readonly [string, string][] = [
  ['relation', LONG],
  ['load_id', LONG],
  ['file_key', LONG],
  ['line', 'bigint'],
  ['column_name', LONG],
  ['value', LONG],
  ['reason', LONG],
  ['raw', LONG],
];
/** One row for each copy that is open. */
const COPY_COLUMNS: readonly [string, string][] = [
  ['relation', LONG],
  ['load_id', LONG],
  ['copy_id', 'bigint'],
  ['row_count', 'bigint'],
];
const LOCK_COLUMNS: readonly [string, string][] = [
  ['relation', LONG],
  ['loads', 'bigint'],
];
const BATCH = 500;

const csvField = (value: string | number | undefined): string => (value === undefined ? '' : `"${String(value).replaceAll('"', '""')}"`);

/** As a column of so many bytes takes it; NUL is what no warehouse's text can hold. */
function storable(text: string, maxBytes: number): string {
  const clean = text.replaceAll('\0', '\ufffd');
  if (clean.length * 3 <= maxBytes) return clean;
  const bytes = Buffer.from(clean);
  return bytes.length <= maxBytes ? clean : bytes.toString('utf8', 0, wholeCharacters(bytes, 0, maxBytes));
}

export function ledger(dialect: Dialect, place: Pick<Relation, 'database' | 'schema'>): Ledger {
  const files: Relation = { ...place, identifier: 'load_files' };
  const rejects: Relation = { ...place, identifier: 'load_rejects' };
  const locks: Relation = { ...place, identifier: 'load_locks' };
  const copies: Relation = { ...place, identifier: 'load_copies' };
  const ofLoads = [files, rejects, ...(dialect.copies ? [copies] : [])];
  const tables = [...ofLoads, locks];
  const definitions = new Map([
    [files, FILE_COLUMNS],
    [rejects, REJECT_COLUMNS],
    [copies, COPY_COLUMNS],
    [locks, LOCK_COLUMNS],
  ]);
  const columnsOf = (list: readonly [string, string][]): readonly Column[] =>
    list.map(([name, type]) => ({ name, type: dialect.columnType(type) }));
  // Without the database: a file that is copied under another name is the same warehouse.
  const named = ({ schema, identifier }: Relation): string => dialect.relationName({ schema, identifier }).toLowerCase();
  const target = (relation: Relation): string => dialect.literal(named(relation));
  // Rows are selects: Redshift has no VALUES in FROM. https://docs.aws.amazon.com/redshift/latest/dg/r_FROM_clause30.html
  const longestBytes = Number(/\((\d+)\)$/.exec(dialect.columnType(LONG))?.[1] ?? Number.POSITIVE_INFINITY);
  const long = (literal: string): string => `cast(${literal} as ${dialect.columnType(LONG)})`;
  const names = FILE_COLUMNS.map(([name]) => dialect.quote(name)).join(', ');
  const update = (
    relation: Relation,
    columns: readonly string[],
    list: readonly (readonly [key: string, values: string])[],
  ): Statement[] => {
    const statements: Statement[] = [];
    for (let at = 0; at < list.length; at += BATCH) {
      const rows = list.slice(at, at + BATCH).map(([key, values]) => `select ${long(dialect.literal(key))} as file_key, ${values}`);
      statements.push(
        statement(
          `update ${dialect.relationName(files)} set ${columns.map((name) => `${name} = v.${name}`).join(', ')} from (${rows.join(' union all ')}) as v where load_files.file_key = v.file_key and load_files.relation = ${target(relation)}`,
        ),
      );
    }
    return statements;
  };
  return {
    files,
    rejects,
    copies,
    place,
    tables,
    rejectColumns: columnsOf(REJECT_COLUMNS),
    create: (missing) => missing.flatMap((relation) => dialect.createTable(relation, columnsOf(definitions.get(relation) ?? []))),
    // Two runs that do so at once leave two rows; a load writes to all it sees, and any two loads see one in common.
    makeLocks: (targets) => {
      if (dialect.lockTable) return [];
      const rows = targets.map((relation) => `select ${long(target(relation))} as relation`).join(' union all ');
      return [
        statement(
          `insert into ${dialect.relationName(locks)} select v.relation, 0 from (${rows}) as v where v.relation not in (select relation from ${dialect.relationName(locks)})`,
        ),
      ];
    },
    // A value that changes: DuckDB does not write one that stays, and would let two transactions through.
    lock: (relation) =>
      dialect.lockTable?.(locks) ??
      statement(`update ${dialect.relationName(locks)} set loads = loads + 1 where relation = ${target(relation)}`),
    readFiles: (relation) =>
      statement(
        `select file_key, bytes, mark, content, row_count, reject_count, load_id from ${dialect.relationName(files)} where relation = ${target(relation)} order by file_key`,
      ),
    filesFrom: (rows) =>
      rows.map(([key, size, mark, content, count, refused, loadId]) => ({
        key: String(key),
        size: Number(size),
        mark: String(mark),
        content: String(content),
        rows: Number(count),
        rejects: Number(refused),
        loadId: String(loadId),
      })),
    record(relation, loadId, loadedAt, list) {
      const values = list.map(
        (file) =>
          `(${target(relation)}, ${dialect.literal(file.key)}, ${file.size}, ${dialect.literal(file.mark)}, ${dialect.literal(file.content)}, ${file.rows}, ${file.rejects}, ${dialect.literal(loadId)}, ${dialect.literal(loadedAt)})`,
      );
      const statements: Statement[] = [];
      for (let at = 0; at < values.length; at += BATCH) {
        statements.push(
          statement(`insert into ${dialect.relationName(files)} (${names}) values\n${values.slice(at, at + BATCH).join(',\n')}`),
        );
      }
      return statements;
    },
    fileColumns: columnsOf(FILE_COLUMNS),
    async *fileLines(relation, loadId, loadedAt, list) {
      for (let at = 0; at < list.length; at += BATCH) {
        const lines = list
          .slice(at, at + BATCH)
          .map(({ key, size, mark, content, rows, rejects: refused }) =>
            [named(relation), key, size, mark, content, rows, refused, loadId, loadedAt].map(csvField).join(','),
          );
        yield Buffer.from(`${lines.join('\n')}\n`);
      }
    },
    touch: (relation, list) =>
      update(
        relation,
        ['mark'],
        list.map(({ key, mark }) => [key, `${long(dialect.literal(mark))} as mark`]),
      ),
    count: (relation, list) =>
      update(
        relation,
        ['row_count', 'reject_count'],
        list.map(({ key, rows, rejects: refused }) => [key, `${rows} as row_count, ${refused} as reject_count`]),
      ),
    recordCopies: (relation, list) =>
      list.map(({ id, loadId, rows }) =>
        statement(
          `insert into ${dialect.relationName(copies)} (relation, load_id, copy_id, row_count) values (${target(relation)}, ${dialect.literal(loadId)}, ${Number(id)}, ${rows})`,
        ),
      ),
    readCopies: (relation) =>
      statement(
        `select copy_id, load_id, row_count from ${dialect.relationName(copies)} where relation = ${target(relation)} order by copy_id`,
      ),
    copiesFrom: (rows) => rows.map(([id, loadId, count]) => ({ id: String(id), loadId: String(loadId), rows: Number(count) })),
    closeCopies: (relation, list) =>
      statement(
        `delete from ${dialect.relationName(copies)} where relation = ${target(relation)} and copy_id in (${list.map(({ id }) => Number(id)).join(', ')})`,
      ),
    readRejects: (relation, loadId) =>
      statement(
        `select file_key, line, column_name, value, reason from ${dialect.relationName(rejects)} where relation = ${target(relation)} and load_id = ${dialect.literal(loadId)}`,
      ),
    forget: (relation) =>
      ofLoads.map((table) => statement(`delete from ${dialect.relationName(table)} where relation = ${target(relation)}`)),
    freshness: (relation) =>
      statement(`select max(loaded_at), count(*), sum(row_count) from ${dialect.relationName(files)} where relation = ${target(relation)}`),
    rejectLine: (relation, loadId, reject) => {
      const fields = [named(relation), loadId, reject.file, reject.line, reject.column, reject.value, reject.reason, reject.raw];
      return `${fields.map((field) => csvField(typeof field === 'string' ? storable(field, longestBytes) : field)).join(',')}\n`;
    },
  };
}
