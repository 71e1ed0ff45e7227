// nunjucks' tokenizer with its scanning replaced: text between tags is found by search and code by regular expressions, where
// the original goes character by character (three to four times slower); white space control, raw blocks, comments and nested brackets
// are Jinja2's. Tokens carry their offset in the text as `lineno`; lines and columns are computed only for who asks.
import lexer, { type Token } from 'nunjucks/src/lexer.js';
import { fail } from '../core/problem.ts';
import { unescapeString } from './literals.ts';
import type { Source } from './source.ts';

// The class is not exported, its instances are.
const Tokenizer = lexer.lex('').constructor as new (text: string) => import('nunjucks/src/lexer.js').Tokenizer;

const RAW = /\{%[-+]?\s*raw\s*(?:-%\}\s*|%\})/y;
const END_RAW = /\{%([-+]?)\s*endraw\s*(?:-%\}\s*|\+?%\})/g;
const WHITESPACE = /\s*/y;
const NAME = /[A-Za-z_]\w*/y;
const WIDE_NAME = /[\p{ID_Start}_]\p{ID_Continue}*/uy;
const NUMBER =
  /0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[\da-fA-F])+|(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?[eE][-+]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)?/y;
/** Behind a dot only whole numbers: x.0.1 is two items. */
const POSITION = /\d+/y;
const STRING = /'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"/y;

const TYPES: Readonly<Record<string, string | undefined>> = {
  '(': lexer.TOKEN_LEFT_PAREN,
  ')': lexer.TOKEN_RIGHT_PAREN,
  '[': lexer.TOKEN_LEFT_BRACKET,
  ']': lexer.TOKEN_RIGHT_BRACKET,
  '{': lexer.TOKEN_LEFT_CURLY,
  '}': lexer.TOKEN_RIGHT_CURLY,
  ',': lexer.TOKEN_COMMA,
  ':': lexer.TOKEN_COLON,
  '~': lexer.TOKEN_TILDE,
  '|': lexer.TOKEN_PIPE,
};
const CLOSERS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const DOUBLE = new Set(['==', '!=', '<=', '>=', '//', '**']);
const SINGLE = new Set('()[]{},:~|+-*/%.=<>');
const HINTS: Readonly<Record<string, string>> = {
  '&': "Use 'and'.",
  '!': "Use 'not', or '!='.",
  '?': 'Use: a if condition else b.',
  ';': 'Statements are separate {% … %} tags.',
};

export class Lexer extends Tokenizer {
  readonly source: Source;
  /** Behind the last tag's end, before white space control: where a block's inner text begins. */
  tagEnd = 0;
  #mode: 'data' | 'block' | 'variable' = 'data';
  #brackets: { readonly closer: string; readonly offset: number }[] = [];

  constructor(source: Source) {
    super(source.text);
    this.source = source;
  }

  syntax(message: string, offset: number, hint?: string): never {
    return fail({ code: 'template-syntax', message, at: this.source.locate(offset), ...(hint !== undefined && { hint }) });
  }

  override nextToken(): Token | null {
    return this.#mode === 'data' ? this.#data() : this.#code();
  }

  /** The text up to the tag `{% name %}`, and moves on to that tag; undefined: there is none. */
  takeUntilTag(name: string): string | undefined {
    const end = new RegExp(`\\{%[-+]?\\s*${name}\\s*[-+]?%\\}`, 'g');
    end.lastIndex = this.index;
    const match = end.exec(this.str);
    if (!match) return undefined;
    const taken = this.str.slice(this.index, match.index);
    this.index = match.index;
    return taken;
  }

