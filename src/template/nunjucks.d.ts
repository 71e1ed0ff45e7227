// The parts of nunjucks 3.2.4 that the template language stands on: its tokenizer, parser and nodes. The package has no types,
// and these modules are its insides: the version is pinned, and tests/template/nunjucks.test.ts checks what is used of them.

declare module 'nunjucks/src/lexer.js' {
  export interface Token {
    readonly type: string;
    readonly value: string;
    readonly lineno: number;
    readonly colno: number;
  }
  export interface Tokenizer {
    readonly str: string;
    readonly len: number;
    index: number;
    nextToken(): Token | null;
  }
  const lexer: { lex(text: string): Tokenizer } & { readonly [constant: `TOKEN_${string}`]: string };
  export default lexer;
}

declare module 'nunjucks/src/nodes.js' {
  const nodes: { readonly [name: string]: new (lineno: number, colno: number, ...fields: readonly unknown[]) => unknown };
  export default nodes;
}

declare module 'nunjucks/src/parser.js' {
  import type { Token, Tokenizer } from 'nunjucks/src/lexer.js';

  class Parser {
    constructor(tokens: Tokenizer);
    tokens: Tokenizer;
    peeked: Token | null;
    breakOnBlocks: readonly string[] | null;
    nextToken(): Token | null;
    peekToken(): Token | null;
    pushToken(token: Token | null): void;
    error(message: string, lineno?: number, colno?: number): Error;
    fail(message: string, lineno?: number, colno?: number): never;
    skip(type: string): boolean;
    skipValue(type: string, value: string): boolean;
    skipSymbol(name: string): boolean;
    expect(type: string): Token;
    parseOr(): unknown;
    parseAnd(): unknown;
    parseNot(): unknown;
    parseIn(): unknown;
    parseExpression(): unknown;
    parseInlineIf(): unknown;
    parseNodes(): unknown[];
    parseStatement(): unknown;
  }
  const parser: { readonly Parser: typeof Parser };
  export default parser;
}
