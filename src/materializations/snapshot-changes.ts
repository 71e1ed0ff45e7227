// What a run of a snapshot changes, as a query: current versions that end (CLOSED), as they will be, and versions that begin.
// It reads the query once and the table twice.
import type { Dialect } from '../adapters/dialect.ts';
import { fail } from '../core/problem.ts';
import type { Column } from '../core/statement.ts';
import type { Task } from './materialization.ts';
import type { ColumnsAfter } from './schema-change.ts';
import { CURRENT_VERSION, NEW_ROW, type SnapshotConfig } from './snapshot-config.ts';
import { type Meta, scdId } from './snapshot-meta.ts';
import { columnNamed, keySql } from './unique-key.ts';

/** The column that says what becomes of a staged row. */
export const CHANGE = 'dwh_change';
export const CLOSED = 'closed';

/** Types whose values can be told from the clock. */
const HOLDS_MOMENTS = /^(?:date|time|text|char|varchar|character)/;

export function changedRows(task: Task, config: SnapshotConfig, meta: Meta, columns: ColumnsAfter, dialect: Dialect): string {
  const { sql, incoming, columns: existing, relation } = task;
  const hardDeletes = task.empty ? 'ignore' : config.hardDeletes;
  const target = dialect.relationName(relation);
  const quote = (column: Column): string => dialect.quote(column.name);
  const typeOf = (name: string): string => columns.after.find((column) => dialect.quote(column.name) === name)?.type ?? '';
  const momentType = typeOf(meta.validFrom);
  const keyNames = config.uniqueKey.map((_, index) => `dwh_key_${index + 1}`);
  const keysOf = (alias: string, of: readonly Column[]): string =>
    config.uniqueKey.map((key, index) => `${keySql(key, alias, of, dialect)} as ${keyNames[index]}`).join(', ');
  const sameKey = (a: string, b: string): string => keyNames.map((name) => `${a}.${name} = ${b}.${name}`).join(' and ');

  const clock = HOLDS_MOMENTS.test(momentType) ? `cast(${dialect.currentTimestamp} as ${momentType})` : undefined;
  if (!clock && hardDeletes !== 'ignore') {
    const message = `hard_deletes is '${hardDeletes}', and ${meta.validFrom} of ${target}, which is of type ${momentType}, holds no moments`;
    fail({ code: 'snapshot-moments', message, hint: "Give it an 'updated_at' that is a date or a timestamp." });
  }
  const at = config.updatedAt === undefined ? dialect.currentTimestamp : keySql(config.updatedAt, 'dwh_query', incoming, dialect);

  const isDeleted = (alias: string): string => `${alias}.${meta.isDeleted} = 'True'`;
  // A strategy of the project knows them by these names.
  const [t, q] = config.own ? [CURRENT_VERSION, NEW_ROW] : ['t', 'q'];
  const back = hardDeletes === 'new_record' ? [isDeleted(t)] : [];
  const changed = [`${t}.dwh_there is null`, `${q}.dwh_times > 1`, ...rowChanged(task, config, meta, dialect), ...back].join(' or ');

  // A version cannot begin before the one before it began or ended: what comes late or comes back begins when it is found, and where
  // the clock is behind, too, with the one before it.
  const isLate = clock && `n.dwh_at < n.dwh_floor and ${clock} >= n.dwh_floor`;
  const found = isLate ? ` when ${isLate} then ${clock}` : '';
  const begins = `case${found} when n.dwh_at < n.dwh_from then n.dwh_from else cast(n.dwh_at as ${momentType}) end`;
  const keysOfNew = keyNames.map((name) => `n.${name}`);
  const idOf = (...moments: readonly string[]): string => scdId([...keysOfNew, ...moments], dialect);
  // dbt's, but where it would be that of an earlier version.
  const [usual, another] = config.own
    ? ['n.dwh_id', scdId(['n.dwh_id', dialect.currentTimestamp], dialect)]
    : [idOf('n.dwh_at'), idOf('n.dwh_at', dialect.currentTimestamp)];
  const id = `case when n.dwh_at < n.dwh_floor then ${another} else ${usual} end`;
  const ownId = config.own ? `${config.own.scdId} as dwh_id, ` : '';
  const idOfNext = config.own ? `${q}.dwh_id, ` : '';
  const current = `cast(${config.validToCurrent ?? 'null'} as ${typeOf(meta.validTo)})`;
  const gone = clock && `case when ${clock} >= t.${meta.validFrom} then ${clock} else t.${meta.validFrom} end`;

  const flag = (value: 'True' | 'False'): string => `cast('${value}' as ${typeOf(meta.isDeleted)})`;
  /** A row of the table's columns, in their order and types; `own`: of these types already. */
  const row = (kind: string, value: (column: Column) => string, own: Readonly<Record<string, string>>): string =>
    [`'${kind}' as ${CHANGE}`, ...columns.after.map((column) => `${own[quote(column)] ?? value(column)} as ${quote(column)}`)].join(', ');
  const from = (alias: string, column: Column | undefined, type: string): string => {
    if (!column) return `cast(null as ${type})`;
    const value = `${alias}.${quote(column)}`;
    return column.type === type ? value : `cast(${value} as ${type})`;
  };
  const kept = ({ name, type }: Column): string => from('t', columns.had(name), type);
  const read = ({ name, type }: Column): string => from('n', columnNamed(name, incoming), type);
  const closed = (end: string): string => row(CLOSED, kept, { [meta.validTo]: end });
  const begun = row('begun', read, {
    [meta.scdId]: id,
    [meta.updatedAt]: `cast(n.dwh_at as ${typeOf(meta.updatedAt)})`,
    [meta.validFrom]: begins,
    [meta.validTo]: current,
    ...(config.hardDeletes === 'new_record' && { [meta.isDeleted]: flag('False') }),
  });
  const deleted = (moment: string): string =>
    row('deleted', kept, {
      [meta.scdId]: scdId([`t.${meta.scdId}`, dialect.currentTimestamp], dialect),
      [meta.updatedAt]: `cast(${moment} as ${typeOf(meta.updatedAt)})`,
      [meta.validFrom]: moment,
      [meta.validTo]: current,
      [meta.isDeleted]: flag('True'),
    });

  const noLonger = `from dwh_current as t left join dwh_keyed as q on ${sameKey('q', 't')} where q.dwh_there is null${
    hardDeletes === 'new_record' ? ` and (${isDeleted('t')}) is not true` : ''
  }`;
  const list = incoming.map((column) => `${q}.${quote(column)}`).join(', ');
  const keyList = keyNames.join(', ');
  const history = `max(t.${meta.validFrom}) as dwh_from, max(case when ${meta.isCurrent('t')} then null else t.${meta.validTo} end) as dwh_to`;
  const own = dialect.leadingWith?.(sql);
  const ctes = [
    [
      'dwh_source',
      `select dwh_query.*, ${at} as dwh_at, ${ownId}${keysOf('dwh_query', incoming)} from (\n${own?.reads ?? sql}\n) as dwh_query`,
    ],
    ['dwh_keyed', `select q.*, 1 as dwh_there, count(*) over (partition by ${keyList}) as dwh_times from dwh_source as q`],
    ['dwh_current', `select t.*, 1 as dwh_there, ${keysOf('t', existing)} from ${target} as t where ${meta.isCurrent('t')}`],
    [
      'dwh_past',
      `select ${keysOf('t', existing)}, ${history} from ${target} as t group by ${keyNames.map((_, index) => index + 1).join(', ')}`,
    ],
    ['dwh_history', `select ${keyList}, dwh_from, case when dwh_to > dwh_from then dwh_to else dwh_from end as dwh_floor from dwh_past`],
    [
      'dwh_next',
      `select ${list}, ${q}.dwh_at, ${idOfNext}${keyNames.map((name) => `${q}.${name}`).join(', ')}, h.dwh_from, h.dwh_floor from dwh_keyed as ${q}
left join dwh_current as ${t} on ${sameKey(t, q)}
left join dwh_history as h on ${sameKey('h', q)}
where ${changed}`,
    ],
  ];
  return [
    `with ${own ? `${own.queries}, ` : ''}${ctes.map(([name, body]) => `${name} as (\n${body}\n)`).join(', ')}`,
    `select ${closed(begins)} from dwh_current as t join dwh_next as n on ${sameKey('n', 't')}`,
    'union all',
    `select ${begun} from dwh_next as n`,
    ...(gone && hardDeletes !== 'ignore' ? ['union all', `select ${closed(gone)} ${noLonger}`] : []),
    ...(gone && hardDeletes === 'new_record' ? ['union all', `select ${deleted(gone)} ${noLonger}`] : []),
  ].join('\n');
}

