// CREATE TABLE, CREATE TABLE AS and ALTER TABLE: columns, keys, distribution, sorting.
// https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html
// https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE.html
import type { Emit } from '../finding.ts';
import type {
  AlterTable,
  ColumnAttribute,
  ColumnDefinition,
  CreateTable,
  CreateTableAs,
  KeyColumn,
  TableAttribute,
} from '../tree/definitions.ts';
import type { Name } from '../tree/leaves.ts';
import { all } from '../tree/walk.ts';
import { encodings } from '../words/encodings.ts';
import { familyOf } from '../words/types.ts';
import { checkColumnName, checkDistinct, checkTemporary, isTemporaryName } from './names.ts';
import { fold, lastPart } from './relations.ts';
import { checkColumnType } from './types.ts';

const maxColumns = 1600;

export function checkCreateTable(statement: CreateTable, emit: Emit): void {
  checkTemporary(statement.name, statement.temporary, emit);
  const table = lastPart(statement.name);
  const columns = statement.elements.filter((one): one is ColumnDefinition => one.kind === 'column-definition');
  const copied = statement.elements.some(({ kind }) => kind === 'like-table');
  if (columns.length > maxColumns) emit('too-many-columns', statement.name);
  checkDistinct(
    columns.map(({ name }) => name),
    emit,
  );
  for (const column of columns) checkColumn(column, table, emit);
  const known = copied ? undefined : new Map(columns.map((column) => [fold(column.name), column]));
  checkConstraints(statement, columns, known, table, emit);
  checkAttributes(statement.attributes, columns, known, table, emit);
  const [attribute] = statement.attributes;
  if (copied && attribute) emit('like-attributes', attribute);
}

type Known = ReadonlyMap<string, ColumnDefinition> | undefined;

function checkColumn(column: ColumnDefinition, table: string, emit: Emit): void {
  checkColumnName(column.name, emit);
  checkColumnType(column, table, emit);
  const has = (what: ColumnAttribute['what']): ColumnAttribute | undefined => column.attributes.find((one) => one.what === what);
  const identity = has('identity');
  const fallback = has('default');
  if (identity && !['integer', 'bigint'].includes(column.type.name)) emit('identity-type', identity);
  if (identity && fallback) emit('identity-default', fallback, { column: column.name.value });
  if (fallback?.what === 'default') checkDefault(fallback.value, emit);
  const encode = has('encode');
  const family = familyOf(column.type.name);
  if (encode?.what === 'encode' && family && encodings[encode.encoding]?.includes(family) === false)
    emit('encoding-type', encode, { column: column.name.value, encoding: encode.encoding, type: column.type.name });
  for (const what of ['distkey', 'sortkey'] as const) {
    const key = has(what);
    if (key) checkKeyType(key, column, what, emit);
  }
}

function checkDefault(value: Extract<ColumnAttribute, { what: 'default' }>['value'], emit: Emit): void {
  const [subquery] = all(value, 'subquery');
  if (subquery) emit('default-expression', subquery, { what: 'subquery' });
  // A part of a date is written like a column.
  const calls = all(value, 'call').flatMap(({ args }) => args);
  const [column] = all(value, 'column').filter((one) => !calls.includes(one));
  if (column) emit('default-expression', column, { what: 'column' });
}

const unsortable: ReadonlySet<string> = new Set(['super', 'binary', 'spatial', 'sketch']);

function checkKeyType(at: ColumnAttribute | KeyColumn, { type }: ColumnDefinition, what: 'distkey' | 'sortkey', emit: Emit): void {
  const family = familyOf(type.name);
  if (family && unsortable.has(family))
    emit('key-type', at, { type: type.name, what: what === 'distkey' ? 'distribution key' : 'sort key' });
}

function checkConstraints(statement: CreateTable, columns: readonly ColumnDefinition[], known: Known, table: string, emit: Emit): void {
  const constraints = statement.elements.flatMap((one) => (one.kind === 'table-constraint' ? [one] : []));
  const primary = [
    ...columns.flatMap(({ attributes }) => attributes.filter(({ what }) => what === 'primary key')),
    ...constraints.filter(({ what }) => what === 'primary key'),
  ];
  if (primary[1]) emit('two-keys', primary[1], { what: 'primary key', table });
  for (const { columns: names } of constraints) for (const name of names) checkKnown(name, known, emit);
}

