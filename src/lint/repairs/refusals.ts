// What is refused and has another spelling of the same meaning: edits of tokens, since the parser made no tree of it.
// Each begins at the token that the refusal stands at.
import type { KnownRelations } from '../linter.ts';
import type { Edit, Finding, Repair } from '../redshift/finding.ts';
import type { Token } from '../redshift/tokens.ts';

type Make = (tokens: readonly Token[], at: number) => Repair | undefined;

/** About the text from the first edit to the last, or from a token before to a token behind. */
const repair = (edits: readonly Edit[], from?: Token, to?: Token): Repair => ({
  start: Math.min(...edits.map(({ start }) => start), from?.start ?? Number.POSITIVE_INFINITY),
  end: Math.max(...edits.map(({ end }) => end), to?.end ?? 0),
  edits,
});

const is = (token: Token | undefined, ...values: readonly string[]): boolean =>
  token !== undefined && token.kind !== 'quoted' && token.kind !== 'string' && values.includes(token.value);

/** Takes tokens out, each with a single character behind it, which can be nothing but a blank. */
const without = (tokens: readonly Token[], at: number, count = 1): Repair =>
  repair(
    tokens.slice(at, at + count).map(({ start, end }, i) => {
      const next = tokens[at + i + 1];
      return { start, end: next && next.start - end === 1 ? next.start : end, text: '' };
    }),
  );

/** The index of the parenthesis that belongs to the one at `at`; undefined: there is none. */
function partner(tokens: readonly Token[], at: number): number | undefined {
  const step = is(tokens[at], '(') ? 1 : -1;
  let depth = 0;
  for (let i = at; i >= 0 && i < tokens.length; i += step) {
    if (is(tokens[i], '(')) depth++;
    else if (is(tokens[i], ')')) depth--;
    if (depth === 0) return i;
  }
  return undefined;
}

/** Indexes of commas between the parentheses, none within others. */
function commas(tokens: readonly Token[], open: number, close: number): readonly number[] {
  const found: number[] = [];
  for (let i = open + 1; i < close; i++) {
    if (is(tokens[i], '(')) i = partner(tokens, i) ?? close;
    else if (is(tokens[i], ',')) found.push(i);
  }
  return found;
}

const AGGREGATES = new Set('count sum avg min max stddev stddev_samp stddev_pop variance var_samp var_pop'.split(' '));

/** sum(a) filter (where c) → sum(case when c then a end); the words move, and each is an edit of a token that stays where it is. */
const filter: Make = (tokens, at) => {
  const [closed, opened] = [at - 2, at];
  const open = is(tokens[closed], ')') ? partner(tokens, closed) : undefined;
  const end = is(tokens[opened], '(') && is(tokens[at + 1], 'where') ? partner(tokens, opened) : undefined;
  if (!is(tokens[at - 1], 'filter') || open === undefined || end === undefined) return undefined;
  const [name, first] = [tokens[open - 1], tokens[open + 1]];
  const isOwn = is(name, ...AGGREGATES) && !is(tokens[open - 2], '.');
  if (!isOwn || !first || commas(tokens, open, closed).length > 0 || closed === open + 1 || end === at + 2) return undefined;
  const condition = spelt(tokens.slice(at + 2, end));
  const quantifier = is(first, 'distinct', 'all') ? first : undefined;
  const value = is(first, '*') ? '1' : undefined;
  const [head, close, last] = [quantifier ?? tokens[open], tokens[closed], tokens[end]];
  if (!head || !close || !last) return undefined;
  const edits = [
    { start: head.start, end: head.end, text: `${head.text}${quantifier ? ' ' : ''}case when ${condition} then${quantifier ? '' : ' '}` },
    ...(value === undefined ? [] : [{ start: first.start, end: first.end, text: value }]),
    { start: close.start, end: last.end, text: ' end)' },
  ];
  return repair(edits, name);
};

/** Their texts, with one blank where anything stands between. */
const spelt = (tokens: readonly Token[]): string =>
  tokens.map((token, i) => (token.start > (tokens[i - 1]?.end ?? token.start) ? ` ${token.text}` : token.text)).join('');

/** fetch first n rows only → limit n; without a number, of one row. */
const fetchFirst: Make = (tokens, at) => {
  const [fetch, first, second, third] = tokens.slice(at, at + 4);
  if (!fetch || !first || !second || !is(fetch, 'fetch') || !is(first, 'first', 'next')) return undefined;
  const numbered = second.kind === 'number' || second.kind === 'parameter';
  const [rows, only] = numbered ? [third, tokens[at + 4]] : [second, third];
  if (!is(rows, 'row', 'rows') || !only || !is(only, 'only')) return undefined;
  return repair([{ start: fetch.start, end: only.end, text: `limit ${numbered ? second.text : '1'}` }]);
};

