// One session of a client: its messages in, answers out. Statements are admitted by the grammar, translated by the tree, and
// run on a session of its own on the real server, whose transaction is this session's.

import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { all, type CheckedStatement, check, type QualifiedName, type Statement, scopesOf } from '../../src/lint/redshift/index.ts';
import { copyFrom } from './copy/copy.ts';
import type { Database } from './database.ts';
import { positionOf, Refused, redshiftError } from './errors.ts';
import { planner, type Step, stepsOf, written } from './plan.ts';
import { asRedshift } from './result-types.ts';
import { stored } from './translate/names.ts';
import { Translated, Untranslated } from './translate/pieces.ts';
import { contextOf, type Facts, translate } from './translate/translate.ts';
import type { Upstream } from './upstream.ts';
import {
  commandComplete,
  cstring,
  emptyQuery,
  encode,
  errorResponse,
  type Message,
  message,
  ready,
  type ServerError,
  valuesOf,
} from './wire.ts';

/** https://docs.aws.amazon.com/redshift/latest/dg/c_redshift-sql.html */
const MAX_STATEMENT_BYTES = 16 << 20;
/** https://github.com/aws/amazon-redshift-python-driver/issues/165 */
const MEANWHILE_MS = 300;
const MAX_PARAMETERS = 32_767;

type Ask = (sql: string) => Promise<readonly Message[]>;

/** The connection is cut, as a fault asks. */
class Cut extends Error {}

interface Prepared {
  readonly sql: string;
  readonly statement: CheckedStatement | undefined;
  readonly types: Buffer;
}

export class Session {
  /** Its client is gone, and what it asked for is still being done. */
  isBusy = false;
  /** Between BEGIN and its end. */
  #inTransaction = false;
  #cursor: string | undefined;
  #lastCopy = { id: -1, rows: 0 };
  readonly #prepared = new Map<string, Prepared>();
  #batch: Message[] = [];

  constructor(
    readonly id: number,
    private readonly user: string,
    private readonly socket: Socket,
    readonly upstream: Upstream,
    private readonly database: Database,
  ) {}

  async take(one: Message): Promise<void> {
    if (one.type === 'Q') return this.#answered(() => this.#simple(text(one.body)));
    if (one.type === 'X') return void this.socket.end();
    if (one.type !== 'S') return void this.#batch.push(one);
    const batch = this.#batch;
    this.#batch = [];
    return this.#answered(() => this.#extended(batch));
  }

