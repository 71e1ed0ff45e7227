// A command line, as far as the cursor, in words as a shell sees them; the last one may be in the middle of quotes.
export interface Line {
  /** Those that are complete. */
  readonly words: readonly string[];
  /** The one under the cursor, without its quotes; '' behind a blank. */
  readonly current: string;
}

export function splitLine(line: string): Line {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const char = line[at] ?? '';
    if (quote !== '') {
      if (char === quote) quote = '';
      else if (char === '\\' && quote === '"') word = (word ?? '') + (line[++at] ?? '');
      else word = (word ?? '') + char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (char === '\\') word = (word ?? '') + (line[++at] ?? '');
    else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + char;
  }
  return { words, current: word ?? '' };
}
