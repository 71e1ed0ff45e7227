// Bytes sorted into the classes that the readers branch on, and UTF-8's well-formed sequences.
// https://www.rfc-editor.org/rfc/rfc8259 https://www.unicode.org/versions/latest/core-spec/chapter-3/#G27506

export const tab = 0x09;
export const lf = 0x0a;
export const cr = 0x0d;
export const space = 0x20;
export const quote = 0x22;
export const comma = 0x2c;
export const minus = 0x2d;
export const dot = 0x2e;
export const zero = 0x30;
export const nine = 0x39;
export const colon = 0x3a;
export const leftBracket = 0x5b;
export const backslash = 0x5c;
export const rightBracket = 0x5d;
export const leftBrace = 0x7b;
export const rightBrace = 0x7d;

/** Inside a JSON string: 1 for the bytes that stand for themselves. */
export const plainInString: Uint8Array = new Uint8Array(256).fill(1, 0x20, 0x80);
plainInString[quote] = 0;
plainInString[backslash] = 0;

/** 0–15 for a hexadecimal digit, else 255. */
export const hexValue: Uint8Array = new Uint8Array(256).fill(255);
for (const [index, digit] of [...'0123456789abcdef'].entries()) {
  hexValue[digit.charCodeAt(0)] = index;
  hexValue[digit.toUpperCase().charCodeAt(0)] = index;
}

const continues = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/** Bytes of the well-formed sequence of two or more that begins at `at`; 0 when there is none. */
export function utf8Length(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  const second = bytes[at + 1] ?? 0;
  if (first >= 0xc2 && first <= 0xdf) return continues(second) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    // No overlong forms, no surrogates.
    const low = first === 0xe0 ? 0xa0 : 0x80;
    const high = first === 0xed ? 0x9f : 0xbf;
    return second >= low && second <= high && continues(bytes[at + 2]) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    // No overlong forms, nothing beyond U+10FFFF.
    const low = first === 0xf0 ? 0x90 : 0x80;
    const high = first === 0xf4 ? 0x8f : 0xbf;
    return second >= low && second <= high && continues(bytes[at + 2]) && continues(bytes[at + 3]) ? 4 : 0;
  }
  return 0;
}
