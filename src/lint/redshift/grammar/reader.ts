// A statement's tokens with a place in them: what every part of the parser reads from. Refuses by throwing Refused.
import { Refused } from '../refusal.ts';
import { type GrammarRule, grammarRules } from '../rules/grammar.ts';
import type { Rule } from '../rules/rule.ts';
import type { Token } from '../tokens.ts';
import type { Span } from '../tree/leaves.ts';
import type { Expression, NestedQuery, OrderItem, Query } from '../tree/query.ts';
import type { Statement } from '../tree/statement.ts';

/** Expressions hold queries and queries expressions; each finds the other here, so that their files need not. */
export interface Grammar {
  expression(reader: Reader): Expression;
  /** A literal, a column, a call, or what is in parentheses: no operator. */
  primary(reader: Reader): Expression;
  /** An expression that ends before IN, AND and comparisons: `position(a in b)`. */
  simple(reader: Reader): Expression;
  query(reader: Reader): Query;
  /** The query that begins with one in parentheses, already read: `(select …) union …`. */
  continued(reader: Reader, first: NestedQuery): Query;
  orderBy(reader: Reader): readonly OrderItem[];
  statement(reader: Reader): Statement;
}

const restOfQuery: ReadonlySet<string> = new Set(['union', 'intersect', 'except', 'minus', 'order', 'limit', 'offset']);

/** Nesting deeper than this is refused before the parser's own stack ends. */
const maxDepth = 400;

export class Reader {
  private at = 0;
  private furthest = 0;
  private depth = 0;
  private readonly end: Token;
  /** Whether PRIOR is an operator here. */
  connecting = false;

  constructor(
    private readonly tokens: readonly Token[],
    readonly grammar: Grammar,
  ) {
    const offset = tokens.at(-1)?.end ?? 0;
    this.end = { kind: 'blank', start: offset, end: offset, text: '', value: '' };
  }

  /** The token `ahead` of the next one; past the last, a blank one. */
  peek(ahead = 0): Token {
    return this.tokens[this.at + ahead] ?? this.end;
  }

  get done(): boolean {
    return this.at >= this.tokens.length;
  }

  next(): Token {
    const token = this.peek();
    if (token.kind === 'bad') this.refuse('unterminated', token);
    this.at++;
    return token;
  }

  /** Whether these words come next; a quoted name is no word. */
  sees(...words: readonly string[]): boolean {
    return words.every((word, i) => this.isWord(i, word));
  }

  isWord(ahead: number, word: string): boolean {
    const token = this.peek(ahead);
    return token.kind === 'word' && token.value === word;
  }

  seesOneOf(words: ReadonlySet<string>): boolean {
    const token = this.peek();
    return token.kind === 'word' && words.has(token.value);
  }

  seesOperator(text: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'operator' && token.value === text;
  }

  accept(...words: readonly string[]): boolean {
    if (!this.sees(...words)) return false;
    this.at += words.length;
    return true;
  }

  /** The first of these words that comes next, taken. */
  acceptOneOf<const T extends string>(...words: readonly T[]): T | undefined {
    return words.find((word) => this.accept(word));
  }

  acceptOperator(text: string): boolean {
    if (!this.seesOperator(text)) return false;
    this.at++;
    return true;
  }

  expect(...words: readonly string[]): void {
    for (const word of words) if (!this.accept(word)) this.unexpected();
  }

  expectOneOf<const T extends string>(...words: readonly T[]): T {
    return this.acceptOneOf(...words) ?? this.unexpected();
  }

  expectOperator(text: string): void {
    if (!this.acceptOperator(text)) this.unexpected();
  }

  string(): Token {
    return this.peek().kind === 'string' ? this.next() : this.unexpected();
  }

  /** A whole number without sign. */
  integer(): number {
    const token = this.peek();
    const value = Number(token.value);
    if (token.kind !== 'number' || !Number.isSafeInteger(value) || token.text.includes('.')) this.unexpected();
    this.next();
    return value;
  }

  /** `item` once or more, with commas between. */
  list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.acceptOperator(',')) items.push(item());
    return items;
  }

  parenthesised<T>(inner: () => T): T {
    this.expectOperator('(');
    const value = inner();
    this.expectOperator(')');
    return value;
  }

  /** Where the next node begins. */
  get start(): number {
    return this.peek().start;
  }

  /** From `start` to the last token taken. */
  since(start: number): Span {
    return { start, end: this.tokens[this.at - 1]?.end ?? start };
  }

  /** Goes back when `parse` gives undefined. */
  attempt<T>(parse: () => T | undefined): T | undefined {
    const before = this.at;
    const value = parse();
    if (value === undefined) {
      this.furthest = Math.max(this.furthest, this.at);
      this.at = before;
    }
    return value;
  }

  /** Goes to the furthest token that an attempt came to: where a reader of all of them would say the error is. */
  refuseAtFurthest(): never {
    this.at = Math.max(this.at, this.furthest);
    return this.unexpected();
  }

  get furthestToken(): Token {
    return this.tokens[Math.max(this.at, this.furthest)] ?? this.end;
  }

  get position(): number {
    return this.at;
  }

  backTo(position: number): void {
    this.at = position;
  }

  /** The whole statement's, with one blank between tokens. */
  get text(): string {
    return this.tokens.map(({ text }) => text).join(' ');
  }

  /** The words taken since `position`, with a blank between. */
  wordsFrom(position: number): string {
    return this.tokens
      .slice(position, this.at)
      .map(({ value }) => value)
      .join(' ');
  }

  /** Runs `parse` one level deeper. */
  nested<T>(parse: () => T): T {
    if (++this.depth > maxDepth) this.refuse('too-deep');
    const value = parse();
    this.depth--;
    return value;
  }

  expression(): Expression {
    return this.nested(() => this.grammar.expression(this));
  }

  /** A statement within another: EXPLAIN's, PREPARE's. */
  statement(): Statement {
    return this.nested(() => this.grammar.statement(this));
  }

  query(): Query {
    return this.nested(() => this.grammar.query(this));
  }

  /** Whether a query begins here, not in parentheses. */
  get seesQuery(): boolean {
    return this.sees('select') || this.sees('with');
  }

  /** Whether what was read is the first part of a longer query. */
  get seesRestOfQuery(): boolean {
    return this.seesOneOf(restOfQuery);
  }

  unexpected(): never {
    return this.refuse(this.peek().kind === 'bad' ? 'unterminated' : 'unrecognised');
  }

  refuse(rule: GrammarRule, token = this.peek()): never {
    return this.refuseBy(rule, grammarRules[rule], token);
  }

  refuseBy(id: string, rule: Rule, token = this.peek(), statement = ''): never {
    const says = this.answer(rule, token).replace('{statement}', () => statement);
    throw new Refused({ rule: id, start: token.start, end: token.end, sqlstate: rule.sqlstate, says });
  }

  private answer({ says }: Rule, token: Token): string {
    if (token.problem !== undefined) return token.problem;
    if (token === this.end && says.includes('{near}')) return 'syntax error at end of input';
    return says.replace('{near}', () => token.text);
  }
}
