// Servers for pages that go to Postgres, to Redshift and to S3: real ones of the tests, and the stand-in for Redshift. The
// profile that ships is told where they listen; all else of it is as a reader has it.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { environmentOf } from '../s3/support.ts';
import { StandIn } from '../stand-in/stand-in.ts';
import { bucketsOf } from '../stand-in/stores.ts';
import { postgresTarget } from '../support/postgres.ts';
import { S3Server } from '../support/s3-server.ts';
import { repoRoot } from '../support/shared.ts';

/** The bucket of the pages' commands. */
const BUCKET = 'my-sparkify';

export interface Servers {
  readonly env: Readonly<Record<string, string>>;
  /** profiles.example.yml, for these servers. */
  profile(text: string): string;
  close(): Promise<void>;
}

export async function servers(): Promise<Servers> {
  const s3 = await S3Server.start();
  const sample = join(repoRoot, 'sample');
  for (const file of readdirSync(sample, { recursive: true, encoding: 'utf8' }))
    if (statSync(join(sample, file)).isFile()) s3.put(BUCKET, file, readFileSync(join(sample, file)));
  const postgres = await postgresTarget();
  // One name for both databases: the profile says it of each.
  const standIn = await StandIn.start({ objects: bucketsOf(s3), database: postgres.dbname });
  const { user, password } = standIn.target('analytics');
  return {
    env: {
      ...environmentOf(s3),
      DWH_REDSHIFT_HOST: '127.0.0.1',
      DWH_REDSHIFT_USER: String(user),
      DWH_ENV_SECRET_REDSHIFT_PASSWORD: String(password),
      DWH_WORK_URI: `s3://${BUCKET}/dwh-work/`,
      PGHOST: postgres.host,
      PGUSER: postgres.user,
      DWH_ENV_SECRET_POSTGRES_PASSWORD: postgres.password,
    },
    profile: (text) =>
      text
        .replaceAll('port: 5439', `port: ${standIn.port}`)
        .replaceAll('sslmode: verify-full', 'sslmode: disable')
        .replaceAll('port: 5432', `port: ${postgres.port}`)
        .replaceAll('dbname: sparkify', `dbname: ${postgres.dbname}`),
    async close() {
      await standIn.close();
      await s3.close();
    },
  };
}
