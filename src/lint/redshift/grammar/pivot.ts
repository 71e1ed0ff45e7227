// PIVOT and UNPIVOT behind a relation. https://docs.aws.amazon.com/redshift/latest/dg/r_FROM_clause-pivot-unpivot-examples.html
import type { SelectItem, TableAlias, TableReference, Unpivot } from '../tree/query.ts';
import { name, optionalAlias } from './names.ts';
import type { Reader } from './reader.ts';

export function pivots(reader: Reader, start: number, source: TableReference, alias: () => TableAlias | undefined): TableReference {
  let table = source;
  for (;;) {
    if (reader.accept('pivot')) table = pivot(reader, start, table, alias);
    else if (reader.accept('unpivot')) table = unpivot(reader, start, table, alias);
    else return table;
  }
}

function pivot(reader: Reader, start: number, source: TableReference, alias: () => TableAlias | undefined): TableReference {
  const parts = reader.parenthesised(() => {
    const aggregate = item(reader);
    reader.expect('for');
    const column = name(reader);
    reader.expect('in');
    return { aggregate, column, values: reader.parenthesised(() => reader.list(() => item(reader))) };
  });
  const called = alias();
  return { kind: 'pivot', source, ...parts, ...(called && { alias: called }), ...reader.since(start) };
}

function unpivot(reader: Reader, start: number, source: TableReference, alias: () => TableAlias | undefined): TableReference {
  const nulls: Unpivot['nulls'] = reader.acceptOneOf('include', 'exclude');
  if (nulls) reader.expect('nulls');
  const parts = reader.parenthesised(() => {
    const value = name(reader);
    reader.expect('for');
    const key = name(reader);
    reader.expect('in');
    return { value, name: key, columns: reader.parenthesised(() => reader.list(() => item(reader))) };
  });
  const called = alias();
  return { kind: 'unpivot', source, ...(nulls && { nulls }), ...parts, ...(called && { alias: called }), ...reader.since(start) };
}

/** `expression [as alias]` */
function item(reader: Reader): SelectItem {
  const start = reader.start;
  const expression = reader.grammar.simple(reader);
  const alias = optionalAlias(reader);
  return { kind: 'select-item', expression, ...(alias && { alias }), ...reader.since(start) };
}
