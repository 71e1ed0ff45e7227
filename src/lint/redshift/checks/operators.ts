// Operators: which there are. https://docs.aws.amazon.com/redshift/latest/dg/r_OPERATOR_SYMBOLS.html
import type { Emit } from '../finding.ts';
import type { Statement } from '../tree/statement.ts';
import { all } from '../tree/walk.ts';
import { operatorWords } from '../words/operators.ts';
import { serverType } from './types-of.ts';

const rowOrder: ReadonlySet<string> = new Set(['<', '>', '<=', '>=']);

export function checkOperators(statement: Statement, emit: Emit): void {
  for (const node of all(statement, 'binary')) {
    const { op, left, right } = node;
    if (!operatorWords.has(op)) emit('no-operator', node, { call: `${serverType(left)} ${op} ${serverType(right)}` });
    else if ((left.kind === 'row' || right.kind === 'row') && rowOrder.has(op)) emit('no-row-operator', node);
  }
  for (const { expression } of all(statement, 'select-item')) if (expression.kind === 'row') emit('no-row-operator', expression);
}
