// CREATE TABLE and CREATE TABLE AS. https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html r_CREATE_TABLE_AS.html
import type { CreateTable, CreateTableAs, TableAttribute } from '../tree/definitions.ts';
import type { Name, QualifiedName } from '../tree/leaves.ts';
import { tableElement } from './columns.ts';
import { name, qualifiedName } from './names.ts';
import type { Reader } from './reader.ts';
import { tableAttributes } from './table-attributes.ts';

/** After `create [local] [temp]`. */
export function createTable(reader: Reader, start: number, temporary: boolean): CreateTable | CreateTableAs {
  reader.expect('table');
  const ifNotExists = reader.accept('if', 'not', 'exists');
  const called = qualifiedName(reader);
  if (reader.sees('of')) reader.refuse('of-type');
  if (reader.sees('partition', 'of')) reader.refuse('partition-by');
  const columns = reader.attempt(() => (reader.seesOperator('(') ? plainColumns(reader) : undefined));
  if (columns || !reader.seesOperator('(')) return createTableAs(reader, start, temporary, ifNotExists, called, columns);
  if (reader.seesOperator(')', 1)) reader.refuse('table-without-columns', reader.peek(1));
  const elements = reader.parenthesised(() => reader.list(() => tableElement(reader)));
  const attributes = tableAttributes(reader);
  refuseAttributes(reader);
  return { kind: 'create-table', temporary, ifNotExists, name: called, elements, attributes, ...reader.since(start) };
}

/** `(a, b)` of CREATE TABLE AS; undefined when more than names stand in the parentheses. */
function plainColumns(reader: Reader): Name[] | undefined {
  reader.next();
  const names: Name[] = [];
  for (;;) {
    const token = reader.peek();
    const last = reader.seesOperator(')', 1);
    if ((token.kind !== 'word' && token.kind !== 'quoted') || (!last && !reader.seesOperator(',', 1))) return undefined;
    names.push(name(reader));
    reader.next();
    if (last) return names;
  }
}

function createTableAs(
  reader: Reader,
  start: number,
  temporary: boolean,
  ifNotExists: boolean,
  called: QualifiedName,
  columns: readonly Name[] | undefined,
): CreateTableAs {
  const attributes: TableAttribute[] = tableAttributes(reader);
  const as = reader.peek();
  if (!reader.accept('as')) {
    refuseAttributes(reader);
    return reader.unexpected();
  }
  if (ifNotExists) reader.refuse('ctas-if-not-exists', as);
  if (attributes.some(({ what }) => what === 'encode auto')) reader.refuse('ctas-encode', as);
  if (reader.sees('execute')) reader.unexpected();
  const query = reader.query();
  refuseData(reader);
  return { kind: 'create-table-as', temporary, name: called, ...(columns && { columns }), attributes, query, ...reader.since(start) };
}

export function refuseData(reader: Reader): void {
  if (reader.sees('with', 'no', 'data') || reader.sees('with', 'data')) reader.refuse('with-no-data');
}

function refuseAttributes(reader: Reader): void {
  if (reader.sees('partition') || reader.sees('partitioned')) reader.refuse('partition-by');
  if (reader.sees('inherits')) reader.refuse('inherits');
  if (reader.sees('tablespace')) reader.refuse('tablespace');
  if (reader.sees('on', 'commit')) reader.refuse('on-commit');
  if (reader.sees('with') || reader.sees('without', 'oids') || reader.sees('using')) reader.refuse('storage-parameters');
  if (!reader.done) reader.refuse('table-attribute');
}
