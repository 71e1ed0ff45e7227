// (+), Oracle's outer join. https://docs.aws.amazon.com/redshift/latest/dg/r_WHERE_oracle_outer.html
import type { Emit } from '../finding.ts';
import type { Binary, Expression, OuterMark, Select } from '../tree/query.ts';
import { all, children, type Node } from '../tree/walk.ts';
import { fold } from './relations.ts';

export function checkOuterMarks({ from, where }: Select, emit: Emit): void {
  if (!where) return;
  const marks = marksIn(where);
  const [first] = marks;
  if (!first) return;
  if (from.some(({ kind }) => kind === 'join')) emit('outer-mark', first.mark);
  const under = marks.find(({ underOr }) => underOr);
  if (under) emit('outer-mark-or', under.mark);
  checkPartners(marks, emit);
}

interface Marked {
  readonly mark: OuterMark;
  readonly underOr: boolean;
  /** The comparison that it stands in. */
  readonly comparison: Binary | undefined;
}

function marksIn(where: Expression): Marked[] {
  const found: Marked[] = [];
  const stack: { readonly node: Node; readonly underOr: boolean; readonly comparison: Binary | undefined }[] = [
    { node: where, underOr: false, comparison: undefined },
  ];
  for (let top = stack.pop(); top; top = stack.pop()) {
    const { node, underOr, comparison } = top;
    if (node.kind === 'outer-mark') found.push({ mark: node, underOr, comparison });
    if (node.kind === 'query' || node.kind === 'outer-mark') continue;
    const or = underOr || node.kind === 'in' || (node.kind === 'binary' && node.op === 'or');
    const around = node.kind === 'binary' && node.op !== 'and' && node.op !== 'or' && !comparison ? node : comparison;
    for (const child of children(node).reverse()) stack.push({ node: child, underOr: or, comparison: around });
  }
  return found;
}

const tableOf = (expression: Expression): string | undefined =>
  expression.kind === 'column' && expression.parts.length > 1 ? expression.parts.slice(0, -1).map(fold).join('.') : undefined;

/** A table with (+) is joined to one other only. */
function checkPartners(marks: readonly Marked[], emit: Emit): void {
  const partners = new Map<string, string>();
  for (const { mark, comparison } of marks) {
    const table = tableOf(mark.operand);
    if (table === undefined || !comparison) continue;
    const others = all(comparison, 'column').flatMap((column) => tableOf(column) ?? []);
    for (const other of others.filter((one) => one !== table)) {
      const before = partners.get(table);
      if (before !== undefined && before !== other) emit('outer-mark-twice', mark, { name: table });
      partners.set(table, other);
    }
  }
}
