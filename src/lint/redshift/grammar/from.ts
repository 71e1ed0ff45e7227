// FROM: relations, joins, subqueries, PIVOT and UNPIVOT, and the arrays of SUPER values.
// https://docs.aws.amazon.com/redshift/latest/dg/r_FROM_clause30.html
// https://docs.aws.amazon.com/redshift/latest/dg/query-super.html
import type { Token } from '../tokens.ts';
import type { QualifiedName } from '../tree/leaves.ts';
import type { AliasColumn, Expression, Join, NestedQuery, TableAlias, TableReference } from '../tree/query.ts';
import { call } from './calls.ts';
import { columnList, label, name, optionalAlias } from './names.ts';
import { pivots } from './pivot.ts';
import { postfix } from './primary.ts';
import type { Reader } from './reader.ts';
import { type } from './types.ts';

export function tableReference(reader: Reader): TableReference {
  const start = reader.start;
  let left = single(reader);
  for (;;) {
    const natural = reader.sees('natural') ? reader.next() : undefined;
    const join = joinType(reader);
    if (!join) return natural ? reader.unexpected() : left;
    if (reader.sees('lateral')) reader.refuse('lateral', afterLateral(reader));
    const right = single(reader);
    const condition: Pick<Join, 'on' | 'using'> = natural || join === 'cross' ? {} : joinCondition(reader);
    left = { kind: 'join', type: join, natural: natural !== undefined, left, right, ...condition, ...reader.since(start) };
  }
}

function joinType(reader: Reader): Join['type'] | undefined {
  if (reader.accept('join')) return 'inner';
  const side = (['inner', 'left', 'right', 'full', 'cross'] as const).find((word) => reader.sees(word));
  if (!side) return undefined;
  reader.next();
  if (side !== 'inner' && side !== 'cross') reader.accept('outer');
  reader.expect('join');
  return side;
}

function joinCondition(reader: Reader): Pick<Join, 'on' | 'using'> {
  if (reader.accept('on')) return { on: reader.expression() };
  if (reader.accept('using')) return { using: columnList(reader) };
  return reader.unexpected();
}

/** One relation with its alias and whatever pivots it. */
function single(reader: Reader): TableReference {
  const start = reader.start;
  const table = reader.nested(() => relation(reader));
  if (reader.sees('tablesample')) reader.refuse('tablesample');
  return pivots(reader, start, table, () => tableAlias(reader));
}

function relation(reader: Reader): TableReference {
  if (reader.seesOperator('(')) return parenthesised(reader);
  const start = reader.start;
  if (reader.sees('lateral')) reader.refuse('lateral', afterLateral(reader));
  if (reader.sees('only')) reader.refuse('only');
  if (reader.sees('unpivot') && !reader.seesOperator('(', 1)) {
    reader.next();
    const path = postfix(reader, reader.start, dotted(reader));
    return withAlias(reader, { kind: 'object-unpivot', path, ...reader.since(start) }, start);
  }
  const first = dotted(reader);
  if (first.kind === 'call') return tableFunction(reader, first, start);
  const path = postfix(reader, start, first);
  if (path.kind !== 'column') return withAlias(reader, { kind: 'unnested', path, ...reader.since(start) }, start);
  // `t *`: its descendants, which it never has.
  reader.acceptOperator('*');
  const called: QualifiedName = { kind: 'qualified-name', parts: path.parts, start: path.start, end: path.end };
  return withAlias(reader, { kind: 'table', name: called, ...reader.since(start) }, start);
}

/** A dotted name, or the call of a function. */
function dotted(reader: Reader): Expression {
  const start = reader.start;
  const first = name(reader);
  const parts: [typeof first, ...(typeof first)[]] = [first];
  while (reader.acceptOperator('.')) parts.push(label(reader));
  if (reader.seesOperator('(')) return call(reader, { kind: 'qualified-name', parts, ...reader.since(start) });
  return { kind: 'column', parts, ...reader.since(start) };
}

function tableFunction(reader: Reader, called: Expression, start: number): TableReference {
  if (reader.sees('with', 'ordinality')) reader.refuse('with-ordinality');
  return withAlias(reader, { kind: 'table-function', call: called, ...reader.since(start) }, start);
}

function withAlias<T extends TableReference>(reader: Reader, table: T, start: number): T {
  const alias = tableAlias(reader);
  return alias ? { ...table, alias, ...reader.since(start) } : table;
}

function tableAlias(reader: Reader): TableAlias | undefined {
  const start = reader.start;
  const called = optionalAlias(reader);
  if (!called) return undefined;
  const columns = reader.seesOperator('(') ? reader.parenthesised(() => reader.list(() => aliasColumn(reader))) : [];
  const at = reader.accept('at') ? name(reader) : undefined;
  return { kind: 'table-alias', name: called, columns, ...(at && { at }), ...reader.since(start) };
}

/** `cols(view_name name, col_num int)`: with types behind a function that returns records. */
function aliasColumn(reader: Reader): AliasColumn {
  const start = reader.start;
  const called = name(reader);
  const of = reader.seesOperator(',') || reader.seesOperator(')') ? undefined : type(reader);
  return { kind: 'alias-column', name: called, ...(of && { type: of }), ...reader.since(start) };
}

function parenthesised(reader: Reader): TableReference {
  const start = reader.start;
  reader.next();
  if (reader.sees('values')) reader.refuse('values-list');
  if (reader.seesQuery) {
    const query = reader.query();
    reader.expectOperator(')');
    return withAlias(reader, { kind: 'derived', query, ...reader.since(start) }, start);
  }
  const inner = tableReference(reader);
  if (inner.kind === 'derived' && !inner.alias && (reader.seesRestOfQuery || reader.seesOperator(')'))) {
    const first: NestedQuery = { kind: 'nested-query', query: inner.query, start: inner.start, end: inner.end };
    const query = reader.grammar.continued(reader, first);
    reader.expectOperator(')');
    return withAlias(reader, { kind: 'derived', query, ...reader.since(start) }, start);
  }
  reader.expectOperator(')');
  return { kind: 'table-group', inner, ...reader.since(start) };
}

/** The word is none of Redshift's: it stops at what begins the subquery, as behind a function's name. */
const afterLateral = (reader: Reader): Token => reader.peek(reader.seesOperator('(', 1) ? 2 : 1);