  #data(): Token | null {
    const { str } = this;
    for (;;) {
      const start = this.index;
      if (start >= this.len) return null;
      const tag = nextTag(str, start);
      if (tag > start) {
        const data = str[tag + 2] === '-' ? str.slice(start, tag).trimEnd() : str.slice(start, tag);
        this.index = tag;
        if (data !== '') return token(lexer.TOKEN_DATA ?? '', data, start);
      } else if (str[tag + 1] === '#') this.#skipComment(tag);
      else if (str[tag + 1] === '%') {
        RAW.lastIndex = tag;
        if (!RAW.test(str)) return this.#open('block', tag);
        const raw = this.#raw(tag, RAW.lastIndex);
        if (raw) return raw;
      } else return this.#open('variable', tag);
    }
  }

  #open(mode: 'block' | 'variable', tag: number): Token {
    const sign = this.str[tag + 2];
    this.index = tag + (sign === '-' || sign === '+' ? 3 : 2);
    this.#mode = mode;
    return token((mode === 'block' ? lexer.TOKEN_BLOCK_START : lexer.TOKEN_VARIABLE_START) ?? '', '', tag);
  }

  #skipComment(tag: number): void {
    const body = tag + (this.str[tag + 2] === '-' || this.str[tag + 2] === '+' ? 3 : 2);
    const end = this.str.indexOf('#}', body);
    if (end < 0) this.syntax("this comment is never closed: '#}' is missing", tag);
    this.index = end + 2;
    if (end > body && this.str[end - 1] === '-') this.#skipSpace();
  }

  #raw(tag: number, body: number): Token | undefined {
    END_RAW.lastIndex = body;
    const end = END_RAW.exec(this.str);
    if (!end) return this.syntax("'{% raw %}' is never closed: '{% endraw %}' is missing", tag);
    this.index = END_RAW.lastIndex;
    const data = this.str.slice(body, end.index);
    const kept = end[1] === '-' ? data.trimEnd() : data;
    return kept === '' ? undefined : token(lexer.TOKEN_DATA ?? '', kept, body);
  }

  /** Behind the last token, which was none of those that end a tag: the first character of the next one. */
  get next(): string | undefined {
    this.#skipSpace();
    return this.str[this.index];
  }

  #skipSpace(): void {
    const code = this.str.charCodeAt(this.index);
    if (code > 32 && code < 128) return;
    WHITESPACE.lastIndex = this.index;
    WHITESPACE.test(this.str);
    this.index = WHITESPACE.lastIndex;
  }

  #code(): Token | null {
    const { str } = this;
    this.#skipSpace();
    const at = this.index;
    if (at >= this.len) return null;
    const char = str[at] ?? '';
    const end = this.#end(char, at);
    if (end) return end;

    NAME.lastIndex = at;
    if (NAME.test(str)) {
      if (str.charCodeAt(NAME.lastIndex) < 128 || NAME.lastIndex === this.len) return this.#take(lexer.TOKEN_SYMBOL, at, NAME.lastIndex);
    }
    WIDE_NAME.lastIndex = at;
    if ((char > '\x7f' || NAME.lastIndex > at) && WIDE_NAME.test(str)) return this.#take(lexer.TOKEN_SYMBOL, at, WIDE_NAME.lastIndex);
    if (char >= '0' && char <= '9') return this.#number(at);
    if (char === "'" || char === '"') return this.#string(at);

    const double = str.slice(at, at + 2);
    if (DOUBLE.has(double)) return this.#take(lexer.TOKEN_OPERATOR, at, at + 2);
    if (!SINGLE.has(char)) return this.syntax(`unexpected character '${char}'`, at, HINTS[char]);
    this.#balance(char, at);
    return this.#take(TYPES[char] ?? lexer.TOKEN_OPERATOR, at, at + 1);
  }

  /** The end of the tag, unless brackets are open: '}}' may close two dicts. */
  #end(char: string, at: number): Token | undefined {
    if (char !== '%' && char !== '}' && char !== '-' && char !== '+') return undefined;
    const { str } = this;
    const [close, type] = this.#mode === 'block' ? ['%}', lexer.TOKEN_BLOCK_END] : ['}}', lexer.TOKEN_VARIABLE_END];
    const signed = (char === '-' || (char === '+' && this.#mode === 'block')) && str.startsWith(close, at + 1);
    if (!signed && !str.startsWith(close, at)) return undefined;
    const open = this.#brackets.at(-1);
    if (open) {
      if (close === '}}' || open.closer === '}') return undefined;
      return this.syntax(`'${str[open.offset]}' is never closed: '${open.closer}' is missing`, open.offset);
    }
    this.tagEnd = this.index = at + (signed ? 3 : 2);
    this.#mode = 'data';
    if (char === '-') this.#skipSpace();
    return token(type ?? '', close, at);
  }

  #balance(char: string, at: number): void {
    const closer = CLOSERS[char];
    if (closer !== undefined) this.#brackets.push({ closer, offset: at });
    else if (char === ')' || char === ']' || char === '}') {
      const open = this.#brackets.pop();
      if (!open) this.syntax(`unexpected '${char}': nothing is open that it closes`, at);
      else if (open.closer !== char) this.syntax(`'${this.str[open.offset]}' is never closed: '${open.closer}' is missing`, open.offset);
    }
  }

  #number(at: number): Token {
    const pattern = this.str[at - 1] === '.' ? POSITION : NUMBER;
    pattern.lastIndex = at;
    pattern.test(this.str);
    const literal = this.str.slice(at, pattern.lastIndex);
    this.index = pattern.lastIndex;
    return token(lexer.TOKEN_INT ?? '', literal, at);
  }

  #string(at: number): Token {
    STRING.lastIndex = at;
    if (!STRING.test(this.str)) return this.syntax('this text is never closed: the second quote is missing', at);
    this.index = STRING.lastIndex;
    return token(lexer.TOKEN_STRING ?? '', unescapeString(this.str.slice(at + 1, STRING.lastIndex - 1)), at);
  }

  #take(type: string | undefined, at: number, end: number): Token {
    this.index = end;
    return token(type ?? '', this.str.slice(at, end), at);
  }
}

const token = (type: string, value: string, offset: number): Token => ({ type, value, lineno: offset, colno: 0 });

/** Where the next '{{', '{%' or '{#' stands; the text's end when there is none. */
function nextTag(text: string, from: number): number {
  for (let at = text.indexOf('{', from); at >= 0; at = text.indexOf('{', at + 1)) {
    const next = text[at + 1];
    if (next === '{' || next === '%' || next === '#') return at;
  }
  return text.length;
}
