// SQL text → tokens, as Redshift's lexer cuts it (PostgreSQL's of version 8.0, with #names). Lossless: the texts of all tokens,
// joined, are the input. Never throws: what is no token is kind 'bad' and carries the reason.
// https://docs.aws.amazon.com/redshift/latest/dg/r_names.html

export type TokenKind = 'word' | 'quoted' | 'string' | 'number' | 'parameter' | 'operator' | 'blank' | 'comment' | 'bad';

export interface Token {
  readonly kind: TokenKind;
  /** Offsets in UTF-16 units; `end` is the first unit after it. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /**
   * A word in lower case; a quoted name and a string as the server reads them, without quotes and escapes; else the text.
   */
  readonly value: string;
  /** Of a bad token: what Redshift says of it. */
  readonly problem?: string;
}

const isDigit = (char: string): boolean => char >= '0' && char <= '9';
const isBlank = (char: string): boolean =>
  char === ' ' || char === '\n' || char === '\t' || char === '\r' || char === '\f' || char === '\v';
const startsWord = (char: string): boolean =>
  (char >= 'a' && char <= 'z') || (char >= 'A' && char <= 'Z') || char === '_' || (char >= '\u0080' && char !== '\uFEFF');
const inWord = (char: string): boolean => startsWord(char) || isDigit(char) || char === '$';
const alone = '()[],.;:';
const operatorChars = '+-*/<>=~!@#%^&|`?';
/** An operator of several characters ends with + or - only when one of these is in it. */
const keepsSign = '~!@#%^&|`?';

/** ASCII letters only, as the server folds names. */
export function foldCase(text: string): string {
  let folded = '';
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 65 || code > 90) continue;
    folded += text.slice(from, at) + String.fromCharCode(code + 32);
    from = at + 1;
  }
  return from === 0 ? text : folded + text.slice(from);
}

type Cut = Pick<Token, 'kind' | 'end' | 'value'> & { readonly problem?: string };

/** Where a backslash escapes: in every literal, as on Redshift, or in those that begin with E, as on Postgres and DuckDB. */
export interface Lexis {
  readonly escapes: 'all' | 'marked';
}

export function tokenize(sql: string, { escapes }: Lexis = { escapes: 'all' }): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < sql.length; ) {
    const { kind, end, value, problem } = cutAt(sql, at, escapes === 'all');
    const token = { kind, start: at, end, text: sql.slice(at, end), value };
    tokens.push(problem === undefined ? token : { ...token, problem });
    at = end;
  }
  return tokens;
}

function cutAt(sql: string, at: number, escapes: boolean): Cut {
  const char = sql.charAt(at);
  const next = sql.charAt(at + 1);
  if (isBlank(char)) return whole(sql, at, 'blank', skip(sql, at, isBlank));
  if (char === '-' && next === '-') return whole(sql, at, 'comment', endOfLine(sql, at));
  if (char === '/' && next === '*') return blockComment(sql, at);
  if (char === "'") return quotedString(sql, at, at, escapes);
  if ((char === 'e' || char === 'E') && next === "'") return quotedString(sql, at, at + 1, true);
  if ('bBxXnN'.includes(char) && next === "'")
    return { ...quotedString(sql, at, at + 1, escapes), kind: 'bad', problem: `syntax error at or near "${char}"` };
  if (char === '"') return quotedName(sql, at);
  if (startsWord(char)) return word(sql, at, at);
  if (char === '#' && startsWord(next)) return word(sql, at, at + 1);
  if (isDigit(char) || (char === '.' && isDigit(next))) return number(sql, at);
  if (char === '$') return isDigit(next) ? whole(sql, at, 'parameter', skip(sql, at + 1, isDigit)) : dollarString(sql, at);
  if (char === ':' && (next === ':' || next === '=')) return whole(sql, at, 'operator', at + 2);
  if (alone.includes(char)) return whole(sql, at, 'operator', at + 1);
  if (operatorChars.includes(char)) return whole(sql, at, 'operator', endOfOperator(sql, at));
  return { kind: 'bad', end: at + 1, value: char, problem: `syntax error at or near "${char}"` };
}

const whole = (sql: string, at: number, kind: TokenKind, end: number): Cut => ({ kind, end, value: sql.slice(at, end) });

function skip(sql: string, from: number, accepts: (char: string) => boolean): number {
  let at = from;
  while (at < sql.length && accepts(sql.charAt(at))) at++;
  return at;
}

const endOfLine = (sql: string, from: number): number => skip(sql, from, (char) => char !== '\n' && char !== '\r');

function word(sql: string, at: number, from: number): Cut {
  const end = skip(sql, from, inWord);
  // U&'…' is one literal to PostgreSQL and none to Redshift.
  if (end === at + 1 && 'uU'.includes(sql.charAt(at)) && sql.charAt(end) === '&' && `'"`.includes(sql.charAt(end + 1) || ' '))
    return { kind: 'bad', end: end + 1, value: sql.slice(at, end + 1), problem: 'syntax error at or near "&"' };
  return { kind: 'word', end, value: foldCase(sql.slice(at, end)) };
}

