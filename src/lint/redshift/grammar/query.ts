// SELECT and what joins selects: set operations, WITH, ORDER BY, LIMIT.
// https://docs.aws.amazon.com/redshift/latest/dg/r_SELECT_synopsis.html
import type { Cte, NestedQuery, OrderItem, Query, QueryBody, SetOperation, With } from '../tree/query.ts';
import { columnList, name } from './names.ts';
import type { Reader } from './reader.ts';
import { select } from './select.ts';

export function query(reader: Reader): Query {
  const start = reader.start;
  const before = reader.sees('with') ? withClause(reader) : undefined;
  return tail(reader, start, setOperation(reader), before);
}

export const continued = (reader: Reader, first: NestedQuery): Query => tail(reader, first.start, setOperation(reader, first), undefined);

export function withClause(reader: Reader): With {
  const start = reader.start;
  reader.expect('with');
  const recursive = reader.accept('recursive');
  const ctes = reader.list(() => cte(reader));
  return { kind: 'with', recursive, ctes, ...reader.since(start) };
}

function cte(reader: Reader): Cte {
  const start = reader.start;
  const called = name(reader);
  const columns = reader.seesOperator('(') ? columnList(reader) : undefined;
  reader.expect('as');
  if (reader.sees('materialized') || reader.sees('not', 'materialized')) reader.refuse('cte-materialized');
  const inner = reader.parenthesised(() => {
    if (['insert', 'update', 'delete', 'merge'].some((word) => reader.sees(word))) reader.refuse('modifying-cte');
    if (reader.sees('values')) reader.refuse('values-list');
    return reader.query();
  });
  if (reader.sees('search') || reader.sees('cycle')) reader.refuse('cte-search');
  return { kind: 'cte', name: called, ...(columns && { columns }), query: inner, ...reader.since(start) };
}

const binds = { union: 1, except: 1, minus: 1, intersect: 2 } as const;

/** INTERSECT binds closer than the others; the rest goes from left to right. */
function setOperation(reader: Reader, first?: QueryBody, least = 1): QueryBody {
  const start = first?.start ?? reader.start;
  let left = first ?? part(reader);
  for (;;) {
    const op = (Object.keys(binds) as SetOperation['op'][]).find((word) => reader.sees(word));
    if (!op || binds[op] < least) return left;
    reader.next();
    const all = reader.sees('all');
    if (all && op !== 'union') reader.refuse('intersect-all');
    if (all) reader.next();
    if (reader.sees('distinct')) reader.refuse('set-distinct');
    const right = setOperation(reader, undefined, binds[op] + 1);
    left = { kind: 'set-operation', op, all, left, right, ...reader.since(start) };
  }
}

function part(reader: Reader): QueryBody {
  const start = reader.start;
  if (reader.sees('values')) reader.refuse('values-list');
  if (!reader.seesOperator('(')) return select(reader);
  const inner = reader.parenthesised(() => reader.query());
  return { kind: 'nested-query', query: inner, ...reader.since(start) };
}

function tail(reader: Reader, start: number, body: QueryBody, before: With | undefined): Query {
  const ordered = reader.accept('order', 'by') ? orderBy(reader) : [];
  let limit: Query['limit'];
  let offset: Query['offset'];
  for (;;) {
    if (!limit && reader.accept('limit')) {
      if (reader.accept('all')) continue;
      limit = reader.expression();
      if (reader.seesOperator(',')) reader.refuse('limit-comma');
    } else if (!offset && reader.accept('offset')) {
      offset = reader.expression();
      if (!reader.accept('rows')) reader.accept('row');
    } else break;
  }
  refuseAfter(reader);
  return {
    kind: 'query',
    ...(before && { with: before }),
    body,
    orderBy: ordered,
    ...(limit && { limit }),
    ...(offset && { offset }),
    ...reader.since(start),
  };
}

function refuseAfter(reader: Reader): void {
  if (reader.sees('fetch', 'first') || reader.sees('fetch', 'next')) reader.refuse('fetch-first');
  const locks = ['update', 'share', 'no', 'key'].some((word) => reader.isWord(1, word));
  if (reader.sees('for') && locks) reader.refuse('for-update');
  if (reader.sees('window')) reader.refuse('window-clause');
}

export const orderBy = (reader: Reader): OrderItem[] => reader.list(() => orderItem(reader));

function orderItem(reader: Reader): OrderItem {
  const start = reader.start;
  const expression = reader.expression();
  if (reader.sees('using')) reader.refuse('order-using');
  const direction = reader.acceptOneOf('asc', 'desc');
  const nulls = reader.accept('nulls') ? reader.expectOneOf('first', 'last') : undefined;
  return { kind: 'order-item', expression, ...(direction && { direction }), ...(nulls && { nulls }), ...reader.since(start) };
}
