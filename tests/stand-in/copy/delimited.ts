// Records of CSV and of delimited text, with the lines at which they begin.
// https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-format.html

export interface Record {
  readonly line: number;
  readonly raw: string;
  /** undefined: NULL by its text, which quotes would have made a value. */
  readonly fields: readonly string[];
  readonly problem?: string;
}

export interface Delimited {
  readonly delimiter: string;
  /** Of CSV. */
  readonly quote?: string;
  /** Of text: a backslash takes the next character as it is. */
  readonly escape: boolean;
  readonly removeQuotes: boolean;
  readonly ignoreBlankLines: boolean;
}

export function* recordsOf(text: string, options: Delimited): Generator<Record> {
  const { delimiter, quote } = options;
  let line = 1;
  for (let at = 0; at < text.length; ) {
    const from = at;
    const startLine = line;
    const fields: string[] = [];
    let problem: string | undefined;
    for (;;) {
      let field = '';
      if (quote !== undefined && text.charAt(at) === quote) {
        for (at++; ; at++) {
          if (at >= text.length) {
            problem = 'Invalid quote formatting for CSV';
            break;
          }
          const char = text.charAt(at);
          if (char === '\n') line++;
          if (char === quote && text.charAt(at + 1) === quote) field += text.charAt(++at);
          else if (char === quote) break;
          else field += char;
        }
        at++;
        if (at < text.length && !text.startsWith(delimiter, at) && !/[\r\n]/.test(text.charAt(at)))
          problem = 'Invalid quote formatting for CSV';
      }
      while (at < text.length && !text.startsWith(delimiter, at) && text.charAt(at) !== '\n') {
        if (options.escape && text.charAt(at) === '\\') {
          at++;
          if (text.charAt(at) === '\n') line++;
        }
        field += text.charAt(at++);
      }
      const ends = at >= text.length || text.charAt(at) === '\n';
      if (ends && field.endsWith('\r')) field = field.slice(0, -1);
      if (options.removeQuotes && /^(["']).*\1$/s.test(field)) field = field.slice(1, -1);
      fields.push(field);
      if (ends) break;
      at += delimiter.length;
    }
    const raw = text.slice(from, at);
    at++;
    line++;
    if (options.ignoreBlankLines && raw.trim() === '') continue;
    yield { line: startLine, raw, fields, ...(problem !== undefined && { problem }) };
  }
}
