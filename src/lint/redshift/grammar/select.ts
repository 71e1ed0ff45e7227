// One SELECT, from its list to QUALIFY. https://docs.aws.amazon.com/redshift/latest/dg/r_SELECT_list.html
import type { Exclude, Expression, GroupBy, GroupItem, Into, Select, SelectItem, TableReference, Top } from '../tree/query.ts';
import { qualifiedStar } from './calls.ts';
import { tableReference } from './from.ts';
import { columnList, name, optionalAlias, qualifiedName } from './names.ts';
import type { Reader } from './reader.ts';

export function select(reader: Reader): Select {
  const start = reader.start;
  reader.expect('select');
  const first = head(reader);
  const items = reader.list(() => selectItem(reader));
  const exclude = reader.sees('exclude') ? excluded(reader) : undefined;
  const into = reader.accept('into') ? selectInto(reader) : undefined;
  const from: TableReference[] = reader.accept('from') ? reader.list(() => tableReference(reader)) : [];
  const where = reader.accept('where') ? reader.expression() : undefined;
  const hierarchy = connectBy(reader);
  const groupBy = reader.sees('group') ? groups(reader) : undefined;
  const having = reader.accept('having') ? reader.expression() : undefined;
  const qualify = reader.accept('qualify') ? reader.expression() : undefined;
  if (reader.sees('window')) reader.refuse('window-clause');
  return {
    kind: 'select',
    ...first,
    items,
    ...(exclude && { exclude }),
    ...(into && { into }),
    from,
    ...(where && { where }),
    ...hierarchy,
    ...(groupBy && { groupBy }),
    ...(having && { having }),
    ...(qualify && { qualify }),
    ...reader.since(start),
  };
}

/** TOP and DISTINCT, in either order. */
function head(reader: Reader): Pick<Select, 'top' | 'quantifier'> {
  let limit: Top | undefined;
  let quantifier: Select['quantifier'];
  for (;;) {
    const start = reader.start;
    if (!limit && reader.accept('top')) limit = top(reader, start);
    else if (!quantifier && (reader.sees('distinct') || reader.sees('all'))) {
      quantifier = reader.expectOneOf('distinct', 'all');
      if (reader.sees('on') && reader.seesOperator('(', 1)) reader.refuse('distinct-on');
    } else return { ...(limit && { top: limit }), ...(quantifier && { quantifier }) };
  }
}

/** `10`, `(10)` or `$1`, after the word. */
function top(reader: Reader, start: number): Top {
  const { kind } = reader.peek();
  if (kind !== 'number' && kind !== 'parameter' && !reader.seesOperator('(')) reader.unexpected();
  const count = reader.grammar.primary(reader);
  return { kind: 'top', count, ...reader.since(start) };
}

export function selectItem(reader: Reader): SelectItem {
  const start = reader.start;
  if (reader.acceptOperator('*')) {
    const expression: Expression = { kind: 'star', qualifier: [], ...reader.since(start) };
    return { kind: 'select-item', expression, ...reader.since(start) };
  }
  const star = qualifiedStar(reader);
  if (star) return { kind: 'select-item', expression: star, ...reader.since(start) };
  const expression = reader.expression();
  const alias = optionalAlias(reader);
  return { kind: 'select-item', expression, ...(alias && { alias }), ...reader.since(start) };
}

/** The columns stand in parentheses or not. */
function excluded(reader: Reader): Exclude {
  const start = reader.start;
  reader.next();
  const columns = reader.seesOperator('(') ? columnList(reader) : reader.list(() => name(reader));
  return { kind: 'exclude', columns, ...reader.since(start) };
}

function selectInto(reader: Reader): Into {
  const start = reader.start;
  const temporary = reader.acceptOneOf('temporary', 'temp') !== undefined;
  reader.accept('table');
  return { kind: 'into', temporary, name: qualifiedName(reader), ...reader.since(start) };
}

/** START WITH and CONNECT BY, in either order. */
function connectBy(reader: Reader): Pick<Select, 'startWith' | 'connectBy'> {
  let startWith: Expression | undefined;
  let connect: Expression | undefined;
  for (;;) {
    if (!startWith && reader.accept('start', 'with')) startWith = reader.expression();
    else if (!connect && reader.accept('connect', 'by')) {
      reader.connecting = true;
      connect = reader.expression();
      reader.connecting = false;
    } else break;
  }
  if (startWith && !connect) reader.unexpected();
  return { ...(startWith && { startWith }), ...(connect && { connectBy: connect }) };
}

function groups(reader: Reader): GroupBy {
  const start = reader.start;
  reader.expect('group', 'by');
  if (reader.sees('distinct')) reader.refuse('group-distinct');
  if (reader.accept('all')) return { kind: 'group-by', all: true, items: [], ...reader.since(start) };
  const items = reader.list(() => groupItem(reader));
  return { kind: 'group-by', all: false, items, ...reader.since(start) };
}

function groupItem(reader: Reader): GroupItem {
  const start = reader.start;
  for (const form of ['rollup', 'cube'] as const) {
    if (!reader.sees(form) || !reader.seesOperator('(', 1)) continue;
    reader.next();
    const items = reader.nested(() => reader.parenthesised(() => reader.list(() => groupItem(reader))));
    return { kind: 'grouping-set', form, items, ...reader.since(start) };
  }
  if (reader.accept('grouping', 'sets')) {
    const items = reader.nested(() => reader.parenthesised(() => reader.list(() => groupItem(reader))));
    return { kind: 'grouping-set', form: 'grouping sets', items, ...reader.since(start) };
  }
  if (reader.seesOperator('(') && reader.seesOperator(')', 1)) {
    reader.next();
    reader.next();
    return { kind: 'grouping-set', form: 'set', items: [], ...reader.since(start) };
  }
  return reader.expression();
}
