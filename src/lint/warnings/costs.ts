// What Redshift takes and pays for: widths, sort keys, joins.
// https://docs.aws.amazon.com/redshift/latest/dg/c_designing-tables-best-practices.html
import type { KnownRelation } from '../linter.ts';
import { fold, type Scope } from '../redshift/checks/relations.ts';
import type { ColumnDefinition, TableAttribute } from '../redshift/tree/definitions.ts';
import type { QualifiedName, TypeName } from '../redshift/tree/leaves.ts';
import type { Binary, Expression, Select, TableReference } from '../redshift/tree/query.ts';
import type { Statement } from '../redshift/tree/statement.ts';
import { all } from '../redshift/tree/walk.ts';
import { familyOf } from '../redshift/words/types.ts';
import type { Typing } from './typing.ts';
import type { Warn } from './warn.ts';

const WIDE_BYTES = 4096;
/** They grow with time: new rows all go to one end, and an interleaved key has to be rebuilt for them. */
const GROWING: ReadonlySet<string> = new Set(['date', 'timestamp']);

export function warnOfCosts(statement: Statement, scopes: readonly Scope[], typing: Typing, warn: Warn): void {
  if (statement.kind === 'create-table') {
    const columns = statement.elements.flatMap((one) => (one.kind === 'column-definition' ? [one] : []));
    for (const { type } of columns) wide(type, warn);
    sortKey(statement.attributes, columns, warn);
  } else if (statement.kind === 'create-table-as' || statement.kind === 'create-materialized-view') {
    sortKey(statement.attributes, [], warn);
  } else if (statement.kind === 'alter-table')
    for (const action of statement.actions) {
      if (action.what === 'add column') wide(action.column.type, warn);
      if (action.what === 'alter column type') wide(action.type, warn);
    }
  for (const { select } of scopes) if (select) joins(select, typing, warn);
}

function wide(type: TypeName, warn: Warn): void {
  const [length] = type.args;
  if (type.name !== 'varchar' || length === undefined || (length !== 'max' && length <= WIDE_BYTES)) return;
  warn('wide-varchar', type, { type: `varchar(${length})` });
}

function sortKey(attributes: readonly TableAttribute[], columns: readonly ColumnDefinition[], warn: Warn): void {
  for (const one of attributes) {
    if (one.what !== 'sortkey' || one.form !== 'interleaved') continue;
    if (one.columns.length === 1) warn('interleaved-key', one, { why: 'of one column does what a compound one does, and costs more' });
    for (const key of one.columns) {
      const column = columns.find(({ name }) => key.kind === 'name' && fold(name) === fold(key));
      if (!column) continue;
      const grows = GROWING.has(familyOf(column.type.name) ?? '') || column.attributes.some(({ what }) => what === 'identity');
      if (grows) warn('interleaved-key', key, { why: `on ${column.name.value}, which grows with every load, decays at once` });
    }
  }
}

/** A relation of FROM under the name that its columns are qualified with. */
interface Side {
  readonly name: string;
  readonly of: QualifiedName | undefined;
  readonly at: TableReference;
  /** One row at most, or rows of a value of another side: nothing need join it. */
  readonly free: boolean;
}

function joins({ from, where }: Select, typing: Typing, warn: Warn): void {
  const sides: Side[] = [];
  const conditions: Expression[] = where ? conjuncts(where) : [];
  /** Sides that a JOIN, whatever its condition, has put together. */
  const groups: Side[][] = [];
  for (const reference of from) groups.push(sidesOf(reference, sides, conditions));
  unjoined(groups, conditions, warn);
  for (const condition of conditions)
    if (condition.kind === 'binary' && condition.op === '=') distribution(condition, sides, conditions, typing, warn);
}

function sidesOf(root: TableReference, sides: Side[], conditions: Expression[]): Side[] {
  const group: Side[] = [];
  const stack = [root];
  for (let item = stack.pop(); item; item = stack.pop()) {
    if (item.kind === 'join') {
      stack.push(item.right, item.left);
      if (item.on) conditions.push(...conjuncts(item.on));
    } else if (item.kind === 'table-group') stack.push(item.inner);
    else {
      const named = item.kind === 'table' ? item.name : undefined;
      const alias = 'alias' in item && item.alias ? item.alias.name : named?.parts.at(-1);
      const first = named?.parts[0];
      const ofOther = item.kind !== 'table' && item.kind !== 'derived';
      const ofValue = first !== undefined && (named?.parts.length ?? 0) > 1 && sides.some(({ name }) => name === fold(first));
      const side = {
        name: alias ? fold(alias) : '',
        of: named,
        at: item,
        free: ofOther || ofValue || (item.kind === 'derived' && isOneRow(item.query.body)),
      };
      sides.push(side);
      group.push(side);
    }
  }
  return group;
}

