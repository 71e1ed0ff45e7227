// What a query may not be, though its grammar is right: recursion, correlation, set operations, names.
// https://docs.aws.amazon.com/redshift/latest/dg/r_correlated_subqueries.html
// https://docs.aws.amazon.com/redshift/latest/dg/r_WITH_clause.html
import type { Emit } from '../finding.ts';
import type { QualifiedName } from '../tree/leaves.ts';
import type { Cte, Query, QueryBody, Select, TableReference, With } from '../tree/query.ts';
import { all } from '../tree/walk.ts';
import { checkOuterMarks } from './outer-marks.ts';
import { fold, lastPart, levelsOut, type Scope } from './relations.ts';
import { checkSortOrders, checkWindowPlaces, windowCalls } from './windows.ts';

/** `top`: the query is the statement, or what it defines or inserts; else it is within another. */
export function checkQuery(query: Query, top: boolean, emit: Emit): void {
  if (query.with) checkWith(query.with, top, emit);
  checkSetLimits(query.body, emit);
}

/** Before a query, or before what changes rows. */
export function checkWith(clause: With, top: boolean, emit: Emit): void {
  if (clause.recursive && !top) emit('recursive-subquery', clause);
  const seen = new Set<string>();
  for (const cte of clause.ctes) {
    const name = fold(cte.name);
    if (seen.has(name)) emit('duplicate-cte', cte.name, { name });
    seen.add(name);
    const [inner] = all(cte.query, 'with');
    if (inner) emit('nested-with', inner);
    if (clause.recursive && readsItself(cte)) checkRecursion(cte, emit);
  }
}

const readsItself = (cte: Cte): boolean =>
  all(cte.query, 'table').some(({ name }) => name.parts.length === 1 && lastPart(name) === fold(cte.name));

function checkRecursion(cte: Cte, emit: Emit): void {
  const name = fold(cte.name);
  if (!cte.columns) emit('recursive-columns', cte.name, { name });
  const { body } = cte.query;
  if (body.kind !== 'set-operation' || body.op !== 'union' || !body.all) emit('recursive-union', cte.query, { name });
  else if (cte.query.orderBy.length > 0 || cte.query.limit) emit('recursive-tail', cte.query);
}

function checkSetLimits(body: QueryBody, emit: Emit): void {
  const stack: { readonly part: QueryBody; readonly within: boolean }[] = [{ part: body, within: false }];
  for (let top = stack.pop(); top; top = stack.pop()) {
    const { part, within } = top;
    if (part.kind === 'set-operation') stack.push({ part: part.right, within: true }, { part: part.left, within: true });
    else if (part.kind === 'nested-query' && within && (part.query.limit || part.query.offset)) emit('set-limit', part.query.limit ?? part);
  }
}

/** One SELECT, without the queries within it. */
export function checkSelect(select: Select, query: Query, source: string, emit: Emit): void {
  checkWindowPlaces(select, emit);
  checkSortOrders(select, source, emit);
  if (select.top && query.limit && query.body === select) emit('top-and-limit', query.limit);
  checkAliases(select.from, emit);
  checkOuterMarks(select, emit);
  if (select.connectBy && !all(select.connectBy, 'unary').some(({ op }) => op === 'prior')) emit('connect-by-prior', select.connectBy);
}

/** Two relations of one name; of two schemas and without aliases they are told apart. */
function checkAliases(from: readonly TableReference[], emit: Emit): void {
  const seen = new Map<string, QualifiedName | undefined>();
  const stack = [...from].reverse();
  for (let item = stack.pop(); item; item = stack.pop()) {
    if (item.kind === 'join') stack.push(item.right, item.left);
    else if (item.kind === 'table-group') stack.push(item.inner);
    else {
      const bare = item.kind === 'table' && !item.alias ? item.name : undefined;
      const name = 'alias' in item && item.alias ? fold(item.alias.name) : bare && lastPart(bare);
      if (name === undefined) continue;
      const other = seen.get(name);
      const apart = bare && other && text(bare) !== text(other);
      if (seen.has(name) && !apart) emit('duplicate-alias', item, { name });
      seen.set(name, bare);
    }
  }
}

const text = ({ parts }: QualifiedName): string => parts.map(fold).join('.');

/** Subqueries that look at the query around them: only some can be run. */
export function checkCorrelation(scope: Scope, emit: Emit): void {
  const { select, query, parent } = scope;
  if (!select || !query || !parent) return;
  const levels = scope.columns.map((column) => ({ column, level: levelsOut(column, scope) ?? 0 }));
  const skips = levels.find(({ level }) => level > 1);
  const outer = levels.find(({ level }) => level > 0);
  if (skips) emit('correlated-skip', skips.column);
  if (!outer) return;
  if (query.limit || select.top) emit('correlated-limit', query.limit ?? select.top ?? query);
  const [call] = [...select.items, ...query.orderBy].flatMap((node) => windowCalls(node));
  if (call) emit('correlated-window', call);
  if (scope.inOuterJoin) emit('correlated-on', outer.column);
  if (scope.underOr) emit('correlated-or', outer.column);
  checkGrouping(parent.select, query, emit);
}

/** GROUP BY the alias or the place of an item that holds the subquery. */
function checkGrouping(around: Select | undefined, inner: Query, emit: Emit): void {
  around?.items.forEach((item, i) => {
    if (inner.start < item.start || inner.end > item.end) return;
    for (const group of around.groupBy?.items ?? []) {
      const byPlace = group.kind === 'literal' && group.value === String(i + 1);
      const byAlias = group.kind === 'column' && group.parts.length === 1 && item.alias && fold(group.parts[0]) === fold(item.alias);
      if (byPlace || byAlias) emit('correlated-group', group);
    }
  });
}
