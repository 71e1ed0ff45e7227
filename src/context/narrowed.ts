// What a relation prints instead of its name: a query for none of its rows (--empty), or for those of a time (a batch, --sample).
// Most servers want an alias behind such a query, and refuse a second one: ours is blanked out where the template has one, so that
// no place in the text moves.
import { type Span, within } from '../core/batch.ts';

export interface Narrowing {
  readonly empty?: boolean;
  /** `column`: as it is written in SQL. */
  readonly during?: { readonly column: string; readonly span: Span };
}

/** `alias` is quoted. */
export function narrowed(relation: string, alias: string, { empty, during }: Narrowing): string {
  if (empty) return `(select * from ${relation} where false limit 0) as ${alias}`;
  return during ? `(select * from ${relation} where ${within(during.column, during.span)}) as ${alias}` : relation;
}

const OURS = /(?<= where false limit 0\)|\+00:00'\)) as "(?:[^"]|"")+"/g;
const SPACE = /^(?:\s|--[^\n]*|\/\*[\s\S]*?\*\/)+/;
/** What may stand behind a relation and is no alias. */
const GOES_ON = new Set(
  `where join inner left right full cross natural on using group having order limit offset union intersect except minus window qualify
fetch for tablesample sample lateral pivot unpivot semi anti asof positional select with from insert values set when then connect start
and or end else case returning into`.split(/\s+/),
);

/** Whether a template goes on with an alias of its own. */
function hasAlias(rest: string): boolean {
  const space = SPACE.exec(rest)?.[0];
  const word = space === undefined ? undefined : /^(?:"|[\p{L}_][\p{L}\w$]*)/u.exec(rest.slice(space.length))?.[0];
  return word !== undefined && !GOES_ON.has(word.toLowerCase());
}

/** The text with one alias behind each narrowed relation. */
export const withOneAlias = (sql: string): string =>
  sql.replaceAll(OURS, (ours, offset: number) => (hasAlias(sql.slice(offset + ours.length)) ? ' '.repeat(ours.length) : ours));
