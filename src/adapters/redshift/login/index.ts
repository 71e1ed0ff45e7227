// Who logs in: a user with a password, or temporary credentials that AWS gives for minutes. Asked again shortly before they end,
// so that every new session has a valid one. https://docs.aws.amazon.com/redshift/latest/mgmt/generating-user-credentials.html
import { DwhError } from '../../../core/problem.ts';
import type { Login } from '../../postgres/server.ts';
import type { RedshiftSettings } from '../credentials.ts';
import type { Temporary } from './temporary.ts';

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

/** Each with its own client of AWS's, which is loaded when it is needed. */
async function ask(from: keyof typeof WHERE, settings: RedshiftSettings, now: number): Promise<Temporary> {
  switch (from) {
    case 'cluster':
      return (await import('./cluster.ts')).fromCluster(settings, now);
    case 'workgroup':
      return (await import('./workgroup.ts')).fromWorkgroup(settings, now);
    case 'secret':
      return (await import('./secret.ts')).fromSecret(settings, now);
  }
}

/** Asks for a login as the target's method says; `learned` hears each password, so that it never appears in any output. */
export function logins(settings: RedshiftSettings, clock: () => number, learned: (secret: string) => void): () => Promise<Login> {
  if (settings.method === 'database') return async () => settings;
  const from = settings.method === 'secret' ? 'secret' : settings.workgroup === undefined ? 'cluster' : 'workgroup';
  let current: Temporary | undefined;
  let asking: Promise<Temporary> | undefined;
  return async () => {
    if (current && clock() < current.endsAt) return current;
    // Several connections open at once, and ask once.
    asking ??= ask(from, settings, clock()).finally(() => {
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
