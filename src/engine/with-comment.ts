// A statement with the query comment on it.

/** A comment, ready to be sent. `behind`: it ends the statement. */
export interface QueryComment {
  readonly text: string;
  readonly behind: boolean;
}

/** The beginning and the end of a transaction are nobody's statements. */
const BARE = /^\s*(?:(?:begin|commit|end|rollback|abort|start)\b|$)/i;

/** `before`: how far the text of `sql` has moved. */
export function withComment(sql: string, comment: QueryComment | undefined): { readonly sql: string; readonly before: number } {
  if (!comment || BARE.test(sql)) return { sql, before: 0 };
  if (!comment.behind) return { sql: `${comment.text}\n${sql}`, before: comment.text.length + 1 };
  return { sql: `${sql.replace(/(?:\s*;)*\s*$/, '')}\n${comment.text}`, before: 0 };
}
