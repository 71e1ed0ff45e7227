// The staged rows of an incremental model and those of its table: when two of them are partners, and in which types they are compared.
import type { Dialect } from '../adapters/dialect.ts';
import type { Match } from '../adapters/match.ts';
import type { Column } from '../core/statement.ts';
import type { IncrementalConfig } from './incremental-config.ts';
import type { ColumnsAfter } from './schema-change.ts';
import { columnNamed, keySql } from './unique-key.ts';

/** A predicate with the sides by the names that a statement gives them: dbt's names for them are known. */
export const onSides = (predicate: string, target: string, staged: string): string =>
  `(${predicate.replace(/\bDBT_INTERNAL_DEST\b/gi, () => target).replace(/\bDBT_INTERNAL_SOURCE\b/gi, () => staged)})`;

export function matchOf(
  { uniqueKey, predicates }: Pick<IncrementalConfig, 'uniqueKey' | 'predicates'>,
  incoming: readonly Column[],
  after: readonly Column[],
  dialect: Dialect,
): Match {
  const names = (side: string, predicate: string): boolean => new RegExp(`\\bDBT_INTERNAL_${side}\\b`, 'i').test(predicate);
  const onStaged = predicates.filter((one) => names('SOURCE', one) && !names('DEST', one));
  const onTarget = predicates.filter((one) => !names('SOURCE', one));
  const both = predicates.filter((one) => names('SOURCE', one) && names('DEST', one));
  return (target, staged) => {
    const placed = (list: readonly string[]): readonly string[] => list.map((one) => onSides(one, target, staged));
    return {
      keys: uniqueKey.map((key) => ({
        target: keySql(key, target, incoming, dialect),
        staged: keySql(key, staged, incoming, dialect),
        type: columnNamed(key, after)?.type ?? '',
      })),
      both: placed(both),
      onTarget: placed(onTarget),
      onStaged: placed(onStaged),
    };
  };
}

/** The query's rows in the types that the table will have, so that keys which are equal there are equal before. */
export function inTypesOf(columns: ColumnsAfter, sql: string, incoming: readonly Column[], dialect: Dialect): string {
  const typeOf = ({ name, type }: Column): string => columnNamed(name, columns.after)?.type ?? type;
  if (incoming.every((column) => typeOf(column) === column.type)) return sql;
  const values = incoming.map((column) => {
    const name = dialect.quote(column.name);
    return typeOf(column) === column.type ? name : `cast(${name} as ${typeOf(column)}) as ${name}`;
  });
  return `select ${values.join(', ')} from (\n${sql}\n) as dwh_incoming`;
}
