// A tree of Redshift's SQL → text for Postgres. A node is its children's translations between the words of the source, but for
// the kinds that have a rule here; a kind that is in neither list is refused.
import { children, type Node, type NodeOf, type Statement, scopesOf, tokenize } from '../../../src/lint/redshift/index.ts';
import { callPieces, type SessionFacts } from './functions.ts';
import { list, quoted, stored, storedLiteral, text } from './names.ts';
import { isGap, type Piece, type Source, Translated, Untranslated, writeGap } from './pieces.ts';
import { isSystem, placeOfName, relationSql } from './relations.ts';
import { selectPieces } from './select.ts';
import { typeOf } from './types.ts';

export interface Facts extends SessionFacts {
  /** What the names of its roles begin with on the server. */
  readonly roles: string;
  /** Queries of late-binding views, translated, by `schema.name`, and by `name` where the search path finds them. */
  readonly lateViews: ReadonlyMap<string, string>;
  /** What pg_get_late_binding_view_cols() returns, as a JSON array of [schema, view, query]. */
  readonly lateColumns?: string;
}

export interface Context {
  readonly source: Source;
  readonly facts: Facts;
  /** Names that are read as relations: not those of WITH. */
  readonly read: ReadonlySet<Node>;
  /** Its literals may be names. */
  readonly asksCatalogue: boolean;
}

export function contextOf(sql: string, tree: Statement | undefined, facts: Facts): Context {
  const relations = tree ? scopesOf(tree).flatMap((scope) => scope.relations) : [];
  const asksCatalogue = facts.lateColumns !== undefined || relations.some((name) => isSystem(placeOfName(name, facts.database)));
  return { source: { sql, tokens: tokenize(sql) }, facts, read: new Set(relations), asksCatalogue };
}

/** As they are written, their children translated. */
const AS_WRITTEN: ReadonlySet<Node['kind']> = new Set([
  ...(['unary', 'binary', 'at-time-zone', 'between', 'in', 'like', 'is', 'exists', 'quantified', 'when', 'case', 'subquery'] as const),
  ...(['row', 'group', 'frame', 'frame-bound', 'window', 'order-item', 'cte', 'with', 'query', 'nested-query'] as const),
  ...(['group-by', 'grouping-set', 'alias-column', 'join', 'table-group', 'values', 'value-row', 'default-values'] as const),
  ...(['assignment', 'merge', 'merge-clauses', 'merge-update', 'merge-delete', 'merge-insert', 'default', 'subscript'] as const),
  ...(['insert', 'update', 'delete'] as const),
]);

type Rules = { readonly [K in Node['kind']]?: (node: NodeOf<K>, context: Context) => Piece };

export function asWritten(node: Node, instead: ReadonlyMap<Node, Piece> = new Map()): Piece[] {
  const pieces: Piece[] = [];
  let at = node.start;
  for (const child of children(node).sort((a, b) => a.start - b.start)) {
    if (child.start > at) pieces.push({ from: at, to: child.start });
    pieces.push(instead.get(child) ?? child);
    at = child.end;
  }
  if (node.end > at) pieces.push({ from: at, to: node.end });
  return pieces;
}

function column({ parts }: NodeOf<'column'>, { facts }: Context): Piece {
  const names = parts.map(({ value }) => stored(value));
  if (names.length > 3 && names[0] === facts.database) names.shift();
  // A view whose query stands in its place has no schema.
  const isLate = names.length > 2 && facts.lateViews.has(names.slice(-3, -1).join('.'));
  return (isLate ? names.slice(-2) : names).map(quoted).join('.');
}

function table({ name, alias }: NodeOf<'table'>, { facts, read }: Context): Piece {
  const key = name.parts
    .map(({ value }) => stored(value))
    .slice(-2)
    .join('.');
  const late = read.has(name) ? facts.lateViews.get(key) : undefined;
  if (late === undefined) return [relationSql(name, facts.database), ...(alias ? [{ from: name.end, to: alias.start }, alias] : [])];
  const called = name.parts.at(-1) ?? name.parts[0];
  if (alias) return [`(${late}) `, { from: name.end, to: alias.start }, alias];
  return `(${late}) as ${quoted(called.value)}`;
}

