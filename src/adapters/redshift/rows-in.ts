// Rows from the client: Redshift has no COPY FROM STDIN. Statements of many rows take them, each far below the 16 MB that a
// statement may have. https://docs.aws.amazon.com/redshift/latest/dg/r_INSERT_30.html, .../c_redshift-sql.html
import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import type { Relation } from '../../core/relation.ts';
import type { Column, Result, Statement } from '../../core/statement.ts';
import { relationName } from '../sql.ts';
import { placedError } from './bad-row.ts';
import { redshiftDialect as dialect } from './dialect.ts';
import { literal } from './literal.ts';

const STATEMENT_BYTES = 1 << 20;
const STATEMENT_ROWS = 10_000;

type Field = string | null;

/** The rows of what Connection.copyIn takes: NULL is empty, without quotes. */
async function* rowsOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<readonly Field[]> {
  const parser = parse({ cast: (value, { quoting }) => (quoting || value !== '' ? value : null) });
  const source = Readable.from(bytes);
  // pipe() keeps an error of the source to itself.
  source.on('error', (error) => parser.destroy(error));
  yield* source.pipe(parser) as AsyncIterable<readonly Field[]>;
}

/** As a literal the value is unknown, and the column's own type takes it; a SUPER would be a string. */
const valueSql = (value: Field, type: string): string => {
  if (value === null) return 'null';
  return type === 'super' ? `json_parse(${literal(value)})` : literal(value);
};

/** All rows or none only within a transaction of the caller: each statement is one of its own. */
export async function insertRows(
  run: (statement: Statement) => Promise<Result>,
  into: Relation,
  columns: readonly Column[],
  bytes: AsyncIterable<Uint8Array>,
): Promise<number> {
  const head = `insert into ${relationName(into)} (${columns.map(({ name }) => dialect.quote(name)).join(', ')}) values\n`;
  let values: string[] = [];
  let fields: (readonly Field[])[] = [];
  let size = 0;
  let rows = 0;
  const flush = async (): Promise<void> => {
    if (values.length === 0) return;
    try {
      await run({ sql: head + values.join(',\n'), shown: '' });
    } catch (error) {
      throw placedError(error, columns, fields, rows);
    }
    rows += values.length;
    [values, fields, size] = [[], [], 0];
  };
  for await (const row of rowsOf(bytes)) {
    const text = `(${row.map((value, index) => valueSql(value, columns[index]?.type ?? '')).join(', ')})`;
    values.push(text);
    fields.push(row);
    size += Buffer.byteLength(text);
    if (size >= STATEMENT_BYTES || values.length >= STATEMENT_ROWS) await flush();
  }
  await flush();
  return rows;
}
