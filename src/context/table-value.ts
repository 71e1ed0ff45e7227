// Rows of a query as templates see them, in the shape of agate's Table, Column and Row that dbt macros use.
// https://agate.readthedocs.io/en/latest/api/table.html
import type { Result, Value } from '../core/statement.ts';
import { compare, jsonText, repr, text } from '../template/index.ts';
import { type Dict, type HostObject, PyFloat, type TemplateValue, Tuple } from '../template/types.ts';
import { writtenDatetime } from './datetime-value.ts';
import { reshaping } from './table-methods.ts';
import { printing } from './table-printing.ts';
import { hostFunction, hostObject } from './values.ts';

const DECIMAL = /^(decimal|numeric|hugeint|uhugeint)/i;
const MOMENT = /^(date|timestamp)/i;
const FLOATING = /^(double|float|real|decimal|numeric)/i;

/**
 * A warehouse value for templates, as dbt's are: floating columns are Python's floats, decimals numbers that keep their digits, dates
 * and times Python's; lists and structs are their JSON text.
 */
export function cellValue(value: Value, type: string): TemplateValue {
  if (value === null || typeof value === 'boolean' || typeof value === 'bigint') return value;
  if (typeof value === 'number') return FLOATING.test(type) || !Number.isInteger(value) ? new PyFloat(value) : value;
  if (typeof value === 'string') {
    if (DECIMAL.test(type)) return decimal(value);
    return MOMENT.test(type) ? (writtenDatetime(value) ?? value) : value;
  }
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  return jsonText(plainCell(value), { sortKeys: false });
}

const plainCell = (value: Value): TemplateValue => {
  if (Array.isArray(value)) return value.map((item: Value) => plainCell(item));
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return cellValue(value, '');
  return new Map(Object.entries(value).map(([key, item]): [string, TemplateValue] => [key, plainCell(item)]));
};

/** Can be counted with, and prints the digits that the warehouse wrote. */
function decimal(text: string): TemplateValue {
  if (/^-?\d+$/.test(text)) return Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text);
  const number = Number(text);
  return Number.isFinite(number) ? new PyFloat(number, text) : text;
}

const tuple = (items: readonly TemplateValue[]): Tuple => Tuple.from(items) as Tuple;
const indexOf = (key: TemplateValue, length: number): number | undefined =>
  typeof key === 'number' ? (key < 0 ? key + length : key) : undefined;

/** A cell that is None is found. */
const either = (first: TemplateValue | undefined, second: TemplateValue | undefined): TemplateValue | undefined =>
  first === undefined ? second : first;

function rowValue(names: readonly string[], cells: readonly TemplateValue[]): HostObject {
  const cell = (key: TemplateValue): TemplateValue | undefined => {
    const index =
      indexOf(key, cells.length) ?? (typeof key === 'string' ? names.findIndex((name) => name.toLowerCase() === key.toLowerCase()) : -1);
    return cells[index];
  };
  const dict = (): Dict => new Map(names.map((name, index) => [name, cells[index] ?? null]));
  const members: Record<string, TemplateValue> = {
    values: hostFunction('values', () => tuple(cells)),
    keys: hostFunction('keys', () => tuple(names)),
    items: hostFunction('items', () => names.map((name, index) => tuple([name, cells[index] ?? null]))),
    dict: hostFunction('dict', dict),
    get: hostFunction('get', (args) => cell(args.need(0, 'key')) ?? args.get(1, 'default') ?? null),
  };
  return {
    kind: 'host',
    typeName: 'row',
    get: (name) => either(cell(name), members[name]),
    names: () => [...names, ...Object.keys(members)],
    items: () => cells,
    item: cell,
    length: () => cells.length,
    toText: () => `<agate.Row: ${repr(tuple(cells))}>`,
  };
}

function columnValue(name: string, type: string, index: number, cells: readonly TemplateValue[]): HostObject {
  const known = (): TemplateValue[] => cells.filter((value) => value !== null);
  // NULL comes last.
  const sorted = (): TemplateValue[] => [...known().sort(compare), ...cells.filter((value) => value === null)];
  return hostObject(
    'column',
    {
      name,
      index,
      data_type: type,
      values: hostFunction('values', () => tuple(cells)),
      values_sorted: hostFunction('values_sorted', () => tuple(sorted())),
      values_without_nulls_sorted: hostFunction('values_without_nulls_sorted', () => tuple(known().sort(compare))),
      values_distinct: hostFunction('values_distinct', () => tuple([...new Map(cells.map((value) => [text(value), value])).values()])),
      values_without_nulls: hostFunction('values_without_nulls', () => tuple(known())),
    },
    {
      items: () => cells,
      length: () => cells.length,
      item: (key) => cells[indexOf(key, cells.length) ?? -1],
      toText: () => `<agate.Column: ${repr(tuple(cells))}>`,
    },
  );
}

/** An ordered mapping that also answers to positions, as agate's MappedSequence does. */
function sequence(typeName: string, names: readonly string[], things: readonly TemplateValue[]): HostObject {
  const find = (key: TemplateValue): TemplateValue | undefined => {
    const index =
      indexOf(key, things.length) ?? (typeof key === 'string' ? names.findIndex((name) => name.toLowerCase() === key.toLowerCase()) : -1);
    return things[index];
  };
  const members: Record<string, TemplateValue> = {
    values: hostFunction('values', () => tuple(things)),
    keys: hostFunction('keys', () => tuple(names)),
    items: hostFunction('items', () => names.map((name, index) => tuple([name, things[index] ?? null]))),
    get: hostFunction('get', (args) => find(args.need(0, 'key')) ?? args.get(1, 'default') ?? null),
  };
  return {
    kind: 'host',
    typeName,
    get: (name) => either(find(name), members[name]),
    names: () => [...names, ...Object.keys(members)],
    items: () => things,
    item: find,
    length: () => things.length,
  };
}

/** `say` prints. */
export function tableValue(result: Result, say: (text: string) => void): HostObject {
  const names = result.columns.map((column) => column.name);
  const cells = result.rows.map((row) => row.map((value, index) => cellValue(value, result.columns[index]?.type ?? '')));
  const rows = cells.map((row) => rowValue(names, row));
  const columns = result.columns.map(({ name, type }, index) =>
    columnValue(
      name,
      type,
      index,
      cells.map((row) => row[index] ?? null),
    ),
  );
  return hostObject(
    'table',
    {
      columns: sequence('columns', names, columns),
      rows: sequence(
        'rows',
        rows.map((_, index) => String(index)),
        rows,
      ),
      column_names: tuple(names),
      column_types: tuple(result.columns.map((column) => column.type)),
      row_names: null,
      ...reshaping(result, cells, (other) => tableValue(other, say)),
      ...printing(names, cells, say),
    },
    { items: () => rows, length: () => rows.length, item: (key) => rows[indexOf(key, rows.length) ?? -1] },
  );
}

/** A table of which nothing is known yet: no rows, and whatever column is asked for. */
export function unreadTable(): HostObject {
  const table = tableValue({ columns: [], rows: [], rowCount: 0 }, () => {});
  const none = sequence('columns', [], []);
  const column = (name: TemplateValue): HostObject => columnValue(text(name), 'text', 0, []);
  const columns: HostObject = { ...none, get: (name) => none.get(name) ?? column(name), item: column };
  return { ...table, get: (name) => (name === 'columns' ? columns : table.get(name)) };
}
