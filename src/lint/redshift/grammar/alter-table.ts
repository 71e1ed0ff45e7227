// ALTER TABLE. https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE.html r_ALTER_TABLE_APPEND.html
import type { AlterAction, AlterTable } from '../tree/definitions.ts';
import type { Name } from '../tree/leaves.ts';
import { columnDefinition, encoding, optionalConstraint } from './columns.ts';
import { externalAction } from './external-table.ts';
import { name, qualifiedName } from './names.ts';
import type { Reader } from './reader.ts';
import { tableAttribute } from './table-attributes.ts';
import { type } from './types.ts';

/** After `alter`. */
export function alterTable(reader: Reader, start: number): AlterTable {
  reader.expect('table');
  if (reader.sees('if', 'exists')) reader.refuse('alter-if-exists');
  if (reader.sees('only')) reader.refuse('only');
  const called = qualifiedName(reader);
  const actions = [action(reader)];
  while (reader.seesOperator(',')) {
    const comma = reader.next();
    const next = action(reader);
    if (!combine(actions.at(-1), next)) reader.refuse(next.what.includes(' column') ? 'add-columns' : 'alter-combination', comma);
    actions.push(next);
  }
  return { kind: 'alter-table', name: called, actions, ...reader.since(start) };
}

/** Encodings of several columns go together, and a sort key with a distribution. */
function combine(before: AlterAction | undefined, next: AlterAction): boolean {
  const keys = ['alter distkey', 'alter diststyle', 'alter sortkey'];
  if (before?.what === 'alter column encode') return next.what === 'alter column encode';
  return before !== undefined && before.what !== next.what && keys.includes(before.what) && keys.includes(next.what);
}

function action(reader: Reader): AlterAction {
  const start = reader.start;
  const kind = 'alter-action';
  if (reader.accept('add')) return add(reader, start);
  if (reader.accept('drop')) return drop(reader, start);
  if (reader.accept('alter')) return alter(reader, start);
  if (reader.accept('rename')) return rename(reader, start);
  if (reader.accept('owner', 'to')) return { kind, what: 'owner to', to: name(reader), ...reader.since(start) };
  if (reader.accept('append', 'from')) {
    const table = qualifiedName(reader);
    const option = reader.acceptOneOf('ignoreextra', 'filltarget');
    return { kind, what: 'append from', table, ...(option && { option }), ...reader.since(start) };
  }
  if (reader.accept('row', 'level', 'security')) {
    const on = reader.expectOneOf('on', 'off') === 'on';
    if (reader.accept('conjunction', 'type')) reader.expectOneOf('and', 'or');
    if (reader.accept('for')) reader.expect('datashares');
    return { kind, what: 'row level security', on, ...reader.since(start) };
  }
  if (reader.accept('masking')) {
    const on = reader.expectOneOf('on', 'off') === 'on';
    reader.expect('for', 'datashares');
    return { kind, what: 'masking', on, ...reader.since(start) };
  }
  if (reader.sees('enable') || reader.sees('disable') || reader.sees('force')) reader.refuse('enable-rls');
  if (reader.sees('set', 'schema')) reader.refuse('set-schema');
  return externalAction(reader, start) ?? reader.refuse('alter-action');
}

function add(reader: Reader, start: number): AlterAction {
  const partition = externalAction(reader, start, 'add');
  if (partition) return partition;
  const constraint = optionalConstraint(reader);
  if (constraint) return { kind: 'alter-action', what: 'add constraint', constraint, ...reader.since(start) };
  reader.accept('column');
  if (reader.sees('if')) reader.refuse('column-if-exists');
  const column = columnDefinition(reader);
  return { kind: 'alter-action', what: 'add column', column, ...reader.since(start) };
}

function drop(reader: Reader, start: number): AlterAction {
  const partition = externalAction(reader, start, 'drop');
  if (partition) return partition;
  const what = reader.accept('constraint') ? 'drop constraint' : 'drop column';
  if (what === 'drop column') reader.accept('column');
  if (reader.sees('if', 'exists')) reader.refuse('column-if-exists');
  const called = name(reader);
  const behavior = reader.acceptOneOf('cascade', 'restrict');
  return { kind: 'alter-action', what, name: called, ...(behavior && { behavior }), ...reader.since(start) };
}

function rename(reader: Reader, start: number): AlterAction {
  if (reader.accept('to')) return { kind: 'alter-action', what: 'rename to', to: name(reader), ...reader.since(start) };
  reader.expect('column');
  const called = name(reader);
  reader.expect('to');
  return { kind: 'alter-action', what: 'rename column', name: called, to: name(reader), ...reader.since(start) };
}

function alter(reader: Reader, start: number): AlterAction {
  const kind = 'alter-action';
  const attribute = tableAttribute(reader);
  if (attribute) {
    const style = attribute.what;
    if (style === 'backup' || style === 'auto refresh') return reader.refuse('alter-action');
    // `alter diststyle key distkey c`
    const second = style === 'diststyle' && reader.sees('distkey') ? tableAttribute(reader) : undefined;
    const what = style === 'encode auto' ? 'alter encode auto' : (`alter ${style}` as const);
    return { kind, what, attributes: second ? [attribute, second] : [attribute], ...reader.since(start) };
  }
  reader.accept('column');
  return alterColumn(reader, start, name(reader));
}

function alterColumn(reader: Reader, start: number, called: Name): AlterAction {
  const kind = 'alter-action';
  if (reader.accept('encode'))
    return { kind, what: 'alter column encode', name: called, encoding: encoding(reader), ...reader.since(start) };
  if (reader.accept('type')) {
    const to = type(reader);
    if (reader.sees('using')) reader.refuse('alter-using');
    return { kind, what: 'alter column type', name: called, type: to, ...reader.since(start) };
  }
  for (const word of ['set', 'drop'] as const) {
    if (reader.sees(word, 'not', 'null')) reader.refuse('alter-not-null');
    if (reader.sees(word, 'default')) reader.refuse('alter-default');
  }
  if (reader.sees('set', 'data', 'type')) reader.refuse('alter-set-data-type');
  return reader.refuse('alter-action');
}
