// INSERT, UPDATE, MERGE: what their grammar takes and Redshift refuses.
// https://docs.aws.amazon.com/redshift/latest/dg/r_INSERT_30.html
import type { Emit } from '../finding.ts';
import type { Insert, Merge, Update } from '../tree/changes.ts';
import type { QualifiedName } from '../tree/leaves.ts';
import type { Join, TableReference } from '../tree/query.ts';
import { all } from '../tree/walk.ts';
import { checkDistinct } from './names.ts';
import { fold, placeOf } from './relations.ts';

export function checkInsert({ columns, source }: Insert, emit: Emit): void {
  if (columns) checkDistinct(columns, emit);
  if (source.kind !== 'values') return;
  const [first] = source.rows;
  if (source.rows.length > 1) {
    const [subquery] = all(source, 'subquery');
    if (subquery) emit('values-subquery', subquery);
  }
  const odd = source.rows.find(({ values }) => values.length !== first?.values.length);
  if (odd) emit('values-width', odd);
  else if (columns && first && first.values.length !== columns.length)
    emit('insert-width', first, {
      says: `INSERT has more ${first.values.length > columns.length ? 'expressions than target columns' : 'target columns than expressions'}`,
    });
}

export function checkUpdate({ assignments, from }: Update, emit: Emit): void {
  checkDistinct(
    assignments.map(({ column }) => column),
    emit,
  );
  for (const join of joinsOf(from)) if (['left', 'right', 'full'].includes(join.type)) emit('update-outer-join', join);
}

function joinsOf(from: readonly TableReference[]): Join[] {
  const joins: Join[] = [];
  const stack = [...from];
  for (let item = stack.pop(); item; item = stack.pop()) {
    if (item.kind === 'join') {
      joins.push(item);
      stack.push(item.left, item.right);
    } else if (item.kind === 'table-group') stack.push(item.inner);
  }
  return joins;
}

export function checkMerge({ table, source, action }: Merge, emit: Emit): void {
  if (text(table) === text(source)) emit('merge-self', source);
  if (placeOf(table) !== 'compute') emit('merge-system', table, { name: text(table) });
  if (action.kind === 'remove-duplicates') return;
  const { matched, notMatched } = action;
  if (matched.kind === 'merge-update')
    checkDistinct(
      matched.assignments.map(({ column }) => column),
      emit,
    );
  if (!notMatched.columns) return;
  checkDistinct(notMatched.columns, emit);
  const given = notMatched.values.values.length;
  if (given !== notMatched.columns.length)
    emit('insert-width', notMatched.values, {
      says: `INSERT has more ${given > notMatched.columns.length ? 'expressions than target columns' : 'target columns than expressions'}`,
    });
}

const text = ({ parts }: QualifiedName): string => parts.map(fold).join('.');
