// A way to a Postgres server that can be cut at a commit: before the server hears of it, or before its answer is heard.
import { connect, createServer, type Socket } from 'node:net';

export interface CuttingProxy {
  readonly host: string;
  readonly port: number;
  /** Cuts a commit, the next one or one after so many others; `cuts` counts those that were. */
  cutCommit(when: 'before' | 'after', others?: number): void;
  readonly cuts: () => number;
  close(): Promise<void>;
}

/** As a simple query says it: https://www.postgresql.org/docs/current/protocol-message-formats.html */
const COMMIT = Buffer.from('commit\0');

export async function cuttingProxy(server: { readonly host: string; readonly port: number }): Promise<CuttingProxy> {
  let next: 'before' | 'after' | undefined;
  let left = 0;
  let cuts = 0;
  const open = new Set<Socket>();
  const proxy = createServer((client) => {
    const there = connect(server.port, server.host);
    let cutsAnswer = false;
    const cut = (): void => {
      client.destroy();
      there.destroy();
    };
    client.on('data', (bytes) => {
      if (next === undefined || !bytes.includes(COMMIT) || left-- > 0) return void there.write(bytes);
      cuts++;
      cutsAnswer = next === 'after';
      next = undefined;
      if (cutsAnswer) there.write(bytes);
      else cut();
    });
    there.on('data', (bytes) => {
      if (cutsAnswer) cut();
      else client.write(bytes);
    });
    for (const socket of [client, there]) {
      open.add(socket);
      socket.on('error', cut);
      socket.on('close', () => {
        open.delete(socket);
        cut();
      });
    }
  });
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
  const address = proxy.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return {
    host: '127.0.0.1',
    port: address.port,
    cutCommit(when, others = 0) {
      next = when;
      left = others;
    },
    cuts: () => cuts,
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((done) => proxy.close(done));
    },
  };
}
