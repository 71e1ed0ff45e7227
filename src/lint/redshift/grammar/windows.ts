// `over (partition by … order by … rows …)`. https://docs.aws.amazon.com/redshift/latest/dg/r_Window_function_synopsis.html
import type { Frame, FrameBound, Window } from '../tree/query.ts';
import type { Reader } from './reader.ts';

export function window(reader: Reader): Window {
  const start = reader.start;
  if (!reader.seesOperator('(')) reader.refuse('window-clause');
  return reader.parenthesised(() => {
    const partitionBy = reader.accept('partition', 'by') ? reader.list(() => reader.expression()) : [];
    const orderBy = reader.accept('order', 'by') ? reader.grammar.orderBy(reader) : [];
    const frame = optionalFrame(reader);
    if (!reader.seesOperator(')')) reader.refuse(reader.sees('exclude') ? 'frame-exclude' : 'unrecognised');
    return { kind: 'window' as const, partitionBy, orderBy, ...(frame && { frame }), start, end: reader.peek().end };
  });
}

function optionalFrame(reader: Reader): Frame | undefined {
  const start = reader.start;
  if (reader.sees('range') || reader.sees('groups')) reader.refuse('frame-mode');
  if (!reader.accept('rows')) return undefined;
  const both = reader.accept('between');
  const from = bound(reader);
  if (both) reader.expect('and');
  const to = both ? bound(reader) : undefined;
  return { kind: 'frame', from, ...(to && { to }), ...reader.since(start) };
}

function bound(reader: Reader): FrameBound {
  const start = reader.start;
  if (reader.accept('current', 'row')) return { kind: 'frame-bound', at: 'current row', ...reader.since(start) };
  if (reader.accept('unbounded')) {
    const side = reader.expectOneOf('preceding', 'following');
    return { kind: 'frame-bound', at: `unbounded ${side}`, ...reader.since(start) };
  }
  const offset = reader.grammar.simple(reader);
  const at = reader.expectOneOf('preceding', 'following');
  return { kind: 'frame-bound', at, offset, ...reader.since(start) };
}
