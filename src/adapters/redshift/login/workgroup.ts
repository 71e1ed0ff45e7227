// Credentials for a Serverless workgroup; the database user is the AWS identity's own.
// https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_GetCredentials.html
import { GetCredentialsCommand, RedshiftServerlessClient } from '@aws-sdk/client-redshift-serverless';
import type { RedshiftSettings } from '../credentials.ts';
import { clientOptions, DURATION_S, type Temporary, temporary } from './temporary.ts';

export async function fromWorkgroup(settings: RedshiftSettings, now: number): Promise<Temporary> {
  const client = new RedshiftServerlessClient(await clientOptions(settings));
  try {
    const { dbUser, dbPassword, expiration } = await client.send(
      new GetCredentialsCommand({ workgroupName: settings.workgroup, dbName: settings.database, durationSeconds: DURATION_S }),
    );
    return temporary(dbUser, dbPassword, expiration, now);
  } finally {
    client.destroy();
  }
}
