// Columns of a table and their constraints. https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html
import type { ColumnAttribute, ColumnDefinition, LikeTable, References, TableConstraint } from '../tree/definitions.ts';
import type { Name } from '../tree/leaves.ts';
import { encodings } from '../words/encodings.ts';
import { columnList, name, qualifiedName } from './names.ts';
import type { Reader } from './reader.ts';
import { type } from './types.ts';

export function tableElement(reader: Reader): ColumnDefinition | TableConstraint | LikeTable {
  const start = reader.start;
  if (reader.accept('like')) {
    const table = qualifiedName(reader);
    const defaults = reader.acceptOneOf('including', 'excluding');
    if (defaults && !reader.accept('defaults')) reader.refuse('like-options');
    if (reader.sees('including') || reader.sees('excluding')) reader.refuse('like-options');
    return { kind: 'like-table', table, ...(defaults && { defaults }), ...reader.since(start) };
  }
  return optionalConstraint(reader) ?? columnDefinition(reader);
}

export function optionalConstraint(reader: Reader): TableConstraint | undefined {
  const start = reader.start;
  const called = reader.accept('constraint') ? name(reader) : undefined;
  const common = { kind: 'table-constraint' as const, ...(called && { name: called }) };
  if (reader.sees('check')) reader.refuse('check-constraint');
  if (reader.sees('exclude')) reader.refuse('exclude-constraint');
  if (reader.accept('unique')) return finish({ ...common, what: 'unique', columns: columnList(reader), ...reader.since(start) }, reader);
  if (reader.accept('primary', 'key'))
    return finish({ ...common, what: 'primary key', columns: columnList(reader), ...reader.since(start) }, reader);
  if (reader.accept('foreign', 'key')) {
    const columns = columnList(reader);
    const to = references(reader);
    return finish({ ...common, what: 'foreign key', columns, to, ...reader.since(start) }, reader);
  }
  return called ? reader.unexpected() : undefined;
}

/** Refuses what PostgreSQL lets follow a constraint. */
function finish(constraint: TableConstraint, reader: Reader): TableConstraint {
  refuseDeferral(reader);
  return constraint;
}

function refuseDeferral(reader: Reader): void {
  if (reader.sees('deferrable') || reader.sees('initially') || reader.sees('not', 'deferrable')) reader.refuse('deferrable');
  if (reader.sees('match') || reader.sees('on', 'delete') || reader.sees('on', 'update')) reader.refuse('referential-action');
}

function references(reader: Reader): References {
  const start = reader.start;
  reader.expect('references');
  const table = qualifiedName(reader);
  const columns = reader.seesOperator('(') ? columnList(reader) : [];
  refuseDeferral(reader);
  return { kind: 'references', table, columns, ...reader.since(start) };
}

export function columnDefinition(reader: Reader): ColumnDefinition {
  const start = reader.start;
  const called = name(reader);
  const of = type(reader);
  const attributes: ColumnAttribute[] = [];
  for (let one = columnAttribute(reader); one; one = columnAttribute(reader)) attributes.push(one);
  return { kind: 'column-definition', name: called, type: of, attributes, ...reader.since(start) };
}

function columnAttribute(reader: Reader): ColumnAttribute | undefined {
  const start = reader.start;
  const kind = 'column-attribute';
  const constraint = reader.accept('constraint') ? name(reader) : undefined;
  refuseAttribute(reader);
  if (reader.accept('default')) return { kind, what: 'default', value: reader.expression(), ...reader.since(start) };
  if (reader.accept('identity')) return identity(reader, start, false);
  if (reader.accept('generated')) return generated(reader, start);
  if (reader.accept('encode')) return { kind, what: 'encode', encoding: encoding(reader), ...reader.since(start) };
  if (reader.accept('collate')) {
    const collation = reader.acceptOneOf('case_sensitive', 'case_insensitive') ?? reader.refuse('column-collation');
    return { kind, what: 'collate', collation, ...reader.since(start) };
  }
  for (const what of ['distkey', 'sortkey', 'null'] as const) if (reader.accept(what)) return { kind, what, ...reader.since(start) };
  if (reader.accept('not', 'null')) return { kind, what: 'not null', ...reader.since(start) };
  return keyConstraint(reader, start, constraint);
}

function keyConstraint(reader: Reader, start: number, called: Name | undefined): ColumnAttribute | undefined {
  const common = { kind: 'column-attribute' as const, ...(called && { name: called }) };
  if (reader.accept('unique')) return checked(reader, { ...common, what: 'unique', ...reader.since(start) });
  if (reader.accept('primary', 'key')) return checked(reader, { ...common, what: 'primary key', ...reader.since(start) });
  if (reader.sees('references')) return checked(reader, { ...common, what: 'references', to: references(reader), ...reader.since(start) });
  return called ? reader.unexpected() : undefined;
}

function checked(reader: Reader, attribute: ColumnAttribute): ColumnAttribute {
  refuseDeferral(reader);
  return attribute;
}

function refuseAttribute(reader: Reader): void {
  if (reader.sees('check')) reader.refuse('check-constraint');
  if (reader.sees('as') && reader.seesOperator('(', 1)) reader.refuse('generated-column');
  refuseDeferral(reader);
}

export function encoding(reader: Reader): string {
  const { kind, value } = reader.peek();
  if (kind !== 'word' || !Object.hasOwn(encodings, value)) return reader.unexpected();
  reader.next();
  return value;
}

/** `(seed, step)`, which may be left out. */
function identity(reader: Reader, start: number, byDefault: boolean): ColumnAttribute {
  const common = { kind: 'column-attribute' as const, what: 'identity' as const, byDefault };
  if (!reader.seesOperator('(')) return { ...common, ...reader.since(start) };
  const { seed, step } = reader.parenthesised(() => {
    const first = signed(reader);
    if (!reader.acceptOperator(',')) reader.refuse('identity-options');
    return { seed: first, step: signed(reader) };
  });
  return { ...common, seed, step, ...reader.since(start) };
}

function signed(reader: Reader): number {
  const negative = reader.acceptOperator('-');
  if (reader.peek().kind !== 'number') reader.refuse('identity-options');
  return negative ? -reader.integer() : reader.integer();
}

function generated(reader: Reader, start: number): ColumnAttribute {
  if (reader.sees('always', 'as', 'identity')) reader.refuse('identity-always');
  if (reader.sees('always')) reader.refuse('generated-column');
  reader.expect('by', 'default', 'as', 'identity');
  return identity(reader, start, true);
}
