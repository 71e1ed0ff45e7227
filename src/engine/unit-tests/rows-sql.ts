// Rows of a unit test as a query. Every value is cast, so that the query has the types of what it stands for. Pure.
import type { Dialect } from '../../adapters/dialect.ts';
import type { Location } from '../../core/location.ts';
import { nearestName } from '../../core/nearest.ts';
import type { FixtureRows } from '../../core/node.ts';
import { fail } from '../../core/problem.ts';
import type { Column } from '../../core/statement.ts';
import { InferredType } from '../../materializations/index.ts';

export type GivenRow = Readonly<Record<string, unknown>>;

/** What is known of the columns of a relation or a query. */
export interface Known {
  readonly columns: readonly Column[];
  /** It has no others. */
  readonly complete: boolean;
}

const sameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

export function valueSql(value: unknown, type: string, dialect: Dialect): string {
  if (value === null || value === undefined) return `cast(null as ${type})`;
  if (typeof value === 'object') return dialect.fromJson(JSON.stringify(value), type);
  return `cast(${typeof value === 'string' ? dialect.literal(value) : String(value)} as ${dialect.roomyType(type)})`;
}

const encode = (text: string): Buffer => Buffer.from(text);

/** Of a column that nobody says the type of: as of a seed. Text in a mapping is text, or a moment. */
export function inferredType(values: readonly unknown[], format: FixtureRows['format'], dialect: Dialect): string {
  const present = values.filter((value) => value !== null && value !== undefined);
  if (present.length === 0 || present.some((value) => typeof value === 'object')) return dialect.columnType('text');
  const inferred = new InferredType();
  for (const value of present) {
    const bytes = encode(String(value));
    inferred.see(bytes, 0, bytes.length);
  }
  const moment = inferred.type === 'date' || inferred.type === 'timestamp';
  const isText = format === 'dict' && !moment && present.some((value) => typeof value === 'string');
  return dialect.columnType(isText ? 'text' : inferred.type);
}

/** Names of all rows, each once, in the order in which they first stand; with the place of the first that has it. */
function namesIn(rows: readonly GivenRow[], rowsAt: readonly Location[]): ReadonlyMap<string, Location | undefined> {
  const names = new Map<string, Location | undefined>();
  for (const [index, row] of rows.entries())
    for (const name of Object.keys(row))
      if (!names.has(name) && ![...names.keys()].some((one) => sameName(one, name))) names.set(name, rowsAt[index]);
  return names;
}

const cellOf = (row: GivenRow, name: string): unknown =>
  Object.hasOwn(row, name) ? row[name] : Object.entries(row).find(([key]) => sameName(key, name))?.[1];

/** Of the names that rows have: those that are known, and the types of the others. Throws DwhError where there can be no others. */
export function namedColumns(
  fixture: FixtureRows,
  rows: readonly GivenRow[],
  known: Known,
  of: string,
  dialect: Dialect,
): readonly Column[] {
  return [...namesIn(rows, fixture.rowsAt)].map(([name, at]): Column => {
    const found = known.columns.find((column) => sameName(column.name, name));
    if (found) return found;
    if (known.complete) {
      const near = nearestName(
        name,
        known.columns.map((column) => column.name),
      );
      fail({
        code: 'unit-test-column',
        message: `${of} has no column '${name}'; it has: ${known.columns.map((column) => column.name).join(', ')}`,
        at: at ?? fixture.at,
        ...(near && { hint: `Did you mean '${near}'?` }),
      });
    }
    return {
      name,
      type: inferredType(
        rows.map((row) => cellOf(row, name)),
        fixture.format,
        dialect,
      ),
    };
  });
}

/** A query for the rows, with these columns; what a row does not say is NULL. */
export function rowsSql(rows: readonly GivenRow[], columns: readonly Column[], dialect: Dialect): string {
  const one = (row: GivenRow): string =>
    `select ${columns.map(({ name, type }) => `${valueSql(cellOf(row, name), type, dialect)} as ${dialect.quote(name)}`).join(', ')}`;
  return rows.length === 0 ? `${one({})}\nlimit 0` : rows.map(one).join('\nunion all\n');
}
