/**
 * In UTF-8 only ASCII letters fold. What could not stand without quotes is kept.
 * https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS
 */
export const unquoted = (name: string): string =>
  /^[\p{L}_][\p{L}\w$]*$/u.test(name) ? name.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()) : name;
