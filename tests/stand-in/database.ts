// A database of the real server with the functions and views of the stand-in, a role for each user, and what the stand-in
// writes down of its sessions.
import { readFileSync } from 'node:fs';
import pg from 'pg';
import type { CheckedStatement } from '../../src/lint/redshift/index.ts';
import { onServer, postgresServer } from '../support/postgres.ts';
import type { ServerError } from './wire.ts';

/** How COPY reaches objects. */
export interface ObjectStore {
  /** Keys that begin with the prefix, in order; throws StoreError. */
  list(bucket: string, prefix: string): Promise<readonly string[]>;
  /** undefined: there is none of this key. */
  read(bucket: string, key: string): Promise<Uint8Array | undefined>;
}

/** 'before': the client hears nothing and the statement does not run; 'after': it ran, and the answer never comes. */
/** 'meanwhile': the connection is lost, and the server is still at the statement for a while. */
export type Fault = { readonly error: ServerError } | { readonly cut: 'before' | 'meanwhile' | 'after' };
export interface PlannedFault {
  readonly when: (statement: CheckedStatement, sql: string) => boolean;
  /** The first time it holds is 1. */
  readonly nth?: number;
  readonly fault: Fault;
}

export interface TranscriptEntry {
  readonly session: number;
  readonly sql: string;
  /** undefined: the grammar does not know it. */
  readonly kind: string | undefined;
  /** 'done', 'refused', 'lost', or an SQLSTATE. */
  outcome: string;
}

const TEMPLATE = 'stand_in_template';
let template: Promise<void> | undefined;
let count = 0;

async function makeTemplate(): Promise<void> {
  await onServer('postgres', (client) => client.query(`create database ${TEMPLATE}`));
  await onServer(TEMPLATE, async (client) => {
    for (const file of ['functions.sql', 'views.sql']) await client.query(readFileSync(new URL(file, import.meta.url), 'utf8'));
    await client.query('grant all on schema public to public');
  });
}

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export class Database {
  readonly transcript: TranscriptEntry[] = [];
  /** Each is used once. */
  readonly faults: PlannedFault[] = [];
  readonly #seen = new Map<PlannedFault, number>();
  hasLateViews = false;

  #admin: Promise<pg.Client> | undefined;

  private constructor(
    /** As clients know it. */
    readonly name: string,
    /** As the real server knows it; what the names of its roles begin with. */
    readonly roles: string,
    readonly objects: ObjectStore | undefined,
    /** ARNs that COPY may take; undefined: any. */
    readonly iamRoles: readonly string[] | undefined,
  ) {}

  static async create(name: string, users: readonly string[], objects?: ObjectStore, iamRoles?: readonly string[]): Promise<Database> {
    template ??= makeTemplate();
    await template;
    const real = `stand_in_${count++}`;
    await onServer('postgres', async (client) => {
      await client.query(`create database ${real} template ${TEMPLATE}`);
      await client.query(`alter database ${real} set "stand_in.database" = ${quote(name)}`);
      await client.query(`alter database ${real} set timezone = 'UTC'`);
      await client.query(`alter database ${real} set default_transaction_isolation = 'repeatable read'`);
      for (const [index, user] of users.entries()) {
        // The first one may make others.
        await client.query(`create role ${quote(`${real}/${user}`)} login ${index === 0 ? 'createrole' : ''}`);
        await client.query(`grant create, temporary on database ${real} to ${quote(`${real}/${user}`)}`);
      }
    });
    return new Database(name, real, objects, iamRoles);
  }

  /** A session outside of the clients' transactions: the load history is no part of them. */
  admin(): Promise<pg.Client> {
    const open = async (): Promise<pg.Client> => {
      const { host, port, user } = await postgresServer();
      const client = new pg.Client({ host, port, user, database: this.roles });
      await client.connect();
      return client;
    };
    this.#admin ??= open();
    return this.#admin;
  }

  async close(): Promise<void> {
    await (await this.#admin)?.end();
  }

  faultFor(statement: CheckedStatement, sql: string): Fault | undefined {
    for (const planned of this.faults) {
      if (!planned.when(statement, sql)) continue;
      const seen = (this.#seen.get(planned) ?? 0) + 1;
      this.#seen.set(planned, seen);
      if (seen === (planned.nth ?? 1)) return planned.fault;
    }
    return undefined;
  }
}
