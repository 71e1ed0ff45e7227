// nunjucks' Parser with Jinja2's grammar of expressions: precedence, tuples, slices, chained comparisons and inline ifs, tests,
// *args and **kwargs. `or`, `and` and `not` are nunjucks' own.
import lexer, { type Token } from 'nunjucks/src/lexer.js';
import nunjucks from 'nunjucks/src/parser.js';
import { didYouMean } from './errors.ts';
import { filters } from './filters.ts';
import type { Lexer } from './lexer.ts';
import { numberLiteral } from './literals.ts';
import type { BinaryName, CallArguments, CompareNode, Expr, PairNode, Uses } from './nodes.ts';
import { valueTests } from './value-tests.ts';

const MAX_NESTING = 150;
const COMPARISONS = new Set(['==', '!=', '<', '>', '<=', '>=']);
const PRODUCTS = new Map<string, BinaryName>([
  ['*', 'Mul'],
  ['/', 'Div'],
  ['//', 'FloorDiv'],
  ['%', 'Mod'],
]);
const CONSTANTS = new Map<string, boolean | null>([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
]);
/** Names that end a test: what follows them is not its argument. */
const AFTER_TEST = new Set(['else', 'or', 'and', 'if', 'is', 'in', 'not', 'recursive']);
const NO_ARGUMENTS: CallArguments = { positional: [], named: [], spread: undefined, spreadNames: undefined };

export class ExpressionParser extends nunjucks.Parser {
  /** Where the tag starts that is being read. */
  protected tagStart = 0;
  /** Of the macro whose body is being read. */
  protected uses: Uses = { varargs: false, kwargs: false, caller: false };
  #nesting = 0;

  constructor(readonly lexer: Lexer) {
    super(lexer);
  }

  /** For nunjucks' own methods: they hand over the offset as a line. */
  override fail(message: string, offset?: number): never {
    return this.syntax(message, offset ?? this.peekToken()?.lineno ?? this.tagStart);
  }

  syntax(message: string, offset: number, hint?: string): never {
    return this.lexer.syntax(message, offset, hint);
  }

  override nextToken(): Token | null {
    const token = this.peeked;
    if (token === null) return this.lexer.nextToken();
    this.peeked = null;
    return token;
  }

  override peekToken(): Token | null {
    this.peeked ??= this.lexer.nextToken();
    return this.peeked;
  }

  override skipSymbol(name: string): boolean {
    const token = this.peekToken();
    if (!token || token.type !== lexer.TOKEN_SYMBOL || token.value !== name) return false;
    this.peeked = null;
    return true;
  }

  /** The next token, which must be there: a tag does not end with the file. */
  protected look(): Token {
    const token = this.peekToken();
    if (token) return token;
    const close = this.lexer.str.startsWith('{{', this.tagStart) ? '}}' : '%}';
    return this.syntax(`this tag is never closed: '${close}' is missing`, this.tagStart);
  }

  protected unexpected(wanted: string, token: Token | null = this.peekToken(), hint?: string): never {
    const found = token ?? this.look();
    return this.syntax(`expected ${wanted}, and found ${describe(found)}`, found.lineno, hint);
  }

  protected take(type: string | undefined, wanted: string): Token {
    const token = this.look();
    if (token.type !== type) this.unexpected(wanted, token);
    this.peeked = null;
    return token;
  }

  protected takeName(wanted: string): Token {
    return this.take(lexer.TOKEN_SYMBOL, wanted);
  }

  protected isNext(type: string | undefined): boolean {
    return this.look().type === type;
  }

  protected isOperator(value: string): boolean {
    const token = this.look();
    return token.type === lexer.TOKEN_OPERATOR && token.value === value;
  }

  protected skipOperator(value: string): boolean {
    if (!this.isOperator(value)) return false;
    this.peeked = null;
    return true;
  }

  protected skipType(type: string | undefined): boolean {
    if (!this.isNext(type)) return false;
    this.peeked = null;
    return true;
  }