function checkKnown(name: KeyColumn, known: Known, emit: Emit): void {
  if (known && name.kind === 'name' && !known.has(fold(name))) emit('missing-column', name, { name: name.value });
}

function checkAttributes(
  attributes: readonly TableAttribute[],
  columns: readonly ColumnDefinition[],
  known: Known,
  table: string,
  emit: Emit,
): void {
  const own = (what: 'distkey' | 'sortkey') => columns.flatMap(({ attributes: all }) => all.filter((one) => one.what === what));
  const stated = (what: TableAttribute['what']) => attributes.filter((one) => one.what === what);
  const distKeys = [...own('distkey'), ...stated('distkey')];
  if (distKeys[1]) emit('two-keys', distKeys[1], { what: 'distribution key', table });
  const [style, secondStyle] = stated('diststyle');
  if (secondStyle) emit('two-keys', secondStyle, { what: 'distribution style', table });
  if (style?.what === 'diststyle') {
    const [key] = distKeys;
    if (key && style.style !== 'key') emit('dist-conflict', style, { style: style.style.toUpperCase() });
    if (!key && style.style === 'key') emit('dist-key-missing', style);
  }
  const sortKeys = stated('sortkey');
  const second = sortKeys[1] ?? (own('sortkey').length > 0 ? sortKeys[0] : undefined);
  if (second) emit('two-keys', second, { what: 'sort key', table });
  for (const attribute of attributes) checkKeyColumns(attribute, known, emit);
}

const mostSortColumns = { compound: 400, interleaved: 8 } as const;

function checkKeyColumns(attribute: TableAttribute, known: Known, emit: Emit): void {
  if (attribute.what !== 'distkey' && attribute.what !== 'sortkey') return;
  const columns = attribute.what === 'distkey' ? [attribute.column] : attribute.columns;
  for (const name of columns) {
    checkKnown(name, known, emit);
    const column = name.kind === 'name' ? known?.get(fold(name)) : undefined;
    if (column) checkKeyType(name, column, attribute.what, emit);
  }
  if (attribute.what === 'distkey') return;
  checkDistinct(
    columns.filter((one): one is Name => one.kind === 'name'),
    emit,
  );
  const most = mostSortColumns[attribute.form === 'interleaved' ? 'interleaved' : 'compound'];
  if (columns.length > most) emit('sort-columns', attribute, { most });
}

export function checkCreateTableAs(statement: CreateTableAs, emit: Emit): void {
  checkTemporary(statement.name, statement.temporary, emit);
  if (statement.columns) {
    checkDistinct(statement.columns, emit);
    for (const name of statement.columns) checkColumnName(name, emit);
  }
  checkAttributes(statement.attributes, [], undefined, lastPart(statement.name), emit);
}

const addable: ReadonlySet<string> = new Set(['default', 'encode', 'collate', 'not null', 'null']);

export function checkAlterTable(statement: AlterTable, emit: Emit): void {
  for (const action of statement.actions) {
    if (action.what === 'add column') {
      const { column } = action;
      checkColumn(column, lastPart(statement.name), emit);
      for (const one of column.attributes) if (!addable.has(one.what)) emit('add-column-attribute', one, { what: one.what.toUpperCase() });
      const fallback = column.attributes.find((one) => one.what === 'default');
      const needs = column.attributes.find(({ what }) => what === 'not null');
      const isNull = fallback?.what === 'default' && fallback.value.kind === 'literal' && fallback.value.type === 'null';
      if (needs && (!fallback || isNull)) emit('add-not-null', needs);
    } else if (action.what === 'alter column type') {
      if (!['varchar', 'varbyte'].includes(action.type.name)) emit('alter-type', action);
      else
        checkColumnType(
          { kind: 'column-definition', name: action.name, type: action.type, attributes: [], start: action.start, end: action.end },
          lastPart(statement.name),
          emit,
        );
    } else if (action.what === 'rename column') checkColumnName(action.to, emit);
    else if (action.what === 'rename to' && isTemporaryName(action.to) && !isTemporaryName(statement.name.parts.at(-1)))
      emit('temporary-name', action.to);
  }
}
