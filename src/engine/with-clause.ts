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

/** `shift` takes an offset of the new text back to the old one; undefined: inside what was put before it. */
export function prependCtes(sql: string, ctes: readonly Cte[]): { sql: string; shift: (offset: number) => number | undefined } {
  if (ctes.length === 0) return { sql, shift: (offset) => offset };
  const start = skipBlank(sql, 0);
  const list = ctes.map((cte) => `${cte.name} as (\n${cte.sql.trim().replace(/;+$/, '')}\n)`).join(', ');
  const own = /^with(\s+recursive)?\b/i.exec(sql.slice(start));
  const cut = own ? start + own[0].length : start;
  const inserted = own ? ` ${list},` : `with ${list}\n`;
  return {
    sql: `${sql.slice(0, cut)}${inserted}${sql.slice(cut)}`,
    shift: (offset) => (offset < cut ? offset : offset < cut + inserted.length ? undefined : offset - inserted.length),
  };
}
