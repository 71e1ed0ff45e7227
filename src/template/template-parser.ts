// nunjucks' Parser with Jinja2's statements and dbt's blocks: text in, statements and blocks out.
import lexer, { type Token } from 'nunjucks/src/lexer.js';
import { didYouMean } from './errors.ts';
import { ExpressionParser } from './expression-parser.ts';
import { Lexer } from './lexer.ts';
import type { Expr, ParameterNode, Stmt, Target, Uses } from './nodes.ts';
import type { Source } from './source.ts';
import type { BlockKind } from './types.ts';

/** A block of the top level; offsets into the text. */
export interface ParsedBlock {
  readonly kind: BlockKind;
  readonly name: string;
  readonly options: readonly { readonly name: string; readonly value: Expr }[];
  readonly start: number;
  readonly end: number;
  readonly innerStart: number;
  readonly innerEnd: number;
  readonly parameters: readonly ParameterNode[];
  readonly body: readonly Stmt[];
  readonly uses: Uses;
}

export interface Parsed {
  readonly body: readonly Stmt[];
  readonly blocks: readonly ParsedBlock[];
}

const TAGS = [
  'if',
  'for',
  'set',
  'do',
  'macro',
  'call',
  'filter',
  'with',
  'raw',
  'break',
  'continue',
  'print',
  'test',
  'data_test',
  'materialization',
  'snapshot',
  'docs',
];
const REFUSED: Readonly<Record<string, string>> = {
  include: 'Put the shared text into a macro and call it.',
  import: 'Macros of all files are known by name: call them directly.',
  from: 'Macros of all files are known by name: call them directly.',
  extends: 'Put the shared text into a macro and call it.',
  block: 'Put the text into a macro and call it.',
};

interface OpenTag {
  readonly name: string;
  readonly offset: number;
}

export class TemplateParser extends ExpressionParser {
  readonly blocks: ParsedBlock[] = [];
  #open: OpenTag[] = [];
  #loops = 0;

  override parseNodes(): Stmt[] {
    const nodes: Stmt[] = [];
    for (let token = this.nextToken(); token; token = this.nextToken()) {
      if (token.type === lexer.TOKEN_DATA) nodes.push({ typename: 'TemplateData', lineno: token.lineno, value: token.value });
      else if (token.type === lexer.TOKEN_VARIABLE_START) nodes.push(this.#output(token));
      else {
        this.tagStart = token.lineno;
        const statement = this.parseStatement();
        if (statement === null) break;
        if (statement !== undefined) nodes.push(statement);
      }
    }
    return nodes;
  }

  #output(open: Token): Stmt {
    this.tagStart = open.lineno;
    const { lineno } = this.look();
    const node = this.parseTuple();
    this.take(lexer.TOKEN_VARIABLE_END, "'}}'");
    return { typename: 'Output', lineno, children: [node] };
  }

  /** Null: a tag that ends the enclosing body, its name not yet taken. Undefined: nothing that prints. */
  override parseStatement(): Stmt | null | undefined {
    const { type, value: name, lineno } = this.look();
    if (type !== lexer.TOKEN_SYMBOL) this.unexpected("the tag's name");
    if (this.breakOnBlocks?.includes(name)) return null;
    this.peeked = null;
    const tag: OpenTag = { name, offset: this.tagStart };
    switch (name) {
      case 'if':
        return this.#if(tag);
      case 'for':
        return this.#for(tag);
      case 'set':
        return this.#set(tag);
      case 'do':
        return this.#ended({ typename: 'Do', lineno, value: this.parseTuple() });
      case 'print':
        return this.#ended({ typename: 'Output', lineno, children: [this.parseTuple()] });
      case 'macro':
        return this.#macro(tag);
      case 'call':
        return this.#call(tag);
      case 'filter':
        return this.#filterBlock(tag);
      case 'with':
        return this.#with(tag);
      case 'break':
      case 'continue':
        if (this.#loops === 0) this.syntax(`'${name}' stands outside of a loop`, lineno);
        return this.#ended({ typename: name === 'break' ? 'Break' : 'Continue', lineno });
      case 'test':
      case 'data_test':
        return this.#definition(tag, 'test', `test_${this.#blockName(tag)}`);
      case 'materialization':
        return this.#materialization(tag);
      case 'snapshot':
        return this.#definition(tag, 'snapshot', this.#blockName(tag));
      case 'docs':
        return this.#docs(tag);
      default:
        return this.#unknownTag(name, lineno);
    }
  }

  #unknownTag(name: string, offset: number): never {
    if (name in REFUSED) this.syntax(`'{% ${name} %}' is not supported`, this.tagStart, REFUSED[name]);
    const open = this.#open.at(-1);
    if (/^(end|else$|elif$)/.test(name)) {
      if (!open) this.syntax(`'{% ${name} %}' ends nothing that is open`, this.tagStart);
      const { line } = this.lexer.source.locate(open?.offset ?? 0);
      this.syntax(
        `found '{% ${name} %}' where '{% end${open?.name} %}' is expected: the '{% ${open?.name} %}' of line ${line} is open`,
        this.tagStart,
      );
    }
    return this.syntax(`there is no tag '${name}'`, offset, didYouMean(name, TAGS));
  }

