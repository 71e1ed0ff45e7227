// What all clients of the AWS SDK share. They do not try again by themselves: src/provision/patience.ts does, by its own clock.
import { isAbsent } from '../failure.ts';
import type { Tags } from '../tags.ts';

const CONNECT_MS = 10_000;
const SILENT_MS = 60_000;
const quiet = { debug() {}, info() {}, warn() {}, error() {} };

/** Where AWS is. What is left out comes from where the SDK finds it: the environment, ~/.aws. */
export interface Where {
  readonly region: string;
  /** S3 is not Amazon's own, and does not answer to bucket.host. */
  readonly pathStyle: boolean;
  /** For tests: another AWS. */
  readonly instead?: Readonly<Record<string, unknown>>;
}

export const clientConfig = ({ region, instead }: Where) => ({
  region,
  maxAttempts: 1,
  logger: quiet,
  requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: SILENT_MS },
  ...instead,
});

/** undefined: AWS says that there is no such thing. */
export async function unlessAbsent<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

export const toList = (tags: Tags): { Key: string; Value: string }[] => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

export const fromList = (list: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined): Tags =>
  Object.fromEntries((list ?? []).flatMap(({ Key, Value = '' }) => (Key === undefined ? [] : [[Key, Value]])));
