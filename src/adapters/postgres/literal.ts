/** With standard_conforming_strings, which every connection has on, a backslash is itself. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
