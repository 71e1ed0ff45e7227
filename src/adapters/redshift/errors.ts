// What Redshift says, where it differs from Postgres: nearly all of its errors have the SQLSTATE XX000, and the text tells them
// apart. https://docs.aws.amazon.com/redshift/latest/dg/c_serial_isolation.html
import { DatabaseError } from '../adapter.ts';
import { databaseError as postgresError } from '../postgres/errors.ts';

/** Another transaction was in the way: the whole unit of work may be tried again. */
const TRANSIENT =
  /\b1023\b|serializable isolation violation|could not open relation with OID|conflict with concurrent transaction|\b1018\b.*relation does not exist|concurrent (?:update|delete)/is;
/** https://docs.aws.amazon.com/redshift/latest/dg/cancel_query.html; a statement_timeout reads the same. */
const CANCELLED = /cancel+ed on user'?s request/i;

export function databaseError(error: unknown, sql: string, cancelled: boolean, before = 0): DatabaseError {
  const plain = postgresError(error, sql, cancelled, before);
  const transient = plain.details.transient === true || TRANSIENT.test(plain.message);
  const ended = cancelled && CANCELLED.test(plain.message);
  // DETAIL is a block of the server's own facts: its context and reason say more than its dashes.
  const message = plain.message
    .replaceAll(/\s*-{5,}\s*/g, ' ')
    .replaceAll(/\s*\n\s+/g, ' ')
    .trim();
  return new DatabaseError(
    message,
    { ...plain.details, ...(transient && { transient }), ...(ended && { cancelled: true }) },
    { cause: error },
  );
}
