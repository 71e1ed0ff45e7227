// Distribution, sort key, encoding, backup: of tables, of CREATE TABLE AS and of materialized views, in any order.
// https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html
import type { KeyColumn, TableAttribute } from '../tree/definitions.ts';
import { name } from './names.ts';
import type { Reader } from './reader.ts';

export function tableAttributes(reader: Reader): TableAttribute[] {
  const attributes: TableAttribute[] = [];
  for (let one = tableAttribute(reader); one; one = tableAttribute(reader)) attributes.push(one);
  return attributes;
}

export function tableAttribute(reader: Reader): TableAttribute | undefined {
  const start = reader.start;
  const kind = 'table-attribute';
  if (reader.accept('backup')) return { kind, what: 'backup', yes: yes(reader), ...reader.since(start) };
  if (reader.accept('auto', 'refresh')) return { kind, what: 'auto refresh', yes: yes(reader), ...reader.since(start) };
  if (reader.accept('diststyle')) {
    const style = reader.expectOneOf('auto', 'even', 'key', 'all');
    return { kind, what: 'diststyle', style, ...reader.since(start) };
  }
  if (reader.accept('distkey')) {
    const column = reader.seesOperator('(') ? reader.parenthesised(() => keyColumn(reader)) : keyColumn(reader);
    return { kind, what: 'distkey', column, ...reader.since(start) };
  }
  if (reader.accept('encode', 'auto')) return { kind, what: 'encode auto', ...reader.since(start) };
  return sortKey(reader);
}

const yes = (reader: Reader): boolean => reader.expectOneOf('yes', 'no') === 'yes';

function sortKey(reader: Reader): TableAttribute | undefined {
  const start = reader.start;
  const form = reader.acceptOneOf('compound', 'interleaved');
  if (!reader.accept('sortkey')) return form ? reader.unexpected() : undefined;
  const word = form ? undefined : reader.acceptOneOf('auto', 'none');
  const columns = word ? [] : reader.parenthesised(() => reader.list(() => keyColumn(reader)));
  return { kind: 'table-attribute', what: 'sortkey', form: word ?? form ?? 'compound', columns, ...reader.since(start) };
}

function keyColumn(reader: Reader): KeyColumn {
  const start = reader.start;
  if (reader.peek().kind !== 'number') return name(reader);
  const value = String(reader.integer());
  return { kind: 'literal', type: 'number', value, ...reader.since(start) };
}
