// The warehouses that the suite is told to, each with what its scenarios must know: how to get an empty target, and where
// warehouses differ by their nature.
import * as assert from 'uvu/assert';
import type { Adapter } from '../../src/adapters/adapter.ts';
import { postgres as postgresAdapter } from '../../src/adapters/postgres/index.ts';
import { redshift as redshiftAdapter } from '../../src/adapters/redshift/index.ts';
import { duckdbAdapter } from '../adapters/duckdb-target.ts';
import { brokenByDwh } from '../stand-in/rules.ts';
import { StandIn } from '../stand-in/stand-in.ts';
import { type CuttingProxy, cuttingProxy } from '../support/cutting-proxy.ts';
import { onServer, postgresTarget } from '../support/postgres.ts';
import { numbersTo } from './shop.ts';

export interface ConformanceWarehouse {
  readonly name: string;
  readonly adapter: Adapter;
  /** The keys of a target that nobody else has, but for its schema; `more` is added to them. */
  target(): Promise<Readonly<Record<string, unknown>>>;
  /** A target that cannot be reached, and the code of the problem. */
  readonly unreachable: { readonly target: Readonly<Record<string, unknown>>; readonly code: string };
  /** What becomes of a view of others that is bound to what dwh makes anew; undefined: views are not bound. */
  readonly boundViews: 'made again' | 'in the way' | undefined;
  /** What a reader may be told at the moment when a view, a relation of another kind, or one with other columns takes the place of one. */
  readonly toldWhileReplaced: RegExp | undefined;
  /** Names in double quotes that differ in case only are two names. */
  readonly keepsCase: boolean;
  /** A query that takes hours, of one column n. */
  readonly endless: string;
  /** Functions and triggers can be written in plpgsql. */
  readonly hasPlpgsql: boolean;
  /** How a statement begins that brings rows of the client. */
  readonly bringsRows: string;
  /** A way to a target's server that can be cut. */
  readonly proxy?: (target: Readonly<Record<string, unknown>>) => Promise<CuttingProxy>;
  /** Throws when anything that was said to its targets since it was last asked is against the rules. */
  readonly follows?: () => void;
  /** The other sessions of a target's database, where it is a server of its own. */
  readonly sessions?: (target: Readonly<Record<string, unknown>>) => Sessions;
}

export interface Sessions {
  /** What dwh's sessions do at this moment, their number. */
  running(): Promise<number>;
  /** Those that wait for a lock. */
  waiting(): Promise<number>;
  /** Ends all sessions of dwh that run a statement, and returns their number. */
  terminate(): Promise<number>;
}

export const duckdb: ConformanceWarehouse = {
  name: 'duckdb',
  adapter: duckdbAdapter(),
  target: async () => ({ type: 'duckdb', path: 'dwh.duckdb' }),
  unreachable: { target: { type: 'duckdb', path: 'no/such/folder/dwh.duckdb' }, code: 'database-unreadable' },
  boundViews: undefined,
  toldWhileReplaced: undefined,
  keepsCase: false,
  hasPlpgsql: false,
  bringsRows: '',
  endless: 'select count(*) as n from range(10000000) as a(x), range(10000000) as b(y) where x * y % 7 = 8',
};

export const postgres: ConformanceWarehouse = {
  name: 'postgres',
  adapter: postgresAdapter,
  target: postgresTarget,
  unreachable: {
    target: { type: 'postgres', host: '127.0.0.1', port: 1, user: 'ann', password: 'hunter2', dbname: 'shop', retries: 0 },
    code: 'connection-refused',
  },
  boundViews: 'made again',
  toldWhileReplaced: undefined,
  keepsCase: true,
  hasPlpgsql: true,
  bringsRows: 'copy "',
  endless: 'select count(*) as n from generate_series(1, 10000000) as a(x), generate_series(1, 10000000) as b(y) where x * y % 7 = 8',
  proxy: ({ host, port }) => cuttingProxy({ host: String(host), port: Number(port) }),
  sessions: ({ dbname }) => sessionsOf(String(dbname), "application_name = 'dwh'"),
};

/** How much of each stand-in's transcript was looked at. */
const followed = new Map<StandIn, number>();

/** The stand-ins that were started, by their ports. */
const standIns = new Map<number, StandIn>();
export const standInOf = ({ port }: Readonly<Record<string, unknown>>): StandIn => {
  const found = standIns.get(Number(port));
  if (!found) throw new Error(`there is no stand-in at port ${port}`);
  return found;
};

/** On the stand-in, with one of its own for each target. */
export const redshift: ConformanceWarehouse = {
  name: 'redshift',
  adapter: redshiftAdapter,
  async target() {
    const standIn = await StandIn.start();
    standIns.set(standIn.port, standIn);
    return standIn.target('analytics');
  },
  unreachable: {
    target: { type: 'redshift', host: '127.0.0.1', port: 1, user: 'ann', password: 'hunter2', dbname: 'shop', retries: 0 },
    code: 'connection-refused',
  },
  boundViews: 'in the way',
  // https://docs.aws.amazon.com/redshift/latest/dg/c_serial_isolation.html: the catalogue has no snapshots.
  toldWhileReplaced: /could not open relation with OID|relation "orders" does not exist/,
  keepsCase: false,
  hasPlpgsql: false,
  bringsRows: 'insert into "',
  endless: `select count(*) as n from (${numbersTo(1_000_000)}) as a cross join (${numbersTo(1_000_000)}) as b where a.n % 7 * (b.n % 7) = 77`,
  proxy: ({ host, port }) => cuttingProxy({ host: String(host), port: Number(port) }),
  follows() {
    for (const standIn of standIns.values()) {
      assert.equal(brokenByDwh(standIn.transcript.slice(followed.get(standIn))), {});
      followed.set(standIn, standIn.transcript.length);
    }
  },
  // The sessions behind those of the stand-in; its own are the administrator's.
  sessions: (target) => sessionsOf(standInOf(target).database.roles, "usename <> 'postgres'"),
};

function sessionsOf(database: string, which: string): Sessions {
  const count = (what: string): Promise<number> =>
    onServer(database, async (client) => {
      const { rows } = await client.query<{ n: number }>(
        `select count(${what})::int as n from pg_stat_activity where ${which} and datname = current_database()`,
      );
      return rows[0]?.n ?? 0;
    });
  return {
    running: () => count("*) filter (where state <> 'idle'"),
    waiting: () => count("*) filter (where wait_event_type = 'Lock'"),
    terminate: () => count("case when state = 'active' then pg_terminate_backend(pid) end"),
  };
}
