// String and number literals, as Python reads them.
import { int } from './numbers.ts';
import { PyFloat, type TemplateValue } from './types.ts';

const SIMPLE: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/** An escape that Python does not know stays as it is, backslash included: '\d' is two characters. */
export function unescapeString(body: string): string {
  if (!body.includes('\\')) return body;
  return body.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|([\s\S]))/g,
    (all, x, u, long, octal, char) => {
      const hex = x ?? u ?? long;
      if (hex !== undefined) {
        const code = Number.parseInt(hex, 16);
        return code > 0x10ffff ? all : String.fromCodePoint(code);
      }
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      return SIMPLE[char] ?? all;
    },
  );
}

export function numberLiteral(literal: string): TemplateValue {
  const plain = literal.replaceAll('_', '');
  if (/^\d+$/.test(plain)) return int(BigInt(plain));
  if (/^0[box]/i.test(plain)) return int(BigInt(plain.toLowerCase()));
  return new PyFloat(Number(plain));
}
