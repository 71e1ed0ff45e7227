// The rows that an incremental table will have after its publication, as a query over the table (t) and the staged rows (s),
// which are of the table's types already.
// It must say what the publishing statements do: tests/materializations/candidate.test.ts compares the two.
import type { Dialect } from '../adapters/dialect.ts';
import type { Match } from '../adapters/match.ts';
import { havePartners } from '../adapters/partners.ts';
import type { Column } from '../core/statement.ts';
import type { ColumnsAfter } from './schema-change.ts';

export type Change =
  | { readonly kind: 'append' }
  /** Rows with a partner go; the staged ones come. */
  | { readonly kind: 'replace'; readonly match: Match }
  /** Rows of some times go, and those with a partner; the staged ones come. */
  | { readonly kind: 'times'; readonly gone: (alias: string) => string; readonly match: Match | undefined }
  /** Rows with a partner take its `updated` columns; staged rows without one come. */
  | { readonly kind: 'merge'; readonly match: Match; readonly updated: readonly string[] };

export function tableAsItWillBe(target: string, staged: string, columns: ColumnsAfter, change: Change, dialect: Dialect): string {
  const name = (column: Column): string => dialect.quote(column.name);
  const list = (value: (column: Column) => string): string =>
    columns.after.map((column) => `${value(column)} as ${name(column)}`).join(', ');
  /** What the table makes of a value when it takes it. */
  const taken = (value: string, column: Column): string => `cast(${value} as ${column.type})`;
  const isWritten = (column: Column): boolean => columns.written.includes(column.name);

  /** With the columns and types that it will have when rows are compared. */
  const table = `(select ${list((column) => {
    const had = columns.had(column.name);
    if (!had) return taken('null', column);
    return had.type === column.type ? `o.${name(column)}` : taken(`o.${name(column)}`, column);
  })} from ${target} as o) as t`;
  const oldRow = list((column) => `t.${name(column)}`);
  const newRow = list((column) => (isWritten(column) ? `s.${name(column)}` : taken('null', column)));
  const allNew = `select ${newRow} from ${staged} as s`;
  const old = (gone: string): string => `select ${oldRow} from ${table} where (${gone}) is not true`;
  const keptOld = (match: Match): string => old(havePartners(match, staged, dialect));
  switch (change.kind) {
    case 'append':
      return `select ${oldRow} from ${table}\nunion all\n${allNew}`;
    case 'replace':
      return `${keptOld(change.match)}\nunion all\n${allNew}`;
    case 'times': {
      const { gone, match } = change;
      // Redshift has no correlated subquery below an OR.
      const kept = match ? `${old(gone('t'))} and (${havePartners(match, staged, dialect)}) is not true` : old(gone('t'));
      return `${kept}\nunion all\n${allNew}`;
    }
    case 'merge': {
      const { keys, both, onTarget, onStaged } = change.match('t', 's');
      const same = [...keys.map((key) => dialect.nullSafeEquals(key.target, key.staged, key.type)), ...both];
      const merged = list((column) => `${change.updated.includes(column.name) ? 's' : 't'}.${name(column)}`);
      const partner = `exists (select 1 from ${table} where ${[...same, ...onTarget].join(' and ')})`;
      return [
        keptOld(change.match),
        `select ${merged} from ${table} join ${staged} as s on ${[...same, ...onTarget, ...onStaged].join(' and ')}`,
        `${allNew} where (${[partner, ...onStaged].join(' and ')}) is not true`,
      ].join('\nunion all\n');
    }
  }
}
