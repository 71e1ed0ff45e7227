// Who logs in: a user with a password, or temporary credentials that AWS gives for minutes. Asked again shortly before they end,
// so that every new session has a valid one. https://docs.aws.amazon.com/redshift/latest/mgmt/generating-user-credentials.html
import { DwhError } from '../../core/problem.ts';
import type { Login } from '../postgres/server.ts';
import type { RedshiftSettings } from './credentials.ts';

interface Temporary extends Login {
  /** Epoch ms. */
  readonly endsAt: number;
}

/** AWS gives 900 s unless asked for more. */
const DURATION_S = 3600;
/** A password is used up to this part of its time. */
const USED_PART = 0.8;
/** A secret is read again when it may have been rotated. */
const SECRET_MS = 300_000;

const clientOptions = async ({ region, iamProfile }: RedshiftSettings) => {
  const named = iamProfile === undefined ? undefined : (await import('@aws-sdk/credential-providers')).fromIni({ profile: iamProfile });
  return { ...(region !== undefined && { region }), ...(named && { credentials: named }) };
};

async function fromCluster(settings: RedshiftSettings, now: number): Promise<Temporary> {
  const { GetClusterCredentialsCommand, RedshiftClient } = await import('@aws-sdk/client-redshift');
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

async function fromWorkgroup(settings: RedshiftSettings, now: number): Promise<Temporary> {
  const { GetCredentialsCommand, RedshiftServerlessClient } = await import('@aws-sdk/client-redshift-serverless');
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

function temporary(user: string | undefined, password: string | undefined, expiration: Date | undefined, now: number): Temporary {
  if (user === undefined || password === undefined) throw new Error('AWS answered without a user or a password');
  const end = expiration?.getTime() ?? now + 900_000;
  return { user, password, endsAt: now + (end - now) * USED_PART };
}

async function fromSecret(settings: RedshiftSettings, now: number): Promise<Temporary> {
  const { GetSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
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

const WHERE = {
  cluster: 'redshift:GetClusterCredentials on the database user and the database',
  workgroup: 'redshift-serverless:GetCredentials on the workgroup',
  secret: 'secretsmanager:GetSecretValue on the secret',
};

function refused(error: unknown, from: keyof typeof WHERE, settings: RedshiftSettings): DwhError {
  const message = error instanceof Error ? error.message : String(error);
  const name = { cluster: `the cluster '${settings.clusterId}'`, workgroup: `the workgroup '${settings.workgroup}'`, secret: 'the secret' }[
    from
  ];
  return new DwhError(
    [
      {
        code: 'connection-login',
        message: `AWS gives no credentials for ${name}: ${message}`,
        hint: `Check that the AWS identity which runs dwh may call ${WHERE[from]}, in the region ${settings.region}.`,
      },
    ],
    { cause: error },
  );
}

/** Asks for a login as the target's method says; `learned` hears each password, so that it never appears in any output. */
export function logins(settings: RedshiftSettings, clock: () => number, learned: (secret: string) => void): () => Promise<Login> {
  if (settings.method === 'database') return async () => settings;
  const from = settings.method === 'secret' ? 'secret' : settings.workgroup === undefined ? 'cluster' : 'workgroup';
  const ask = { cluster: fromCluster, workgroup: fromWorkgroup, secret: fromSecret }[from];
  let current: Temporary | undefined;
  let asking: Promise<Temporary> | undefined;
  return async () => {
    if (current && clock() < current.endsAt) return current;
    // Several connections open at once, and ask once.
    asking ??= ask(settings, clock()).finally(() => {
      asking = undefined;
    });
    try {
      current = await asking;
    } catch (error) {
      throw refused(error, from, settings);
    }
    learned(current.password ?? '');
    return current;
  };
}
