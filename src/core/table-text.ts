// Rows as an aligned table of plain text: `show`, and the sample rows of failing tests. Nothing in a value can reach the
// terminal as a control character.
import type { Row, Value } from './statement.ts';

/** Code points that terminals draw two cells wide: East Asian wide and fullwidth, emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u;
const INVISIBLE = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
const ASCII = /^[\x20-\x7e]*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /[\x00-\x1f\x7f-\x9f]/g;
const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** In terminal cells. */
export function textWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const character of text) if (!INVISIBLE.test(character)) width += WIDE.test(character) ? 2 : 1;
  return width;
}

/** Cut at a whole character, with an ellipsis, to at most `width` cells. */
export function cutText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let cut = '';
  let used = 0;
  for (const character of text) {
    const cells = textWidth(character);
    if (used + cells > width - 1) break;
    cut += character;
    used += cells;
  }
  return `${cut}…`;
}

/** One line, without control characters: a newline becomes the two characters \n. */
export const oneLine = (text: string): string =>
  text.replace(CONTROL, (control) => ESCAPES[control] ?? `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`);

const json = (value: Value): unknown => {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Uint8Array) return valueText(value);
  if (Array.isArray(value)) return value.map(json);
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, json(item)]));
  return value;
};

/** A value as people read it. NULL is empty; use the column beside it to tell it from ''. */
export function valueText(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return `\\x${Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
  return typeof value === 'object' ? JSON.stringify(json(value)) : String(value);
}

/** Rows as objects that JSON can carry: integers beyond 2^53 and bytes become text. */
export const rowsAsObjects = (columns: readonly string[], rows: readonly Row[]): Record<string, unknown>[] =>
  rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, json(row[index] ?? null)])));

/** Header, rule and rows; numbers stand to the right. `maxCell`: wider values are cut. */
export function tableText(columns: readonly string[], rows: readonly Row[], maxCell = Number.POSITIVE_INFINITY): readonly string[] {
  const cell = (text: string): string => cutText(oneLine(text), maxCell);
  const header = columns.map(cell);
  const body = rows.map((row) => columns.map((_, index) => cell(valueText(row[index] ?? null))));
  const right = columns.map((_, index) => rows.length > 0 && rows.every((row) => isNumber(row[index] ?? null)));
  const widths = header.map((name, index) => body.reduce((width, row) => Math.max(width, textWidth(row[index] ?? '')), textWidth(name)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((text, index) => {
        const blanks = ' '.repeat((widths[index] ?? 0) - textWidth(text));
        return right[index] ? `${blanks}${text}` : `${text}${blanks}`;
      })
      .join(' | ')
      .trimEnd();
  return [line(header), widths.map((width) => '-'.repeat(width)).join('-+-'), ...body.map(line)];
}

const isNumber = (value: Value): boolean => value === null || typeof value === 'number' || typeof value === 'bigint';
