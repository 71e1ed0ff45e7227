// User and password from Secrets Manager, as Redshift keeps and rotates them.
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { RedshiftSettings } from '../credentials.ts';
import { clientOptions, type Temporary } from './temporary.ts';

/** A secret is read again when it may have been rotated. */
const SECRET_MS = 300_000;

export async function fromSecret(settings: RedshiftSettings, now: number): Promise<Temporary> {
  const client = new SecretsManagerClient(await clientOptions(settings));
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: settings.secretArn }));
    const secret = JSON.parse(SecretString ?? '{}') as { username?: unknown; password?: unknown };
    if (typeof secret.username !== 'string' || typeof secret.password !== 'string')
      throw new Error("the secret has no 'username' and 'password', as a secret for Redshift has");
    return { user: secret.username, password: secret.password, endsAt: now + SECRET_MS };
  } finally {
    client.destroy();
  }
}
