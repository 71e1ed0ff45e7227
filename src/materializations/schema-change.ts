// on_schema_change: what becomes of a table's columns when the model's query has others.
// https://docs.getdbt.com/docs/build/incremental-models#what-if-the-columns-of-my-incremental-model-change
import type { Dialect } from '../adapters/dialect.ts';
import { DwhError, type Problem } from '../core/problem.ts';
import type { Relation } from '../core/relation.ts';
import type { Column, Statement } from '../core/statement.ts';

export const schemaChange = ['ignore', 'append_new_columns', 'sync_all_columns', 'fail'] as const;
export type SchemaChange = (typeof schemaChange)[number];

export interface ColumnsAfter {
  /** Columns that the new rows are written with. */
  readonly written: readonly string[];
  /** The table's columns afterwards, in its order. */
  readonly after: readonly Column[];
  /** The column of this name as the table has it now. */
  had(name: string): Column | undefined;
  readonly statements: readonly Statement[];
  /** Columns that are there go or change, so that views which are bound to the table are in the way. */
  readonly disturbs: boolean;
  readonly warnings: readonly Problem[];
}

const list = (columns: readonly Column[]): string => columns.map((column) => `${column.name} (${column.type})`).join(', ');

/** Throws DwhError where the change is configured to fail, or where no column is left in common. */
export function columnsAfter(
  existing: readonly Column[],
  incoming: readonly Column[],
  mode: SchemaChange,
  relation: Relation,
  dialect: Dialect,
): ColumnsAfter {
  const sameName = (a: string, b: string): boolean => (dialect.ignoresCase ? a.toLowerCase() === b.toLowerCase() : a === b);
  const has = (columns: readonly Column[], name: string): boolean => columns.some((column) => sameName(column.name, name));
  const added = incoming.filter((column) => !has(existing, column.name));
  const gone = existing.filter((column) => !has(incoming, column.name));
  const retyped = incoming.filter((column) => existing.some((one) => sameName(one.name, column.name) && one.type !== column.type));
  const shared = existing.filter((column) => has(incoming, column.name)).map((column) => column.name);
  const place = dialect.relationName(relation);
  const had = (name: string): Column | undefined => existing.find((column) => sameName(column.name, name));

  if (mode === 'fail' && (added.length > 0 || gone.length > 0 || retyped.length > 0)) {
    const parts = [
      added.length > 0 && `new: ${list(added)}`,
      gone.length > 0 && `gone: ${list(gone)}`,
      retyped.length > 0 && `of another type: ${list(retyped)}`,
    ];
    throw new DwhError([
      {
        code: 'schema-changed',
        message: `the model's columns differ from those of ${place}: ${parts.filter(Boolean).join('; ')}`,
        hint: 'Rebuild it with --full-refresh, or choose on_schema_change: append_new_columns or sync_all_columns.',
      },
    ]);
  }
  if (mode === 'append_new_columns' || mode === 'sync_all_columns') {
    const dropped = mode === 'sync_all_columns' ? gone.map((column) => column.name) : [];
    const changed = mode === 'sync_all_columns' ? retyped.map(({ name, type }) => ({ name: had(name)?.name ?? name, type })) : [];
    if (dropped.length === existing.length) {
      throw new DwhError([
        { code: 'schema-changed', message: `the model has no column in common with ${place}`, hint: 'Rebuild it with --full-refresh.' },
      ]);
    }
    return {
      written: [...shared, ...added.map((column) => column.name)],
      after: [
        ...existing
          .filter(({ name }) => !dropped.includes(name))
          .map((column) => changed.find(({ name }) => name === column.name) ?? column),
        ...added,
      ],
      had,
      statements: [
        ...(added.length > 0 ? dialect.addColumns(relation, added) : []),
        ...(dropped.length > 0 ? dialect.dropColumns(relation, dropped) : []),
        ...changed.flatMap((column) => dialect.alterColumnType(relation, column)),
      ],
      disturbs: dropped.length + changed.length > 0,
      warnings: [],
    };
  }
  if (shared.length === 0) {
    throw new DwhError([
      { code: 'schema-changed', message: `the model has no column in common with ${place}`, hint: 'Rebuild it with --full-refresh.' },
    ]);
  }
  const leftOut = (message: string): Problem => ({
    code: 'columns-left-out',
    severity: 'warning',
    message,
    hint: 'Set on_schema_change: append_new_columns or sync_all_columns, or rebuild with --full-refresh.',
  });
  const warnings = [
    ...(added.length > 0
      ? [leftOut(`${place} does not have the columns ${list(added)}, and on_schema_change is 'ignore': they are left out`)]
      : []),
    ...(gone.length > 0 ? [leftOut(`the model no longer has the columns ${list(gone)} of ${place}: new rows have NULL there`)] : []),
  ];
  return { written: shared, after: existing, had, statements: [], disturbs: false, warnings };
}
