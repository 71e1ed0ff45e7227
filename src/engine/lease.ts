// One run at a time on a target that several processes can write to. The lease is a row in the warehouse: the holder gives a
// sign of life every ten seconds, and each transaction of it makes sure, last of all, that the lease was not taken over.
import type { Connection, Warehouse } from '../adapters/adapter.ts';
import type { Emit } from '../core/event.ts';
import { fail, type Problem } from '../core/problem.ts';
import type { Result, Statement } from '../core/statement.ts';
import type { LeaseRow, LeaseTable } from './lease-table.ts';
import { lost, silent } from './lease-words.ts';

export interface LeaseTimes {
  readonly beatMs: number;
  /** Without a sign of life for so long, a holder is taken for dead, and takes itself for it. */
  readonly silentMs: number;
  /** Between two looks at a lease that is waited for. */
  readonly pollMs: number;
}
export const LEASE_TIMES: LeaseTimes = { beatMs: 10_000, silentMs: 60_000, pollMs: 1000 };

export interface Held {
  readonly emit: Emit;
  readonly warehouse: Warehouse;
  readonly table: LeaseTable;
  readonly token: number;
  readonly times: LeaseTimes;
}

export class Lease {
  readonly #stop = new AbortController();
  /** Of its own, so that no statement of a node is in its way; opened when it is first needed. */
  #connection: Promise<Connection> | undefined;
  /** One statement at a time. */
  #last: Promise<unknown> = Promise.resolve();
  /** How many times it was time for a sign of life since one was sent that has no answer yet. */
  #unanswered = 0;
  #lost: Problem | undefined;
  /** Lost, or given back. */
  #ended = false;
  readonly #beats: ReturnType<typeof setInterval>;
  #death: ReturnType<typeof setTimeout>;

  constructor(private readonly held: Held) {
    this.#beats = setInterval(() => void this.#beat(), held.times.beatMs).unref();
    this.#death = this.#deathIn(held.times.silentMs);
  }

  /** Aborted when the lease is lost. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  get lost(): Problem | undefined {
    return this.#lost;
  }

  /** Before the commit of a transaction on `connection`: throws DwhError when another run has taken over. */
  async check(connection: Connection): Promise<void> {
    if (!this.#lost) {
      const { table, token } = this.held;
      const hold = table.hold(token);
      const isHeld = hold ? (await connection.run(hold)).rowCount > 0 : (await this.#read(table.read))?.token === token;
      if (!isHeld) this.#lose(lost(await this.#read(table.read).catch(() => undefined)));
    }
    if (this.#lost) fail(this.#lost);
  }

  /** On a connection that has nothing else to do. */
  async release(connection: Connection): Promise<void> {
    this.#end();
    if (this.#lost) return;
    const sql = this.held.table.release(this.held.token);
    try {
      // A session that was lost is opened anew by the second one.
      await connection.run(sql).catch(() => connection.run(sql));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.held.emit({ type: 'note', level: 'debug', message: `The lease was not given back; the next run takes it over: ${reason}` });
    }
  }

  async #beat(): Promise<void> {
    if (this.#unanswered > 0) return this.#probe();
    this.#unanswered = 1;
    const row = await this.#read(this.held.table.beat(this.held.token)).catch(() => undefined);
    this.#unanswered = 0;
    if (!row) return;
    if (row.token !== this.held.token) this.#lose(lost(row));
    else this.#live();
  }

  /** The last sign of life waits in a queue of the server's, or its connection hangs: a new connection tells whether the server is there. */
  async #probe(): Promise<void> {
    this.#unanswered++;
    try {
      await (await this.held.warehouse.connect()).close();
    } catch {
      return;
    }
    this.#live();
    if (this.#unanswered * this.held.times.beatMs > this.held.times.silentMs) this.#abandon();
  }

  #live(): void {
    clearTimeout(this.#death);
    if (!this.#ended) this.#death = this.#deathIn(this.held.times.silentMs);
  }

  async #read(sql: Statement): Promise<LeaseRow | undefined> {
    return this.held.table.rowFrom((await this.#ask(sql)).rows);
  }

  #ask(sql: Statement): Promise<Result> {
    const answer = this.#last.then(async () => (await this.#open()).run(sql));
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  async #open(): Promise<Connection> {
    const opening = this.#connection ?? this.held.warehouse.connect();
    this.#connection = opening;
    try {
      return await opening;
    } catch (error) {
      if (this.#connection === opening) this.#connection = undefined;
      throw error;
    }
  }

  #abandon(): void {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#last = Promise.resolve();
    this.#unanswered = 0;
    connection?.then((one) => one.close()).catch(() => undefined);
  }

  #deathIn(ms: number): ReturnType<typeof setTimeout> {
    return setTimeout(() => this.#lose(silent(Math.round(ms / 1000))), ms).unref();
  }

  #end(): void {
    this.#ended = true;
    clearInterval(this.#beats);
    clearTimeout(this.#death);
  }

  #lose(problem: Problem): void {
    if (this.#ended) return;
    this.#end();
    this.#lost = problem;
    this.held.emit({ type: 'problems', problems: [problem] });
    this.#stop.abort();
  }
}
