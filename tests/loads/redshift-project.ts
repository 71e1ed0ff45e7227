// A project on the stand-in for Redshift whose source `raw` is loaded from S3; and what came of its loads.
import type { Test } from 'uvu';
import * as assert from 'uvu/assert';
import type { EventBody } from '../../src/core/event.ts';
import { environmentOf, inEnvironment } from '../s3/support.ts';
import { type Client, connect } from '../stand-in/client.ts';
import { brokenByDwh } from '../stand-in/rules.ts';
import { StandIn } from '../stand-in/stand-in.ts';
import { bucketsOf } from '../stand-in/stores.ts';
import { type Fixture, projectOn, type RequestOptions } from '../support/fixture.ts';
import { S3Server } from '../support/s3-server.ts';
import { type Loaded, loadedOf, sourcesYaml, type TableSpec } from './project.ts';

export const ROLE = 'arn:aws:iam::123456789012:role/loader';
export const ofRaw = { schema: 'raw_data' };

export interface Context {
  readonly s3: S3Server;
  readonly standIn: StandIn;
  readonly client: Client;
}
/** A stand-in with buckets `logs` and `work` for all tests of a suite; each begins with nothing in them. */
export function onStandIn(test: Test<Context>): void {
  test.before(async (context) => {
    const s3 = await S3Server.start();
    const standIn = await StandIn.start({ objects: bucketsOf(s3), iamRoles: [ROLE] });
    Object.assign(context, { s3, standIn, client: await connect(standIn) });
  });
  test.after(async ({ s3, standIn, client }) => {
    assert.equal(brokenByDwh(standIn.transcript), {});
    await client.pg.end();
    await standIn.close();
    await s3.close();
  });
  test.before.each(async ({ s3, standIn, client }) => {
    for (const bucket of ['logs', 'work']) {
      s3.bucket(bucket);
      for (const key of s3.keys(bucket, '') ?? []) s3.remove(bucket, key);
    }
    s3.requests.length = 0;
    s3.fault = () => undefined;
    standIn.database.faults.length = 0;
    await client.rows('drop schema if exists raw_data cascade; drop schema if exists _dwh cascade');
  });
}

export const spec = (more: Readonly<Record<string, unknown>> = {}, columns = 'ts:bigint page:varchar(10)'): TableSpec => ({
  columns,
  load: { from: 's3://logs/events', on_error: 'reject', ...more },
});

export interface Project {
  readonly shop: Fixture;
  load(options?: RequestOptions): Promise<Loaded>;
  said(options?: RequestOptions): Promise<readonly EventBody[]>;
}

/** `work`: whether there is a place for manifests. */
export async function loading(
  { s3, standIn }: Context,
  table: TableSpec,
  { work = true, files = {}, schema = 'analytics' } = {},
): Promise<Project> {
  const target = {
    ...standIn.target(schema),
    threads: 2,
    iam_role: ROLE,
    ...(work && { work_uri: 's3://work/dwh' }),
  };
  const shop = await projectOn(target, {
    'project.yml': 'name: shop\nprofile: shop\n',
    'models/sources.yml': sourcesYaml({ events: table }, ofRaw),
    ...files,
  });
  const said = (options: RequestOptions = {}): Promise<readonly EventBody[]> =>
    inEnvironment(environmentOf(s3), () => shop.run('load', options));
  return { shop, said, load: async (options) => loadedOf(await said(options)) };
}

export const rows = ({ client }: Context): Promise<readonly (readonly (string | null)[])[]> =>
  client.rows('select * from raw_data.events order by 1, 2');
export const ledger = ({ client }: Context): Promise<readonly (readonly (string | null)[])[]> =>
  client.rows('select file_key, row_count, reject_count from _dwh.load_files order by 1');
export const copies = ({ standIn }: Context, from = 0): readonly string[] =>
  standIn.transcript.slice(from).flatMap(({ kind, sql }) => (kind === 'copy' ? [sql] : []));
export const put = ({ s3 }: Context, objects: Readonly<Record<string, string | Uint8Array>>): void => {
  for (const [key, content] of Object.entries(objects)) s3.put('logs', key, content);
};
/** The beginnings of the statements of the transaction that copies. */
export function unitOf({ transcript }: StandIn, from: number): readonly string[] {
  const at = transcript.findIndex(({ kind }, index) => index >= from && kind === 'copy');
  const own = transcript.slice(from).filter(({ session }) => session === transcript[at]?.session);
  const copy = own.findIndex(({ kind }) => kind === 'copy');
  const begin = own.slice(0, copy).findLastIndex(({ sql }) => sql === 'begin');
  const commit = own.findIndex(({ sql }, index) => index > copy && sql === 'commit');
  return own.slice(begin, commit + 1).map(({ sql }) =>
    sql
      .replaceAll(/"dev"\.|"/g, '')
      .split(/\s+/)
      .slice(0, 3)
      .join(' '),
  );
}
export const row = (ts: number, page = 'Home'): string => `${JSON.stringify({ ts, page })}\n`;