  async #answered(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof Cut) {
        this.upstream.close();
        this.socket.destroy();
        return;
      }
      this.#send([errorResponse(error instanceof Refused ? error.error : broken(error))]);
    }
    this.#send([ready(this.upstream.status as 'I' | 'T' | 'E')]);
  }

  #send(messages: readonly Message[]): void {
    if (!this.socket.destroyed) this.socket.write(Buffer.concat(messages.map(encode)));
  }

  /** Several statements are one transaction, unless they say otherwise. */
  async #simple(sql: string): Promise<void> {
    const statements = this.#admitted(sql);
    if (statements.length === 0) return this.#send([emptyQuery()]);
    const implicit = statements.length > 1 && !this.#inTransaction;
    if (implicit) await this.#plain('begin');
    try {
      for (const statement of statements) await this.#statement(sql, statement, (text) => this.upstream.query(text));
      if (!this.#inTransaction && this.upstream.status !== 'I') await this.#plain('commit');
    } catch (error) {
      if (!this.#inTransaction && this.upstream.status !== 'I' && !(error instanceof Cut)) await this.#plain('rollback');
      throw error;
    }
  }

  /** Parse, Bind, Describe and Execute of one statement, as drivers send them when a query has parameters. */
  async #extended(batch: readonly Message[]): Promise<void> {
    const rest: Message[] = [];
    let named: string | undefined;
    for (const one of batch) {
      if (one.type === 'P') {
        const [name = '', sql = ''] = one.body.toString('utf8').split('\0', 2);
        const statements = this.#admitted(sql);
        if (statements.length > 1)
          throw new Refused({ sqlstate: '42601', message: 'cannot insert multiple commands into a prepared statement' });
        const types = one.body.subarray(Buffer.byteLength(name) + Buffer.byteLength(sql) + 2);
        this.#prepared.set(name, { sql, statement: statements[0], types: Buffer.from(types) });
        named ??= name;
      } else if (one.type === 'B' || one.type === 'D' || one.type === 'E') {
        if (one.type === 'B') named = one.body.toString('utf8').split('\0', 2)[1];
        rest.push(one);
      } else if (one.type !== 'H' && one.type !== 'C')
        throw new Refused(refusal('0A000', `the stand-in does not know the message ${one.type}`));
    }
    if (rest.length === 0) return this.#send([message('1')]);
    const prepared = this.#prepared.get(named ?? '');
    if (!prepared) throw new Refused({ sqlstate: '26000', message: `prepared statement "${named}" does not exist` });
    if (!prepared.statement) return this.#send([message('1'), message('2'), emptyQuery()]);
    const bind = rest.find(({ type }) => type === 'B');
    const count = bind ? parameterCount(bind.body) : 0;
    if (count > MAX_PARAMETERS) throw new Refused({ sqlstate: '42P02', message: `there is no parameter $${count - 65_536}` });
    // The statement has no name upstream.
    const renamed = rest.map((one) => (one.type === 'B' ? unnamed(one) : one));
    await this.#statement(prepared.sql, prepared.statement, (text) => this.upstream.extended(text, prepared.types, renamed));
  }

  /** A text of which the grammar does not understand a part is refused as a whole, before anything runs. */
  #admitted(sql: string): readonly CheckedStatement[] {
    if (Buffer.byteLength(sql) > MAX_STATEMENT_BYTES)
      throw new Refused(refusal('54000', 'Statement is too large. Statement Size: over 16777216 bytes. Maximum Allowed: 16777216 bytes'));
    const statements = check(sql, { state: { inTransaction: this.#inTransaction, cursor: this.#cursor } });
    const unknown = statements.find(({ tree }) => !tree);
    if (unknown) {
      this.database.transcript.push({ session: this.id, sql, kind: undefined, outcome: 'refused' });
      throw this.#refusedBy(sql, unknown);
    }
    return statements;
  }

  #refusedBy(sql: string, { findings }: CheckedStatement): Refused {
    const finding = findings.find(({ severity }) => severity === 'error');
    return new Refused({
      sqlstate: finding?.sqlstate ?? '42601',
      message: finding?.says ?? 'syntax error',
      position: positionOf(sql, finding?.offset ?? 0),
    });
  }

  async #statement(sql: string, checked: CheckedStatement, ask: Ask): Promise<void> {
    const tree = checked.tree as Statement;
    const entry = { session: this.id, sql: sql.slice(checked.start, checked.end), kind: checked.kind, outcome: 'running' };
    this.database.transcript.push(entry);
    try {
      await this.#performed(sql, checked, tree, ask);
      entry.outcome = 'done';
    } catch (error) {
      entry.outcome = error instanceof Refused ? error.error.sqlstate : error instanceof Cut ? 'lost' : 'broken';
      throw error;
    }
  }

  async #performed(sql: string, checked: CheckedStatement, tree: Statement, ask: Ask): Promise<void> {
    const command = tree.kind === 'command' ? tree.command : undefined;
    if (this.upstream.status === 'E' && command !== 'rollback' && command !== 'commit')
      throw new Refused({ sqlstate: '25P02', message: 'current transaction is aborted, commands ignored until end of transaction block' });
    const fault = this.database.faultFor(checked, sql);
    try {
      if (checked.refused) throw this.#refusedBy(sql, checked);
      if (fault && 'error' in fault) throw new Refused(fault.error);
      if (fault?.cut === 'before') throw new Cut('before');
      if (fault?.cut === 'meanwhile') {
        this.isBusy = true;
        this.socket.destroy();
        await sleep(MEANWHILE_MS);
      }
      if (command === 'begin') await this.#begin();
      else if (command === 'commit' || command === 'rollback') await this.#end(command);
      else if (command === 'truncate') await this.#truncate(sql, tree, ask);
      else if (tree.kind === 'copy') await this.#unit(() => this.#copy(sql, tree));
      else await this.#unit(() => this.#run(sql, tree, ask), isAlone(tree));
    } catch (error) {
      if (!(error instanceof Refused) && !(error instanceof Untranslated)) throw error;
      await this.#fail();
      if (error instanceof Refused) throw error;
      throw new Refused({ sqlstate: '0A000', message: error.message, position: positionOf(sql, error.at) });
    }
    if (fault && 'cut' in fault) throw new Cut('after');
  }

  /** An error that was not Postgres' ends the transaction all the same. */
  async #fail(): Promise<void> {
    if (this.upstream.status === 'T') await this.upstream.query(`do $$ begin raise exception 'refused'; end $$`);
  }

  async #begin(): Promise<void> {
    if (this.upstream.status === 'I') await this.#plain('begin');
    this.#inTransaction = true;
    this.#send([commandComplete('BEGIN')]);
  }

  async #end(command: 'commit' | 'rollback'): Promise<void> {
    const failed = this.upstream.status === 'E';
    this.#inTransaction = false;
    if (this.upstream.status !== 'I') await this.#plain(command);
    this.#send([commandComplete(command === 'rollback' || failed ? 'ROLLBACK' : 'COMMIT')]);
  }

  /** It ends the transaction around it. https://docs.aws.amazon.com/redshift/latest/dg/r_TRUNCATE.html */
  async #truncate(sql: string, tree: Statement, ask: Ask): Promise<void> {
    if (this.upstream.status === 'T') await this.#plain('commit');
    this.#inTransaction = false;
    await this.#unit(() => this.#run(sql, tree, ask));
  }

  /** All steps of a statement or none, outside of a transaction as well. */
  async #unit(work: () => Promise<void>, alone = false): Promise<void> {
    if (alone || this.upstream.status !== 'I') return work();
    await this.#plain('begin');
    try {
      await work();
    } catch (error) {
      if (this.upstream.status !== 'I') await this.#plain('rollback');
      throw error;
    }
    await this.#plain('commit');
  }

  /** What the stand-in says to the server on its own: begin, commit, rollback. */
  async #plain(sql: string): Promise<void> {
    const answer = await this.upstream.query(sql);
    const failed = answer.find(({ type }) => type === 'E');
    if (failed) throw new Refused(redshiftError(failed, sql, new Translated()));
  }

  /** The table that is written is locked before the statement's snapshot is taken. */
  async #lock(sql: string, table: QualifiedName | undefined): Promise<void> {
    if (!table) return;
    const plan = planner(sql, this.#facts(new Map()));
    await this.#step(sql, plan.run(`lock table only ${plan.relation(table)} in share row exclusive mode`, table.start), (text) =>
      this.upstream.query(text),
    );
  }

  async #run(sql: string, tree: Statement, ask: Ask): Promise<void> {
    if (this.upstream.status === 'T' && readsLogs(tree)) return this.#aside((aside) => this.#answer(sql, tree, aside));
    await this.#lock(sql, written(tree));
    return this.#answer(sql, tree, ask);
  }

  /** The server's records of loads are no tables: a transaction sees those that came after its snapshot, its own as well. */
  async #aside(work: (ask: Ask) => Promise<void>): Promise<void> {
    const other = await this.upstream.another();
    try {
      await work((text) => other.query(text));
    } finally {
      other.close();
    }
  }

  async #answer(sql: string, tree: Statement, ask: Ask): Promise<void> {
    const facts = await this.#knownFacts(tree);
    const answers: Message[] = [];
    try {
      for (const step of stepsOf(tree, planner(sql, facts, tree))) {
        const messages = await this.#step(sql, step, step.answers ? ask : (text) => this.upstream.query(text));
        if (step.answers) for (const message of step.tag === undefined ? messages : tagged(messages, step.tag, tree)) answers.push(message);
      }
    } catch (error) {
      throw (await this.#hasMoved(tree, facts)) ? new Refused(refusal('XX000', 'could not open relation with OID 100100')) : error;
    }
    if (tree.kind === 'create-view' && tree.noSchemaBinding) this.database.hasLateViews = true;
    // After the last step: a client must not hear of success before it is certain.
    this.#send(asRedshift(answers));
  }

  async #step(sql: string, step: Step, ask: Ask): Promise<readonly Message[]> {
    const answer = await ask(step.sql.text);
    const failed = answer.find(({ type }) => type === 'E');
    if (failed) throw new Refused(withPlace(redshiftError(failed, sql, step.sql), sql, step));
    return answer.filter(({ type }) => type !== 'N');
  }

  async #copy(sql: string, tree: Extract<Statement, { kind: 'copy' }>): Promise<void> {
    await this.#lock(sql, tree.table).catch((error: unknown) => {
      if (!(error instanceof Refused) || !['42P01', '3F000'].includes(error.error.sqlstate)) throw error;
      const name = tree.table.parts.at(-1)?.value;
      throw new Refused({ sqlstate: 'XX000', message: `Cannot COPY into nonexistent table ${name}` });
    });
    const plan = planner(sql, this.#facts(new Map()));
    const loaded = await copyFrom(tree, plan, this.upstream, this.database, {
      started: (id) => {
        this.#lastCopy = { id, rows: 0 };
      },
    });
    this.#lastCopy = loaded;
    this.#send([loaded.notice, commandComplete('COPY')]);
  }

  #facts(lateViews: ReadonlyMap<string, string>, lateColumns?: string): Facts {
    return {
      user: this.user,
      database: this.database.name,
      roles: this.database.roles,
      lastCopy: this.#lastCopy,
      lateViews,
      ...(lateColumns !== undefined && { lateColumns }),
    };
  }

  /** What a name means changed between the question for late-binding views and the statement. */
  async #hasMoved(tree: Statement, { lateViews }: Facts): Promise<boolean> {
    if (this.upstream.status !== 'I') return false;
    const now = await this.#knownFacts(tree);
    return JSON.stringify([...now.lateViews]) !== JSON.stringify([...lateViews]);
  }

  /** With the late-binding views that the statement reads, and that those read. */
  async #knownFacts(tree: Statement): Promise<Facts> {
    const asksColumns = all(tree, 'call').some(({ name }) => name.parts.at(-1)?.value.toLowerCase() === 'pg_get_late_binding_view_cols');
    if (!this.database.hasLateViews || (!asksColumns && scopesOf(tree).every(({ relations }) => relations.length === 0)))
      return this.#facts(new Map());
    const answer = await this.upstream.query(
      'select n.nspname, c.relname, v.query, pg_catalog.pg_table_is_visible(c.oid) from stand_in.views as v join pg_catalog.pg_class as c on c.oid = v.relid join pg_catalog.pg_namespace as n on n.oid = c.relnamespace where v.late',
    );
    const views = rowsOf(answer).map(([schema, name, query, isVisible]) => ({
      key: `${schema}.${name}`,
      name: name ?? '',
      query: query ?? '',
      isVisible,
    }));
    const texts = new Map(views.map(({ key, query }) => [key, query]));
    const visible = new Map(views.filter(({ isVisible }) => isVisible === 't').map(({ key, name }) => [name, key]));
    const translated = new Map<string, string>();
    const wanted = asksColumns ? [...texts.keys()] : namesRead(tree);
    const translateView = (key: string, depth: number): void => {
      const query = texts.get(key);
      if (query === undefined || translated.has(key)) return;
      if (depth > 50) throw new Refused({ sqlstate: '42P17', message: `infinite recursion detected in rules for relation "${key}"` });
      const inner = check(query)[0]?.tree;
      if (!inner) throw new Error(`the view ${key} was not admitted: ${query}`);
      for (const name of namesRead(inner)) translateView(name, depth + 1);
      translated.set(key, translate(inner, contextOf(query, inner, this.#facts(translated))).text);
    };
    for (const name of wanted) translateView(visible.get(name) ?? name, 0);
    const lateColumns = JSON.stringify([...translated].map(([key, query]) => [...splitKey(key), query]));
    for (const [name, key] of visible) {
      const query = translated.get(key);
      if (query !== undefined) translated.set(name, query);
    }
    if (!asksColumns) return this.#facts(translated);
    return this.#facts(translated, lateColumns);
  }
}

const readsLogs = (tree: Statement): boolean => {
  const names = tree.kind === 'query' ? namesRead(tree) : [];
  return names.length > 0 && names.every((name) => /^(?:pg_catalog\.)?(?:sys|stl)_load_/.test(name));
};

const namesRead = (tree: Statement): string[] =>
  scopesOf(tree).flatMap(({ relations }) =>
    relations.map(({ parts }) =>
      parts
        .slice(-2)
        .map(({ value }) => stored(value))
        .join('.'),
    ),
  );
const splitKey = (key: string): [string, string] => [key.slice(0, key.indexOf('.')), key.slice(key.indexOf('.') + 1)];
const text = (body: Buffer): string => body.toString('utf8', 0, body.length - 1);
const refusal = (sqlstate: string, said: string): ServerError => ({ sqlstate, message: said });
const broken = (error: unknown): ServerError => ({
  sqlstate: 'XX000',
  message: `the stand-in is broken: ${error instanceof Error ? error.stack : String(error)}`,
});

/** A query alone needs no transaction around it; what has several steps, or writes behind a lock, does. */
const isAlone = (tree: Statement): boolean =>
  tree.kind === 'query' ||
  tree.kind === 'set' ||
  tree.kind === 'explain' ||
  (tree.kind === 'command' && ['show', 'reset', 'lock'].includes(tree.command));

/** The statement's own tag; of a question that only makes sure, no rows. */
function tagged(messages: readonly Message[], tag: string, tree: Statement): readonly Message[] {
  const shows = tree.kind === 'command' && tree.command === 'show';
  return messages
    .filter(({ type }) => shows || (type !== 'T' && type !== 'D'))
    .map((one) => (one.type === 'C' ? commandComplete(tag) : one));
}

/** An error without a place is where the step comes from, when it is about a relation. */
function withPlace(error: ServerError, sql: string, step: Step): ServerError {
  const about = ['42P01', '3F000'].includes(error.sqlstate);
  return error.position === undefined && about ? { ...error, position: positionOf(sql, step.sql.sourceOf(1)) } : error;
}

function rowsOf(answer: readonly Message[]): readonly (readonly (string | null)[])[] {
  return answer.filter(({ type }) => type === 'D').map(valuesOf);
}

function parameterCount(body: Buffer): number {
  let at = body.indexOf(0) + 1;
  at = body.indexOf(0, at) + 1;
  const formats = body.readUInt16BE(at);
  return body.readUInt16BE(at + 2 + 2 * formats);
}

function unnamed({ body }: Message): Message {
  const portalEnd = body.indexOf(0) + 1;
  const nameEnd = body.indexOf(0, portalEnd) + 1;
  return message('B', body.subarray(0, portalEnd), cstring(''), body.subarray(nameEnd));
}
