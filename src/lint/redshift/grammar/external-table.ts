// What ALTER TABLE does to external tables. https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE_external-table.html
import type { AlterAction } from '../tree/definitions.ts';
import { label, name } from './names.ts';
import type { Reader } from './reader.ts';

/** After ADD or DROP, or at the action's first word. */
export function externalAction(reader: Reader, start: number, after?: 'add' | 'drop'): AlterAction | undefined {
  const done = (): AlterAction => ({ kind: 'alter-action', what: 'external', ...reader.since(start) });
  if (after === 'add') {
    if (reader.sees('if', 'not', 'exists', 'partition')) reader.expect('if', 'not', 'exists');
    if (!reader.sees('partition')) return undefined;
    while (reader.sees('partition')) {
      partition(reader);
      reader.expect('location');
      reader.string();
      reader.acceptOperator(',');
    }
    return done();
  }
  if (reader.sees('partition')) {
    partition(reader);
    if (after === undefined) setting(reader);
    return done();
  }
  if (after === 'drop') return undefined;
  if (!reader.sees('set', 'location') && !reader.sees('set', 'file') && !reader.sees('set', 'table')) return undefined;
  setting(reader);
  return done();
}

function setting(reader: Reader): void {
  reader.expect('set');
  if (reader.accept('location')) reader.string();
  else if (reader.accept('file', 'format')) label(reader);
  else {
    reader.expect('table', 'properties');
    properties(reader);
  }
}

/** `(year=2026, month=1)` */
function partition(reader: Reader): void {
  reader.expect('partition');
  reader.parenthesised(() =>
    reader.list(() => {
      name(reader);
      reader.expectOperator('=');
      reader.grammar.simple(reader);
    }),
  );
}

/** `('name'='value', …)` */
export function properties(reader: Reader): void {
  reader.parenthesised(() =>
    reader.list(() => {
      reader.string();
      reader.expectOperator('=');
      reader.string();
    }),
  );
}
