// A way to a Postgres server that can be cut at a statement: before the server hears of it, or before its answer is heard.
import { connect, createServer, type Socket } from 'node:net';

export interface CuttingProxy {
  readonly host: string;
  readonly port: number;
  /** Cuts the next query that has this in it, or the one after so many others; `cuts` counts those that were. */
  cut(query: string, when: 'before' | 'after', others?: number): void;
  readonly cuts: () => number;
  close(): Promise<void>;
}

export async function cuttingProxy(server: { readonly host: string; readonly port: number }): Promise<CuttingProxy> {
  let next: { readonly query: string; readonly when: 'before' | 'after' } | undefined;
  let left = 0;
  let cuts = 0;
  const open = new Set<Socket>();
  const proxy = createServer((client) => {
    const there = connect(server.port, server.host);
    let cutsAnswer = false;
    const end = (): void => {
      client.destroy();
      there.destroy();
    };
    client.on('data', (bytes) => {
      if (next === undefined || !bytes.includes(next.query) || left-- > 0) return void there.write(bytes);
      cuts++;
      cutsAnswer = next.when === 'after';
      next = undefined;
      if (cutsAnswer) there.write(bytes);
      else end();
    });
    there.on('data', (bytes) => {
      if (cutsAnswer) end();
      else client.write(bytes);
    });
    for (const socket of [client, there]) {
      open.add(socket);
      socket.on('error', end);
      socket.on('close', () => {
        open.delete(socket);
        end();
      });
    }
  });
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
  const address = proxy.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return {
    host: '127.0.0.1',
    port: address.port,
    cut(query, when, others = 0) {
      next = { query, when };
      left = others;
    },
    cuts: () => cuts,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((done) => proxy.close(done));
    },
  };
}
