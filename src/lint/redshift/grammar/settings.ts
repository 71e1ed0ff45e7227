// SET. https://docs.aws.amazon.com/redshift/latest/dg/r_SET.html
import type { SetParameter } from '../tree/statement.ts';
import { label } from './names.ts';
import type { Reader } from './reader.ts';

export function set(reader: Reader): SetParameter {
  const start = reader.start;
  reader.expect('set');
  const scope = reader.acceptOneOf('session', 'local');
  const common = { kind: 'set' as const, ...(scope && { scope }) };
  if (reader.accept('time', 'zone')) {
    const values = reader.accept('local') || reader.accept('default') ? [] : [value(reader)];
    return { ...common, name: 'timezone', values, ...reader.since(start) };
  }
  let called = label(reader).value;
  if (reader.acceptOperator('.')) called += `.${label(reader).value}`;
  if (!reader.acceptOperator('=') && !reader.accept('to')) reader.refuse('set-words');
  const values = reader.accept('default') ? [] : reader.list(() => value(reader));
  return { ...common, name: called.toLowerCase(), values, ...reader.since(start) };
}

/** A word, a quoted name, a string or a number. */
function value(reader: Reader): string {
  const sign = reader.acceptOperator('-') ? '-' : '';
  const { kind } = reader.peek();
  if (kind === 'number') return sign + reader.next().value;
  if (sign === '' && (kind === 'string' || kind === 'word' || kind === 'quoted')) return reader.next().value;
  return reader.unexpected();
}
