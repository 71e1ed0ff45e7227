// Credentials for a database user of a provisioned cluster.
// https://docs.aws.amazon.com/redshift/latest/APIReference/API_GetClusterCredentials.html
import { GetClusterCredentialsCommand, RedshiftClient } from '@aws-sdk/client-redshift';
import type { RedshiftSettings } from '../credentials.ts';
import { clientOptions, DURATION_S, type Temporary, temporary } from './temporary.ts';

export async function fromCluster(settings: RedshiftSettings, now: number): Promise<Temporary> {
  const client = new RedshiftClient(await clientOptions(settings));
  try {
    const { DbUser, DbPassword, Expiration } = await client.send(
      new GetClusterCredentialsCommand({
        ClusterIdentifier: settings.clusterId,
        DbUser: settings.user,
        DbName: settings.database,
        AutoCreate: settings.autocreate,
        DurationSeconds: DURATION_S,
        ...(settings.dbGroups.length > 0 && { DbGroups: [...settings.dbGroups] }),
      }),
    );
    return temporary(DbUser, DbPassword, Expiration, now);
  } finally {
    client.destroy();
  }
}
