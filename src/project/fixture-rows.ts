// The rows of a unit test as they are written: a list of mappings, CSV, a query, in the properties or in a file of their own.
// https://docs.getdbt.com/reference/resource-properties/data-formats
import { CsvError, parse } from 'csv-parse/sync';
import type { ConfigReader } from '../core/config-reader.ts';
import type { Location } from '../core/location.ts';
import { nearestName } from '../core/nearest.ts';
import type { FixtureRows } from '../core/node.ts';
import { fail } from '../core/problem.ts';
import type { FoundFile, SourceFile } from './types.ts';

type Row = Readonly<Record<string, unknown>>;

const FORMATS = ['dict', 'csv', 'sql'] as const;
const KEYS = ['input', 'rows', 'format', 'fixture'];

/** What a given input may be read from when it names no rows. */
export type RowsOfSeed = () => SourceFile | undefined;

/** Throws DwhError. `of`: 'the unit test … ': for messages. `fixtures`: the package's. */
export function fixtureRows(reader: ConfigReader, of: string, fixtures: readonly FoundFile[], seed?: RowsOfSeed): FixtureRows {
  for (const key of reader.keys()) {
    const near = KEYS.includes(key) ? undefined : nearestName(key, KEYS);
    if (!KEYS.includes(key)) {
      const hint = near ? `Did you mean '${near}'?` : `There are: ${KEYS.join(', ')}`;
      reader.problem('unknown-key', `'${key}' is not a key of a unit test's rows, and is ignored`, hint, [key], 'warning');
    }
  }
  const at = reader.at() ?? { file: '', line: 1, column: 1 };
  const format = reader.oneOf('format', FORMATS);
  const name = reader.string('fixture');
  if (name !== undefined) return ofFile(fixtureFile(name, format, of, reader.at('fixture') ?? at, fixtures), name);
  const rows = reader.raw('rows');
  const inside = reader.at('rows') ?? at;
  if (rows === undefined || rows === null) {
    const source = format === undefined || format === 'dict' ? seed?.() : undefined;
    if (source) return { ...csvRows(source.text(), { file: source.file, line: 1, column: 1 }), format: 'dict', fixture: null };
    return fail({
      code: 'unit-test-rows',
      message: `${of} has no rows`,
      at,
      hint: 'Give it rows:, or fixture: with the name of a file below tests/fixtures; no rows at all are  rows: []',
    });
  }
  if (typeof rows === 'string' && (format === 'csv' || format === 'sql')) {
    // The text of a block begins on the line below its key.
    const written = reader.source.locate([...reader.path, 'rows']) ?? inside;
    const first = { ...written, line: written.line + 1, column: 1 };
    // As in dbt's manifest, without the end of its last line.
    return format === 'sql'
      ? { format, fixture: null, rows: rows.replace(/\n$/, ''), at: first, rowsAt: [] }
      : { ...csvRows(rows, first), format, fixture: null };
  }
  if (typeof rows === 'string' || (format !== undefined && format !== 'dict'))
    return fail({
      code: 'unit-test-rows',
      message: `the rows of ${of} are ${typeof rows === 'string' ? 'text' : 'a list'}, and its format is '${format ?? 'dict'}'`,
      at: inside,
      hint: typeof rows === 'string' ? 'Add  format: csv  or  format: sql' : "Take the line 'format:' out: mappings are its default.",
    });
  const list = reader.mappings('rows');
  return firstFull({
    format: 'dict',
    fixture: null,
    rows: list.map(({ values }) => values),
    at: inside,
    rowsAt: list.map((row) => row.at() ?? inside),
  });
}

function ofFile({ source }: FoundFile, fixture: string): FixtureRows {
  const at = { file: source.file, line: 1, column: 1 };
  if (source.path.endsWith('.sql')) return { format: 'sql', fixture, rows: source.text(), at, rowsAt: [] };
  return { ...csvRows(source.text(), at), format: 'csv', fixture };
}

function fixtureFile(name: string, format: string | undefined, of: string, at: Location, fixtures: readonly FoundFile[]): FoundFile {
  const nameOf = ({ below }: FoundFile): string => below.slice(below.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
  const bare = name.replace(/\.(csv|sql)$/, '');
  const named = fixtures.filter((file) => nameOf(file) === bare);
  const found = named.find(({ below }) => format !== undefined && below.endsWith(`.${format}`)) ?? named[0];
  if (found && (format === undefined || found.below.endsWith(`.${format}`))) return found;
  const near = nearestName(bare, fixtures.map(nameOf));
  return fail({
    code: 'fixture-missing',
    message: found
      ? `${of} reads the fixture '${name}' as ${format}, and it is ${found.source.path}`
      : `${of} reads the fixture '${name}', and no file below tests/fixtures has this name`,
    at,
    hint: found
      ? `Write:  format: ${found.below.split('.').at(-1)}`
      : near
        ? `Did you mean '${near}'?`
        : 'A fixture is a .csv or .sql file there; it is named without its ending.',
  });
}

/** A blank is NULL. `at`: of the header. Throws DwhError. */
function csvRows(text: string, at: Location): Omit<FixtureRows, 'format' | 'fixture'> {
  let read: { readonly record: string[]; readonly info: { readonly lines: number } }[];
  try {
    // A row that is too short or too long is said with its line below.
    read = parse(text, { bom: true, skip_empty_lines: true, info: true, relax_column_count: true }) as unknown as typeof read;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = at.line + (typeof error.lines === 'number' ? error.lines : 1) - 1;
    return fail({ code: 'unit-test-rows', message: `the CSV cannot be read: ${error.message}`, at: { ...at, line } }, { cause: error });
  }
  const [header, ...records] = read;
  const names = header?.record.map((name) => name.trim()) ?? [];
  if (names.length === 0)
    return fail({ code: 'unit-test-rows', message: 'the CSV has no header', at, hint: 'Its first line names the columns.' });
  const rows: Row[] = [];
  const rowsAt: Location[] = [];
  for (const { record, info } of records) {
    const place = { ...at, line: at.line + info.lines - 1 };
    if (record.length > names.length)
      fail({
        code: 'unit-test-rows',
        message: `this row has ${record.length} values, and the header has ${names.length} names`,
        at: place,
        hint: 'A value with a comma goes in double quotes.',
      });
    rows.push(
      Object.fromEntries(names.map((name, index) => [name, record[index] === undefined || record[index] === '' ? null : record[index]])),
    );
    rowsAt.push(place);
  }
  return firstFull({ rows, at, rowsAt });
}

/** As dbt's manifest has them: the first row without a NULL changes places with the first. */
function firstFull<T extends Pick<FixtureRows, 'rows' | 'rowsAt'>>(fixture: T): T {
  const { rows, rowsAt } = fixture;
  if (typeof rows === 'string') return fixture;
  const full = rows.findIndex((row) => Object.values(row).every((value) => value !== null));
  if (full <= 0) return fixture;
  const swapped = <V>(list: readonly V[]): readonly V[] =>
    list.map((one, index) => list[index === 0 ? full : index === full ? 0 : index] ?? one);
  return { ...fixture, rows: swapped(rows), rowsAt: swapped(rowsAt) };
}