const isOneRow = (body: { readonly kind: string } | Select): boolean =>
  body.kind === 'select' &&
  (body as Select).groupBy === undefined &&
  ((body as Select).from.length === 0 || (body as Select).items.every(({ expression }) => expression.kind === 'call' && !expression.over));

function conjuncts(condition: Expression): Expression[] {
  const found: Expression[] = [];
  const stack = [condition];
  for (let one = stack.pop(); one; one = stack.pop()) {
    if (one.kind === 'binary' && one.op === 'and') stack.push(one.right, one.left);
    else if (one.kind === 'group') stack.push(one.inner);
    else found.push(one);
  }
  return found;
}

/** Parts of a FROM list that no condition puts together. A column without its relation's name may be of any. */
function unjoined(groups: readonly (readonly Side[])[], conditions: readonly Expression[], warn: Warn): void {
  const [first, ...rest] = groups;
  if (!first || rest.length === 0) return;
  const names = (condition: Expression): ReadonlySet<string> | undefined => {
    const columns = all(condition, 'column');
    if (columns.length > 1 && columns.some(({ parts }) => parts.length === 1)) return undefined;
    return new Set(columns.flatMap(({ parts }) => parts.slice(0, -1).map(fold)));
  };
  const touched = conditions.map(names);
  if (touched.includes(undefined)) return;
  const reached = new Set(first.map(({ name }) => name));
  let left = rest.filter((group) => !group.some(({ free }) => free));
  for (let before = -1; before !== left.length; ) {
    before = left.length;
    left = left.filter((group) => {
      const meets = touched.some((one) => one && group.some(({ name }) => one.has(name)) && [...one].some((name) => reached.has(name)));
      if (meets) for (const { name } of group) reached.add(name);
      return !meets;
    });
  }
  for (const [side] of left) if (side) warn('cross-join', side.at, { one: first[0]?.name ?? '', other: side.name });
}

function distribution(condition: Binary, sides: readonly Side[], conditions: readonly Expression[], typing: Typing, warn: Warn): void {
  const [left, right] = [sideOf(condition.left, sides), sideOf(condition.right, sides)];
  if (!left || !right || left === right) return;
  const [a, b] = [known(left, typing), known(right, typing)];
  if (!a?.dist || !b?.dist || a.dist.style === 'all' || b.dist.style === 'all') return;
  const others = conditions.filter(
    (one): one is Binary =>
      one.kind === 'binary' &&
      one.op === '=' &&
      [sideOf(one.left, sides), sideOf(one.right, sides)].every((side) => side === left || side === right),
  );
  // Said once for each pair of relations.
  if (others[0] !== condition) return;
  const isKey = (expression: Expression, { dist }: KnownRelation): boolean =>
    dist?.style === 'key' && columnName(expression) === dist.column;
  const agrees = others.some((one) =>
    sideOf(one.left, sides) === left ? isKey(one.left, a) && isKey(one.right, b) : isKey(one.left, b) && isKey(one.right, a),
  );
  if (agrees) return;
  const how = ({ dist }: KnownRelation): string => (dist?.style === 'key' ? dist.column : 'EVEN');
  warn('join-distribution', condition, { one: left.name, how: how(a), other: right.name, otherwise: how(b) });
}

const known = ({ of }: Side, typing: Typing): KnownRelation | undefined => of && typing.relation(of);

const columnName = (expression: Expression): string | undefined =>
  expression.kind === 'column' ? fold(expression.parts.at(-1) ?? expression.parts[0]) : undefined;

function sideOf(expression: Expression, sides: readonly Side[]): Side | undefined {
  const qualifier = expression.kind === 'column' ? expression.parts.at(-2) : undefined;
  return qualifier && sides.find(({ name }) => name === fold(qualifier));
}
