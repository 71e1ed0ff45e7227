// What agate's tables make of themselves: other tables of the same rows. https://agate.readthedocs.io/en/latest/api/table.html
import type { Result } from '../core/statement.ts';
import { compare, repr, text } from '../template/index.ts';
import type { Callable, TemplateValue } from '../template/types.ts';
import { hostFunction, problemError } from './values.ts';

export type Cells = readonly (readonly TemplateValue[])[];

const listed = (value: TemplateValue): readonly TemplateValue[] => (Array.isArray(value) ? value : [value]);
/** Rows stay as the warehouse gave them: `cells`, their values for templates, are in the same order. */
export function reshaping(result: Result, cells: Cells, table: (other: Result) => TemplateValue): Readonly<Record<string, Callable>> {
  const names = result.columns.map(({ name }) => name);
  const find = (key: TemplateValue): number => names.findIndex((one) => one.toLowerCase() === text(key).toLowerCase());
  const indexFor = (key: TemplateValue): number => {
    const index = find(key);
    if (index >= 0) return index;
    throw problemError({
      code: 'template-value',
      message: `these rows have no column ${repr(key)}`,
      hint: `Their columns: ${names.join(', ')}`,
    });
  };
  const withColumns = (kept: readonly number[]): TemplateValue =>
    table({
      columns: kept.flatMap((index) => result.columns[index] ?? []),
      rows: result.rows.map((row) => kept.map((index) => row[index] ?? null)),
      rowCount: result.rowCount,
    });
  const withRows = (kept: readonly number[]): TemplateValue =>
    table({ ...result, rows: kept.map((index) => result.rows[index] ?? []), rowCount: kept.length });
  const every = cells.map((_, index) => index);
  const cell = (row: number, column: number): TemplateValue => cells[row]?.[column] ?? null;

  const order = (keys: readonly number[]): number[] =>
    [...every].sort((a, b) => {
      for (const key of keys) {
        const [one, other] = [cell(a, key), cell(b, key)];
        // NULL comes last, as in agate.
        if (one === null || other === null) {
          if (one !== other) return one === null ? 1 : -1;
        } else if (compare(one, other) !== 0) return compare(one, other);
      }
      return 0;
    });
  return {
    select: hostFunction('select', (args) => withColumns(listed(args.need(0, 'key')).map(indexFor))),
    exclude: hostFunction('exclude', (args) => {
      const out = new Set(listed(args.need(0, 'key')).map(find));
      return withColumns(names.map((_, index) => index).filter((index) => !out.has(index)));
    }),
    rename: hostFunction('rename', (args) => {
      const given = args.get(0, 'column_names') ?? null;
      const called = (name: string, index: number): string =>
        given instanceof Map ? text(given.get(name) ?? name) : text(listed(given)[index] ?? name);
      return table({ ...result, columns: result.columns.map((column, index) => ({ ...column, name: called(column.name, index) })) });
    }),
    limit: hostFunction('limit', (args) => {
      const [start, stop, step] = args.positional.length > 1 ? args.positional : [0, args.get(0, 'start_or_stop'), args.get(2, 'step')];
      const kept = every.slice(Number(start ?? 0), Number(stop ?? cells.length));
      return withRows(kept.filter((_, index) => index % Number(step ?? 1) === 0));
    }),
    order_by: hostFunction('order_by', (args) => {
      const sorted = order(listed(args.need(0, 'key')).map(indexFor));
      return withRows(args.flag(1, 'reverse', false) ? sorted.reverse() : sorted);
    }),
    distinct: hostFunction('distinct', (args) => {
      const key = args.get(0, 'key') ?? null;
      const by = key === null ? names.map((_, index) => index) : listed(key).map(indexFor);
      const first = new Map<string, number>();
      for (const row of every) {
        const value = repr(by.map((column) => cell(row, column)));
        if (!first.has(value)) first.set(value, row);
      }
      return withRows([...first.values()]);
    }),
  };
}
