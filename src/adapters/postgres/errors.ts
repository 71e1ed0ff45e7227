// What the server or the driver said, as errors of dwh. Codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
import { DwhError, type Problem } from '../../core/problem.ts';
import { DatabaseError } from '../adapter.ts';
import type { PostgresSettings } from './credentials.ts';

/** The fields of pg's own error that are read here. */
interface ServerError extends Error {
  readonly code?: string;
  readonly position?: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly where?: string;
  /** Of the table that a broken constraint belongs to. */
  readonly schema?: string;
}

/** Serialization, deadlock, no lock, shutdown, too many connections, and all that breaks a connection. */
const TRANSIENT = /^(40001|40P01|55P03|57P0[123]|53300|08...)$/;
/** What a statement meant was dropped or changed by another transaction after it was looked up. */
const MOVED = /could not open relation with OID|cache lookup failed|tuple concurrently (?:updated|deleted)/;
/** Of a connection that was lost: connection_failure. */
export const LOST = '08006';
const GOES = /Connection terminated|Client has encountered a connection error|ECONNRESET|EPIPE|ETIMEDOUT|not queryable/i;

export const isLost = (error: unknown): boolean =>
  error instanceof Error &&
  (GOES.test(`${error.message} ${(error as ServerError).code ?? ''}`) || /^57P0[12]$/.test((error as ServerError).code ?? ''));

/** Another transaction was in the way; two that make a relation or a schema at once meet in the server's own catalogue. */
const passes = ({ code = '', message, schema }: ServerError): boolean =>
  TRANSIENT.test(code) || (code === 'XX000' && MOVED.test(message)) || (code === '23505' && schema === 'pg_catalog');

/** The server counts characters from 1; ours are UTF-16 units from 0. */
export function offsetOf(sql: string, position: string | undefined): number | undefined {
  if (position === undefined) return undefined;
  const before = Number(position) - 1;
  let offset = 0;
  for (let count = 0; count < before && offset < sql.length; count++) offset += (sql.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
  return offset;
}

/** What the one who may has to say, of Postgres or Redshift: the server only tells what was not allowed. */
function rightsHint({ code, message }: ServerError): string | undefined {
  if (code !== '42501') return undefined;
  const [, owned] = /must be owner of (.+)$/.exec(message) ?? [];
  if (owned !== undefined) return `Only the owner may change the ${owned}: run as its owner, or hand it over (alter … owner to …).`;
  const [, kind = '', name = ''] = /permission denied for ([a-z ]+?) (\S+)$/.exec(message) ?? [];
  const rights =
    kind === 'schema'
      ? `usage on schema ${name}, and create where dwh is to build there,`
      : kind === 'database'
        ? `create on database ${name}, or the schemas have to be there,`
        : kind === ''
          ? 'what is missing'
          : `what the statement needs (select, insert, update, delete) on ${name}`;
  return `Let the owner or an administrator grant ${rights} to the user of the target.`;
}

/** Tables, views, sequences, indexes and types share their names in a schema; of the latter three dwh replaces none. */
const nameHint = ({ code }: ServerError): string | undefined =>
  code === '42P07' || code === '42710'
    ? 'A table, view, sequence, index or type has that name already: drop it, or choose another one (alias).'
    : undefined;

/** `before`: how much of `sql` stands before the text that the caller gave. */
export function databaseError(error: unknown, sql: string, cancelled: boolean, before = 0): DatabaseError {
  const {
    message,
    code,
    position,
    detail,
    hint = rightsHint(error as ServerError) ?? nameHint(error as ServerError),
  } = error as ServerError;
  const offset = offsetOf(sql, position);
  const lost = isLost(error);
  return new DatabaseError(
    detail === undefined || message.includes(detail) ? message : `${message}: ${detail}`,
    {
      ...(lost ? { code: LOST } : code !== undefined && { code }),
      ...(offset !== undefined && { position: Math.max(0, offset - before) }),
      ...(hint !== undefined && { hint }),
      ...((lost || passes(error as ServerError)) && { transient: true }),
      ...(cancelled && code === '57014' && { cancelled: true }),
    },
    { cause: error },
  );
}

/** An error of COPY: `where` is 'COPY orders, line 3, column quantity: "many"'. */
export function copyError(error: unknown, cancelled: boolean): DatabaseError {
  const plain = databaseError(error, '', cancelled);
  const [, row, column] = /, line (\d+)(?:, column ([^:]*))?/.exec((error as ServerError).where ?? '') ?? [];
  if (row === undefined) return plain;
  const place = `row ${row}${column === undefined ? '' : `, column '${column}'`}`;
  const { position: _, ...details } = plain.details;
  return new DatabaseError(`${place}: ${plain.message}`, details, { cause: error });
}

/** Why there is no connection. */
export function openError(error: unknown, settings: PostgresSettings): DwhError {
  return new DwhError([openProblem(error as ServerError, settings)], { cause: error });
}

function openProblem({ message, code = '' }: ServerError, { host, port, user, database, sslmode }: PostgresSettings): Problem {
  const place = `${host}:${port}`;
  if (code === 'ECONNREFUSED' || code === 'ENOENT') {
    return {
      code: 'connection-refused',
      message: `no server answers at ${place}`,
      hint: "Start it, or correct 'host' and 'port' of the target.",
    };
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return { code: 'connection-host', message: `the host '${host}' is not known`, hint: "Correct 'host' of the target." };
  if (code === 'ETIMEDOUT' || /timeout/i.test(message)) {
    return {
      code: 'connection-timeout',
      message: `no answer from ${place}`,
      hint: 'Check that a firewall or security group lets this machine in, or raise connect_timeout.',
    };
  }
  // https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_USER.html
  if (/authenticationOk message type 13\b/.test(message)) {
    return {
      code: 'connection-login',
      message: `${place} keeps the password of '${user}' as sha256, and asks for it in a way that the driver does not know`,
      hint: `Give '${user}' its password in plain text or as md5 (alter user … password), or use method: iam.`,
    };
  }
  if (/^28/.test(code) || /SASL|password must be a string/.test(message)) {
    return {
      code: 'connection-login',
      message: `${place} refuses the login of '${user}': ${message}`,
      hint: "Correct 'user' and 'password' of the target.",
    };
  }
  if (code === '3D000')
    return {
      code: 'database-missing',
      message: `there is no database '${database}' at ${place}`,
      hint: `Make it (createdb ${database}), or correct 'dbname' of the target.`,
    };
  if (/SSL|certificate|self-signed|altnames|TLS/i.test(message)) {
    return {
      code: 'connection-tls',
      message: `the connection to ${place} cannot be secured (sslmode ${sslmode}): ${message}`,
      hint: "Name the server's root certificate with 'sslrootcert', or choose another sslmode.",
    };
  }
  return { code: 'connection-failed', message: `${place}: ${message}`, hint: "Check the target's keys in profiles.yml." };
}
