// The columns that a snapshot adds to its rows, as SQL.
import type { Dialect } from '../adapters/dialect.ts';
import type { Column } from '../core/statement.ts';
import type { MetaColumn, SnapshotConfig } from './snapshot-config.ts';
import { columnNamed } from './unique-key.ts';

/** Names are quoted. */
export interface Meta {
  readonly scdId: string;
  readonly updatedAt: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly isDeleted: string;
  /** A condition on a row of this alias. */
  isCurrent(alias: string): string;
}

/** `columns`: of the table, when it is there; else a name is stored as it is when it is written without quotes. */
export function metaOf({ names, validToCurrent }: SnapshotConfig, dialect: Dialect, columns: readonly Column[]): Meta {
  const quoted = (name: MetaColumn): string => dialect.quote(columnNamed(names[name], columns)?.name ?? dialect.unquoted(names[name]));
  const validTo = quoted('dbt_valid_to');
  return {
    scdId: quoted('dbt_scd_id'),
    updatedAt: quoted('dbt_updated_at'),
    validFrom: quoted('dbt_valid_from'),
    validTo,
    isDeleted: quoted('dbt_is_deleted'),
    // Also with a value for the current version: rows of before it was chosen have NULL.
    isCurrent: (alias) =>
      validToCurrent === undefined
        ? `${alias}.${validTo} is null`
        : `(${alias}.${validTo} is null or ${alias}.${validTo} = ${validToCurrent})`,
  };
}

/** dbt's: of the texts of the key and the moment. */
export function scdId(values: readonly string[], dialect: Dialect): string {
  const text = dialect.columnType('varchar(max)');
  return `md5(${values.map((value) => `coalesce(cast(${value} as ${text}), '')`).join(" || '|' || ")})`;
}
