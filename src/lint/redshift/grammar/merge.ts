// MERGE, in its two forms. https://docs.aws.amazon.com/redshift/latest/dg/r_MERGE.html
import type { Merge, MergeClauses, MergeDelete, MergeInsert, MergeUpdate } from '../tree/changes.ts';
import type { TableAlias } from '../tree/query.ts';
import { assignment, refuseAfterChange, valueRow } from './dml.ts';
import { columnList, optionalAlias, qualifiedName, seesName } from './names.ts';
import type { Reader } from './reader.ts';

export function merge(reader: Reader): Merge {
  const start = reader.start;
  reader.expect('merge', 'into');
  const table = qualifiedName(reader);
  if (reader.sees('as') || seesName(reader)) reader.refuse('merge-alias');
  reader.expect('using');
  if (reader.seesOperator('(')) reader.refuse('merge-source');
  const source = qualifiedName(reader);
  const sourceAlias = alias(reader);
  reader.expect('on');
  const on = reader.expression();
  const action = removeDuplicates(reader) ?? clauses(reader);
  refuseAfterChange(reader);
  return { kind: 'merge', table, source, ...(sourceAlias && { sourceAlias }), on, action, ...reader.since(start) };
}

function alias(reader: Reader): TableAlias | undefined {
  const start = reader.start;
  const called = optionalAlias(reader);
  return called && { kind: 'table-alias', name: called, columns: [], ...reader.since(start) };
}

function removeDuplicates(reader: Reader): Merge['action'] | undefined {
  const start = reader.start;
  return reader.accept('remove', 'duplicates') ? { kind: 'remove-duplicates', ...reader.since(start) } : undefined;
}

function clauses(reader: Reader): MergeClauses {
  const start = reader.start;
  let matched: MergeUpdate | MergeDelete | undefined;
  let notMatched: MergeInsert | undefined;
  while (reader.sees('when')) {
    const clause = reader.peek();
    reader.next();
    const negated = reader.accept('not');
    reader.expect('matched');
    if (reader.sees('by') || (negated ? notMatched : matched)) reader.refuse('merge-clauses', clause);
    if (reader.sees('and')) reader.refuse('merge-condition');
    reader.expect('then');
    if (negated) notMatched = insertion(reader);
    else matched = change(reader);
  }
  if (!matched || !notMatched) return reader.refuse('merge-clauses');
  return { kind: 'merge-clauses', matched, notMatched, ...reader.since(start) };
}

function change(reader: Reader): MergeUpdate | MergeDelete {
  const start = reader.start;
  if (reader.accept('delete')) return { kind: 'merge-delete', ...reader.since(start) };
  if (!reader.accept('update', 'set')) return reader.refuse('merge-action');
  const assignments = reader.list(() => assignment(reader));
  return { kind: 'merge-update', assignments, ...reader.since(start) };
}

function insertion(reader: Reader): MergeInsert {
  const start = reader.start;
  if (!reader.accept('insert')) return reader.refuse('merge-action');
  const columns = reader.seesOperator('(') ? columnList(reader) : undefined;
  reader.expect('values');
  return { kind: 'merge-insert', ...(columns && { columns }), values: valueRow(reader), ...reader.since(start) };
}
