// What must hold of a snapshot before anybody sees it: each new version has a key and a moment, a key has one of them, and
// none overlaps another of its key.
import type { Dialect } from '../adapters/dialect.ts';
import type { Match } from '../adapters/match.ts';
import { havePartners } from '../adapters/partners.ts';
import type { Step } from '../core/plan.ts';
import type { Problem } from '../core/problem.ts';
import { type Column, type Row, statement, type Value } from '../core/statement.ts';
import type { SnapshotConfig } from './snapshot-config.ts';
import type { Meta } from './snapshot-meta.ts';
import { keySql } from './unique-key.ts';

/** Rows that are to be published: the table they stand in, and a condition on them as s. */
interface Staged {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly where: string | undefined;
}

const shown = (value: Value | undefined): string => (value === null ? 'NULL' : String(value));
const shownKeys = (rows: readonly Row[], keys: number): string =>
  rows.map((row) => `(${row.slice(0, keys).map(shown).join(', ')})`).join(', ');

function check(sql: string, problem: (rows: readonly Row[]) => Problem): Step {
  const judge = (rows: readonly Row[]): Problem | undefined => (rows.length === 0 ? undefined : problem(rows));
  return { check: statement(sql), judge };
}

export function incomingChecks({ name, columns, where }: Staged, config: SnapshotConfig, meta: Meta, dialect: Dialect): readonly Step[] {
  const keys = config.uniqueKey.map((key) => keySql(key, 's', columns, dialect));
  const list = keys.join(', ');
  const key = config.uniqueKey.map((one) => `'${one}'`).join(', ');
  const but = (condition: string): string => [condition, ...(where === undefined ? [] : [where])].join(' and ');
  const only = where === undefined ? '' : ` where ${where}`;
  return [
    check(`select ${list} from ${name} as s where ${but(`(${keys.map((one) => `${one} is null`).join(' or ')})`)} limit 3`, (rows) => ({
      code: 'null-key',
      message: `the unique_key ${key} is NULL in rows of the snapshot's query: ${shownKeys(rows, keys.length)}`,
      hint: 'Leave them out with a where, or choose a key that is never NULL.',
    })),
    check(`select ${list} from ${name} as s where ${but(`s.${meta.updatedAt} is null`)} limit 3`, (rows) => ({
      code: 'null-updated-at',
      message: `updated_at '${config.updatedAt}' is NULL where the unique_key ${key} is: ${shownKeys(rows, keys.length)}`,
      hint: 'Leave these rows out, or give them a moment with coalesce.',
    })),
    check(
      `select ${list}, count(*) as dwh_times from ${name} as s${only} group by ${list} having count(*) > 1 order by count(*) desc limit 3`,
      (rows) => ({
        code: 'duplicate-key',
        message: `the snapshot's query has more than one row for a unique_key, ${key}: ${rows
          .map((row) => `${shownKeys([row], keys.length)} ${shown(row.at(-1))} times`)
          .join('; ')}`,
        hint: 'Make it return one row per key, or name all columns of the key.',
      }),
    ),
  ];
}

/** Of the keys that change: the new versions beside all others as they will be. What was wrong before is not looked at. */
export function timelineCheck(
  target: string,
  staged: string,
  config: SnapshotConfig,
  meta: Meta,
  columns: readonly Column[],
  match: Match,
  dialect: Dialect,
): Step {
  const keysOf = (alias: string): readonly string[] => config.uniqueKey.map((key) => keySql(key, alias, columns, dialect));
  const names = config.uniqueKey.map((_, index) => `dwh_key_${index + 1}`);
  const list = names.join(', ');
  const read = (alias: string, isNew: string): string =>
    [
      ...keysOf(alias).map((key, index) => `${key} as ${names[index]}`),
      `${alias}.${meta.validFrom} as dwh_from, ${alias}.${meta.validTo} as dwh_to`,
      `case when ${meta.isCurrent(alias)} then 1 else 0 end as dwh_open, ${isNew} as dwh_new`,
    ].join(', ');
  const sameKey = keysOf('t').map((key, index) => `${key} = ${keysOf('n')[index]}`);
  const changes = `exists (select 1 from ${staged} as n where ${sameKey.join(' and ')})`;
  const isNew = `case when ${match('t', 's').onStaged.join(' and ')} then 0 else 1 end`;
  const next = (column: string): string => `lead(${column}) over (partition by ${list} order by dwh_from, dwh_open, dwh_to)`;
  return check(
    `select ${list} from (
select ${list}, dwh_from, dwh_to, dwh_open, dwh_new, ${next('dwh_from')} as dwh_next, ${next('dwh_new')} as dwh_next_new from (
select ${read('t', '0')} from ${target} as t where ${changes} and (${havePartners(match, staged, dialect)}) is not true
union all
select ${read('s', isNew)} from ${staged} as s
) as dwh_versions
) as dwh_ordered
where (dwh_new = 1 or dwh_next_new = 1) and dwh_next is not null and (dwh_open = 1 or dwh_next < dwh_to) limit 3`,
    (rows) => ({
      code: 'snapshot-overlap',
      message: `new versions would overlap others of the same unique_key: ${shownKeys(rows, names.length)}`,
      hint: `Versions in the table end after the new ones begin: was dbt_valid_to_current changed, or ${meta.validTo} by hand?`,
    }),
  );
}