  #ended<T>(node: T): T {
    this.take(lexer.TOKEN_BLOCK_END, "the end of the tag, '%}'");
    return node;
  }

  /** Behind the tag's head: its end and the statements up to one of `ends`, whose name is the next token. Python's colon is allowed. */
  #body(tag: OpenTag, ...ends: readonly string[]): Stmt[] {
    this.skipType(lexer.TOKEN_COLON);
    this.#ended(undefined);
    const outer = this.breakOnBlocks;
    this.breakOnBlocks = ends;
    this.#open.push(tag);
    this.nest();
    const nodes = this.parseNodes();
    this.unnest();
    this.#open.pop();
    this.breakOnBlocks = outer;
    if (!this.peekToken()) this.syntax(`'{% ${tag.name} %}' is never closed: '{% ${ends.at(-1)} %}' is missing`, tag.offset);
    return nodes;
  }

  /** The end tag that #body stopped at. */
  #close(): void {
    this.nextToken();
    this.#ended(undefined);
  }

  /** A body that runs to its end tag. */
  #block(tag: OpenTag, ...ends: readonly string[]): Stmt[] {
    const nodes = this.#body(tag, ...(ends.length > 0 ? ends : [`end${tag.name}`]));
    this.#close();
    return nodes;
  }

  #if(tag: OpenTag): Stmt {
    const cond = this.parseTuple(false);
    const body = this.#body(tag, 'elif', 'else', 'endif');
    const end = this.nextToken();
    let otherwise: Stmt[] = [];
    if (end?.value === 'elif') otherwise = [this.#if(tag)];
    else if (end?.value === 'else') otherwise = this.#block(tag, 'endif');
    else this.#ended(undefined);
    return { typename: 'If', lineno: cond.lineno, cond, body, else_: otherwise };
  }

  #for(tag: OpenTag): Stmt {
    const target = this.#target();
    if (!this.skipSymbol('in')) this.unexpected("'in'");
    const { lineno } = this.look();
    const iterable = this.parseTuple(false);
    const test = this.skipSymbol('if') ? this.parseExpression() : undefined;
    const recursive = this.skipSymbol('recursive');
    this.#loops++;
    const body = this.#body(tag, 'else', 'endfor');
    this.#loops--;
    let otherwise: Stmt[] = [];
    if (this.nextToken()?.value === 'else') otherwise = this.#block(tag, 'endfor');
    else this.#ended(undefined);
    return { typename: 'For', lineno, name: target, arr: iterable, test, recursive, body, else_: otherwise };
  }

  /** One name, or several with commas between; in parentheses, too. */
  #target(): Target {
    const { lineno } = this.look();
    const first = this.#oneTarget();
    if (!this.isNext(lexer.TOKEN_COMMA)) return first;
    const children = [first];
    while (this.skipType(lexer.TOKEN_COMMA)) {
      if (this.isOperator('=') || this.isNext(lexer.TOKEN_RIGHT_PAREN) || this.look().value === 'in') break;
      children.push(this.#oneTarget());
    }
    return { typename: 'TargetList', lineno, children };
  }

  #oneTarget(): Target {
    if (this.skipType(lexer.TOKEN_LEFT_PAREN)) {
      const inner = this.#target();
      this.take(lexer.TOKEN_RIGHT_PAREN, "')'");
      return inner;
    }
    const { value, lineno } = this.takeName('a name to set');
    if (!this.skipOperator('.')) return { typename: 'Symbol', lineno, value };
    return { typename: 'NamespaceRef', lineno, name: value, attribute: this.takeName("a name after '.'").value };
  }

  #set(tag: OpenTag): Stmt {
    const target = this.#target();
    if (this.skipOperator('=')) return this.#ended({ typename: 'Set', lineno: target.lineno, target, value: this.parseTuple() });
    const wrappers: ((body: Expr) => Expr)[] = [];
    const place = this.look();
    // The filters of a block set stand before its body: each waits for what it is applied to.
    let filtered: Expr = { typename: 'Capture', lineno: place.lineno, body: [] };
    while (this.skipType(lexer.TOKEN_PIPE)) {
      const node = this.parseFilter(filtered);
      if (node.typename === 'Filter')
        wrappers.push((body) => ({ typename: 'Filter', lineno: node.lineno, name: node.name, target: body, args: node.args }));
      filtered = node;
    }
    if (!this.isNext(lexer.TOKEN_BLOCK_END)) this.unexpected("'='");
    const capture = this.#capture(tag);
    return { typename: 'Set', lineno: target.lineno, target, value: wrappers.reduce((body, wrap) => wrap(body), capture) };
  }

  /** A body that becomes a text: break and continue cannot leave it. */
  #capture(tag: OpenTag): Expr {
    const loops = this.#loops;
    this.#loops = 0;
    const body = this.#block(tag);
    this.#loops = loops;
    return { typename: 'Capture', lineno: tag.offset, body };
  }

  #filterBlock(tag: OpenTag): Stmt {
    const filters: Expr[] = [];
    const place: Expr = { typename: 'Capture', lineno: tag.offset, body: [] };
    do filters.push(this.parseFilter(place));
    while (this.skipType(lexer.TOKEN_PIPE));
    let node = this.#capture(tag);
    for (const filter of filters)
      if (filter.typename === 'Filter')
        node = { typename: 'Filter', lineno: filter.lineno, name: filter.name, target: node, args: filter.args };
    return { typename: 'Output', lineno: tag.offset, children: [node] };
  }

  #with(tag: OpenTag): Stmt {
    const pairs: { target: Target; value: Expr }[] = [];
    while (!this.isNext(lexer.TOKEN_BLOCK_END)) {
      if (pairs.length > 0) this.take(lexer.TOKEN_COMMA, "','");
      const target = this.#oneTarget();
      if (!this.skipOperator('=')) this.unexpected("'='");
      pairs.push({ target, value: this.parseExpression() });
    }
    return { typename: 'With', lineno: tag.offset, pairs, body: this.#block(tag) };
  }

  #call(tag: OpenTag): Stmt {
    const parameters = this.isNext(lexer.TOKEN_LEFT_PAREN) ? this.#parameters() : [];
    const call = this.parseExpression();
    if (call.typename !== 'FunCall') return this.syntax("'{% call %}' needs a call, such as m()", call.lineno);
    const { uses, body } = this.#function(tag);
    const caller: Expr = { typename: 'Caller', lineno: tag.offset, parameters, body, uses };
    const args = { ...call.args, named: [...call.args.named, { name: 'caller', value: caller }] };
    return { typename: 'Output', lineno: call.lineno, children: [{ typename: 'FunCall', lineno: call.lineno, name: call.name, args }] };
  }

  /** A body that is called later: loops around it are not its own. What it uses, the macro around it uses as well. */
  #function(tag: OpenTag, ...ends: readonly string[]): { readonly uses: Uses; readonly body: Stmt[] } {
    const [outer, loops] = [this.uses, this.#loops];
    const uses = { varargs: false, kwargs: false, caller: false };
    this.uses = uses;
    this.#loops = 0;
    const body = this.#block(tag, ...ends);
    this.#loops = loops;
    this.uses = outer;
    if (uses.varargs) outer.varargs = true;
    if (uses.kwargs) outer.kwargs = true;
    if (uses.caller) outer.caller = true;
    return { uses, body };
  }

  #parameters(): ParameterNode[] {
    this.take(lexer.TOKEN_LEFT_PAREN, "'('");
    const parameters: ParameterNode[] = [];
    while (!this.skipType(lexer.TOKEN_RIGHT_PAREN)) {
      if (parameters.length > 0) {
        this.take(lexer.TOKEN_COMMA, "',' or ')'");
        if (this.skipType(lexer.TOKEN_RIGHT_PAREN)) break;
      }
      const { value: name, lineno } = this.takeName('the name of a parameter');
      if (parameters.some((other) => other.name === name)) this.syntax(`two parameters are called '${name}'`, lineno);
      if (this.skipOperator('=')) {
        const start = this.look().lineno;
        const value = this.parseExpression();
        parameters.push({ name, default: value, text: this.lexer.str.slice(start, this.look().lineno).trimEnd() });
      } else {
        if (parameters.at(-1)?.default) this.syntax(`'${name}' has no default, and follows a parameter that has one`, lineno);
        parameters.push({ name, default: undefined, text: undefined });
      }
    }
    return parameters;
  }

  #macro(tag: OpenTag): Stmt {
    const { value: name } = this.takeName('the name of the macro');
    const parameters = this.#parameters();
    const block = this.#defined(tag, 'macro', name, parameters, []);
    return {
      typename: 'Macro',
      lineno: tag.offset,
      name,
      parameters,
      body: block.body,
      uses: block.uses,
      source: this.lexer.str.slice(block.start, block.end),
    };
  }

  #blockName(tag: OpenTag): string {
    if (this.#open.length > 0)
      this.syntax(`'{% ${tag.name} %}' stands inside of another block`, tag.offset, 'Move it to the top level of its file.');
    return this.takeName(`the name of the ${tag.name}`).value;
  }

  #definition(tag: OpenTag, kind: BlockKind, name: string): undefined {
    this.#defined(tag, kind, name, kind === 'test' ? this.#parameters() : [], []);
  }

  #materialization(tag: OpenTag): undefined {
    const name = this.#blockName(tag);
    const options: { name: string; value: Expr }[] = [];
    while (this.skipType(lexer.TOKEN_COMMA)) {
      const { value: option, lineno } = this.takeName("'default', 'adapter' or 'supported_languages'");
      if (option === 'default') continue;
      if (option !== 'adapter' && option !== 'supported_languages') this.syntax(`a materialization has no option '${option}'`, lineno);
      if (!this.skipOperator('=')) this.unexpected("'='");
      options.push({ name: option, value: this.parseExpression() });
    }
    const adapter = options.find((option) => option.name === 'adapter')?.value;
    const suffix = adapter?.typename === 'Literal' ? adapter.value : 'default';
    this.#defined(tag, 'materialization', `materialization_${name}_${suffix}`, [], options);
  }

  #defined(tag: OpenTag, kind: BlockKind, name: string, parameters: ParameterNode[], options: ParsedBlock['options']): ParsedBlock {
    // The tag's end comes with the body: only then is it known where the inner text starts.
    const closes = this.look().type === lexer.TOKEN_BLOCK_END;
    if (!closes && !this.isNext(lexer.TOKEN_COLON)) this.unexpected("the end of the tag, '%}'");
    const innerStart = closes ? this.lexer.tagEnd : this.lexer.str.indexOf('%}', this.look().lineno) + 2;
    // dbt lets either word end a test.
    const { uses, body } = kind === 'test' ? this.#function(tag, 'endtest', 'enddata_test') : this.#function(tag);
    const block = {
      kind,
      name,
      options,
      start: tag.offset,
      end: this.lexer.tagEnd,
      innerStart,
      innerEnd: this.tagStart,
      parameters,
      body,
      uses,
    };
    if (this.#open.length === 0) this.blocks.push(block);
    return block;
  }

  /** The text of a docs block is not a template: it may show templates. */
  #docs(tag: OpenTag): undefined {
    const name = this.#blockName(tag);
    this.#ended(undefined);
    const innerStart = this.lexer.tagEnd;
    const text = this.lexer.takeUntilTag('enddocs');
    if (text === undefined) return this.syntax("'{% docs %}' is never closed: '{% enddocs %}' is missing", tag.offset);
    const innerEnd = this.lexer.index;
    this.nextToken();
    this.#close();
    const uses = { varargs: false, kwargs: false, caller: false };
    this.blocks.push({
      kind: 'docs',
      name,
      options: [],
      start: tag.offset,
      end: this.lexer.tagEnd,
      innerStart,
      innerEnd,
      parameters: [],
      body: [],
      uses,
    });
  }
}

export function parseSource(source: Source): Parsed {
  const parser = new TemplateParser(new Lexer(source));
  const body = parser.parseNodes();
  return { body, blocks: parser.blocks };
}