  /** An expression, or several with commas between: a tuple. */
  parseTuple(withInlineIf = true): Expr {
    const start = this.look().lineno;
    const first = withInlineIf ? this.parseExpression() : (this.parseOr() as Expr);
    if (!this.isNext(lexer.TOKEN_COMMA)) return first;
    const items = [first];
    while (this.skipType(lexer.TOKEN_COMMA)) {
      if (this.#endsTuple()) break;
      items.push(withInlineIf ? this.parseExpression() : (this.parseOr() as Expr));
    }
    return { typename: 'Group', lineno: start, children: items };
  }

  #endsTuple(): boolean {
    const { type, value } = this.look();
    if (type === lexer.TOKEN_SYMBOL) return value === 'in' || value === 'recursive';
    return type === lexer.TOKEN_VARIABLE_END || type === lexer.TOKEN_BLOCK_END || type === lexer.TOKEN_RIGHT_PAREN;
  }

  override parseExpression(): Expr {
    return this.#alone() ?? this.parseInlineIf();
  }

  /** Most expressions are one name or one text, and what stands behind it shows that: no operator has to be looked for. */
  #alone(): Expr | undefined {
    const { type, value, lineno } = this.look();
    if (type !== lexer.TOKEN_STRING && (type !== lexer.TOKEN_SYMBOL || value === 'not')) return undefined;
    const { next } = this.lexer;
    if (next !== ',' && next !== ')' && next !== '}') return undefined;
    this.peeked = null;
    return type === lexer.TOKEN_STRING ? { typename: 'Literal', lineno, value } : this.#name(value, lineno);
  }

  override parseInlineIf(): Expr {
    let node = this.parseOr() as Expr;
    while (this.skipSymbol('if')) {
      const cond = this.parseOr() as Expr;
      const otherwise = this.skipSymbol('else') ? this.parseInlineIf() : null;
      node = { typename: 'InlineIf', lineno: node.lineno, cond, body: node, else_: otherwise };
    }
    return node;
  }

  /** What nunjucks calls below `not`: comparisons, `in` among them. */
  override parseIn(): Expr {
    const first = this.#sum();
    const operands: CompareNode['ops'][number][] = [];
    let offset = first.lineno;
    for (;;) {
      const { type, value, lineno } = this.look();
      let operator: string;
      if (type === lexer.TOKEN_OPERATOR && COMPARISONS.has(value)) operator = value;
      else if (type === lexer.TOKEN_SYMBOL && (value === 'in' || value === 'not')) operator = value;
      else break;
      this.peeked = null;
      if (operator === 'not') {
        if (!this.skipSymbol('in')) this.unexpected("'in' after 'not'");
        operator = 'not in';
      }
      if (operands.length === 0) offset = lineno;
      operands.push({ typename: 'CompareOperand', lineno, expr: this.#sum(), type: operator });
    }
    return operands.length === 0 ? first : { typename: 'Compare', lineno: offset, expr: first, ops: operands };
  }

  #sum(): Expr {
    let node = this.#concat();
    for (;;) {
      const { type, value, lineno } = this.look();
      if (type !== lexer.TOKEN_OPERATOR || (value !== '+' && value !== '-')) return node;
      this.peeked = null;
      node = { typename: value === '+' ? 'Add' : 'Sub', lineno, left: node, right: this.#concat() };
    }
  }

  #concat(): Expr {
    const first = this.#product();
    if (!this.isNext(lexer.TOKEN_TILDE)) return first;
    const parts = [first];
    while (this.skipType(lexer.TOKEN_TILDE)) parts.push(this.#product());
    return { typename: 'Concat', lineno: first.lineno, parts };
  }

  #product(): Expr {
    let node = this.#power();
    for (;;) {
      const { type, value, lineno } = this.look();
      const typename = type === lexer.TOKEN_OPERATOR ? PRODUCTS.get(value) : undefined;
      if (!typename) return node;
      this.peeked = null;
      node = { typename, lineno, left: node, right: this.#power() };
    }
  }

  /** Groups from the left, as Jinja2's does: 2 ** 3 ** 2 is 64. */
  #power(): Expr {
    let node = this.#unary(true);
    while (this.isOperator('**')) {
      const { lineno } = this.look();
      this.peeked = null;
      node = { typename: 'Pow', lineno, left: node, right: this.#unary(true) };
    }
    return node;
  }

  #unary(withFilters: boolean): Expr {
    this.nest();
    const { lineno } = this.look();
    let node: Expr;
    if (this.skipOperator('-')) node = { typename: 'Neg', lineno, target: this.#unary(false) };
    else if (this.skipOperator('+')) node = { typename: 'Pos', lineno, target: this.#unary(false) };
    else node = this.#postfix(this.#primary(), lineno);
    if (withFilters) node = this.#filtersAndTests(node, lineno);
    this.unnest();
    return node;
  }

  protected nest(): void {
    if (++this.#nesting > MAX_NESTING) this.syntax(`this is nested more than ${MAX_NESTING} deep`, this.tagStart);
  }

  protected unnest(): void {
    this.#nesting--;
  }

  #primary(): Expr {
    const token = this.look();
    const { type, value, lineno } = token;
    this.peeked = null;
    switch (type) {
      case lexer.TOKEN_SYMBOL:
        return this.#name(value, lineno);
      case lexer.TOKEN_STRING: {
        let joined = value;
        while (this.isNext(lexer.TOKEN_STRING)) joined += this.nextToken()?.value;
        return { typename: 'Literal', lineno, value: joined };
      }
      case lexer.TOKEN_INT:
        return { typename: 'Literal', lineno, value: numberLiteral(value) };
      case lexer.TOKEN_LEFT_PAREN:
        return this.#parenthesized(lineno);
      case lexer.TOKEN_LEFT_BRACKET: {
        const items: Expr[] = [];
        this.#list(lexer.TOKEN_RIGHT_BRACKET, "']'", () => items.push(this.parseExpression()));
        return { typename: 'Array', lineno, children: items };
      }
      case lexer.TOKEN_LEFT_CURLY: {
        const pairs: PairNode[] = [];
        this.#list(lexer.TOKEN_RIGHT_CURLY, "'}'", () => {
          const key = this.parseExpression();
          this.take(lexer.TOKEN_COLON, "':' after a key of a dict");
          pairs.push({ typename: 'Pair', lineno: key.lineno, key, value: this.parseExpression() });
        });
        return { typename: 'Dict', lineno, children: pairs };
      }
      default:
        return this.unexpected('a value', token);
    }
  }

  #name(name: string, offset: number): Expr {
    const constant = CONSTANTS.get(name);
    if (constant !== undefined) return { typename: 'Literal', lineno: offset, value: constant };
    if (name === 'varargs' || name === 'kwargs' || name === 'caller') this.uses[name] = true;
    return { typename: 'Symbol', lineno: offset, value: name };
  }

  #parenthesized(start: number): Expr {
    if (this.skipType(lexer.TOKEN_RIGHT_PAREN)) return { typename: 'Group', lineno: start, children: [] };
    const node = this.parseTuple();
    this.take(lexer.TOKEN_RIGHT_PAREN, "')'");
    return node;
  }

  /** Items with commas between, a last comma allowed, up to the closing bracket. */
  #list(close: string | undefined, wanted: string, item: () => void): void {
    while (!this.skipType(close)) {
      item();
      if (!this.skipType(lexer.TOKEN_COMMA)) {
        this.take(close, `',' or ${wanted}`);
        return;
      }
    }
  }

  #postfix(target: Expr, start: number): Expr {
    let node = target;
    for (;;) {
      const { type, value, lineno } = this.look();
      if (type === lexer.TOKEN_LEFT_PAREN) node = { typename: 'FunCall', lineno: start, name: node, args: this.parseArguments() };
      else if (type === lexer.TOKEN_LEFT_BRACKET) {
        this.peeked = null;
        node = { typename: 'LookupVal', lineno, target: node, val: this.#subscript(lineno), dotted: false };
      } else if (type === lexer.TOKEN_OPERATOR && value === '.') {
        this.peeked = null;
        const member = this.look();
        if (member.type !== lexer.TOKEN_SYMBOL && member.type !== lexer.TOKEN_INT) this.unexpected("a name after '.'", member);
        this.peeked = null;
        const key: Expr = {
          typename: 'Literal',
          lineno: member.lineno,
          value: member.type === lexer.TOKEN_INT ? numberLiteral(member.value) : member.value,
        };
        node = { typename: 'LookupVal', lineno: member.lineno, target: node, val: key, dotted: member.type === lexer.TOKEN_SYMBOL };
      } else return node;
    }
  }

  #subscript(start: number): Expr {
    const items: Expr[] = [];
    this.#list(lexer.TOKEN_RIGHT_BRACKET, "']'", () => items.push(this.#subscripted()));
    const [first] = items;
    if (!first) this.syntax('an item needs a key between the brackets', start);
    return first && items.length === 1 ? first : { typename: 'Group', lineno: start, children: items };
  }

  #subscripted(): Expr {
    const { lineno } = this.look();
    const bound = (): Expr | null =>
      this.isNext(lexer.TOKEN_COLON) || this.isNext(lexer.TOKEN_RIGHT_BRACKET) || this.isNext(lexer.TOKEN_COMMA)
        ? null
        : this.parseExpression();
    const start = bound();
    if (!this.skipType(lexer.TOKEN_COLON)) return start ?? this.unexpected('a value');
    const stop = bound();
    return { typename: 'Slice', lineno, start, stop, step: this.skipType(lexer.TOKEN_COLON) ? bound() : null };
  }

  parseArguments(): CallArguments {
    const open = this.take(lexer.TOKEN_LEFT_PAREN, "'('");
    if (this.skipType(lexer.TOKEN_RIGHT_PAREN)) return NO_ARGUMENTS;
    const positional: Expr[] = [];
    const named: { name: string; value: Expr }[] = [];
    let spread: Expr | undefined;
    let spreadNames: Expr | undefined;
    this.#list(lexer.TOKEN_RIGHT_PAREN, "')'", () => {
      if (spreadNames) this.syntax("'**' is the last of the arguments", open.lineno);
      if (this.skipOperator('*')) {
        if (spread) this.syntax("'*' may stand once in a call", open.lineno);
        spread = this.parseExpression();
      } else if (this.skipOperator('**')) spreadNames = this.parseExpression();
      else {
        const value = this.parseExpression();
        if (this.skipOperator('=')) {
          if (value.typename !== 'Symbol') return this.syntax("only a name can stand before '='", value.lineno, "Write '==' to compare.");
          named.push({ name: value.value, value: this.parseExpression() });
        } else {
          if (named.length > 0 || spread) this.syntax('an argument by position cannot follow one by name', value.lineno);
          positional.push(value);
        }
      }
    });
    return { positional, named, spread, spreadNames };
  }

  #filtersAndTests(target: Expr, start: number): Expr {
    let node = target;
    for (;;) {
      const { type, value } = this.look();
      if (type === lexer.TOKEN_PIPE) {
        this.peeked = null;
        node = this.parseFilter(node);
      } else if (type === lexer.TOKEN_SYMBOL && value === 'is') {
        this.peeked = null;
        node = this.#test(node);
      } else if (type === lexer.TOKEN_LEFT_PAREN) node = { typename: 'FunCall', lineno: start, name: node, args: this.parseArguments() };
      else return node;
    }
  }

  /** Behind '|'. */
  parseFilter(target: Expr): Expr {
    const { value: name, lineno } = this.takeName('the name of a filter');
    if (!filters.has(name)) this.syntax(`there is no filter '${name}'`, lineno, didYouMean(name, filters.keys()));
    const args = this.isNext(lexer.TOKEN_LEFT_PAREN) ? this.parseArguments() : NO_ARGUMENTS;
    return { typename: 'Filter', lineno, name, target, args };
  }

  #test(target: Expr): Expr {
    const negated = this.skipSymbol('not');
    const { value: name, lineno } = this.takeName('the name of a test');
    if (!valueTests.has(name)) this.syntax(`there is no test '${name}'`, lineno, didYouMean(name, valueTests.keys()));
    const node: Expr = { typename: 'Is', lineno, name, target, args: this.#testArguments() };
    return negated ? { typename: 'Not', lineno, target: node } : node;
  }

  #testArguments(): CallArguments {
    const { type, value, lineno } = this.look();
    if (type === lexer.TOKEN_LEFT_PAREN) return this.parseArguments();
    const starts = new Set([lexer.TOKEN_SYMBOL, lexer.TOKEN_STRING, lexer.TOKEN_INT, lexer.TOKEN_LEFT_BRACKET, lexer.TOKEN_LEFT_CURLY]);
    if (!starts.has(type) || (type === lexer.TOKEN_SYMBOL && AFTER_TEST.has(value))) return NO_ARGUMENTS;
    return { ...NO_ARGUMENTS, positional: [this.#postfix(this.#primary(), lineno)] };
  }
}

function describe(token: Token): string {
  switch (token.type) {
    case lexer.TOKEN_BLOCK_END:
    case lexer.TOKEN_VARIABLE_END:
      return `the end of the tag, '${token.value}'`;
    case lexer.TOKEN_STRING:
      return `the text '${token.value}'`;
    default:
      return `'${token.value}'`;
  }
}
