// The warehouses that the suite is told to, each with what its scenarios must know: how to get an empty target, and where
// warehouses differ by their nature.
import type { Adapter } from '../../src/adapters/adapter.ts';
import { postgres as postgresAdapter } from '../../src/adapters/postgres/index.ts';
import { duckdbAdapter } from '../adapters/duckdb-target.ts';
import { type CuttingProxy, cuttingProxy } from '../support/cutting-proxy.ts';
import { onServer, postgresTarget } from '../support/postgres.ts';

export interface ConformanceWarehouse {
  readonly name: string;
  readonly adapter: Adapter;
  /** The keys of a target that nobody else has, but for its schema; `more` is added to them. */
  target(): Promise<Readonly<Record<string, unknown>>>;
  /** A target that cannot be reached, and the code of the problem. */
  readonly unreachable: { readonly target: Readonly<Record<string, unknown>>; readonly code: string };
  /** A view is bound to what it reads: to drop that, the view has to go. */
  readonly bindsViews: boolean;
  /** Names in double quotes that differ in case only are two names. */
  readonly keepsCase: boolean;
  /** A query that takes hours, of one column n. */
  readonly endless: string;
  /** The other sessions of a target's database, where it is a server of its own. */
  /** A way to a target's server that can be cut. */
  readonly proxy?: (target: Readonly<Record<string, unknown>>) => Promise<CuttingProxy>;
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
  bindsViews: false,
  keepsCase: false,
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
  bindsViews: true,
  keepsCase: true,
  endless: 'select count(*) as n from generate_series(1, 10000000) as a(x), generate_series(1, 10000000) as b(y) where x * y % 7 = 8',
  proxy: ({ host, port }) => cuttingProxy({ host: String(host), port: Number(port) }),
  sessions: ({ dbname }) => {
    const count = (what: string): Promise<number> =>
      onServer(String(dbname), async (client) => {
        const { rows } = await client.query<{ n: number }>(
          `select count(${what})::int as n from pg_stat_activity where application_name = 'dwh' and datname = current_database()`,
        );
        return rows[0]?.n ?? 0;
      });
    return {
      running: () => count("*) filter (where state <> 'idle'"),
      waiting: () => count("*) filter (where wait_event_type = 'Lock'"),
      terminate: () => count("case when state = 'active' then pg_terminate_backend(pid) end"),
    };
  },
};
