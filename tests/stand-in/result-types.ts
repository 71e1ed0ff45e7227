// Types on the wire, and names that Postgres would cut: SUPER is its own, its JSON has no blanks; a string of no known size is one of the greatest.
// https://docs.aws.amazon.com/redshift/latest/dg/r_SUPER_type.html, .../r_Character_types.html
import { hasLongNames, longName } from './translate/names.ts';
import { cstring, type Message, message } from './wire.ts';

const JSONB = 3802;
const SUPER = 4000;
const TEXT = 25;
const VARCHAR = 1043;
/** 65,535 bytes; a size counts a header of 4. */
const LONGEST = 65_539;

export function asRedshift(messages: readonly Message[]): readonly Message[] {
  let columns: readonly boolean[] = [];
  return messages.map((one) => {
    if (one.type === 'T') {
      const described = description(one.body);
      columns = described.columns;
      return { type: 'T', body: described.body };
    }
    return one.type === 'D' && (columns.includes(true) || hasLongNames()) ? row(one.body, columns) : one;
  });
}

function description(body: Buffer): { readonly body: Buffer; readonly columns: readonly boolean[] } {
  const copy = hasLongNames() ? named(body) : Buffer.from(body);
  const columns: boolean[] = [];
  let at = 2;
  for (let count = copy.readInt16BE(0); count > 0; count--) {
    at = copy.indexOf(0, at) + 1 + 6;
    columns.push(copy.readInt32BE(at) === JSONB);
    if (columns.at(-1)) copy.writeInt32BE(SUPER, at);
    else if (copy.readInt32BE(at) === TEXT) {
      copy.writeInt32BE(VARCHAR, at);
      copy.writeInt32BE(LONGEST, at + 6);
    }
    at += 12;
  }
  return { body: copy, columns };
}

/** Columns by their whole names. */
function named(body: Buffer): Buffer {
  const parts: Buffer[] = [body.subarray(0, 2)];
  for (let at = 2; at < body.length; ) {
    const end = body.indexOf(0, at);
    const name = body.toString('utf8', at, end);
    at = end + 1 + 18;
    parts.push(cstring(longName(name) ?? name), body.subarray(end + 1, at));
  }
  return Buffer.concat(parts);
}

function row(body: Buffer, columns: readonly boolean[]): Message {
  const parts: Buffer[] = [body.subarray(0, 2)];
  let at = 2;
  for (const isSuper of columns) {
    const length = body.readInt32BE(at);
    const end = at + 4 + Math.max(length, 0);
    const said = length < 0 ? '' : body.toString('utf8', at + 4, end);
    const other = isSuper && length >= 0 ? compact(said) : longName(said);
    if (other === undefined) parts.push(body.subarray(at, end));
    else {
      const value = Buffer.from(other);
      const size = Buffer.alloc(4);
      size.writeInt32BE(value.length);
      parts.push(size, value);
    }
    at = end;
  }
  return message('D', ...parts);
}

/** Blanks outside of strings; the numbers stay as they are written. */
function compact(json: string): string {
  let inString = false;
  let out = '';
  for (let at = 0; at < json.length; at++) {
    const char = json.charAt(at);
    if (inString && char === '\\') out += char + json.charAt(++at);
    else {
      if (char === '"') inString = !inString;
      if (inString || char !== ' ') out += char;
    }
  }
  return out;
}
