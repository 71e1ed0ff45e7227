// Rows from the client: Redshift has no COPY FROM STDIN. Few of them go in statements of many rows, each far below the 16 MB
// that a statement may have; many go by COPY, where there is a place on S3 for them.
// https://docs.aws.amazon.com/redshift/latest/dg/r_INSERT_30.html, .../c_redshift-sql.html
import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import type { Relation } from '../../core/relation.ts';
import type { Column, Result, Statement } from '../../core/statement.ts';
import type { WorkPlace } from '../copies.ts';
import type { SendRows } from '../postgres/server.ts';
import { relationName } from '../sql.ts';
import { placedError } from './bad-row.ts';
import { redshiftDialect as dialect } from './dialect.ts';
import { literal } from './literal.ts';
import { copyRows } from './rows-by-copy.ts';

const STATEMENT_BYTES = 1 << 20;
const STATEMENT_ROWS = 10_000;

/** CSV bytes from which on a COPY is worth its requests. */
const FEW_BYTES = 1 << 20;

type Field = string | null;

/** The rows of what Connection.copyIn takes: NULL is empty, without quotes. */
async function* rowsOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<readonly Field[]> {
  const parser = parse({ cast: (value, { quoting }) => (quoting || value !== '' ? value : null) });
  const source = Readable.from(bytes);
  // pipe() keeps an error of the source to itself.
  source.on('error', (error) => parser.destroy(error));
  yield* source.pipe(parser) as AsyncIterable<readonly Field[]>;
}

const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$/;

/**
 * Numbers and booleans stand without quotes: the rows of one statement agree on a type, and a text is not said to become
 * another there. Any other value is a text that the column's own type takes; a SUPER would be a string.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_INSERT_30.html
 */
const valueSql = (value: Field, type: string): string => {
  if (value === null) return 'null';
  if (type === 'super') return `json_parse(${literal(value)})`;
  if (type === 'boolean') return /^(?:true|false)$/i.test(value) ? value : literal(value);
  return isNumeric(type) && NUMBER.test(value) ? value : literal(value);
};

const isNumeric = (type: string): boolean => /^(?:smallint|integer|bigint|numeric|decimal|real|double precision)\b/.test(type);

/** By the one way or the other; as `insertRows`. */
export const rowsInto =
  (work: WorkPlace): SendRows =>
  async (run, into, columns, bytes, signal = new AbortController().signal) => {
    const { uri } = work;
    if (uri === undefined) return insertRows(run, into, columns, bytes);
    const chunks = bytes[Symbol.asyncIterator]();
    const first: Uint8Array[] = [];
    let size = 0;
    while (size < FEW_BYTES) {
      const next = await chunks.next();
      if (next.done) break;
      // Its memory may be used again for the next one.
      first.push(Uint8Array.from(next.value));
      size += next.value.length;
    }
    const all = async function* (): AsyncGenerator<Uint8Array, void> {
      yield* first;
      yield* { [Symbol.asyncIterator]: () => chunks };
    };
    return size < FEW_BYTES ? insertRows(run, into, columns, all()) : copyRows(run, { ...work, uri }, into, columns, all(), signal);
  };

/** All rows or none only within a transaction of the caller: each statement is one of its own. */
async function insertRows(
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
