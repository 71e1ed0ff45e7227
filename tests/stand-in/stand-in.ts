// A server that speaks Redshift's protocol and SQL to clients, before a real Postgres: what its grammar does not admit is
// refused with Redshift's error, what it cannot translate is refused as well, and nothing else reaches Postgres.
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { postgresServer } from '../support/postgres.ts';
import { Database, type ObjectStore, type PlannedFault, type TranscriptEntry } from './database.ts';
import { Session } from './session.ts';
import { Upstream } from './upstream.ts';
import {
  askDigest,
  askPassword,
  authenticationOk,
  backendKey,
  CANCEL_REQUEST,
  encode,
  errorResponse,
  type Message,
  Messages,
  parameterStatus,
  ready,
  SSL_REQUEST,
} from './wire.ts';

export interface StandInOptions {
  /** Passwords by user. Default: admin, 'Secret1'. */
  readonly users?: Readonly<Record<string, string>>;
  readonly database?: string;
  /** Users whose password is kept as sha256, which asks for a way to log in that drivers do not know. */
  readonly digestUsers?: readonly string[];
  /** With the certificate of the fixtures, which says localhost. */
  readonly tls?: boolean;
  readonly objects?: ObjectStore;
  readonly iamRoles?: readonly string[];
}

const PARAMETERS: readonly (readonly [string, string])[] = [
  ['server_version', '8.0.2'],
  ['server_encoding', 'UNICODE'],
  ['client_encoding', 'UNICODE'],
  ['DateStyle', 'ISO, MDY'],
  ['TimeZone', 'UTC'],
  ['integer_datetimes', 'on'],
  ['padb_version', '1.0.117891'],
];
const tlsFile = (name: string): Buffer => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url));

export class StandIn {
  readonly #server: Server;
  readonly #sessions = new Map<number, Session>();
  readonly #sockets = new Set<Socket>();
  #count = 0;

  private constructor(
    private readonly options: StandInOptions,
    private readonly users: Readonly<Record<string, string>>,
    readonly database: Database,
  ) {
    this.#server = createServer((socket) => this.#accept(socket));
  }

  static async start(options: StandInOptions = {}): Promise<StandIn> {
    const users = options.users ?? { admin: 'Secret1' };
    const database = await Database.create(options.database ?? 'dev', Object.keys(users), options.objects, options.iamRoles);
    const standIn = new StandIn(options, users, database);
    await new Promise<void>((done) => standIn.#server.listen(0, '127.0.0.1', done));
    // Sessions keep a process alive; a server that nobody closed does not.
    standIn.#server.unref();
    return standIn;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Every statement so far, in the order of their arrival. */
  get transcript(): readonly TranscriptEntry[] {
    return this.database.transcript;
  }

  plan(...faults: readonly PlannedFault[]): void {
    this.database.faults.push(...faults);
  }

  /** What a profile says of it. */
  target(schema: string): Readonly<Record<string, unknown>> {
    const [[user, password] = ['', '']] = Object.entries(this.users);
    return { type: 'redshift', host: '127.0.0.1', port: this.port, user, password, dbname: this.database.name, schema, sslmode: 'disable' };
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    for (const { upstream } of this.#sessions.values()) upstream.close();
    await new Promise((done) => this.#server.close(done));
    await this.database.close();
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket.setNoDelay());
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => undefined);
    this.#listen(socket, new Messages(true));
  }

  /** One message after the other, each when the one before is answered. */
  #listen(socket: Socket, messages: Messages): void {
    let session: Session | undefined;
    let startup: ReadonlyMap<string, string> | undefined;
    let last: Promise<void> = Promise.resolve();
    const take = async (one: Message): Promise<void> => {
      if (session) return session.take(one);
      if (one.type === 'p') session = await this.#login(socket, startup ?? new Map(), one.body.toString('utf8').replace(/\0$/, ''));
      else if (one.type === '') startup = this.#greet(socket, one.body);
    };
    const data = (chunk: Buffer): void => {
      for (const one of messages.push(chunk)) {
        if (one.type === '' && one.body.length === 4 && one.body.readInt32BE(0) === SSL_REQUEST) {
          if (this.options.tls !== true) socket.write('N');
          else {
            socket.off('data', data);
            socket.write('S');
            const secure = new TLSSocket(socket, { isServer: true, cert: tlsFile('server.crt'), key: tlsFile('server.key') });
            secure.on('error', () => undefined);
            this.#listen(secure, new Messages(true));
            return;
          }
        } else if (one.type === '' && one.body.length > 8 && one.body.readInt32BE(0) === CANCEL_REQUEST) {
          this.#cancel(one.body);
          socket.end();
        } else last = last.then(() => take(one)).catch(() => void socket.destroy());
      }
    };
    socket.on('data', data);
    socket.on('close', () => {
      if (!session) return;
      this.#sessions.delete(session.upstream.pid);
      if (!session.isBusy) session.upstream.close();
    });
  }

  #cancel(body: Buffer): void {
    const { upstream } = this.#sessions.get(body.readInt32BE(4)) ?? {};
    if (upstream?.secret.equals(body.subarray(8))) upstream.cancel();
  }

  #greet(socket: Socket, body: Buffer): ReadonlyMap<string, string> {
    const words = body.toString('utf8', 4).split('\0');
    const startup = new Map<string, string>();
    for (let at = 0; at + 1 < words.length && words[at] !== ''; at += 2) startup.set(words[at] ?? '', words[at + 1] ?? '');
    const digest = this.options.digestUsers?.includes(startup.get('user') ?? '') === true;
    socket.write(encode(digest ? askDigest() : askPassword()));
    return startup;
  }

  async #login(socket: Socket, startup: ReadonlyMap<string, string>, password: string): Promise<Session | undefined> {
    const user = startup.get('user') ?? '';
    const database = startup.get('database') ?? user;
    const refuse = (sqlstate: string, message: string): undefined => {
      socket.end(encode(errorResponse({ sqlstate, message, severity: 'FATAL' })));
      return undefined;
    };
    if (this.users[user] !== password) return refuse('28000', `password authentication failed for user "${user}"`);
    if (database !== this.database.name) return refuse('3D000', `database "${database}" does not exist`);
    const { host, port } = await postgresServer();
    const upstream = await Upstream.open({ host, port, user: `${this.database.roles}/${user}`, database: this.database.roles });
    const session = new Session(this.#count++, user, socket, upstream, this.database);
    this.#sessions.set(upstream.pid, session);
    upstream.ended = () => void socket.destroy();
    for (const [name, value] of startupSettings(startup)) await upstream.query(`set ${name} to ${value}`);
    socket.write(
      Buffer.concat(
        [
          authenticationOk(),
          ...PARAMETERS.map(([name, value]) => parameterStatus(name, value)),
          backendKey(upstream.pid, upstream.secret),
          ready('I'),
        ].map(encode),
      ),
    );
    return session;
  }
}

/** `options: -c search_path=a,b`, the one that drivers send. */
function startupSettings(startup: ReadonlyMap<string, string>): readonly (readonly [string, string])[] {
  const path = /^-c search_path=((?:\\.|[^ \\])*)$/.exec(startup.get('options') ?? '')?.[1];
  if (path === undefined) return [];
  const names = path.replaceAll(/\\(.)/g, '$1').split(',');
  return [['search_path', names.map((name) => quote(name.trim())).join(', ')]];
}
const quote = (name: string): string => `"${name.toLowerCase().replaceAll('"', '')}"`;
