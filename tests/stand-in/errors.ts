// Errors of Postgres as Redshift words them: other texts, and XX000 for nearly all that is not Postgres 8's.
// https://docs.aws.amazon.com/redshift/latest/dg/c_serial_isolation.html
import { withLongNames } from './translate/names.ts';
import type { Translated } from './translate/pieces.ts';
import { fieldsOf, type Message, type ServerError } from './wire.ts';

/** What the session answers, where it is no error of Postgres'. */
export class Refused extends Error {
  constructor(readonly error: ServerError) {
    super(error.message);
  }
}

/** From 1, in characters, as the protocol counts. */
export const positionOf = (sql: string, offset: number): number => [...sql.slice(0, offset)].length + 1;

export const serializationError = (table: string): ServerError => ({
  sqlstate: 'XX000',
  message: '1023',
  detail: `Serializable isolation violation on table - ${table}, transactions forming the cycle are: 1001, 1002 (pid:1073)`,
});

export function redshiftError(answer: Message, source: string, sql: Translated): ServerError {
  const fields = fieldsOf(answer);
  const sqlstate = fields.get('C') ?? 'XX000';
  const [said, detail] = [withLongNames(fields.get('M') ?? ''), fields.get('D')];
  const at = Number(fields.get('P'));
  // A table that is asked for before the statement has no place of its own: it is where the statement names it.
  const place = at > 0 ? sql.sourceOf(at) : undefined;
  const position = place === undefined ? {} : { position: positionOf(source, place) };
  const plain = { sqlstate, message: said, ...(detail !== undefined && { detail }), ...position };
  switch (sqlstate) {
    case '23514': {
      const bytes = /^stand_in bytes \d+ (\d+)$/.exec(fields.get('n') ?? '')?.[1];
      return bytes === undefined ? plain : { sqlstate: '22001', message: `value too long for type character varying(${bytes})` };
    }
    case '23502':
      return { sqlstate: 'XX000', message: `Cannot insert a NULL value into column ${fields.get('c') ?? ''}` };
    // Two that make a schema or a relation at once.
    case '23505':
      return fields.get('s') === 'pg_catalog' ? serializationError(fields.get('t') ?? '') : plain;
    case '40001':
      return serializationError(/relation "([^"]+)"/.exec(said)?.[1] ?? '100100');
    case '21000':
      return said.startsWith('MERGE') ? { sqlstate: 'XX000', message: 'Found multiple matches to update the same tuple.' } : plain;
    // What depends on it is not said. https://github.com/SQLMesh/sqlmesh/issues/1446
    case '2BP01':
      return { sqlstate, message: said, ...position };
    case '57014':
      return { sqlstate, message: "Query (150) cancelled on user's request" };
    case '22003':
      return said.includes('numeric field overflow') ? { ...plain, message: 'Numeric data overflow (result precision)' } : plain;
    default:
      return plain;
  }
}
