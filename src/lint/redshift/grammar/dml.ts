// INSERT, UPDATE, DELETE. https://docs.aws.amazon.com/redshift/latest/dg/r_INSERT_30.html r_UPDATE.html r_DELETE.html
import type { Assignment, Delete, Insert, Update, ValueRow } from '../tree/changes.ts';
import type { Expression, TableReference, With } from '../tree/query.ts';
import { tableReference } from './from.ts';
import { columnList, name, optionalAlias, qualifiedName } from './names.ts';
import type { Reader } from './reader.ts';

export function insert(reader: Reader, start: number, before?: With): Insert {
  reader.expect('insert', 'into');
  const table = qualifiedName(reader);
  if (reader.sees('as')) reader.refuse('insert-alias');
  const columns = seesColumns(reader) ? columnList(reader) : undefined;
  const source = insertSource(reader);
  refuseAfterChange(reader);
  return { kind: 'insert', ...(before && { with: before }), table, ...(columns && { columns }), source, ...reader.since(start) };
}

/** A parenthesis after the table holds columns unless a query begins in it. */
const seesColumns = (reader: Reader): boolean => {
  let ahead = 0;
  while (reader.seesOperator('(', ahead)) ahead++;
  return ahead > 0 && !reader.isWord(ahead, 'select') && !reader.isWord(ahead, 'with');
};

function insertSource(reader: Reader): Insert['source'] {
  const start = reader.start;
  if (reader.sees('overriding')) reader.refuse('overriding');
  if (reader.accept('default', 'values')) return { kind: 'default-values', ...reader.since(start) };
  if (!reader.accept('values')) return reader.seesQuery || reader.seesOperator('(') ? reader.query() : reader.unexpected();
  const rows = reader.list(() => valueRow(reader));
  return { kind: 'values', rows, ...reader.since(start) };
}

export function valueRow(reader: Reader): ValueRow {
  const start = reader.start;
  const values = reader.parenthesised(() => reader.list(() => value(reader)));
  return { kind: 'value-row', values, ...reader.since(start) };
}

function value(reader: Reader): Expression {
  const start = reader.start;
  return reader.accept('default') ? { kind: 'default', ...reader.since(start) } : reader.expression();
}

export function refuseAfterChange(reader: Reader): void {
  if (reader.sees('on', 'conflict') || reader.sees('on', 'duplicate')) reader.refuse('on-conflict');
  if (reader.sees('returning')) reader.refuse('returning');
}

export function update(reader: Reader, start: number, before?: With): Update {
  reader.expect('update');
  if (reader.sees('only')) reader.refuse('only');
  const table = qualifiedName(reader);
  const alias = optionalAlias(reader);
  reader.expect('set');
  const assignments = reader.list(() => assignment(reader));
  const from: TableReference[] = reader.accept('from') ? reader.list(() => tableReference(reader)) : [];
  const where = condition(reader);
  refuseAfterChange(reader);
  return {
    kind: 'update',
    ...(before && { with: before }),
    table,
    ...(alias && { alias }),
    assignments,
    from,
    ...(where && { where }),
    ...reader.since(start),
  };
}

export function assignment(reader: Reader): Assignment {
  const start = reader.start;
  if (reader.seesOperator('(')) reader.refuse('tuple-assignment');
  const column = name(reader);
  if (reader.seesOperator('.')) reader.refuse('qualified-assignment');
  reader.expectOperator('=');
  return { kind: 'assignment', column, value: value(reader), ...reader.since(start) };
}

function condition(reader: Reader): Expression | undefined {
  if (!reader.accept('where')) return undefined;
  if (reader.sees('current', 'of')) reader.refuse('current-of');
  return reader.expression();
}

export function remove(reader: Reader, start: number, before?: With): Delete {
  reader.expect('delete');
  const from = reader.accept('from');
  if (reader.sees('only')) reader.refuse('only');
  const table = qualifiedName(reader);
  const alias = optionalAlias(reader);
  if (reader.sees('using') && !from) reader.refuse('delete-from-needed');
  const using: TableReference[] = reader.accept('using') ? reader.list(() => tableReference(reader)) : [];
  const where = condition(reader);
  refuseAfterChange(reader);
  return {
    kind: 'delete',
    ...(before && { with: before }),
    table,
    ...(alias && { alias }),
    using,
    ...(where && { where }),
    ...reader.since(start),
  };
}
