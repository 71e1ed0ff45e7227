// Python's textwrap.wrap for one paragraph, as the wordwrap filter uses it: white space and tabs stay as they are.
// https://docs.python.org/3/library/textwrap.html

const WORD = String.raw`[\p{L}\p{N}_]`;
const LETTER = String.raw`[\p{L}_]`;
const PUNCTUATED = String.raw`[\p{L}\p{N}_!"'&.,?]`;
const SPACE = String.raw`[\t\n\v\f\r ]`;
const CHUNK = new RegExp(
  `(${SPACE}+|(?<=${PUNCTUATED})-{2,}(?=${WORD})|[^\\t\\n\\v\\f\\r ]+?(?:-(?:(?<=${LETTER}{2}-)|(?<=${LETTER}-${LETTER}-))(?=${LETTER}-?${LETTER})|(?=${SPACE}|$)|(?<=${PUNCTUATED})(?=-{2,}${WORD})))`,
  'u',
);
const SIMPLE_CHUNK = new RegExp(`(${SPACE}+)`, 'u');

export interface WrapOptions {
  readonly width: number;
  readonly breakLongWords: boolean;
  readonly breakOnHyphens: boolean;
}

export function wrapParagraph(paragraph: string, { width, breakLongWords, breakOnHyphens }: WrapOptions): string[] {
  const chunks = paragraph.split(breakOnHyphens ? CHUNK : SIMPLE_CHUNK).filter((chunk) => chunk !== '');
  chunks.reverse();
  const lines: string[] = [];
  while (chunks.length > 0) {
    const line: string[] = [];
    let length = 0;
    if (lines.length > 0 && chunks.at(-1)?.trim() === '') chunks.pop();
    for (let chunk = chunks.at(-1); chunk !== undefined && length + chunk.length <= width; chunk = chunks.at(-1)) {
      line.push(chunk);
      length += chunk.length;
      chunks.pop();
    }
    const long = chunks.at(-1);
    if (long !== undefined && long.length > width) breakChunk(long, chunks, line, width, length, { breakLongWords, breakOnHyphens });
    if (line.at(-1)?.trim() === '') line.pop();
    if (line.length > 0) lines.push(line.join(''));
  }
  return lines;
}

/** A chunk that fits on no line. */
function breakChunk(long: string, chunks: string[], line: string[], width: number, length: number, how: Omit<WrapOptions, 'width'>): void {
  const room = width < 1 ? 1 : width - length;
  if (how.breakLongWords) {
    const hyphen = how.breakOnHyphens && long.length > room ? long.lastIndexOf('-', room - 1) : -1;
    const end = hyphen > 0 && /[^-]/.test(long.slice(0, hyphen)) ? hyphen + 1 : room;
    line.push(long.slice(0, end));
    chunks[chunks.length - 1] = long.slice(end);
    if (chunks.at(-1) === '') chunks.pop();
  } else if (line.length === 0) {
    line.push(long);
    chunks.pop();
  }
}
