// Views, bound and late-binding, and materialized views. https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_VIEW.html
// https://docs.aws.amazon.com/redshift/latest/dg/materialized-view-create-sql-command.html
import type { CreateMaterializedView, CreateView } from '../tree/definitions.ts';
import { refuseData } from './create-table.ts';
import { columnList, qualifiedName } from './names.ts';
import type { Reader } from './reader.ts';
import { tableAttributes } from './table-attributes.ts';

/** After `create [or replace]`. */
export function createView(reader: Reader, start: number, orReplace: boolean): CreateView {
  const external = reader.acceptOneOf('external', 'protected') !== undefined;
  if (external) reader.accept('protected');
  reader.expect('view');
  if (external) reader.accept('if', 'not', 'exists');
  const name = qualifiedName(reader);
  const columns = reader.seesOperator('(') ? columnList(reader) : undefined;
  if (reader.sees('with')) reader.refuse('view-options');
  reader.expect('as');
  const query = reader.query();
  const noSchemaBinding = reader.accept('with', 'no', 'schema', 'binding');
  if (reader.sees('with')) reader.refuse('view-options');
  return { kind: 'create-view', orReplace, external, name, ...(columns && { columns }), query, noSchemaBinding, ...reader.since(start) };
}

/** After `create`. */
export function createMaterializedView(reader: Reader, start: number): CreateMaterializedView {
  reader.expect('materialized', 'view');
  if (reader.sees('if', 'not', 'exists')) reader.refuse('mv-options');
  const name = qualifiedName(reader);
  const columns = reader.seesOperator('(') ? columnList(reader) : undefined;
  const attributes = tableAttributes(reader);
  if (reader.sees('with') || reader.sees('using') || reader.sees('tablespace')) reader.refuse('mv-options');
  reader.expect('as');
  const query = reader.query();
  refuseData(reader);
  return { kind: 'create-materialized-view', name, ...(columns && { columns }), attributes, query, ...reader.since(start) };
}
