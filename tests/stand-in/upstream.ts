// A session on the real Postgres behind the stand-in: text in, the messages of its answer out.
import { connect, type Socket } from 'node:net';
import { CANCEL_REQUEST, cstring, encode, type Message, Messages, message, PROTOCOL_3 } from './wire.ts';

export interface UpstreamPlace {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

export class Upstream {
  readonly #messages = new Messages(false);
  #waiting:
    | { readonly answer: Message[]; readonly done: (answer: readonly Message[]) => void; readonly failed: (error: Error) => void }
    | undefined;
  #ended: Error | undefined;
  /** 'I', 'T' or 'E': the server's own view of the transaction. */
  status = 'I';
  /** Parameters that the server reported at the start. */
  readonly parameters = new Map<string, string>();
  pid = 0;
  /** The session on the server has ended. */
  ended = (): void => {};
  /** What a request to cancel has to say. */
  secret = Buffer.alloc(0);

  private constructor(
    private readonly socket: Socket,
    private readonly place: UpstreamPlace,
  ) {
    socket.on('data', (chunk) => {
      for (const one of this.#messages.push(chunk)) this.#take(one);
    });
    const end = (): void => {
      this.#ended = new Error('the server behind the stand-in is gone');
      this.#waiting?.failed(this.#ended);
      this.ended();
    };
    socket.on('error', end);
    socket.on('close', end);
  }

  static async open(place: UpstreamPlace): Promise<Upstream> {
    const { host, port, user, database } = place;
    const socket = connect(port, host).setNoDelay();
    const upstream = new Upstream(socket, place);
    const version = Buffer.alloc(4);
    version.writeInt32BE(PROTOCOL_3);
    const body = Buffer.concat([
      version,
      ...['user', user, 'database', database, 'client_encoding', 'UTF8'].map(cstring),
      Buffer.from([0]),
    ]);
    const greeting = await upstream.#send(encode({ type: '', body }));
    const refused = greeting.find(({ type }) => type === 'E');
    if (refused) throw new Error(`the server behind the stand-in refuses ${database}: ${refused.body.toString('utf8')}`);
    return upstream;
  }

  /** Another session of the same user. */
  another(): Promise<Upstream> {
    return Upstream.open(this.place);
  }

  /** All messages up to, and without, ReadyForQuery. */
  query(sql: string): Promise<readonly Message[]> {
    return this.#send(encode(message('Q', cstring(sql))));
  }

  /** A statement with parameters: the client's own messages, behind the statement. */
  extended(sql: string, types: Buffer, then: readonly Message[]): Promise<readonly Message[]> {
    return this.#send(Buffer.concat([message('P', cstring(''), cstring(sql), types), ...then, message('S')].map(encode)));
  }

  /** What runs now is stopped by the server; nothing happens when nothing runs. */
  cancel(): void {
    const socket = connect(this.place.port, this.place.host);
    socket.on('error', () => undefined);
    const head = Buffer.alloc(8);
    head.writeInt32BE(CANCEL_REQUEST);
    head.writeInt32BE(this.pid, 4);
    socket.end(encode({ type: '', body: Buffer.concat([head, this.secret]) }));
  }

  /** COPY FROM STDIN: `sql` begins it, `data` is all of it. */
  async copy(sql: string, data: Buffer): Promise<readonly Message[]> {
    const frames = [encode(message('Q', cstring(sql)))];
    for (let at = 0; at < data.length; at += 1 << 20) frames.push(encode(message('d', data.subarray(at, at + (1 << 20)))));
    return this.#send(Buffer.concat([...frames, encode(message('c'))]));
  }

  close(): void {
    this.socket.destroy();
  }

  #send(bytes: Buffer): Promise<readonly Message[]> {
    return new Promise((done, failed) => {
      if (this.#ended) return failed(this.#ended);
      this.#waiting = { answer: [], done, failed };
      this.socket.write(bytes);
    });
  }

  #take(one: Message): void {
    if (one.type === 'S') {
      const [name = '', value = ''] = one.body.toString('utf8').split('\0');
      this.parameters.set(name, value);
    } else if (one.type === 'K') {
      this.pid = one.body.readInt32BE(0);
      this.secret = Buffer.from(one.body.subarray(4));
    } else if (one.type === 'Z') {
      this.status = one.body.toString('latin1');
      const waiting = this.#waiting;
      this.#waiting = undefined;
      waiting?.done(waiting.answer);
    } else this.#waiting?.answer.push(one);
  }
}
