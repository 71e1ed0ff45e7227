// A warehouse that is opened when it is first needed: compile connects only when a template asks.
import type { Connection, Warehouse } from '../../adapters/adapter.ts';
import { type Node, uniqueId } from '../../core/node.ts';
import { queryComment } from '../query-comment.ts';
import type { Run } from '../run.ts';
import { openSession, type Session } from '../session.ts';

export interface LazyConnection {
  /** For what is asked on behalf of the node. */
  readonly session: (node: Node) => Promise<Session>;
  readonly connection: () => Promise<Connection>;
  readonly close: () => Promise<void>;
}

/** `teller`: whose statements these are, in events. */
export function lazyConnection(run: Run, teller = uniqueId('command', run.request.command)): LazyConnection {
  let warehouse: Warehouse | undefined;
  let connection: Connection | undefined;
  const open = async (): Promise<Connection> => {
    warehouse ??= await run.openWarehouse();
    connection ??= await warehouse.connect();
    return connection;
  };
  return {
    connection: open,
    async session(node) {
      return openSession(await open(), teller, run.emit, run.deps.signal, { comment: queryComment(run, node) });
    },
    async close() {
      await connection?.close();
      await warehouse?.close();
    },
  };
}
