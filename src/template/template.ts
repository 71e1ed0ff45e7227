// Text to a template: parsed at once, so that mistakes show, and made runnable when it is first rendered.
import type { Location } from '../core/location.ts';
import { fail } from '../core/problem.ts';
import { compileBody, expression, macroCode } from './compile-statement.ts';
import { Frame, Scope } from './frame.ts';
import type { MacroCode, Signal } from './macro.ts';
import type { Expr, MacroNode, Stmt } from './nodes.ts';
import { isPending, type Run } from './pending.ts';
import { fromTemplate } from './plain.ts';
import { type Place, Source } from './source.ts';
import { type ParsedBlock, parseSource } from './template-parser.ts';
import type { Block, BlockKind, Template } from './types.ts';

export interface Parameter {
  readonly name: string;
  /** The default as written. */
  readonly default?: string;
}

/** A macro, test or materialization of a file. */
export interface MacroDefinition {
  readonly name: string;
  readonly kind: Extract<BlockKind, 'macro' | 'test' | 'materialization'>;
  readonly file: string;
  readonly package: string;
  readonly at: Location;
  /** The whole block as it stands in the file, with the blanks that its own tags take away. */
  readonly source: string;
  readonly parameters: readonly Parameter[];
  /** The template folder's own. */
  readonly template: ParsedTemplate;
  readonly code: MacroCode;
}

export class ParsedTemplate implements Template {
  readonly file: string;
  readonly package: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly macros: readonly MacroDefinition[];
  #nodes: readonly Stmt[];
  #body: Run<Signal> | undefined;
  #settings: Run<Signal> | undefined;

  constructor(readonly source: Source) {
    const { body, blocks } = parsed(source);
    this.file = source.file;
    this.package = source.package;
    this.text = source.text;
    this.#nodes = body;
    this.blocks = blocks.map((block) => asBlock(block, source));
    this.macros = blocks.flatMap((block) => {
      const { kind } = block;
      return kind === 'macro' || kind === 'test' || kind === 'materialization' ? [this.#definition(block, kind)] : [];
    });
  }

  get body(): Run<Signal> {
    this.#body ??= compileBody(this.#nodes);
    return this.#body;
  }

  /** Only the `set`s of the top level: what the file's macros see of it. Undefined: there are none. */
  get settings(): Run<Signal> | undefined {
    const sets = this.#nodes.filter((node) => node.typename === 'Set');
    if (sets.length > 0) this.#settings ??= compileBody(sets);
    return this.#settings;
  }

  /** The expression that is all of the text: '{{ … }}' and nothing around it. */
  get whole(): Expr | undefined {
    const [only, ...more] = this.#nodes;
    return only?.typename === 'Output' && more.length === 0 ? only.children[0] : undefined;
  }

  #definition(block: ParsedBlock, kind: MacroDefinition['kind']): MacroDefinition {
    const { source } = this;
    const node: Omit<MacroNode, 'typename' | 'source'> = { ...block, lineno: block.start };
    return {
      name: block.name,
      kind,
      file: source.file,
      package: source.package,
      at: source.locate(block.start),
      source: withBlanks(source.text, block.start, block.end),
      parameters: block.parameters.map(({ name, text }) => ({ name, ...(text !== undefined && { default: text }) })),
      template: this,
      code: macroCode(node)(source),
    };
  }
}

/** Recursion of the parser that its own nesting limit does not see: a chain of a thousand operators. */
function parsed(source: Source): ReturnType<typeof parseSource> {
  try {
    return parseSource(source);
  } catch (error) {
    if (error instanceof RangeError) fail({ code: 'template-limit', message: 'this text is nested too deeply', at: source.locate(0) });
    throw error;
  }
}

function withBlanks(text: string, start: number, end: number): string {
  const before = text.startsWith('{%-', start) ? text.slice(0, start).trimEnd().length : start;
  const after = text.endsWith('-%}', end) ? text.length - text.slice(end).trimStart().length : end;
  return text.slice(before, after);
}

function asBlock(block: ParsedBlock, source: Source): Block {
  return {
    kind: block.kind,
    name: block.name,
    options: Object.fromEntries(block.options.map(({ name, value }) => [name, constant(value, source)])),
    at: source.locate(block.start),
    source: source.text.slice(block.start, block.end),
    inner: source.text.slice(block.innerStart, block.innerEnd),
  };
}

/** The value of an expression that mentions nothing. */
function constant(node: Expr, source: Source): unknown {
  const frame = new Frame(source, { resolve: () => undefined, names: () => [] }, new Scope());
  try {
    const value = expression(node)(frame);
    return isPending(value) ? null : fromTemplate(value);
  } catch (error) {
    throw frame.placed(error);
  }
}

/** Throws a DwhError with file, line and column for text that is no template. */
export function parseTemplate(text: string, place: Place): Template {
  // Line ends as Jinja2 has them: always \n, and none after the last line.
  const lines = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  return new ParsedTemplate(new Source(lines.endsWith('\n') ? lines.slice(0, -1) : lines, place));
}

/** Only parseTemplate makes templates. */
export function insides(template: Template): ParsedTemplate {
  if (template instanceof ParsedTemplate) return template;
  throw new Error(`${template.file} was not parsed by parseTemplate`);
}

export const macrosOf = (template: Template): readonly MacroDefinition[] => insides(template).macros;
