// A database of a server that speaks Postgres' protocol, with its connections. The first one is opened at once, so that a target that cannot be reached is
// found before anything else happens.
import type { Connection, Warehouse } from '../adapter.ts';
import { openClient } from './client.ts';
import { PostgresConnection } from './connection.ts';
import type { PostgresSettings } from './credentials.ts';
import type { Server } from './server.ts';

export async function openPostgres(server: Server, settings: PostgresSettings): Promise<Warehouse> {
  let first: Awaited<ReturnType<typeof openClient>> | undefined = await openClient(server, settings);
  const connections = new Set<Connection>();
  return {
    // Statements wait on sockets, and not on Node's threads: the server's own limit of connections is the only one.
    maxConcurrency: Number.POSITIVE_INFINITY,
    async connect() {
      const client = first ?? (await openClient(server, settings));
      first = undefined;
      const connection = new PostgresConnection(server, settings, (one) => connections.delete(one), client);
      connections.add(connection);
      return connection;
    },
    async close() {
      await Promise.all([...connections].map((connection) => connection.close()));
      await first?.end();
    },
  };
}