/** limit a, b → limit b offset a */
const limitComma: Make = (tokens, at) => {
  const [limit, skipped, , count] = tokens.slice(at - 2, at + 2);
  if (!is(limit, 'limit') || skipped?.kind !== 'number' || count?.kind !== 'number') return undefined;
  return repair([{ start: skipped.start, end: count.end, text: `${count.text} offset ${skipped.text}` }], limit);
};

/** string_agg(x, ',') → listagg(x, ','), behind it its order. */
const stringAgg: Make = (tokens, at) => {
  const [name, open] = [tokens[at], at + 1];
  const close = is(tokens[open], '(') ? partner(tokens, open) : undefined;
  if (!name || !is(name, 'string_agg') || close === undefined) return undefined;
  const [comma, more] = commas(tokens, open, close);
  if (comma === undefined || tokens[comma + 1]?.kind !== 'string') return undefined;
  const renamed = { start: name.start, end: name.end, text: 'listagg' };
  const [order, last] = [tokens[comma + 2], tokens[close]];
  if (comma + 2 === close && more === undefined) return repair([renamed], name, last);
  if (!order || !last || !is(order, 'order')) return undefined;
  // In DISTINCT's own order only, which Redshift does not hold to.
  if (is(tokens[open + 1], 'distinct')) return undefined;
  const items = spelt(tokens.slice(comma + 2, close));
  return repair([renamed, { start: order.start, end: last.end, text: `) within group (${items})` }]);
};

/** Functions that have another name on Redshift. */
const names: ReadonlyMap<string, string> = new Map([
  ['every', 'bool_and'],
  ['ifnull', 'nvl'],
  ['log10', 'log'],
]);
const renamed: Make = (tokens, at) => {
  const [name, open] = tokens.slice(at, at + 2);
  const text = name?.kind === 'word' ? names.get(name.value) : undefined;
  return name && text !== undefined && is(open, '(') ? repair([{ start: name.start, end: name.end, text }], name, open) : undefined;
};

/** Its function stands before it. */
const aggregateOrder: Make = (tokens, at) => {
  let depth = 0;
  for (let i = at - 1; i > 0; i--) {
    if (is(tokens[i], ')')) depth++;
    else if (is(tokens[i], '(') && depth-- === 0) return stringAgg(tokens, i - 1);
  }
  return undefined;
};

const repairs: Readonly<Record<string, Make>> = {
  'filter-clause': filter,
  'fetch-first': fetchFirst,
  'limit-comma': limitComma,
  'set-distinct': (tokens, at) => without(tokens, at),
  only: (tokens, at) => (is(tokens[at], 'only') && !is(tokens[at + 1], '(') ? without(tokens, at) : undefined),
  // Redshift plans such a query as it likes; what comes out is the same.
  'cte-materialized': (tokens, at) => (is(tokens[at], 'not') ? without(tokens, at, 2) : without(tokens, at)),
  'alter-set-data-type': (tokens, at) => (is(tokens[at], 'set') && is(tokens[at + 1], 'data') ? without(tokens, at, 2) : undefined),
  'unknown-function': (tokens, at) => stringAgg(tokens, at) ?? renamed(tokens, at),
  'aggregate-order': aggregateOrder,
};

/** The finding with what repairs it, where anything does. `tokens`: of its statement in `source`, without blanks and comments. */
export function withRepair(finding: Finding, tokens: readonly Token[], source: string, known: KnownRelations | undefined): Finding {
  const at = tokens.findIndex(({ start }) => start === finding.offset);
  const token = tokens[at];
  if (!token) return finding;
  if (finding.rule === 'unqualified-in-late-binding-view') return qualified(finding, token, known);
  const made = repairs[finding.rule]?.(tokens, at);
  return made && !made.edits.some((edit) => losesComment(edit, tokens, source)) ? { ...finding, repair: made } : finding;
}

/** An edit over several tokens takes along what stands between them. */
function losesComment({ start, end }: Edit, tokens: readonly Token[], source: string): boolean {
  const covered = tokens.filter((token) => token.start >= start && token.end <= end);
  return covered.some((token, i) => source.slice(covered[i - 1]?.end ?? token.start, token.start).trim() !== '');
}

/** The schema of the one relation of the project that has the name. */
function qualified(finding: Finding, token: Token, known: KnownRelations | undefined): Finding {
  const schema = known?.([token.value.toLowerCase()])?.schema;
  if (schema === undefined) return finding;
  const name = /^[a-z_][a-z0-9_]*$/.test(schema) ? schema : `"${schema.replaceAll('"', '""')}"`;
  const text = `${name}.${token.text}`;
  return { ...finding, rewrite: `Write ${text}.`, repair: repair([{ start: token.start, end: token.end, text }]) };
}
