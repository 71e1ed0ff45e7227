// From a course project's dwh.cfg to the star, with the real binary: the way that docs/from-the-course.md shows, on the stand-in
// of Redshift with the sample on S3, and on DuckDB.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ACCESS_KEY, environmentOf, SECRET_KEY } from '../s3/support.ts';
import { connect } from '../stand-in/client.ts';
import { StandIn } from '../stand-in/stand-in.ts';
import { bucketsOf } from '../stand-in/stores.ts';
import { type CliResult, cli } from '../support/cli.ts';
import { tableOf } from '../support/duckdb.ts';
import { S3Server } from '../support/s3-server.ts';
import { repoRoot } from '../support/shared.ts';
import { tempDir } from '../support/temp-dir.ts';

const test = suite('sparkify: from the course project');

const PASSWORD = 'planted-Password-3';
const ROLE = 'arn:aws:iam::123456789012:role/dwhRole';
/** Rows, of what the course calls staging and star. */
const STAR: Readonly<Record<string, number>> = {
  staging_events: 1450,
  staging_songs: 64,
  fact_songplays: 1208,
  dim_users: 36,
  dim_songs: 63,
  dim_artists: 26,
  dim_time: 1200,
};

const EMPTY = Object.fromEntries(Object.keys(STAR).map((name) => [name, 0]));

interface Course {
  readonly folder: string;
  readonly s3: S3Server;
  readonly standIn: StandIn;
  dwh(...args: readonly string[]): Promise<CliResult>;
  close(): Promise<void>;
}

/** As a student of the course has it filled in. */
const cfg = (port: number): string => `[CLUSTER]
HOST='127.0.0.1'
DB_NAME=dev
DB_USER='Admin'
DB_PASSWORD=${PASSWORD}
DB_PORT=${port}

[CLUSTER_PRO]
#DWH_CLUSTER_TYPE=single-node
DWH_CLUSTER_TYPE=multi-node
DWH_NUM_NODES=4
DWH_NODE_TYPE=dc2.large
DWH_CLUSTER_IDENTIFIER=dwhClusterProject

[IAM_ROLE]
DWH_IAM_ROLE_NAME=dwhRole
ARN='${ROLE}'

[S3]
LOG_DATA='s3://dend/log-data'
LOG_JSONPATH='s3://dend/log_json_path.json'
SONG_DATA='s3://dend/song-data'

[AWS]
ACCESS_KEY=${ACCESS_KEY}
SECRET_KEY=${SECRET_KEY}
ACCESS_REGION = 'us-west-2'
`;

async function course(): Promise<Course> {
  const s3 = await S3Server.start();
  s3.bucket('dend');
  const sample = join(repoRoot, 'sample');
  for (const file of readdirSync(sample, { recursive: true, encoding: 'utf8' }))
    if (statSync(join(sample, file)).isFile()) s3.put('dend', file, readFileSync(join(sample, file)));
  const standIn = await StandIn.start({ users: { admin: PASSWORD }, objects: bucketsOf(s3), iamRoles: [ROLE] });
  const folder = tempDir('course');
  writeFileSync(join(folder, 'dwh.cfg'), cfg(standIn.port));
  const env = { ...environmentOf(s3), DWH_ENV_SECRET_REDSHIFT_PASSWORD: PASSWORD };
  return {
    folder,
    s3,
    standIn,
    dwh: (...args) => cli(args, { cwd: folder, env }),
    async close() {
      await standIn.close();
      s3.close();
    },
  };
}

async function within(work: (course: Course) => Promise<void>): Promise<void> {
  const made = await course();
  try {
    await work(made);
  } finally {
    await made.close();
  }
}

/** The project, for a server of this machine, which has no certificate. */
async function init({ dwh, folder }: Course): Promise<void> {
  const { code, stdout } = await dwh('init', '--from-cfg', 'dwh.cfg');
  assert.is(code, 0, stdout);
  const file = join(folder, 'profiles.yml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('sslmode: verify-full', 'sslmode: disable'));
}

const well = ({ code, stdout, stderr }: CliResult): string => {
  assert.is(code, 0, stdout + stderr);
  return stdout;
};

test('on Redshift: init, parse, compile, build --empty, build, and again', () =>
  within(async (here) => {
    const { dwh, folder, s3, standIn } = here;
    await init(here);
    assert.match(well(await dwh('parse')), 'no mistakes found');
    well(await dwh('compile', '--select', 'fact_songplays'));
    assert.match(readFileSync(join(folder, 'target/compiled/sparkify/models/star/fact_songplays.sql'), 'utf8'), '"analytics"."stg_plays"');
    const client = await connect(standIn, { password: PASSWORD });
    const count = async (): Promise<Readonly<Record<string, number>>> => {
      const [counts = []] = await client.rows(`select ${Object.keys(STAR).map((name) => `(select count(*) from analytics.${name})`)}`);
      return Object.fromEntries(Object.keys(STAR).map((name, index) => [name, Number(counts[index])]));
    };
    const sent = (pattern: RegExp): readonly string[] => standIn.transcript.map(({ sql }) => sql).filter((sql) => pattern.test(sql));

    assert.match(well(await dwh('build', '--empty')), 'ERROR=0');
    assert.equal(await count(), EMPTY);
    assert.equal([s3.requests.length, sent(/^copy/i).length, sent(/load_files/).length], [0, 0, 0]);

    assert.match(well(await dwh('build')), 'ERROR=0');
    const full = await count();
    assert.equal(full, STAR);
    assert.equal([...new Set(sent(/^copy/i).map((sql) => /iam_role '(.*?)'/.exec(sql)?.[1]))], [ROLE]);

    assert.match(well(await dwh('build')), 'no new files');
    assert.equal(await count(), full);
    await client.pg.end();

    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (file === 'dwh.cfg' || !statSync(join(folder, file)).isFile()) continue;
      const bytes = readFileSync(join(folder, file));
      for (const secret of [PASSWORD, ACCESS_KEY, SECRET_KEY]) assert.not.ok(bytes.includes(secret), file);
    }
  }));

test('on DuckDB, without a cluster: build --empty reads no file and keeps no ledger, build loads from S3, and --empty leaves that', () =>
  within(async (here) => {
    const { dwh, folder, s3 } = here;
    await init(here);
    const database = join(folder, 'dwh.duckdb');
    const counts = async (): Promise<Readonly<Record<string, number>>> => {
      const sql = Object.keys(STAR).map((name) => `select '${name}', count(*) from ${name}`);
      return Object.fromEntries((await tableOf(database, sql.join(' union all '))).map(([name, rows]) => [name, Number(rows)]));
    };
    const schemas = 'select distinct table_schema from information_schema.tables';

    well(await dwh('build', '--empty', '--target', 'duckdb'));
    assert.equal(await counts(), EMPTY);
    assert.equal(await tableOf(database, schemas), [['main']]);
    assert.is(s3.requests.length, 0);

    well(await dwh('build', '--target', 'duckdb'));
    assert.equal(await counts(), STAR);

    // Its tests see that the star has lost what staging has.
    assert.is((await dwh('build', '--empty', '--target', 'duckdb')).code, 1);
    const { staging_events, staging_songs, fact_songplays, dim_users } = await counts();
    assert.equal([staging_events, staging_songs, fact_songplays, dim_users], [1450, 64, 1208, 36]);
    well(await dwh('build', '--target', 'duckdb'));
    assert.equal(await counts(), STAR);
  }));

test.run();