function tableFunction(node: NodeOf<'table-function'>, { facts }: Context): Piece {
  const { call, alias } = node;
  const name = call.kind === 'call' ? call.name.parts.at(-1)?.value.toLowerCase() : undefined;
  if (name === 'pg_get_late_binding_view_cols') {
    const names = alias
      ? ` as ${quoted(alias.name.value)}${alias.columns.length > 0 ? `(${list(alias.columns.map((one) => one.name))})` : ''}`
      : '';
    return `"stand_in"."late_binding_view_cols"(${text(facts.lateColumns ?? '[]')})${names}`;
  }
  if (name === 'generate_series') return [call, ...(alias ? [{ from: call.end, to: alias.start }, alias] : [])];
  throw new Untranslated(`${name ?? 'this'}() in FROM`, node.start);
}

function cast({ operand, type, form, start }: NodeOf<'cast'>): Piece {
  if (form === 'try_cast') throw new Untranslated('TRY_CAST', start);
  const { sql, bytes } = typeOf(type);
  if (operand.kind === 'navigation' && sql !== 'jsonb') return ['cast(', navigation(operand, true), ` as ${sql})`];
  if (bytes !== undefined && sql.startsWith('varchar'))
    return [
      'cast("stand_in"."to_varchar"(',
      operand,
      `, ${type.name === 'text' ? 65_535 : bytes}) as ${type.name === 'text' ? 'varchar(65535)' : sql})`,
    ];
  if (sql === 'jsonb') return ['"stand_in"."to_super"(', operand, ')'];
  return ['cast(', operand, ` as ${sql})`];
}

/** `asText`: the value, and not its JSON. */
function navigation({ base, steps }: NodeOf<'navigation'>, asText: boolean): Piece {
  // Which of its parts are names of a table only the catalogue knows.
  if (base.kind === 'column' && base.parts.length > 1) throw new Untranslated('fields behind several names', base.start);
  return steps.reduce<Piece>((inner, step, index) => {
    const arrow = asText && index === steps.length - 1 ? '->>' : '->';
    return ['(', inner, ` ${arrow} `, step.kind === 'name' ? text(step.value) : ['cast(', step.index, ' as integer)'], ')'];
  }, base);
}

const rules: Rules = {
  literal: ({ type, value, start, end }, { asksCatalogue }) => {
    if (type === 'string') return text(asksCatalogue ? storedLiteral(value) : value);
    return type === 'number' ? value : { from: start, to: end };
  },
  'typed-literal': ({ type, value }) => `cast(${text(value)} as ${typeOf(type).sql})`,
  interval: ({ value, fields }) => `interval ${text(value)}${fields === undefined ? '' : ` ${fields}`}`,
  parameter: ({ index }) => `$${index}`,
  column,
  star: ({ qualifier }) => [...qualifier.map(({ value }) => quoted(value)), '*'].join('.'),
  name: ({ value }) => quoted(value),
  'qualified-name': (node, { facts }) => relationSql(node, facts.database),
  navigation: (node) => navigation(node, false),
  cast,
  call: (node, { facts }) => callPieces(node, facts),
  table,
  'table-function': tableFunction,
  'table-alias': (node) => {
    if (node.at) throw new Untranslated('AT in FROM', node.at.start);
    return `${quoted(node.name.value)}${node.columns.length > 0 ? `(${list(node.columns.map(({ name }) => name))})` : ''}`;
  },
  select: (node) => selectPieces(node),
  // Postgres wants an alias.
  derived: (node) => (node.alias ? asWritten(node) : [...asWritten(node), ` as "stand_in at ${node.start}"`]),
  'set-operation': ({ left, right, op, all, start }) => {
    if ([left, right].some((side) => side.kind === 'select' && side.top)) throw new Untranslated('TOP within a set operation', start);
    return [left, ` ${op === 'minus' ? 'except' : op}${all ? ' all' : ''} `, right];
  },
  query(node) {
    const top = node.body.kind === 'select' ? node.body.top : undefined;
    return [...asWritten(node), ...(top ? [' limit ', top.count] : [])];
  },
};

/** `at`: where the text that stands for no node comes from. */
export function translate(root: Piece, context: Context, at = 0): Translated {
  const out = new Translated();
  write(root, at, context, out);
  return out;
}

function write(piece: Piece, at: number, context: Context, out: Translated): void {
  if (typeof piece === 'string') out.add(piece, at);
  else if (isGap(piece)) writeGap(context.source, piece, out);
  else if (Array.isArray(piece)) for (const one of piece as readonly Piece[]) write(one, at, context, out);
  else {
    const node = piece as Node;
    const rule = rules[node.kind] as ((node: Node, context: Context) => Piece) | undefined;
    if (!rule && !AS_WRITTEN.has(node.kind)) throw new Untranslated(node.kind, node.start);
    const own = rule?.(node, context) ?? asWritten(node);
    write(own, node.start, context, out);
  }
}
