// What the stand-in's tests say to it: node-postgres, with values as text.
import pg from 'pg';
import type { StandIn } from './stand-in.ts';

export type Row = readonly (string | null)[];

export interface Client {
  readonly pg: pg.Client;
  readonly notices: string[];
  /** Of the last statement. */
  rows(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** 'SQLSTATE text', or 'done'. */
  outcome(sql: string, values?: readonly unknown[]): Promise<string>;
}

const TEXT = { getTypeParser: () => (value: string) => value } as unknown as pg.CustomTypesConfig;

export async function connect(standIn: StandIn, more: pg.ClientConfig = {}): Promise<Client> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port: standIn.port,
    user: 'admin',
    password: 'Secret1',
    database: 'dev',
    types: TEXT,
    ...more,
  });
  const notices: string[] = [];
  client.on('notice', ({ message }) => notices.push(String(message)));
  client.on('error', () => undefined);
  await client.connect();
  const rows = async (sql: string, values?: readonly unknown[]): Promise<readonly Row[]> => {
    const answer = await client.query({ text: sql, rowMode: 'array', ...(values && { values: [...values] }) });
    return ((Array.isArray(answer) ? answer.at(-1) : answer) as { rows: Row[] }).rows;
  };
  return {
    pg: client,
    notices,
    rows,
    outcome: (sql, values) =>
      rows(sql, values).then(
        () => 'done',
        (error: { code?: string; message: string }) => `${error.code} ${error.message}`,
      ),
  };
}

/** One value. */
export const value = async (client: Client, sql: string): Promise<string | null | undefined> => (await client.rows(sql))[0]?.[0];
