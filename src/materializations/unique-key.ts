// unique_key: columns, or expressions over them, as SQL on one side of a comparison.
import type { Dialect } from '../adapters/dialect.ts';
import type { Step } from '../core/plan.ts';
import type { Problem } from '../core/problem.ts';
import { type Column, type Row, statement } from '../core/statement.ts';

const bare = (name: string): string => name.replace(/^"(.*)"$/s, '$1').replaceAll('""', '"');

/** As the name is written, else in another case. */
export const columnNamed = (name: string, columns: readonly Column[]): Column | undefined =>
  columns.find((column) => column.name === bare(name)) ?? columns.find((column) => column.name.toLowerCase() === bare(name).toLowerCase());

const NAME = /^(?:\w+|"(?:[^"]|"")+")$/;
/** And no expression, so that it should be a column's. */
export const looksLikeName = (key: string): boolean => NAME.test(key);
/** A literal, a quoted name, a word. */
const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|[A-Za-z_]\w*/g;

/** In an expression every column gets the alias, or it would be the nearer table's; types and functions may be named like columns. */
export function keySql(key: string, alias: string, columns: readonly Column[], dialect: Dialect): string {
  const place = (column: Column): string => `${alias}.${dialect.quote(column.name)}`;
  const whole = columnNamed(key, columns);
  if (whole) return place(whole);
  const placed = key.replace(TOKEN, (token, offset: number) => {
    const [before, after] = [key.slice(0, offset).trimEnd(), key.slice(offset + token.length)];
    const column =
      token.startsWith("'") || /(?:\.|::|\bas)$/i.test(before) || /^\s*[.(]/.test(after) ? undefined : columnNamed(token, columns);
    return column ? place(column) : token;
  });
  return `(${placed})`;
}

/** A key must be in the new rows and in the table. `place`: the table's name. */
export function unknownKey(
  keys: readonly string[],
  existing: readonly Column[],
  incoming: readonly Column[],
  place: string,
): Problem | undefined {
  for (const key of keys.filter(looksLikeName)) {
    if (!columnNamed(key, incoming)) {
      const names = incoming.map((column) => column.name).join(', ');
      return { code: 'unique-key-missing', message: `unique_key '${key}' is not a column of the model`, hint: `Its columns are: ${names}` };
    }
    if (!columnNamed(key, existing)) {
      return {
        code: 'unique-key-missing',
        message: `unique_key '${key}' is not a column of ${place}`,
        hint: 'Rebuild it with --full-refresh.',
      };
    }
  }
  return undefined;
}

const shownKey = (row: Row): string =>
  `(${row
    .slice(0, -1)
    .map((value) => (value === null ? 'NULL' : String(value)))
    .join(', ')}) ${row.at(-1)} times`;

/** A merge with two staged rows for one key has no one answer, so it stops before anything is changed. `keys`: of alias s. */
export function noDuplicates(staged: string, keys: readonly string[]): Step {
  const list = keys.join(', ');
  return {
    check: statement(
      `select ${list}, count(*) as dwh_times from ${staged} as s group by ${list} having count(*) > 1 order by count(*) desc limit 3`,
    ),
    judge: (rows: readonly Row[]) =>
      rows.length === 0
        ? undefined
        : {
            code: 'duplicate-key',
            message: `the new rows have more than one row for a unique_key, and a merge can keep only one: ${rows.map(shownKey).join('; ')}`,
            hint: 'Make the model return one row per key, or use the strategy delete+insert, which keeps them all.',
          },
  };
}
