/** A backslash begins an escape in every literal, as it did in Postgres 8.0. */
export const literal = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
