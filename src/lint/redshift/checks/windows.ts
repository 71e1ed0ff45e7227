// OVER and WITHIN GROUP: which functions take them, and what must stand in them.
// https://docs.aws.amazon.com/redshift/latest/dg/c_Window_functions.html
import type { Emit } from '../finding.ts';
import type { Call, Expression, Frame, FrameBound, Select, Window } from '../tree/query.ts';
import { type Node, walk } from '../tree/walk.ts';
import { functionName, signaturesOf } from './functions.ts';

/** They rank rows or look at one of them: no frame. */
const frameless: ReadonlySet<string> = new Set(
  'row_number rank dense_rank percent_rank cume_dist ntile lag lead ratio_to_report listagg median percentile_cont percentile_disc'.split(
    ' ',
  ),
);
const needFrame: ReadonlySet<string> = new Set('first_value last_value nth_value'.split(' '));
const needOrder: ReadonlySet<string> = new Set(['lag', 'lead']);
const noWindow: ReadonlySet<string> = new Set([
  'grouping',
  'grouping_id',
  'any_value',
  'bit_and',
  'bit_or',
  'hll',
  'hll_combine',
  'hll_create_sketch',
]);

export function checkWindow(call: Call, source: string, emit: Emit): void {
  const [signature] = signaturesOf(call) ?? [];
  const name = functionName(call);
  const values = { name: name.toUpperCase() };
  if (signature?.kind === 'window' && !call.over) emit('window-needs-over', call.name, values);
  if (call.withinGroup && signature && (signature.kind !== 'sorted' || name === 'median')) emit('within-group-unknown', call.name, values);
  if (name.startsWith('percentile_') && signature && !call.withinGroup) emit('within-group-needed', call.name, values);
  if (!call.over) return;
  if (signature && ((signature.kind !== 'window' && signature.kind !== 'aggregate' && signature.kind !== 'sorted') || noWindow.has(name))) {
    emit('over-not-window', call.name, values);
    return;
  }
  if (call.quantifier === 'distinct' && name !== 'listagg') emit('window-distinct', call, values);
  const { orderBy, frame, partitionBy } = call.over;
  const framed = signature?.kind === 'aggregate' || needFrame.has(name);
  if (framed && orderBy.length > 0 && !frame) emit('window-needs-frame', call.over, values, frameRewrite(call.over, source));
  if (frame && frameless.has(name)) emit('window-no-frame', frame, values);
  if (needOrder.has(name) && orderBy.length === 0) emit('window-needs-order', call.over, values);
  for (const one of [...partitionBy, ...orderBy.map(({ expression }) => expression)]) if (isConstantText(one)) emit('window-constant', one);
  if (frame) checkFrame(frame, emit);
}

const isConstantText = (expression: Expression): boolean => expression.kind === 'literal' && expression.type === 'string';

function frameRewrite(over: Window, source: string): string {
  const inside = source.slice(over.start + 1, over.end - 1).trim();
  return `Write over (${inside} rows between unbounded preceding and current row), or the frame you mean.`;
}

const order: readonly FrameBound['at'][] = ['unbounded preceding', 'preceding', 'current row', 'following', 'unbounded following'];

function checkFrame(frame: Frame, emit: Emit): void {
  const from = order.indexOf(frame.from.at);
  const to = frame.to && order.indexOf(frame.to.at);
  if (frame.from.at === 'unbounded following' && frame.to) emit('window-frame-order', frame, { from: frame.from.at, to: frame.to.at });
  else if (to !== undefined && frame.to && (to < from || frame.to.at === 'unbounded preceding'))
    emit('window-frame-order', frame, { from: frame.from.at, to: frame.to.at });
}

/** Window functions of this SELECT, not of queries within it. */
export function windowCalls(root: Node): Call[] {
  const found: Call[] = [];
  walk(root, (node) => {
    if (node.kind === 'query') return false;
    if (node.kind === 'call' && node.over) found.push(node);
    return undefined;
  });
  return found;
}

/** Where no window function may stand; and QUALIFY, which needs one. */
export function checkWindowPlaces(select: Select, emit: Emit): void {
  const places = [
    ['WHERE', select.where],
    ['HAVING', select.having],
    ['GROUP BY', select.groupBy],
  ] as const;
  for (const [clause, node] of places) for (const call of node ? windowCalls(node) : []) emit('window-place', call, { clause });
  if (select.qualify && ![select.qualify, ...select.items].some((node) => windowCalls(node).length > 0))
    emit('qualify-window', select.qualify);
}

/** LISTAGG, PERCENTILE_CONT and their like sort; within one SELECT all must sort alike. */
export function checkSortOrders(select: Select, source: string, emit: Emit): void {
  const orders = new Map<string, Call>();
  for (const item of [...select.items, ...(select.having ? [select.having] : [])]) {
    walk(item, (node) => {
      if (node.kind === 'query') return false;
      if (node.kind === 'call' && node.withinGroup && !node.over) {
        const text = node.withinGroup.map(({ start, end }) => source.slice(start, end).toLowerCase().split(' ').join('')).join(',');
        if (!orders.has(text)) orders.set(text, node);
      }
      return undefined;
    });
  }
  const [, second] = [...orders.values()];
  if (second) emit('within-group-order', second, { name: functionName(second).toUpperCase() });
}
