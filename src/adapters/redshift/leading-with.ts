// A query with a WITH may not stand within another WITH. https://docs.aws.amazon.com/redshift/latest/dg/r_WITH_clause.html
import { parseStatement } from '../../lint/redshift/parse.ts';
import { tokenize } from '../../lint/redshift/tokens.ts';

/** What stands in the WITH that a query begins with, and the query behind it. */
export function leadingWith(sql: string): { readonly queries: string; readonly reads: string } | undefined {
  const { statement } = parseStatement(tokenize(sql));
  const clause = statement?.kind === 'query' ? statement.with : undefined;
  const [first, last] = [clause?.ctes[0], clause?.ctes.at(-1)];
  if (!clause || !first || !last) return undefined;
  return { queries: `${clause.recursive ? 'recursive ' : ''}${sql.slice(first.start, last.end)}`, reads: sql.slice(last.end).trim() };
}
