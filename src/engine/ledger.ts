// The state schema (`_dwh`): which files are loaded, which records were refused, who is loading what. Alone knows its tables;
// returns statements or reads rows.
import type { Dialect } from '../adapters/adapter.ts';
import type { LoadedFile, Reject } from '../core/copy.ts';
import type { Relation } from '../core/relation.ts';
import { type Column, type Row, type Statement, statement } from '../core/statement.ts';

export interface Ledger {
  readonly files: Relation;
  readonly rejects: Relation;
  readonly rejectColumns: readonly Column[];
  readonly place: Pick<Relation, 'database' | 'schema'>;
  /** All its tables. */
  readonly tables: readonly Relation[];
  /** Makes those of its tables that are missing. */
  create(missing: readonly Relation[]): readonly Statement[];
  /** Gives relations that have none a row to be locked by. */
  makeLocks(targets: readonly Relation[]): Statement;
  /** First in the transaction of a load: no other one can pass here until this one ends. */
  lock(target: Relation): Statement;
  readFiles(target: Relation): Statement;
  filesFrom(rows: readonly Row[]): readonly LoadedFile[];
  record(target: Relation, loadId: string, loadedAt: string, files: readonly LoadedFile[]): readonly Statement[];
  /** New marks of files whose content is as it was. */
  touch(target: Relation, files: readonly Pick<LoadedFile, 'key' | 'mark'>[]): readonly Statement[];
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
const LOCK_COLUMNS: readonly [string, string][] = [
  ['relation', LONG],
  ['loads', 'bigint'],
];
const BATCH = 500;

const csvField = (value: string | number | undefined): string => (value === undefined ? '' : `"${String(value).replaceAll('"', '""')}"`);

export function ledger(dialect: Dialect, place: Pick<Relation, 'database' | 'schema'>): Ledger {
  const files: Relation = { ...place, identifier: 'load_files' };
  const rejects: Relation = { ...place, identifier: 'load_rejects' };
  const locks: Relation = { ...place, identifier: 'load_locks' };
  const tables = [files, rejects, locks];
  const definitions = new Map([
    [files, FILE_COLUMNS],
    [rejects, REJECT_COLUMNS],
    [locks, LOCK_COLUMNS],
  ]);
  const columnsOf = (list: readonly [string, string][]): readonly Column[] =>
    list.map(([name, type]) => ({ name, type: dialect.columnType(type) }));
  // Without the database: a file that is copied under another name is the same warehouse.
  const named = ({ schema, identifier }: Relation): string => dialect.relationName({ schema, identifier }).toLowerCase();
  const target = (relation: Relation): string => dialect.literal(named(relation));
  // Rows are selects: Redshift has no VALUES in FROM. https://docs.aws.amazon.com/redshift/latest/dg/r_FROM_clause30.html
  const long = (literal: string): string => `cast(${literal} as ${dialect.columnType(LONG)})`;
  const names = FILE_COLUMNS.map(([name]) => dialect.quote(name)).join(', ');
  return {
    files,
    rejects,
    place,
    tables,
    rejectColumns: columnsOf(REJECT_COLUMNS),
    create: (missing) => missing.flatMap((relation) => dialect.createTable(relation, columnsOf(definitions.get(relation) ?? []))),
    // Two runs that do so at once leave two rows; a load writes to all it sees, and any two loads see one in common.
    makeLocks: (targets) =>
      statement(
        `insert into ${dialect.relationName(locks)} select v.relation, 0 from (${targets.map((relation) => `select ${long(target(relation))} as relation`).join(' union all ')}) as v where v.relation not in (select relation from ${dialect.relationName(locks)})`,
      ),
    // A value that changes: DuckDB does not write one that stays, and would let two transactions through.
    lock: (relation) => statement(`update ${dialect.relationName(locks)} set loads = loads + 1 where relation = ${target(relation)}`),
    readFiles: (relation) =>
      statement(
        `select file_key, bytes, mark, content, row_count, reject_count from ${dialect.relationName(files)} where relation = ${target(relation)} order by file_key`,
      ),
    filesFrom: (rows) =>
      rows.map(([key, size, mark, content, count, refused]) => ({
        key: String(key),
        size: Number(size),
        mark: String(mark),
        content: String(content),
        rows: Number(count),
        rejects: Number(refused),
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
    touch(relation, list) {
      const statements: Statement[] = [];
      for (let at = 0; at < list.length; at += BATCH) {
        const rows = list
          .slice(at, at + BATCH)
          .map((file) => `select ${long(dialect.literal(file.key))} as file_key, ${long(dialect.literal(file.mark))} as mark`);
        statements.push(
          statement(
            `update ${dialect.relationName(files)} set mark = v.mark from (${rows.join(' union all ')}) as v where load_files.file_key = v.file_key and load_files.relation = ${target(relation)}`,
          ),
        );
      }
      return statements;
    },
    forget: (relation) =>
      [files, rejects].map((table) => statement(`delete from ${dialect.relationName(table)} where relation = ${target(relation)}`)),
    freshness: (relation) =>
      statement(`select max(loaded_at), count(*), sum(row_count) from ${dialect.relationName(files)} where relation = ${target(relation)}`),
    rejectLine: (relation, loadId, reject) =>
      `${[named(relation), loadId, reject.file, reject.line, reject.column, reject.value, reject.reason, reject.raw].map(csvField).join(',')}\n`,
  };
}