function number(sql: string, at: number): Cut {
  let end = skip(sql, at, isDigit);
  if (sql.charAt(end) === '.' && sql.charAt(end + 1) !== '.') end = skip(sql, end + 1, isDigit);
  if (sql.charAt(end) === 'e' || sql.charAt(end) === 'E') {
    const sign = sql.charAt(end + 1) === '+' || sql.charAt(end + 1) === '-' ? 1 : 0;
    if (isDigit(sql.charAt(end + 1 + sign))) end = skip(sql, end + 1 + sign, isDigit);
  }
  const junk = skip(sql, end, inWord);
  if (junk === end) return whole(sql, at, 'number', end);
  return { ...whole(sql, at, 'bad', junk), problem: `syntax error at or near "${sql.slice(end, junk)}"` };
}

/** On Redshift backslashes escape in every literal, whether or not it begins with E. */
function quotedString(sql: string, at: number, quote: number, escapes: boolean): Cut {
  let value = '';
  for (let i = quote + 1; i < sql.length; i++) {
    const char = sql.charAt(i);
    if (char === "'") {
      if (sql.charAt(i + 1) !== "'") return { kind: 'string', end: i + 1, value };
      value += "'";
      i++;
    } else if (escapes && char === '\\') {
      const one = escaped(sql, i + 1);
      value += one.value;
      i = one.end - 1;
    } else value += char;
  }
  return unterminated(sql, at, 'quoted string');
}

const escapeLetters: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

function escaped(sql: string, at: number): { readonly value: string; readonly end: number } {
  const char = sql.charAt(at);
  const isOctal = (one: string): boolean => one >= '0' && one <= '7';
  if (isOctal(char)) {
    let end = at + 1;
    while (end < at + 3 && isOctal(sql.charAt(end))) end++;
    return { value: String.fromCharCode(Number.parseInt(sql.slice(at, end), 8) & 0xff), end };
  }
  return { value: escapeLetters[char] ?? char, end: at + 1 };
}

function quotedName(sql: string, at: number): Cut {
  let value = '';
  for (let i = at + 1; i < sql.length; i++) {
    const char = sql.charAt(i);
    if (char !== '"') value += char;
    else if (sql.charAt(i + 1) === '"') {
      value += '"';
      i++;
    } else if (value === '') return { kind: 'bad', end: i + 1, value, problem: 'zero-length delimited identifier at or near """"' };
    else return { kind: 'quoted', end: i + 1, value };
  }
  return unterminated(sql, at, 'quoted identifier');
}

function dollarString(sql: string, at: number): Cut {
  const tagEnd = startsWord(sql.charAt(at + 1)) ? skip(sql, at + 1, (char) => startsWord(char) || isDigit(char)) : at + 1;
  if (sql.charAt(tagEnd) !== '$') return { kind: 'bad', end: at + 1, value: '$', problem: 'syntax error at or near "$"' };
  const tag = sql.slice(at, tagEnd + 1);
  const close = sql.indexOf(tag, tagEnd + 1);
  if (close < 0) return unterminated(sql, at, 'dollar-quoted string');
  return { kind: 'string', end: close + tag.length, value: sql.slice(tagEnd + 1, close) };
}

/** Comments nest. */
function blockComment(sql: string, at: number): Cut {
  let depth = 0;
  for (let i = at; i < sql.length - 1; i++) {
    const opens = sql.startsWith('/*', i);
    if (!opens && !sql.startsWith('*/', i)) continue;
    depth += opens ? 1 : -1;
    i++;
    if (depth === 0) return whole(sql, at, 'comment', i + 1);
  }
  return unterminated(sql, at, '/* comment');
}

const unterminated = (sql: string, at: number, what: string): Cut => ({
  ...whole(sql, at, 'bad', sql.length),
  problem: `unterminated ${what} at or near "${sql.slice(at, at + 60)}"`,
});

/** The longest run of operator characters that begins no comment, without a sign that belongs to what follows. */
function endOfOperator(sql: string, at: number): number {
  let end = at;
  while (end < sql.length && operatorChars.includes(sql.charAt(end))) {
    const pair = sql.slice(end, end + 2);
    if (end > at && (pair === '--' || pair === '/*')) break;
    end++;
  }
  while (end > at + 1 && '+-'.includes(sql.charAt(end - 1)) && !keepsSignBefore(sql, at, end - 1)) end--;
  return end;
}

function keepsSignBefore(sql: string, at: number, end: number): boolean {
  for (let i = at; i < end; i++) if (keepsSign.includes(sql.charAt(i))) return true;
  return false;
}

/** Not what the grammar sees: blanks and comments. */
export const isTrivia = ({ kind }: Token): boolean => kind === 'blank' || kind === 'comment';