/** Conditions on a row of the query (q) and the current version (t), any of which makes a new one. */
function rowChanged({ incoming, columns: existing }: Task, config: SnapshotConfig, meta: Meta, dialect: Dialect): readonly string[] {
  if (config.own) return [`(${config.own.rowChanged})`];
  // What came late has begun later than it was updated.
  if (config.checkCols === undefined) return [`t.${meta.updatedAt} < q.dwh_at`];
  const checked =
    config.checkCols === 'all' ? incoming : config.checkCols.map((name) => columnNamed(name, incoming) ?? unknown(name, incoming));
  const pairs = checked.map((column) => ({ column, had: columnNamed(column.name, existing) }));
  // As in dbt: a column that was not there yet has changed everywhere.
  if (pairs.some(({ had }) => !had)) return ['1 = 1'];
  return pairs.flatMap(({ column, had }) => {
    if (!had) return [];
    const type = had.type === column.type ? column.type : '';
    return [`(${dialect.nullSafeEquals(`t.${dialect.quote(had.name)}`, `q.${dialect.quote(column.name)}`, type)}) is not true`];
  });
}

const unknown = (name: string, incoming: readonly Column[]): never =>
  fail({
    code: 'check-column-missing',
    message: `'${name}' in check_cols is not a column of the snapshot's query`,
    hint: `Its columns are: ${incoming.map((column) => column.name).join(', ')}`,
  });
