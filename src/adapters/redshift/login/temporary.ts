// A login that ends, and the options of the client that is asked for it.
import type { Login } from '../../postgres/server.ts';
import type { RedshiftSettings } from '../credentials.ts';

export interface Temporary extends Login {
  /** Epoch ms from which a new one is asked for. */
  readonly endsAt: number;
}

/** The longest that AWS gives; it gives 900 s unless asked for more. */
export const DURATION_S = 3600;
/** A password is used up to this part of its time. */
const USED_PART = 0.8;

export function temporary(user: string | undefined, password: string | undefined, expiration: Date | undefined, now: number): Temporary {
  if (user === undefined || password === undefined) throw new Error('AWS answered without a user or a password');
  const end = expiration?.getTime() ?? now + 900_000;
  return { user, password, endsAt: now + (end - now) * USED_PART };
}

export async function clientOptions({ region, iamProfile, accessKey }: RedshiftSettings) {
  const named = accessKey
    ? { accessKeyId: accessKey.id, secretAccessKey: accessKey.secret }
    : iamProfile === undefined
      ? undefined
      : (await import('./profile.ts')).profileCredentials(iamProfile);
  return { ...(region !== undefined && { region }), ...(named && { credentials: named }) };
}
