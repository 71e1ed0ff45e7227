// The lease of a target as statements: a table of the state schema with one row, which says who holds the target, and since
// when. Each target has a table of its own: on Redshift two writers of one table are in each other's way, whatever their rows.
// https://docs.aws.amazon.com/redshift/latest/dg/c_serial_isolation.html
import { createHash } from 'node:crypto';
import type { Dialect } from '../adapters/dialect.ts';
import type { Relation } from '../core/relation.ts';
import { type Row, type Statement, statement } from '../core/statement.ts';

/** Who asks for the lease. */
export interface Claim {
  /** Of nobody else. */
  readonly run: string;
  readonly host: string;
  readonly machine: string;
  readonly process: number;
  readonly born: string;
  readonly command: string;
}

/** The row. Times are seconds of the server's clock. */
export interface LeaseRow extends Omit<Claim, 'run'> {
  /** undefined: the target is free, and the rest is of its last holder. */
  readonly holder: string | undefined;
  /** Raised whenever the target goes to another run. */
  readonly token: number;
  readonly startedAt: number;
  /** The last sign of life. */
  readonly beatAt: number;
  readonly now: number;
}

export interface LeaseTable {
  readonly relation: Relation;
  /** The table with its row. */
  readonly create: readonly Statement[];
  /** Ends with the row, as all of them do that are asked for it. */
  readonly read: Statement;
  /** For whom it is free. */
  take(claim: Claim): Statement;
  /** Of this holder, unless there was a sign of life since the row was read. */
  takeOver(claim: Claim, from: LeaseRow): Statement;
  beat(token: number): Statement;
  release(token: number): Statement;
  /** One row while the token is the last one, and nobody raises it until the transaction ends. undefined: no transaction can hold it so. */
  hold(token: number): Statement | undefined;
  rowFrom(rows: readonly Row[]): LeaseRow | undefined;
}

const COLUMNS: readonly [string, string][] = [
  ['token', 'bigint'],
  ['run', 'varchar(64)'],
  ['host', 'varchar(256)'],
  ['machine', 'varchar(256)'],
  ['process', 'bigint'],
  ['born', 'varchar(64)'],
  ['command', 'varchar(256)'],
  ['started', 'bigint'],
  ['beat', 'bigint'],
];

/** Legible, and where that is too long unique by a hash. */
function tableName(schema: string, { ignoresCase, maxIdentifierBytes }: Dialect): string {
  const whole = `lease_${ignoresCase ? schema.toLowerCase() : schema}`;
  if (Buffer.byteLength(whole) <= maxIdentifierBytes) return whole;
  return `lease_${createHash('sha256').update(whole).digest('hex').slice(0, 32)}`;
}

/** `target`: the schema that is held; `place`: where the table is. */
export function leaseTable(dialect: Dialect, place: Pick<Relation, 'database' | 'schema'>, target: string): LeaseTable {
  const relation: Relation = { ...place, identifier: tableName(target, dialect) };
  const table = dialect.relationName(relation);
  const now = `cast(extract(epoch from ${dialect.currentTimestamp}) as bigint)`;
  const text = (value: string): string => dialect.literal(value);
  const names = COLUMNS.map(([name]) => name).join(', ');
  const read = `select ${names}, ${now} from ${table}`;
  /** Both in one round trip: what the row says after the first. */
  const andRead = (sql: string): Statement => statement(`${sql}; ${read}`);
  const claimed = ({ run, host, machine, process, born, command }: Claim): string =>
    `update ${table} set token = token + 1, run = ${text(run)}, host = ${text(host)}, machine = ${text(machine)}, process = ${process}, born = ${text(born)}, command = ${text(command)}, started = ${now}, beat = ${now}`;
  return {
    relation,
    create: [
      ...dialect.createTable(
        relation,
        COLUMNS.map(([name, type]) => ({ name, type: dialect.columnType(type) })),
      ),
      statement(`insert into ${table} (token) values (0)`),
    ],
    read: statement(read),
    take: (claim) => andRead(`${claimed(claim)} where run is null`),
    takeOver: (claim, { holder = '', beatAt }) => andRead(`${claimed(claim)} where run = ${text(holder)} and beat = ${beatAt}`),
    beat: (token) => andRead(`update ${table} set beat = ${now} where token = ${token}`),
    release: (token) => statement(`update ${table} set run = null where token = ${token}`),
    hold: (token) =>
      dialect.holdsRows === undefined ? undefined : statement(`select token from ${table} where token = ${token} ${dialect.holdsRows}`),
    rowFrom([row]) {
      if (!row) return undefined;
      const [token, run, host, machine, process, born, command, startedAt, beatAt, clock] = row;
      return {
        token: Number(token),
        holder: run === null || run === undefined ? undefined : String(run),
        host: String(host ?? ''),
        machine: String(machine ?? ''),
        process: Number(process ?? 0),
        born: String(born ?? ''),
        command: String(command ?? ''),
        startedAt: Number(startedAt ?? 0),
        beatAt: Number(beatAt ?? 0),
        now: Number(clock),
      };
    },
  };
}
