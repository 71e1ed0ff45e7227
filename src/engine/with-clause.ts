// CTEs before a query: a `with` of its own is joined, comments before it stay where they are.

export interface Cte {
  readonly name: string;
  readonly sql: string;
}

/** The offset after blanks and comments. */
function skipBlank(sql: string, from: number): number {
  let at = from;
  for (;;) {
    while (/\s/.test(sql[at] ?? '')) at++;
    if (sql.startsWith('--', at)) {
      const end = sql.indexOf('\n', at);
      at = end < 0 ? sql.length : end + 1;
    } else if (sql.startsWith('/*', at)) {
      const end = sql.indexOf('*/', at + 2);
      at = end < 0 ? sql.length : end + 2;
    } else return at;
  }
}

export interface Prepended {
  readonly sql: string;
  /** Where a character of `sql` comes from: the query, or one of the CTEs; undefined: what holds them together. */
  origin(offset: number): { readonly cte: number | undefined; readonly offset: number } | undefined;
}

export function prependCtes(sql: string, ctes: readonly Cte[]): Prepended {
  if (ctes.length === 0) return { sql, origin: (offset) => ({ cte: undefined, offset }) };
  const start = skipBlank(sql, 0);
  const own = /^with(\s+recursive)?\b/i.exec(sql.slice(start));
  const cut = own ? start + own[0].length : start;
  let inserted = own ? ' ' : 'with ';
  /** Of each CTE: where it begins in the new text, and in its own. */
  const places: { readonly from: number; readonly to: number; readonly skipped: number }[] = [];
  for (const [index, cte] of ctes.entries()) {
    inserted += `${index > 0 ? ', ' : ''}${cte.name} as (\n`;
    const text = cte.sql.trim().replace(/;+$/, '');
    const from = cut + inserted.length;
    places.push({ from, to: from + text.length, skipped: cte.sql.length - cte.sql.trimStart().length });
    inserted += `${text}\n)`;
  }
  inserted += own ? ',' : '\n';
  return {
    sql: `${sql.slice(0, cut)}${inserted}${sql.slice(cut)}`,
    origin(offset) {
      if (offset < cut) return { cte: undefined, offset };
      if (offset >= cut + inserted.length) return { cte: undefined, offset: offset - inserted.length };
      const cte = places.findIndex(({ from, to }) => offset >= from && offset <= to);
      const place = places[cte];
      return place && { cte, offset: offset - place.from + place.skipped };
    },
  };
}
