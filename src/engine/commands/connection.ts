// A warehouse that is opened when it is first needed: compile connects only when a template asks.
import type { Connection, Warehouse } from '../../adapters/adapter.ts';
import { uniqueId } from '../../core/node.ts';
import type { Run } from '../run.ts';
import { openSession, type Session } from '../session.ts';

export interface LazyConnection {
  readonly session: () => Promise<Session>;
  readonly close: () => Promise<void>;
}

/** `node`: whose statements these are, in events. */
export function lazyConnection(run: Run, node = uniqueId('command', run.request.command)): LazyConnection {
  let warehouse: Warehouse | undefined;
  let connection: Connection | undefined;
  return {
    async session() {
      warehouse ??= await run.openWarehouse();
      connection ??= await warehouse.connect();
      return openSession(connection, node, run.emit, run.deps.signal);
    },
    async close() {
      await connection?.close();
      await warehouse?.close();
    },
  };
}
