// A line's shape: its keys in their order with the blanks between them, and a pattern for each value. Most files have a few
// shapes, and a regular expression checks a line of a known shape several times faster than a parser can.
import type { TargetColumn } from '../core/copy.ts';
import type { ColumnType } from './column-types.ts';
import { anyScalar, forms, provablePattern, usualForm } from './provable.ts';

export interface Shape {
  /** Sticky: one line with its end. */
  readonly line: RegExp;
  /** Sticky: `blockLines` such lines. */
  readonly block: RegExp;
  /** By column: the form that its values have in lines of this shape. */
  readonly forms: Uint8Array;
  /** Two lines of one shape have the same source. */
  readonly source: string;
}

export const blockLines = 8;

/** Of lines of hundreds of keys the parser is done before such an expression is compiled, and thousands are more than can be. */
const maxSourceLength = 1 << 16;

/**
 * The shape of a line, which holds one object that was parsed and found provable. `text` is the line in Latin-1, without its
 * end; `found` the form of each column's value. undefined: it has none, as a column's values are of a form without a pattern, or there
 * are too many keys.
 */
export function shapeOf(
  text: string,
  columns: readonly TargetColumn[],
  types: readonly ColumnType[],
  found: Uint8Array,
): Shape | undefined {
  const slots = new Map<string, string>();
  const slotForms = Uint8Array.from(found, (form, index) => {
    const type = types[index];
    return form === forms.none && type ? usualForm(type) : form;
  });
  for (const [index, { path }] of columns.entries()) {
    const type = types[index];
    const pattern = type && provablePattern(type, slotForms[index] ?? forms.none);
    const key = String(path?.[0]);
    if (pattern === undefined) return undefined;
    // Two columns may take one value: both patterns must hold.
    slots.set(key, slots.has(key) ? `(?=${pattern})${slots.get(key)}` : pattern);
  }
  const source = lineSource(text, slots);
  if (source.length > maxSourceLength) return undefined;
  return {
    source,
    forms: slotForms,
    line: new RegExp(source, 'y'),
    block: new RegExp(`(?:${source}){${blockLines}}`, 'y'),
  };
}

/** Keys and punctuation stand for themselves, values for their patterns; blanks at the line's end may be any. */
function lineSource(text: string, slots: ReadonlyMap<string, string>): string {
  const tokens = /("(?:[^"\\]|\\.)*")([ \t\r]*:)|"(?:[^"\\]|\\.)*"|[-+0-9.eE]+|true|false|null|[{}[\],: \t\r]/gy;
  let source = '';
  let depth = 0;
  let slot: string | undefined;
  for (const [token, key, colon] of text.trimEnd().matchAll(tokens)) {
    if (key !== undefined) {
      source += escaped(key) + colon;
      slot = depth === 1 ? slots.get(JSON.parse(Buffer.from(key, 'latin1').toString())) : undefined;
    } else if (token === '{' || token === '[') {
      depth++;
      source += `\\${token}`;
      slot = undefined;
    } else if (token === '}' || token === ']') {
      depth--;
      source += `\\${token}`;
    } else if (token === ',' || token === ':' || token === ' ' || token === '\t' || token === '\r') source += token;
    else {
      source += slot ?? anyScalar;
      slot = undefined;
    }
  }
  return `${source}[ \\t\\r]*\\n`;
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
