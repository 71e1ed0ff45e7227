// What stands between this machine and the server: a TCP connection, then TLS as Postgres' protocol has it.
// https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL
import { connect, type Socket } from 'node:net';
import { connect as secure } from 'node:tls';

const LIMIT_MS = 10_000;
/** Its length, and the number that asks for TLS. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

export interface Refused {
  readonly why: string;
}

/** An open connection, to be destroyed. */
export function dial(host: string, port: number): Promise<Socket | Refused> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const refuse = (why: string): void => {
      socket.destroy();
      resolve({ why });
    };
    socket.setTimeout(LIMIT_MS, () => refuse(`no answer within ${LIMIT_MS / 1000} s`));
    socket.once('error', (error: NodeJS.ErrnoException) => refuse(error.code ?? error.message));
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}

/** undefined: the server speaks TLS, with a certificate that is good for the host. */
export async function dialTls(host: string, port: number, ca: string | undefined, verify: boolean): Promise<Refused | undefined> {
  const socket = await dial(host, port);
  if ('why' in socket) return socket;
  try {
    return await new Promise((resolve) => {
      const refuse = (error: Error): void => resolve({ why: error.message });
      socket.setTimeout(LIMIT_MS, () => resolve({ why: `no answer within ${LIMIT_MS / 1000} s` }));
      socket.once('error', refuse);
      socket.once('close', () => resolve({ why: 'the connection was closed' }));
      socket.once('data', (answer) => {
        if (answer.toString('latin1', 0, 1) !== 'S') return resolve({ why: 'the server does not speak TLS' });
        const tls = secure({ socket, servername: host, rejectUnauthorized: verify, ...(ca !== undefined && { ca }) });
        tls.once('error', refuse);
        tls.once('secureConnect', () => resolve(undefined));
      });
      socket.write(SSL_REQUEST);
    });
  } finally {
    socket.destroy();
  }
}
